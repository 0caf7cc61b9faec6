/* io/store_incident: the ledger, claims and turns, the operation under way. */
#include "store_place.h"

#include "base/str.h"

static struct incident get(struct place *p, int64_t id)
{
	struct incident in;

	OK(incident_get(p->st, id, &in, &p->f));
	return in;
}

static int64_t waiting(struct place *p, int64_t t, const char *hash)
{
	int64_t in = incident(p, t, hash);

	put(p, t, in, hash, hash, QUEUE_QUEUED);
	return in;
}

static int64_t next_due(struct place *p)
{
	int64_t at;

	OK(incident_next_due(p->st, &at, &p->f));
	return at;
}

static void one_identity_of_a_tenant_is_one_incident(void **state)
{
	struct place *p = *state;
	int64_t a = tenant(p, NULL, "a.example"), b = tenant(p, NULL, "b.example");
	int64_t in = incident(p, a, "h1");
	struct incident row = get(p, in);

	assert_true(incident(p, a, "h1") == in);
	assert_true(incident(p, a, "h2") != in);
	assert_true(incident(p, b, "h1") != in);
	assert_string_equal(row.hash, "h1");
	assert_string_equal(row.type, "Type");
	assert_string_equal(row.label, "label");
	assert_true(row.updated_at == NOW && row.tenant == a);
	assert_true(row.generation == 0 && row.ticket == 0 && row.due_at == 0);
	incident_clear(&row);
}

static void what_is_not_there_is_not_found(void **state)
{
	struct place *p = *state;
	struct incident row;

	assert_int_equal(incident_get(p->st, 9, &row, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(incident_release(p->st, 9, 0, 0, NOW, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(incident_begin_op(p->st, 9, OP_NOTE, "k", NOW, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(incident_doubt_op(p->st, 9, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(incident_lookup_empty(p->st, 9, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(incident_end_op(p->st, 9, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(
		incident_set_ticket(p->st, 9, 1, 1, 1, NULL, NULL, NOW, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(incident_saw(p->st, 9, NULL, NULL, NOW, &p->f), -FAULT_NOT_FOUND);
	OK(store_commit(p->st, &p->f));
}

/* ==== claims ==== */

static void claims_are_taken_once_earliest_first_and_no_more_than_asked(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), ids[4], a, b, c;

	a = waiting(p, t, "a");
	b = waiting(p, t, "b");
	c = waiting(p, t, "c");
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(incident_release(p->st, a, NOW + 5, 0, NOW, &p->f)); /* now the last one */
	assert_true(next_due(p) == NOW);
	assert_int_equal(claim(p, NOW + 5, 2, ids), 2);
	assert_true(ids[0] == b && ids[1] == c);
	assert_true(next_due(p) == NOW + 5);
	assert_int_equal(claim(p, NOW + 4, 4, ids), 0);
	assert_int_equal(claim(p, NOW + 5, 4, ids), 1);
	assert_true(ids[0] == a);
	assert_int_equal(next_due(p), 0);
}

static void a_claim_ends_with_the_process(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), ids[1];

	waiting(p, t, "a");
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(store_commit(p->st, &p->f));
	reopen(p);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(store_recover(p->st, &p->f)); /* and with the trust in its memory */
	assert_int_equal(claim(p, NOW, 1, ids), 1);
}

/* Also when the tenants between are all in backoff, and after the last one from the first again. */
static void the_turn_passes_tenants_that_wait_for_a_later_time(void **state)
{
	struct place *p = *state;
	static const char *const domains[] = { "a", "b", "c", "d" };
	int64_t t[4], ids[9], turn = 0;
	char hash[32];
	int n;

	for (int i = 0; i < 4; i++) {
		t[i] = tenant(p, NULL, domains[i]);
		for (int k = 0; k < 3; k++) {
			snprintf(hash, sizeof(hash), "h%d-%d", i, k);
			waiting(p, t[i], hash);
		}
	}
	OK(incident_claim(p->st, NOW, 9, false, &turn, ids, &n, &p->f));
	assert_int_equal(n, 9);
	for (int i = 0; i < n; i++) { /* back they go; all but those of c wait */
		struct incident row = get(p, ids[i]);
		bool waits = row.tenant != t[2];

		incident_clear(&row);
		OK(incident_release(p->st, ids[i], waits ? NOW + 1000 : 0, waits, NOW, &p->f));
	}
	turn = t[2];
	OK(incident_claim(p->st, NOW, 9, false, &turn, ids, &n, &p->f));
	assert_int_equal(
		n, 5); /* those of c, and one each of b and d that was not claimed before */
	assert_true(ids[0] == incident(p, t[3], "h3-2"));
	assert_true(ids[1] == incident(p, t[1], "h1-2"));
	assert_true(ids[2] == incident(p, t[2], "h2-0"));
	OK(incident_claim(p->st, NOW, 9, false, &turn, ids, &n, &p->f));
	assert_int_equal(n, 0);
	OK(incident_claim(p->st, NOW + 1000, 9, false, &turn, ids, &n, &p->f));
	assert_int_equal(n, 7);
}

static void a_release_stores_tries_and_when(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = waiting(p, t, "a"), ids[1];
	struct incident row;

	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(incident_release(p->st, in, NOW + 9, 2, NOW, &p->f));
	row = get(p, in);
	assert_true(row.due_at == NOW + 9 && row.tries == 2);
	incident_clear(&row);
	assert_int_equal(claim(p, NOW + 9, 1, ids), 1);
	OK(incident_release(p->st, in, 0, 0, NOW + 10, &p->f)); /* events remain */
	row = get(p, in);
	assert_true(row.due_at == NOW + 10 && row.tries == 0);
	incident_clear(&row);
}

static void a_person_wakes_what_is_in_backoff_but_not_what_is_in_doubt(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), ids[4];
	int n;

	waiting(p, t, "a");
	waiting(p, t, "b");
	waiting(p, t, "doubt");
	assert_int_equal(claim(p, NOW, 4, ids), 3);
	OK(incident_begin_op(p->st, incident(p, t, "doubt"), OP_NOTE, "k", NOW, &p->f));
	OK(incident_doubt_op(p->st, incident(p, t, "doubt"), &p->f));
	for (int i = 0; i < 3; i++)
		OK(incident_release(p->st, ids[i], NOW + 1000, 1, NOW, &p->f));
	OK(incident_wake(p->st, "b", NOW, &n, &p->f));
	assert_int_equal(n, 1);
	assert_int_equal(claim(p, NOW, 4, ids), 1);
	assert_true(ids[0] == incident(p, t, "b"));
	OK(incident_wake(p->st, NULL, NOW, &n, &p->f));
	assert_int_equal(n, 1);
	assert_int_equal(claim(p, NOW, 4, ids), 1);
	assert_true(ids[0] == incident(p, t, "a"));
}

/* ==== the operation ==== */

static void an_operation_is_begun_doubted_looked_up_and_ended(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	struct incident row;

	OK(incident_begin_op(p->st, in, OP_NOTE, "key", NOW + 1, &p->f));
	OK(incident_doubt_op(p->st, in, &p->f));
	OK(incident_lookup_empty(p->st, in, &p->f));
	OK(incident_lookup_empty(p->st, in, &p->f));
	row = get(p, in);
	assert_true(row.op == OP_NOTE && row.op_at == NOW + 1);
	assert_true(row.op_doubt && row.op_lookups == 2);
	assert_string_equal(row.op_key, "key");
	incident_clear(&row);
	OK(incident_begin_op(p->st, in, OP_PATCH, NULL, NOW + 2, &p->f)); /* doubt starts anew */
	row = get(p, in);
	assert_true(row.op == OP_PATCH && !row.op_doubt && row.op_lookups == 0 && !row.op_key);
	incident_clear(&row);
	OK(incident_end_op(p->st, in, &p->f));
	row = get(p, in);
	assert_true(row.op == OP_NONE && !row.op_doubt);
	incident_clear(&row);
}

/* A refused create is tried again with the same marker: rows of the first try must not be taken for
 * part of the second. */
static void rows_forget_the_key_of_an_operation_that_is_over(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];
	int64_t first = put(p, t, in, "e1", "1", QUEUE_QUEUED);
	struct queue_rows rows;

	put(p, t, in, "e2", "2", QUEUE_QUEUED);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(queue_take(p->st, in, 1, &rows, &p->f));
	queue_rows_clear(&rows);
	OK(incident_begin_op(p->st, in, OP_CREATE, "m", NOW, &p->f));
	OK(queue_set_op(p->st, first, "m", &p->f));
	OK(incident_begin_op(p->st, in, OP_CREATE, "m", NOW, &p->f)); /* the same one, sent again */
	OK(queue_put_back(p->st, in, true, NULL, &p->f));
	OK(queue_take(p->st, in, 1, &rows, &p->f));
	assert_string_equal(rows.at[0].op_key, "m");
	queue_rows_clear(&rows);
	OK(incident_end_op(p->st, in, &p->f));
	OK(queue_put_back(p->st, in, true, NULL, &p->f));
	OK(queue_take(p->st, in, 1, &rows, &p->f));
	assert_null(rows.at[0].op_key);
	queue_rows_clear(&rows);
}

/* ==== the ticket ==== */

static void a_replaced_ticket_is_the_previous_one(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	struct incident row;

	OK(incident_set_ticket(p->st, in, 1, 1, 7, "B", "New", NOW, &p->f));
	OK(incident_set_ticket(p->st, in, 1, 1, 7, "B", "New", NOW, &p->f)); /* the same again */
	row = get(p, in);
	assert_true(row.ticket == 1 && row.previous_ticket == 0 && row.ticket_company == 7);
	incident_clear(&row);
	OK(incident_set_ticket(p->st, in, 2, 2, 7, "B", "New", NOW, &p->f));
	OK(incident_saw(p->st, in, "B", "Closed", NOW + 3, &p->f));
	row = get(p, in);
	assert_true(row.ticket == 2 && row.previous_ticket == 1 && row.generation == 2);
	assert_string_equal(row.status, "Closed");
	assert_true(row.updated_at == NOW + 3);
	incident_clear(&row);
	OK(incident_set_ticket(p->st, in, 0, 2, 0, NULL, NULL, NOW, &p->f)); /* deleted there */
	row = get(p, in);
	assert_true(row.ticket == 0 && row.previous_ticket == 2);
	assert_null(row.board);
	incident_clear(&row);
}

/* A marker holds the generation, and tickets outlive the ledger. */
static void a_forgotten_incidents_markers_are_not_given_again(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	struct incident row;
	int n;

	OK(incident_begin_op(p->st, in, OP_CREATE, "m", NOW, &p->f));
	OK(incident_end_op(p->st, in, &p->f));
	OK(incident_set_ticket(p->st, in, 0, 3, 0, NULL, NULL, NOW, &p->f));
	OK(store_prune(p->st, NOW + 1, 10, &n, &p->f));
	assert_int_equal(incident_get(p->st, in, &row, &p->f), -FAULT_NOT_FOUND);
	row = get(p, incident(p, t, "h1"));
	assert_true(row.generation > 3);
	incident_clear(&row);
}

static void what_hangs_on_an_incident_keeps_it(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), held = incident(p, t, "held"),
		sent = incident(p, t, "sent");
	struct incident row;
	int n;

	put(p, t, held, "e1", "1", QUEUE_HELD);
	OK(incident_begin_op(p->st, sent, OP_CREATE, "m", NOW, &p->f));
	incident(p, t, "nothing");
	for (int i = 0; i < 3; i++) /* one each: those that stay do not stop the search */
		OK(store_prune(p->st, NOW + 1, 1, &n, &p->f));
	row = get(p, held);
	incident_clear(&row);
	row = get(p, sent);
	incident_clear(&row);
	assert_int_equal(incident_get(p->st, sent + 1, &row, &p->f), -FAULT_NOT_FOUND);
}

static void the_list_is_latest_first_and_counts_what_waits(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), a = waiting(p, t, "a"), b = waiting(p, t, "b");
	struct incidents list;

	put(p, t, a, "more", "x", QUEUE_QUEUED);
	put(p, t, a, "held", "x", QUEUE_HELD);
	OK(incident_saw(p->st, a, "B", "S", NOW + 5, &p->f));
	OK(incident_list(p->st, 9, &list, &p->f));
	assert_int_equal(list.n, 2);
	assert_true(list.at[0].id == a && list.at[1].id == b);
	assert_int_equal(list.at[0].waiting, 2);
	incidents_clear(&list);
	OK(incident_list(p->st, 1, &list, &p->f));
	assert_int_equal(list.n, 1);
	incidents_clear(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(one_identity_of_a_tenant_is_one_incident),
		STORE_TEST(what_is_not_there_is_not_found),
		STORE_TEST(claims_are_taken_once_earliest_first_and_no_more_than_asked),
		STORE_TEST(a_claim_ends_with_the_process),
		STORE_TEST(the_turn_passes_tenants_that_wait_for_a_later_time),
		STORE_TEST(a_release_stores_tries_and_when),
		STORE_TEST(a_person_wakes_what_is_in_backoff_but_not_what_is_in_doubt),
		STORE_TEST(an_operation_is_begun_doubted_looked_up_and_ended),
		STORE_TEST(rows_forget_the_key_of_an_operation_that_is_over),
		STORE_TEST(a_replaced_ticket_is_the_previous_one),
		STORE_TEST(a_forgotten_incidents_markers_are_not_given_again),
		STORE_TEST(what_hangs_on_an_incident_keeps_it),
		STORE_TEST(the_list_is_latest_first_and_counts_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
