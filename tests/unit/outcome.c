/* outcome_of(): transport x status x body, each class by table. */
#include "outcome_rows.h"

static void without_a_reply_a_write_is_in_doubt_only_if_it_may_have_left(void **state)
{
	static const struct {
		enum transport transport;
		enum outcome_class get, write;
		const char *words;
	} rows[] = {
		{ TRANSPORT_DNS, OUTCOME_RETRY, OUTCOME_RETRY, "DNS" },
		{ TRANSPORT_CONNECT, OUTCOME_RETRY, OUTCOME_RETRY, "nothing was sent" },
		{ TRANSPORT_PROXY, OUTCOME_RETRY, OUTCOME_RETRY, "connectwise.proxy" },
		{ TRANSPORT_TLS, OUTCOME_RETRY, OUTCOME_RETRY, "secure connection" },
		{ TRANSPORT_CERTIFICATE, OUTCOME_STOP, OUTCOME_STOP, "connectwise.ca_file" },
		{ TRANSPORT_TIMEOUT, OUTCOME_RETRY, OUTCOME_IN_DOUBT, "in time" },
		{ TRANSPORT_LOST, OUTCOME_RETRY, OUTCOME_IN_DOUBT, "broke" },
		{ TRANSPORT_TOO_LARGE, OUTCOME_RETRY, OUTCOME_IN_DOUBT, "reply_max" },
		{ TRANSPORT_INTERNAL, OUTCOME_RETRY, OUTCOME_IN_DOUBT, "library" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int verb = 0; verb < VERB_COUNT; verb++) {
			const struct reply reply = {
				.verb = (enum verb)verb,
				.transport = rows[i].transport,
				.net_text = i % 2 ? "bad\r\nthing\x1B[0m happened" : NULL,
			};
			struct outcome o;

			outcome_of(&reply, SITE, NOW, &o);
			expect(&o, verb_writes(reply.verb) ? rows[i].write : rows[i].get,
				rows[i].words);
			assert_int_equal(o.retry_after_ms, -1);
			assert_int_equal(strstr(o.reason, "looked up before") != NULL,
				o.class == OUTCOME_IN_DOUBT);
		}
}

static void a_status_and_a_body_beside_a_transport_fault_do_not_count(void **state)
{
	const struct reply reply = {
		.verb = VERB_TICKET_CREATE,
		.transport = TRANSPORT_LOST,
		.status = 201,
		.body = "{\"id\":1}",
		.body_len = 8,
	};
	struct outcome o;

	(void)state;
	outcome_of(&reply, NULL, NOW, &o);
	expect(&o, OUTCOME_IN_DOUBT, "ConnectWise");
}

static void a_good_reply_counts_only_with_the_body_that_was_asked_for(void **state)
{
	static const struct row rows[] = {
		{ VERB_LOGIN, 200, "{\"Codebase\":\"v1/\"}", OUTCOME_DONE, false, "" },
		{ VERB_LOGIN, 200, "null", OUTCOME_DONE, false, "" },
		{ VERB_LOGIN, 200, "[]", OUTCOME_RETRY, false, "something else" },
		{ VERB_COMPANIES, 200, "[]", OUTCOME_DONE, false, "" },
		{ VERB_COMPANIES, 200, "\xEF\xBB\xBF[]", OUTCOME_RETRY, false, "no JSON" },
		{ VERB_COMPANIES, 200, "{}", OUTCOME_RETRY, false, "something else" },
		{ VERB_COMPANIES, 200, "[{\"id\":1},", OUTCOME_RETRY, false, "cut off" },
		{ VERB_COMPANIES, 200, "", OUTCOME_RETRY, false, "nothing else" },
		{ VERB_COMPANIES, 200, " \r\n", OUTCOME_RETRY, false, "nothing else" },
		{ VERB_COMPANIES, 200, HTML, OUTCOME_RETRY, false, "login page or a proxy" },
		{ VERB_MY_MEMBER, 200, "{\"id\":1}", OUTCOME_DONE, false, "" },
		{ VERB_MY_MEMBER, 200, "[{\"id\":1}]", OUTCOME_DONE, false, "" },
		{ VERB_MY_MEMBER, 200, "7", OUTCOME_RETRY, false, "something else" },
		{ VERB_TICKET_READ, 200, "{\"id\":7}", OUTCOME_DONE, false, "" },
		{ VERB_TICKET_READ, 200, "null", OUTCOME_RETRY, false, "something else" },
		{ VERB_TICKET_CREATE, 201, "{\"id\":7}", OUTCOME_DONE, false, "" },
		{ VERB_TICKET_CREATE, 200, "{\"id\":7}", OUTCOME_DONE, false, "" },
		{ VERB_TICKET_CREATE, 201, NULL, OUTCOME_IN_DOUBT, false, "nothing else" },
		{ VERB_TICKET_CREATE, 201, "", OUTCOME_IN_DOUBT, false, "nothing else" },
		{ VERB_TICKET_CREATE, 204, "", OUTCOME_IN_DOUBT, false, "HTTP 204" },
		{ VERB_TICKET_CREATE, 201, "{\"id\":7", OUTCOME_IN_DOUBT, false, "cut off" },
		{ VERB_TICKET_CREATE, 201, "{\"id\":7}{\"id\":8}", OUTCOME_IN_DOUBT, false,
			"no JSON" },
		{ VERB_TICKET_CREATE, 201, "{\"id\":0}", OUTCOME_IN_DOUBT, false,
			"something else" },
		{ VERB_TICKET_CREATE, 201, "{\"id\":-7}", OUTCOME_IN_DOUBT, false,
			"something else" },
		{ VERB_TICKET_CREATE, 201, "{\"id\":\"7\"}", OUTCOME_IN_DOUBT, false,
			"something else" },
		{ VERB_TICKET_CREATE, 201, "{\"id\":7.5}", OUTCOME_IN_DOUBT, false,
			"something else" },
		{ VERB_TICKET_CREATE, 201, "[{\"id\":7}]", OUTCOME_IN_DOUBT, false,
			"something else" },
		{ VERB_TICKET_CREATE, 200, HTML, OUTCOME_IN_DOUBT, false, "web page" },
		{ VERB_TICKET_PATCH, 200, "{}", OUTCOME_DONE, false, "" },
		{ VERB_TICKET_PATCH, 200, "[]", OUTCOME_IN_DOUBT, false, "something else" },
		{ VERB_NOTE_CREATE, 201, "{\"id\":7,\"text\":\"a\\u0000b\"}", OUTCOME_DONE, false,
			"" },
		{ VERB_NOTE_CREATE, 201, "{}", OUTCOME_IN_DOUBT, false, "something else" },
		{ VERB_NOTE_FIND, 200, "[]", OUTCOME_DONE, false, "" },
		{ VERB_TICKET_FIND, 200, "{\"id\":1}", OUTCOME_RETRY, false, "something else" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void a_deeply_nested_reply_is_no_reply(void **state)
{
	char body[4001];

	(void)state;
	memset(body, '[', 4000);
	body[4000] = '\0';
	struct outcome o = of(VERB_TICKET_CREATE, 201, body);

	expect(&o, OUTCOME_IN_DOUBT, "no JSON");
}

static void a_redirect_stops_and_names_where_it_points(void **state)
{
	static const int statuses[] = { 300, 301, 302, 304, 307, 308, 399 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		const struct reply reply = {
			.verb = VERB_TICKET_CREATE,
			.transport = TRANSPORT_OK,
			.status = statuses[i],
			.location = i ? "https://login.example/\r\nx" : NULL,
		};
		struct outcome o;

		outcome_of(&reply, SITE, NOW, &o);
		expect(&o, OUTCOME_STOP, i ? "https://login.example/ x" : "Location: none");
	}
}

static void a_bad_request_names_the_field_and_the_words(void **state)
{
	struct outcome o = of(VERB_TICKET_CREATE, 400,
		"{\"code\":\"InvalidObject\",\"message\":\"ticket object is invalid\",\"errors\":["
		"{\"code\":\"NotFound\",\"message\":\"Service Status 17 not found for Service "
		"Board 21\","
		"\"resource\":\"ticket\",\"field\":\"status/id\"},{\"code\":\"x\"}]}");

	(void)state;
	expect(&o, OUTCOME_REFUSED, "Service Status 17 not found for Service Board 21");
	assert_string_equal(o.field, "status/id");
	assert_string_equal(o.code, "NotFound");
	assert_non_null(strstr(o.reason, "its field status/id"));
	assert_non_null(strstr(o.reason, "and more"));
	assert_non_null(strstr(o.reason, "retry the event"));
}

static void a_bad_request_of_any_shape_is_refused(void **state)
{
	static const struct row rows[] = {
		{ VERB_COMPANIES, 400,
			"{\"code\":\"ApiFindCondition\",\"message\":\"x is not a recognized "
			"name.\"}",
			OUTCOME_REFUSED, false, "x is not a recognized name." },
		{ VERB_NOTE_CREATE, 400,
			"{\"code\":\"InvalidObject\",\"message\":\"m\",\"errors\":null}",
			OUTCOME_REFUSED, false, "InvalidObject" },
		{ VERB_NOTE_CREATE, 400, "{\"errors\":[]}", OUTCOME_REFUSED, false, "HTTP 400" },
		{ VERB_NOTE_CREATE, 400, "{\"errors\":[7],\"code\":5}", OUTCOME_REFUSED, false,
			"HTTP 400" },
		{ VERB_NOTE_CREATE, 400, "{\"errors\":{\"field\":\"x\"}}", OUTCOME_REFUSED, false,
			"HTTP 400" },
		{ VERB_NOTE_CREATE, 400, "[]", OUTCOME_REFUSED, false, "HTTP 400" },
		{ VERB_NOTE_CREATE, 400, "\"as a string\"", OUTCOME_REFUSED, false, "as a string" },
		{ VERB_NOTE_CREATE, 400, "", OUTCOME_REFUSED, false, "HTTP 400" },
		{ VERB_NOTE_CREATE, 400, HTML, OUTCOME_REFUSED, false, "a web page" },
		{ VERB_NOTE_CREATE, 400, "{\"code\":\"x\"", OUTCOME_REFUSED, false, "HTTP 400" },
		{ VERB_TICKET_CREATE, 400, "Cannot route. Codebase/company is invalid",
			OUTCOME_STOP, true, "codebase may be a new one" },
		{ VERB_COMPANIES, 400, "\"Cannot route. Codebase/company is invalid\"",
			OUTCOME_STOP, true, "Cannot route" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void an_event_that_quotes_an_error_stops_nothing(void **state)
{
	static const char *const quotes[] = { "SSL is required.", "UserNotAuthenticated",
		"Cannot route.", "does not support the API version" };
	char body[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(quotes); i++) {
		snprintf(body, sizeof(body),
			"{\"code\":\"InvalidObject\",\"message\":\"ticket object is "
			"invalid\",\"errors\":["
			"{\"code\":\"x\",\"field\":\"summary\",\"message\":\"%s\"}]}",
			quotes[i]);
		struct outcome o = of(VERB_TICKET_CREATE, 400, body);

		expect(&o, OUTCOME_REFUSED, quotes[i]);
		assert_false(o.maybe_upgraded);
	}
}

static void refused_keys_and_a_refused_client_id_stop_everything(void **state)
{
	static const struct row rows[] = {
		{ VERB_COMPANIES, 401,
			"{\"code\":\"Unauthorized\",\"message\":\"Incorrect public/private key\"}",
			OUTCOME_STOP, false,
			"check the company id, the public key and the private key" },
		{ VERB_TICKET_CREATE, 401, "", OUTCOME_STOP, false, "private key" },
		{ VERB_TICKET_CREATE, 401, HTML, OUTCOME_STOP, false, "private key" },
		{ VERB_COMPANIES, 403,
			"{\"code\":\"ConnectWiseApi\",\"message\":\"UserNotAuthenticated\"}",
			OUTCOME_STOP, false, "private key" },
		{ VERB_LOGIN, 401, "", OUTCOME_STOP, false, "wants a login" },
		{ VERB_LOGIN, 403, "", OUTCOME_STOP, false, "connectwise.client_id" },
		{ VERB_COMPANIES, 403,
			"{\"code\":\"Security\",\"message\":\"The clientId header is required.\"}",
			OUTCOME_STOP, false, "connectwise.client_id" },
		{ VERB_COMPANIES, 403, "Client ID missing", OUTCOME_STOP, false,
			"connectwise.client_id" },
		{ VERB_COMPANIES, 403, "", OUTCOME_STOP, false, "connectwise.client_id" },
		{ VERB_COMPANIES, 403, HTML, OUTCOME_STOP, false, "firewall or proxy" },
		{ VERB_COMPANIES, 407, HTML, OUTCOME_STOP, false, "connectwise.proxy" },
		{ VERB_COMPANIES, 403,
			"{\"code\":\"Security\",\"message\":\"SSL is required.\",\"errors\":null}",
			OUTCOME_STOP, false, "prefix api-" },
		{ VERB_TICKET_CREATE, 200,
			"{\"code\":\"Security\",\"message\":\"SSL is required.\"}", OUTCOME_STOP,
			false, "prefix api-" },
		{ VERB_TICKET_CREATE, 500,
			"{\"code\":\"Security\",\"message\":\"SSL is required.\"}", OUTCOME_STOP,
			false, "prefix api-" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void an_unknown_model_version_names_its_setting(void **state)
{
	static const int statuses[] = { 400, 404, 406, 500 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct outcome o = of(VERB_TICKET_CREATE, statuses[i],
			"{\"code\":\"ConnectWiseApi\",\"message\":\"The HTTP resource that matches "
			"the "
			"request URI 'https://h/x' does not support the API version '0.0'.\"}");

		expect(&o, OUTCOME_STOP, "connectwise.model_version");
		assert_false(o.maybe_upgraded);
	}
}

static void a_missing_permission_names_its_row(void **state)
{
	static const struct row rows[] = {
		{ VERB_COMPANIES, 403, PERMISSION, OUTCOME_DENIED, false,
			"Companies > Company Maintenance: Inquire to All" },
		{ VERB_MY_MEMBER, 403, PERMISSION, OUTCOME_DENIED, false,
			"System > Member Maintenance: Inquire to All" },
		{ VERB_MEMBERS, 403, PERMISSION, OUTCOME_DENIED, false,
			"System > Member Maintenance: Inquire to All" },
		{ VERB_MY_SECURITY, 403, PERMISSION, OUTCOME_DENIED, false,
			"may not do this: reading the security role" },
		{ VERB_BOARDS, 403, PERMISSION, OUTCOME_DENIED, false,
			"System > Table Setup: Inquire to All" },
		{ VERB_STATUSES, 403, PERMISSION, OUTCOME_DENIED, false,
			"System > Table Setup: Inquire to All" },
		{ VERB_TICKET_READ, 403, PERMISSION, OUTCOME_DENIED, false,
			"Service Desk > Service Tickets: Inquire to All" },
		{ VERB_TICKET_FIND, 403, PERMISSION, OUTCOME_DENIED, false,
			"Service Desk > Service Tickets: Inquire to All" },
		{ VERB_NOTE_FIND, 403, PERMISSION, OUTCOME_DENIED, false,
			"Service Desk > Service Tickets: Inquire to All" },
		{ VERB_TICKET_CREATE, 403, PERMISSION, OUTCOME_DENIED, false,
			"Service Desk > Service Tickets: Add to All" },
		{ VERB_NOTE_CREATE, 403, PERMISSION, OUTCOME_DENIED, false,
			"Service Desk > Service Tickets: Edit to All" },
		{ VERB_TICKET_PATCH, 403, PERMISSION, OUTCOME_DENIED, false,
			"Service Desk > Close Service Tickets: Edit to All" },
		{ VERB_TICKET_CREATE, 403, "{\"code\":\"Other\",\"message\":\"No.\"}",
			OUTCOME_DENIED, false, "Service Tickets: Add to All" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void a_404_means_a_record_a_path_or_a_company(void **state)
{
	static const char gone[] = "{\"code\":\"NotFound\",\"message\":\"Ticket 7 not found\"}";
	static const struct row rows[] = {
		{ VERB_TICKET_READ, 404, gone, OUTCOME_GONE, false, "Ticket 7 not found" },
		{ VERB_TICKET_PATCH, 404, gone, OUTCOME_GONE, false, "decided again" },
		{ VERB_NOTE_FIND, 404, gone, OUTCOME_GONE, false, "decided again" },
		{ VERB_NOTE_CREATE, 404, gone, OUTCOME_GONE, false, "decided again" },
		/* not known to be the ticket: nothing may be concluded from these */
		{ VERB_TICKET_READ, 404, ENDPOINT, OUTCOME_GONE, true, "codebase" },
		{ VERB_NOTE_CREATE, 404, ENDPOINT, OUTCOME_GONE, true, "codebase" },
		{ VERB_TICKET_READ, 404, "", OUTCOME_GONE, true, "codebase" },
		{ VERB_TICKET_READ, 404, HTML, OUTCOME_GONE, true, "codebase" },
		{ VERB_LOGIN, 404, "", OUTCOME_STOP, false, "company id" },
		{ VERB_LOGIN, 404, ENDPOINT, OUTCOME_STOP, false, "company id" },
		{ VERB_COMPANIES, 404, ENDPOINT, OUTCOME_STOP, true, "both keys" },
		{ VERB_COMPANIES, 404, "", OUTCOME_STOP, true, "codebase" },
		{ VERB_TICKET_FIND, 404, ENDPOINT, OUTCOME_STOP, true, "codebase" },
		{ VERB_TICKET_CREATE, 404, gone, OUTCOME_STOP, true, "codebase" },
		/* optional reads never stop delivery */
		{ VERB_MY_MEMBER, 404, ENDPOINT, OUTCOME_GONE, true, "codebase" },
		{ VERB_BOARDS, 404, ENDPOINT, OUTCOME_GONE, true, "codebase" },
		{ VERB_STATUSES, 404, "{\"code\":\"NotFound\",\"message\":\"Board 5 not found\"}",
			OUTCOME_GONE, false, "Board 5" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void other_refusals_are_final(void **state)
{
	static const struct row rows[] = {
		{ VERB_TICKET_PATCH, 405, "", OUTCOME_REFUSED, false, "method" },
		{ VERB_COMPANIES, 406, "", OUTCOME_REFUSED, false, "model_version" },
		{ VERB_TICKET_PATCH, 409, "{\"code\":\"x\",\"message\":\"In use\"}",
			OUTCOME_REFUSED, false, "In use" },
		{ VERB_TICKET_PATCH, 412, "", OUTCOME_REFUSED, false, "meanwhile" },
		{ VERB_TICKET_CREATE, 413, "", OUTCOME_REFUSED, false, "too large" },
		{ VERB_TICKET_CREATE, 415, "", OUTCOME_REFUSED, false, "JSON" },
		{ VERB_TICKET_CREATE, 418, "", OUTCOME_REFUSED, false, "HTTP 418" },
		{ VERB_TICKET_CREATE, 451, HTML, OUTCOME_REFUSED, false, "HTTP 451" },
		{ VERB_TICKET_CREATE, 499, "", OUTCOME_REFUSED, false, "HTTP 499" },
	};

	(void)state;
	check_rows(rows, ARRAY_LEN(rows));
}

static void a_server_that_fails_leaves_a_write_in_doubt(void **state)
{
	static const char timeout[] =
		"{\"code\":\"ConnectWiseApi\",\"message\":\"A timeout has occured.\"}";
	static const int statuses[] = { 408, 500, 502, 503, 504, 599 };
	static const int odd[] = { 0, -1, 100, 199, 600, 999 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		for (int verb = 0; verb < VERB_COUNT; verb++) {
			struct outcome o = of((enum verb)verb, statuses[i], i % 2 ? HTML : timeout);

			expect(&o, verb_writes((enum verb)verb) ? OUTCOME_IN_DOUBT : OUTCOME_RETRY,
				i % 2 ? "a web page" : "A timeout has occured.");
		}
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		struct outcome o = of(VERB_TICKET_CREATE, odd[i], "{\"id\":1}");

		expect(&o, OUTCOME_IN_DOUBT, "odd HTTP status");
		o = of(VERB_COMPANIES, odd[i], "[]");
		expect(&o, OUTCOME_RETRY, "odd HTTP status");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_reply_a_write_is_in_doubt_only_if_it_may_have_left),
		cmocka_unit_test(a_status_and_a_body_beside_a_transport_fault_do_not_count),
		cmocka_unit_test(a_good_reply_counts_only_with_the_body_that_was_asked_for),
		cmocka_unit_test(a_deeply_nested_reply_is_no_reply),
		cmocka_unit_test(a_redirect_stops_and_names_where_it_points),
		cmocka_unit_test(a_bad_request_names_the_field_and_the_words),
		cmocka_unit_test(a_bad_request_of_any_shape_is_refused),
		cmocka_unit_test(an_event_that_quotes_an_error_stops_nothing),
		cmocka_unit_test(refused_keys_and_a_refused_client_id_stop_everything),
		cmocka_unit_test(an_unknown_model_version_names_its_setting),
		cmocka_unit_test(a_missing_permission_names_its_row),
		cmocka_unit_test(a_404_means_a_record_a_path_or_a_company),
		cmocka_unit_test(other_refusals_are_final),
		cmocka_unit_test(a_server_that_fails_leaves_a_write_in_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
