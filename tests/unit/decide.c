/* decide(): single rules by table, then every start state walked to its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/tidy.h"
#include "core/decide.h"

static const struct policy careful = {
	.on_closed = ON_CLOSED_NEW,
	.on_resolved = ON_END_NOTE,
	.on_ignored = ON_END_NOTE,
	.on_unknown_end = ON_UNKNOWN_END_SKIP,
};

/* A mapped tenant and one raised event that waits. */
static struct facts raised(enum ticket_view ticket)
{
	return (struct facts){
		.mapped = true,
		.flow = true,
		.company_live = true,
		.n_raised = 1,
		.n_unnoted = 1,
		.ticket = ticket,
		.can_close = true,
		.can_reopen = true,
	};
}

static struct facts ended(enum ticket_view ticket, bool ignored)
{
	struct facts f = raised(ticket);

	f.n_raised = 0;
	f.n_ended = 1;
	f.last_is_end = true;
	f.last_is_ignored = ignored;
	return f;
}

static void expect(const struct facts *f, const struct policy *policy, enum action action)
{
	struct decision d = decide(f, policy);

	if (d.action != action)
		fail_msg("%s, not %s: %s", action_name(d.action), action_name(action), d.why);
	assert_non_null(d.why);
	assert_true(strlen(d.why) > 10);
}

static void an_unmapped_tenant_holds_whatever_else_is_known(void **state)
{
	struct facts f = raised(TICKET_OPEN);

	(void)state;
	f.mapped = false;
	f.doubt = DOUBT_CREATE;
	f.flow = false;
	expect(&f, &careful, DO_HOLD);
	f = raised(TICKET_NONE);
	f.company_live = false;
	expect(&f, &careful, DO_HOLD);
	f.mapped = true;
	assert_non_null(strstr(decide(&f, &careful).why, "company"));
}

static void flow_off_skips_before_anything_is_asked(void **state)
{
	struct facts f = raised(TICKET_UNREAD);

	(void)state;
	f.flow = false;
	expect(&f, &careful, DO_SKIP);
	f.doubt = DOUBT_NOTE;
	expect(&f, &careful, DO_SKIP);
}

static void a_create_in_doubt_is_looked_up_twice_before_it_is_sent_again(void **state)
{
	struct facts f = raised(TICKET_NONE);

	(void)state;
	f.doubt = DOUBT_CREATE;
	for (f.lookups_empty = 0; f.lookups_empty < LOOKUPS_BEFORE_RESEND; f.lookups_empty++)
		expect(&f, &careful, DO_FIND_TICKET);
	expect(&f, &careful, DO_CREATE);
	f.ticket =
		TICKET_UNREAD; /* the closed one before it: the new one is still what is in doubt */
	expect(&f, &careful, DO_CREATE);
	f.ticket = TICKET_NONE;
	f.n_unnoted = 0; /* nothing left to put into a ticket */
	expect(&f, &careful, DO_FINISH);
}

static void a_note_in_doubt_is_looked_up_and_never_sent_blindly(void **state)
{
	struct facts f = raised(TICKET_UNREAD);

	(void)state;
	f.doubt = DOUBT_NOTE;
	expect(&f, &careful, DO_FIND_NOTE);
	f.lookups_empty = LOOKUPS_BEFORE_RESEND - 1;
	expect(&f, &careful, DO_FIND_NOTE);
	f.lookups_empty = LOOKUPS_BEFORE_RESEND;
	expect(&f, &careful, DO_READ);
	f.ticket = TICKET_OPEN;
	expect(&f, &careful, DO_NOTE);
	f.ticket = TICKET_FOREIGN;
	expect(&f, &careful, DO_CREATE);
	f.ticket = TICKET_MISSING; /* a look-up of its notes would answer 404 for ever */
	f.lookups_empty = 0;
	expect(&f, &careful, DO_CREATE);
}

static void what_a_raised_event_becomes_depends_on_its_ticket(void **state)
{
	static const struct {
		enum ticket_view ticket;
		enum on_closed on_closed;
		bool can_reopen;
		enum action action;
	} rows[] = {
		{ TICKET_UNREAD, ON_CLOSED_NEW, true, DO_READ },
		{ TICKET_NONE, ON_CLOSED_REOPEN, true, DO_CREATE },
		{ TICKET_OPEN, ON_CLOSED_REOPEN, true, DO_NOTE },
		{ TICKET_CLOSED, ON_CLOSED_NEW, true, DO_CREATE },
		{ TICKET_CLOSED, ON_CLOSED_REOPEN, true, DO_REOPEN },
		{ TICKET_CLOSED, ON_CLOSED_REOPEN, false, DO_CREATE },
		{ TICKET_CLOSED, ON_CLOSED_NOTE, false, DO_NOTE },
		{ TICKET_MERGED, ON_CLOSED_REOPEN, true, DO_CREATE },
		{ TICKET_MERGED, ON_CLOSED_NOTE, true, DO_CREATE },
		{ TICKET_MISSING, ON_CLOSED_NOTE, true, DO_CREATE },
		{ TICKET_FOREIGN, ON_CLOSED_NOTE, true, DO_CREATE },
		{ TICKET_FOREIGN, ON_CLOSED_REOPEN, true, DO_CREATE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct facts f = raised(rows[i].ticket);
		struct policy p = careful;

		p.on_closed = rows[i].on_closed;
		f.can_reopen = rows[i].can_reopen;
		expect(&f, &p, rows[i].action);
	}
}

static void a_reopening_that_cannot_be_done_says_so(void **state)
{
	struct facts f = raised(TICKET_CLOSED);
	struct policy p = careful;

	(void)state;
	p.on_closed = ON_CLOSED_REOPEN;
	f.can_reopen = false;
	assert_non_null(strstr(decide(&f, &p).why, "no valid reopening status"));
}

static void an_end_alone_makes_no_ticket_unless_asked_to(void **state)
{
	static const enum ticket_view gone[] = { TICKET_CLOSED, TICKET_MERGED, TICKET_MISSING,
		TICKET_FOREIGN };
	struct policy p = careful;
	struct facts f = ended(TICKET_NONE, false);

	(void)state;
	expect(&f, &p, DO_SKIP);
	p.on_unknown_end = ON_UNKNOWN_END_CREATE;
	expect(&f, &p, DO_CREATE);
	p.on_closed = ON_CLOSED_REOPEN;
	for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
		f = ended(gone[i], true);
		expect(&f, &p, DO_SKIP);
	}
}

static void a_silent_end_writes_nothing_but_other_news_does(void **state)
{
	struct policy p = careful;
	struct facts f = ended(TICKET_OPEN, true);

	(void)state;
	p.on_ignored = ON_END_NOTHING;
	expect(&f, &p, DO_SKIP);
	f.last_is_ignored = false; /* resolved: its own policy */
	expect(&f, &p, DO_NOTE);
	f = ended(TICKET_OPEN, true);
	f.n_ended = 2; /* the other one may be a resolved one */
	f.n_unnoted = 2;
	expect(&f, &p, DO_NOTE);
	p.on_resolved = ON_END_NOTHING;
	expect(&f, &p, DO_SKIP);
	f.n_raised = 1;
	expect(&f, &p, DO_NOTE);
	f.n_unnoted = 0;
	expect(&f, &p, DO_FINISH);
}

static void a_ticket_is_closed_after_its_note_and_once(void **state)
{
	struct policy p = careful;
	struct facts f = ended(TICKET_OPEN, false);

	(void)state;
	p.on_resolved = ON_END_CLOSE;
	expect(&f, &p, DO_NOTE);
	f.n_unnoted = 0;
	expect(&f, &p, DO_CLOSE);
	f.status_as_wanted = true;
	expect(&f, &p, DO_FINISH);
	f.status_as_wanted = false;
	f.can_close = false;
	expect(&f, &p, DO_FINISH);
	assert_non_null(strstr(decide(&f, &p).why, "no valid closing status"));
	f.can_close = true;
	f.last_is_ignored = true; /* the policy of ignored ones is a note */
	expect(&f, &p, DO_FINISH);
	f.last_is_ignored = false;
	f.last_is_end = false; /* raised again since */
	expect(&f, &p, DO_FINISH);
	f.last_is_end = true;
	f.ticket = TICKET_CLOSED;
	expect(&f, &p, DO_FINISH);
}

/* The walk: what ConnectWise may answer to each step, all branches. */
struct walk {
	struct facts facts;
	const struct policy *policy;
	int steps, creates, notes, reopens, closes;
};

#define STEPS_MAX 8

static void walk_on(struct walk w);

static void check_write(const struct walk *w, enum action action)
{
	enum ticket_view t = w->facts.ticket;

	if (action == DO_NOTE)
		assert_true(t == TICKET_OPEN ||
			(t == TICKET_CLOSED && w->policy->on_closed == ON_CLOSED_NOTE));
	if (action == DO_REOPEN)
		assert_true(t == TICKET_CLOSED && w->facts.can_reopen);
	if (action == DO_CLOSE)
		assert_true(t == TICKET_OPEN && w->facts.can_close);
	if (action == DO_CREATE)
		assert_true(w->facts.doubt == DOUBT_CREATE || t != TICKET_OPEN);
	assert_true(w->facts.mapped && w->facts.flow && w->facts.company_live);
	assert_true(w->creates <= 1 && w->notes <= 1 && w->reopens <= 1 && w->closes <= 1);
}

static void walk_read(const struct walk *w)
{
	static const enum ticket_view views[] = { TICKET_OPEN, TICKET_CLOSED, TICKET_MERGED,
		TICKET_MISSING, TICKET_FOREIGN };

	for (size_t i = 0; i < ARRAY_LEN(views); i++)
		for (int wanted = 0; wanted < 2; wanted++) {
			struct walk next = *w;

			next.facts.ticket = views[i];
			next.facts.status_as_wanted = wanted;
			walk_on(next);
		}
}

/* Found with the events in it, found as something still to be read, or not found. */
static void walk_find(const struct walk *w, bool ticket)
{
	struct walk next = *w;

	next.facts.lookups_empty++;
	walk_on(next);
	next = *w;
	next.facts.doubt = DOUBT_NONE;
	next.facts.n_unnoted = 0;
	walk_on(next);
	next.facts.ticket = TICKET_UNREAD;
	walk_on(next);
	next.facts.n_unnoted =
		ticket ? w->facts.n_unnoted : 0; /* adopted: newer events still wait */
	walk_on(next);
	if (!ticket) {
		next = *w;
		next.facts.ticket = TICKET_MISSING;
		walk_on(next);
	}
}

static void walk_write(const struct walk *w, enum action action)
{
	struct walk next = *w;

	next.creates += action == DO_CREATE;
	next.notes += action == DO_NOTE;
	next.reopens += action == DO_REOPEN;
	next.closes += action == DO_CLOSE;
	check_write(&next, action);
	if (action == DO_CREATE || action == DO_NOTE) {
		next.facts.n_unnoted = 0;
		next.facts.doubt = DOUBT_NONE;
		next.facts.lookups_empty = 0;
	}
	if (action != DO_NOTE) {
		next.facts.ticket = TICKET_OPEN;
		next.facts.status_as_wanted = action == DO_CLOSE;
	}
	walk_on(next);
	if (action == DO_CLOSE) { /* a closing status mostly closes */
		next.facts.ticket = TICKET_CLOSED;
		walk_on(next);
	}
}

static void walk_on(struct walk w)
{
	struct decision d = decide(&w.facts, w.policy);

	if (++w.steps > STEPS_MAX)
		fail_msg("no end after %d steps: %s, %s", STEPS_MAX, action_name(d.action), d.why);
	switch (d.action) {
	case DO_HOLD:
	case DO_SKIP:
	case DO_FINISH:
		return;
	case DO_READ:
		walk_read(&w);
		return;
	case DO_FIND_TICKET:
		walk_find(&w, true);
		return;
	case DO_FIND_NOTE:
		walk_find(&w, false);
		return;
	case DO_CREATE:
	case DO_NOTE:
	case DO_REOPEN:
	case DO_CLOSE:
		walk_write(&w, d.action);
		return;
	}
	abort();
}

/* Takes the next number below n off *at: a counter in mixed radix. */
static int digit(unsigned *at, unsigned n)
{
	unsigned d = *at % n;

	*at /= n;
	return (int)d;
}

static bool start_state(unsigned number, struct facts *f, struct policy *p)
{
	*p = (struct policy){
		.on_closed = (enum on_closed)digit(&number, 3),
		.on_resolved = (enum on_end)digit(&number, 3),
		.on_ignored = (enum on_end)digit(&number, 3),
		.on_unknown_end = (enum on_unknown_end)digit(&number, 2),
	};
	*f = (struct facts){ .mapped = true, .flow = true, .company_live = true };
	f->ticket = (enum ticket_view)digit(&number, 7);
	f->doubt = (enum doubt)digit(&number, 3);
	f->lookups_empty = digit(&number, 4);
	f->n_raised = digit(&number, 3);
	f->n_ended = digit(&number, 3);
	f->n_unnoted = digit(&number, 3);
	f->last_is_end = digit(&number, 2);
	f->last_is_ignored = digit(&number, 2);
	f->status_as_wanted = digit(&number, 2);
	f->can_close = digit(&number, 2);
	f->can_reopen = digit(&number, 2);
	return number == 0;
}

static void every_start_state_ends_within_eight_steps(void **state)
{
	struct walk w = { 0 };
	struct policy policy;
	unsigned n = 0;

	(void)state;
	w.policy = &policy;
	while (start_state(n, &w.facts, &policy)) {
		walk_on(w);
		n++;
	}
	assert_int_equal(n, 3 * 3 * 3 * 2 * 7 * 3 * 4 * 3 * 3 * 3 * 2 * 2 * 2 * 2 * 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unmapped_tenant_holds_whatever_else_is_known),
		cmocka_unit_test(flow_off_skips_before_anything_is_asked),
		cmocka_unit_test(a_create_in_doubt_is_looked_up_twice_before_it_is_sent_again),
		cmocka_unit_test(a_note_in_doubt_is_looked_up_and_never_sent_blindly),
		cmocka_unit_test(what_a_raised_event_becomes_depends_on_its_ticket),
		cmocka_unit_test(a_reopening_that_cannot_be_done_says_so),
		cmocka_unit_test(an_end_alone_makes_no_ticket_unless_asked_to),
		cmocka_unit_test(a_silent_end_writes_nothing_but_other_news_does),
		cmocka_unit_test(a_ticket_is_closed_after_its_note_and_once),
		cmocka_unit_test(every_start_state_ends_within_eight_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
