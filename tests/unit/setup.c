/* The text of a configuration changed a value at a time. The command is no library, so its file is
 * included here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "ctl/setup_text.c"

static void assert_set(const char *text, const char *path, const char *value, const char *want)
{
	CLEANUP(mem_free) char *got = setup_text_set(text, path, value);
	CLEANUP(mem_free) char *back = setup_text_get(got, path);

	assert_string_equal(got, want);
	assert_string_equal(back, value);
}

static void assert_get(const char *text, const char *path, const char *want)
{
	CLEANUP(mem_free) char *got = setup_text_get(text, path);

	if (!want)
		assert_null(got);
	else
		assert_string_equal(got, want);
}

static void an_old_value_gives_way_and_all_else_stays(void **state)
{
	(void)state;
	assert_set("# head\na = {\n\tsite = \"x\"; # mine\n\tb=2;\n};\n", "a.site", "new",
		"# head\na = {\n\tsite = \"new\"; # mine\n\tb=2;\n};\n");
	assert_set("a:{site:\"x\"\"y\",b:2}", "a.site", "z", "a:{site:\"z\",b:2}");
	assert_set("a = { b = 12; };", "a.b", "13", "a = { b = \"13\"; };");
	assert_set("types_file = \"/x\";", "types_file", "/y", "types_file = \"/y\";");
}

static void a_default_in_a_comment_is_where_the_value_goes(void **state)
{
	(void)state;
	assert_set("a = {\n\t# what it is = this\n\t# board = \"\";\n};\n", "a.board", "20",
		"a = {\n\t# what it is = this\n\tboard = \"20\";\n};\n");
	/* of its own section only, and not of a longer name */
	assert_set("a = {\n\t# board = \"\";\n};\nb = {\n\t# boards = 1;\n};\n", "b.board", "20",
		"a = {\n\t# board = \"\";\n};\nb = {\n\t# boards = 1;\n\tboard = \"20\";\n};\n");
}

static void a_section_or_a_file_without_it_gets_it_at_the_end(void **state)
{
	(void)state;
	assert_set("a = {\n\tx = 1;\n};\n", "a.y", "v", "a = {\n\tx = 1;\n\ty = \"v\";\n};\n");
	assert_set("a = { x = 1 };", "a.y", "v", "a = { x = 1  y = \"v\"; };");
	assert_set("b = 1;", "a.y", "v", "b = 1;\n\na = {\n\ty = \"v\";\n};\n");
	assert_set("", "a.y", "v", "\na = {\n\ty = \"v\";\n};\n");
	assert_set("a = { };\n", "z", "v", "a = { };\n\nz = \"v\";\n");
}

static void what_only_looks_like_a_setting_is_none(void **state)
{
	(void)state;
	assert_get("/* a = { b = \"1\"; }; */ a = { // b = \"2\";\n b = \"3\"; };", "a.b", "3");
	assert_get("x = \"a = { b = 1 }\"; a = { c = { b = 5; }; b = \"}\"; };", "a.b", "}");
	assert_get("l = ( { b = 1; }, \")\" ); a = { b = \"ok\"; };", "a.b", "ok");
	assert_get("a = {\n# b = \"1\";\n};", "a.b", NULL);
	assert_get("a = { bb = \"1\"; };", "a.b", NULL);
	assert_get("a = 5;", "a.b", NULL);
	assert_get("b = \"1\";", "a.b", NULL);
}

static void values_are_read_as_they_are_meant(void **state)
{
	(void)state;
	assert_get("a = { b = \"say \\\"hi\\\" \\\\ \\n\"; };", "a.b", "say \"hi\" \\ \n");
	assert_get("a = { b = \"one\" /* and */ \"two\"; };", "a.b", "onetwo");
	assert_get("a = { b = true; c = 30 };", "a.b", "true");
	assert_get("a = { b = true; c = 30 };", "a.c", "30");
	assert_get("a = { b = \"\"; };", "a.b", "");
	assert_set("a = { b = \"\"; };", "a.b", "q\"\\\n", "a = { b = \"q\\\"\\\\\\n\"; };");
}

/* The daemon refuses these before; here they only must not be walked past their end. */
static void broken_texts_end(void **state)
{
	static const char *const broken[] = { "a", "a =", "a = {", "a = { b",
		"a = { b =", "a = { b = \"", "a = { b = \"\\", "a = ( (", "/* ", "= ;",
		"a = { b = ; };", "a = ; ; ;", "}", "a = { } }", "#" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		CLEANUP(mem_free) char *got = setup_text_get(broken[i], "a.b");
		CLEANUP(mem_free) char *set = setup_text_set(broken[i], "a.b", "v");

		assert_non_null(set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_value_gives_way_and_all_else_stays),
		cmocka_unit_test(a_default_in_a_comment_is_where_the_value_goes),
		cmocka_unit_test(a_section_or_a_file_without_it_gets_it_at_the_end),
		cmocka_unit_test(what_only_looks_like_a_setting_is_none),
		cmocka_unit_test(values_are_read_as_they_are_meant),
		cmocka_unit_test(broken_texts_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
