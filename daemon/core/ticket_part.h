/* The building blocks of tickets and notes. Each leaves what is absent out, makes what comes from
 * an event plain, keeps its bound, and ends its lines with '\n'. */
#ifndef CORE_TICKET_PART_H
#define CORE_TICKET_PART_H

#include <stddef.h>
#include "base/str.h"
#include "core/ticket.h"

/* A type's name in the ticket's language. lends: from ev or style. */
const char *ticket_type_name(const struct op_event *ev, const struct ticket_style *style);
/* The user, or what else the event is mostly about; NULL without entities. lends. */
const struct event_entity *ticket_subject(const struct op_event *ev);

/* One line, no line end: text cut at max UTF-16 units. */
void part_text(struct str *out, const char *text, size_t max);
/* "2026-11-24 05:04:03 UTC", "24 nov. 2026 05:04:03 UTC": in the zone and the way of the style. */
void part_time(struct str *out, int64_t wall_ms, const struct ticket_style *style);
/* Text that may have several lines, in at most max bytes, saying how much was left out. */
void part_long(struct str *out, const char *text, size_t max, enum language language);

/* Tenant, whom it is about, when, state, severity, id; of several events, as the newest news has
 * them. */
void part_facts(
	struct str *out, struct op_event *const *evs, size_t n, const struct ticket_style *style);
/* All entities but the one that part_facts has shown whole. */
void part_entities(struct str *out, const struct op_event *ev, const struct ticket_style *style);
void part_further(struct str *out, const struct op_event *ev, const struct ticket_style *style);
/* Time, state, id and title of each, the oldest of many only counted; nothing for a single event.
 */
void part_events(
	struct str *out, struct op_event *const *evs, size_t n, const struct ticket_style *style);
/* The newest links among evs, each on its own line. */
void part_links(
	struct str *out, struct op_event *const *evs, size_t n, const struct ticket_style *style);

/* The newest event that is no mere end: it says best what happened. */
const struct op_event *newest_news(struct op_event *const *evs, size_t n);

#endif
