/* The texts of tickets and notes. Pure; English and French. */
#ifndef CORE_TICKET_H
#define CORE_TICKET_H

#include <stdint.h>
#include "base/tidy.h"
#include "core/event.h"
#include "core/identity.h"

#define SUMMARY_MAX 100 /* characters, counted in UTF-16 units (ConnectWise ticket schema) */
/* Bytes of a description or note that we ever send: no limit is documented. */
#define TICKET_TEXT_MAX 30000

enum language { LANGUAGE_EN, LANGUAGE_FR };

struct zone;

struct ticket_style {
	enum language language;
	const char *summary_prefix; /* "" or e.g. "[Office Protect] " */
	const struct type_table *types; /* their French names; NULL: none. borrows */
	const struct zone *zone; /* in which times are told; NULL: UTC. borrows */
};

/* gives: mem_free. The summary: prefix, title or type, tenant's user or entity; one line, cut at
 * SUMMARY_MAX between characters. It holds neither a time nor a counter. */
char *ticket_summary(const struct op_event *ev, const struct ticket_style *style) MUST_CHECK;
/* The first text of a ticket: every event in evs (oldest first), links, entities, extra members,
 * why later events will join (label). Of several events the newest that is no mere end is told,
 * the others are listed by time, state and id. n >= 1. previous_ticket: 0 or the closed ticket
 * before this one. */
char *ticket_description(struct op_event *const *evs, size_t n, const char *label,
	int64_t previous_ticket, const struct ticket_style *style) MUST_CHECK;
/* One note for all of evs (oldest first, n >= 1); ends in a line with note_key, by which a note in
 * doubt is found again. Both texts keep to TICKET_TEXT_MAX: descriptions and entities give way, and
 * a line says how much is missing. */
char *ticket_note(struct op_event *const *evs, size_t n, const char *label, const char *note_key,
	const struct ticket_style *style) MUST_CHECK;

/* Less of a text that ConnectWise finds too long: at most max UTF-16 units, cut between characters;
 * the line that ends in note_key survives (NULL: none has to). gives: mem_free. */
char *ticket_cut(const char *text, size_t max, const char *note_key) MUST_CHECK;

#endif
