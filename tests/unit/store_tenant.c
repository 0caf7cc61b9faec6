/* io/store_tenant: who an event is about, and which company a person mapped that to. */
#include "store_place.h"

#include "base/str.h"
#include "io/store_audit.h"
#include "io/store_company.h"

static struct tenant of(struct place *p, const char *guid, const char *domain, const char *name)
{
	struct tenant t = { 0 };

	OK(tenant_of(p->st, guid, domain, name, NOW, &t, &p->f));
	return t;
}

static struct tenant get(struct place *p, int64_t row)
{
	struct tenant t = { 0 };

	OK(tenant_get(p->st, row, &t, &p->f));
	return t;
}

static int find(struct place *p, const char *text, int64_t *ret_row)
{
	struct tenant t = { 0 };
	int r = tenant_find(p->st, text, &t, &p->f);

	if (!r)
		*ret_row = t.row;
	tenant_clear(&t);
	return r;
}

/* ==== who it is ==== */

static void names_follow_changes_and_a_domain_is_filled_in_once(void **state)
{
	struct place *p = *state;
	struct tenant t = of(p, "guid-1", NULL, NULL);
	int64_t row = t.row;

	assert_true(t.flow && t.company == 0);
	assert_null(t.domain);
	tenant_clear(&t);
	t = of(p, "guid-1", "a.example", "A");
	assert_true(t.row == row);
	assert_string_equal(t.domain, "a.example");
	tenant_clear(&t);
	t = of(p, "guid-1", NULL, NULL); /* what is not said does not unsay */
	assert_string_equal(t.domain, "a.example");
	assert_string_equal(t.name, "A");
	tenant_clear(&t);
	t = of(p, "guid-1", "new.example", "B");
	assert_string_equal(t.domain, "a.example"); /* told once, an event does not change it */
	assert_string_equal(t.name, "B");
	tenant_clear(&t);
}

static void case_makes_no_other_tenant(void **state)
{
	struct place *p = *state;
	int64_t row = tenant(p, "abcd-1", "a.example");

	assert_true(tenant(p, "ABCD-1", "a.example") == row);
	assert_true(tenant(p, NULL, "A.Example") == row);
}

static void the_last_event_is_remembered_and_never_goes_back(void **state)
{
	struct place *p = *state;
	struct tenant t = { 0 };

	OK(tenant_of(p->st, "guid-1", NULL, NULL, 500, &t, &p->f));
	tenant_clear(&t);
	OK(tenant_of(p->st, "guid-1", NULL, NULL, 400, &t, &p->f));
	tenant_clear(&t);
	OK(tenant_of(p->st, "guid-1", NULL, NULL, 0, &t, &p->f));
	assert_int_equal(t.last_event_at, 500);
	tenant_clear(&t);
}

static void two_ids_are_never_one_tenant(void **state)
{
	struct place *p = *state;
	int64_t a = tenant(p, "guid-1", "a.example"), b = tenant(p, "guid-2", "a.example");

	assert_true(a != b);
	assert_true(tenant(p, "guid-1", NULL) == a);
	assert_true(tenant(p, "guid-2", NULL) == b);
}

static void a_mapping_by_domain_goes_with_the_id_that_takes_it_over(void **state)
{
	struct place *p = *state;
	int64_t row = tenant(p, NULL, "a.example");
	struct tenant t;

	OK(tenant_map(p->st, row, 7, "uid 0", NOW, &p->f));
	t = of(p, "guid-1", "a.example", NULL);
	assert_true(t.row == row);
	assert_int_equal(t.company, 7);
	assert_string_equal(t.guid, "guid-1");
	tenant_clear(&t);
}

/* guid-1 was first known without its domain, so the domain has two rows. */
static void a_domain_of_several_gives_its_mapping_to_no_id(void **state)
{
	struct place *p = *state;
	int64_t by_domain = tenant(p, NULL, "a.example"), one = tenant(p, "guid-1", NULL), two;
	struct tenant t;

	OK(tenant_map(p->st, by_domain, 7, "uid 0", NOW, &p->f));
	assert_true(tenant(p, "guid-1", "a.example") == one);
	two = tenant(p, "guid-2", "a.example");
	assert_true(two != by_domain && two != one);
	t = get(p, two);
	assert_int_equal(t.company, 0);
	tenant_clear(&t);
}

/* A mapping that was made for one of them must not serve the other one's events. */
static void a_mapping_by_domain_ends_when_an_id_claims_the_domain(void **state)
{
	struct place *p = *state;
	int64_t by_domain = tenant(p, NULL, "a.example"), one = tenant(p, "guid-1", NULL);
	struct audits trail = { 0 };
	struct tenant t;

	OK(tenant_map(p->st, by_domain, 7, "uid 0", NOW, &p->f));
	OK(tenant_map(p->st, one, 8, "uid 0", NOW, &p->f));
	assert_true(tenant(p, NULL, "a.example") == by_domain);
	assert_true(tenant(p, "guid-1", "a.example") == one);
	assert_true(tenant(p, NULL, "a.example") == by_domain);
	t = get(p, by_domain);
	assert_true(t.company == 0 && t.shared);
	tenant_clear(&t);
	t = get(p, one);
	assert_int_equal(t.company, 8);
	tenant_clear(&t);
	OK(audit_list(p->st, 0, by_domain, 10, &trail, &p->f));
	assert_int_equal(trail.n, 1);
	assert_true(trail.at[0].how == AUDIT_AUTO && trail.at[0].action == AUDIT_UNMAP);
	assert_int_equal(trail.at[0].from.id, 7);
	assert_non_null(strstr(trail.at[0].detail, "guid-1"));
	audits_clear(&trail);

	/* a person says whom the domain alone means: that holds until one more claims it */
	OK(tenant_map(p->st, by_domain, 9, "uid 0", NOW, &p->f));
	tenant_clear(&t);
	assert_true(tenant(p, "guid-1", "a.example") == one);
	t = get(p, by_domain);
	assert_int_equal(t.company, 9);
	tenant_clear(&t);
	assert_true(tenant(p, "guid-2", "a.example") != by_domain);
	t = get(p, by_domain);
	assert_int_equal(t.company, 0);
	tenant_clear(&t);
}

/* ==== whom a person means ==== */

static int meant(struct place *p, int64_t row, const char *guid, const char *domain, int64_t *ret)
{
	const struct tenant_names names = { .row = row, .guid = guid, .domain = domain };
	struct tenant t = { 0 };
	int r = tenant_meant(p->st, &names, &t, &p->f);

	*ret = r ? -1 : t.row;
	tenant_clear(&t);
	return r;
}

static void a_person_means_who_is_there_and_never_two(void **state)
{
	struct place *p = *state;
	int64_t one = tenant(p, "guid-1", "a.example"), bare = tenant(p, "guid-2", NULL),
		alone = tenant(p, NULL, "b.example"), row;

	OK(meant(p, 0, "GUID-1", NULL, &row));
	assert_true(row == one);
	OK(meant(p, 0, "guid-1", "A.EXAMPLE", &row));
	assert_true(row == one);
	OK(meant(p, 0, NULL, "a.example", &row));
	assert_true(row == one);
	OK(meant(p, one, NULL, NULL, &row));
	assert_true(row == one);
	OK(meant(p, 0, "guid-9", NULL, &row));
	assert_true(row == 0);
	OK(meant(p, 0, "guid-9", "new.example", &row));
	assert_true(row == 0);
	OK(meant(p, 0, "guid-9", "b.example", &row)); /* it takes over what is known by domain */
	assert_true(row == alone);
	OK(meant(p, 0, "guid-2", "new.example", &row));
	assert_true(row == bare);
	assert_int_equal(meant(p, 0, "guid-1", "b.example", &row), -FAULT_CONFLICT);
	assert_int_equal(meant(p, 0, "guid-2", "a.example", &row), -FAULT_CONFLICT);
	assert_int_equal(meant(p, 0, "guid-9", "a.example", &row), -FAULT_CONFLICT);
	assert_int_equal(meant(p, one, NULL, "new.example", &row), -FAULT_CONFLICT);
	assert_int_equal(meant(p, 99, NULL, NULL, &row), -FAULT_NOT_FOUND);
	assert_true(tenant(p, "guid-3", "a.example") > 0);
	assert_int_equal(meant(p, 0, NULL, "a.example", &row), -FAULT_CONFLICT);
	alone = tenant(p, NULL, "a.example");
	OK(meant(p, 0, NULL, "a.example", &row)); /* the one for events that say no more */
	assert_true(row == alone);
}

static void what_is_known_of_a_tenant_is_completed_not_changed(void **state)
{
	struct place *p = *state;
	int64_t row = tenant(p, "guid-1", NULL);
	struct tenant t;

	OK(tenant_complete(p->st, row, "guid-2", "a.example", "A", &p->f));
	OK(tenant_complete(p->st, row, NULL, "b.example", "B", &p->f));
	OK(tenant_complete(p->st, row, NULL, NULL, NULL, &p->f));
	t = get(p, row);
	assert_string_equal(t.guid, "guid-1");
	assert_string_equal(t.domain, "a.example");
	assert_string_equal(t.name, "B");
	tenant_clear(&t);
	assert_int_equal(tenant_complete(p->st, 99, NULL, NULL, "B", &p->f), -FAULT_NOT_FOUND);
}

/* ==== as people name it ==== */

static void people_name_it_by_id_domain_or_row(void **state)
{
	struct place *p = *state;
	int64_t row = tenant(p, "guid-1", "a.example"), found = 0;
	char text[32];

	OK(find(p, "GUID-1", &found));
	assert_true(found == row);
	found = 0;
	OK(find(p, "A.example", &found));
	assert_true(found == row);
	found = 0;
	snprintf(text, sizeof(text), "#%d", (int)row);
	OK(find(p, text, &found));
	assert_true(found == row);
	assert_int_equal(find(p, "nobody.example", &found), -FAULT_NOT_FOUND);
	assert_int_equal(find(p, "#999", &found), -FAULT_NOT_FOUND);
	assert_int_equal(find(p, "#", &found), -FAULT_NOT_FOUND);
	assert_int_equal(find(p, "#1x", &found), -FAULT_NOT_FOUND);
	assert_int_equal(find(p, "# 1", &found), -FAULT_NOT_FOUND);
	assert_int_equal(find(p, "", &found), -FAULT_NOT_FOUND);
}

/* ==== mapping and flow ==== */

static void company(struct place *p, int64_t id)
{
	char name[] = "Contoso Ltd", identifier[] = "Contoso";
	struct company c = { .id = id, .name = name, .identifier = identifier };
	enum company_change change;

	OK(company_put(p->st, &c, 0, &change, &p->f));
}

static void a_mapping_says_who_when_and_whether_the_company_is_there(void **state)
{
	struct place *p = *state;
	int64_t row = tenant(p, "guid-1", NULL);
	struct tenant t;
	bool changed;

	OK(tenant_map(p->st, row, 7, "uid 0", NOW + 1, &p->f));
	t = get(p, row);
	assert_true(t.company == 7 && t.mapped_at == NOW + 1);
	assert_string_equal(t.mapped_by, "uid 0");
	assert_false(t.company_known);
	tenant_clear(&t);
	company(p, 7);
	t = get(p, row);
	assert_true(t.company_known && !t.company_gone);
	assert_string_equal(t.company_identifier, "Contoso");
	assert_string_equal(t.company_name, "Contoso Ltd");
	tenant_clear(&t);
	OK(company_gone(p->st, 7, NOW, &changed, &p->f));
	t = get(p, row);
	assert_true(t.company_known && t.company_gone);
	tenant_clear(&t);
	OK(tenant_map(p->st, row, 0, "uid 0", NOW + 2, &p->f));
	t = get(p, row);
	assert_true(t.company == 0 && t.mapped_at == NOW + 2);
	assert_string_equal(t.mapped_by, "uid 0");
	tenant_clear(&t);
}

static void changes_to_nobody_are_not_found(void **state)
{
	struct place *p = *state;
	struct tenant t;

	assert_int_equal(tenant_get(p->st, 9, &t, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(tenant_map(p->st, 9, 1, "uid 0", NOW, &p->f), -FAULT_NOT_FOUND);
	assert_int_equal(tenant_flow(p->st, 9, true, &p->f), -FAULT_NOT_FOUND);
}

static void tenants_are_counted_and_listed_with_their_events(void **state)
{
	struct place *p = *state;
	int64_t a = tenant(p, NULL, "a.example"), b = tenant(p, NULL, "b.example"),
		c = tenant(p, NULL, "c.example");
	char name[] = "Contoso";
	const struct company contoso = { .id = 7, .name = name };
	enum company_change change;
	struct tenant_counts counts;
	struct tenants list;
	bool changed;

	OK(company_put(p->st, &contoso, 0, &change, &p->f));
	OK(tenant_map(p->st, a, 7, "uid 0", NOW, &p->f));
	OK(tenant_map(p->st, c, 7, "uid 0", NOW, &p->f));
	OK(tenant_flow(p->st, c, false, &p->f));
	put(p, b, incident(p, b, "h"), "e1", "1", QUEUE_HELD);
	put(p, b, incident(p, b, "h"), "e2", "2", QUEUE_QUEUED);
	OK(tenant_count(p->st, &counts, &p->f));
	assert_true(counts.mapped == 1 && counts.unmapped == 1 && counts.off == 1);
	assert_int_equal(counts.paused, 0);
	OK(company_gone(p->st, 7, NOW, &changed, &p->f));
	OK(tenant_count(p->st, &counts, &p->f));
	assert_true(counts.mapped == 0 && counts.unmapped == 1 && counts.off == 1);
	assert_int_equal(counts.paused, 1);
	OK(tenant_list(p->st, &list, &p->f));
	assert_int_equal(list.n, 3);
	assert_true(list.at[0].row == b); /* what a person should look at comes first */
	assert_int_equal(list.at[0].held, 1);
	assert_int_equal(list.at[0].events, 2);
	assert_false(list.at[2].flow);
	tenants_clear(&list);
}

static void what_a_tenant_held_for_too_long_expires_and_nobody_elses(void **state)
{
	struct place *p = *state;
	int64_t a = tenant(p, NULL, "a.example"), b = tenant(p, NULL, "b.example"), since = -1;
	int64_t ina = incident(p, a, "h1"), inb = incident(p, b, "h1");
	struct queue_rows gone;

	OK(queue_held_since(p->st, a, &since, &p->f));
	assert_true(since == 0);
	put(p, a, ina, "e1", "1", QUEUE_HELD);
	put(p, a, ina, "e2", "2", QUEUE_HELD);
	put(p, a, ina, "e3", "3", QUEUE_QUEUED);
	put(p, b, inb, "e4", "4", QUEUE_HELD);
	OK(queue_held_since(p->st, a, &since, &p->f));
	assert_true(since == NOW);
	OK(queue_expire_held_of(p->st, a, NOW, NOW, 9, "old", &gone, &p->f));
	assert_int_equal(gone.n, 0);
	OK(queue_expire_held_of(p->st, a, NOW + 1, NOW, 1, "old", &gone, &p->f));
	assert_int_equal(gone.n, 1);
	assert_string_equal(gone.at[0].event_id, "e1");
	assert_string_equal(gone.at[0].tenant_domain, "a.example");
	queue_rows_clear(&gone);
	OK(queue_expire_held_of(p->st, a, NOW + 1, NOW, 9, "old", &gone, &p->f));
	assert_int_equal(gone.n, 1);
	queue_rows_clear(&gone);
	assert_int_equal(account(p).held, 1);
	assert_int_equal(account(p).expired, 2);
	assert_int_equal(account(p).queued, 1);
	OK(store_account_verify(p->st, &p->f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(names_follow_changes_and_a_domain_is_filled_in_once),
		STORE_TEST(case_makes_no_other_tenant),
		STORE_TEST(the_last_event_is_remembered_and_never_goes_back),
		STORE_TEST(two_ids_are_never_one_tenant),
		STORE_TEST(a_mapping_by_domain_goes_with_the_id_that_takes_it_over),
		STORE_TEST(a_domain_of_several_gives_its_mapping_to_no_id),
		STORE_TEST(a_mapping_by_domain_ends_when_an_id_claims_the_domain),
		STORE_TEST(a_person_means_who_is_there_and_never_two),
		STORE_TEST(what_is_known_of_a_tenant_is_completed_not_changed),
		STORE_TEST(people_name_it_by_id_domain_or_row),
		STORE_TEST(a_mapping_says_who_when_and_whether_the_company_is_there),
		STORE_TEST(changes_to_nobody_are_not_found),
		STORE_TEST(tenants_are_counted_and_listed_with_their_events),
		STORE_TEST(what_a_tenant_held_for_too_long_expires_and_nobody_elses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
