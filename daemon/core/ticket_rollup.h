/* The texts of a roll-up ticket: the incidents of one tenant and hour that came after the limit of
 * new tickets. Pure. */
#ifndef CORE_TICKET_ROLLUP_H
#define CORE_TICKET_ROLLUP_H

#include "core/ticket.h"

#define ROLLUP_EVENTS_MAX 100 /* in one text; more go into the next note */

/* gives: mem_free. ev: any event of the tenant. */
char *rollup_summary(const struct op_event *ev, const struct ticket_style *style) MUST_CHECK;
/* Each event by time, state, type, what it is about, title and id; n <= ROLLUP_EVENTS_MAX. limit:
 * new tickets an hour. note_key: the last line of a note; NULL: the first text of the ticket. */
char *rollup_text(struct op_event *const *evs, size_t n, int limit, const char *note_key,
	const struct ticket_style *style) MUST_CHECK;

#endif
