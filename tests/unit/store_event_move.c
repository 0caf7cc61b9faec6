/* io/store_event_*: rows that are held, released, skipped, retried or expire. */
#include "store_rows.h"

/* ==== held, released, retried, expired ==== */

static void settle(struct place *p)
{
	bool more = true;

	while (more)
		OK(queue_settle(p->st, "unmapped", "off", NOW, &more, &p->f));
}

static void company(struct place *p, int64_t id, bool live)
{
	char name[] = "Contoso";
	struct company c = { .id = id, .name = name, .identifier = name };
	enum company_change change;
	bool changed;

	OK(company_put(p->st, &c, 0, &change, &p->f));
	if (!live)
		OK(company_gone(p->st, id, NOW, &changed, &p->f));
}

static void only_what_is_mapped_on_and_live_is_released(void **state)
{
	struct place *p = *state;
	static const char *const domains[] = { "ready", "unmapped", "off", "gone", "unknown" };
	int64_t t[5], ids[9];
	int n;

	company(p, 1, true);
	company(p, 2, false);
	for (int i = 0; i < 5; i++) {
		t[i] = tenant(p, NULL, domains[i]);
		put(p, t[i], incident(p, t[i], "h"), domains[i], "1", QUEUE_HELD);
		if (i != 1)
			OK(tenant_map(p->st, t[i],
				i == 3           ? 2
					: i == 4 ? 9
						 : 1,
				"uid 0", NOW, &p->f));
	}
	OK(tenant_flow(p->st, t[2], false, &p->f));
	OK(queue_release_ready(p->st, &n, &p->f));
	assert_int_equal(n, 1);
	settle(p);
	assert_int_equal(claim(p, NOW, 9, ids), 1);
	assert_true(ids[0] == incident(p, t[0], "h"));
	OK(queue_release_ready(p->st, &n, &p->f));
	assert_int_equal(n, 0);
	OK(store_account_verify(p->st, &p->f));
}

#define MANY (2 * QUEUE_MOVE_MAX + 100)

static void many_held(struct place *p, int64_t t, int64_t in)
{
	int i;

	for (i = 0; i < MANY; i++) {
		char id[24];

		snprintf(id, sizeof(id), "e%d", i);
		put(p, t, in, id, "1", QUEUE_HELD);
	}
}

static void a_large_tenant_moves_in_slices_that_a_crash_does_not_stop(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	bool more = false;
	int n;

	many_held(p, t, in);
	company(p, 1, true);
	OK(tenant_map(p->st, t, 1, "uid 0", NOW, &p->f));
	OK(queue_release_held(p->st, t, NOW, &n, &p->f));
	assert_int_equal(n, MANY);
	assert_int_equal(account(p).queued, QUEUE_MOVE_MAX);
	OK(queue_settle(p->st, "w", "w", NOW, &more, &p->f));
	assert_true(more);
	assert_int_equal(account(p).queued, 2 * QUEUE_MOVE_MAX);
	OK(store_commit(p->st, &p->f));
	reopen(p);
	settle(p);
	assert_int_equal(account(p).queued, MANY);
	assert_int_equal(account(p).held, 0);
	OK(store_account_verify(p->st, &p->f));
}

static void a_change_of_mind_in_between_counts(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int n;

	many_held(p, t, in);
	company(p, 1, true);
	OK(tenant_map(p->st, t, 1, "uid 0", NOW, &p->f));
	OK(queue_release_held(p->st, t, NOW, &n, &p->f));
	OK(tenant_map(p->st, t, 0, "uid 0", NOW, &p->f));
	OK(queue_hold_tenant(p->st, t, "unmapped", &n, &p->f));
	assert_int_equal(n, QUEUE_MOVE_MAX);
	settle(p);
	assert_int_equal(account(p).held, MANY);
	OK(tenant_flow(p->st, t, false, &p->f));
	OK(queue_skip_tenant(p->st, t, "off", NOW, &n, &p->f));
	assert_int_equal(n, MANY);
	settle(p);
	assert_int_equal(account(p).skipped, MANY);
	OK(store_account_verify(p->st, &p->f));
}

static void what_an_undone_turn_settled_is_settled_again(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int n;

	many_held(p, t, in);
	company(p, 1, true);
	OK(tenant_map(p->st, t, 1, "uid 0", NOW, &p->f));
	OK(queue_release_held(p->st, t, NOW, &n, &p->f));
	OK(store_commit(p->st, &p->f));
	OK(tenant_map(p->st, t, 0, "uid 0", NOW, &p->f));
	settle(p); /* unmapped, so there is nothing to release */
	assert_int_equal(account(p).held, MANY);
	store_rollback(p->st);
	settle(p);
	assert_int_equal(account(p).held, 0);
	OK(store_account_verify(p->st, &p->f));
}

static void holding_a_tenant_leaves_what_is_on_its_way(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	struct queue_rows rows;
	int n;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	assert_int_equal(take(p, in, 1, &rows), 1);
	queue_rows_clear(&rows);
	OK(queue_hold_tenant(p->st, t, "unmapped", &n, &p->f));
	assert_int_equal(n, 1);
	assert_int_equal(account(p).sending, 1);
	OK(queue_skip_tenant(p->st, t, "off", NOW, &n, &p->f));
	assert_int_equal(n, 1);
	assert_int_equal(account(p).sending, 1);
}

static void a_release_wakes_one_in_doubt_that_waits_for_nothing(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];
	int n;

	put(p, t, in, "e1", "1", QUEUE_HELD);
	OK(incident_begin_op(p->st, in, OP_CREATE, "m", NOW, &p->f));
	OK(incident_doubt_op(p->st, in, &p->f));
	OK(queue_release_held(p->st, t, NOW, &n, &p->f));
	assert_int_equal(claim(p, NOW, 1, ids), 1);
}

static void die(struct place *p, int64_t t, const char *hash, const char *id)
{
	int64_t in = incident(p, t, hash), ids[1];
	struct queue_rows rows;

	put(p, t, in, id, id, QUEUE_QUEUED);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	assert_int_equal(take(p, in, 9, &rows), 1);
	OK(queue_finish(p->st, rows.at[0].seq, QUEUE_DEAD, NULL, 0, "refused", NOW, &p->f));
	queue_rows_clear(&rows);
	OK(incident_release(p->st, in, 0, 4, NOW, &p->f));
}

static void dead_events_come_back_by_id_or_all(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), ids[4];
	struct queue_row row;
	int n;

	die(p, t, "h1", "e1");
	die(p, t, "h2", "e2");
	die(p, t, "h3", "e3");
	OK(queue_retry_dead(p->st, "nobody", NOW, &n, &p->f));
	assert_int_equal(n, 0);
	OK(queue_retry_dead(p->st, "e2", NOW, &n, &p->f));
	assert_int_equal(n, 1);
	row = one(p, "e2");
	assert_int_equal(row.state, QUEUE_QUEUED);
	assert_int_equal(row.attempts, 0);
	assert_int_equal(row.done_at, 0);
	assert_null(row.why);
	queue_row_clear(&row);
	assert_int_equal(claim(p, NOW, 4, ids), 1);
	OK(queue_retry_dead(p->st, NULL, NOW, &n, &p->f));
	assert_int_equal(n, 2);
	assert_int_equal(claim(p, NOW, 4, ids), 2);
	assert_int_equal(account(p).dead, 0);
}

static void skipped_and_expired_events_come_back_only_by_their_id(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];
	struct queue_rows gone;
	int n;

	put(p, t, in, "held", "1", QUEUE_HELD);
	OK(queue_expire_held(p->st, NOW + 1, NOW, 9, "old", &gone, &p->f));
	queue_rows_clear(&gone);
	put(p, t, in, "skipped", "2", QUEUE_SKIPPED);
	OK(queue_retry_dead(p->st, NULL, NOW, &n, &p->f));
	assert_int_equal(n, 0);
	OK(queue_retry_dead(p->st, "held", NOW, &n, &p->f));
	assert_int_equal(n, 1);
	OK(queue_retry_dead(p->st, "skipped", NOW, &n, &p->f));
	assert_int_equal(n, 1);
	OK(queue_retry_dead(p->st, "skipped", NOW, &n, &p->f)); /* it is queued by now */
	assert_int_equal(n, 0);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(store_account_verify(p->st, &p->f));
}

static void a_dead_event_in_doubt_that_waits_for_nothing_comes_back(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), ids[1];
	int n;

	die(p, t, "h1", "e1");
	OK(incident_begin_op(p->st, incident(p, t, "h1"), OP_NOTE, "k", NOW, &p->f));
	OK(incident_doubt_op(p->st, incident(p, t, "h1"), &p->f));
	OK(queue_retry_dead(p->st, "e1", NOW, &n, &p->f));
	assert_int_equal(claim(p, NOW, 1, ids), 1);
}

static void queued_events_expire_unless_a_request_is_under_way(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), ids[1], turn = 0;
	struct queue_rows gone;
	int n;

	put(p, t, incident(p, t, "claimed"), "e1", "1", QUEUE_QUEUED);
	OK(incident_claim(p->st, NOW, 1, false, &turn, ids, &n, &p->f));
	put(p, t, incident(p, t, "doubt"), "e2", "2", QUEUE_QUEUED);
	OK(incident_begin_op(p->st, incident(p, t, "doubt"), OP_NOTE, "k", NOW, &p->f));
	put(p, t, incident(p, t, "old"), "e3", "3", QUEUE_QUEUED);
	put(p, t, incident(p, t, "old"), "e4", "4", QUEUE_QUEUED);
	OK(queue_expire_queued(p->st, NOW, NOW, 9, "old", &gone, &p->f));
	assert_int_equal(gone.n, 0);
	queue_rows_clear(&gone);
	OK(queue_expire_queued(p->st, NOW + 1, NOW, 1, "old", &gone, &p->f));
	assert_int_equal(gone.n, 1);
	assert_string_equal(gone.at[0].event_id, "e3");
	assert_string_equal(gone.at[0].tenant_domain, "a.example");
	queue_rows_clear(&gone);
	OK(queue_expire_queued(p->st, NOW + 1, NOW, 9, "old", &gone, &p->f));
	assert_int_equal(gone.n, 1);
	queue_rows_clear(&gone);
	assert_int_equal(account(p).expired, 2);
	assert_int_equal(account(p).queued, 2);
}

/* Its text stands in ConnectWise: whatever it waited for, "skipped" or "expired" would be wrong. */
static void what_stands_in_a_ticket_already_ends_as_delivered(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int64_t skipped = put(p, t, in, "e1", "1", QUEUE_QUEUED), expired;
	struct queue_rows rows;
	int n;

	OK(queue_set_noted(p->st, skipped, "noted", 5, &p->f));
	OK(queue_skip_tenant(p->st, t, "flow is off", NOW, &n, &p->f));
	expired = put(p, t, in, "e2", "2", QUEUE_HELD);
	OK(queue_set_noted(p->st, expired, "noted", 5, &p->f));
	OK(queue_expire_held(p->st, NOW + 1, NOW, 9, "old", &rows, &p->f));
	assert_int_equal(rows.n, 1);
	queue_rows_clear(&rows);
	assert_int_equal(account(p).delivered, 2);
	OK(store_account_verify(p->st, &p->f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(only_what_is_mapped_on_and_live_is_released),
		STORE_TEST(a_large_tenant_moves_in_slices_that_a_crash_does_not_stop),
		STORE_TEST(a_change_of_mind_in_between_counts),
		STORE_TEST(what_an_undone_turn_settled_is_settled_again),
		STORE_TEST(holding_a_tenant_leaves_what_is_on_its_way),
		STORE_TEST(a_release_wakes_one_in_doubt_that_waits_for_nothing),
		STORE_TEST(dead_events_come_back_by_id_or_all),
		STORE_TEST(skipped_and_expired_events_come_back_only_by_their_id),
		STORE_TEST(a_dead_event_in_doubt_that_waits_for_nothing_comes_back),
		STORE_TEST(queued_events_expire_unless_a_request_is_under_way),
		STORE_TEST(what_stands_in_a_ticket_already_ends_as_delivered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
