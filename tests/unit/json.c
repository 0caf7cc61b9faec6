/* base/json: what the strict scanner lets through, and what it refuses with which sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"

static const struct json_limits small = { .max_bytes = 4096, .max_depth = 3, .max_tokens = 100 };

/* A literal with its true length, NUL bytes inside included. */
#define TEXT(literal) (literal), sizeof(literal) - 1

static void takes(const char *text, size_t n)
{
	CLEANUP(json_free) cJSON *node = NULL;
	struct fault f = { 0 };

	if (json_parse(text, n, &small, &node, &f) != 0)
		fail_msg("refused: %.*s (%s)", (int)n, text, f.text);
	assert_non_null(node);
}

/* Refused, the sentence holding `says`, by both kinds of parse unless `reply_takes`. */
static void refuses_but(const char *text, size_t n, const char *says, bool reply_takes)
{
	CLEANUP(json_free) cJSON *node = NULL;
	CLEANUP(json_free) cJSON *reply = NULL;
	struct fault f = { 0 };

	if (json_parse(text, n, &small, &node, &f) != -FAULT_INPUT)
		fail_msg("not refused: %.*s", (int)n, text);
	assert_null(node);
	if (!strstr(f.text, says))
		fail_msg("%.*s: says \"%s\", not \"%s\"", (int)n, text, f.text, says);
	assert_int_equal(json_parse_reply(text, n, &reply, &f), reply_takes ? 0 : -FAULT_INPUT);
}

static void refuses(const char *text, size_t n, const char *says)
{
	refuses_but(text, n, says, false);
}

static void plain_json_is_taken(void **state)
{
	(void)state;
	takes(TEXT("{}"));
	takes(TEXT(" \t\r\n[ ] \n"));
	takes(TEXT("null"));
	takes(TEXT("\"x\""));
	takes(TEXT("0"));
	takes(TEXT("{\"a\":[1,-2.5e+3,true,false,null,\"\"],\"b\":{}}"));
	takes(TEXT("\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 \\uD83D\\uDE00\""));
	takes(TEXT("\"\x7F \xC2\x80 \xEF\xBF\xBF \xF4\x8F\xBF\xBF\""));
	takes(TEXT("\"\\uFEFF\""));
}

static void exactly_one_value_is_taken(void **state)
{
	(void)state;
	refuses(TEXT(""), "the text is empty");
	refuses(TEXT(" \n "), "the text is empty");
	refuses(TEXT("{} {}"), "byte 4: something follows");
	refuses(TEXT("{}x"), "byte 3: something follows");
	refuses(TEXT("{}\0"), "byte 3: something follows");
	refuses(TEXT("nullnull"), "byte 5: something follows");
	refuses(TEXT("\xEF\xBB\xBF{}"), "byte 1: a byte order mark");
	refuses(TEXT("\0{}"), "byte 1: a value must stand here");
}

static void grammar_is_kept_to_the_letter(void **state)
{
	(void)state;
	refuses(TEXT("{"), "byte 2: a member's name");
	refuses(TEXT("{\"a\""), "byte 5: a colon");
	refuses(TEXT("{\"a\":"), "byte 6: the text ends where a value must stand");
	refuses(TEXT("{\"a\":1"), "byte 7: the text ends before it is complete");
	refuses(TEXT("{\"a\":1,}"), "byte 8: a member's name");
	refuses(TEXT("{\"a\" 1}"), "byte 6: a colon");
	refuses(TEXT("{\"a\":1 \"b\":2}"), "byte 8: a comma or }");
	refuses(TEXT("{a:1}"), "byte 2: a member's name");
	refuses(TEXT("{'a':1}"), "byte 2: a member's name");
	refuses(TEXT("[1,]"), "byte 4: a value must stand here");
	refuses(TEXT("[1 2]"), "byte 4: a comma or ]");
	refuses(TEXT("[1}"), "byte 3: a comma or ]");
	refuses(TEXT("[,1]"), "byte 2: a value");
	refuses(TEXT("]"), "byte 1: a value");
	refuses(TEXT("True"), "byte 1: a value");
	refuses(TEXT("nul"), "byte 1: a value");
	refuses(TEXT("NaN"), "byte 1: a value");
	refuses(TEXT("/* a */ 1"), "byte 1: a value");
	refuses(TEXT("[1]\v"), "byte 4: something follows");
}

static void strings_hold_no_control_characters_and_no_nul(void **state)
{
	(void)state;
	refuses(TEXT("\"a\nb\""), "byte 3: a raw control character");
	refuses(TEXT("\"a\x1F\""), "byte 3: a raw control character");
	refuses(TEXT("\"a\0b\""), "byte 3: a NUL byte");
	refuses(TEXT("{\"a\0\":1}"), "byte 4: a NUL byte");
	refuses(TEXT("\"abc"), "byte 5: the text ends inside a string");
	refuses(TEXT("\"abc\\"), "byte 5: the text ends inside a string");
	refuses(TEXT("\"\\x41\""), "byte 2: an unknown escape");
	refuses(TEXT("\"\\\0\""), "byte 2: an unknown escape");
	refuses(TEXT("\"\\u12\""), "byte 2: four hex digits");
	refuses(TEXT("\"\\u12g4\""), "byte 2: four hex digits");
	refuses(TEXT("\"\\u"), "byte 2: four hex digits");
	refuses_but(TEXT("\"evt-1\\u0000evil\""), "byte 7: \\u0000", true);
	refuses_but(TEXT("{\"i\\u0000d\":1}"), "byte 4: \\u0000", true);
}

static void strings_are_well_formed_unicode(void **state)
{
	(void)state;
	refuses(TEXT("\"\xC0\x80\""), "byte 2: not valid UTF-8");
	refuses(TEXT("\"\xE9\""), "byte 2: not valid UTF-8"); /* Latin-1 */
	refuses(TEXT("\"ab\x80\""), "byte 4: not valid UTF-8");
	refuses(TEXT("\"\xED\xA0\x80\""), "byte 2: not valid UTF-8"); /* surrogate */
	refuses(TEXT("\"\xF5\x80\x80\x80\""), "byte 2: not valid UTF-8");
	refuses(TEXT("\"\xE2\x82\""), "byte 2: not valid UTF-8");
	refuses(TEXT("\"\xE2"), "byte 2: not valid UTF-8");
	refuses(TEXT("{\"\xFF\":1}"), "byte 3: not valid UTF-8");
	refuses(TEXT("\xFF"), "byte 1: a value");
	refuses_but(TEXT("\"\\uD83D\""), "byte 2: half of a surrogate pair", true);
	refuses_but(TEXT("\"\\uDE00\\uD83D\""), "byte 2: half of a surrogate pair", true);
	refuses_but(TEXT("\"\\uD83D\\u0041\""), "byte 2: half of a surrogate pair", true);
	refuses_but(TEXT("\"\\uD83Dx\""), "byte 2: half of a surrogate pair", true);
}

static void numbers_follow_the_grammar_and_fit_a_double(void **state)
{
	(void)state;
	takes(TEXT("-0"));
	takes(TEXT("1.5E-7"));
	takes(TEXT("1e308"));
	takes(TEXT("9007199254740992"));
	takes(TEXT("-9007199254740992"));
	refuses_but(TEXT("9007199254740993"), "byte 1: a whole number beyond 2^53", true);
	refuses_but(TEXT("-9007199254740993"), "byte 1: a whole number beyond 2^53", true);
	refuses_but(TEXT("99999999999999999999"), "byte 1: a whole number beyond 2^53", true);
	refuses(TEXT("[1,1e999]"), "byte 4: a number too large");
	refuses(TEXT("-1e309"), "byte 1: a number too large");
	refuses(TEXT("0123"), "byte 1: a number may not begin with 0");
	refuses(TEXT("-01"), "byte 2: a number may not begin with 0");
	refuses(TEXT("-"), "byte 2: a digit must follow the minus");
	refuses(TEXT("1."), "byte 3: a digit must follow the decimal point");
	refuses(TEXT("1.e5"), "byte 3: a digit must follow the decimal point");
	refuses(TEXT("1e"), "byte 3: a digit must follow the exponent");
	refuses(TEXT("1e+"), "byte 4: a digit must follow the exponent");
	refuses(TEXT(".5"), "byte 1: a value");
	refuses(TEXT("+1"), "byte 1: a value");
	refuses(TEXT("0x1F"), "byte 2: something follows");
}

static void a_number_may_be_63_characters_long(void **state)
{
	char text[66];

	(void)state;
	memset(text, '1', sizeof(text));
	text[1] = '.';
	takes(text, 63);
	refuses(text, 64, "byte 1: a number of more than 63 characters");
}

static void a_member_named_twice_is_refused_however_it_is_written(void **state)
{
	(void)state;
	refuses_but(TEXT("{\"a\":1,\"b\":2,\"a\":3}"), "byte 14: the member \"a\" is there twice",
		true);
	refuses_but(TEXT("{\"a\":1,\"\\u0061\":2}"), "byte 8: the member \"\\u0061\"", true);
	refuses_but(TEXT("{\"\\u00E9\":1,\"\xC3\xA9\":2}"), "is there twice", true);
	refuses_but(TEXT("{\"\\uD83D\\ude00\":1,\"\xF0\x9F\x98\x80\":2}"), "is there twice", true);
	refuses_but(TEXT("{\"\\n\":1,\"\\u000A\":2}"), "is there twice", true);
	refuses_but(TEXT("{\"/\":1,\"\\/\":2}"), "is there twice", true);
	refuses_but(TEXT("{\"\":1,\"\":2}"), "is there twice", true);
	refuses_but(TEXT("[{\"x\":{\"k\":1,\"k\":2}}]"), "the member \"k\" is there twice", true);
	refuses_but(TEXT("{\"a\":{\"b\":1},\"c\":1,\"a\":1}"), "the member \"a\"", true);
}

static void like_names_are_told_apart(void **state)
{
	(void)state;
	takes(TEXT("{\"a\":{\"a\":1},\"A\":2,\"ab\":3,\"\":4,\"\\u0061b\\u0063\":5}"));
	takes(TEXT("[{\"a\":1},{\"a\":1}]"));
	takes(TEXT("{\"\\\\u0061\":1,\"a\":2}"));
	takes(TEXT("{\"\\uD83D\\uDE00\":1,\"\\uD83D\\uDE01\":2,\"\\uFFFD\":3}"));
	takes(TEXT("{\"\\u00e9\":1,\"e\\u0301\":2}"));
}

static void a_long_name_is_cut_in_the_sentence_between_characters(void **state)
{
	STR_AUTO(text);
	struct fault f = { 0 };
	cJSON *node = NULL;
	int i, k;

	(void)state;
	str_addc(&text, '{');
	for (k = 0; k < 2; k++) {
		str_add(&text, k ? ",\"x" : "\"x");
		for (i = 0; i < 40; i++)
			str_add(&text, "é");
		str_add(&text, "\":1");
	}
	str_addc(&text, '}');
	assert_int_equal(json_parse(text.at, text.len, &small, &node, &f), -FAULT_INPUT);
	assert_true(utf8_valid(f.text, strlen(f.text)));
	assert_non_null(strstr(f.text, "xéé"));
}

static void depth_is_counted_from_the_outermost_object(void **state)
{
	(void)state;
	takes(TEXT("[{\"a\":[1]}]"));
	refuses_but(TEXT("[{\"a\":[{}]}]"), "byte 8: objects and lists are nested more than 3 deep",
		true);
	takes(TEXT("[[[]],[[]],[[]]]"));
}

static void a_hundred_thousand_brackets_are_refused_without_recursion(void **state)
{
	size_t n = 100000;
	CLEANUP(mem_free) char *text = xcalloc(n, 1);
	CLEANUP(json_free) cJSON *node = NULL;
	struct fault f = { 0 };

	(void)state;
	memset(text, '[', n);
	assert_int_equal(json_parse_reply(text, n, &node, &f), -FAULT_INPUT);
	assert_string_equal(
		f.text, "JSON, byte 65: objects and lists are nested more than 64 deep");
}

static void values_and_keys_are_counted(void **state)
{
	static const struct json_limits five = {
		.max_bytes = 100, .max_depth = 3, .max_tokens = 5
	};
	CLEANUP(json_free) cJSON *node = NULL;
	cJSON *none = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(json_parse(TEXT("{\"a\":1,\"b\":2}"), &five, &node, &f), 0);
	assert_int_equal(json_parse(TEXT("[1,2,3,4,5]"), &five, &none, &f), -FAULT_INPUT);
	assert_non_null(strstr(f.text, "byte 10: more than 5 values and keys"));
	assert_null(none);
}

static void bytes_are_counted_white_space_included(void **state)
{
	static const struct json_limits four = { .max_bytes = 4, .max_depth = 1, .max_tokens = 9 };
	CLEANUP(json_free) cJSON *node = NULL;
	cJSON *none = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(json_parse(TEXT("[1] "), &four, &node, &f), 0);
	assert_int_equal(json_parse(TEXT("[1]  "), &four, &none, &f), -FAULT_TOO_LARGE);
	assert_string_equal(f.text, "the JSON is 5 bytes long; at most 4 are taken");
	assert_null(none);
}

/* 60,000 names that share a long beginning: compared each with each, this would take minutes. */
static void many_names_cost_no_square(void **state)
{
	static const struct json_limits large = { 4 << 20, 2, 200000 };
	CLEANUP(json_free) cJSON *node = NULL;
	STR_AUTO(text);
	struct fault f = { 0 };
	clock_t start;
	int i;

	(void)state;
	for (i = 0; i < 60000; i++)
		str_addf(&text, "%c\"a-name-like-all-the-others-%d\":0", i ? ',' : '{', i);
	str_add(&text, ",\"\\u0061-name-like-all-the-others-0\":0}");
	start = clock();
	assert_int_equal(json_parse(text.at, text.len, &large, &node, &f), -FAULT_INPUT);
	assert_non_null(strstr(f.text, "is there twice"));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
}

static void a_text_needs_no_terminator(void **state)
{
	static const char *const texts[] = { "{\"a\":12}", "[true]", "123", "null", "\"x\"",
		"[1,2" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++) { /* exact heap blocks: ASan guards their ends */
		size_t n = strlen(texts[i]);
		char *exact = xcalloc(n, 1);
		cJSON *node = NULL;
		struct fault f = { 0 };

		memcpy(exact, texts[i], n);
		assert_int_equal(
			json_parse(exact, n, &small, &node, &f), i == 5 ? -FAULT_INPUT : 0);
		json_free(node);
		mem_free(exact);
	}
}

/* Each prefix of a text with everything in it ends in a refusal, and in no stray read. */
static void every_prefix_is_refused(void **state)
{
	static const char whole[] = "{\"a\\u00e9\":[1.5e3,\"\\ud83d\\ude00 \xC3\xA9\",true,null],"
				    "\"b\":{\"c\":-0.1}}";
	size_t n;

	(void)state;
	takes(TEXT(whole));
	for (n = 0; n < sizeof(whole) - 1; n++) {
		char *exact = xcalloc(n + 1, 1);
		cJSON *node = NULL;
		struct fault f = { 0 };

		memcpy(exact, whole, n);
		assert_int_equal(json_parse(exact, n, &small, &node, &f), -FAULT_INPUT);
		assert_non_null(strstr(f.text, n ? "byte " : "empty"));
		mem_free(exact);
	}
}

static void a_reply_is_mended_where_its_strings_are_odd(void **state)
{
	CLEANUP(json_free) cJSON *node = NULL;
	struct fault f = { 0 };
	int64_t v = 0;

	(void)state;
	assert_int_equal(
		json_parse_reply(TEXT("{\"a\":\"x\\u0000y \\\\u0000\",\"b\":\"cut\\uD83D\","
				      "\"c\":\"\\uD83D\\uDE00\",\"a\":\"second\","
				      "\"d\":9007199254740993}"),
			&node, &f),
		0);
	assert_string_equal(json_str(node, "a"), "x y \\u0000");
	assert_string_equal(json_str(node, "b"), "cut\xEF\xBF\xBD");
	assert_string_equal(json_str(node, "c"), "\xF0\x9F\x98\x80");
	assert_true(json_int(node, "d", &v)); /* rounded to 2^53 itself */
}

static void questions_tell_types_and_case_apart(void **state)
{
	CLEANUP(json_free) cJSON *node = NULL;
	struct fault f = { 0 };
	int64_t v = -7;

	(void)state;
	assert_int_equal(
		json_parse(TEXT("{\"Id\":5,\"s\":\"t\",\"y\":true,\"w\":\"False\",\"n\":null,"
				"\"half\":1.5,\"big\":1e17,\"neg\":-9007199254740992,"
				"\"status\":{\"id\":9,\"name\":\"New\",\"in\":{\"to\":\"deep\"}}}"),
			&small, &node, &f),
		0);
	assert_null(json_get(node, "id"));
	assert_null(json_get(NULL, "id"));
	assert_null(json_str(node, "Id"));
	assert_string_equal(json_str(node, "s"), "t");
	assert_true(json_bool(node, "y", false));
	assert_false(json_bool(node, "w", true));
	assert_true(json_bool(node, "n", true));
	assert_true(json_bool(node, "absent", true));
	assert_false(json_int(node, "half", &v));
	assert_false(json_int(node, "big", &v));
	assert_false(json_int(node, "s", &v));
	assert_int_equal(v, -7);
	assert_true(json_int(node, "neg", &v));
	assert_true(v == -(INT64_C(1) << 53));
	assert_true(json_int_at(node, "status/id", &v));
	assert_int_equal(v, 9);
	assert_string_equal(json_str_at(node, "status/name"), "New");
	assert_string_equal(json_str_at(node, "status/in/to"), "deep");
	assert_null(json_at(node, "status/id/x"));
	assert_null(json_at(node, "none/id"));
	assert_null(json_at(node, ""));
}

static void what_is_built_reads_as_one_line(void **state)
{
	CLEANUP(json_free) cJSON *node = json_object();
	CLEANUP(mem_free) char *text = NULL;
	cJSON *list;

	(void)state;
	json_add_str(node, "s", "q\" b\\ n\n \x01 é /");
	json_add_str(node, "none", NULL);
	json_add_int(node, "uid", -1);
	json_add_int(node, "big", (INT64_C(1) << 53) - 1);
	json_add_bool(node, "b", true);
	json_add_null(node, "z");
	json_add_time(node, "t", 1000);
	json_add_time(node, "never", 0);
	list = json_add_array(node, "l");
	json_push_str(list, "x");
	json_push_str(list, NULL);
	json_push(list, json_object());
	json_add_int(json_add_object(node, "o"), "i", 0);
	text = json_text(node);
	assert_string_equal(text,
		"{\"s\":\"q\\\" b\\\\ n\\n \\u0001 é /\",\"big\":9007199254740991,"
		"\"b\":true,\"z\":null,\"t\":\"1970-01-01T00:00:01.000Z\","
		"\"never\":null,\"l\":[\"x\",{}],\"o\":{\"i\":0}}");
}

static void numbers_are_written_so_that_they_read_the_same(void **state)
{
	static const char text[] = "[9007199254740991,-9007199254740992,0,0.1,1e+300,-2.5,"
				   "0.30000000000000004,123456789012345.7,1e-07,"
				   "9007199254740994.0,-9007199254740996.0,1e+17]";
	CLEANUP(json_free) cJSON *node = NULL;
	CLEANUP(mem_free) char *out = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(json_parse(TEXT(text), &small, &node, &f), 0);
	out = json_text(node);
	assert_string_equal(out, text);
}

static void pretty_text_is_indented(void **state)
{
	CLEANUP(json_free) cJSON *node = NULL;
	CLEANUP(mem_free) char *text = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(json_parse(TEXT("{\"a\":[1,{}],\"b\":[]}"), &small, &node, &f), 0);
	text = json_text_pretty(node);
	assert_string_equal(text, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

static void sorted_text_is_the_same_whatever_the_order(void **state)
{
	CLEANUP(json_free) cJSON *node = NULL;
	CLEANUP(json_free) cJSON *copy = NULL;
	CLEANUP(mem_free) char *text = NULL;
	CLEANUP(mem_free) char *copied = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(json_parse(TEXT("{\"b\":[{\"y\":1,\"x\":2},3],\"B\":{},\"a\":\"\"}"),
				 &small, &node, &f),
		0);
	copy = json_copy(node);
	text = json_text_sorted(node);
	copied = json_text(copy);
	assert_string_equal(text, "{\"B\":{},\"a\":\"\",\"b\":[{\"x\":2,\"y\":1},3]}");
	assert_string_equal(copied, "{\"b\":[{\"y\":1,\"x\":2},3],\"B\":{},\"a\":\"\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_json_is_taken),
		cmocka_unit_test(exactly_one_value_is_taken),
		cmocka_unit_test(grammar_is_kept_to_the_letter),
		cmocka_unit_test(strings_hold_no_control_characters_and_no_nul),
		cmocka_unit_test(strings_are_well_formed_unicode),
		cmocka_unit_test(numbers_follow_the_grammar_and_fit_a_double),
		cmocka_unit_test(a_number_may_be_63_characters_long),
		cmocka_unit_test(a_member_named_twice_is_refused_however_it_is_written),
		cmocka_unit_test(like_names_are_told_apart),
		cmocka_unit_test(a_long_name_is_cut_in_the_sentence_between_characters),
		cmocka_unit_test(depth_is_counted_from_the_outermost_object),
		cmocka_unit_test(a_hundred_thousand_brackets_are_refused_without_recursion),
		cmocka_unit_test(values_and_keys_are_counted),
		cmocka_unit_test(bytes_are_counted_white_space_included),
		cmocka_unit_test(many_names_cost_no_square),
		cmocka_unit_test(a_text_needs_no_terminator),
		cmocka_unit_test(every_prefix_is_refused),
		cmocka_unit_test(a_reply_is_mended_where_its_strings_are_odd),
		cmocka_unit_test(questions_tell_types_and_case_apart),
		cmocka_unit_test(what_is_built_reads_as_one_line),
		cmocka_unit_test(numbers_are_written_so_that_they_read_the_same),
		cmocka_unit_test(pretty_text_is_indented),
		cmocka_unit_test(sorted_text_is_the_same_whatever_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
