/* io/conf: the table, the shipped file, every fault with its line, the key, the types, reload. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "io/conf_parts.h"
#include "opbridge.h"

#define KEY_TEXT "sEcReTkEyMaTeRiAl"
#define GUID "01234567-89ab-cdef-0123-456789abcdef"
#define LOGIN                                                                                      \
	"connectwise = { site = \"na.myconnectwise.net\"; company = \"acme\"; client_id = \"" GUID \
	"\"; public_key = \"Pub1\"; };\n"
#define TYPES "types = ( { name = \"A\"; fields = ( \"user\" ); } );\n"

/* A folder of its own for each test: opbridge.conf, event-types.conf, private.key. */
struct folder {
	char at[64];
	char *conf, *types, *key;
};

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int make_folder(void **state)
{
	struct folder *d = xcalloc(1, sizeof(*d));

	snprintf(d->at, sizeof(d->at), "/tmp/opbridge-conf-XXXXXX");
	if (!mkdtemp(d->at))
		return -1;
	d->conf = xasprintf("%s/opbridge.conf", d->at);
	d->types = xasprintf("%s/event-types.conf", d->at);
	d->key = xasprintf("%s/private.key", d->at);
	write_file(d->conf, LOGIN, 0644);
	write_file(d->types, TYPES, 0644);
	write_file(d->key, KEY_TEXT "\n", 0600);
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("RUNTIME_DIRECTORY");
	unsetenv("STATE_DIRECTORY");
	unsetenv("JOURNAL_STREAM");
	*state = d;
	return 0;
}

static int remove_folder(void **state)
{
	struct folder *d = *state;
	const char *const extra[] = { "cw_private_key", "link", "smtp.password", "smtp_password" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(extra); i++) {
		CLEANUP(mem_free) char *path = xasprintf("%s/%s", d->at, extra[i]);

		unlink(path);
	}
	unlink(d->conf);
	unlink(d->types);
	unlink(d->key);
	rmdir(d->at);
	mem_free(d->conf);
	mem_free(d->types);
	mem_free(d->key);
	mem_free(d);
	return 0;
}

/* gives: conf_unref. The faults of a good file are none. */
static struct conf *load_good(const struct folder *d, const char *text)
{
	struct conf_faults faults;
	struct fault fault = { 0 };
	struct conf *c = NULL;

	write_file(d->conf, text, 0644);
	if (conf_load(d->conf, &c, &faults, &fault) != 0)
		fail_msg("%s", faults.lines[0]);
	assert_int_equal(faults.n, 0);
	return c;
}

/* Load a bad file; the lines without their folder, one after the other. gives: mem_free. */
static char *load_bad(const struct folder *d, const char *text)
{
	struct conf_faults faults;
	struct fault fault = { 0 };
	struct conf *c = NULL;
	STR_AUTO(all);
	size_t i;

	write_file(d->conf, text, 0644);
	assert_int_equal(conf_load(d->conf, &c, &faults, &fault), -FAULT_CONFIG);
	assert_null(c);
	assert_true(faults.n > 0);
	assert_int_equal(fault.code, FAULT_CONFIG);
	assert_true(strncmp(fault.text, faults.lines[0], sizeof(fault.text) - 1) == 0);
	for (i = 0; i < faults.n; i++) {
		assert_true(str_starts(faults.lines[i], d->at));
		assert_null(strstr(faults.lines[i], KEY_TEXT));
		str_addf(&all, "%s\n", faults.lines[i] + strlen(d->at) + 1);
	}
	conf_faults_clear(&faults);
	return str_take(&all);
}

static size_t lines_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* The file's only fault is on this line and holds these words. */
static void assert_fault(
	const struct folder *d, const char *text, const char *place, const char *words)
{
	CLEANUP(mem_free) char *all = load_bad(d, text);

	if (lines_of(all) != 1 || !str_starts(all, place) || !strstr(all, words))
		fail_msg("wanted one fault \"%s… %s\", not:\n%s", place, words, all);
}

static char *with(const char *section)
{
	return xasprintf("%s%s\n", LOGIN, section);
}

static char *read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = xcalloc(65536, 1);

	assert_non_null(f);
	assert_in_range(fread(text, 1, 65535, f), 1, 65534);
	fclose(f);
	return text;
}

/* --- the table and the shipped file --- */

static void every_default_is_in_its_own_range(void **state)
{
	CLEANUP(conf_unref) struct conf *c = load_good(*state, LOGIN);

	assert_string_equal(c->cw.model_version, "2025.1");
	assert_int_equal(c->cw.write_timeout, 120000);
	assert_int_equal(c->cw.reply_max, 8 << 20);
	assert_int_equal(c->delivery.hold_max_age, 48 * 3600 * 1000);
	assert_int_equal(c->delivery.breaker_wait_max, 300000);
	assert_int_equal(c->store.history, INT64_C(30) * 86400 * 1000);
	assert_int_equal(c->store.max_bytes, INT64_C(2) << 30);
	assert_int_equal(c->intake.event_max, OPB_EVENT_MAX);
	assert_int_equal(c->intake.body_max, OPB_BODY_MAX);
	assert_int_equal(c->intake.batch_max, OPB_BATCH_MAX);
	assert_string_equal(c->intake.events_socket, OPB_EVENTS_SOCKET);
	assert_string_equal(c->intake.control_socket, OPB_CONTROL_SOCKET);
	assert_string_equal(c->store.database, "/var/lib/opbridge/queue.db");
	assert_int_equal(c->ticket.policy.on_closed, ON_CLOSED_NEW);
	assert_int_equal(c->ticket.policy.on_ignored, ON_END_NOTE);
	assert_true(c->ticket.notify);
	assert_ptr_equal(c->ticket.style.summary_prefix, c->ticket.prefix);
	assert_int_equal(c->log.format, LOG_LOGFMT);
}

static void the_table_names_each_key_once_and_short_enough(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < conf_n_keys; i++) {
		assert_int_equal(conf_key_find(conf_keys[i].path), (int)i);
		assert_true(strlen(conf_keys[i].path) < CONF_PATH_MAX);
		assert_true(conf_keys[i].min <= conf_keys[i].max);
		assert_false(str_is_blank(conf_keys[i].help));
	}
	assert_int_equal(conf_key_find("delivery"), -1);
}

/* "\t# slots = 4;" or "\tsite = …;" → "slots = 4;"; NULL for a remark. lends */
static const char *setting_in(const char *line)
{
	const char *name = line + strspn(line, "\t"), *end;

	if (str_starts(name, "# "))
		name += 2;
	end = name + strspn(name, "abcdefghijklmnopqrstuvwxyz_");
	if (end == name || !str_starts(end, " = ") || end[strcspn(end, ";\n")] != ';')
		return NULL;
	return name;
}

/* The shipped file with all its settings switched on, and real values for the placeholders. */
static char *all_settings_on(const char *text)
{
	CLEANUP(mem_free) char *copy = xstrdup(text);
	STR_AUTO(out);
	char *line, *next;

	for (line = copy; line && *line; line = next) {
		const char *setting;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		setting = setting_in(line);
		if (setting && str_starts(setting, "site = "))
			setting = "site = \"na.myconnectwise.net\";";
		else if (setting && str_starts(setting, "client_id = "))
			setting = "client_id = \"" GUID "\";";
		else if (setting && strstr(setting, "CHANGE-ME"))
			setting = str_starts(setting, "company") ? "company = \"acme\";"
								 : "public_key = \"Pub1\";";
		str_addf(&out, "%s\n", setting ? setting : line);
	}
	return str_take(&out);
}

static char *section_text(const char *text, const char *section)
{
	CLEANUP(mem_free) char *head = xasprintf("\n%s = {\n", section);
	const char *from = strstr(text, head), *to;

	assert_non_null(from);
	to = strstr(from, "\n};");
	assert_non_null(to);
	return xstrndup(from, (size_t)(to - from) + 1);
}

static void the_shipped_file_shows_every_key_with_its_default(void **state)
{
	CLEANUP(mem_free) char *text = read_text("conf/opbridge.conf");
	size_t i;

	(void)state;
	for (i = 0; i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		const char *dot = strchr(key->path, '.'), *name = dot ? dot + 1 : key->path, *at;
		CLEANUP(mem_free) char *head = xstrndup(key->path, (size_t)(name - key->path));
		CLEANUP(mem_free) char *part = NULL;
		CLEANUP(mem_free) char *line = NULL;
		bool bare = key->kind == CONF_INT || key->kind == CONF_BOOL;

		if (dot)
			head[dot - key->path] = '\0';
		part = dot ? section_text(text, head) : xstrdup(text);
		if (!key->standard || str_eq(name, "site"))
			line = xasprintf("\n\t%s = \"CHANGE-ME\";\n", name);
		else
			line = xasprintf("\n%s# %s = %s%s%s;\n", dot ? "\t" : "", name,
				bare ? "" : "\"", key->standard, bare ? "" : "\"");
		at = strstr(part, line);
		if (!at)
			fail_msg("conf/opbridge.conf does not hold%s", line);
		while (at > part && !(at[-1] == '\n' && at[0] == '\n')) /* the remark above it */
			at--;
		if (!strstr(at, key->restart ? "[restart]" : "[reload]") ||
			strstr(at, key->restart ? "[restart]" : "[reload]") > strstr(at, line + 1))
			fail_msg("the remark of %s does not say whether a reload takes it", name);
	}
}

static void the_shipped_file_with_all_on_means_the_defaults(void **state)
{
	CLEANUP(mem_free) char *text = read_text("conf/opbridge.conf");
	CLEANUP(mem_free) char *on = all_settings_on(text);
	CLEANUP(conf_unref) struct conf *all = load_good(*state, on);
	CLEANUP(conf_unref) struct conf *none = load_good(*state, LOGIN);
	size_t i, settings = 0;
	const char *at;

	for (i = 0; i < conf_n_keys; i++)
		if (!conf_value_same(&conf_keys[i], all, none))
			fail_msg("%s differs", conf_keys[i].path);
	for (at = on; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		settings += setting_in(at) != NULL;
	assert_int_equal(settings, conf_n_keys);
}

static void the_shipped_file_as_it_is_names_what_to_fill_in(void **state)
{
	CLEANUP(mem_free) char *text = read_text("conf/opbridge.conf");
	CLEANUP(mem_free) char *all = load_bad(*state, text);

	assert_int_equal(lines_of(all), 4);
	assert_non_null(strstr(all, ": connectwise.site: still holds the placeholder"));
	assert_non_null(strstr(all, ": connectwise.company: still holds the placeholder"));
	assert_non_null(strstr(all, "developer.connectwise.com/ClientID"));
	assert_non_null(strstr(all, ": connectwise.public_key: still holds the placeholder"));
}

/* ".It Ic slots No = 4"; the words that follow up to the next key. gives: mem_free. */
static char *manual_entry(const char *section, const struct conf_key *key, const char *name)
{
	bool bare = key->kind == CONF_INT || key->kind == CONF_BOOL;
	bool required = !key->standard || str_eq(name, "site");
	CLEANUP(mem_free) char *head = NULL;
	const char *at, *next;

	if (required)
		head = xasprintf("\n.It Ic %s No (required)\n", name);
	else
		head = xasprintf("\n.It Ic %s No = %s%s%s\n", name, bare ? "" : "\\(dq",
			key->standard, bare ? "" : "\\(dq");
	at = strstr(section, head);
	if (!at)
		fail_msg("opbridge.conf(5) does not hold%s", head);
	at += strlen(head);
	next = strstr(at, "\n.It ");
	return next ? xstrndup(at, (size_t)(next - at)) : xstrdup(at);
}

static char *manual_section(const char *text, const char *path)
{
	const char *dot = strchr(path, '.'), *from, *to;
	CLEANUP(mem_free)
	char *name = dot ? xstrndup(path, (size_t)(dot - path)) : xstrdup("Outside of");
	CLEANUP(mem_free) char *head = xasprintf("\n.Ss %s", name);

	from = strstr(text, head);
	assert_non_null(from);
	to = strstr(from, "\n.El\n");
	assert_non_null(to);
	return xstrndup(from, (size_t)(to - from));
}

static void the_manual_describes_every_key_with_its_default(void **state)
{
	CLEANUP(mem_free) char *text = read_text("daemon/man/opbridge.conf.5");
	size_t i;

	(void)state;
	for (i = 0; i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		const char *dot = strchr(key->path, '.');
		CLEANUP(mem_free) char *section = manual_section(text, key->path);
		CLEANUP(mem_free)
		char *entry = manual_entry(section, key, dot ? dot + 1 : key->path);

		if ((strstr(entry, "Needs a restart.") != NULL) != key->restart)
			fail_msg("opbridge.conf(5): does %s need a restart?", key->path);
	}
}

/* A range as conf_range_text says it, without its unit, stands in the remark or the entry. */
static void the_shipped_file_tells_the_ranges_of_numbers(void **state)
{
	CLEANUP(mem_free) char *text = read_text("conf/opbridge.conf");
	size_t i;

	(void)state;
	for (i = 0; i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		CLEANUP(mem_free) char *range = conf_range_text(key);
		CLEANUP(mem_free) char *entry = NULL;
		CLEANUP(mem_free) char *part = NULL;
		const char *name = strchr(key->path, '.');
		char *line, *at;

		if (key->kind != CONF_INT && key->kind != CONF_DURATION && key->kind != CONF_SIZE)
			continue;
		if (*key->unit)
			range[strlen(range) - strlen(key->unit) - 1] = '\0';
		entry = xasprintf("\n\t# %s = ", name + 1);
		part = xstrndup(key->path, (size_t)(name - key->path));
		line = section_text(text, part);
		at = strstr(line, entry);
		assert_non_null(at);
		*at = '\0';
		while (at > line && !(at[0] == '\n' && at[1] == '\n'))
			at--;
		if (!strstr(at, range))
			fail_msg("the remark of %s does not say %s", key->path, range);
		mem_free(line);
	}
}

/* --- faults --- */

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

#define CONTACT "mail_to = \"a@b\"; smtp = \"smtp://m.example:587\"; "

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

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(every_default_is_in_its_own_range),
		IN_FOLDER(the_table_names_each_key_once_and_short_enough),
		IN_FOLDER(the_shipped_file_shows_every_key_with_its_default),
		IN_FOLDER(the_shipped_file_tells_the_ranges_of_numbers),
		IN_FOLDER(the_manual_describes_every_key_with_its_default),
		IN_FOLDER(the_shipped_file_with_all_on_means_the_defaults),
		IN_FOLDER(the_shipped_file_as_it_is_names_what_to_fill_in),
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
