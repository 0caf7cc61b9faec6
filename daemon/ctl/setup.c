/* `opbridge setup`: from an API member's keys to a running, mapped bridge; and later, one change at
 * a time. Nothing is changed before the end, where all is changed or nothing. */
#include "ctl/setup.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/mem.h"
#include "ctl/run.h"
#include "ctl/setup_run.h"
#include "ctl/setup_text.h"

/* ==== the command line ==== */

static const struct {
	const char *word;
	unsigned sections;
} section_words[] = {
	{ "site", SECTION_SITE },
	{ "key", SECTION_KEY },
	{ "board", SECTION_BOARD },
	{ "status", SECTION_STATUS },
	{ "language", SECTION_LANGUAGE },
	{ "time-zone", SECTION_ZONE },
	{ "mail", SECTION_MAIL },
	{ "map", SECTION_MAP },
};

static int read_sections(struct setup *s)
{
	for (int i = 0; i < s->args->n_operands; i++) {
		const char *word = args_operand(s->args, i);
		unsigned found = 0;

		for (size_t k = 0; k < ARRAY_LEN(section_words); k++)
			if (str_eq(section_words[k].word, word))
				found = section_words[k].sections;
		if (!found)
			return ctl_fail(EXIT_USAGE,
				"there is no '%s' to set up: site, key, board, language, "
				"time-zone, "
				"mail or map",
				word);
		s->sections |= found;
	}
	if (!s->sections)
		s->sections = SECTION_ALL;
	return EXIT_OK;
}

/* Whoever tries it has shown the key to every user of this host already. */
static int refuse_open_key(const struct setup *s)
{
	if (args_has(s->args, "private-key"))
		return ctl_fail(EXIT_USAGE,
			"a key on the command line is seen by every user of this host (ps) and "
			"kept "
			"in the shell's history: give a file, --private-key-file FILE, or - for "
			"standard input. If that was the key, make a new pair in ConnectWise");
	if (getenv("OPBRIDGE_SETUP_PRIVATE_KEY"))
		return ctl_fail(EXIT_USAGE,
			"a key in the environment is handed to every program that is started: give "
			"a file, OPBRIDGE_SETUP_PRIVATE_KEY_FILE=FILE, or - for standard input");
	return EXIT_OK;
}

/* ==== what is there ==== */

/* The daemon of the same installation as this command, else whichever there is. gives */
static char *daemon_beside(void)
{
	char own[PATH_MAX + 1];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	static const char *const places[] = { "opbridged", "../sbin/opbridged" };
	char *slash;

	own[n > 0 ? n : 0] = '\0';
	slash = strrchr(own, '/');
	for (size_t i = 0; slash && i < ARRAY_LEN(places); i++) {
		CLEANUP(mem_free)
		char *path = xasprintf("%.*s/%s", (int)(slash - own), own, places[i]);

		if (access(path, X_OK) == 0)
			return TAKE(path);
	}
	return setup_has_program("opbridged") ? xstrdup("opbridged") : NULL;
}

static int find_daemon(struct setup *s)
{
	const char *given = setup_given(s, "daemon");

	s->daemon = given ? xstrdup(given) : daemon_beside();
	if (!s->daemon)
		return ctl_fail(EXIT_NO_INPUT,
			"opbridged is neither beside this command nor in PATH; name it: --daemon "
			"FILE");
	if (given && !setup_has_program(given))
		return ctl_fail(EXIT_NO_INPUT, "there is no program %s (--daemon)", given);
	return EXIT_OK;
}

/* Nothing of a dry run is left, and nothing beside the configuration is touched. gives */
static char *dry_place(void)
{
	const char *folder = getenv("TMPDIR");
	CLEANUP(mem_free)
	char *path =
		xasprintf("%s/opbridge-setup.XXXXXX", folder && *folder == '/' ? folder : P_tmpdir);
	int fd = mkstemp(path);

	if (fd < 0)
		return NULL;
	close(fd);
	return TAKE(path);
}

static int read_text(struct setup *s, const char *path)
{
	static const char least[] = "connectwise = {\n};\n\nboard = {\n};\n\nticket = {\n};\n";
	struct fault f = { 0 };

	if (access(path, F_OK) == 0 || errno != ENOENT) {
		if (setup_file_read(path, &s->before, &f) < 0)
			return ctl_fail(errno == EACCES || errno == EPERM ? EXIT_DENIED : EXIT_IO,
				"%s", f.text);
	} else if (setup_file_read(OPBRIDGE_DATADIR "/opbridge.conf", &s->before, &f) < 0) {
		s->before = xstrdup(least);
	}
	s->text = xstrdup(s->before);
	return EXIT_OK;
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
}

static int open_file(struct setup *s)
{
	const char *given = setup_given(s, "config");
	const char *path = given ? given : SETUP_CONF;
	CLEANUP(mem_free) char *dry = s->dry_run ? dry_place() : NULL;
	struct fault f = { 0 };

	if (setup_file_open(&s->file, dry ? dry : path, ".bak", &f) < 0)
		return ctl_fail(EXIT_NO_INPUT, "%s", f.text);
	if (!s->dry_run && setup_file_lock(&s->file, &f) < 0)
		return ctl_fail(EXIT_TEMPORARY, "%s", f.text);
	s->folder = folder_of(dry ? path : s->file.path);
	return read_text(s, path);
}

static int find_key(
	struct setup *s, struct setup_key *key, const struct key_kind *kind, unsigned section)
{
	const char *wanted = setup_given(s, "key-store");
	const char *credstore = setup_given(s, "credstore"), *units = setup_given(s, "unit-dir");
	CLEANUP(mem_free) char *named = setup_get(s, kind->setting);
	bool of_service = s->service || str_eq(s->file.path, SETUP_CONF);
	struct fault f = { 0 };

	key->kind = kind;
	key->credstore = credstore ? credstore : "/etc/credstore.encrypted";
	key->units = units ? units : "/etc/systemd/system";
	key->signals = s->ask.signals;
	setup_key_find(key, named, s->folder);
	if (!(s->sections & section) || s->dry_run || !setup_knows(s, kind->setting))
		return EXIT_OK;
	if (setup_key_choose(key, wanted ? wanted : "auto", of_service, &key->why, &f) < 0)
		return ctl_fail(EXIT_USAGE, "%s", f.text);
	return EXIT_OK;
}

/* The daemon answers where this configuration says, unless somebody says otherwise. */
static void choose_socket(struct setup *s)
{
	const char *variable = getenv("OPBRIDGE_CONTROL_SOCKET");
	char *path;

	if (s->ctl->socket || !str_is_blank(variable))
		return;
	path = setup_get(s, "intake.control_socket");
	if (path)
		s->ctl->socket = s->socket = path;
}

static int look_around(struct setup *s)
{
	int r = find_daemon(s);

	if (r == EXIT_OK)
		r = open_file(s);
	if (r == EXIT_OK)
		r = setup_known(s);
	if (r == EXIT_OK && !s->dry_run)
		r = setup_find_service(s);
	if (r == EXIT_OK)
		r = find_key(s, &s->key, &key_kind_private, SECTION_KEY);
	if (r == EXIT_OK)
		r = find_key(s, &s->password, &key_kind_password, SECTION_MAIL);
	if (r == EXIT_OK && !s->dry_run) {
		choose_socket(s);
		setup_forget_old_key(s);
	}
	return r;
}

/* ==== the walk ==== */

static void say_welcome(const struct setup *s)
{
	if (!s->ask.interactive || s->sections != SECTION_ALL || s->ctl->json)
		return;
	ctl_say(s->ctl,
		"This connects opbridge to ConnectWise. Have the API member's keys at hand; Enter "
		"takes what stands in brackets, a single - leaves it empty. Nothing is written "
		"before the end.");
}

static int print_dry(struct setup *s)
{
	CLEANUP(mem_free) char *safe = term_safe_lines(s->text);

	fputs(safe, s->ctl->out.out);
	return EXIT_OK;
}

static int collect(struct setup *s)
{
	const unsigned login = SECTION_SITE | SECTION_KEY, boards = SECTION_BOARD | SECTION_STATUS;
	const unsigned texts = SECTION_LANGUAGE | SECTION_ZONE | SECTION_MAIL;
	CLEANUP(mem_free) char *tried = NULL;
	bool unattended = !s->ask.interactive || s->dry_run;
	int r = setup_answers(s, s->sections & (unattended ? login | texts : login));

	if (r == EXIT_OK)
		r = setup_board_given(s);
	if (r != EXIT_OK || s->dry_run)
		return r;
	if (s->sections & (login | boards)) {
		r = setup_try_until_good(s, true);
		tried = xstrdup(s->text);
	}
	if (r == EXIT_OK && (s->sections & boards))
		r = setup_board(s);
	if (r == EXIT_OK && tried && !str_eq(tried, s->text))
		r = setup_try_until_good(s, false);
	if (r == EXIT_OK && !unattended)
		r = setup_answers(s, s->sections & texts);
	return r;
}

/* Mappings and tickets of another ConnectWise mean nothing there: the daemon refuses its queue. */
static void warn_of_move(const struct setup *s)
{
	static const char *const keys[] = { "connectwise.site", "connectwise.company" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		CLEANUP(mem_free) char *old = setup_text_get(s->before, keys[i]);
		CLEANUP(mem_free) char *fresh = setup_text_get(s->text, keys[i]);

		if (str_is_blank(old) || str_eq(old, SETUP_UNSET) || str_eq(old, fresh))
			continue;
		ctl_fail(EXIT_OK,
			"note: another %s is another ConnectWise: with a queue that began under "
			"the old one the daemon refuses to start; name a new file in "
			"store.database "
			"then, and map the tenants anew",
			i ? "company" : "site");
		return;
	}
}

/* Not in silence: whoever can read the disk or its backups can read such a file. */
static void warn_of_plain(const struct setup_key *key)
{
	if (key->fresh && key->why)
		ctl_fail(EXIT_OK,
			"note: %s will be kept in a plain file of mode 0600 (%s), not encrypted: "
			"%s",
			key->kind->what, key->file, key->why);
}

static int confirm(struct setup *s, bool *ret_go_on)
{
	bool yes = true;
	int r;

	*ret_go_on = setup_changes(s, false, NULL) > 0;
	if (!*ret_go_on) {
		if (!s->ctl->json)
			ctl_say(s->ctl, "Nothing changes.");
		return EXIT_OK;
	}
	r = s->force ? EXIT_OK : setup_final_test(s);
	if (r != EXIT_OK)
		return r;
	if (!s->ctl->json) {
		setup_gap(s);
		ctl_say(s->ctl, "What changes in %s:", s->file.path);
		(void)setup_changes(s, true, NULL);
		warn_of_move(s);
	}
	warn_of_plain(&s->key);
	warn_of_plain(&s->password);
	if (!s->ask.interactive)
		return EXIT_OK;
	r = ask_yes(&s->ask, "Write it?", true, &yes);
	if (r == 0 && !yes)
		return ctl_fail(EXIT_TEMPORARY, "stopped; nothing was changed");
	return r;
}

/* What follows is another command, which a signal ends at once: nothing may be left behind. */
static void step_aside(struct setup *s)
{
	setup_file_drop(&s->file);
	ask_pause(&s->ask);
}

/* A contact that no mail has reached is none. */
static int test_mail(struct setup *s, bool connected)
{
	const struct args args = {
		.command = command_find("check"), .n_options = 1, .options[0].name = "mail"
	};
	CLEANUP(mem_free) char *contact = setup_get(s, "alarm.mail_to");
	bool yes = true;
	int r;

	if (!(s->sections & SECTION_MAIL) || !contact || s->ctl->json)
		return EXIT_OK;
	if (!connected || !s->ask.interactive) {
		ctl_say(s->ctl, "To try the emergency contact: opbridge check --mail");
		return EXIT_OK;
	}
	r = ask_yes(&s->ask, "Send a test mail to the emergency contact?", true, &yes);
	if (r != EXIT_OK || !yes)
		return r;
	step_aside(s);
	return run_check(s->ctl, &args);
}

static int map_tenants(struct setup *s, bool connected)
{
	const struct command *map = command_find("map");
	const struct args none = { .command = map };

	if (!(s->sections & SECTION_MAP) || s->ctl->json)
		return EXIT_OK;
	if (!connected || !s->ask.interactive || map->operands_min > 0) {
		ctl_say(s->ctl, "Then map the tenants to their companies: opbridge map");
		return EXIT_OK;
	}
	setup_gap(s);
	step_aside(s);
	return run_map(s->ctl, &none);
}

static void say_done(const struct setup *s)
{
	if (s->file.replaced)
		ctl_say(s->ctl, "Written: %s%s%s", s->file.path, s->file.exists ? "; before: " : "",
			s->file.exists ? s->file.old : "");
	if (s->key.fresh && s->key.now != KEY_NOWHERE)
		ctl_say(s->ctl,
			"The old key still works in ConnectWise until you delete it there: System "
			"> "
			"Members > API Members > API Keys.");
}

static int walk(struct setup *s)
{
	bool go_on = false, connected = false;
	cJSON *names;
	int r;

	say_welcome(s);
	r = s->sections == SECTION_MAP ? EXIT_OK : collect(s);
	if (r != EXIT_OK || s->dry_run)
		return r == EXIT_OK ? print_dry(s) : r;
	r = confirm(s, &go_on);
	if (r != EXIT_OK)
		return r;
	if (!go_on) {
		if (s->ctl->json)
			setup_print_json(s, true, NULL);
		return map_tenants(s, setup_connected(s));
	}
	names = json_array();
	(void)setup_changes(s, false, names);
	r = setup_write(s);
	s->written = r == EXIT_OK;
	if (s->written && !s->ctl->json)
		say_done(s);
	if (r == EXIT_OK)
		r = setup_tell(s, &connected);
	if (s->ctl->json)
		setup_print_json(s, r == EXIT_OK, s->written ? TAKE(names) : NULL);
	json_free(names);
	if (r == EXIT_OK)
		r = test_mail(s, connected);
	return r == EXIT_OK ? map_tenants(s, connected) : r;
}

static void clear(struct setup *s)
{
	setup_key_take_back(s->lent);
	setup_key_close(&s->key);
	setup_key_close(&s->password);
	if (s->dry_run && s->file.path)
		(void)unlink(s->file.path);
	setup_file_close(&s->file);
	mem_free(s->daemon);
	mem_free(s->known);
	mem_free(s->before);
	mem_free(s->text);
	mem_free(s->folder);
	mem_free(s->socket);
	mem_free(s->failed_step);
	json_free(s->steps);
	json_free(s->verdict);
}

/* A question that ended without an answer. */
static int ended(const struct setup *s, int r)
{
	const char *state = s->written ? "the new configuration is written" : "nothing was changed";

	if (r == ASK_STOPPED)
		return ctl_fail(EXIT_TEMPORARY, "stopped; %s", state);
	if (r == ASK_ENDED)
		return ctl_fail(
			EXIT_NO_INPUT, "the input ended before all was answered; %s", state);
	return r;
}

/* The keys must not get into a core dump. */
static void forbid_dumps(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
}

int run_setup(struct ctl *ctl, const struct args *args)
{
	struct setup s = { .ctl = ctl,
		.args = args,
		.dry_run = args_has(args, "dry-run"),
		.force = args_has(args, "force") };
	int r = refuse_open_key(&s);

	if (r == EXIT_OK)
		r = read_sections(&s);
	if (r != EXIT_OK)
		return r;
	forbid_dumps();
	ask_open(&s.ask, ctl, !args_has(args, "non-interactive") && !ctl->json);
	r = look_around(&s);
	if (r == EXIT_OK)
		r = walk(&s);
	clear(&s);
	r = ended(&s, r);
	ask_close(&s.ask); /* does not come back after a signal */
	return r;
}
