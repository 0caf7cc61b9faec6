/* core/match: measured over the labelled tenants and companies of tests/match/, then its edges. */
#include "match_place.h"

/* ==== the labelled set ==== */

#define FIELDS_MAX 6
#define ROWS_MAX 1000

struct table {
	char *fields[ROWS_MAX][FIELDS_MAX];
	size_t n;
};

/* The next field of a line; quotes as in RFC 4180, no line breaks inside. */
static char *next_field(const char **at)
{
	bool quoted = **at == '"';
	struct str out = { 0 };

	*at += quoted;
	while (**at && **at != '\n') {
		if (quoted ? **at == '"' && (*at)[1] != '"' : **at == ',')
			break;
		*at += quoted && **at == '"';
		str_addc(&out, *(*at)++);
	}
	*at += quoted && **at == '"';
	*at += **at == ',';
	return str_take(&out);
}

static void read_table(const char *path, struct table *t)
{
	FILE *f = fopen(path, "r");
	char line[2048];

	assert_non_null(f);
	t->n = 0;
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgets(line, sizeof(line), f)) {
		const char *at = line;

		assert_true(t->n < ROWS_MAX);
		for (size_t i = 0; i < FIELDS_MAX; i++)
			t->fields[t->n][i] = next_field(&at);
		t->n++;
	}
	fclose(f);
}

static void clear_table(struct table *t)
{
	for (size_t row = 0; row < t->n; row++)
		for (size_t i = 0; i < FIELDS_MAX; i++)
			mem_free(t->fields[row][i]);
}

static size_t find(const struct table *companies, const char *name, const char *domain,
	struct match_found ret[MATCH_KEEP])
{
	const struct match_tenant tenant = { &name, 1, &domain, 1 };
	CLEANUP(match_free) struct match *m = match_new(&tenant);

	for (size_t i = 0; i < companies->n; i++) {
		char *const *f = companies->fields[i];
		const struct match_company c = { strtoll(f[0], NULL, 10), f[1], f[2], f[3], f[4],
			f[5][0] == '1', false };

		match_company(m, &c);
	}
	return match_end(m, ret);
}

struct measured {
	int tenants, with_answer, could_be_certain;
	int certain, certain_right, certain_wanted;
	int first, among;
};

static void count(struct measured *m, const char *const *tenant, int64_t answer, bool wanted,
	const struct match_found *found, size_t n)
{
	bool among = false;

	m->tenants++;
	m->with_answer += answer != 0;
	m->could_be_certain += wanted;
	m->first += answer && n && found[0].company == answer;
	for (size_t i = 0; i < n; i++) {
		bool right = found[i].company == answer;

		among |= right;
		m->certain += found[i].certain;
		m->certain_right += found[i].certain && right;
		m->certain_wanted += found[i].certain && right && wanted;
		if (found[i].certain && (!right || !wanted))
			print_message("tenant %s \"%s\" %s: %lld is certain, %s\n", tenant[0],
				tenant[1], tenant[2], (long long)found[i].company,
				right ? "which the set doubts" : "and wrong");
	}
	m->among += answer && among;
	if (answer && !among)
		print_message("tenant %s \"%s\" %s: %lld is not among the suggestions\n", tenant[0],
			tenant[1], tenant[2], (long long)answer);
	if (wanted && !(n && found[0].certain))
		print_message("tenant %s \"%s\" %s: not certain (%s)\n", tenant[0], tenant[1],
			tenant[2], n ? match_doubt_name(found[0].doubt) : "nothing found");
}

static void the_labelled_tenants_find_their_companies(void **state)
{
	static struct table companies, tenants, expected;
	struct measured m = { 0 };

	(void)state;
	read_table("tests/match/companies.csv", &companies);
	read_table("tests/match/tenants.csv", &tenants);
	read_table("tests/match/expected.csv", &expected);
	assert_int_equal(tenants.n, expected.n);
	for (size_t i = 0; i < tenants.n; i++) {
		char **t = tenants.fields[i], **e = expected.fields[i];
		struct match_found found[MATCH_KEEP];
		size_t n = find(&companies, t[1], t[2], found);

		assert_string_equal(t[0], e[0]);
		count(&m, (const char *const *)t, strtoll(e[1], NULL, 10), str_eq(e[2], "yes"),
			found, n);
	}
	print_message("%d tenants, %zu companies: certain %d, precision %.3f, recall %.3f of %d; "
		      "top-1 %.3f, top-5 %.3f of %d\n",
		m.tenants, companies.n, m.certain, m.certain_right / (double)m.certain,
		m.certain_wanted / (double)m.could_be_certain, m.could_be_certain,
		m.first / (double)m.with_answer, m.among / (double)m.with_answer, m.with_answer);
	assert_true(m.tenants >= 120 && companies.n >= 400);
	assert_int_equal(m.certain_right, m.certain);
	assert_true(m.certain_wanted >= 0.85 * m.could_be_certain);
	assert_true(m.first >= 0.85 * m.with_answer);
	assert_true(m.among >= 0.97 * m.with_answer);
	clear_table(&companies);
	clear_table(&tenants);
	clear_table(&expected);
}

/* ==== whole matches ==== */

struct row {
	const char *identifier, *name, *website, *status;
	bool gone;
};

static size_t among(const char *name, const char *domain, const struct row *rows, size_t n,
	struct match_found ret[MATCH_KEEP])
{
	const struct match_tenant tenant = { &name, 1, &domain, 1 };
	CLEANUP(match_free) struct match *m = match_new(&tenant);

	for (size_t i = 0; i < n; i++) {
		const struct match_company c = { (int64_t)i + 1, rows[i].identifier, rows[i].name,
			rows[i].website, rows[i].status, rows[i].gone, false };

		match_company(m, &c);
	}
	return match_end(m, ret);
}
#define AMONG(name, domain, rows) among((name), (domain), (rows), ARRAY_LEN(rows), found)

static void two_as_good_are_both_ambiguous_and_none_is_certain(void **state)
{
	static const struct row rows[] = { { "A", "Contoso Boston", "contoso.com", NULL, false },
		{ "B", "Contoso Lyon", "www.contoso.com", NULL, false },
		{ "C", "Fabrikam", "fabrikam.com", NULL, false } };
	struct match_found found[MATCH_KEEP];

	(void)state;
	assert_int_equal(AMONG("Contoso", "contoso.com", rows), 2);
	assert_true(found[0].ambiguous && found[1].ambiguous);
	assert_true(!found[0].certain && !found[1].certain);
	assert_int_equal(found[0].doubt, MATCH_SHARED);
	assert_true(found[0].confidence < 90);
}

static void a_name_with_a_domain_that_resembles_another_company_is_not_certain(void **state)
{
	static const struct row rows[] = { { "Larkspur", "Larkspur Dental", NULL, NULL, false },
		{ "B", "Maple Hollow", NULL, NULL, false } };
	static const struct row gone[] = { { "Larkspur", "Larkspur Dental", NULL, NULL, false },
		{ "B", "Maple Hollow", NULL, NULL, true } };
	struct match_found found[MATCH_KEEP];

	(void)state;
	assert_true(AMONG("Larkspur Dental", "maplehollow.onmicrosoft.com", rows) >= 1);
	assert_true(!found[0].certain && found[0].confidence < 90);
	assert_int_equal(found[0].doubt, MATCH_DOMAIN_ELSEWHERE);
	assert_true(AMONG("Larkspur Dental", "maple-hollow.example2.org", rows) >= 1);
	assert_true(found[0].certain); /* nothing of that domain's own word is anybody's */
	assert_true(AMONG("Larkspur Dental", "maplehollow.onmicrosoft.com", gone) >= 1);
	assert_true(found[0].certain);
}

static void the_best_five_are_kept_whatever_their_order(void **state)
{
	static const struct row rows[] = { { "1", "Contoso One", NULL, NULL, false },
		{ "2", "Contoso Two", NULL, NULL, false },
		{ "3", "Contoso Three", NULL, NULL, false },
		{ "4", "Contoso Four", NULL, NULL, false },
		{ "5", "Contoso Five", NULL, NULL, false },
		{ "6", "Contoso Six", NULL, NULL, false }, { "7", "Contoso", NULL, NULL, false } };
	struct match_found found[MATCH_KEEP];

	(void)state;
	assert_int_equal(AMONG("Contoso", NULL, rows), MATCH_KEEP);
	assert_true(found[0].company == 7 && found[0].certain);
	assert_int_equal(found[0].reasons, 1u << MATCH_NAME); /* and so its words, of course */
	for (size_t i = 1; i < MATCH_KEEP; i++)
		assert_true(found[i].confidence <= found[i - 1].confidence);
}

static void an_inactive_one_is_never_certain_and_a_gone_one_is_no_rival(void **state)
{
	static const struct row rows[] = { { "A", "Contoso", "contoso.com", "Inactive", false } };
	static const struct row twins[] = { { "A", "Contoso", "contoso.com", "Active", true },
		{ "B", "Contoso", "contoso.com", "Active", false } };
	struct match_found found[MATCH_KEEP];

	(void)state;
	assert_int_equal(AMONG("Contoso", "contoso.com", rows), 1);
	assert_int_equal(found[0].doubt, MATCH_INACTIVE);
	assert_false(found[0].certain);
	assert_int_equal(AMONG("Contoso", "contoso.com", twins), 2);
	assert_true(found[0].company == 2 && found[0].certain);
	assert_true(found[1].doubt == MATCH_GONE && !found[1].certain);
}

static void somebody_elses_website_proves_nothing(void **state)
{
	static const struct row rows[] = { { "LIT", "Litware", "proseware.com", NULL, false } };
	static const struct row namesake[] = { { "A", "Alpine Dental", "alpine.example", NULL,
		false } };
	struct match_found found[MATCH_KEEP];

	(void)state;
	assert_int_equal(AMONG("Proseware IT", "proseware.com", rows), 1);
	assert_int_equal(found[0].doubt, MATCH_NAMES_DIFFER);
	assert_int_equal(AMONG(NULL, "proseware.com", rows), 1);
	assert_false(found[0].certain);
	assert_int_equal(AMONG("Alpine Dental", "alpinedental.ca", namesake), 1);
	assert_int_equal(found[0].doubt, MATCH_WEBSITE_DIFFERS);
	assert_string_equal(found[0].domain, "alpine.example");
}

static void a_catch_all_is_never_suggested(void **state)
{
	static const struct row rows[] = { { "Catchall", "Catchall (for Email Connector)",
						   "contoso.com", NULL, false },
		{ "CA2", "Catch-All", "contoso.com", NULL, false } };
	struct match_found found[MATCH_KEEP];

	(void)state;
	assert_int_equal(AMONG("Catchall", "contoso.com", rows), 0);
}

static void nothing_at_all_matches_nothing(void **state)
{
	static const struct row rows[] = { { NULL, NULL, NULL, NULL, false },
		{ "", "", "", "", false }, { "X", "Contoso", "contoso.com", NULL, false },
		{ "\xff", "\xff\xfe", "http://\xff", "\xff", false } };
	struct match_found found[MATCH_KEEP];

	(void)state;
	assert_int_equal(AMONG(NULL, NULL, rows), 0);
	assert_int_equal(AMONG("", "", rows), 0);
	assert_int_equal(AMONG("\xff", "\xff.\xff", rows), 0);
	assert_int_equal(AMONG("gmail.com", "gmail.com", rows), 0);
}

static void every_reason_and_doubt_has_its_word_and_sentence(void **state)
{
	struct match_found found = { .domain = "contoso.com" };

	(void)state;
	for (int i = 0; i < MATCH_REASONS; i++) {
		CLEANUP(mem_free)
		char *text = match_reason_text(&found, (enum match_reason)i, NULL);

		assert_true(*text && *match_reason_name((enum match_reason)i));
	}
	for (int i = 0; i < MATCH_DOUBTS; i++) {
		CLEANUP(mem_free) char *text = NULL;

		found.doubt = (enum match_doubt)i;
		text = match_doubt_text(&found, 2);
		assert_true((text != NULL) == (i != MATCH_NO_DOUBT));
		assert_true(*match_doubt_name((enum match_doubt)i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_labelled_tenants_find_their_companies),
		cmocka_unit_test(two_as_good_are_both_ambiguous_and_none_is_certain),
		cmocka_unit_test(
			a_name_with_a_domain_that_resembles_another_company_is_not_certain),
		cmocka_unit_test(the_best_five_are_kept_whatever_their_order),
		cmocka_unit_test(an_inactive_one_is_never_certain_and_a_gone_one_is_no_rival),
		cmocka_unit_test(somebody_elses_website_proves_nothing),
		cmocka_unit_test(a_catch_all_is_never_suggested),
		cmocka_unit_test(nothing_at_all_matches_nothing),
		cmocka_unit_test(every_reason_and_doubt_has_its_word_and_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
