/* io/store_event: the queue and its history as people ask for them. */
#include "store_place.h"

#include "base/str.h"
#include "io/store_company.h"

static int take(struct place *p, int64_t in, int max, struct queue_rows *rows)
{
	OK(queue_take(p->st, in, max, rows, &p->f));
	return (int)rows->n;
}

static void company(struct place *p, int64_t id)
{
	char name[] = "Contoso";
	struct company c = { .id = id, .name = name, .identifier = name };
	enum company_change change;

	OK(company_put(p->st, &c, 0, &change, &p->f));
}

static void list(
	struct place *p, int64_t t, int wanted, int64_t before, int limit, struct queue_rows *rows)
{
	const struct queue_filter filter = { .any_state = wanted < 0,
		.state = wanted < 0 ? QUEUE_QUEUED : (enum queue_state)wanted,
		.tenant = t,
		.before = before,
		.limit = limit };

	OK(queue_list(p->st, &filter, rows, &p->f));
}

/* Two tenants by turns, of each one in each state that can be put. */
static void fill_lists(struct place *p, int64_t *a, int64_t *b)
{
	static const enum queue_state states[] = { QUEUE_QUEUED, QUEUE_HELD, QUEUE_SKIPPED };
	char id[16];

	*a = tenant(p, NULL, "a.example");
	*b = tenant(p, NULL, "b.example");
	for (int i = 0; i < 12; i++) {
		int64_t t = i % 2 ? *b : *a;

		snprintf(id, sizeof(id), "e%d", i);
		put(p, t, incident(p, t, "h"), id, id, states[i / 2 % 3]);
	}
}

static void lists_are_newest_first_and_filtered(void **state)
{
	struct place *p = *state;
	int64_t a, b;
	struct queue_rows rows;

	fill_lists(p, &a, &b);
	for (int form = 0; form < 4; form++) {
		int64_t t = form & 1 ? a : 0;
		int wanted = form & 2 ? QUEUE_HELD : -1;

		list(p, t, wanted, 0, 500, &rows);
		assert_int_equal(rows.n, 12 / (form & 1 ? 2 : 1) / (form & 2 ? 3 : 1));
		for (size_t i = 0; i < rows.n; i++) {
			assert_true(!t || rows.at[i].tenant == t);
			assert_true(wanted < 0 || rows.at[i].state == QUEUE_HELD);
			assert_true(i == 0 || rows.at[i].seq < rows.at[i - 1].seq);
			assert_null(rows.at[i].text);
		}
		queue_rows_clear(&rows);
	}
}

static void lists_go_on_before_a_number_and_stop_at_the_limit(void **state)
{
	struct place *p = *state;
	int64_t a, b, before = 0;
	struct queue_rows rows;
	int seen = 0;

	fill_lists(p, &a, &b);
	do {
		list(p, b, -1, before, 4, &rows);
		assert_true(rows.n <= 4);
		seen += (int)rows.n;
		before = rows.n ? rows.at[rows.n - 1].seq : 0;
		queue_rows_clear(&rows);
	} while (before);
	assert_int_equal(seen, 6);
}

static void a_listed_event_names_tenant_company_and_ticket(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, "guid-1", "a.example"), in = incident(p, t, "h1"), ids[1];
	struct queue_rows rows;

	company(p, 7);
	OK(tenant_map(p->st, t, 7, "uid 0", NOW, &p->f));
	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	list(p, 0, -1, 0, 1, &rows);
	assert_true(rows.at[0].due_at == NOW);
	queue_rows_clear(&rows);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	assert_int_equal(take(p, in, 9, &rows), 1);
	OK(incident_set_ticket(p->st, in, 4711, 1, 7, "Board", "New", NOW, &p->f));
	OK(queue_finish(p->st, rows.at[0].seq, QUEUE_DELIVERED, "created", 4711, NULL, NOW, &p->f));
	queue_rows_clear(&rows);
	list(p, t, QUEUE_DELIVERED, 0, 1, &rows);
	assert_string_equal(rows.at[0].tenant_guid, "guid-1");
	assert_string_equal(rows.at[0].tenant_domain, "a.example");
	assert_string_equal(rows.at[0].company_name, "Contoso");
	assert_int_equal(rows.at[0].company, 7);
	assert_string_equal(rows.at[0].board, "Board");
	assert_string_equal(rows.at[0].status, "New");
	assert_int_equal(rows.at[0].uid, 7);
	queue_rows_clear(&rows);
}

static void of_very_many_versions_the_newest_are_read(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	struct queue_rows rows;
	char text[16];

	for (int i = 0; i < QUEUE_BY_ID_MAX + 3; i++) {
		snprintf(text, sizeof(text), "%d", i);
		put(p, t, in, "e1", text, QUEUE_QUEUED);
	}
	OK(queue_by_id(p->st, "e1", &rows, &p->f));
	assert_int_equal(rows.n, QUEUE_BY_ID_MAX);
	assert_int_equal(rows.at[0].version, 4);
	assert_int_equal(rows.at[rows.n - 1].version, QUEUE_BY_ID_MAX + 3);
	assert_string_equal(rows.at[0].text, "3");
	queue_rows_clear(&rows);
	OK(queue_by_id(p->st, "nobody", &rows, &p->f));
	assert_int_equal(rows.n, 0);
	queue_rows_clear(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(lists_are_newest_first_and_filtered),
		STORE_TEST(lists_go_on_before_a_number_and_stop_at_the_limit),
		STORE_TEST(a_listed_event_names_tenant_company_and_ticket),
		STORE_TEST(of_very_many_versions_the_newest_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
