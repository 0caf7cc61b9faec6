/* io/conf: every fault with its line, ranges, forms. */
#include "conf_place.h"

static void all_faults_come_at_once_in_the_order_of_their_lines(void **state)
{
	CLEANUP(mem_free)
	char *all = load_bad(*state,
		"delivery = {\n  slots = 0;\n  slotz = 3;\n};\n"
		"log = { level = \"loud\"; };\nconnectwise = {\n"
		"  company = \"acme\";\n};\n");

	assert_string_equal(all,
		"opbridge.conf:2: delivery.slots: 0 is out of range: 1 to 16 requests\n"
		"opbridge.conf:3: delivery.slotz is not a setting; did you mean delivery.slots?\n"
		"opbridge.conf:5: log.level: \"loud\" is not known here: it must be \"error\", "
		"\"warn\", \"info\" or \"debug\"\n"
		"opbridge.conf:6: connectwise.client_id: is required and missing: the GUID of this "
		"integration, free of charge at https://developer.connectwise.com/ClientID\n"
		"opbridge.conf:6: connectwise.public_key: is required and missing: the API "
		"member's "
		"public key (System > Members > API Members > API Keys)\n"
		"opbridge.conf:6: connectwise.site: is required and missing: the address in the "
		"browser when working in ConnectWise, e.g. na.myconnectwise.net\n");
}

static void a_value_of_another_type_is_refused_instead_of_converted(void **state)
{
	static const char *const rows[][2] = {
		{ "delivery = { slots = \"4\"; };",
			"whole number without quotes; what stands there is a text" },
		{ "delivery = { slots = 4.0; };", "what stands there is a number with a fraction" },
		{ "delivery = { slots = true; };", "what stands there is true or false" },
		{ "ticket = { notify = 1; };",
			"true or false, without quotes; what stands there is a whole" },
		{ "ticket = { notify = \"true\"; };", "what stands there is a text" },
		{ "sync = { every = 900; };",
			"such as \"30s\" (ms, s, min, h, d); what stands there" },
		{ "sync = { every = \"15m\"; };", "\"15m\" is not a text with a unit" },
		{ "sync = { every = \"-1s\"; };", "\"-1s\" is not" },
		{ "sync = { every = \"1.5h\"; };", "\"1.5h\" is not" },
		{ "sync = { every = \"\"; };", "\"\" is not" },
		{ "sync = { every = \"99999999999999999999d\"; };", "is not a text with a unit" },
		{ "store = { max_bytes = \"2GB\"; };", "(B, KiB, MiB, GiB)" },
		{ "board = { board = 42; };",
			"a text in quotes; what stands there is a whole number" },
		{ "board = { board = { }; };", "what stands there is a group" },
		{ "log = { level = ( \"info\" ); };", "what stands there is a list" },
		{ "log = { level = \"Info\"; };", "\"Info\" is not known here" },
		{ "board = { board = \"a\\x07b\"; };", "without control characters" },
		{ "board = { board = \"a\\xffb\"; };", "valid UTF-8" },
		{ "log = \"info\";", "log is a section: write it as log = { … }" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *text = with(rows[i][0]);

		assert_fault(*state, text, "opbridge.conf:2: ", rows[i][1]);
	}
}

static void an_emergency_contact_that_cannot_work_or_is_not_safe_is_refused(void **state)
{
	static const char *const rows[][2] = {
		{ "mail_to = \"a@b\";", "alarm.smtp: is missing" },
		{ "smtp = \"smtp://h\";", "alarm.mail_to: is missing" },
		{ "mail_to = \"Anna <a@b>\"; smtp = \"smtp://h\";", "must be addresses" },
		{ CONTACT "mail_from = \"nobody\";", "one address" },
		{ "mail_to = \"a@b\"; smtp = \"http://h\";", "smtp://HOST:587" },
		{ "mail_to = \"a@b\"; smtp = \"smtp://u:p@h\";", "smtp://HOST:587" },
		{ "mail_to = \"a@b\"; smtp = \"smtp://h:587/x\";", "smtp://HOST:587" },
		{ "mail_to = \"a@b\"; smtp = \"smtp://h:99999\";", "smtp://HOST:587" },
		{ CONTACT "smtp_tls = \"none\";", "only for a mail server on this machine" },
		{ CONTACT "smtp_tls = \"none\"; smtp_user = \"u\"; smtp_password_file = \"p\";",
			"alarm.smtp_password_file: must be the path" },
		{ CONTACT "smtp_user = \"u\";", "no password" },
		{ CONTACT "smtp_ca_file = \"/nonexistent\";", "cannot be read" },
		{ "hook = \"hook\";", "whole path" },
		{ "hook = \"/nonexistent\";", "No such file" },
		{ "hook = \"/etc/passwd\";", "not an executable file" },
		{ "hook = \"/tmp\";", "not an executable file" },
		{ "disk_free = \"5\";", "a percentage" },
		{ "disk_free = \"100%\";", "a percentage" },
		{ "disk_free = \"5GB\";", "a percentage" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *section = xasprintf("alarm = { %s };", rows[i][0]);
		CLEANUP(mem_free) char *text = with(section);
		CLEANUP(mem_free) char *all = load_bad(*state, text);

		if (!strstr(all, rows[i][1]))
			fail_msg("wanted \"%s\" of %s, not:\n%s", rows[i][1], rows[i][0], all);
	}
}

static void a_password_is_never_sent_where_it_may_go_in_the_clear(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free) char *path = xasprintf("%s/smtp.password", d->at);
	CLEANUP(mem_free)
	char *text = with("alarm = { " CONTACT "smtp_user = \"u\"; smtp_tls = \"try\"; };");

	write_file(path, "two words\n", 0600);
	assert_fault(d, text, "opbridge.conf:2: alarm.smtp_tls", "in the clear");
}

static void the_password_of_the_mail_server_follows_the_rules_of_the_private_key(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free) char *path = xasprintf("%s/smtp.password", d->at);
	CLEANUP(mem_free) char *credential = xasprintf("%s/smtp_password", d->at);
	CLEANUP(mem_free) char *text = with("alarm = { " CONTACT "smtp_user = \"u\"; };");

	write_file(path, "two words\n", 0644);
	assert_fault(d, text, "opbridge.conf:2: ", "open to others");
	write_file(path, "two\nlines\n", 0600);
	assert_fault(d, text, "opbridge.conf:2: ", "one password on one line");
	write_file(path, " \n", 0600);
	assert_fault(d, text, "opbridge.conf:2: ", "is empty");
	write_file(path, "two words\n", 0600);
	{
		CLEANUP(conf_unref) struct conf *c = load_good(d, text);

		assert_string_equal(secret_text(c->alarm.smtp_password), "two words");
		assert_true(strstr(c->alarm.mail_from, "opbridge@") == c->alarm.mail_from);
		assert_int_equal(c->alarm.disk_free_percent, 5);
		assert_int_equal(c->alarm.smtp_tls, SMTP_TLS_REQUIRE);
	}
	write_file(credential, "from systemd", 0440);
	setenv("CREDENTIALS_DIRECTORY", d->at, 1);
	{
		CLEANUP(conf_unref) struct conf *c = load_good(d, text);

		assert_string_equal(secret_text(c->alarm.smtp_password), "from systemd");
	}
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void numbers_that_libconfig_would_cut_are_refused(void **state)
{
	static const char *const rows[] = { "4294967300", "4294967300L", "5000000000",
		"99999999999999999999", "-4294967300" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free)
		char *text = xasprintf("%sdelivery = {\n slots = %s; };\n", LOGIN, rows[i]);

		assert_fault(*state, text, "opbridge.conf:3: ", "more than 9 digits");
	}
	{
		CLEANUP(mem_free) char *text = with("delivery = { slots = 0x100000004; };");

		assert_fault(*state, text, "opbridge.conf:2: ", "in decimal");
	}
	{
		CLEANUP(mem_free) char *text = with("delivery = { slots = 4L; };");
		CLEANUP(conf_unref) struct conf *c = load_good(*state, text);

		assert_int_equal(c->delivery.slots, 4);
	}
}

static void what_cannot_be_read_is_named_where_it_begins(void **state)
{
	static const char *const rows[][3] = {
		{ "a = \"open\nb = 1;\n", "opbridge.conf:1: ", "no closing quote" },
		{ "# fine\n/* open\nlog = { };\n", "opbridge.conf:2: ", "never closed" },
		{ "\n @include \"/tmp\"\n", "opbridge.conf:2: ", "@include is not supported" },
		{ "log = {\n level = \"info\";\n level = \"warn\";\n};\n",
			"opbridge.conf:3: ", "a second time" },
		{ "log = { };\nlog = { };\n", "opbridge.conf:2: ", "a second time" },
		/* A number: libconfig itself loses the memory of a text that stands at the fault.
		 */
		{ "delivery = {\n slots 4;\n};\n", "opbridge.conf:2: ", "cannot be read" },
		{ "# ok\n# caf\xe9\n", "opbridge.conf:2: ", "UTF-8" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		assert_fault(*state, rows[i][0], rows[i][1], rows[i][2]);
}

static void quotes_and_comments_hide_what_looks_like_a_fault(void **state)
{
	CLEANUP(mem_free)
	char *text = with("/* @include \"x\" 99999999999 */ // \"\n# \" /*\nboard = { board = "
			  "\"99999999999 \\\" /* # // 0xFF\"; };");
	CLEANUP(conf_unref) struct conf *c = load_good(*state, text);

	assert_string_equal(c->board.board, "99999999999 \" /* # // 0xFF");
}

static void a_file_that_is_none_is_refused(void **state)
{
	const struct folder *d = *state;
	struct conf_faults faults;
	struct fault fault = { 0 };
	struct conf *c = NULL;

	assert_int_equal(conf_load(d->at, &c, &faults, &fault), -FAULT_CONFIG);
	assert_non_null(strstr(fault.text, "is not a regular file"));
	conf_faults_clear(&faults);
	assert_int_equal(
		conf_load("/nonexistent/opbridge.conf", &c, &faults, &fault), -FAULT_CONFIG);
	assert_string_equal(faults.lines[0],
		"/nonexistent/opbridge.conf: cannot be opened: No such file or directory");
	conf_faults_clear(&faults);
	assert_int_equal(chmod(d->conf, 0646), 0);
	assert_int_equal(conf_load(d->conf, &c, &faults, &fault), -FAULT_CONFIG);
	assert_non_null(strstr(fault.text, "chmod o-w"));
	conf_faults_clear(&faults);
}

static void unknown_names_come_with_the_nearest_known_one(void **state)
{
	static const char *const rows[][2] = {
		{ "slots = 3;", "did you mean delivery.slots?" },
		{ "conectwise = { };", "did you mean connectwise?" },
		{ "deliver = { slots = 3; };", "did you mean delivery?" },
		{ "ticket = { on_close = \"new\"; };", "did you mean ticket.on_closed?" },
		{ "ticket = { status = \"New\"; };", "did you mean board.status?" },
		{ "intake = { Batch_max = 3; };", "did you mean intake.batch_max?" },
		{ "zzzz = 3;", "opbridged -t -v" },
		{ "zzzz = { };", "opbridged -t -v" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *text = with(rows[i][0]);

		assert_fault(*state, text, "opbridge.conf:2: ", rows[i][1]);
	}
}

/* --- ranges --- */

static char *number_for(const struct conf_key *key, int64_t value)
{
	if (key->kind == CONF_INT)
		return xasprintf("%lld", (long long)value);
	if (key->kind == CONF_DURATION && value > 999999999)
		return xasprintf("\"%llds\"", (long long)(value / 1000) + (value % 1000 != 0));
	if (key->kind == CONF_SIZE && value > 999999999)
		return xasprintf(
			"\"%lldMiB\"", (long long)(value >> 20) + ((value & 0xFFFFF) != 0));
	return xasprintf("\"%lld%s\"", (long long)value, key->kind == CONF_SIZE ? "B" : "ms");
}

static char *node_fault(const struct conf_key *key, const char *written, struct conf *c)
{
	CLEANUP(mem_free) char *bare = xstrdup(written[0] == '"' ? written + 1 : written);
	struct conf_node node = { .kind = NODE_TEXT, .text = bare };

	if (written[0] == '"')
		bare[strlen(bare) - 1] = '\0';
	if (key->kind == CONF_INT)
		node = (struct conf_node){ .kind = NODE_INT, .num = strtoll(bare, NULL, 10) };
	return conf_value_put(key, &node, c);
}

static void ranges_hold_at_both_edges(void **state)
{
	CLEANUP(conf_unref) struct conf *c = load_good(*state, LOGIN);
	size_t i, checked = 0;

	for (i = 0; i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		const struct {
			int64_t value;
			bool good;
		} edges[] = { { key->min, true }, { key->max, true }, { key->min - 1, false },
			{ key->max + 1, false } };
		size_t k;

		if (key->kind != CONF_INT && key->kind != CONF_DURATION && key->kind != CONF_SIZE)
			continue;
		for (k = 0; k < ARRAY_LEN(edges); k++) {
			CLEANUP(mem_free) char *written = NULL;
			CLEANUP(mem_free) char *fault = NULL;

			if (edges[k].value < 0 && key->kind != CONF_INT)
				continue;
			written = number_for(key, edges[k].value);
			fault = node_fault(key, written, c);
			if ((fault == NULL) != edges[k].good)
				fail_msg(
					"%s = %s: %s", key->path, written, fault ? fault : "taken");
			checked++;
		}
	}
	assert_in_range(checked, 80, 200);
}

static void texts_are_bounded_in_bytes(void **state)
{
	CLEANUP(conf_unref) struct conf *c = load_good(*state, LOGIN);
	size_t i;

	for (i = 0; i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		CLEANUP(mem_free) char *text = NULL;
		CLEANUP(mem_free) char *fits = NULL;
		CLEANUP(mem_free) char *over = NULL;
		struct conf_node node = { .kind = NODE_TEXT };

		if (key->kind != CONF_TEXT)
			continue;
		text = xcalloc((size_t)key->max + 2, 1);
		memset(text, 'x', (size_t)key->max);
		node.text = text;
		fits = conf_value_put(key, &node, c);
		assert_null(fits);
		text[key->max] = 'x';
		over = conf_value_put(key, &node, c);
		assert_non_null(over);
		assert_non_null(strstr(over, "are allowed"));
	}
}

static void units_are_read_and_written(void **state)
{
	int64_t v = 0;

	(void)state;
	assert_true(duration_read("500ms", &v) && v == 500);
	assert_true(duration_read("15 min", &v) && v == 900000);
	assert_true(duration_read("30d", &v) && v == INT64_C(30) * 86400000);
	assert_true(duration_read("0s", &v) && v == 0);
	assert_true(size_read("3GiB", &v) && v == INT64_C(3) << 30);
	assert_true(size_read("1B", &v) && v == 1);
	assert_false(duration_read("s", &v));
	assert_false(duration_read("10", &v));
	assert_false(duration_read("1h30min", &v));
	assert_false(duration_read("1S", &v));
	assert_false(duration_read(" 1s", &v));
	assert_false(duration_read("1234567890s", &v));
	assert_false(size_read("1kib", &v));
	assert_false(size_read("1KB", &v));
}

/* --- what the keys say to each other, and forms --- */

static void forms_are_checked(void **state)
{
	static const char *const rows[][2] = {
		{ "connectwise.proxy: ", "proxy = \"proxy.example\";" },
		{ "connectwise.proxy: ", "proxy = \"http://u:p@proxy.example:8080\";" },
		{ "connectwise.proxy: ", "proxy = \"socks5://proxy.example:8080\";" },
		{ "connectwise.proxy: ", "proxy = \"http://proxy.example:8080/\";" },
		{ "connectwise.proxy: ", "proxy = \"http://proxy.example:65536\";" },
		{ "connectwise.proxy: ", "proxy = \"http://proxy.example:0\";" },
		{ "connectwise.base_url: ", "base_url = \"http://h/v4_6_release/apis/3.0/\";" },
		{ "connectwise.base_url: ", "base_url = \"https://h/v4_6_release/apis/3.0\";" },
		{ "connectwise.base_url: ", "base_url = \"https://u@h/v4_6_release/apis/3.0/\";" },
		{ "connectwise.model_version: ", "model_version = \"3.0\";" },
		{ "connectwise.model_version: ", "model_version = \"2025.123\";" },
		{ "connectwise.model_version: ", "model_version = \"2025.1 \";" },
		{ "connectwise.private_key_file: ", "private_key_file = \"" KEY_TEXT "\";" },
		{ "connectwise.ca_file: ", "ca_file = \"ca.pem\";" },
		{ "connectwise.ca_file: ", "ca_file = \"/nonexistent/ca.pem\";" },
		{ "connectwise.connect_timeout: ",
			"connect_timeout = \"11s\"; read_timeout = \"10s\";" },
		{ "connectwise.connect_timeout: ",
			"connect_timeout = \"11s\"; write_timeout = \"10s\";" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free)
		char *text = xasprintf("connectwise = { site = \"na.myconnectwise.net\"; company = "
				       "\"acme\"; client_id = "
				       "\"" GUID "\"; public_key = \"Pub1\";\n%s };\n",
			rows[i][1]);
		CLEANUP(mem_free) char *place = xasprintf("opbridge.conf:2: %s", rows[i][0]);

		assert_fault(*state, text, place, "");
	}
}

static void keys_that_contradict_each_other_are_named(void **state)
{
	static const char *const rows[][2] = {
		{ "delivery = { backoff_base = \"2s\"; backoff_cap = \"1s\"; };",
			"delivery.backoff_base: \"2s\" is more than delivery.backoff_cap = "
			"\"1s\"" },
		{ "delivery = { breaker_wait = \"6min\"; };",
			"delivery.breaker_wait: \"6min\" is more" },
		{ "sync = { full_every = \"14min\"; };", "sync.every: \"15min\" is more" },
		{ "intake = { body_max = \"63KiB\"; };", "intake.event_max: \"64KiB\" is more" },
		{ "intake = { metrics_listen = \"0.0.0.0:9100\"; };", "stays on this machine" },
		{ "intake = { metrics_listen = \"127.0.0.1\"; };", "intake.metrics_listen" },
		{ "intake = { metrics_listen = \"127.0.0.1:99999\"; };", "intake.metrics_listen" },
		{ "intake = { metrics_listen = \"127.0.0.1:1:2\"; };", "intake.metrics_listen" },
		{ "intake = { events_socket = \"/a\"; control_socket = \"/a\"; };",
			"need two paths" },
		{ "intake = { events_socket = \"a.sock\"; };", "a whole path" },
		{ "store = { database = \"queue.db\"; };", "a whole path" },
		{ "ticket = { summary_prefix = \"12345678901234567890123456789012345678901\"; };",
			"more than 40 characters" },
		{ "ticket = { summary_prefix = \"12345678901234567890123456789012345678😀x\"; };",
			"more than 40 characters" },
		{ "ticket = { time_zone = \"Europe/Nowhere\"; };",
			"ticket.time_zone: is no time zone" },
		{ "ticket = { time_zone = \"../../etc/hostname\"; };",
			"ticket.time_zone: is no time zone" },
		{ "ticket = { time_zone = \"\"; };", "ticket.time_zone: " },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *text = with(rows[i][0]);

		assert_fault(*state, text, "opbridge.conf:2: ", rows[i][1]);
	}
}

static void good_forms_are_taken(void **state)
{
	CLEANUP(mem_free)
	char *text = xstrdup(
		"connectwise = { company = \"acme-1\"; client_id = \"" GUID "\"; public_key = "
		"\"Pub1\"; proxy = \"http://[2001:db8::1]:3128\"; base_url = "
		"\"https://127.0.0.1:8443/v4_6_release/apis/3.0/\"; model_version = \"2025.16\"; "
		"};\n"
		"intake = { metrics_listen = \"[::1]:9100\"; events_socket = \"\"; };\n"
		"ticket = { summary_prefix = \"12345678901234567890123456789012345678😀\"; "
		"time_zone = \"Europe/Zurich\"; };");
	CLEANUP(conf_unref) struct conf *c = load_good(*state, text);

	assert_string_equal(c->cw.proxy, "http://[2001:db8::1]:3128");
	assert_string_equal(c->intake.events_socket, "");
	assert_string_equal(c->intake.control_socket, OPB_CONTROL_SOCKET);
}

static void the_login_is_checked_without_repeating_it(void **state)
{
	CLEANUP(mem_free)
	char *all = load_bad(*state,
		"connectwise = {\n site = \"http://na.myconnectwise.net\";\n"
		" company = \"" KEY_TEXT "+x\";\n client_id = \"" KEY_TEXT "\";\n"
		" public_key = \"" KEY_TEXT ":x\";\n};\n");

	assert_int_equal(lines_of(all), 4);
	assert_non_null(strstr(all, "opbridge.conf:2: connectwise.site: "));
	assert_non_null(strstr(all, "opbridge.conf:3: connectwise.company: "));
	assert_non_null(strstr(all, "opbridge.conf:4: connectwise.client_id: is not a GUID"));
	assert_non_null(strstr(all, "opbridge.conf:5: connectwise.public_key: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(all_faults_come_at_once_in_the_order_of_their_lines),
		IN_FOLDER(a_value_of_another_type_is_refused_instead_of_converted),
		IN_FOLDER(an_emergency_contact_that_cannot_work_or_is_not_safe_is_refused),
		IN_FOLDER(a_password_is_never_sent_where_it_may_go_in_the_clear),
		IN_FOLDER(the_password_of_the_mail_server_follows_the_rules_of_the_private_key),
		IN_FOLDER(numbers_that_libconfig_would_cut_are_refused),
		IN_FOLDER(what_cannot_be_read_is_named_where_it_begins),
		IN_FOLDER(quotes_and_comments_hide_what_looks_like_a_fault),
		IN_FOLDER(a_file_that_is_none_is_refused),
		IN_FOLDER(unknown_names_come_with_the_nearest_known_one),
		IN_FOLDER(ranges_hold_at_both_edges),
		IN_FOLDER(texts_are_bounded_in_bytes),
		IN_FOLDER(units_are_read_and_written),
		IN_FOLDER(forms_are_checked),
		IN_FOLDER(keys_that_contradict_each_other_are_named),
		IN_FOLDER(good_forms_are_taken),
		IN_FOLDER(the_login_is_checked_without_repeating_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
