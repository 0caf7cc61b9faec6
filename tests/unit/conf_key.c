/* io/conf: places, the private key, the types, reload, what is printed. */
#include "conf_place.h"

static void the_environment_of_systemd_places_what_is_left_out(void **state)
{
	CLEANUP(conf_unref) struct conf *c = NULL;

	setenv("RUNTIME_DIRECTORY", "/run/other:/run/second", 1);
	setenv("STATE_DIRECTORY", "/srv/state", 1);
	c = load_good(*state, LOGIN);
	assert_string_equal(c->intake.events_socket, "/run/other/events.sock");
	assert_string_equal(c->intake.control_socket, "/run/other/control.sock");
	assert_string_equal(c->store.database, "/srv/state/queue.db");
}

static void a_socket_path_must_fit_its_address(void **state)
{
	CLEANUP(mem_free)
	char *text = xasprintf("%sintake = { events_socket = \"/%0107d\"; };", LOGIN, 0);

	assert_fault(*state, text, "opbridge.conf:2: ", "at most 107");
}

/* --- the private key --- */

static void the_key_is_read_and_trimmed(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free)
	char *text = xasprintf("connectwise = { site = \"na.myconnectwise.net\"; company = \"a\"; "
			       "client_id = \"" GUID
			       "\"; public_key = \"P\"; private_key_file = \"%s\"; };\n",
		d->key);
	CLEANUP(conf_unref) struct conf *c = NULL;

	write_file(d->key, " " KEY_TEXT "\r\n\n", 0400);
	c = load_good(d, text);
	assert_int_equal(secret_len(c->cw.private_key), strlen(KEY_TEXT));
	assert_string_equal(secret_text(c->cw.private_key), KEY_TEXT);
}

static void the_credential_comes_before_the_file_beside(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free) char *credential = xasprintf("%s/cw_private_key", d->at);
	CLEANUP(conf_unref) struct conf *beside = NULL;
	CLEANUP(conf_unref) struct conf *c = NULL;

	setenv("CREDENTIALS_DIRECTORY", d->at, 1);
	beside = load_good(d, LOGIN); /* a folder without ours */
	assert_string_equal(secret_text(beside->cw.private_key), KEY_TEXT);
	write_file(credential, "fromsystemd", 0440);
	c = load_good(d, LOGIN);
	assert_string_equal(secret_text(c->cw.private_key), "fromsystemd");
	assert_int_equal(chmod(credential, 0444), 0);
	assert_fault(d, LOGIN, "opbridge.conf:1: connectwise.private_key_file: ", "mode 0444");
}

static void a_key_file_open_to_others_is_refused(void **state)
{
	const struct folder *d = *state;
	const mode_t modes[] = { 0640, 0604, 0660, 0601, 0610 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(modes); i++) {
		assert_int_equal(chmod(d->key, modes[i]), 0);
		assert_fault(
			d, LOGIN, "opbridge.conf:1: connectwise.private_key_file: ", "chmod 600");
	}
}

static void a_key_file_of_somebody_else_is_refused(void **state)
{
	const struct folder *d = *state;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(d->key, 12345, 12345), 0);
	assert_fault(d, LOGIN, "opbridge.conf:1: ", "belongs to uid 12345");
}

static void a_link_or_a_folder_is_no_key_file(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free) char *link = xasprintf("%s/link", d->at);
	CLEANUP(mem_free)
	char *at_link = xasprintf(
		"connectwise = { site = \"na.myconnectwise.net\"; company = \"a\"; client_id = "
		"\"" GUID "\"; public_key = \"P\";\n private_key_file = \"%s\"; };\n",
		link);

	assert_int_equal(symlink(d->key, link), 0);
	assert_fault(d, at_link, "opbridge.conf:2: ", "is a symbolic link");
	assert_int_equal(unlink(link), 0);
	assert_int_equal(mkdir(link, 0700), 0);
	assert_fault(d, at_link, "opbridge.conf:2: ", "is not a regular file");
	assert_int_equal(rmdir(link), 0);
	assert_fault(d, at_link, "opbridge.conf:2: ", "cannot be opened: No such file");
}

static void what_is_no_key_is_refused_without_a_byte_of_it(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free) char *large = xcalloc(4098, 1);

	write_file(d->key, "\n \n", 0600);
	assert_fault(d, LOGIN, "opbridge.conf:1: ", "is empty");
	write_file(d->key, KEY_TEXT "\n" KEY_TEXT "\n", 0600);
	assert_fault(d, LOGIN, "opbridge.conf:1: ", "one key on one line");
	write_file(d->key, KEY_TEXT "\xc3\xa9", 0600);
	assert_fault(d, LOGIN, "opbridge.conf:1: ", "one key on one line");
	memset(large, 'k', 4097);
	write_file(d->key, large, 0600);
	assert_fault(d, LOGIN, "opbridge.conf:1: ", "larger than 4 KiB");
	large[4096] = '\0';
	write_file(d->key, large, 0600);
	{
		CLEANUP(conf_unref) struct conf *c = load_good(d, LOGIN);

		assert_int_equal(secret_len(c->cw.private_key), 4096);
	}
	assert_int_equal(unlink(d->key), 0);
	assert_fault(d, LOGIN, "opbridge.conf:1: ", "no private key");
}

static void a_key_in_the_configuration_is_refused_unrepeated(void **state)
{
	CLEANUP(mem_free)
	char *all = load_bad(*state,
		"connectwise = { site = \"na.myconnectwise.net\"; company = \"a\"; client_id "
		"= \"" GUID "\"; public_key = \"P\";\n private_key = \"" KEY_TEXT "\"; };\n");

	assert_string_equal(all,
		"opbridge.conf:2: connectwise.private_key is not a setting; did you mean "
		"connectwise.private_key_file?\n");
}

/* --- event types --- */

static void types_are_read(void **state)
{
	const struct folder *d = *state;
	CLEANUP(conf_unref) struct conf *c = NULL;

	write_file(d->types,
		"types = (\n { name = \"Too Many Logins\"; aliases = ( \"TML\", \"Logins\" ); "
		"fields = [ "
		"\"user\" ]; name_fr = \"Trop de connexions\"; },\n { name = \"B\"; fields = ( "
		"\"1\", "
		"\"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\" ); } );\n",
		0644);
	c = load_good(d, LOGIN);
	assert_string_equal(c->types_file, d->types);
	assert_int_equal(c->types.n, 2);
	assert_string_equal(c->types.types[0].aliases[1], "Logins");
	assert_null(c->types.types[0].aliases[2]);
	assert_string_equal(c->types.types[0].name_fr, "Trop de connexions");
	assert_string_equal(c->types.types[1].fields[7], "8");
	assert_null(c->types.types[1].fields[8]);
	assert_null(c->types.types[1].name_fr);
}

static void faults_of_the_types_have_their_own_lines(void **state)
{
	static const char *const rows[][3] = {
		{ "types = ( { name = \"A\"; fields = ( \"u\" ); },\n{ name = \"a\"; fields = ( "
		  "\"u\" ); } );",
			"event-types.conf:2: ", "\"a\" is named a second time" },
		{ "types = ( { name = \"A\"; aliases = ( \"B\" ); fields = ( \"u\" ); },\n{ name = "
		  "\"b\"; fields "
		  "= ( \"u\" ); } );",
			"event-types.conf:2: ", "named a second time" },
		{ "types = ( { name = \"A\"; aliases = ( \"a\" ); fields = ( \"u\" ); } );",
			"event-types.conf:1: ", "alias of itself" },
		{ "types = (\n{ fields = ( \"u\" ); } );", "event-types.conf:2: ", "has no name" },
		{ "types = (\n{ name = \"A\"; } );", "event-types.conf:2: ", "has no fields" },
		{ "types = (\n{ name = \"A\"; fields = ( ); } );",
			"event-types.conf:2: ", "at least one" },
		{ "types = ( { name = \"A\";\n fields = ( \"u\", \"u\" ); } );",
			"event-types.conf:2: ", "twice" },
		{ "types = ( { name = \"A\";\n fields = ( 1 ); } );",
			"event-types.conf:2: ", "whole number" },
		{ "types = ( { name = \"A\";\n fields = \"u\"; } );",
			"event-types.conf:2: ", "a list" },
		{ "types = ( { name = \"A\";\n fields = [ \"1\", \"2\", \"3\", \"4\", \"5\", "
		  "\"6\", \"7\", \"8\", "
		  "\"9\" ]; } );",
			"event-types.conf:2: ", "9 entries, at most 8" },
		{ "types = ( { name = \"A\"; fields = ( \"u\" );\n titel = \"x\"; } );",
			"event-types.conf:2: ", "titel is not a member" },
		{ "types = ( { name = \"  \"; fields = ( \"u\" ); } );",
			"event-types.conf:1: ", "1 to 256" },
		{ "types = ( 4 );", "event-types.conf:1: ", "is a group" },
		{ "types = { };", "event-types.conf:1: ", "must be a list" },
		{ "\ntipes = ( );", "event-types.conf: ", "holds no types" },
		{ "types = ( );\nextra = 1;", "event-types.conf:2: ", "extra is not known" },
		{ "types = (", "event-types.conf:1: ", "cannot be read" },
	};
	const struct folder *d = *state;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(mem_free) char *all = NULL;

		write_file(d->types, rows[i][0], 0644);
		all = load_bad(d, LOGIN);
		if (!strstr(all, rows[i][2]) || !str_starts(all, rows[i][1]))
			fail_msg("%s\n→ %s", rows[i][0], all);
	}
}

static void faults_of_both_files_are_told(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free) char *text = with("delivery = { slots = 0; };");
	CLEANUP(mem_free) char *all = NULL;

	write_file(d->types, "types = ( { name = \"A\"; } );", 0644);
	all = load_bad(d, text);
	assert_int_equal(lines_of(all), 2);
	assert_true(str_starts(all, "opbridge.conf:2: delivery.slots"));
	assert_non_null(strstr(all, "\nevent-types.conf:1: this event type has no fields"));
}

static void a_types_file_that_is_missing_is_named(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free) char *text = xasprintf("%stypes_file = \"%s/none.conf\";", LOGIN, d->at);

	assert_fault(d, text, "none.conf: ", "cannot be opened");
}

/* --- reload and sharing --- */

static void assert_reload(
	const struct folder *d, const char *next_text, int result, const char *words)
{
	CLEANUP(conf_unref) struct conf *now = load_good(d, LOGIN);
	CLEANUP(conf_unref) struct conf *next = load_good(d, next_text);
	CLEANUP(mem_free) char *changed = NULL;
	struct fault fault = { 0 };

	assert_int_equal(conf_may_replace(now, next, &changed, &fault), result);
	if (result == 0) {
		assert_string_equal(changed, words);
	} else {
		assert_null(changed);
		assert_int_equal(fault.code, FAULT_CONFIG);
		assert_non_null(strstr(fault.text, words));
	}
}

static void a_reload_takes_what_it_may(void **state)
{
	CLEANUP(mem_free)
	char *two = with("delivery = { slots = 5; };\nlog = { level = \"debug\"; };\nticket = { "
			 "notify = false; };");

	assert_reload(*state, LOGIN, 0, "");
	assert_reload(*state, two, 0, "ticket.notify, delivery.slots, log.level");
}

static void a_reload_refuses_what_needs_a_restart_and_names_it(void **state)
{
	CLEANUP(mem_free)
	char *text = with("delivery = { slots = 5; };\nstore = { database = \"/x.db\"; };\nintake "
			  "= { group = \"g\"; };");

	assert_reload(
		*state, text, -FAULT_CONFIG, "cannot change intake.group, store.database; nothing");
}

static void a_new_key_or_new_types_are_changes(void **state)
{
	const struct folder *d = *state;
	CLEANUP(conf_unref) struct conf *now = load_good(d, LOGIN);
	CLEANUP(conf_unref) struct conf *next = NULL;
	CLEANUP(mem_free) char *changed = NULL;
	struct fault fault = { 0 };

	write_file(d->key, "another", 0600);
	write_file(d->types, "types = ( { name = \"A\"; fields = ( \"ip\" ); } );", 0644);
	next = load_good(d, LOGIN);
	assert_int_equal(conf_may_replace(now, next, &changed, &fault), 0);
	assert_string_equal(changed, "the private key, the event types");
}

static void another_password_of_the_mail_server_is_a_change(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free) char *file = xasprintf("%s/smtp.password", d->at);
	CLEANUP(mem_free) char *text = with("alarm = { " CONTACT "smtp_user = \"u\"; };");
	CLEANUP(conf_unref) struct conf *now = NULL;
	CLEANUP(conf_unref) struct conf *next = NULL;
	CLEANUP(mem_free) char *changed = NULL;
	CLEANUP(mem_free) char *unchanged = NULL;
	struct fault fault = { 0 };

	write_file(file, "first", 0600);
	now = load_good(d, text);
	write_file(file, "second", 0600);
	next = load_good(d, text);
	assert_int_equal(conf_may_replace(now, next, &changed, &fault), 0);
	assert_string_equal(changed, "the mail server's password");
	assert_int_equal(conf_may_replace(next, next, &unchanged, &fault), 0);
	assert_string_equal(unchanged, "");
}

static void a_job_keeps_the_configuration_it_began_with(void **state)
{
	struct conf *c = load_good(*state, LOGIN);
	struct conf *kept = conf_ref(c);

	conf_unref(c);
	assert_string_equal(kept->cw.company, "acme");
	assert_string_equal(secret_text(kept->cw.private_key), KEY_TEXT);
	conf_unref(kept);
	conf_unref(NULL);
}

static void the_printed_table_shows_no_key(void **state)
{
	const struct folder *d = *state;
	CLEANUP(mem_free)
	char *text =
		xasprintf("connectwise = { site = \"na.myconnectwise.net\"; company = \"acme\"; "
			  "client_id = \"" GUID "\"; public_key = \"PublicKeyText\"; };\n");
	CLEANUP(conf_unref) struct conf *c = load_good(d, text);
	CLEANUP(mem_free) char *printed = NULL;
	int out = dup(STDOUT_FILENO);
	size_t i;

	fflush(stdout);
	assert_non_null(freopen(d->types, "w", stdout));
	conf_print_table(c);
	fflush(stdout);
	assert_true(dup2(out, STDOUT_FILENO) >= 0);
	close(out);
	printed = read_text(d->types);
	assert_null(strstr(printed, KEY_TEXT));
	assert_null(strstr(printed, "PublicKeyText"));
	assert_non_null(strstr(printed, "connectwise.public_key = \"Publ…\"\n"));
	assert_non_null(strstr(printed,
		"delivery.slots = 4\n    requests in flight at once\n    default 4; 1 "
		"to 16 requests; taken by a reload\n"));
	for (i = 0; i < conf_n_keys; i++)
		assert_non_null(strstr(printed, conf_keys[i].path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(the_environment_of_systemd_places_what_is_left_out),
		IN_FOLDER(a_socket_path_must_fit_its_address),
		IN_FOLDER(the_key_is_read_and_trimmed),
		IN_FOLDER(the_credential_comes_before_the_file_beside),
		IN_FOLDER(a_key_file_open_to_others_is_refused),
		IN_FOLDER(a_key_file_of_somebody_else_is_refused),
		IN_FOLDER(a_link_or_a_folder_is_no_key_file),
		IN_FOLDER(what_is_no_key_is_refused_without_a_byte_of_it),
		IN_FOLDER(a_key_in_the_configuration_is_refused_unrepeated),
		IN_FOLDER(types_are_read),
		IN_FOLDER(faults_of_the_types_have_their_own_lines),
		IN_FOLDER(faults_of_both_files_are_told),
		IN_FOLDER(a_types_file_that_is_missing_is_named),
		IN_FOLDER(a_reload_takes_what_it_may),
		IN_FOLDER(a_reload_refuses_what_needs_a_restart_and_names_it),
		IN_FOLDER(a_new_key_or_new_types_are_changes),
		IN_FOLDER(another_password_of_the_mail_server_is_a_change),
		IN_FOLDER(a_job_keeps_the_configuration_it_began_with),
		IN_FOLDER(the_printed_table_shows_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
