/* The site as typed, the codebase, encoding, condition literals, Link headers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "core/plain.h"
#include "core/site.h"

static void people_type_the_site_in_many_ways(void **state)
{
	static const char *const rows[][2] = {
		{ "na.myconnectwise.net", "na.myconnectwise.net" },
		{ "https://na.myconnectwise.net/", "na.myconnectwise.net" },
		{ "  HTTPS://NA.MyConnectWise.NET/v4_6_release/apis/3.0/ \n",
			"na.myconnectwise.net" },
		{ "na.myconnectwise.net.", "na.myconnectwise.net" },
		{ "na.myconnectwise.net./login", "na.myconnectwise.net" },
		{ "https://cw.example.com:8443/x?y=https://z", "cw.example.com:8443" },
		{ "cw.example.com.:8443", "cw.example.com:8443" },
		{ "cw.example.com?company=x", "cw.example.com" },
		{ "cw.example.com#top", "cw.example.com" },
		{ "cw.example.com/?next=http://x", "cw.example.com" },
		{ "cwserver", "cwserver" },
		{ "cw_server-1.local", "cw_server-1.local" },
		{ "127.0.0.1:8443", "127.0.0.1:8443" },
		{ "[::1]:8443", "[::1]:8443" },
		{ "https://[FE80::1]", "[fe80::1]" },
		{ "h:65535", "h:65535" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *host = NULL;
		struct fault f = { 0 };

		if (site_host(rows[i][0], &host, &f) != 0)
			fail_msg("%s: %s", rows[i][0], f.text);
		assert_string_equal(host, rows[i][1]);
	}
}

static void what_cannot_be_a_site_is_refused_with_a_reason(void **state)
{
	static const char *const rows[][2] = {
		{ "", "missing" },
		{ " \t", "missing" },
		{ "http://na.myconnectwise.net", "write https://" },
		{ "HTTP://na.myconnectwise.net", "write https://" },
		{ "ftp://na.myconnectwise.net", "begin with https://" },
		{ "https://", "names no host" },
		{ "https:///x", "names no host" },
		{ "/login", "names no host" },
		{ "https://anna:secret@na.myconnectwise.net", "user name" },
		{ "anna@na.myconnectwise.net", "user name" },
		{ "na.myconnectwise.net:", "no port" },
		{ "na.myconnectwise.net:0", "no port" },
		{ "na.myconnectwise.net:65536", "no port" },
		{ "na.myconnectwise.net:99999999999999999999", "no port" },
		{ "na.myconnectwise.net:44x", "no port" },
		{ "https:na.myconnectwise.net", "no port" },
		{ ".", "no host name" },
		{ "na..myconnectwise.net", "no host name" },
		{ ".na.myconnectwise.net", "no host name" },
		{ "na.myconnectwise.net..", "no host name" },
		{ "-na.example", "no host name" },
		{ "na-.example", "no host name" },
		{ "na my connectwise", "no host name" },
		{ "na.example\\x", "no host name" },
		{ "n\xC3\xA4.example", "no host name" },
		{ "na.example\r\nHost evil", "no host name" },
		{ "[::1", "no host name" },
		{ "[]", "no host name" },
		{ "[na.example]", "no host name" },
		{ "[::1]x", "no host name" },
		{ "a123456789012345678901234567890123456789012345678901234567890123.net",
			"no host name" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *host = NULL;
		struct fault f = { 0 };

		assert_int_equal(site_host(rows[i][0], &host, &f), -FAULT_INPUT);
		assert_null(host);
		if (!strstr(f.text, rows[i][1]))
			fail_msg("%s: %s", rows[i][0], f.text);
		assert_null(strpbrk(f.text, "\r\n\t"));
		assert_null(strstr(f.text, "secret")); /* a password is not repeated */
	}
}

static void a_host_of_more_than_253_bytes_is_refused(void **state)
{
	char host[255], *got = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(host); i++)
		host[i] = i % 50 == 49 ? '.' : 'a';
	host[254] = '\0';
	assert_int_equal(site_host(host, &got, NULL), -FAULT_INPUT);
	host[253] = '\0';
	assert_int_equal(site_host(host, &got, NULL), 0);
	assert_string_equal(got, host);
	mem_free(got);
}

static void only_the_known_cloud_hosts_get_the_prefix(void **state)
{
	static const char *const rows[][2] = {
		{ "na.myconnectwise.net", "api-na.myconnectwise.net" },
		{ "eu.myconnectwise.net", "api-eu.myconnectwise.net" },
		{ "au.myconnectwise.net", "api-au.myconnectwise.net" },
		{ "aus.myconnectwise.net:443", "api-aus.myconnectwise.net:443" },
		{ "za.myconnectwise.net", "api-za.myconnectwise.net" },
		{ "staging.connectwisedev.com", "api-staging.connectwisedev.com" },
		{ "api-na.myconnectwise.net", "api-na.myconnectwise.net" },
		{ "na.myconnectwise.net.evil.example", "na.myconnectwise.net.evil.example" },
		{ "connect.msp.example", "connect.msp.example" },
		{ "xx.myconnectwise.net", "xx.myconnectwise.net" },
		{ "na.myconnectwise.ne", "na.myconnectwise.ne" },
		{ "127.0.0.1:8443", "127.0.0.1:8443" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *host = site_api_host(rows[i][0]);

		assert_string_equal(host, rows[i][1]);
	}
}

static int read_info(const char *text, struct company_info *ret, struct fault *f)
{
	CLEANUP(json_free) cJSON *node = NULL;

	assert_int_equal(json_parse_reply(text, strlen(text), &node, NULL), 0);
	return company_info_read(node, ret, f);
}

static void the_codebase_ends_in_one_slash(void **state)
{
	static const struct {
		const char *text, *codebase;
		bool cloud;
	} rows[] = {
		{ "{\"Codebase\":\"v2025_1/\",\"IsCloud\":\"True\"}", "v2025_1/", true },
		{ "{\"Codebase\":\"v2025_1\",\"IsCloud\":true}", "v2025_1/", true },
		{ "{\"Codebase\":\"/v4_6_release//\",\"IsCloud\":false}", "v4_6_release/", false },
		{ "{\"codebase\":\" v4_6_release/ \",\"IsCloud\":\"False\"}", "v4_6_release/",
			false },
		{ "{\"Codebase\":\"a/b/\"}", "a/b/", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct company_info info = { 0 };
		CLEANUP(mem_free) char *url = NULL;
		CLEANUP(mem_free) char *want = NULL;

		assert_int_equal(read_info(rows[i].text, &info, NULL), 0);
		assert_string_equal(info.codebase, rows[i].codebase);
		assert_int_equal(info.is_cloud, rows[i].cloud);
		assert_null(info.version);
		url = site_base_url("api-na.myconnectwise.net", info.codebase);
		want = xasprintf("https://api-na.myconnectwise.net/%sapis/3.0/", rows[i].codebase);
		assert_string_equal(url, want);
		company_info_clear(&info);
		assert_null(info.codebase);
	}
}

static void the_version_is_kept(void **state)
{
	struct company_info info = { 0 };

	(void)state;
	assert_int_equal(
		read_info("{\"Codebase\":\"v1/\",\"VersionNumber\":\"v4.6\\n38842\"}", &info, NULL),
		0);
	assert_string_equal(info.version, "v4.6 38842");
	company_info_clear(&info);
}

static void null_means_an_unknown_company(void **state)
{
	struct company_info info = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(read_info("null", &info, &f), -FAULT_NOT_FOUND);
	assert_non_null(strstr(f.text, "company id"));
	assert_int_equal(company_info_read(NULL, &info, &f), -FAULT_NOT_FOUND);
	assert_null(info.codebase);
}

static void a_codebase_that_could_lead_elsewhere_is_refused(void **state)
{
	static const char *const rows[] = {
		"{}",
		"[]",
		"\"v1/\"",
		"{\"Codebase\":null}",
		"{\"Codebase\":7}",
		"{\"Codebase\":\"\"}",
		"{\"Codebase\":\" / \"}",
		"{\"Codebase\":\"../\"}",
		"{\"Codebase\":\"a//b/\"}",
		"{\"Codebase\":\"v1@evil.example/\"}",
		"{\"Codebase\":\"v1?x=\"}",
		"{\"Codebase\":\"v1%2F\"}",
		"{\"Codebase\":\"v1\\r\\nX: y\"}",
		"{\"Codebase\":\"v\\u00e9/\"}",
		"{\"Codebase\":"
		"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct company_info info = { 0 };
		struct fault f = { 0 };

		if (read_info(rows[i], &info, &f) != -FAULT_REMOTE)
			fail_msg("%s was taken", rows[i]);
		assert_null(info.codebase);
	}
}

static void all_but_unreserved_is_percent_encoded(void **state)
{
	CLEANUP(mem_free) char *url = url_encode("Az09-._~ +&\"'*%/[]\x01\xC3\xA9=?#");
	CLEANUP(mem_free) char *empty = url_encode("");

	(void)state;
	assert_string_equal(url, "Az09-._~%20%2B%26%22%27%2A%25%2F%5B%5D%01%C3%A9%3D%3F%23");
	assert_string_equal(empty, "");
}

static void a_condition_literal_cannot_be_left(void **state)
{
	static const char *const rows[][2] = {
		{ "opbridge:0f:1", "\"opbridge:0f:1\"" },
		{ "", "\"\"" },
		{ "O'Neill", "\"O'Neill\"" },
		{ "The \"Box\"", "'The \"Box\"'" },
		{ "O'Neill \"Box\"", "\"O'Neill Box\"" },
		{ "\" or id>0 or name=\"", "'\" or id>0 or name=\"'" },
		{ "'\" or id>0 or name='\"", "\"' or id>0 or name='\"" },
		{ "a [b] c]", "\"a [[]b] c]\"" },
		{ "[[", "\"[[][[]\"" },
		{ "a\nb\tc\x7F", "\"a b c \"" },
		{ "Caf\xC3\xA9 & Co", "\"Caf\xC3\xA9 & Co\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *literal = condition_string(rows[i][0]);

		assert_string_equal(literal, rows[i][1]);
		assert_ptr_equal(strchr(literal + 1, literal[0]), literal + strlen(literal) - 1);
	}
}

static void the_next_page_is_read_from_the_link_header(void **state)
{
	static const struct {
		const char *header;
		enum link_next next;
		int64_t page;
	} rows[] = {
		{ NULL, LINK_ABSENT, 0 },
		{ "", LINK_END, 0 },
		{ "  ", LINK_END, 0 },
		{ "<https://h/c?pageSize=1000&pageId=4711>; rel=\"next\"", LINK_NEXT, 4711 },
		{ "<https://h/c?pageId=4711&pageSize=1000>;rel=next", LINK_NEXT, 4711 },
		{ "<https://h/c?PAGEID=7>; title=\"a, b; rel=x\"; REL = \"Next\"", LINK_NEXT, 7 },
		{ "<https://h/c?page=1>; rel=\"first\", <https://h/c?pageId=9>; rel=\"next\"",
			LINK_NEXT, 9 },
		{ "<https://h/c?pageId=8>; rel=\"prev\", <https://h/c?pageId=9>; rel=\"last next\"",
			LINK_NEXT, 9 },
		{ "<https://h/c?conditions=id in (1,2)&x=<y>z&pageId=9>; rel=\"next\"", LINK_NEXT,
			9 },
		{ "<https://h/c?conditions=lastUpdated>[2026-01-01],a&pageId=9>; rel=\"next\"",
			LINK_NEXT, 9 },
		{ "<https://h/c?pageId=9223372036854775807>; rel=\"next\"", LINK_NEXT, INT64_MAX },
		{ "<https://h/c?pageId=9223372036854775808>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<https://h/c?pageId=-1>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<https://h/c?pageId=0>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<https://h/c?pageId=>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<https://h/c?pageId=1x>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<https://h/c?xpageId=1>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<https://h/pageId=1>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<https://h/c?page=2>; rel=\"next\"", LINK_ABSENT, 0 },
		{ "<https://h/c?pageId=2>; rel=\"prev\"", LINK_END, 0 },
		{ "<https://h/c?pageId=2>; rel=\"nextish\"", LINK_END, 0 },
		{ "<https://h/c?pageId=2>; rel=\"", LINK_END, 0 },
		{ "<https://h/c?pageId=2>; xrel=\"next\"", LINK_END, 0 },
		{ "<https://h/c?pageId=2>;", LINK_END, 0 },
		{ "<https://h/c?pageId=2>", LINK_ABSENT, 0 },
		{ "<https://h/c?pageId=2", LINK_ABSENT, 0 },
		{ "nonsense", LINK_ABSENT, 0 },
		{ ";;;,,,=\"", LINK_ABSENT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t page = 0;
		enum link_next next = link_next_page(rows[i].header, &page);

		if (next != rows[i].next || page != rows[i].page)
			fail_msg("%s: %d, page %ld", rows[i].header, (int)next, (long)page);
	}
}

static void plain_text_hides_nothing(void **state)
{
	static const struct {
		const char *from, *line, *lines;
	} rows[] = {
		{ " a\t b\r\n\r\n\r\n\nc ", "a b c", "a\t b\n\nc" },
		{ "a\x1B[31mb\x07", "a[31mb", "a[31mb" },
		{ "a\xC2\x9B"
		  "b\xC2\x85"
		  "c",
			"ab c", "ab c" }, /* C1 */
		{ "ann\xE2\x80\xAE"
		  "a\xE2\x81\xA6",
			"anna", "anna" }, /* turned writing */
		{ "a\xE2\x80\x8B"
		  "b\xEF\xBB\xBF",
			"ab", "ab" }, /* zero width */
		{ "a\xC2\xA0"
		  "b\xE2\x80\xA8"
		  "c",
			"a b c", "a b c" },
		{ "a\xFF"
		  "b\xC3",
			"a?b?", "a?b?" },
		{ "  indented\n    line\n", "indented line", "indented\nline" },
		{ "a\rb", "a b", "a\nb" },
		{ "\xF0\x9F\x98\x80 \xC3\xA9", "\xF0\x9F\x98\x80 \xC3\xA9",
			"\xF0\x9F\x98\x80 \xC3\xA9" },
		{ "\n\t \n", "", "" },
		{ "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *line = plain_text(rows[i].from, false);
		CLEANUP(mem_free) char *lines = plain_text(rows[i].from, true);

		assert_string_equal(line, rows[i].line);
		assert_string_equal(lines, rows[i].lines);
	}
}

static void a_plain_line_is_cut_between_characters(void **state)
{
	char buf[8];

	(void)state;
	plain_line(buf, sizeof(buf), "1234567", 7);
	assert_string_equal(buf, "1234567");
	plain_line(buf, sizeof(buf), "12345678", 8);
	assert_string_equal(buf, "1234…");
	plain_line(buf, sizeof(buf), "123é5678", 9);
	assert_string_equal(buf, "123…");
	plain_line(buf, sizeof(buf), "12345678", 2);
	assert_string_equal(buf, "12");
	plain_line(buf, sizeof(buf), "1\0005", 3);
	assert_string_equal(buf, "1");
	plain_line(buf, sizeof(buf), NULL, 3);
	assert_string_equal(buf, "");
	assert_int_equal(plain_cut_at("aé", 2), 1);
	assert_int_equal(plain_cut_at("aé", 3), 3);
	assert_int_equal(plain_cut_at("aé", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_type_the_site_in_many_ways),
		cmocka_unit_test(what_cannot_be_a_site_is_refused_with_a_reason),
		cmocka_unit_test(a_host_of_more_than_253_bytes_is_refused),
		cmocka_unit_test(only_the_known_cloud_hosts_get_the_prefix),
		cmocka_unit_test(the_codebase_ends_in_one_slash),
		cmocka_unit_test(the_version_is_kept),
		cmocka_unit_test(null_means_an_unknown_company),
		cmocka_unit_test(a_codebase_that_could_lead_elsewhere_is_refused),
		cmocka_unit_test(all_but_unreserved_is_percent_encoded),
		cmocka_unit_test(a_condition_literal_cannot_be_left),
		cmocka_unit_test(the_next_page_is_read_from_the_link_header),
		cmocka_unit_test(plain_text_hides_nothing),
		cmocka_unit_test(a_plain_line_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
