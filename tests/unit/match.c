/* core/match: measured over the labelled tenants and companies of tests/match/, then its edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "base/unicode.h"
#include "core/match.h"
#include "core/match_name.h"
#include "core/match_words.c"

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

/* ==== names ==== */

static void assert_key(const char *text, const char *key)
{
	struct name n;

	name_read(text, &n);
	if (!str_eq(n.key, key))
		fail_msg("\"%s\" is read as \"%s\", not \"%s\"", text, n.key, key);
}

static void a_name_is_read_without_case_accents_width_and_punctuation(void **state)
{
	(void)state;
	assert_key("Blue Yonder Airlines", "blueyonderairlines");
	assert_key("BOULANGERIE D’ÉTÉ", "boulangeriedete");
	assert_key("Boulangerie d'E\xcc\x81te\xcc\x81", "boulangeriedete");
	assert_key("Ｃｏｎｔｏｓｏ", "contoso");
	assert_key("Straße & Söhne", "strasse&sohne");
	assert_key("STRASSE und SOEHNE", "strasse&soehne");
	assert_key("Cœur et Æther", "coeur&aether");
	assert_key("Łódź Øst Đakovo Þing ıIİ", "lodzostdakovothingiii");
	assert_key("Van-Arsdel, (Paris)", "vanarsdelparis");
	assert_key("A.\u00a0Datum", "adatum");
	assert_key("A.Datum", "adatum");
	assert_key("Con\u200bto\u00adso\ufeff", "contoso");
	assert_key("日本 商事", "日本商事");
	assert_key("Margie's Travel", "margiestravel");
	assert_key("O’Hanlon ʼn Co", "ohanlonnco");
}

static void legal_forms_fall_away_wherever_they_stand(void **state)
{
	static const char *const forms[] = { " Inc", " Inc.", ", Inc.", " incorporated", " INC",
		" Ltd", " Ltd.", " Limited", " ltée", " LTÉE", " Ltee", " limitée", " LLC",
		" L.L.C.", " LLP", " Corp.", " Corporation", " SARL", " S.A.R.L.", " Sàrl",
		" S.à r.l.", " S. à r. l.", " SAS", " S.A.S.", " SA", " S.A.", " S. A.", " s/a",
		" GmbH", " AG", " UG (haftungsbeschränkt)", " GmbH & Co. KG", " KG", " B.V.", " BV",
		" N.V.", " S.L.", " S.r.l.", " SRL", " S.p.A.", " Pty Ltd", " Pty. Ltd.", " Oy",
		" AB", " A/S", " AS", " ApS", " PLC", " Sp. z o.o.", " s.r.o.", " enr.",
		" S.E.N.C." };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		CLEANUP(mem_free) char *text = xasprintf("Contoso Toys%s", forms[i]);

		assert_key(text, "contosotoys");
	}
	assert_key("SARL Dupont", "dupont");
	assert_key("The Contoso Company", "contosocompany");
	assert_key("Team AB Studio", "teamabstudio");
	assert_key("Smith & Co.", "smith&co");
}

static bool is_weak(const char *text)
{
	struct name n;

	name_read(text, &n);
	return n.weak;
}

static void a_name_that_anybody_may_have_is_weak(void **state)
{
	static const char *const weak[] = { "", " ", "...", "AB", "K2", "The", "The Limited",
		"Limited", "Inc.", "S.A.", "Default Directory", "Répertoire par défaut", "TEST",
		"n/a", "Microsoft 365", NULL };

	(void)state;
	for (size_t i = 0; weak[i]; i++)
		if (!is_weak(weak[i]))
			fail_msg("\"%s\" is not weak", weak[i]);
	assert_true(is_weak(NULL));
	assert_false(is_weak("IBX"));
	assert_false(is_weak("The Limited Shop"));
	assert_false(is_weak("小米"));
}

static bool same_but_other_form(const char *a, const char *b)
{
	struct name x, y;

	name_read(a, &x);
	name_read(b, &y);
	assert_true(name_same(&x, &y));
	return name_legal_conflict(&x, &y);
}

static void sister_companies_differ_in_their_legal_form(void **state)
{
	(void)state;
	assert_true(same_but_other_form("Contoso GmbH", "Contoso SARL"));
	assert_false(same_but_other_form("Contoso Ltd", "Contoso Limitée"));
	assert_false(same_but_other_form("Contoso", "Contoso SARL"));
	assert_false(same_but_other_form("Contoso Pty Ltd", "Contoso Limited"));
}

static double within(const char *a, const char *b)
{
	struct name x, y;

	name_read(a, &x);
	name_read(b, &y);
	return name_within(&x, &y);
}

static double closeness(const char *a, const char *b, double min)
{
	struct trigrams t;
	struct name x, y;

	name_read(a, &x);
	name_read(b, &y);
	name_trigrams(&x, &t);
	return trigrams_closeness(&t, &y, min);
}

static bool initials(const char *name, const char *key)
{
	struct name n;

	name_read(name, &n);
	return name_initials_are(&n, key);
}

static void names_are_compared_by_words_letters_and_initials(void **state)
{
	(void)state;
	assert_true(within("Contoso", "Contoso Dental") > 0.4);
	assert_true(within("Contoso Dental", "Contoso") < 0.7);
	assert_true(within("Contoso North", "Contoso South") == 0);
	assert_true(within("Services", "Contoso Services") == 0);
	assert_true(within("", "Contoso") == 0);
	assert_true(closeness("Wealth Management", "Wealth Managment", 0) > 0.6);
	assert_true(closeness("Contoso", "contoso", 0.9) >= 1);
	assert_true(closeness("Contoso", "Fabrikam", 0) == 0);
	assert_true(closeness("Contoso", "Contoso Dental", 0) > 0.3);
	assert_true(closeness("Contoso", "Contoso Dental", 0.9) == 0);
	assert_true(closeness("", "", 0) == 0);
	assert_true(initials("City Power & Light", "cpandl"));
	assert_true(initials("City Power & Light", "cpl"));
	assert_true(initials("City Power & Light", "cpal"));
	assert_false(initials("City Power & Light", "cp"));
	assert_false(initials("Contoso", "c"));
}

static void a_long_name_is_equal_to_nothing(void **state)
{
	CLEANUP(mem_free) char *text = xcalloc(10241, 1);
	struct name a, b;

	(void)state;
	memset(text, 'a', 10240);
	name_read(text, &a);
	name_read(text, &b);
	assert_true(a.cut && !name_same(&a, &b));
	for (size_t i = 1; i < 10240; i += 2)
		text[i] = ' ';
	name_read(text, &a);
	assert_true(a.cut && a.n_words <= NAME_WORDS_MAX);
}

/* Every byte anywhere, after every other: read, and read to something that fits. */
static void bytes_that_are_no_text_are_read_all_the_same(void **state)
{
	char text[8];
	struct name n;

	(void)state;
	for (unsigned a = 1; a < 256; a++)
		for (unsigned b = 1; b < 256; b++) {
			snprintf(text, sizeof(text), "x%c%cy", (int)a, (int)b);
			name_read(text, &n);
			assert_true(utf8_valid(n.text, strlen(n.text)));
		}
	assert_key("Con\xff\xfetoso", "contoso");
	assert_key("\xf4\x90\x80\x80 Contoso \xed\xa0\x80", "contoso");
}

static void letters_are_never_cut_in_the_middle(void **state)
{
	char to[9];
	bool cut;

	(void)state;
	assert_int_equal(unicode_plain("日本語", to, sizeof(to), &cut), 6);
	assert_true(cut && utf8_valid(to, strlen(to)));
	assert_int_equal(unicode_plain("ABCDEFGH", to, sizeof(to), &cut), 8);
	assert_true(!cut);
	unicode_plain("ABCDEFGHI", to, sizeof(to), &cut);
	assert_true(cut && strlen(to) == 8);
}

/* ==== domains ==== */

static void assert_domain(
	const char *text, const char *host, const char *registrable, const char *label)
{
	struct domain d;

	if (!domain_parse(text, strlen(text), &d))
		fail_msg("\"%s\" is no domain", text);
	assert_string_equal(d.host, host);
	assert_string_equal(domain_registrable(&d), registrable);
	assert_string_equal(d.label, label);
}

static void a_website_is_read_as_people_write_it(void **state)
{
	(void)state;
	assert_domain("http://www.contoso.com/fr", "contoso.com", "contoso.com", "contoso");
	assert_domain("CONTOSO.COM", "contoso.com", "contoso.com", "contoso");
	assert_domain("https://user@shop.contoso.com:8443/?q=a.b", "shop.contoso.com",
		"contoso.com", "contoso");
	assert_domain("http//contoso.com", "contoso.com", "contoso.com", "contoso");
	assert_domain("https:\\\\www2.contoso.com\\", "contoso.com", "contoso.com", "contoso");
	assert_domain("info@contoso.com.", "contoso.com", "contoso.com", "contoso");
	assert_domain("mail.contoso.co.uk", "mail.contoso.co.uk", "contoso.co.uk", "contoso");
	assert_domain("contoso.qc.ca", "contoso.qc.ca", "contoso.qc.ca", "contoso");
	assert_domain("alpine-ski.com.au", "alpine-ski.com.au", "alpine-ski.com.au", "alpineski");
	assert_domain("www.com", "www.com", "www.com", "www");
	assert_domain("httpd.example", "httpd.example", "httpd.example", "httpd");
	assert_domain("https.example", "https.example", "https.example", "https");
}

static void what_is_no_domain_is_none(void **state)
{
	static const char *const texts[] = { "", "n/a", "none", "-", ".", "..", "contoso", "co.uk",
		"qc.ca", "com", "10.1.2.3", "http://10.0.0.1/", "[::1]", "a..b.com", "a b.com",
		"http://", "://", "@", "x@", "contoso.c", "contoso.123", "http://\xff\xfe.com",
		"con\"toso.com", NULL };
	char text[600];
	struct domain d;

	(void)state;
	for (size_t i = 0; texts[i]; i++)
		if (domain_parse(texts[i], strlen(texts[i]), &d))
			fail_msg("\"%s\" is read as %s", texts[i], d.host);
	memset(text, 'a', sizeof(text));
	memcpy(text + 300, ".com", 5);
	assert_false(domain_parse(text, strlen(text), &d));
	memcpy(text + 64, ".com", 5);
	assert_false(domain_parse(text, strlen(text), &d));
	assert_true(domain_parse(text + 1, strlen(text + 1), &d));
}

static void both_spellings_of_a_domain_are_one(void **state)
{
	(void)state;
	assert_domain("https://Boulangerie-Été.ca", "xn--boulangerie-t-mhbb.ca",
		"xn--boulangerie-t-mhbb.ca", "boulangerieete");
	assert_domain("xn--boulangerie-t-mhbb.ca", "xn--boulangerie-t-mhbb.ca",
		"xn--boulangerie-t-mhbb.ca", "boulangerieete");
	assert_domain("xn--ls8h.example", "xn--ls8h.example", "xn--ls8h.example", "");
}

static void strangers_share_some_domains(void **state)
{
	static const char *const generic[] = { "gmail.com", "OUTLOOK.com",
		"www.facebook.com/contoso", "contoso.wixsite.com/home", "contoso.wordpress.com",
		"linkedin.com/in/x", "proton.me", "contoso.sharepoint.com", "yahoo.fr", NULL };
	struct domain d;

	(void)state;
	for (size_t i = 0; generic[i]; i++) {
		assert_true(domain_parse(generic[i], strlen(generic[i]), &d));
		if (!d.generic)
			fail_msg("%s is not generic", generic[i]);
	}
	assert_domain(
		"contoso.onmicrosoft.com", "contoso.onmicrosoft.com", "onmicrosoft.com", "contoso");
	assert_domain("contoso.mail.onmicrosoft.com", "contoso.mail.onmicrosoft.com",
		"onmicrosoft.com", "contoso");
	assert_domain("onmicrosoft.com", "onmicrosoft.com", "onmicrosoft.com", "");
	assert_domain("netorgft123.onmicrosoft.com", "netorgft123.onmicrosoft.com",
		"onmicrosoft.com", "");
	assert_true(domain_parse("notgmail.com", 12, &d) && !d.generic);
}

static void a_field_may_hold_several_websites(void **state)
{
	CLEANUP(mem_free) char *hostile = xcalloc(1, 20001);
	struct domains list;

	(void)state;
	domains_hosts("contoso.com; www.contoso.fr, CONTOSO.COM | n/a (old: contoso.net)", &list);
	domains_finish(&list);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.at[1].host, "contoso.fr");
	assert_string_equal(list.at[2].host, "contoso.net");
	domains_hosts("a.com b.com c.com d.com e.com", &list);
	assert_int_equal(list.n, DOMAINS_MAX);
	domains_hosts("co.uk contoso.co.uk", &list);
	domains_finish(&list);
	assert_int_equal(list.n, 1);
	domains_hosts(NULL, &list);
	assert_int_equal(list.n, 0);
	memset(hostile, '.', 20000);
	domains_hosts(hostile, &list);
	assert_int_equal(list.n, 0);
	memset(hostile, ',', 20000);
	domains_hosts(hostile, &list);
	assert_int_equal(list.n, 0);
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

static void assert_sorted(const char *const *list, size_t n)
{
	for (size_t i = 1; i < n; i++)
		assert_true(strcmp(list[i - 1], list[i]) < 0);
}

/* The lists are searched by halves: an unsorted one would hide some of its words. */
static void every_word_of_the_lists_is_found(void **state)
{
	static const char *const forms[] = { "ab", "ag", "haftungsbeschrankt", "inc", "sarlu",
		"vof", "limitee", "sdn", NULL };
	static const char *const domains[] = { "126.com", "163.com", "gmail.com", "onmicrosoft.com",
		"zohomail.com", "yellowpages.ca", "x.com", "t-online.de", NULL };

	(void)state;
	for (size_t i = 0; forms[i]; i++)
		assert_true(words_legal(forms[i], strlen(forms[i])) != 0);
	assert_true(words_legal("in", 2) == 0 && words_legal("incx", 4) == 0);
	assert_true(words_legal("", 0) == 0);
	for (size_t i = 0; domains[i]; i++)
		assert_true(words_generic_domain(domains[i]));
	for (size_t i = 1; i < ARRAY_LEN(legal); i++)
		assert_true(strcmp(legal[i - 1].word, legal[i].word) < 0);
	assert_sorted(generic_domains, ARRAY_LEN(generic_domains));
	assert_sorted(naming_domains, ARRAY_LEN(naming_domains));
	assert_sorted(common_words, ARRAY_LEN(common_words));
	assert_sorted(weak_names, ARRAY_LEN(weak_names));
	assert_sorted(legal_first, ARRAY_LEN(legal_first));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_labelled_tenants_find_their_companies),
		cmocka_unit_test(a_name_is_read_without_case_accents_width_and_punctuation),
		cmocka_unit_test(legal_forms_fall_away_wherever_they_stand),
		cmocka_unit_test(a_name_that_anybody_may_have_is_weak),
		cmocka_unit_test(sister_companies_differ_in_their_legal_form),
		cmocka_unit_test(names_are_compared_by_words_letters_and_initials),
		cmocka_unit_test(a_long_name_is_equal_to_nothing),
		cmocka_unit_test(bytes_that_are_no_text_are_read_all_the_same),
		cmocka_unit_test(letters_are_never_cut_in_the_middle),
		cmocka_unit_test(a_website_is_read_as_people_write_it),
		cmocka_unit_test(what_is_no_domain_is_none),
		cmocka_unit_test(both_spellings_of_a_domain_are_one),
		cmocka_unit_test(strangers_share_some_domains),
		cmocka_unit_test(a_field_may_hold_several_websites),
		cmocka_unit_test(two_as_good_are_both_ambiguous_and_none_is_certain),
		cmocka_unit_test(
			a_name_with_a_domain_that_resembles_another_company_is_not_certain),
		cmocka_unit_test(the_best_five_are_kept_whatever_their_order),
		cmocka_unit_test(an_inactive_one_is_never_certain_and_a_gone_one_is_no_rival),
		cmocka_unit_test(somebody_elses_website_proves_nothing),
		cmocka_unit_test(a_catch_all_is_never_suggested),
		cmocka_unit_test(nothing_at_all_matches_nothing),
		cmocka_unit_test(every_reason_and_doubt_has_its_word_and_sentence),
		cmocka_unit_test(every_word_of_the_lists_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
