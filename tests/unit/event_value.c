/* core/event: tenants, domains, links, values, and the canonical text. */
#include "event_text.h"

static char *tenant_of(const char *members, bool domain)
{
	char text[512];
	CLEANUP(op_event_free) struct op_event *ev = NULL;

	snprintf(text, sizeof(text), "{\"id\":\"e\",\"type\":\"T\",\"tenant\":{%s}}", members);
	ev = taken(text);
	return xstrdup(domain ? ev->tenant_domain : ev->tenant_id);
}

static void tenant_becomes(const char *members, bool domain, const char *wanted)
{
	CLEANUP(mem_free) char *got = tenant_of(members, domain);

	if (!str_eq(got, wanted))
		fail_msg("%s: %s, not %s", members, got ? got : "NULL", wanted ? wanted : "NULL");
}

static void tenant_ids_are_lower_case_and_without_braces(void **state)
{
	(void)state;
	tenant_becomes("\"id\":\" AAAAAAAA-BBBB-cccc-DDDD-eeeeeeeeeeee \"", false,
		"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
	tenant_becomes("\"id\":\"{AAAAAAAA-BBBB-cccc-DDDD-eeeeeeeeeeee}\"", false,
		"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
	tenant_becomes("\"id\":\"{AAAAAAAA-BBBB-cccc-DDDD-eeeeeeeeeeeX}\"", false,
		"{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeex}");
	tenant_becomes("\"id\":\"Customer 7/é\"", false, "customer 7/é");
	refuses("{\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"id\":\"a\\u0001\"}}",
		"tenant.id holds a control character");
}

static void the_guid_of_zeros_names_no_tenant(void **state)
{
	(void)state;
	tenant_becomes(
		"\"id\":\"00000000-0000-0000-0000-000000000000\",\"domain\":\"a.b\"", false, NULL);
	refuses("{\"id\":\"e\",\"type\":\"T\",\"tenant\":{"
		"\"id\":\"{00000000-0000-0000-0000-000000000000}\"}}",
		"tenant.id or tenant.domain must name the tenant");
}

static void domain_refused(const char *domain)
{
	char text[512];

	snprintf(text, sizeof(text), "{\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"domain\":\"%s\"}}",
		domain);
	refuses(text, "is not a domain name; send it alone, such as contoso.com");
}

static void domains_look_like_host_names(void **state)
{
	(void)state;
	tenant_becomes(
		"\"domain\":\" CONTOSO.onmicrosoft.com. \"", true, "contoso.onmicrosoft.com");
	tenant_becomes("\"domain\":\"xn--bcher-kva.de\"", true, "xn--bcher-kva.de");
	tenant_becomes("\"domain\":\"bücher.de\"", true, "bücher.de");
	tenant_becomes("\"domain\":\"例え.テスト\"", true, "例え.テスト");
	tenant_becomes("\"domain\":\"a_b.c\"", true, "a_b.c");
	domain_refused("https://contoso.com/");
	domain_refused("anna@contoso.com");
	domain_refused("contoso com");
	domain_refused("a..b");
	domain_refused(".a");
	domain_refused("a.b..");
	domain_refused(".");
	domain_refused("a:443");
	domain_refused("*.a");
	domain_refused("con\u00A0toso.com");
	domain_refused("con\u200Btoso.com");
	domain_refused("con\u202Etoso.com");
	domain_refused("a\xC2\x85");
}

static void links_are_web_addresses(void **state)
{
	(void)state;
	takes("{" HEAD ",\"links\":{\"view\":\"https://a.b\",\"ignore\":\"http://[::1]:8/x#y\"}}");
	refuses("{" HEAD ",\"links\":{\"view\":\"javascript:alert(1)\"}}",
		"links.view \"javascript:alert(1)\" is not a web address");
	refuses("{" HEAD ",\"links\":{\"ignore\":\"a.b/c\"}}", "links.ignore \"a.b/c\"");
	refuses("{" HEAD ",\"links\":{\"view\":\"https://\"}}", "links.view");
	refuses("{" HEAD ",\"links\":{\"view\":\"https:///x\"}}", "links.view");
	refuses("{" HEAD ",\"links\":{\"view\":\"ftp://a.b\"}}", "links.view");
	refuses("{" HEAD ",\"links\":{\"view\":\"https://a b\"}}", "links.view");
	refuses("{" HEAD ",\"links\":{\"view\":\"https://a<b>\"}}", "links.view");
	refuses("{" HEAD ",\"links\":{\"view\":\"https://a\\nb\"}}",
		"links.view holds a control character");
}

static void entity_values_become_one_plain_line(void **state)
{
	CLEANUP(op_event_free)
	struct op_event *ev = taken(
		"{" HEAD ",\"entities\":{"
		"\"s\":\" a\\tb\\u007f \",\"n\":42,\"f\":1.5,\"b\":false,\"z\":null,\"e\":\"\","
		"\"l\":[\"x\",1,true,null,\"\",{\"k\":2,\"j\":[1]}],\"none\":[],"
		"\"o\":{\"b\":\"l\\nx\",\"a\":1}}}");

	(void)state;
	assert_string_equal(op_event_entity(ev, "s"), "a b");
	assert_string_equal(op_event_entity(ev, "n"), "42");
	assert_string_equal(op_event_entity(ev, "f"), "1.5");
	assert_string_equal(op_event_entity(ev, "b"), "false");
	assert_string_equal(op_event_entity(ev, "l"), "x, 1, true, {\"j\":[1],\"k\":2}");
	assert_string_equal(op_event_entity(ev, "o"), "{\"a\":1,\"b\":\"l\\nx\"}");
	assert_null(op_event_entity(ev, "z"));
	assert_null(op_event_entity(ev, "e"));
	assert_null(op_event_entity(ev, "none"));
	assert_int_equal(ev->n_entities, 6);
	refuses("{" HEAD ",\"entities\":{\"\":1}}", "an entity's name is empty");
	refuses("{" HEAD ",\"entities\":{\"a\\nb\":1}}", "control character");
}

static void unknown_members_are_kept(void **state)
{
	CLEANUP(op_event_free)
	struct op_event *ev =
		taken("{\"zeta\":[1,{\"b\":1,\"a\":null}],"
		      "\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"id\":\"t\",\"plan\":\"E5\"},"
		      "\"links\":{\"help\":\"x\"},\"Alpha\":\"é\\n\",\"big\":9007199254740994.0}");

	(void)state;
	assert_string_equal(ev->extra,
		"{\"Alpha\":\"é\\n\",\"big\":9007199254740994.0,"
		"\"links\":{\"help\":\"x\"},\"tenant\":{\"plan\":\"E5\"},"
		"\"zeta\":[1,{\"a\":null,\"b\":1}]}");
}

static void ids_are_kept_as_they_are(void **state)
{
	CLEANUP(op_event_free)
	struct op_event *ev = taken("{\"id\":\" Evt/1 é \",\"type\":\" T \"," TENANT "}");

	(void)state;
	assert_string_equal(ev->id, " Evt/1 é ");
	assert_string_equal(ev->type, "T");
	refuses("{\"id\":\"a\\nb\",\"type\":\"T\"," TENANT "}", "id holds a control character");
	refuses("{\"id\":\"evt-1\\u0000evil\",\"type\":\"T\"," TENANT "}", "\\u0000");
}

static void text_becomes(const char *in, const char *wanted)
{
	CLEANUP(op_event_free) struct op_event *ev = taken(in);
	CLEANUP(mem_free) char *text = op_event_text(ev);
	CLEANUP(op_event_free) struct op_event *again = NULL;
	CLEANUP(mem_free) char *text_again = NULL;
	struct fault f = { 0 };

	assert_string_equal(text, wanted);
	/* the queue's own rows: no bound on size and clock */
	assert_int_equal(
		op_event_parse_text(text, strlen(text), SIZE_MAX, INT64_MAX / 2, &again, &f), 0);
	text_again = op_event_text(again);
	assert_string_equal(text_again, text);
	assert_true(str_eq(again->extra, ev->extra));
	assert_true(again->time_at == ev->time_at);
	assert_int_equal(again->n_entities, ev->n_entities);
}

static void the_text_is_one_for_every_order_of_members(void **state)
{
	static const char wanted[] =
		"{\"id\":\"e1\",\"tenant\":{\"id\":\"t\",\"domain\":\"a.b\",\"name\":\"N\","
		"\"plan\":1},"
		"\"type\":\"T\",\"state\":\"ignored\",\"time\":\"2026-11-24T04:04:03.000Z\","
		"\"title\":\"x\",\"description\":\"d\\te\",\"severity\":\"low\","
		"\"entities\":{\"a\":\"1\",\"b\":\"y, z\"},"
		"\"links\":{\"view\":\"https://v\",\"ignore\":\"https://"
		"i\",\"more\":{\"p\":1,\"q\":2}},"
		"\"Q\":2,\"r\":{\"c\":1,\"d\":1e+17}}";

	(void)state;
	text_becomes(
		"{\"id\":\"e1\",\"tenant\":{\"id\":\"T\",\"domain\":\"A.B\",\"name\":\"N\","
		"\"plan\":1},\"type\":\"T\",\"state\":\"ignored\","
		"\"time\":\"2026-11-24T05:04:03+01:00\",\"title\":\"x\","
		"\"description\":\"d\\te\",\"severity\":\"low\",\"entities\":{\"a\":1,"
		"\"b\":[\"y\",\"z\"]},\"links\":{\"view\":\"https://v\",\"ignore\":"
		"\"https://i\",\"more\":{\"p\":1,\"q\":2}},\"Q\":2,\"r\":{\"c\":1,\"d\":1e17}}",
		wanted);
	text_becomes(" { \"r\":{\"d\":1e17,\"c\":1},\"links\":{\"more\":{\"q\":2,\"p\":1},"
		     "\"ignore\":\"https://i\",\"view\":\"https://v\"},\"entities\":{"
		     "\"b\":\"y, z\",\"a\":\"1\"},\"Q\":2,\"severity\":\" low\","
		     "\"description\":\"d\\u0009e\",\"title\":\"\\u0078\","
		     "\"time\":\"2026-11-24T04:04:03Z\",\"state\":\"IGNORED\",\"type\":\"T\","
		     "\"tenant\":{\"plan\":1,\"name\":\"N \",\"domain\":\"a.b.\",\"id\":\"t\"},"
		     "\"id\":\"e1\"}",
		wanted);
}

static void other_content_gives_another_text(void **state)
{
	static const char *const others[] = {
		"{" HEAD "}",
		"{" HEAD ",\"state\":\"updated\"}",
		"{" HEAD ",\"x\":9007199254740991}",
		"{" HEAD ",\"x\":9007199254740990}",
		"{" HEAD ",\"x\":null}",
		"{" HEAD ",\"x\":[]}",
		"{" HEAD ",\"x\":{}}",
		"{" HEAD ",\"tenant.x\":1}",
		"{" HEAD ",\"links\":{\"x\":1}}",
		"{" HEAD ",\"entities\":{\"x\":1}}",
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_LEN(others); i++)
		for (k = 0; k < i; k++) {
			CLEANUP(op_event_free) struct op_event *a = taken(others[i]);
			CLEANUP(op_event_free) struct op_event *b = taken(others[k]);
			CLEANUP(mem_free) char *x = op_event_text(a);
			CLEANUP(mem_free) char *y = op_event_text(b);

			assert_string_not_equal(x, y);
		}
}

/* The largest event that is taken reads back from the queue, however its text grew. */
static void a_full_event_reads_back(void **state)
{
	CLEANUP(mem_free)
	char *text = filled("{" HEAD ",\"x\":[0", ",1e9", OPB_EVENT_MAX - 200, "]}");
	CLEANUP(op_event_free) struct op_event *ev = taken(text);
	CLEANUP(mem_free) char *stored = op_event_text(ev);
	CLEANUP(op_event_free) struct op_event *again = NULL;
	CLEANUP(mem_free) char *stored_again = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_true(strlen(stored) > OPB_EVENT_MAX);
	assert_int_equal(
		op_event_parse_text(stored, strlen(stored), SIZE_MAX, INT64_MAX / 2, &again, &f),
		0);
	stored_again = op_event_text(again);
	assert_string_equal(stored, stored_again);
}

static void hostile_text_is_refused_with_its_byte(void **state)
{
	(void)state;
	refuses("{" HEAD ",\"title\":\"\xC3\x28\"}", "not valid UTF-8");
	refuses("{" HEAD ",\"title\":\"\\ud800\"}", "half of a surrogate pair");
	refuses("{" HEAD ",\"id\":\"other\"}", "the member \"id\" is there twice");
	refuses("{" HEAD ",\"\\u0069d\":\"other\"}", "is there twice");
	refuses("{" HEAD ",\"n\":9007199254740993}", "beyond 2^53");
	refuses("{" HEAD ",\"n\":1e999}", "too large for a double");
	refuses("{" HEAD "}{" HEAD "}", "something follows");
	refuses("\xEF\xBB\xBF{" HEAD "}", "byte order mark");
	refuses("{" HEAD ",\"t\":\"a\x01\"}", "raw control character");
	refuses("", "the text is empty");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tenant_ids_are_lower_case_and_without_braces),
		cmocka_unit_test(the_guid_of_zeros_names_no_tenant),
		cmocka_unit_test(domains_look_like_host_names),
		cmocka_unit_test(links_are_web_addresses),
		cmocka_unit_test(entity_values_become_one_plain_line),
		cmocka_unit_test(unknown_members_are_kept),
		cmocka_unit_test(ids_are_kept_as_they_are),
		cmocka_unit_test(the_text_is_one_for_every_order_of_members),
		cmocka_unit_test(other_content_gives_another_text),
		cmocka_unit_test(a_full_event_reads_back),
		cmocka_unit_test(hostile_text_is_refused_with_its_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
