/* outcome_of(): pauses, reasons, and the rows of the role. */
#include "outcome_rows.h"

static void a_rate_limit_is_certain_and_carries_its_pause(void **state)
{
	static const char body[] =
		"{\"error\":\"ConnectWiseAPI\",\"message\":\"Too many requests. Please "
		"try again in 30 seconds.\"}";
	struct reply reply = {
		.verb = VERB_TICKET_CREATE,
		.transport = TRANSPORT_OK,
		.status = 429,
		.body = body,
		.body_len = sizeof(body) - 1,
		.retry_after = "30",
	};
	struct outcome o;

	(void)state;
	outcome_of(&reply, SITE, NOW, &o);
	expect(&o, OUTCOME_RETRY, "Too many requests.");
	assert_true(o.rate_limited);
	assert_int_equal(o.retry_after_ms, 30000);
	assert_string_equal(o.code, "ConnectWiseAPI");
	reply.status = 503;
	outcome_of(&reply, SITE, NOW, &o);
	expect(&o, OUTCOME_IN_DOUBT, "HTTP 503");
	assert_false(o.rate_limited);
	assert_int_equal(o.retry_after_ms, 30000);
	reply.status = 201;
	outcome_of(&reply, SITE, NOW, &o);
	assert_int_equal(o.retry_after_ms, -1);
}

static void a_pause_is_seconds_or_a_date_and_clamped(void **state)
{
	static const struct {
		const char *header;
		int64_t ms;
	} rows[] = {
		{ NULL, -1 },
		{ "", -1 },
		{ " ", -1 },
		{ "0", 0 },
		{ "1", 1000 },
		{ " 30\t", 30000 },
		{ "899", 899000 },
		{ "900", RETRY_AFTER_MAX_MS },
		{ "901", RETRY_AFTER_MAX_MS },
		{ "1000000000", RETRY_AFTER_MAX_MS },
		{ "99999999999999999999999", RETRY_AFTER_MAX_MS },
		{ "-1", -1 },
		{ "+5", -1 },
		{ "1.5", -1 },
		{ "1e9", -1 },
		{ "5 minutes", -1 },
		{ "soon", -1 },
		{ "Tue, 24 Nov 2026 05:04:33 GMT", 30000 },
		{ " Tue, 24 Nov 2026 05:04:33 GMT ", 30000 },
		{ "Tue, 24 Nov 2026 05:04:03 GMT", 0 },
		{ "Tue, 24 Nov 2020 05:04:33 GMT", 0 },
		{ "Tue, 24 Nov 2099 05:04:33 GMT", RETRY_AFTER_MAX_MS },
		{ "Tue, 24 Nov 2026 05:04:33 CET", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (retry_after_ms(rows[i].header, INT64_C(1795496643000)) != rows[i].ms)
			fail_msg("%s: %ld", rows[i].header,
				(long)retry_after_ms(rows[i].header, INT64_C(1795496643000)));
}

static void what_a_body_says_is_made_plain_and_short(void **state)
{
	char body[3000];
	struct outcome o = of(VERB_TICKET_CREATE, 400,
		"{\"code\":\"A\\nB\\u001b[31m\",\"message\":\"x\",\"errors\":[{\"code\":\"c\\td\","
		"\"field\":\"f\\r\\ng\",\"message\":\"one\\ntwo \\u202eeerht \\u0085\"}]}");

	(void)state;
	expect(&o, OUTCOME_REFUSED, "one two eerht");
	assert_string_equal(o.code, "c d");
	assert_string_equal(o.field, "f g");
	assert_null(strstr(o.reason, "\xE2\x80\xAE"));

	snprintf(body, sizeof(body), "plain \xFF text\x01%0*d", 2500, 0);
	o = of(VERB_TICKET_CREATE, 500, body);
	expect(&o, OUTCOME_IN_DOUBT, "plain ? text0");
}

static void the_longest_texts_leave_room_for_the_remedy(void **state)
{
	char item[1800], body[4000];
	struct outcome o;

	(void)state;
	memset(item, 'm', sizeof(item) - 1);
	item[sizeof(item) - 1] = '\0';
	snprintf(body, sizeof(body),
		"{\"code\":\"%.300s\",\"message\":\"%s\",\"errors\":[{\"code\":"
		"\"%.300s\",\"field\":\"%.300s\",\"message\":\"%.900s\"}]}",
		item, item, item, item, item);
	for (int verb = 0; verb < VERB_COUNT; verb++)
		for (int status = 200; status < 600; status++) {
			o = of((enum verb)verb, status, body);
			if (o.class == OUTCOME_DONE)
				continue;
			check_reason(&o);
			assert_true(strlen(o.field) < sizeof(o.field));
		}
	o = of(VERB_TICKET_CREATE, 400, body);
	assert_non_null(strstr(o.reason, "retry the event"));
	assert_int_equal(strlen(o.code), sizeof(o.code) - 1);
	assert_int_equal(strlen(o.field), sizeof(o.field) - 1);
}

static void the_rows_are_those_that_office_protect_asks_for(void **state)
{
	static const char *const rows[] = {
		"Companies > Company Maintenance: Inquire, required",
		"Service Desk > Service Tickets: Add, required",
		"Service Desk > Service Tickets: Edit, required",
		"Service Desk > Service Tickets: Inquire, required",
		"System > Table Setup: Inquire, optional",
		"System > Member Maintenance: Inquire, optional",
		"Service Desk > Close Service Tickets: Edit, optional",
	};
	char row[160];

	(void)state;
	assert_int_equal(ARRAY_LEN(rows), PERMISSION_COUNT);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(row, sizeof(row), "%s > %s: %s, %s", permissions[i].module,
			permissions[i].function, permissions[i].level,
			permissions[i].required ? "required" : "optional");
		assert_string_equal(row, rows[i]);
		assert_true(strlen(permissions[i].lost) > 20);
	}
}

static void every_verb_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = 0; a < VERB_COUNT; a++) {
		assert_true(strlen(verb_name((enum verb)a)) > 4);
		assert_true(permission_of((enum verb)a) < PERMISSION_COUNT);
		assert_int_equal(
			permission_of((enum verb)a) < 0, a == VERB_LOGIN || a == VERB_MY_SECURITY);
		for (int b = 0; b < a; b++)
			assert_string_not_equal(verb_name((enum verb)a), verb_name((enum verb)b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_limit_is_certain_and_carries_its_pause),
		cmocka_unit_test(a_pause_is_seconds_or_a_date_and_clamped),
		cmocka_unit_test(what_a_body_says_is_made_plain_and_short),
		cmocka_unit_test(the_longest_texts_leave_room_for_the_remedy),
		cmocka_unit_test(the_rows_are_those_that_office_protect_asks_for),
		cmocka_unit_test(every_verb_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
