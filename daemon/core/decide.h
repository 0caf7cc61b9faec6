/* What to do for one incident now: a pure function of facts, asked again after each reply. */
#ifndef CORE_DECIDE_H
#define CORE_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

/* What stands in ConnectWise for the incident, as far as it is known in this job. */
enum ticket_view {
	TICKET_UNREAD, /* the ledger names one; not read yet */
	TICKET_NONE, /* the ledger names none */
	TICKET_OPEN,
	TICKET_CLOSED, /* closed, or its status is one */
	TICKET_MERGED, /* merged into another ticket: treated as closed, never written to */
	TICKET_MISSING, /* 404 */
	TICKET_FOREIGN, /* it stands under another company now: never written to */
};

enum doubt { DOUBT_NONE, DOUBT_CREATE, DOUBT_NOTE };

enum on_closed { ON_CLOSED_NEW, ON_CLOSED_REOPEN, ON_CLOSED_NOTE };
enum on_end { ON_END_NOTE, ON_END_CLOSE, ON_END_NOTHING }; /* resolved / ignored */
enum on_unknown_end { ON_UNKNOWN_END_SKIP, ON_UNKNOWN_END_CREATE };

struct policy {
	enum on_closed on_closed;
	enum on_end on_resolved, on_ignored;
	enum on_unknown_end on_unknown_end; /* an end whose beginning was never seen */
};

struct facts {
	bool mapped; /* a person mapped the tenant */
	bool flow; /* and left its flow on */
	bool company_live; /* the company is in the list and not gone */
	int n_raised, n_ended; /* of the events at hand: raised or updated; resolved or ignored */
	int n_unnoted; /* of the events at hand, those whose note is not yet written */
	bool last_is_end; /* the newest one is resolved or ignored */
	bool last_is_ignored;
	enum doubt doubt;
	int lookups_empty; /* how often the marker or note key was looked up and not found */
	enum ticket_view ticket;
	bool status_as_wanted; /* the ticket is already in the status that the end asks for */
	bool can_close, can_reopen; /* a status for it is configured and valid */
};

enum action {
	DO_HOLD, /* no mapping, or the company is gone */
	DO_SKIP, /* flow off, or nothing to say */
	DO_READ, /* read the ticket first */
	DO_FIND_TICKET, /* look the marker up */
	DO_FIND_NOTE, /* look the note key up */
	DO_CREATE,
	DO_NOTE,
	DO_REOPEN, /* PATCH to the reopen status, then decide again */
	DO_CLOSE, /* PATCH to the closing status, then decide again */
	DO_FINISH, /* all is written */
};

struct decision {
	enum action action;
	const char *why; /* a short static phrase for log and CLI */
};

#define LOOKUPS_BEFORE_RESEND 2

/* Every walk ends in hold, skip or finish when each step succeeds and the facts after it say so: a
 * PATCH whose reply does not show the wanted status is no success. A ticket that is merged, missing
 * or under another company is never written to. */
struct decision decide(const struct facts *facts, const struct policy *policy);
const char *action_name(enum action action);

#endif
