/* io/store_audit: the trail is added to, read from its end, and never rewritten. */
#include "store_place.h"

#include "io/passwd.h"
#include "io/store_audit.h"
#include "io/store_db.h"

static void note(struct place *p, int64_t tenant_row, int64_t keep)
{
	char label[] = "a.example", user[] = "alice", name[] = "Contoso Ltd", detail[] = "d";
	const struct audit a = { .at = NOW,
		.uid = 1000,
		.user = user,
		.action = AUDIT_MAP,
		.how = AUDIT_IMPORT,
		.tenant = tenant_row,
		.label = label,
		.to = { .id = 7, .name = name },
		.released = 3,
		.held = 2,
		.skipped = 1,
		.detail = detail };

	OK(audit_put(p->st, &a, keep, &p->f));
}

static struct audits list(struct place *p, int64_t before, int64_t tenant_row, int limit)
{
	struct audits got = { 0 };

	OK(audit_list(p->st, before, tenant_row, limit, &got, &p->f));
	return got;
}

static void what_is_noted_is_read_back_whole(void **state)
{
	struct place *p = *state;
	struct audits got;

	note(p, 4, 10);
	got = list(p, 0, 0, 10);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.at[0].id, 1);
	assert_int_equal(got.at[0].at, NOW);
	assert_int_equal(got.at[0].uid, 1000);
	assert_string_equal(got.at[0].user, "alice");
	assert_string_equal(audit_action_name(got.at[0].action), "map");
	assert_string_equal(audit_how_name(got.at[0].how), "import");
	assert_int_equal(got.at[0].tenant, 4);
	assert_string_equal(got.at[0].label, "a.example");
	assert_int_equal(got.at[0].from.id, 0);
	assert_null(got.at[0].from.name);
	assert_int_equal(got.at[0].to.id, 7);
	assert_string_equal(got.at[0].to.name, "Contoso Ltd");
	assert_int_equal(got.at[0].released, 3);
	assert_int_equal(got.at[0].held, 2);
	assert_int_equal(got.at[0].skipped, 1);
	assert_string_equal(got.at[0].detail, "d");
	audits_clear(&got);
}

static void the_newest_come_first_page_by_page_and_by_tenant(void **state)
{
	struct place *p = *state;
	struct audits got;
	int i;

	for (i = 0; i < 6; i++)
		note(p, i % 2, 10);
	got = list(p, 0, 0, 2);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.at[0].id, 6);
	assert_int_equal(got.at[1].id, 5);
	audits_clear(&got);
	got = list(p, 5, 0, 10);
	assert_int_equal(got.n, 4);
	assert_int_equal(got.at[0].id, 4);
	audits_clear(&got);
	got = list(p, 0, 1, 2);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.at[0].id, 6);
	assert_int_equal(got.at[1].id, 4);
	audits_clear(&got);
	got = list(p, 4, 1, 10);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.at[0].id, 2);
	audits_clear(&got);
}

static void beyond_its_bound_the_oldest_go_and_numbers_go_on(void **state)
{
	struct place *p = *state;
	struct audits got;
	int64_t dropped = -1;
	int i;

	OK(audit_dropped(p->st, &dropped, &p->f));
	assert_int_equal(dropped, 0);
	for (i = 0; i < 7; i++)
		note(p, 1, 5);
	got = list(p, 0, 0, 10);
	assert_int_equal(got.n, 5);
	assert_int_equal(got.at[0].id, 7);
	assert_int_equal(got.at[4].id, 3);
	audits_clear(&got);
	OK(audit_dropped(p->st, &dropped, &p->f));
	assert_int_equal(dropped, 2);
}

/* 600 rows, then a bound of 10: two slices of 200 and what is left. */
static void a_lowered_bound_is_reached_in_slices(void **state)
{
	static const size_t left[] = { 401, 202, 10, 10 };
	struct place *p = *state;
	struct audits got;
	size_t i;

	for (i = 0; i < 600; i++)
		note(p, 1, 1000);
	for (i = 0; i < ARRAY_LEN(left); i++) {
		note(p, 1, 10);
		got = list(p, 0, 0, 1000);
		assert_int_equal(got.n, left[i]);
		assert_int_equal(got.at[0].id, 601 + i);
		audits_clear(&got);
	}
}

static void nothing_in_it_can_be_changed_and_only_the_oldest_can_go(void **state)
{
	struct place *p = *state;
	struct audits got;
	int i;

	for (i = 0; i < 3; i++)
		note(p, 1, 10);
	OK(store_commit(p->st, &p->f));
	assert_int_not_equal(sqlite3_exec(p->st->db, "UPDATE audit SET uid = 0", 0, 0, 0), 0);
	assert_non_null(strstr(sqlite3_errmsg(p->st->db), "never changed"));
	assert_int_not_equal(sqlite3_exec(p->st->db, "DELETE FROM audit WHERE id = 2", 0, 0, 0), 0);
	assert_int_equal(sqlite3_exec(p->st->db, "DELETE FROM audit WHERE id = 1", 0, 0, 0), 0);
	got = list(p, 0, 0, 10);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.at[1].id, 2);
	assert_int_equal(got.at[1].uid, 1000);
	audits_clear(&got);
}

static void a_change_that_is_undone_is_not_in_it(void **state)
{
	struct place *p = *state;
	struct audits got;

	note(p, 1, 10);
	store_rollback(p->st);
	got = list(p, 0, 0, 10);
	assert_int_equal(got.n, 0);
	audits_clear(&got);
}

static void each_number_that_is_stored_has_a_word_of_its_own(void **state)
{
	int a, b;

	(void)state;
	for (a = AUDIT_DECLARE; a <= AUDIT_BACKUP; a++)
		for (b = AUDIT_DECLARE; b < a; b++)
			assert_string_not_equal(audit_action_name((enum audit_action)a),
				audit_action_name((enum audit_action)b));
	assert_int_equal(AUDIT_MAP, 3); /* they are in people's files */
	assert_int_equal(AUDIT_BACKUP, 10);
	assert_int_equal(AUDIT_AUTO, 3);
}

static void a_name_comes_from_the_file_alone(void **state)
{
	struct place *p = *state;
	char path[256], name[8];
	FILE *f;

	snprintf(path, sizeof(path), "%s/passwd", p->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("root:x:0:0::/:/bin/sh\n# no entry\nalexandra:x:1000:1000::/:/bin/sh\n"
	      "\xff\xfe:x:7:7::/:/bin/sh\n",
		f);
	fclose(f);
	assert_true(passwd_name(path, 0, name, sizeof(name)));
	assert_string_equal(name, "root");
	assert_true(passwd_name(path, 1000, name, sizeof(name)));
	assert_string_equal(name, "alexand");
	assert_false(passwd_name(path, 1001, name, sizeof(name)));
	assert_string_equal(name, "");
	assert_false(passwd_name(path, 7, name, sizeof(name))); /* no text */
	assert_false(passwd_name(path, -1, name, sizeof(name)));
	unlink(path);
	assert_false(passwd_name(path, 0, name, sizeof(name)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_is_noted_is_read_back_whole),
		STORE_TEST(the_newest_come_first_page_by_page_and_by_tenant),
		STORE_TEST(beyond_its_bound_the_oldest_go_and_numbers_go_on),
		STORE_TEST(a_lowered_bound_is_reached_in_slices),
		STORE_TEST(nothing_in_it_can_be_changed_and_only_the_oldest_can_go),
		STORE_TEST(a_change_that_is_undone_is_not_in_it),
		STORE_TEST(each_number_that_is_stored_has_a_word_of_its_own),
		STORE_TEST(a_name_comes_from_the_file_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
