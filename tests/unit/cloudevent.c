/* core/cloudevent: an event in an envelope. */
#include "event_text.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cloudevent_fills_what_its_data_leaves_out),
		cmocka_unit_test(cloudevent_data_may_be_base64_of_json),
		cmocka_unit_test(a_cloudevent_is_version_1_0_and_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
