/* ctl/csv and ctl/roster: what spreadsheets make of a file of tenants. The command is no library,
 * so its files are included here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ctl/csv.c"
#include "ctl/roster.c"

/* ---- reading ---- */

static int note_row(void *ctx, char **cells, size_t n, int64_t line)
{
	struct str *to = ctx;

	str_addf(to, "%d:", (int)line);
	for (size_t i = 0; i < n; i++)
		str_addf(to, "[%s]", cells[i]);
	return 0;
}

static void assert_rows(const char *text, const char *want)
{
	struct fault f = { 0 };
	STR_AUTO(got);

	assert_int_equal(csv_read(text, strlen(text), note_row, &got, &f), 0);
	assert_string_equal(got.at ? got.at : "", want);
}

static void assert_refused(const char *text, size_t n, const char *part)
{
	struct fault f = { 0 };
	STR_AUTO(got);

	assert_int_equal(csv_read(text, n, note_row, &got, &f), -FAULT_INPUT);
	if (!strstr(f.text, part))
		fail_msg("no '%s' in: %s", part, f.text);
}

static void rows_and_their_lines_are_found_however_lines_end(void **state)
{
	(void)state;
	assert_rows("", "");
	assert_rows("a,b\nc,d\n", "1:[a][b]2:[c][d]");
	assert_rows("a,b\r\nc,d", "1:[a][b]2:[c][d]");
	assert_rows("\xEF\xBB\xBF"
		    "a,b\r\n",
		"1:[a][b]");
	assert_rows("a,b\n\n\r\nc,d\n", "1:[a][b]4:[c][d]");
	assert_rows("a,\n,\n", "1:[a][]2:[][]");
	assert_rows(" a , b\n", "1:[ a ][ b]");
}

static void quotes_hold_separators_quotes_and_line_breaks(void **state)
{
	(void)state;
	assert_rows("\"a,b\",\"c\"\"d\"\n", "1:[a,b][c\"d]");
	assert_rows("\"a\r\nb\",c\nd,e\n", "1:[a\r\nb][c]3:[d][e]");
	assert_rows("x,\"a\n\nb\"\nd,e\n", "1:[x][a\n\nb]4:[d][e]");
	assert_rows("\"\",\"\"\n", "1:[][]");
}

static void the_separator_is_what_the_first_line_uses(void **state)
{
	(void)state;
	assert_rows("a;b;c\n1,5;2;3\n", "1:[a][b][c]2:[1,5][2][3]");
	assert_rows("a\tb\n1\t2\n", "1:[a][b]2:[1][2]");
	assert_rows("\"a;b;c\",d\n", "1:[a;b;c][d]");
	assert_rows("one\ntwo\n", "1:[one]2:[two]");
}

static void what_is_no_csv_is_named_with_its_line(void **state)
{
	char *wide = xcalloc(1, 200), *long_cell = xcalloc(1, CSV_CELL_MAX + 3);

	(void)state;
	assert_refused("a,b\nc\"d,e\n", 10, "line 2: a quote");
	assert_refused("a,b\n\"c\"d,e\n", 11, "line 2: a quote");
	assert_refused("a,b\n\nx,\"open\nmore\n", 18, "line 3: a quote");
	assert_refused("a,b\nx,\xff\n", 8, "line 2 is no text in UTF-8");
	assert_refused("a,b\nx,\0\n", 8, "line 2 is no text in UTF-8");
	memset(wide, ',', CSV_CELLS_MAX);
	assert_refused(wide, CSV_CELLS_MAX, "more than 64 cells");
	assert_rows(wide + 1, /* one separator fewer */
		"1:[][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][]"
		"[][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][]");
	memset(long_cell, 'x', CSV_CELL_MAX + 1);
	assert_refused(long_cell, CSV_CELL_MAX + 1, "a cell of 65537 bytes");
	free(wide);
	free(long_cell);
}

static int stop(void *ctx, char **cells, size_t n, int64_t line)
{
	(void)cells;
	(void)n;
	(void)line;
	return ++*(int *)ctx == 2 ? 42 : 0;
}

static void a_row_can_end_the_reading(void **state)
{
	int seen = 0;

	(void)state;
	assert_int_equal(csv_read("a\nb\nc\n", 6, stop, &seen, NULL), 42);
	assert_int_equal(seen, 2);
}

/* ---- writing ---- */

static void assert_cell(const char *text, const char *want)
{
	STR_AUTO(row);

	str_add(&row, "x");
	csv_add(&row, text);
	assert_string_equal(row.at + 2, want);
}

static void cells_are_quoted_where_they_must_be(void **state)
{
	(void)state;
	assert_cell("plain é", "plain é");
	assert_cell("a,b", "\"a,b\"");
	assert_cell("a;b", "\"a;b\"");
	assert_cell("say \"x\"", "\"say \"\"x\"\"\"");
	assert_cell("a\nb", "\"a\nb\"");
	assert_cell(" a", "\" a\"");
	assert_cell("a ", "\"a \"");
	assert_cell("", "");
	assert_cell(NULL, "");
}

static void a_formula_is_made_harmless_and_comes_back_as_it_was(void **state)
{
	static const char *const texts[] = { "=1+1", "+1", "-1", "@x", "'=1", "''@x", "'x", "x=1",
		"\t=1", "\r", "'", "=\"a,b\"" };
	size_t i;

	(void)state;
	assert_cell("=1+1", "\"'=1+1\"");
	assert_cell("'=1", "\"''=1\"");
	assert_cell("'x", "'x");
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		STR_AUTO(row);
		STR_AUTO(back);
		char *cell;

		csv_add(&row, texts[i]);
		csv_end(&row);
		assert_null(strchr("=+-@\t\r", row.at[row.at[0] == '"']));
		assert_int_equal(csv_read(row.at, row.len, note_row, &back, NULL), 0);
		cell = back.at + 3; /* "1:[" */
		cell[strlen(cell) - 1] = '\0';
		csv_plain(cell);
		assert_string_equal(cell, texts[i]);
	}
}

/* ---- rosters ---- */

static void assert_roster(const char *text, size_t n, const char *first)
{
	struct roster r = { 0 };
	struct fault f = { 0 };
	CLEANUP(mem_free) char *got = NULL;

	assert_int_equal(roster_read(text, strlen(text), &r, &f), 0);
	assert_int_equal(r.n, n);
	if (n) {
		got = r.rows[0].why ? xstrdup(r.rows[0].why) : json_text(r.rows[0].tenant);
		assert_string_equal(got, first);
	}
	roster_free(&r);
}

static void assert_no_roster(const char *text, const char *part)
{
	struct roster r = { 0 };
	struct fault f = { 0 };

	assert_int_equal(roster_read(text, strlen(text), &r, &f), -FAULT_INPUT);
	if (!strstr(f.text, part))
		fail_msg("no '%s' in: %s", part, f.text);
	assert_null(r.rows);
}

static void columns_come_by_name_in_any_order_and_empty_cells_say_nothing(void **state)
{
	(void)state;
	assert_roster("flow,DOMAIN,company\nOFF,a.example, 101 \n", 1,
		"{\"flow\":false,\"domain\":\"a.example\",\"company\":101}");
	assert_roster("id,domain,name\n,a.example,\n", 1, "{\"domain\":\"a.example\"}");
	assert_roster("domain,name\na.example\n", 1, "{\"domain\":\"a.example\"}");
	assert_roster("domain,name\n,\n,\n", 0, NULL);
	assert_roster(
		"domain,name\na.example,'=x\n", 1, "{\"domain\":\"a.example\",\"name\":\"=x\"}");
}

static void a_bad_cell_is_its_rows_mistake(void **state)
{
	(void)state;
	assert_roster("domain,company\na.example,1x\n", 1,
		"company must be a company's id, a number, not \"1x\"");
	assert_roster("domain,company\na.example,-1\n", 1,
		"company must be a company's id, a number, not \"-1\"");
	assert_roster("domain,company\na.example,1234567890123456\n", 1,
		"company must be a company's id, a number, not \"1234567890123456\"");
	assert_roster("domain,flow\na.example,maybe\n", 1, "flow must be on or off, not \"maybe\"");
	assert_roster(
		"domain,flow\na.example,on,x\n", 1, "3 cells, but the first line names 2 columns");
}

static void a_file_that_is_none_of_ours_is_refused_whole(void **state)
{
	(void)state;
	assert_no_roster("", "the file is empty");
	assert_no_roster("\xEF\xBB\xBF\n", "the file is empty");
	assert_no_roster("a.example,101\n", "\"a.example\" is none of id, domain");
	assert_no_roster("domain,,name\n", "\"\" is none of id, domain");
	assert_no_roster("name,company\n", "neither a column id nor a column domain");
	assert_no_roster("id,domain,ID\n", "the column id is there twice");
	assert_no_roster("{\"x\":1}", "no list of tenants");
	assert_no_roster("[1,", "byte");
}

static void json_is_a_list_or_has_one(void **state)
{
	(void)state;
	assert_roster(" [{\"domain\":\"a.example\"},{}]", 2, "{\"domain\":\"a.example\"}");
	assert_roster("{\"tenants\":[{\"id\":\"x\"}]}", 1, "{\"id\":\"x\"}");
	assert_roster("[]", 0, NULL);
}

static void what_is_written_is_read_back(void **state)
{
	static const char text[] =
		"{\"row\":1,\"id\":\"g\",\"domain\":\"a.example\",\"name\":\"=A, \\\"B\\\" é\","
		"\"company\":{\"id\":7,\"identifier\":\"I\",\"name\":\"-C\"},\"flow\":false}";
	static const char want[] =
		"{\"id\":\"g\",\"domain\":\"a.example\",\"name\":\"=A, \\\"B\\\" é\","
		"\"company\":7,\"company_identifier\":\"I\",\"company_name\":\"-C\","
		"\"flow\":false}";
	CLEANUP(json_free) cJSON *tenant = NULL;
	CLEANUP(mem_free) char *csv = NULL;
	CLEANUP(mem_free) char *json = NULL;
	struct roster_item list[1];

	(void)state;
	assert_int_equal(json_parse_reply(text, strlen(text), &tenant, NULL), 0);
	list[0].tenant = tenant;
	csv = roster_csv(list, 1);
	json = roster_json(list, 1);
	assert_roster(csv, 1, want);
	assert_roster(json, 1, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_their_lines_are_found_however_lines_end),
		cmocka_unit_test(quotes_hold_separators_quotes_and_line_breaks),
		cmocka_unit_test(the_separator_is_what_the_first_line_uses),
		cmocka_unit_test(what_is_no_csv_is_named_with_its_line),
		cmocka_unit_test(a_row_can_end_the_reading),
		cmocka_unit_test(cells_are_quoted_where_they_must_be),
		cmocka_unit_test(a_formula_is_made_harmless_and_comes_back_as_it_was),
		cmocka_unit_test(columns_come_by_name_in_any_order_and_empty_cells_say_nothing),
		cmocka_unit_test(a_bad_cell_is_its_rows_mistake),
		cmocka_unit_test(a_file_that_is_none_of_ours_is_refused_whole),
		cmocka_unit_test(json_is_a_list_or_has_one),
		cmocka_unit_test(what_is_written_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
