/* io/store_company and io/store_status: what was read from ConnectWise. */
#include "store_place.h"

#include "base/str.h"
#include "io/store_company.h"
#include "io/store_status.h"

static enum company_change put_company(struct place *p, int64_t id, const char *identifier,
	const char *name, const char *website, int64_t sweep)
{
	CLEANUP(mem_free) char *i = xstrdup(identifier);
	CLEANUP(mem_free) char *n = xstrdup(name);
	CLEANUP(mem_free) char *w = xstrdup(website);
	const struct company c = { .id = id, .identifier = i, .name = n, .website = w };
	enum company_change change;

	OK(company_put(p->st, &c, sweep, &change, &p->f));
	return change;
}

static int find(struct place *p, const char *text)
{
	struct company c = { 0 };
	int r = company_find(p->st, text, &c, &p->f), id = (int)c.id;

	company_clear(&c);
	return r ? r : id;
}

static int count_of(struct place *p, const char *q, bool with_gone, int limit, int *ret_total)
{
	struct companies list = { 0 };
	int n;

	OK(company_list(p->st, q, with_gone, limit, &list, ret_total, &p->f));
	n = (int)list.n;
	companies_clear(&list);
	return n;
}

static int matches(struct place *p, const char *q)
{
	int total, n = count_of(p, q, false, 1000, &total);

	assert_int_equal(n, total);
	return n;
}

static void a_company_is_added_changed_and_otherwise_the_same(void **state)
{
	struct place *p = *state;
	struct company c;

	assert_int_equal(put_company(p, 1, "A", "Alpha", NULL, 0), COMPANY_ADDED);
	assert_int_equal(put_company(p, 1, "A", "Alpha", NULL, 0), COMPANY_SAME);
	assert_int_equal(put_company(p, 1, "A", "Alpha", "a.example", 0), COMPANY_CHANGED);
	assert_int_equal(put_company(p, 1, "A", "Alpha", NULL, 0), COMPANY_CHANGED);
	OK(company_get(p->st, 1, &c, &p->f));
	assert_string_equal(c.name, "Alpha");
	assert_null(c.website);
	company_clear(&c);
	assert_int_equal(company_get(p->st, 2, &c, &p->f), -FAULT_NOT_FOUND);
}

static void a_gone_company_is_kept_and_can_come_back(void **state)
{
	struct place *p = *state;
	struct company c;
	bool changed;
	int64_t n;

	put_company(p, 1, "A", "Alpha", NULL, 0);
	OK(company_gone(p->st, 1, NOW, &changed, &p->f));
	assert_true(changed);
	OK(company_gone(p->st, 1, NOW + 1, &changed, &p->f));
	assert_false(changed);
	OK(company_gone(p->st, 9, NOW, &changed, &p->f));
	assert_false(changed);
	OK(company_get(p->st, 1, &c, &p->f));
	assert_true(c.gone_at == NOW);
	company_clear(&c);
	assert_int_equal(find(p, "A"), -FAULT_NOT_FOUND);
	assert_int_equal(matches(p, NULL), 0);
	assert_int_equal(put_company(p, 1, "A", "Alpha", NULL, 0), COMPANY_CHANGED);
	OK(company_count(p->st, &n, &p->f));
	assert_int_equal(n, 1);
}

static void an_id_or_an_identifier_wins_over_a_name(void **state)
{
	struct place *p = *state;

	put_company(p, 1, "Contoso", "Contoso Ltd", NULL, 0);
	put_company(p, 2, "Other", "Contoso", NULL, 0);
	put_company(p, 3, "Third", "1", NULL, 0);
	assert_int_equal(find(p, "CONTOSO"), 1);
	assert_int_equal(find(p, "contoso ltd"), 1);
	assert_int_equal(find(p, "1"), 1);
	assert_int_equal(find(p, "other"), 2);
	assert_int_equal(find(p, "Conto"), -FAULT_NOT_FOUND); /* a part is no name */
	assert_int_equal(find(p, ""), -FAULT_NOT_FOUND);
	assert_int_equal(find(p, "99999999999999999999"), -FAULT_NOT_FOUND);
}

static void a_name_of_several_is_refused_and_the_candidates_are_named(void **state)
{
	struct place *p = *state;

	put_company(p, 1, "One", "Same", NULL, 0);
	put_company(p, 2, "Two", "SAME", NULL, 0);
	assert_int_equal(find(p, "same"), -FAULT_CONFLICT);
	assert_non_null(strstr(p->f.text, "One"));
	assert_non_null(strstr(p->f.text, "Two"));
	for (int i = 3; i < 60; i++) /* very many do not burst the sentence */
		put_company(p, i, NULL, "Same", NULL, 0);
	assert_int_equal(find(p, "same"), -FAULT_CONFLICT);
}

static void case_is_ignored_in_every_script(void **state)
{
	struct place *p = *state;

	put_company(p, 1, "E", "École ŒUVRE", NULL, 0);
	put_company(p, 2, "A", "ΑΘΗΝΑ", NULL, 0);
	put_company(p, 3, "M", "МОСКВА 😀", NULL, 0);
	assert_int_equal(find(p, "éCOLE œuvre"), 1);
	assert_int_equal(find(p, "αθηνα"), 2);
	assert_int_equal(find(p, "москва 😀"), 3);
	assert_int_equal(find(p, "ecole œuvre"), -FAULT_NOT_FOUND); /* another letter */
}

static void a_search_takes_signs_as_they_are(void **state)
{
	struct place *p = *state;
	CLEANUP(mem_free) char *huge = xcalloc(100001, 1);

	put_company(p, 10, "A_B", "100% Alpha", "https://alpha.example", 0);
	put_company(p, 20, "AxB", "1000 Beta\\", NULL, 0);
	put_company(p, 30, NULL, NULL, NULL, 0);
	assert_int_equal(matches(p, NULL), 3);
	assert_int_equal(matches(p, " "), 3);
	assert_int_equal(matches(p, "0%"), 1);
	assert_int_equal(matches(p, "a_b"), 1);
	assert_int_equal(matches(p, "\\"), 1);
	assert_int_equal(matches(p, "ALPHA.EXAMPLE"), 1);
	assert_int_equal(matches(p, "100"), 2);
	assert_int_equal(matches(p, "20"), 1); /* an id, whole */
	assert_int_equal(matches(p, "nobody"), 0);
	memset(huge, '%', 100000);
	assert_int_equal(matches(p, huge), 0);
}

static void a_list_stops_at_its_limit_and_knows_the_total(void **state)
{
	struct place *p = *state;
	struct companies list;
	bool changed;
	int total;

	put_company(p, 3, "C", "cherry", NULL, 0);
	put_company(p, 1, "A", "Banana", NULL, 0);
	put_company(p, 2, "B", "apple", NULL, 0);
	OK(company_gone(p->st, 3, NOW, &changed, &p->f));
	assert_int_equal(count_of(p, NULL, true, 2, &total), 2);
	assert_int_equal(total, 3);
	OK(company_list(p->st, NULL, false, 9, &list, &total, &p->f));
	assert_int_equal(total, 2);
	assert_string_equal(list.at[0].name, "apple"); /* by name, without case */
	assert_string_equal(list.at[1].name, "Banana");
	companies_clear(&list);
}

static void what_a_sweep_has_not_seen_is_gone_at_its_end_only(void **state)
{
	struct place *p = *state;
	int64_t n;

	put_company(p, 1, "A", "Alpha", NULL, 1);
	put_company(p, 2, "B", "Beta", NULL, 1);
	put_company(p, 3, "C", "Gamma", NULL, 1);
	assert_int_equal(put_company(p, 1, "A", "Alpha", NULL, 2), COMPANY_SAME);
	put_company(p, 2, "B", "Beta 2", NULL, 2);
	put_company(p, 3, "C", "Gamma 2", NULL, 0); /* changed meanwhile: still not swept */
	OK(company_unseen(p->st, 2, &n, &p->f));
	assert_int_equal(n, 1);
	OK(company_count(p->st, &n, &p->f));
	assert_int_equal(n, 3);
	OK(company_sweep_end(p->st, 2, NOW, &n, &p->f));
	assert_int_equal(n, 1);
	assert_int_equal(find(p, "C"), -FAULT_NOT_FOUND);
	OK(company_sweep_end(p->st, 2, NOW, &n, &p->f));
	assert_int_equal(n, 0);
}

static void statuses_are_replaced_per_board_and_sorted(void **state)
{
	struct place *p = *state;
	char a[] = "A", b[] = "B", c[] = "C";
	struct status first[] = { { .id = 1, .name = a, .sort = 2, .closed = true },
		{ .id = 2, .name = b, .sort = 1, .is_default = true } };
	struct status second[] = { { .id = 3, .name = c, .inactive = true } };
	struct statuses list = { first, 2 }, other = { second, 1 }, none = { 0 }, back;

	OK(status_replace(p->st, 1, &list, &p->f));
	OK(status_replace(p->st, 2, &other, &p->f));
	OK(status_list(p->st, 1, &back, &p->f));
	assert_int_equal(back.n, 2);
	assert_true(back.at[0].id == 2 && back.at[0].is_default && !back.at[0].closed);
	assert_true(back.at[1].id == 1 && back.at[1].closed && back.at[1].sort == 2);
	statuses_clear(&back);
	OK(status_replace(p->st, 1, &none, &p->f));
	OK(status_list(p->st, 1, &back, &p->f));
	assert_int_equal(back.n, 0);
	statuses_clear(&back);
	OK(status_list(p->st, 2, &back, &p->f));
	assert_int_equal(back.n, 1);
	assert_true(back.at[0].inactive);
	assert_string_equal(back.at[0].name, "C");
	statuses_clear(&back);
}

struct walked {
	struct company_view last;
	char text[64];
	int n;
};

static void see(void *ctx, const struct company_view *view)
{
	struct walked *w = ctx;

	w->n++;
	w->last = *view;
	snprintf(w->text, sizeof(w->text), "%s|%s|%s", view->identifier, view->name,
		view->website ? view->website : "-");
}

static void a_walk_shows_every_company_in_the_order_of_ids_gone_ones_too(void **state)
{
	struct place *p = *state;
	struct walked w = { 0 };
	bool changed;
	int n = -1;

	OK(company_walk(p->st, see, &w, &n, &p->f));
	assert_true(n == 0 && w.n == 0);
	put_company(p, 9, "C", "Gamma", NULL, 0);
	put_company(p, 1, "A", "Alpha", "a.example", 0);
	OK(company_gone(p->st, 9, NOW, &changed, &p->f));
	OK(company_walk(p->st, see, &w, &n, &p->f));
	assert_true(n == 2 && w.n == 2);
	assert_true(w.last.id == 9 && w.last.gone && !w.last.inactive);
	assert_string_equal(w.text, "C|Gamma|-");
	OK(store_commit(p->st, &p->f)); /* nothing is left open */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_company_is_added_changed_and_otherwise_the_same),
		STORE_TEST(a_gone_company_is_kept_and_can_come_back),
		STORE_TEST(an_id_or_an_identifier_wins_over_a_name),
		STORE_TEST(a_name_of_several_is_refused_and_the_candidates_are_named),
		STORE_TEST(case_is_ignored_in_every_script),
		STORE_TEST(a_search_takes_signs_as_they_are),
		STORE_TEST(a_list_stops_at_its_limit_and_knows_the_total),
		STORE_TEST(what_a_sweep_has_not_seen_is_gone_at_its_end_only),
		STORE_TEST(a_walk_shows_every_company_in_the_order_of_ids_gone_ones_too),
		STORE_TEST(statuses_are_replaced_per_board_and_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
