/* base/: strings, dates, faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/digest.h"
#include "base/fault.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/secret.h"
#include "base/str.h"

static void cut_counts_utf16_units_and_keeps_characters_whole(void **state)
{
	(void)state;
	CLEANUP(mem_free) char *fits = utf8_cut("déjà", 4);
	CLEANUP(mem_free) char *cut = utf8_cut("déjà vu", 5);
	CLEANUP(mem_free) char *emoji = utf8_cut("ab😀😀", 5);

	assert_string_equal(fits, "déjà");
	assert_string_equal(cut, "déjà…");
	assert_string_equal(emoji, "ab😀…");
	assert_int_equal(utf8_utf16_len(emoji), 5);
}

static void utf8_refuses_what_is_not_well_formed(void **state)
{
	(void)state;
	assert_true(utf8_valid("é😀", strlen("é😀")));
	assert_false(utf8_valid("\xC0\x80", 2)); /* overlong NUL */
	assert_false(utf8_valid("\xED\xA0\x80", 3)); /* surrogate */
	assert_false(utf8_valid("\xF4\x90\x80\x80", 4));
	assert_false(utf8_valid("\xE2\x82", 2)); /* cut off */
}

static void dates_need_a_zone_and_exist(void **state)
{
	int64_t t = 0;
	char buf[TIME_TEXT_MAX];

	(void)state;
	assert_true(time_parse("2026-11-24T05:04:03.120+01:00", &t));
	assert_string_equal(time_text(t, buf), "2026-11-24T04:04:03.120Z");
	assert_true(time_parse("2024-02-29T00:00:00Z", &t));
	assert_false(time_parse("2025-02-29T00:00:00Z", &t));
	assert_false(time_parse("2026-11-24T05:04:03", &t));
	assert_false(time_parse("2026-11-24T05:04:03Zx", &t));
	assert_false(time_parse("", &t));
}

static void http_dates_are_read_whole(void **state)
{
	int64_t t = 0;
	char buf[TIME_TEXT_MAX];

	(void)state;
	assert_true(time_parse_http("Tue, 24 Nov 2026 05:04:03 GMT", &t));
	assert_string_equal(time_text_s(t, buf), "2026-11-24T05:04:03Z");
	assert_false(time_parse_http("Tue, 24 Nov 2026 05:04:03 GMTx", &t));
	assert_false(time_parse_http("Tue, 24 Nov 2026 25:04:03 GMT", &t));
	assert_false(time_parse_http("soon", &t));
}

static void a_wrapped_fault_keeps_its_sentence_and_its_code(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(fault_set(&f, FAULT_CONFIG, "port %d is taken", 1), -FAULT_CONFIG);
	fault_wrap(&f, "line %d", 7);
	assert_string_equal(f.text, "line 7: port 1 is taken");
	assert_int_equal(f.code, FAULT_CONFIG);
}

static void a_secret_has_a_short_fingerprint(void **state)
{
	char print[9], hex[DIGEST_HEX_MAX];
	CLEANUP(secret_free) struct secret *s = secret_new("abc", 3);

	(void)state;
	secret_fingerprint(s, print);
	digest_hex("abc", 3, hex);
	assert_string_equal(print, "ba7816bf");
	assert_memory_equal(hex, "ba7816bf8f01cfea", 16);
}

static void faults_that_differ_in_numbers_alone_are_the_same(void **state)
{
	(void)state;
	assert_true(str_eq_but_numbers("timed out after 3001 ms", "timed out after 99 ms"));
	assert_true(str_eq_but_numbers("no number", "no number"));
	assert_true(str_eq_but_numbers("ends in 7", "ends in "));
	assert_true(str_eq_but_numbers(NULL, NULL));
	assert_false(str_eq_but_numbers(NULL, ""));
	assert_false(str_eq_but_numbers("port 25 is closed", "port 25 is filtered"));
	assert_false(str_eq_but_numbers("port 25", "port 25 is closed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_counts_utf16_units_and_keeps_characters_whole),
		cmocka_unit_test(utf8_refuses_what_is_not_well_formed),
		cmocka_unit_test(dates_need_a_zone_and_exist),
		cmocka_unit_test(http_dates_are_read_whole),
		cmocka_unit_test(a_wrapped_fault_keeps_its_sentence_and_its_code),
		cmocka_unit_test(a_secret_has_a_short_fingerprint),
		cmocka_unit_test(faults_that_differ_in_numbers_alone_are_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
