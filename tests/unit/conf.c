/* io/conf: the table, the shipped file and the manual. */
#include "conf_place.h"

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
