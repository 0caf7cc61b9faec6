/* io/store*: the queue, the ledger, tenants and companies, over crashes and rollbacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <signal.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "io/store.h"
#include "io/store_company.h"
#include "io/store_event.h"
#include "io/store_flood.h"
#include "io/store_incident.h"
#include "io/store_status.h"
#include "io/store_tenant.h"
#include "store_place.h"

/* ==== the queue ==== */

static void the_same_text_is_a_duplicate_another_one_the_next_version(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int64_t first = put(p, t, in, "e1", "{\"a\":1}", QUEUE_QUEUED);
	struct queue_rows rows;

	assert_true(first > 0);
	assert_true(put(p, t, in, "e1", "{\"a\":1}", QUEUE_QUEUED) == -first);
	assert_true(put(p, t, in, "e1", "{\"a\":2}", QUEUE_QUEUED) > first);
	assert_true(put(p, t, in, "e1", "{\"a\":1}", QUEUE_QUEUED) == -first);
	OK(queue_by_id(p->st, "e1", &rows, &p->f));
	assert_int_equal(rows.n, 2);
	assert_int_equal(rows.at[1].version, 2);
	assert_string_equal(rows.at[1].text, "{\"a\":2}");
	queue_rows_clear(&rows);
	assert_int_equal(account(p).accepted, 2);
}

static void what_was_committed_survives_and_what_was_not_is_gone(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");

	put(p, t, in, "kept", "1", QUEUE_QUEUED);
	OK(store_commit(p->st, &p->f));
	put(p, t, in, "dropped", "2", QUEUE_QUEUED);
	store_rollback(p->st);
	assert_int_equal(account(p).accepted, 1);
	put(p, t, in, "unfinished", "3", QUEUE_QUEUED);
	reopen(p);
	assert_int_equal(account(p).accepted, 1);
	OK(store_account_verify(p->st, &p->f));
}

static void a_claimed_incident_gives_its_events_once_and_in_order(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[4];
	int64_t first = put(p, t, in, "e1", "1", QUEUE_QUEUED);
	struct queue_rows rows;

	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	put(p, t, in, "e3", "3", QUEUE_QUEUED);
	assert_int_equal(claim(p, NOW - 1, 4, ids), 0);
	assert_int_equal(claim(p, NOW, 4, ids), 1);
	assert_int_equal(claim(p, NOW, 4, ids), 0);
	OK(queue_take(p->st, in, 2, &rows, &p->f));
	assert_int_equal(rows.n, 2);
	assert_true(rows.at[0].seq == first);
	queue_rows_clear(&rows);
	assert_int_equal(account(p).sending, 2);
	OK(queue_finish(p->st, first, QUEUE_DELIVERED, "created", 4711, NULL, NOW, &p->f));
	OK(queue_put_back(p->st, in, true, "later", &p->f));
	OK(incident_release(p->st, in, 0, 1, NOW, &p->f));
	assert_int_equal(claim(p, NOW, 4, ids), 1);
	OK(queue_take(p->st, in, 9, &rows, &p->f));
	assert_int_equal(rows.n, 2);
	assert_int_equal(rows.at[0].attempts, 1);
	assert_string_equal(rows.at[0].event_id, "e2");
	queue_rows_clear(&rows);
	assert_int_equal(account(p).delivered, 1);
}

static void those_of_an_open_operation_are_taken_before_all_others(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int64_t late;
	struct queue_rows rows;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	late = put(p, t, in, "e3", "3", QUEUE_QUEUED);
	OK(incident_begin_op(p->st, in, OP_NOTE, "key", NOW, &p->f));
	OK(queue_set_op(p->st, late, "key", &p->f));
	OK(queue_take(p->st, in, 2, &rows, &p->f));
	assert_int_equal(rows.n, 2);
	assert_string_equal(rows.at[0].event_id, "e1");
	assert_string_equal(rows.at[1].event_id, "e3");
	queue_rows_clear(&rows);
}

/* A child that dies between its commits. */
static void crash(struct place *p, int64_t in)
{
	pid_t pid;

	store_close(p->st);
	p->st = NULL;
	pid = fork();
	if (pid == 0) {
		struct queue_rows rows;
		int64_t ids[1];

		OK(store_open(p->path, 64 * MIB, &p->st, &p->f));
		claim(p, NOW, 1, ids);
		OK(queue_take(p->st, in, 9, &rows, &p->f));
		OK(incident_begin_op(p->st, in, OP_CREATE, "marker", NOW, &p->f));
		OK(queue_set_op(p->st, rows.at[0].seq, "marker", &p->f));
		OK(store_commit(p->st, &p->f));
		put(p, rows.at[0].tenant, in, "never", "x", QUEUE_QUEUED);
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, NULL, 0);
	OK(store_open(p->path, 64 * MIB, &p->st, &p->f));
}

static void after_a_crash_what_was_sending_is_queued_and_its_operation_in_doubt(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];
	struct incident row;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	OK(store_commit(p->st, &p->f));
	crash(p, in);
	assert_int_equal(account(p).queued, 1);
	assert_int_equal(account(p).sending, 0);
	OK(incident_get(p->st, in, &row, &p->f));
	assert_true(row.op_doubt);
	assert_int_equal(row.op, OP_CREATE);
	assert_string_equal(row.op_key, "marker");
	incident_clear(&row);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
}

static void a_second_opener_is_refused(void **state)
{
	struct place *p = *state;
	struct store *other = NULL;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct fault f = { 0 };
		int r = store_open(p->path, 64 * MIB, &other, &f);

		_exit(r == -FAULT_BUSY && strstr(f.text, "another") ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void held_events_are_released_per_tenant_and_skipped_ones_are_not(void **state)
{
	struct place *p = *state;
	int64_t a = tenant(p, NULL, "a.example"), b = tenant(p, NULL, "b.example"), ids[4];
	int64_t in = incident(p, a, "h1");
	int n;

	put(p, a, in, "e1", "1", QUEUE_HELD);
	put(p, a, in, "e2", "2", QUEUE_HELD);
	put(p, b, incident(p, b, "h2"), "e3", "3", QUEUE_HELD);
	put(p, b, incident(p, b, "h2"), "e4", "4", QUEUE_SKIPPED);
	assert_int_equal(claim(p, NOW, 4, ids), 0);
	OK(queue_release_held(p->st, a, NOW, &n, &p->f));
	assert_int_equal(n, 2);
	assert_int_equal(claim(p, NOW, 4, ids), 1);
	assert_int_equal(account(p).held, 1);
	OK(queue_hold_tenant(p->st, a, "unmapped", &n, &p->f));
	assert_int_equal(n, 2);
	OK(queue_skip_tenant(p->st, a, "off", NOW, &n, &p->f));
	assert_int_equal(n, 2);
	assert_int_equal(account(p).skipped, 3);
	OK(store_account_verify(p->st, &p->f));
}

static void held_events_expire_by_age_and_dead_ones_come_back(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];
	struct queue_rows gone;
	int n;

	put(p, t, in, "e1", "1", QUEUE_HELD);
	OK(queue_expire_held(p->st, NOW, NOW, 9, "old", &gone, &p->f));
	assert_int_equal(gone.n, 0);
	queue_rows_clear(&gone);
	OK(queue_expire_held(p->st, NOW + 1, NOW, 9, "old", &gone, &p->f));
	assert_int_equal(gone.n, 1);
	assert_string_equal(gone.at[0].tenant_domain, "a.example");
	queue_rows_clear(&gone);
	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	claim(p, NOW, 1, ids);
	OK(queue_take(p->st, in, 9, &gone, &p->f));
	OK(queue_finish(p->st, gone.at[0].seq, QUEUE_DEAD, NULL, 0, "refused", NOW, &p->f));
	queue_rows_clear(&gone);
	OK(incident_release(p->st, in, 0, 0, NOW, &p->f));
	OK(queue_retry_dead(p->st, "e2", NOW, &n, &p->f));
	assert_int_equal(n, 1);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	assert_int_equal(account(p).expired, 1);
}

static void pruned_events_still_count(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example");
	int n;

	put(p, t, incident(p, t, "h1"), "old", "1", QUEUE_SKIPPED);
	put(p, t, incident(p, t, "h2"), "live", "2", QUEUE_HELD);
	OK(store_prune(p->st, NOW + 1, 10, &n, &p->f));
	assert_int_equal(n, 1);
	assert_int_equal(account(p).accepted, 2);
	assert_int_equal(account(p).skipped, 1);
	OK(store_account_verify(p->st, &p->f));
	assert_true(put(p, t, incident(p, t, "h1"), "old", "1", QUEUE_SKIPPED) > 0);
}

#define YEAR_MS (INT64_C(366) * 24 * 3600 * 1000)

/* Its ticket may still be open: a later event must not make a second one. */
static void an_incident_with_a_ticket_is_not_forgotten_with_its_events(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int n;

	OK(incident_begin_op(p->st, in, OP_CREATE, "m", NOW, &p->f));
	OK(incident_set_ticket(p->st, in, 4711, 1, 1, "B", "S", NOW, &p->f));
	OK(incident_end_op(p->st, in, &p->f));
	OK(store_prune(p->st, NOW + 1, 10, &n, &p->f));
	assert_true(incident(p, t, "h1") == in);
	OK(store_prune(p->st, NOW + YEAR_MS, 10, &n, &p->f));
	OK(store_prune(p->st, NOW + YEAR_MS, 10, &n, &p->f));
	in = incident(p, t, "h1");
	struct incident row;
	OK(incident_get(p->st, in, &row, &p->f));
	assert_int_equal(row.ticket, 0);
	assert_true(row.generation >= 1); /* the old marker is never given again */
	incident_clear(&row);
}

/* ==== turns and floods ==== */

static void tenants_take_turns(void **state)
{
	struct place *p = *state;
	int64_t a = tenant(p, NULL, "a.example"), b = tenant(p, NULL, "b.example"), ids[3],
		turn = 0;
	char hash[16], id[16];
	int i, n;

	for (i = 0; i < 5; i++) {
		snprintf(hash, sizeof(hash), "a%d", i);
		snprintf(id, sizeof(id), "e%d", i);
		put(p, a, incident(p, a, hash), id, hash, QUEUE_QUEUED);
	}
	put(p, b, incident(p, b, "b0"), "quiet", "q", QUEUE_QUEUED);
	OK(incident_claim(p->st, NOW, 3, false, &turn, ids, &n, &p->f));
	assert_int_equal(n, 3);
	assert_true(ids[0] == incident(p, a, "a0"));
	assert_true(ids[1] == incident(p, b, "b0"));
	assert_true(ids[2] == incident(p, a, "a1"));
	turn = 0;
	OK(incident_claim(p->st, NOW, 1, true, &turn, ids, &n, &p->f));
	assert_true(ids[0] == incident(p, a, "a4"));
}

static void a_roll_up_takes_the_events_and_the_hour_is_counted(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"),
		up = incident(p, t, "up"), ids[4];
	struct flood_counts now;
	struct queue_rows rows;
	int n;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	claim(p, NOW, 4, ids);
	OK(queue_take(p->st, in, 9, &rows, &p->f));
	queue_rows_clear(&rows);
	OK(flood_count(p->st, t, 3600000, &p->f));
	OK(flood_created(p->st, t, 3600000, &n, &p->f));
	assert_int_equal(n, 1);
	OK(flood_mark(p->st, up, &p->f));
	OK(flood_roll(p->st, in, up, t, 3600000, NOW, &n, &p->f));
	assert_int_equal(n, 1);
	OK(incident_release(p->st, in, 0, 0, NOW, &p->f));
	assert_int_equal(claim(p, NOW, 4, ids), 1);
	assert_true(ids[0] == up);
	OK(flood_now(p->st, 3600000, &now, &p->f));
	assert_int_equal(now.rolled, 1);
	OK(flood_created(p->st, t, 7200000, &n, &p->f));
	assert_int_equal(n, 0);
	OK(store_account_verify(p->st, &p->f));
}

static void due_times_of_a_clock_that_was_ahead_are_put_right(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	claim(p, NOW, 1, ids);
	OK(incident_release(p->st, in, NOW + YEAR_MS, 1, NOW, &p->f));
	assert_int_equal(claim(p, NOW, 1, ids), 0);
	OK(incident_clamp_due(p->st, NOW + 1000, NOW, &p->f));
	assert_int_equal(claim(p, NOW, 1, ids), 1);
}

/* ==== tenants and companies ==== */

static void a_tenant_known_by_domain_takes_its_id_over(void **state)
{
	struct place *p = *state;
	int64_t row = tenant(p, NULL, "a.example");

	assert_true(tenant(p, "guid-1", "a.example") == row);
	assert_true(tenant(p, "guid-1", "new.example") == row);
	assert_true(tenant(p, "guid-2", "new.example") != row);
}

static void a_domain_of_two_tenants_is_ambiguous(void **state)
{
	struct place *p = *state;
	struct tenant t = { 0 };
	char *others = NULL;
	int64_t one = tenant(p, "guid-1", "a.example"), two = tenant(p, "guid-2", "a.example"),
		alone;

	alone = tenant(p, NULL, "a.example"); /* an event's, of one of them: it is held there */
	assert_true(alone != one && alone != two);
	assert_true(tenant(p, NULL, "A.example") == alone);
	OK(tenant_get(p->st, alone, &t, &p->f));
	assert_true(t.shared && !t.company);
	OK(tenant_sharing(p->st, &t, &others, &p->f));
	assert_string_equal(others, "#1 (guid-1), #2 (guid-2)");
	free(others);
	tenant_clear(&t);
	OK(tenant_get(p->st, one, &t, &p->f));
	assert_false(t.shared);
	tenant_clear(&t);
	assert_int_equal(tenant_find(p->st, "a.example", &t, &p->f), -FAULT_CONFLICT);
	assert_non_null(strstr(p->f.text, "guid-2"));
	OK(tenant_find(p->st, "GUID-1", &t, &p->f));
	tenant_clear(&t);
}

static void company(struct place *p, int64_t id, const char *identifier, const char *name,
	int64_t sweep, enum company_change expected)
{
	char ident[64], text[64];
	struct company c = { .id = id, .identifier = ident, .name = text };
	enum company_change change;

	snprintf(ident, sizeof(ident), "%s", identifier);
	snprintf(text, sizeof(text), "%s", name);
	OK(company_put(p->st, &c, sweep, &change, &p->f));
	assert_int_equal(change, expected);
}

static void companies_are_found_without_case_and_swept(void **state)
{
	struct place *p = *state;
	struct companies list;
	struct company c;
	int64_t n;
	int total;

	company(p, 1, "Ecole", "École Supérieure", 1, COMPANY_ADDED);
	company(p, 2, "Contoso", "100% Contoso", 1, COMPANY_ADDED);
	company(p, 2, "Contoso", "100% Contoso", 1, COMPANY_SAME);
	company(p, 3, "Other", "100% Contoso", 1, COMPANY_ADDED);
	OK(company_find(p->st, "éCOLE supérieure", &c, &p->f));
	assert_int_equal(c.id, 1);
	company_clear(&c);
	OK(company_find(p->st, "contoso", &c, &p->f));
	assert_int_equal(c.id, 2);
	company_clear(&c);
	assert_int_equal(company_find(p->st, "100% contoso", &c, &p->f), -FAULT_CONFLICT);
	assert_int_equal(company_find(p->st, "nobody", &c, &p->f), -FAULT_NOT_FOUND);
	OK(company_list(p->st, "0%", false, 10, &list, &total, &p->f));
	assert_int_equal(total, 2);
	companies_clear(&list);
	company(p, 1, "Ecole", "École Supérieure", 2, COMPANY_SAME);
	OK(company_unseen(p->st, 2, &n, &p->f));
	assert_int_equal(n, 2);
	OK(company_sweep_end(p->st, 2, NOW, &n, &p->f));
	assert_int_equal(n, 2);
	OK(company_count(p->st, &n, &p->f));
	assert_int_equal(n, 1);
	company(p, 2, "Contoso", "100% Contoso", 0, COMPANY_CHANGED);
	OK(company_count(p->st, &n, &p->f));
	assert_int_equal(n, 2);
}

/* ==== room, copies, and a long walk ==== */

static void a_copy_is_whole_and_never_overwrites(void **state)
{
	struct place *p = *state;
	struct store *copy = NULL;
	char path[96];
	int64_t t = tenant(p, NULL, "a.example");

	put(p, t, incident(p, t, "h1"), "e1", "1", QUEUE_QUEUED);
	OK(store_commit(p->st, &p->f));
	snprintf(path, sizeof(path), "%s/copy.db", p->dir);
	OK(copy_to(p, path));
	assert_int_equal(copy_to(p, path), -FAULT_CONFLICT);
	OK(store_open(path, 64 * MIB, &copy, &p->f));
	OK(store_account_verify(copy, &p->f));
	store_close(copy);
}

static void memos_and_statuses_are_kept(void **state)
{
	struct place *p = *state;
	char name[] = "New";
	struct status one = { .id = 5, .name = name, .is_default = true };
	struct statuses list = { &one, 1 }, back;
	char *value = NULL;

	OK(store_memo_set(p->st, "k", "v", &p->f));
	OK(status_replace(p->st, 21, &list, &p->f));
	OK(store_commit(p->st, &p->f));
	reopen(p);
	OK(store_memo_get(p->st, "k", &value, &p->f));
	assert_string_equal(value, "v");
	mem_free(value);
	OK(status_list(p->st, 21, &back, &p->f));
	assert_int_equal(back.n, 1);
	assert_true(back.at[0].is_default && back.at[0].id == 5);
	statuses_clear(&back);
	OK(store_memo_set(p->st, "k", NULL, &p->f));
	OK(store_memo_get(p->st, "k", &value, &p->f));
	assert_null(value);
}

static unsigned dice(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % n;
}

static void walk_step(struct place *p, int64_t *tenants, unsigned *seed, int i)
{
	int64_t t = tenants[dice(seed, 3)], ids[2];
	char hash[16], id[24];
	struct queue_rows rows;
	size_t k;
	int n;

	snprintf(hash, sizeof(hash), "h%u", dice(seed, 5));
	snprintf(id, sizeof(id), "e%d", i);
	switch (dice(seed, 8)) {
	case 0:
		OK(queue_release_held(p->st, t, NOW, &n, &p->f));
		return;
	case 1:
		OK(queue_hold_tenant(p->st, t, "w", &n, &p->f));
		return;
	case 2:
		OK(store_recover(p->st, &p->f));
		return;
	case 3:
		OK(store_prune(p->st, NOW + 1, 3, &n, &p->f));
		return;
	case 4:
		for (n = claim(p, NOW, 2, ids); n > 0; n--) {
			OK(queue_take(p->st, ids[n - 1], 2, &rows, &p->f));
			for (k = 0; k < rows.n; k++)
				OK(queue_finish(p->st, rows.at[k].seq,
					dice(seed, 2) ? QUEUE_DELIVERED : QUEUE_DEAD, "created", 1,
					NULL, NOW, &p->f));
			queue_rows_clear(&rows);
			OK(incident_release(p->st, ids[n - 1], 0, 0, NOW, &p->f));
		}
		return;
	default:
		put(p, t, incident(p, t, hash), id, id, dice(seed, 3) ? QUEUE_QUEUED : QUEUE_HELD);
		return;
	}
}

static void the_account_balances_over_a_long_random_walk(void **state)
{
	struct place *p = *state;
	int64_t tenants[3] = { tenant(p, NULL, "a.example"), tenant(p, NULL, "b.example"),
		tenant(p, NULL, "c.example") };
	unsigned seed = 42;
	int i;

	for (i = 0; i < 2000; i++) {
		walk_step(p, tenants, &seed, i);
		if (dice(&seed, 10) == 0)
			store_rollback(p->st);
		else
			OK(store_commit(p->st, &p->f));
		account(p);
	}
	OK(store_account_verify(p->st, &p->f));
	assert_true(account(p).accepted > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(the_same_text_is_a_duplicate_another_one_the_next_version),
		STORE_TEST(what_was_committed_survives_and_what_was_not_is_gone),
		STORE_TEST(a_claimed_incident_gives_its_events_once_and_in_order),
		STORE_TEST(those_of_an_open_operation_are_taken_before_all_others),
		STORE_TEST(after_a_crash_what_was_sending_is_queued_and_its_operation_in_doubt),
		STORE_TEST(a_second_opener_is_refused),
		STORE_TEST(held_events_are_released_per_tenant_and_skipped_ones_are_not),
		STORE_TEST(held_events_expire_by_age_and_dead_ones_come_back),
		STORE_TEST(pruned_events_still_count),
		STORE_TEST(an_incident_with_a_ticket_is_not_forgotten_with_its_events),
		STORE_TEST(tenants_take_turns),
		STORE_TEST(a_roll_up_takes_the_events_and_the_hour_is_counted),
		STORE_TEST(due_times_of_a_clock_that_was_ahead_are_put_right),
		STORE_TEST(a_tenant_known_by_domain_takes_its_id_over),
		STORE_TEST(a_domain_of_two_tenants_is_ambiguous),
		STORE_TEST(companies_are_found_without_case_and_swept),
		STORE_TEST(a_copy_is_whole_and_never_overwrites),
		STORE_TEST(memos_and_statuses_are_kept),
		STORE_TEST(the_account_balances_over_a_long_random_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
