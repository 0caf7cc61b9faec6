/* The pure pieces of the opbridge command. It is no library, so its files are included here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <locale.h>
#include <cmocka.h>

#include "base/mem.h"
#include "ctl/path.c"
#include "ctl/split.c"
#include "ctl/table.c"
#include "ctl/term.c"
#include "ctl/when.c"

/* ---- term ---- */

static void assert_safe(const char *raw, const char *safe)
{
	CLEANUP(mem_free) char *got = term_safe(raw);

	assert_string_equal(got, safe);
}

static void what_could_move_a_cursor_is_shown_as_text(void **state)
{
	(void)state;
	assert_safe("plain é 日本 😀", "plain é 日本 😀");
	assert_safe("\033[2Jgone", "\\x1b[2Jgone");
	assert_safe("a\r\n\tb\x7f", "a\\x0d\\n\\tb\\x7f");
	assert_safe("\xc2\x9b"
		    "31m",
		"\\u{9b}31m");
	assert_safe("\xff\xc0\x80", "\\xff\\xc0\\x80");
	assert_safe("evil\u202etxt.exe", "evil\\u{202e}txt.exe");
	assert_safe("\u200bx\ufeff", "\\u{200b}x\\u{feff}");
	assert_safe("cut \xe2\x82", "cut \\xe2\\x82");
	assert_safe(NULL, "");
}

static void lines_and_tabs_stay_where_they_are_wanted(void **state)
{
	CLEANUP(mem_free) char *got = term_safe_lines("a\n\tb\033c");

	(void)state;
	assert_string_equal(got, "a\n\tb\\x1bc");
}

static void json_stays_json_when_it_is_made_safe(void **state)
{
	CLEANUP(mem_free)
	char *got = term_safe_json("{\n\t\"a\": \"\xc2\x9b\u202e\xf3\xa0\x81\x81\x7f\xff é\"\n}");

	(void)state;
	assert_string_equal(got, "{\n\t\"a\": \"\\u009b\\u202e\\udb40\\udc41\\u007f\\ufffd é\"\n}");
}

static void width_counts_columns_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(term_columns("Zoë"), 3);
	assert_int_equal(term_columns("日本"), 4);
	assert_int_equal(term_columns("e\u0301"), 1);
	assert_int_equal(term_columns(""), 0);
}

static void assert_cut(const char *text, size_t columns, const char *want)
{
	CLEANUP(mem_free) char *got = term_cut(text, columns);

	assert_string_equal(got, want);
	assert_true(term_columns(got) <= columns);
}

static void a_cut_never_splits_a_character_and_never_overflows(void **state)
{
	(void)state;
	assert_cut("Contoso", 7, "Contoso");
	assert_cut("Contoso", 6, "Conto…");
	assert_cut("日本語", 5, "日本…");
	assert_cut("日本語", 4, "日…");
	assert_cut("abc def", 5, "abc…");
	assert_cut("Contoso", 1, "…");
}

/* What fn prints to a terminal of so many columns. gives: free. */
static char *wrapped(const char *text, int width, size_t at, size_t indent)
{
	char *out = NULL;
	size_t n = 0;
	struct term t = { .width = width };

	t.out = open_memstream(&out, &n);
	assert_non_null(t.out);
	term_wrap(&t, text, at, indent);
	fclose(t.out);
	return out;
}

static void words_wrap_under_their_label(void **state)
{
	CLEANUP(mem_free) char *narrow = wrapped("one two  three four", 12, 4, 4);
	CLEANUP(mem_free) char *pipe = wrapped("one two  three four", 0, 4, 4);
	CLEANUP(mem_free) char *nothing = wrapped("", 12, 0, 0);
	CLEANUP(mem_free) char *long_word = wrapped("a veryverylongword b", 8, 0, 2);

	(void)state;
	assert_string_equal(narrow, "one two\n    three\n    four\n");
	assert_string_equal(pipe, "one two  three four\n");
	assert_string_equal(nothing, "\n");
	assert_string_equal(long_word, "a\n  veryverylongword\n  b\n");
}

/* ---- table ---- */

static char *printed(const struct table *t, int width, bool color)
{
	char *out = NULL;
	size_t n = 0;
	struct term term = { .width = width, .color = color };

	term.out = open_memstream(&out, &n);
	assert_non_null(term.out);
	table_print(t, &term);
	fclose(term.out);
	return out;
}

static struct table *companies(void)
{
	static const char *const titles[] = { ">ID", "NAME", "SITE" };
	struct table *t = table_new(titles, 3);

	table_cellf(t, TONE_PLAIN, "%d", 7);
	table_cell(t, TONE_PLAIN, "日本 Ltd");
	table_cell(t, TONE_PLAIN, NULL);
	table_cellf(t, TONE_PLAIN, "%d", 12345);
	table_cell(t, TONE_PLAIN, "A rather long company name");
	table_cell(t, TONE_BAD, "x\ny");
	return t;
}

static void columns_line_up_by_display_width(void **state)
{
	CLEANUP(table_free) struct table *t = companies();
	CLEANUP(mem_free) char *got = printed(t, 0, false);

	(void)state;
	assert_int_equal(table_rows(t), 2);
	assert_string_equal(got,
		"   ID  NAME                        SITE\n"
		"    7  日本 Ltd                    -\n"
		"12345  A rather long company name  x\\ny\n");
}

static void the_widest_column_gives_way_to_the_terminal(void **state)
{
	CLEANUP(table_free) struct table *t = companies();
	CLEANUP(mem_free) char *got = printed(t, 24, false);

	(void)state;
	assert_string_equal(got,
		"   ID  NAME         SITE\n"
		"    7  日本 Ltd     -\n"
		"12345  A rather l…  x\\ny\n" +
			0);
}

static void numbers_and_titles_are_never_cut(void **state)
{
	CLEANUP(table_free) struct table *t = companies();
	CLEANUP(mem_free) char *got = printed(t, 3, false);

	(void)state;
	assert_non_null(strstr(got, "12345  A rat…  x\\ny\n"));
	assert_non_null(strstr(got, "   ID  NAME    SITE\n"));
}

static void colour_is_outside_of_the_padding(void **state)
{
	CLEANUP(table_free) struct table *t = companies();
	CLEANUP(mem_free) char *got = printed(t, 0, true);

	(void)state;
	assert_non_null(strstr(got, "\033[1mNAME\033[0m      "));
	assert_non_null(strstr(got, "  \033[31mx\\ny\033[0m\n"));
	assert_null(strstr(got, "\033[31mA"));
}

/* ---- when ---- */

static void assert_relative(int64_t seconds_ago, const char *want)
{
	char buf[WHEN_TEXT_MAX];
	const int64_t now = 1800000000000;

	assert_string_equal(when_relative(now - seconds_ago * 1000, now, buf), want);
}

static void times_are_told_in_the_unit_that_fits(void **state)
{
	(void)state;
	assert_relative(0, "just now");
	assert_relative(1, "1 s ago");
	assert_relative(119, "119 s ago");
	assert_relative(120, "2 min ago");
	assert_relative(7199, "119 min ago");
	assert_relative(7200, "2 h ago");
	assert_relative(2 * 86400, "2 days ago");
	assert_relative(-30, "in 30 s");
	assert_relative(-3 * 86400, "in 3 days");
}

static void a_full_time_is_local_and_relative(void **state)
{
	char buf[WHEN_TEXT_MAX];
	int64_t now;

	(void)state;
	setenv("TZ", "UTC-2", 1);
	tzset();
	assert_true(time_parse("2026-11-24T05:07:03Z", &now));
	assert_string_equal(when_full_text("2026-11-24T05:04:03Z", now, buf),
		"2026-11-24 07:04:03 (3 min ago)");
	assert_string_equal(when_full_text(NULL, now, buf), "never");
	assert_string_equal(when_full_text("\033[2J", now, buf), "never");
	assert_string_equal(when_relative_text("2026-11-24T05:04:03Z", now, buf), "3 min ago");
}

static void durations_have_units_and_a_limit(void **state)
{
	long s = -1;

	(void)state;
	assert_true(duration_parse("30", 86400, &s));
	assert_int_equal(s, 30);
	assert_true(duration_parse("5m", 86400, &s));
	assert_int_equal(s, 300);
	assert_true(duration_parse("24h", 86400, &s));
	assert_int_equal(s, 86400);
	assert_true(duration_parse("0s", 86400, &s));
	assert_int_equal(s, 0);
	assert_false(duration_parse("25h", 86400, &s));
	assert_false(duration_parse("86401", 86400, &s));
	assert_false(duration_parse("999999999h", 86400, &s));
	assert_false(duration_parse("1234567890", 86400, &s));
	assert_false(duration_parse("-1", 86400, &s));
	assert_false(duration_parse("", 86400, &s));
	assert_false(duration_parse("5x", 86400, &s));
	assert_false(duration_parse("5mm", 86400, &s));
	assert_int_equal(s, 0);
}

/* ---- path ---- */

static void paths_keep_what_a_person_typed_apart_from_the_syntax(void **state)
{
	STR_AUTO(path);

	(void)state;
	str_add(&path, "/v1/events/");
	path_add(&path, "a/b?c#1 é%\n~");
	path_query(&path, "state", NULL);
	path_query(&path, "state", "");
	path_query(&path, "q", "x&y=z");
	path_query(&path, "limit", "5");
	assert_string_equal(
		path.at, "/v1/events/a%2Fb%3Fc%231%20%C3%A9%25%0A~?q=x%26y%3Dz&limit=5");
}

/* ---- split ---- */

static int note_piece(void *ctx, const char *text, size_t n, int64_t line, const char *bad)
{
	struct str *log = ctx;

	assert_int_equal(strlen(text), n);
	str_addf(log, "%lld:%s%s%s\n", (long long)line, bad ? "!" : "", bad ? bad : text,
		strchr(text, '\n') ? "(broken)" : "");
	return 0;
}

/* Feeds the text in steps of every size, which must make no difference; the end's fault last. */
static void assert_split(const char *text, size_t max, const char *want)
{
	size_t n = strlen(text);

	for (size_t step = 1; step <= n; step++) {
		struct split s;
		struct fault f = { 0 };
		int r = 0;
		STR_AUTO(log);

		split_init(&s, max, note_piece, &log);
		for (size_t i = 0; r == 0 && i < n; i += step)
			r = split_feed(&s, text + i, step < n - i ? step : n - i, &f);
		if (r == 0)
			r = split_end(&s, &f);
		if (r)
			str_addf(&log, "fault: %s\n", f.text);
		split_free(&s);
		assert_string_equal(log.at ? log.at : "", want);
	}
}

static void lines_are_events_and_a_bad_one_ends_with_its_line(void **state)
{
	(void)state;
	assert_split("{\"a\":1}\n{\"b\":2}\n", 99, "1:{\"a\":1}\n2:{\"b\":2}\n");
	assert_split("{\"a\":1}\r\n\r\n  {\"b\":2}  ", 99, "1:{\"a\":1}\n3:{\"b\":2}\n");
	assert_split("{\"a\":1}\n{\"b\":\n{\"c\":3}", 99, "1:{\"a\":1}\n2:{\"b\":\n3:{\"c\":3}\n");
	assert_split("{\"a\":1} x\n{\"b\":2}", 99, "1:{\"a\":1} x\n2:{\"b\":2}\n");
	assert_split("nonsense\n{\"b\":2}", 99, "1:nonsense\n2:{\"b\":2}\n");
	assert_split("{\"a\":\"x\n{\"b\":2}\n", 99, "1:{\"a\":\"x\n2:{\"b\":2}\n");
}

static void objects_may_span_lines(void **state)
{
	(void)state;
	assert_split(
		"{\n \"a\": {\"b\": \"}\\\"{\"}\n}\n", 99, "1:{  \"a\": {\"b\": \"}\\\"{\"} }\n");
	assert_split("\n{\n}\n{}{\"c\":3}", 99, "2:{ }\n4:{}\n4:{\"c\":3}\n");
	assert_split("{\"a\":1}{\"b\":2}\n", 99, "1:{\"a\":1}\n1:{\"b\":2}\n");
	assert_split("{\n}\nx", 99,
		"1:{ }\nfault: line 3: 'x' where the next event's '{' was expected\n");
	assert_split("{\n\"a\":\"x\ny\"}", 99, "1:!a line break inside a string\n");
}

static void an_array_is_taken_apart(void **state)
{
	(void)state;
	assert_split(
		"[{\"a\":[1,2]},\n {\"b\":\"],\"}]\n", 99, "1:{\"a\":[1,2]}\n2:{\"b\":\"],\"}\n");
	assert_split(" [ ] ", 99, "");
	assert_split("[1,\"x\",]", 99, "1:1\n1:\"x\"\n1:!nothing between two commas\n");
	assert_split("[}, {}]", 99, "1:}\n1:{}\n");
	assert_split("[{}] x", 99, "1:{}\nfault: line 1: 'x' where the array had already ended\n");
}

static void an_input_that_is_cut_off_is_told(void **state)
{
	(void)state;
	assert_split("", 99, "");
	assert_split("{\"a\":1", 99,
		"fault: the input ends within the event that began on line 1; is it whole?\n");
	assert_split("{\n}\n{", 99,
		"1:{ }\nfault: the input ends within the event that began on line 3; is it "
		"whole?\n");
	assert_split("[{},{\"a\":", 99,
		"1:{}\nfault: the input ends before the array does, after its event 1; is it "
		"whole?\n");
}

static void an_event_over_the_limit_is_passed_by_alone(void **state)
{
	(void)state;
	assert_split("{\"a\":123}\n{}\n", 9, "1:{\"a\":123}\n2:{}\n");
	assert_split("{\"a\":1234}\n{}\n", 9, "1:!longer than the limit of 9 bytes\n2:{}\n");
	assert_split("{}\n{\"a\":1234}\n", 9, "1:{}\n2:!longer than the limit of 9 bytes\n");
	assert_split("[{\"a\":1234},{}]", 9, "1:!longer than the limit of 9 bytes\n1:{}\n");
	assert_split("{\n\"a\":1234}{}", 9, "1:!longer than the limit of 9 bytes\n2:{}\n");
}

static void a_byte_order_mark_is_no_part_of_an_event(void **state)
{
	struct split s;
	struct fault f = { 0 };
	STR_AUTO(log);

	(void)state;
	split_init(&s, 99, note_piece, &log);
	assert_int_equal(split_feed(&s, "\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}\n", 12, &f), 0);
	assert_int_equal(split_end(&s, &f), 0);
	split_free(&s);
	assert_string_equal(log.at, "1:{}\n2:\xEF\xBB\xBF{}\n");
}

static int stop_at_once(void *ctx, const char *text, size_t n, int64_t line, const char *bad)
{
	(void)text;
	(void)n;
	(void)line;
	(void)bad;
	++*(int *)ctx;
	return 75;
}

static void a_receiver_can_stop_the_stream(void **state)
{
	struct split s;
	struct fault f = { 0 };
	int calls = 0;

	(void)state;
	split_init(&s, 99, stop_at_once, &calls);
	assert_int_equal(split_feed(&s, "{}\n{}\n{}\n", 9, &f), 75);
	split_free(&s);
	assert_int_equal(calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_could_move_a_cursor_is_shown_as_text),
		cmocka_unit_test(lines_and_tabs_stay_where_they_are_wanted),
		cmocka_unit_test(json_stays_json_when_it_is_made_safe),
		cmocka_unit_test(width_counts_columns_not_bytes),
		cmocka_unit_test(a_cut_never_splits_a_character_and_never_overflows),
		cmocka_unit_test(words_wrap_under_their_label),
		cmocka_unit_test(columns_line_up_by_display_width),
		cmocka_unit_test(the_widest_column_gives_way_to_the_terminal),
		cmocka_unit_test(numbers_and_titles_are_never_cut),
		cmocka_unit_test(colour_is_outside_of_the_padding),
		cmocka_unit_test(times_are_told_in_the_unit_that_fits),
		cmocka_unit_test(a_full_time_is_local_and_relative),
		cmocka_unit_test(durations_have_units_and_a_limit),
		cmocka_unit_test(paths_keep_what_a_person_typed_apart_from_the_syntax),
		cmocka_unit_test(lines_are_events_and_a_bad_one_ends_with_its_line),
		cmocka_unit_test(objects_may_span_lines),
		cmocka_unit_test(an_array_is_taken_apart),
		cmocka_unit_test(an_input_that_is_cut_off_is_told),
		cmocka_unit_test(an_event_over_the_limit_is_passed_by_alone),
		cmocka_unit_test(a_byte_order_mark_is_no_part_of_an_event),
		cmocka_unit_test(a_receiver_can_stop_the_stream),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
