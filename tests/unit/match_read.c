/* core/match_name, core/match_domain: how names and domains are read, and the lists of words. */
#include "match_place.h"

#include "core/match_words.c"

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
		cmocka_unit_test(every_word_of_the_lists_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
