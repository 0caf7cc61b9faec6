/* core/event: what an event must be, each limit at its edge, and the schema that says the same. */
#include "event_text.h"

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
		cmocka_unit_test(the_schema_says_the_same_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
