/* io/store_event: rows of the queue from acceptance to delivery. */
#include "store_rows.h"

/* ==== acceptance ==== */

static void states_have_names_both_ways(void **state)
{
	enum queue_state s, back;

	(void)state;
	for (s = QUEUE_QUEUED; s <= QUEUE_DEAD; s++) {
		assert_true(queue_state_parse(queue_state_name(s), &back));
		assert_int_equal(back, s);
	}
	assert_false(queue_state_parse("done", &back));
	assert_false(queue_state_ended(QUEUE_HELD));
	assert_true(queue_state_ended(QUEUE_DELIVERED));
}

/* Note keys are made of it. */
static void a_number_is_not_given_again_after_the_highest_was_pruned(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), last;
	int n;

	put(p, t, incident(p, t, "h1"), "e1", "1", QUEUE_SKIPPED);
	last = put(p, t, incident(p, t, "h1"), "e2", "2", QUEUE_SKIPPED);
	OK(store_prune(p->st, NOW + 1, 10, &n, &p->f));
	assert_int_equal(n, 2);
	assert_true(put(p, t, incident(p, t, "h1"), "e3", "3", QUEUE_QUEUED) == last + 1);
}

static void versions_count_per_tenant_and_id(void **state)
{
	struct place *p = *state;
	int64_t a = tenant(p, NULL, "a.example"), b = tenant(p, NULL, "b.example");
	struct queue_rows rows;
	char text[16];

	for (int i = 1; i <= 4; i++) {
		snprintf(text, sizeof(text), "%d", i);
		assert_true(put(p, a, incident(p, a, "h1"), "e1", text, QUEUE_QUEUED) > 0);
	}
	assert_true(put(p, b, incident(p, b, "h1"), "e1", "1", QUEUE_QUEUED) > 0);
	OK(queue_by_id(p->st, "e1", &rows, &p->f));
	assert_int_equal(rows.n, 5);
	for (int i = 0; i < 4; i++)
		assert_int_equal(rows.at[i].version, i + 1);
	assert_int_equal(rows.at[4].version, 1);
	assert_true(rows.at[4].tenant == b);
	queue_rows_clear(&rows);
}

static void a_duplicate_tells_what_became_of_the_first(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	const struct queue_new ev = { .tenant = t,
		.incident = in,
		.uid = 7,
		.accepted_at = NOW + 5,
		.event_id = "e1",
		.text = "1",
		.state = QUEUE_HELD };
	struct queue_row row = { 0 };
	struct queue_rows rows;
	bool duplicate = false;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	assert_int_equal(take(p, in, 9, &rows), 1);
	OK(queue_finish(p->st, rows.at[0].seq, QUEUE_DELIVERED, "created", 4711, NULL, NOW, &p->f));
	queue_rows_clear(&rows);
	OK(queue_put(p->st, &ev, &duplicate, &row, &p->f));
	assert_true(duplicate);
	assert_int_equal(row.state, QUEUE_DELIVERED);
	assert_int_equal(row.ticket, 4711);
	assert_string_equal(row.did, "created");
	assert_null(row.text);
	queue_row_clear(&row);
	assert_int_equal(account(p).accepted, 1);
}

static void a_skipped_event_ends_as_it_comes(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	struct queue_row row;

	put(p, t, in, "e1", "1", QUEUE_SKIPPED);
	row = one(p, "e1");
	assert_true(row.done_at == NOW);
	assert_int_equal(due_at(p, in), 0);
	queue_row_clear(&row);
}

static void a_new_event_makes_its_incident_due_but_for_backoff(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	assert_true(due_at(p, in) == NOW);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(incident_release(p->st, in, NOW + 60000, 3, NOW, &p->f));
	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	assert_true(due_at(p, in) == NOW + 60000);
	assert_int_equal(claim(p, NOW, 1, ids), 0);
	/* later for another reason than a failure: a new event does not wait for that */
	assert_int_equal(claim(p, NOW + 60000, 1, ids), 1);
	OK(incident_release(p->st, in, NOW + 90000, 0, NOW, &p->f));
	put(p, t, in, "e3", "3", QUEUE_QUEUED);
	assert_true(due_at(p, in) == NOW);
}

static void one_in_doubt_keeps_its_time(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(incident_begin_op(p->st, in, OP_CREATE, "m", NOW, &p->f));
	OK(incident_doubt_op(p->st, in, &p->f));
	OK(incident_release(p->st, in, NOW + 60000, 0, NOW, &p->f));
	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	assert_true(due_at(p, in) == NOW + 60000);
}

static void what_comes_while_its_incident_is_claimed_is_seen_at_the_release(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];
	struct queue_rows rows;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	assert_int_equal(take(p, in, 9, &rows), 1);
	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	assert_int_equal(claim(p, NOW, 1, ids), 0);
	OK(queue_finish(p->st, rows.at[0].seq, QUEUE_DELIVERED, "created", 1, NULL, NOW, &p->f));
	queue_rows_clear(&rows);
	OK(incident_release(p->st, in, 0, 0, NOW + 7, &p->f));
	assert_true(due_at(p, in) == NOW + 7);
	assert_int_equal(claim(p, NOW + 7, 1, ids), 1);
	assert_int_equal(take(p, in, 9, &rows), 1);
	assert_string_equal(rows.at[0].event_id, "e2");
	OK(queue_finish(p->st, rows.at[0].seq, QUEUE_DELIVERED, "noted", 1, NULL, NOW, &p->f));
	queue_rows_clear(&rows);
	OK(incident_release(p->st, in, 0, 0, NOW + 8, &p->f));
	assert_int_equal(due_at(p, in), 0);
}

/* ==== delivery ==== */

static void the_operations_events_are_taken_first_even_one_by_one(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), late;
	struct queue_rows rows;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	late = put(p, t, in, "e3", "3", QUEUE_QUEUED);
	OK(queue_set_op(p->st, late, "key", &p->f));
	assert_int_equal(
		take(p, in, 1, &rows), 1); /* no operation is open: the key is an old one */
	assert_string_equal(rows.at[0].event_id, "e1");
	queue_rows_clear(&rows);
	OK(queue_put_back(p->st, in, false, NULL, &p->f));
	OK(incident_begin_op(p->st, in, OP_NOTE, "key", NOW, &p->f));
	assert_int_equal(take(p, in, 1, &rows), 1);
	assert_string_equal(rows.at[0].event_id, "e3");
	assert_string_equal(rows.at[0].text, "3");
	assert_string_equal(rows.at[0].op_key, "key");
	assert_int_equal(rows.at[0].state, QUEUE_SENDING);
	queue_rows_clear(&rows);
	assert_int_equal(take(p, in, 9, &rows), 2);
	queue_rows_clear(&rows);
	assert_int_equal(take(p, in, 9, &rows), 0);
	queue_rows_clear(&rows);
	assert_int_equal(account(p).sending, 3);
}

static void what_is_noted_keeps_what_was_done_and_where(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), seq;
	struct queue_rows rows;
	struct queue_row row;

	seq = put(p, t, in, "e1", "1", QUEUE_QUEUED);
	assert_int_equal(take(p, in, 9, &rows), 1);
	queue_rows_clear(&rows);
	OK(queue_set_noted(p->st, seq, "noted", 42, &p->f));
	OK(queue_put_back(p->st, in, true, "later", &p->f));
	assert_int_equal(take(p, in, 9, &rows), 1);
	assert_true(rows.at[0].noted);
	assert_string_equal(rows.at[0].why, "later");
	assert_int_equal(rows.at[0].attempts, 1);
	queue_rows_clear(&rows);
	OK(queue_finish(p->st, seq, QUEUE_DELIVERED, NULL, 43, NULL, NOW + 3, &p->f));
	row = one(p, "e1");
	assert_string_equal(row.did, "noted");
	assert_int_equal(row.ticket, 42);
	assert_true(row.done_at == NOW + 3);
	assert_null(row.why);
	queue_row_clear(&row);
}

static void only_what_is_being_sent_can_end(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), seq;
	struct queue_rows rows;

	seq = put(p, t, in, "e1", "1", QUEUE_QUEUED);
	assert_int_equal(
		queue_finish(p->st, seq, QUEUE_DEAD, NULL, 0, "x", NOW, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(queue_set_op(p->st, seq + 1, "k", &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(queue_set_noted(p->st, seq + 1, "k", 1, &p->f), -FAULT_NOT_FOUND);
	OK(store_commit(p->st, &p->f)); /* asking for what is not there spoils no turn */
	assert_int_equal(take(p, in, 9, &rows), 1);
	queue_rows_clear(&rows);
	OK(queue_finish(p->st, seq, QUEUE_EXPIRED, NULL, 0, "x", NOW, &p->f));
	assert_int_equal(
		queue_finish(p->st, seq, QUEUE_DEAD, NULL, 0, "x", NOW, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(account(p).expired, 1);
}

/* Its request may be in doubt: when it comes back it must be known as the one that was sent. */
static void a_held_event_keeps_its_operation(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), seq;
	struct queue_rows rows;
	struct queue_row row;

	seq = put(p, t, in, "e1", "1", QUEUE_QUEUED);
	assert_int_equal(take(p, in, 9, &rows), 1);
	queue_rows_clear(&rows);
	OK(queue_set_op(p->st, seq, "key", &p->f));
	OK(queue_finish(p->st, seq, QUEUE_HELD, NULL, 0, "not mapped", NOW, &p->f));
	row = one(p, "e1");
	assert_int_equal(row.state, QUEUE_HELD);
	assert_int_equal(row.done_at, 0);
	assert_string_equal(row.op_key, "key");
	assert_string_equal(row.why, "not mapped");
	queue_row_clear(&row);
}

static void putting_back_counts_only_if_told_and_only_what_was_sent(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	struct queue_rows rows;
	struct queue_row row;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	assert_int_equal(take(p, in, 1, &rows), 1);
	queue_rows_clear(&rows);
	OK(queue_put_back(p->st, in, true, "unreachable", &p->f));
	assert_int_equal(take(p, in, 1, &rows), 1);
	queue_rows_clear(&rows);
	OK(queue_put_back(p->st, in, false, NULL, &p->f));
	row = one(p, "e1");
	assert_int_equal(row.attempts, 1);
	assert_string_equal(row.why, "unreachable");
	queue_row_clear(&row);
	row = one(p, "e2");
	assert_int_equal(row.attempts, 0);
	assert_null(row.why);
	queue_row_clear(&row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_have_names_both_ways),
		STORE_TEST(a_number_is_not_given_again_after_the_highest_was_pruned),
		STORE_TEST(versions_count_per_tenant_and_id),
		STORE_TEST(a_duplicate_tells_what_became_of_the_first),
		STORE_TEST(a_skipped_event_ends_as_it_comes),
		STORE_TEST(a_new_event_makes_its_incident_due_but_for_backoff),
		STORE_TEST(one_in_doubt_keeps_its_time),
		STORE_TEST(what_comes_while_its_incident_is_claimed_is_seen_at_the_release),
		STORE_TEST(the_operations_events_are_taken_first_even_one_by_one),
		STORE_TEST(what_is_noted_keeps_what_was_done_and_where),
		STORE_TEST(only_what_is_being_sent_can_end),
		STORE_TEST(a_held_event_keeps_its_operation),
		STORE_TEST(putting_back_counts_only_if_told_and_only_what_was_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
