/* core/event: what an event must be, each limit at its edge, and its canonical text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/event.h"
#include "opbridge.h"

#define NOW INT64_C(1795500000000) /* 2026-11-24T06:00:00Z */
#define TENANT "\"tenant\":{\"id\":\"11111111-2222-3333-4444-555555555555\"}"
#define HEAD "\"id\":\"e1\",\"type\":\"T\"," TENANT

static int parse(const char *text, struct op_event **ret, struct fault *f)
{
	return op_event_parse_text(text, strlen(text), OPB_EVENT_MAX, NOW, ret, f);
}

static struct op_event *taken(const char *text)
{
	struct op_event *ev = NULL;
	struct fault f = { 0 };

	if (parse(text, &ev, &f) != 0)
		fail_msg("refused: %.300s (%s)", text, f.text);
	return ev;
}

static void takes(const char *text)
{
	op_event_free(taken(text));
}

static void refused_with(const char *text, enum fault_code code, const char *says)
{
	struct op_event *ev = NULL;
	struct fault f = { 0 };
	int r = parse(text, &ev, &f);

	if (r != -(int)code || !strstr(f.text, says))
		fail_msg("%.200s: %d \"%s\", not %d \"%s\"", text, r, f.text, -(int)code, says);
	assert_null(ev);
	assert_true(utf8_valid(f.text, strlen(f.text)));
}

static void refuses(const char *text, const char *says)
{
	refused_with(text, FAULT_INPUT, says);
}

/* What stands before n bytes of `fill`, and what after. */
static char *filled(const char *before, const char *fill, size_t n, const char *after)
{
	STR_AUTO(text);
	size_t i;

	str_add(&text, before);
	for (i = 0; i < n; i += strlen(fill))
		str_add(&text, fill);
	str_add(&text, after);
	return str_take(&text);
}

static void limit_of(const char *before, size_t max, const char *after, const char *name)
{
	CLEANUP(mem_free) char *fits = filled(before, "x", max, after);
	CLEANUP(mem_free) char *over = filled(before, "x", max + 1, after);
	char says[200];

	snprintf(says, sizeof(says), "%s is %zu bytes long; at most %zu are taken", name, max + 1,
		max);
	takes(fits);
	refused_with(over, FAULT_TOO_LARGE, says);
}

static void every_member_is_read(void **state)
{
	CLEANUP(op_event_free)
	struct op_event *ev = taken(
		"{\"id\":\"evt-0001\",\"tenant\":{\"id\":\"{AAAAAAAA-2222-3333-4444-555555555555}"
		"\","
		"\"domain\":\"Contoso.COM.\",\"name\":\" Contoso\\tLtd \"},"
		"\"type\":\"Sign-In from Unauthorized Country\",\"state\":\"resolved\","
		"\"time\":\"2026-11-24T05:04:03.5+01:00\",\"title\":\"A\\nB\","
		"\"description\":\"one\\r\\ntwo\\u0007\\n\",\"severity\":\"high\","
		"\"entities\":{\"user\":\"anna@contoso.com\",\"ip\":[\"203.0.113.9\",\"::1\"]},"
		"\"links\":{\"view\":\"https://x.example/v?a=1\",\"ignore\":\"HTTP://x/i\"}}");

	(void)state;
	assert_string_equal(ev->id, "evt-0001");
	assert_string_equal(ev->tenant_id, "aaaaaaaa-2222-3333-4444-555555555555");
	assert_string_equal(ev->tenant_domain, "contoso.com");
	assert_string_equal(ev->tenant_name, "Contoso Ltd");
	assert_string_equal(ev->type, "Sign-In from Unauthorized Country");
	assert_int_equal(ev->state, EVENT_RESOLVED);
	assert_true(ev->time_at == INT64_C(1795493043500));
	assert_string_equal(ev->title, "A B");
	assert_string_equal(ev->description, "one\ntwo");
	assert_string_equal(ev->severity, "high");
	assert_string_equal(ev->link_view, "https://x.example/v?a=1");
	assert_string_equal(ev->link_ignore, "HTTP://x/i");
	assert_int_equal(ev->n_entities, 2);
	assert_string_equal(ev->entities[0].name, "ip");
	assert_string_equal(op_event_entity(ev, "ip"), "203.0.113.9, ::1");
	assert_string_equal(op_event_entity(ev, "user"), "anna@contoso.com");
	assert_null(op_event_entity(ev, "User"));
	assert_null(ev->extra);
}

static void the_least_event_has_id_type_and_tenant(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = taken("{" HEAD "}");

	(void)state;
	assert_int_equal(ev->state, EVENT_RAISED);
	assert_true(ev->time_at == 0);
	assert_null(ev->title);
	assert_null(ev->tenant_domain);
	assert_int_equal(ev->n_entities, 0);
	takes("{\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"domain\":\"a.b\"}}");
	refuses("{\"type\":\"T\"," TENANT "}", "id is missing");
	refuses("{\"id\":\" \",\"type\":\"T\"," TENANT "}", "id is missing");
	refuses("{\"ID\":\"e\",\"type\":\"T\"," TENANT "}", "id is missing");
	refuses("{\"id\":\"e\"," TENANT "}", "type is missing");
	refuses("{\"id\":\"e\",\"type\":null," TENANT "}", "type is missing");
	refuses("{\"id\":\"e\",\"type\":\"T\"}", "tenant.id or tenant.domain");
	refuses("{\"id\":\"e\",\"type\":\"T\",\"tenant\":null}", "tenant.id or tenant.domain");
	refuses("{\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"name\":\"N\"}}", "tenant.id or");
	refuses("[]", "an event must be a JSON object, not a list");
	refuses("\"e\"", "an event must be a JSON object, not a string");
}

static void blank_optional_members_are_absent(void **state)
{
	CLEANUP(op_event_free)
	struct op_event *ev = taken(
		"{\"id\":\"e\",\"type\":\"T\","
		"\"tenant\":{\"id\":\"\",\"domain\":\"a.b\",\"name\":null},\"title\":\" \\n\","
		"\"description\":\"\",\"severity\":null,\"time\":\"\",\"state\":\" \","
		"\"links\":{\"view\":\" \",\"ignore\":null},\"entities\":null}");
	CLEANUP(mem_free) char *text = op_event_text(ev);

	(void)state;
	assert_string_equal(text,
		"{\"id\":\"e\",\"tenant\":{\"domain\":\"a.b\"},\"type\":\"T\","
		"\"state\":\"raised\"}");
}

/* Cleaned of control characters they are blank; kept, the event could not be read back. */
static void members_of_control_characters_only_are_blank(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = NULL;
	struct fault f = { 0 };

	(void)state;
	refuses("{\"id\":\"a\",\"tenant\":{\"id\":\"t\"},\"type\":\"\\b\"}", "type is missing");
	assert_int_equal(
		parse("{\"id\":\"a\",\"tenant\":{\"id\":\"t\"},\"type\":\"x\",\"title\":\"\\b\"}",
			&ev, &f),
		0);
	assert_null(ev->title);
}

static void members_of_another_kind_are_refused_by_name(void **state)
{
	(void)state;
	refuses("{\"id\":7,\"type\":\"T\"," TENANT "}", "id must be a string, not a number");
	refuses("{\"id\":\"e\",\"type\":[]," TENANT "}", "type must be a string, not a list");
	refuses("{" HEAD ",\"title\":{}}", "title must be a string, not an object");
	refuses("{" HEAD ",\"state\":1}", "state must be a string, not a number");
	refuses("{" HEAD ",\"time\":1795500000}", "time must be a string, not a number");
	refuses("{" HEAD ",\"entities\":[]}", "entities must be an object, not a list");
	refuses("{" HEAD ",\"links\":\"https://x\"}", "links must be an object, not a string");
	refuses("{" HEAD ",\"links\":{\"view\":true}}", "links.view must be a string, not true or");
	refuses("{\"id\":\"e\",\"type\":\"T\",\"tenant\":\"a.b\"}", "tenant must be an object");
	refuses("{\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"id\":1}}",
		"tenant.id must be a string");
}

static void each_length_limit_holds_at_its_edge(void **state)
{
	(void)state;
	limit_of("{\"type\":\"T\"," TENANT ",\"id\":\"", OPB_ID_MAX, "\"}", "id");
	limit_of("{\"id\":\"e\"," TENANT ",\"type\":\"", OPB_NAME_MAX, "\"}", "type");
	limit_of("{\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"id\":\"", OPB_ID_MAX, "\"}}",
		"tenant.id");
	limit_of("{\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"domain\":\"", OPB_DOMAIN_MAX, "\"}}",
		"tenant.domain");
	limit_of("{\"id\":\"e\",\"type\":\"T\",\"tenant\":{\"id\":\"t\",\"name\":\"", OPB_NAME_MAX,
		"\"}}", "tenant.name");
	limit_of("{" HEAD ",\"title\":\"", OPB_TITLE_MAX, "\"}", "title");
	limit_of("{" HEAD ",\"description\":\"", OPB_DESCRIPTION_MAX, "\"}", "description");
	limit_of("{" HEAD ",\"severity\":\"", OPB_SEVERITY_MAX, "\"}", "severity");
	limit_of("{" HEAD ",\"entities\":{\"user\":\"", OPB_ENTITY_VALUE_MAX, "\"}}",
		"entities.user");
}

static void the_values_of_a_list_are_counted_together(void **state)
{
	CLEANUP(mem_free)
	char *fits = filled(
		"{" HEAD ",\"entities\":{\"ip\":[\"y\",\"", "x", OPB_ENTITY_VALUE_MAX - 3, "\"]}}");
	CLEANUP(mem_free)
	char *over = filled(
		"{" HEAD ",\"entities\":{\"ip\":[\"y\",\"", "x", OPB_ENTITY_VALUE_MAX - 2, "\"]}}");

	(void)state;
	takes(fits);
	refused_with(over, FAULT_TOO_LARGE, "entities.ip is 4097 bytes long; at most 4096");
}

static void lengths_are_bytes_of_utf8(void **state)
{
	CLEANUP(mem_free)
	char *fits = filled("{" HEAD ",\"severity\":\"", "é", OPB_SEVERITY_MAX, "\"}");
	CLEANUP(mem_free)
	char *over = filled("{" HEAD ",\"severity\":\"x", "é", OPB_SEVERITY_MAX, "\"}");

	(void)state;
	takes(fits);
	refused_with(over, FAULT_TOO_LARGE, "severity is 33 bytes long; at most 32");
}

static void links_and_entity_names_hold_their_limits(void **state)
{
	CLEANUP(mem_free)
	char *fits =
		filled("{" HEAD ",\"links\":{\"view\":\"https://", "x", OPB_LINK_MAX - 8, "\"}}");
	CLEANUP(mem_free)
	char *over =
		filled("{" HEAD ",\"links\":{\"view\":\"https://", "x", OPB_LINK_MAX - 7, "\"}}");
	CLEANUP(mem_free)
	char *name = filled("{" HEAD ",\"entities\":{\"", "x", OPB_ENTITY_KEY_MAX, "\":\"v\"}}");
	CLEANUP(mem_free)
	char *long_name =
		filled("{" HEAD ",\"entities\":{\"", "x", OPB_ENTITY_KEY_MAX + 1, "\":\"v\"}}");

	(void)state;
	takes(fits);
	refused_with(over, FAULT_TOO_LARGE, "links.view is 2049 bytes long; at most 2048");
	takes(name);
	refused_with(long_name, FAULT_TOO_LARGE, "is 65 bytes long; at most 64");
}

static char *with_entities(int n)
{
	STR_AUTO(text);
	int i;

	str_add(&text, "{" HEAD ",\"entities\":{");
	for (i = 0; i < n; i++)
		str_addf(&text, "%s\"e%d\":\"v\"", i ? "," : "", i);
	str_add(&text, "}}");
	return str_take(&text);
}

static void entities_are_counted(void **state)
{
	CLEANUP(mem_free) char *fits = with_entities(OPB_ENTITIES_MAX);
	CLEANUP(mem_free) char *over = with_entities(OPB_ENTITIES_MAX + 1);

	(void)state;
	takes(fits);
	refused_with(over, FAULT_TOO_LARGE, "entities has 65 members; at most 64 are taken");
}

static void the_whole_event_is_bounded_in_bytes_and_depth(void **state)
{
	CLEANUP(mem_free)
	char *fits = filled(
		"{" HEAD ",\"x\":\"", "y", OPB_EVENT_MAX - strlen("{" HEAD ",\"x\":\"\"}"), "\"}");
	CLEANUP(mem_free) char *over = filled(fits, " ", 1, "");
	CLEANUP(json_free) cJSON *deep = NULL;
	static const struct json_limits nine = {
		.max_bytes = 1000, .max_depth = 9, .max_tokens = 99
	};
	struct op_event *ev = NULL;
	struct fault f = { 0 };
	const char *text = "{" HEAD ",\"x\":[[[[[[[[]]]]]]]]}";

	(void)state;
	assert_int_equal(strlen(fits), OPB_EVENT_MAX);
	takes(fits);
	refused_with(over, FAULT_TOO_LARGE, "65537 bytes long; at most 65536");
	takes("{" HEAD ",\"x\":[[[[[[[]]]]]]]}");
	refuses(text, "nested more than 8 deep");
	assert_int_equal(json_parse(text, strlen(text), &nine, &deep, &f), 0);
	assert_int_equal(op_event_parse(deep, NOW, &ev, &f), -FAULT_TOO_LARGE);
	assert_string_equal(f.text,
		"the event's objects and lists are nested 9 deep; at most 8 are "
		"taken");
	assert_null(ev);
}

static void time_is_bounded(void **state)
{
	char text[256], at[TIME_TEXT_MAX];
	int64_t edge = NOW + INT64_C(3600000) * OPB_FUTURE_MAX_HOURS;

	(void)state;
	snprintf(text, sizeof(text), "{%s,\"time\":\"%s\"}", HEAD, time_text(edge, at));
	takes(text);
	snprintf(text, sizeof(text), "{%s,\"time\":\"%s\"}", HEAD, time_text(edge + 1, at));
	refuses(text, "is more than 24 hours ahead of this machine's clock (2026-11-24T06:00:00Z)");
	takes("{" HEAD ",\"time\":\"2000-01-01T00:00:00Z\"}");
	refuses("{" HEAD ",\"time\":\"1999-12-31T23:59:59.999Z\"}", "is before the year 2000");
	refuses("{" HEAD ",\"time\":\"2000-01-01T00:00:00+00:01\"}", "is before the year 2000");
	refuses("{" HEAD ",\"time\":\"2026-11-24T05:04:03\"}",
		"time \"2026-11-24T05:04:03\" is not");
	refuses("{" HEAD ",\"time\":\"yesterday\"}", "RFC 3339 with a zone");
	refuses("{" HEAD ",\"time\":\"2026-02-30T00:00:00Z\"}", "RFC 3339");
}

static void states_are_four_words(void **state)
{
	enum event_state s = EVENT_RAISED;
	int i;

	(void)state;
	for (i = EVENT_RAISED; i <= EVENT_IGNORED; i++) {
		assert_true(event_state_parse(event_state_name((enum event_state)i), &s));
		assert_int_equal(s, i);
	}
	assert_true(event_state_parse("Resolved", &s));
	assert_int_equal(s, EVENT_RESOLVED);
	assert_false(event_state_parse("closed", &s));
	assert_false(event_state_parse(NULL, &s));
	assert_int_equal(s, EVENT_RESOLVED);
	refuses("{" HEAD ",\"state\":\"closed\"}",
		"state \"closed\" is unknown; it must be raised, updated, resolved or ignored");
}

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

/* CloudEvents. */

static const struct json_limits roomy = { .max_bytes = 65536, .max_depth = 10, .max_tokens = 999 };

static int unwrap(const char *text, char **ret, struct fault *f)
{
	CLEANUP(json_free) cJSON *node = NULL;
	CLEANUP(json_free) cJSON *event = NULL;
	int r;

	assert_int_equal(json_parse(text, strlen(text), &roomy, &node, f), 0);
	r = cloudevent_unwrap(node, &event, f);
	if (r == 0)
		*ret = json_text_sorted(event);
	else
		assert_null(event);
	return r;
}

static void unwraps(const char *text, const char *wanted)
{
	CLEANUP(mem_free) char *got = NULL;
	struct fault f = { 0 };

	if (unwrap(text, &got, &f) != 0)
		fail_msg("refused: %s (%s)", text, f.text);
	assert_string_equal(got, wanted);
}

static void wraps_no_event(const char *text, const char *says)
{
	CLEANUP(mem_free) char *got = NULL;
	struct fault f = { 0 };

	assert_int_equal(unwrap(text, &got, &f), -FAULT_INPUT);
	if (!strstr(f.text, says))
		fail_msg("%s: \"%s\", not \"%s\"", text, f.text, says);
}

#define CLOUD "{\"specversion\":\"1.0\",\"source\":\"/s\",\"id\":\"c1\",\"type\":\"CT\""

static void a_cloudevent_fills_what_its_data_leaves_out(void **state)
{
	(void)state;
	unwraps(CLOUD ",\"time\":\"2026-11-24T05:04:03Z\",\"subject\":\"a.example\","
		      "\"data\":{\"title\":\"x\"}}",
		"{\"id\":\"c1\",\"tenant\":{\"domain\":\"a.example\"},"
		"\"time\":\"2026-11-24T05:04:03Z\",\"title\":\"x\",\"type\":\"CT\"}");
	unwraps(CLOUD
		",\"subject\":\"11111111-2222-3333-4444-555555555555\",\"data\":{\"id\":\"d\","
		"\"type\":null,\"tenant\":{\"name\":\"N\"}}}",
		"{\"id\":\"d\",\"tenant\":{\"id\":\"11111111-2222-3333-4444-555555555555\","
		"\"name\":\"N\"},\"type\":\"CT\"}");
	unwraps(CLOUD ",\"subject\":\"other.example\",\"data\":{\"id\":\"d\",\"type\":\"D\","
		      "\"time\":\"t\",\"tenant\":{\"id\":\"g\"}}}",
		"{\"id\":\"d\",\"tenant\":{\"id\":\"g\"},\"time\":\"t\",\"type\":\"D\"}");
	unwraps(CLOUD ",\"subject\":\"t\"}",
		"{\"id\":\"c1\",\"tenant\":{\"id\":\"t\"},\"type\":\"CT\"}");
	unwraps(CLOUD ",\"data\":{}}", "{\"id\":\"c1\",\"type\":\"CT\"}");
}

static void cloudevent_data_may_be_base64_of_json(void **state)
{
	(void)state;
	unwraps(CLOUD ",\"data_base64\":\"eyJpZCI6ImIifQ==\"}", "{\"id\":\"b\",\"type\":\"CT\"}");
	unwraps(CLOUD ",\"data_base64\":\"eyJpZCI6ImJiIn0=\"}", "{\"id\":\"bb\",\"type\":\"CT\"}");
	unwraps(CLOUD ",\"data_base64\":\"eyJpZCI6ImJiYiJ9\"}", "{\"id\":\"bbb\",\"type\":\"CT\"}");
	wraps_no_event(CLOUD ",\"data_base64\":\"eyJpZCI6ImIifQ=\"}", "is not base64");
	wraps_no_event(CLOUD ",\"data_base64\":\"eyJpZCI6ImIifR==\"}", "is not base64");
	wraps_no_event(CLOUD ",\"data_base64\":\"eyJp=CI6ImIifQ==\"}", "is not base64");
	wraps_no_event(CLOUD ",\"data_base64\":\"eyJp ZCI6ImIifQ\"}", "is not base64");
	wraps_no_event(CLOUD ",\"data_base64\":\"====\"}", "is not base64");
	wraps_no_event(CLOUD ",\"data_base64\":\"e30AAA==\"}", "data_base64: JSON, byte 3");
	wraps_no_event(CLOUD ",\"data_base64\":\"W10=\"}", "data must be an object, not a list");
	wraps_no_event(CLOUD ",\"data_base64\":7}", "data_base64 must be a string");
	wraps_no_event(CLOUD ",\"data_base64\":\"e30=\",\"data\":{}}", "both there");
}

static void a_cloudevent_is_version_1_0_and_json(void **state)
{
	(void)state;
	unwraps(CLOUD ",\"datacontenttype\":\"Application/JSON; charset=utf-8\",\"data\":{}}",
		"{\"id\":\"c1\",\"type\":\"CT\"}");
	unwraps(CLOUD ",\"datacontenttype\":\"application/x+json\",\"data\":{}}",
		"{\"id\":\"c1\",\"type\":\"CT\"}");
	wraps_no_event(CLOUD ",\"datacontenttype\":\"text/xml\",\"data\":{}}", "datacontenttype");
	wraps_no_event(CLOUD ",\"datacontenttype\":5,\"data\":{}}", "datacontenttype");
	wraps_no_event(CLOUD ",\"data\":\"{}\"}", "data must be an object, not a string");
	wraps_no_event(CLOUD ",\"data\":[1]}", "data must be an object, not a list");
	wraps_no_event("{\"id\":\"x\",\"data\":{}}", "specversion must be \"1.0\"");
	wraps_no_event("{\"specversion\":\"0.3\",\"data\":{}}", "specversion must be \"1.0\"");
	wraps_no_event("{\"specversion\":1.0,\"data\":{}}", "specversion must be \"1.0\"");
	wraps_no_event("[1]", "a CloudEvent must be a JSON object, not a list");
}

/* conf/event.schema.json says the same limits as opbridge.h. */

static char *file_text(const char *path)
{
	STR_AUTO(text);
	char buf[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_addn(&text, buf, n);
	fclose(f);
	return str_take(&text);
}

static void the_schema_says_the_same_limits(void **state)
{
	static const struct {
		const char *path;
		int64_t limit;
	} said[] = {
		{ "properties/id/maxLength", OPB_ID_MAX },
		{ "properties/tenant/properties/id/maxLength", OPB_ID_MAX },
		{ "properties/tenant/properties/domain/maxLength", OPB_DOMAIN_MAX },
		{ "properties/tenant/properties/name/maxLength", OPB_NAME_MAX },
		{ "properties/type/maxLength", OPB_NAME_MAX },
		{ "properties/title/maxLength", OPB_TITLE_MAX },
		{ "properties/description/maxLength", OPB_DESCRIPTION_MAX },
		{ "properties/severity/maxLength", OPB_SEVERITY_MAX },
		{ "properties/links/properties/view/maxLength", OPB_LINK_MAX },
		{ "properties/links/properties/ignore/maxLength", OPB_LINK_MAX },
		{ "properties/entities/maxProperties", OPB_ENTITIES_MAX },
		{ "properties/entities/propertyNames/maxLength", OPB_ENTITY_KEY_MAX },
		{ "$defs/value/maxLength", OPB_ENTITY_VALUE_MAX },
	};
	static const struct json_limits limits = { 65536, 16, 4096 };
	CLEANUP(mem_free) char *text = file_text("conf/event.schema.json");
	CLEANUP(json_free) cJSON *schema = NULL;
	struct fault f = { 0 };
	size_t i;

	(void)state;
	if (json_parse(text, strlen(text), &limits, &schema, &f) != 0)
		fail_msg("%s", f.text);
	for (i = 0; i < ARRAY_LEN(said); i++) {
		int64_t v = -1;

		if (!json_int_at(schema, said[i].path, &v) || v != said[i].limit)
			fail_msg("%s is %d, not %d", said[i].path, (int)v, (int)said[i].limit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member_is_read),
		cmocka_unit_test(the_least_event_has_id_type_and_tenant),
		cmocka_unit_test(blank_optional_members_are_absent),
		cmocka_unit_test(members_of_control_characters_only_are_blank),
		cmocka_unit_test(members_of_another_kind_are_refused_by_name),
		cmocka_unit_test(each_length_limit_holds_at_its_edge),
		cmocka_unit_test(the_values_of_a_list_are_counted_together),
		cmocka_unit_test(lengths_are_bytes_of_utf8),
		cmocka_unit_test(links_and_entity_names_hold_their_limits),
		cmocka_unit_test(entities_are_counted),
		cmocka_unit_test(the_whole_event_is_bounded_in_bytes_and_depth),
		cmocka_unit_test(time_is_bounded),
		cmocka_unit_test(states_are_four_words),
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
		cmocka_unit_test(a_cloudevent_fills_what_its_data_leaves_out),
		cmocka_unit_test(cloudevent_data_may_be_base64_of_json),
		cmocka_unit_test(a_cloudevent_is_version_1_0_and_json),
		cmocka_unit_test(the_schema_says_the_same_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
