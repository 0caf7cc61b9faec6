#include "core/decide.h"

#include <stdlib.h>

static struct decision to(enum action action, const char *why)
{
	return (struct decision){ .action = action, .why = why };
}

/* What the newest event asks for; only with last_is_end. */
static enum on_end end_policy(const struct facts *f, const struct policy *policy)
{
	return f->last_is_ignored ? policy->on_ignored : policy->on_resolved;
}

/* Only ends are at hand, and none of them is to be mentioned. Of several ends the kind of the
 * newest alone is known: then both kinds must be silent, because a note too many does no harm. */
static bool nothing_to_say(const struct facts *f, const struct policy *policy)
{
	if (f->n_raised > 0)
		return false;
	if (policy->on_resolved == ON_END_NOTHING && policy->on_ignored == ON_END_NOTHING)
		return true;
	return f->n_ended == 1 && f->last_is_end && end_policy(f, policy) == ON_END_NOTHING;
}

static struct decision when_all_is_noted(const struct facts *f, const struct policy *policy)
{
	if (!f->last_is_end || end_policy(f, policy) != ON_END_CLOSE)
		return to(DO_FINISH, "all is written to the ticket");
	if (f->status_as_wanted)
		return to(DO_FINISH, "the ticket is in the closing status");
	if (!f->can_close)
		return to(DO_FINISH, "the ticket stays open: no valid closing status is known");
	return to(DO_CLOSE, "the incident has ended");
}

static struct decision when_open(const struct facts *f, const struct policy *policy)
{
	if (f->n_unnoted == 0)
		return when_all_is_noted(f, policy);
	if (nothing_to_say(f, policy))
		return to(DO_SKIP, "it ended, and the policy is to write nothing then");
	return to(DO_NOTE, "it joins the open ticket");
}

static struct decision when_only_ended(const struct facts *f, const struct policy *policy)
{
	switch (f->ticket) {
	case TICKET_NONE:
		if (policy->on_unknown_end == ON_UNKNOWN_END_CREATE)
			return to(DO_CREATE, "it ended; its beginning was never seen");
		return to(DO_SKIP, "it ended; its beginning was never seen, so it has no ticket");
	case TICKET_CLOSED:
		return to(DO_SKIP, "it ended, and its ticket is closed already");
	case TICKET_MERGED:
		return to(DO_SKIP, "it ended, and its ticket was merged into another");
	case TICKET_MISSING:
		return to(DO_SKIP, "it ended, and its ticket was deleted");
	case TICKET_FOREIGN:
		return to(DO_SKIP, "it ended, and its ticket stands under another company now");
	case TICKET_UNREAD:
	case TICKET_OPEN:
		break;
	}
	abort();
}

static struct decision when_closed(const struct facts *f, const struct policy *policy)
{
	switch (policy->on_closed) {
	case ON_CLOSED_NEW:
		return to(DO_CREATE, "its ticket is closed: a new one");
	case ON_CLOSED_REOPEN:
		if (!f->can_reopen)
			return to(DO_CREATE,
				"its ticket is closed and no valid reopening status is known: "
				"a new one");
		return to(DO_REOPEN, "its ticket is closed and is to be reopened");
	case ON_CLOSED_NOTE:
		return to(DO_NOTE, "its ticket is closed and still takes the note");
	}
	abort();
}

static struct decision when_not_open(const struct facts *f, const struct policy *policy)
{
	if (f->n_unnoted == 0)
		return to(DO_FINISH, "all is written");
	if (f->n_raised == 0)
		return when_only_ended(f, policy);
	switch (f->ticket) {
	case TICKET_NONE:
		return to(DO_CREATE, "the incident has no ticket yet");
	case TICKET_CLOSED:
		return when_closed(f, policy);
	case TICKET_MERGED:
		return to(DO_CREATE, "its ticket was merged into another: a new one");
	case TICKET_MISSING:
		return to(DO_CREATE, "its ticket was deleted: a new one");
	case TICKET_FOREIGN:
		return to(DO_CREATE, "its ticket stands under another company now: a new one");
	case TICKET_UNREAD:
	case TICKET_OPEN:
		break;
	}
	abort();
}

static struct decision by_ticket(const struct facts *f, const struct policy *policy)
{
	switch (f->ticket) {
	case TICKET_UNREAD:
		return to(DO_READ, "its ticket is read first");
	case TICKET_OPEN:
		return when_open(f, policy);
	case TICKET_NONE:
	case TICKET_CLOSED:
	case TICKET_MERGED:
	case TICKET_MISSING:
	case TICKET_FOREIGN:
		return when_not_open(f, policy);
	}
	abort();
}

/* A note in doubt is sent again through by_ticket, never straight: meanwhile the ticket may have
 * been closed, merged or moved to another company. One that is gone has no notes to look up. */
static bool note_can_be_found(const struct facts *f)
{
	return f->ticket != TICKET_NONE && f->ticket != TICKET_MISSING;
}

struct decision decide(const struct facts *f, const struct policy *policy)
{
	bool looked_up = f->lookups_empty >= LOOKUPS_BEFORE_RESEND;

	if (!f->mapped)
		return to(DO_HOLD, "no person has mapped the tenant to a company yet");
	if (!f->company_live)
		return to(DO_HOLD,
			"the tenant's company is gone from ConnectWise, or inactive there");
	if (!f->flow)
		return to(DO_SKIP, "the tenant's flow is off");
	switch (f->doubt) {
	case DOUBT_NONE:
		break;
	case DOUBT_CREATE:
		if (!looked_up)
			return to(
				DO_FIND_TICKET, "a ticket may have been created: looked up first");
		if (f->n_unnoted > 0)
			return to(DO_CREATE, "the ticket in doubt was not found: sent again");
		break;
	case DOUBT_NOTE:
		if (!looked_up && note_can_be_found(f))
			return to(DO_FIND_NOTE, "a note may have been written: looked up first");
		break;
	}
	return by_ticket(f, policy);
}

const char *action_name(enum action action)
{
	switch (action) {
	case DO_HOLD:
		return "hold";
	case DO_SKIP:
		return "skip";
	case DO_READ:
		return "read";
	case DO_FIND_TICKET:
		return "find_ticket";
	case DO_FIND_NOTE:
		return "find_note";
	case DO_CREATE:
		return "create";
	case DO_NOTE:
		return "note";
	case DO_REOPEN:
		return "reopen";
	case DO_CLOSE:
		return "close";
	case DO_FINISH:
		return "finish";
	}
	abort();
}
