/* io/store*: no statement of the running daemon reads more rows than it needs. Every statement that
 * was prepared by then is asked for its plan. */
#include "store_place.h"

#include "io/store_audit.h"
#include "io/store_company.h"
#include "io/store_db.h"
#include "io/store_flood.h"
#include "io/store_status.h"
#include "io/store_watch.h"

/* ==== every operation once ==== */

static void run_lists(struct place *p, int64_t t)
{
	struct queue_filter filter = { .any_state = true, .limit = 10 };
	struct incidents incidents;
	struct tenants tenants;
	struct queue_rows rows;
	int i;

	for (i = 0; i < 4; i++) {
		filter.any_state = i & 1;
		filter.tenant = i & 2 ? t : 0;
		OK(queue_list(p->st, &filter, &rows, &p->f));
		queue_rows_clear(&rows);
	}
	OK(queue_by_id(p->st, "e1", &rows, &p->f));
	queue_rows_clear(&rows);
	OK(incident_list(p->st, 10, &incidents, &p->f));
	incidents_clear(&incidents);
	OK(tenant_list(p->st, &tenants, &p->f));
	tenants_clear(&tenants);
}

static void run_delivery(struct place *p, int64_t in)
{
	int64_t ids[2], due, turn = 0;
	struct queue_rows rows;
	int n;

	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(incident_claim(p->st, NOW, 1, true, &turn, ids, &n, &p->f));
	OK(incident_next_due(p->st, &due, &p->f));
	OK(queue_take(p->st, in, 9, &rows, &p->f));
	assert_int_equal(rows.n, 1);
	OK(incident_begin_op(p->st, in, OP_CREATE, "m", NOW, &p->f));
	OK(queue_set_op(p->st, rows.at[0].seq, "m", &p->f));
	OK(incident_doubt_op(p->st, in, &p->f));
	OK(incident_lookup_empty(p->st, in, &p->f));
	OK(incident_set_ticket(p->st, in, 1, 1, 1, "B", "S", NOW, &p->f));
	OK(incident_saw(p->st, in, "B", "S", NOW, &p->f));
	OK(incident_end_op(p->st, in, &p->f));
	OK(queue_set_noted(p->st, rows.at[0].seq, "created", 1, &p->f));
	OK(queue_finish(p->st, rows.at[0].seq, QUEUE_DELIVERED, NULL, 1, NULL, NOW, &p->f));
	OK(queue_put_back(p->st, in, true, "w", &p->f));
	OK(incident_release(p->st, in, 0, 0, NOW, &p->f));
	queue_rows_clear(&rows);
}

static void run_moves(struct place *p, int64_t t, int64_t in)
{
	struct queue_rows rows;
	struct flood_counts counts;
	bool more;
	int64_t since;
	int n;

	OK(queue_retry_dead(p->st, "e1", NOW, &n, &p->f));
	OK(queue_retry_dead(p->st, NULL, NOW, &n, &p->f));
	OK(incident_wake(p->st, "e1", NOW, &n, &p->f));
	OK(incident_wake(p->st, NULL, NOW, &n, &p->f));
	OK(incident_clamp_due(p->st, NOW + 1, NOW, &p->f));
	OK(queue_hold_tenant(p->st, t, "w", &n, &p->f));
	OK(queue_release_held(p->st, t, NOW, &n, &p->f));
	OK(queue_release_ready(p->st, &n, &p->f));
	OK(queue_settle(p->st, "w", "w", NOW, &more, &p->f));
	OK(queue_skip_tenant(p->st, t, "w", NOW, &n, &p->f));
	put(p, t, in, "held", "h", QUEUE_HELD);
	OK(queue_expire_held(p->st, NOW + 1, NOW, 9, "w", &rows, &p->f));
	queue_rows_clear(&rows);
	put(p, t, in, "held2", "h2", QUEUE_HELD);
	OK(queue_expire_held_of(p->st, t, NOW + 1, NOW, 9, "w", &rows, &p->f));
	queue_rows_clear(&rows);
	OK(queue_held_since(p->st, t, &since, &p->f));
	OK(queue_expire_queued(p->st, NOW + 1, NOW, 9, "w", &rows, &p->f));
	queue_rows_clear(&rows);
	OK(flood_count(p->st, t, 0, &p->f));
	OK(flood_mark(p->st, in, &p->f));
	OK(flood_roll(p->st, incident(p, t, "h2"), in, t, 0, NOW, &n, &p->f));
	OK(flood_created(p->st, t, 0, &n, &p->f));
	OK(flood_now(p->st, 0, &counts, &p->f));
	OK(store_prune(p->st, NOW + 1, 10, &n, &p->f));
	OK(store_recover(p->st, &p->f));
}

static void run_looks(struct place *p, int64_t t)
{
	const struct audit note = { .at = NOW, .uid = 0, .action = AUDIT_MAP, .tenant = t };
	const struct tenant_names names = { .guid = "guid", .domain = "a.example" };
	struct tenant found = { 0 };
	struct store_watch watch;
	struct audits list;
	int64_t n;

	OK(store_watch(p->st, &watch, &p->f));
	store_watch_clear(&watch);
	OK(audit_put(p->st, &note, 1, &p->f));
	OK(audit_list(p->st, 0, 0, 9, &list, &p->f));
	audits_clear(&list);
	OK(audit_list(p->st, 0, t, 9, &list, &p->f));
	audits_clear(&list);
	OK(audit_dropped(p->st, &n, &p->f));
	OK(tenant_meant(p->st, &names, &found, &p->f));
	tenant_clear(&found);
}

static void run_all(struct place *p)
{
	int64_t t = tenant(p, "guid", "a.example"), in = incident(p, t, "h1");
	struct incident row;
	struct account a;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	assert_true(put(p, t, in, "e1", "1", QUEUE_QUEUED) < 0);
	OK(incident_get(p->st, in, &row, &p->f));
	incident_clear(&row);
	OK(store_account(p->st, &a, &p->f));
	run_delivery(p, in);
	run_lists(p, t);
	run_moves(p, t, in);
	run_looks(p, t);
	OK(store_commit(p->st, &p->f));
	store_idle(p->st);
	OK(store_room(p->st, &p->f));
}

/* ==== their plans ==== */

/* A step that goes through a whole table or index of events or incidents. */
static bool is_scan(const char *step)
{
	static const char *const names[] = { "events", "e", "incidents", "i", "texts", "audit" };
	char start[32];
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		int n = snprintf(start, sizeof(start), "SCAN %s", names[i]);

		if (strncmp(step, start, (size_t)n) == 0 && (!step[n] || step[n] == ' '))
			return true;
	}
	return false;
}

/* Some go along an index, or the rows themselves, in the order that is asked for, and stop at their
 * limit; the index of operations under way has no more entries than requests are under way. */
static bool is_short(const char *step, const char *sql)
{
	if (strstr(step, "INDEX incidents_op") || strstr(sql, " ORDER BY seq DESC LIMIT 1"))
		return true;
	return strstr(sql, "LIMIT") &&
		(strstr(step, "INDEX events_held") || strstr(step, "INDEX incidents_updated") ||
			strstr(step, "INDEX events_ended"));
}

static const char *const hot[] = { "events_op", "events_incident", "incidents_turn",
	"incidents_due" };

/* What runs for each delivery may not sort either. */
static bool may_not_sort(const char *sql)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(hot); i++)
		if (strstr(sql, hot[i]))
			return true;
	return false;
}

/* What is about one incident goes by it, and not through all that its tenant has. */
static bool is_detour(const char *step, const char *sql)
{
	return strstr(sql, "incident = :incident") && strstr(step, "INDEX events_tenant");
}

/* The first step that is not as it should be, or NULL. gives: mem_free. */
static char *bad_step(struct place *p, const char *sql)
{
	CLEANUP(mem_free) char *ask = xasprintf("EXPLAIN QUERY PLAN %s", sql);
	sqlite3_stmt *q = NULL;
	char *bad = NULL;

	if (sqlite3_prepare_v2(p->st->db, ask, -1, &q, NULL) != SQLITE_OK)
		return xstrdup(sqlite3_errmsg(p->st->db));
	while (!bad && sqlite3_step(q) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(q, 3);

		if ((is_scan(step) && !is_short(step, sql)) || is_detour(step, sql))
			bad = xstrdup(step);
		if (may_not_sort(sql) && strstr(step, "TEMP B-TREE"))
			bad = xstrdup(step);
	}
	sqlite3_finalize(q);
	return bad;
}

static void no_statement_goes_through_all_events_or_incidents(void **state)
{
	struct place *p = *state;
	sqlite3_stmt *q = NULL;
	size_t i, n = 0;
	char *sqls[STATEMENT_SLOTS];

	run_all(p);
	while ((q = sqlite3_next_stmt(p->st->db, q)) && n < ARRAY_LEN(sqls))
		sqls[n++] = xstrdup(sqlite3_sql(q));
	assert_true(n > 50);
	for (i = 0; i < n; i++) {
		char *bad = bad_step(p, sqls[i]);

		if (bad)
			fail_msg("%s\n  does this: %s", sqls[i], bad);
		mem_free(sqls[i]);
	}
}

/* The check above can fail. */
static void a_scan_is_seen_as_one(void **state)
{
	struct place *p = *state;
	char *bad;

	assert_true(is_scan("SCAN events"));
	assert_true(is_scan("SCAN e USING INDEX events_id"));
	assert_false(is_scan("SEARCH e USING INDEX events_id (event_id=?)"));
	assert_false(is_scan("SCAN emails"));
	assert_false(is_short("SCAN e USING INDEX events_held", "SELECT 1 FROM events e"));
	bad = bad_step(p, "SELECT * FROM events WHERE title = 'x'");
	assert_non_null(bad);
	mem_free(bad);
	bad = bad_step(p,
		"SELECT * FROM events INDEXED BY events_incident WHERE incident = 1"
		" ORDER BY title");
	assert_non_null(bad);
	mem_free(bad);
}

/* ==== and what they cost ==== */

static int steps_of(struct place *p)
{
	sqlite3_stmt *q = NULL;
	int steps = 0;

	while ((q = sqlite3_next_stmt(p->st->db, q)))
		steps += sqlite3_stmt_status(q, SQLITE_STMTSTATUS_VM_STEP, 1);
	return steps;
}

static int cost_of_take(struct place *p, int64_t in)
{
	struct queue_rows rows;

	steps_of(p);
	OK(queue_take(p->st, in, 5, &rows, &p->f));
	assert_int_equal(rows.n, 5);
	queue_rows_clear(&rows);
	OK(queue_put_back(p->st, in, false, NULL, &p->f));
	return steps_of(p);
}

static void fill(struct place *p, int64_t t, int64_t in, int from, int to)
{
	char id[16];

	for (; from < to; from++) {
		snprintf(id, sizeof(id), "e%d", from);
		put(p, t, in, id, id, QUEUE_QUEUED);
	}
}

static void taking_from_a_long_queue_costs_as_much_as_from_a_short_one(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int few, many;

	fill(p, t, in, 0, 10);
	OK(incident_begin_op(p->st, in, OP_NOTE, "k", NOW, &p->f));
	few = cost_of_take(p, in);
	fill(p, t, in, 10, 2000);
	many = cost_of_take(p, in);
	assert_in_range(many, 1, few + few / 10);
}

static void an_events_next_version_costs_the_same_after_very_many(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int i, few = 0, many;
	char text[16];

	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "%d", i);
		if (i == 10 || i == 999)
			steps_of(p);
		put(p, t, in, "same", text, QUEUE_QUEUED);
		if (i == 10)
			few = steps_of(p);
	}
	many = steps_of(p);
	assert_in_range(many, 1, few + few / 10);
}

static void looking_for_what_is_due_steps_over_those_that_wait(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), other = tenant(p, NULL, "b.example"), ids[1];
	char hash[16];
	int i;

	for (i = 0; i < 1000; i++) {
		snprintf(hash, sizeof(hash), "h%d", i);
		put(p, t, incident(p, t, hash), hash, hash, QUEUE_QUEUED);
	}
	while (claim(p, NOW, 1, ids))
		OK(incident_release(p->st, ids[0], NOW + 9, 1, NOW, &p->f));
	put(p, other, incident(p, other, "h"), "due", "d", QUEUE_QUEUED);
	steps_of(p);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	assert_in_range(steps_of(p), 1, 1000);
}

static void nothing_is_read_of_the_young_when_the_old_expire(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	struct queue_rows rows;

	fill(p, t, in, 0, 2000);
	steps_of(p);
	OK(queue_expire_queued(p->st, NOW, NOW, 100, "w", &rows, &p->f));
	assert_int_equal(rows.n, 0);
	queue_rows_clear(&rows);
	assert_in_range(steps_of(p), 1, 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(no_statement_goes_through_all_events_or_incidents),
		STORE_TEST(a_scan_is_seen_as_one),
		STORE_TEST(taking_from_a_long_queue_costs_as_much_as_from_a_short_one),
		STORE_TEST(an_events_next_version_costs_the_same_after_very_many),
		STORE_TEST(looking_for_what_is_due_steps_over_those_that_wait),
		STORE_TEST(nothing_is_read_of_the_young_when_the_old_expire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
