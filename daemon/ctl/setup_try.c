/* Asking the daemon's own program: is a value good, which settings are there, and does it all work
 * against ConnectWise. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "ctl/check.h"
#include "ctl/setup.h"
#include "ctl/setup_run.h"
#include "ctl/setup_text.h"
#include "ctl/table.h"

static const struct json_limits line_limits = {
	.max_bytes = 1024 * 1024, .max_depth = 8, .max_tokens = 100000
};

static int put(struct setup *s, const char *text)
{
	struct fault f = { 0 };

	if (setup_file_put(&s->file, text, strlen(text), &f) == 0)
		return EXIT_OK;
	return ctl_fail(errno == EACCES || errno == EPERM ? EXIT_DENIED : EXIT_IO, "%s", f.text);
}

static int no_daemon(const struct setup *s)
{
	return ctl_fail(EXIT_NO_INPUT, "%s cannot be run; name the daemon's program: --daemon FILE",
		s->daemon);
}

/* ==== reading the configuration ==== */

enum faults {
	FAULTS_OF_KEY, /* of one setting */
	FAULTS_OF_FORM, /* of no setting: what cannot be read at all, or is unknown */
	FAULTS_ALL,
};

struct reading {
	const struct setup *s;
	enum faults wanted;
	const char *key;
	struct str known, faults;
};

/* "FILE:LINE: key: sentence" → "key: sentence"; NULL if the line is none about the file. */
static const char *after_place(const struct reading *in, const char *line)
{
	const char *path = in->s->file.fresh, *at = line + strlen(path);

	if (!str_starts(line, path) || *at != ':')
		return NULL;
	at++;
	if (*at >= '0' && *at <= '9')
		at += strspn(at, "0123456789") + 1;
	return at + strspn(at, " ");
}

static bool about_a_setting(const struct setup *s, const char *rest)
{
	CLEANUP(mem_free) char *key = xstrndup(rest, strcspn(rest, ":"));

	return setup_knows(s, key);
}

static void take_fault(struct reading *in, const char *line, const char *rest)
{
	size_t n = in->key ? strlen(in->key) : 0;

	switch (in->wanted) {
	case FAULTS_OF_KEY:
		if (!in->faults.len && n && strncmp(rest, in->key, n) == 0 && rest[n] == ':')
			str_add(&in->faults, rest + n + 1 + strspn(rest + n + 1, " "));
		return;
	case FAULTS_OF_FORM:
		if (in->faults.len || about_a_setting(in->s, rest))
			return;
		str_addf(&in->faults, "%s%s", in->s->file.path, line + strlen(in->s->file.fresh));
		return;
	case FAULTS_ALL:
		str_addf(&in->faults, "\n  %s", rest);
		return;
	}
	abort();
}

static void on_test_line(void *arg, const char *line)
{
	struct reading *in = arg;
	const char *rest = after_place(in, line);

	if (!rest && *line && *line != ' ')
		str_addf(&in->known, "%.*s\n", (int)strcspn(line, " "), line);
	if (rest && !str_eq(rest, "good"))
		take_fault(in, line, rest);
}

static int test(struct setup *s, const char *text, struct reading *in, bool verbose)
{
	const char *const argv[] = { s->daemon, "-t", "-c", s->file.fresh, verbose ? "-v" : NULL,
		NULL };
	const struct program program = { .argv = argv,
		.signals = s->ask.signals,
		.credentials = s->lent,
		.both = true,
		.on_line = on_test_line,
		.arg = in };
	int code, r = put(s, text);

	if (r != EXIT_OK)
		return r;
	code = setup_run(&program);
	if (code == RUN_STOPPED)
		return ASK_STOPPED;
	return code == EXIT_OK || code == EXIT_CONFIG ? EXIT_OK : no_daemon(s);
}

int setup_judge(struct setup *s, const char *key, char **ret_fault)
{
	struct reading in = { .s = s, .wanted = FAULTS_OF_KEY, .key = key };
	int r = test(s, s->text, &in, false);

	*ret_fault = r == EXIT_OK && in.faults.len ? str_take(&in.faults) : NULL;
	str_free(&in.known);
	str_free(&in.faults);
	return r;
}

int setup_known(struct setup *s)
{
	struct reading in = { .s = s, .wanted = FAULTS_ALL };
	struct reading form = { .s = s, .wanted = FAULTS_OF_FORM };
	int r;

	str_add(&in.known, "\n");
	r = test(s, s->text, &in, true);
	s->known = str_take(&in.known);
	str_free(&in.faults);
	if (r == EXIT_OK)
		r = test(s, s->text, &form, false);
	if (r == EXIT_OK && form.faults.len)
		r = ctl_fail(EXIT_CONFIG, "the present configuration must be mended first: %s",
			form.faults.at);
	str_free(&form.known);
	str_free(&form.faults);
	return r;
}

/* ==== the trial ==== */

struct trial {
	struct setup *s;
	bool all;
};

static void on_check_line(void *arg, const char *line)
{
	struct trial *in = arg;
	struct setup *s = in->s;
	CLEANUP(json_free) cJSON *node = NULL;
	const char *state, *remedy;
	bool bad;

	/* who prints has read it: what is lent lies there no longer, even if this is killed */
	setup_key_take_back(TAKE(s->lent));
	if (json_parse(line, strlen(line), &line_limits, &node, NULL) < 0)
		return;
	state = json_str(node, "state");
	if (!json_str(node, "name")) {
		json_free(s->verdict);
		s->verdict = TAKE(node);
		return;
	}
	remedy = json_str(node, "remedy");
	bad = str_eq(state, "failed") || str_eq(state, "warning");
	s->denied |= bad && remedy && strstr(remedy, "Security Roles");
	if (str_eq(state, "failed") && !s->failed_step)
		s->failed_step = xstrdup(json_str(node, "name"));
	if (!s->ctl->json && (in->all || str_eq(state, "failed")))
		check_say_step(s->ctl, node);
	json_push(s->steps, TAKE(node));
}

/* With a new key the file that is named for it does not count: the lent one does. */
static char *text_to_try(const struct setup *s)
{
	const struct setup_key *const keys[] = { &s->key, &s->password };
	CLEANUP(mem_free) char *text = xstrdup(s->text);

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i]->fresh && keys[i]->named) {
			char *next = setup_text_set(text, keys[i]->kind->setting, "");

			mem_free(text);
			text = next;
		}
	return TAKE(text);
}

static int lend(struct setup *s)
{
	struct fault f = { 0 };

	if (setup_key_folder(&s->lent, &f) < 0 || setup_key_lend(&s->key, s->lent, &f) < 0 ||
		setup_key_lend(&s->password, s->lent, &f) < 0)
		return ctl_fail(EXIT_IO, "%s", f.text);
	return EXIT_OK;
}

static int run_check_program(struct setup *s, bool all)
{
	const char *const argv[] = { s->daemon, "--check", "--json", "-c", s->file.fresh, NULL };
	struct trial trial = { .s = s, .all = all };
	const struct program program = { .argv = argv,
		.signals = s->ask.signals,
		.credentials = s->lent,
		.on_line = on_check_line,
		.arg = &trial };

	s->exit = setup_run(&program);
	if (s->exit == RUN_STOPPED)
		return ASK_STOPPED;
	if (s->exit == EXIT_OK || s->exit == EXIT_UNAVAILABLE || s->exit == EXIT_CONFIG)
		return EXIT_OK;
	return s->exit == RUN_NO_PROGRAM
		? no_daemon(s)
		: ctl_fail(EXIT_PROTOCOL, "%s --check ended with code %d; is it of this version?",
			  s->daemon, s->exit);
}

int setup_try(struct setup *s, bool all)
{
	CLEANUP(mem_free) char *text = text_to_try(s);
	int r;

	json_free(s->verdict);
	s->verdict = NULL;
	mem_free(s->failed_step);
	s->failed_step = NULL;
	s->denied = false;
	json_free(s->steps);
	s->steps = json_array();
	r = put(s, text);
	if (r != EXIT_OK)
		return r;
	r = lend(s);
	if (r == EXIT_OK)
		r = run_check_program(s, all);
	setup_key_take_back(TAKE(s->lent));
	return ask_stopped(&s->ask) ? ASK_STOPPED : r;
}

int setup_final_test(struct setup *s)
{
	CLEANUP(mem_free) char *text = text_to_try(s);
	struct reading in = { .s = s, .wanted = FAULTS_ALL };
	int r = lend(s);

	if (r == EXIT_OK)
		r = test(s, text, &in, false);
	setup_key_take_back(TAKE(s->lent));
	if (r == EXIT_OK && in.faults.len)
		r = ctl_fail(EXIT_CONFIG, "the daemon would refuse it; nothing was changed:%s",
			in.faults.at);
	str_free(&in.known);
	str_free(&in.faults);
	return r;
}

/* ==== the role ==== */

static void add_row(struct table *t, const cJSON *row)
{
	const char *state = json_str(row, "state");
	bool missing = str_eq(state, "missing"), required = json_bool(row, "required", false);

	table_cell(t, TONE_PLAIN, json_str(row, "module"));
	table_cell(t, TONE_PLAIN, json_str(row, "function"));
	table_cellf(t, TONE_PLAIN, "%s = All", ctl_str(row, "level", "?"));
	table_cell(t,
		missing                       ? (required ? TONE_BAD : TONE_WARN)
			: str_eq(state, "ok") ? TONE_GOOD
					      : TONE_DIM,
		missing                       ? "missing"
			: str_eq(state, "ok") ? "present"
					      : "not tried");
	table_cell(t, TONE_PLAIN, required ? "required" : "optional");
}

static void say_role(const struct setup *s)
{
	static const char *const titles[] = { "MODULE", "PERMISSION", "LEVEL", "NOW", "NEEDED" };
	CLEANUP(table_free) struct table *t = table_new(titles, ARRAY_LEN(titles));
	const cJSON *row;

	if (s->ctl->json || !s->denied)
		return;
	for (row = ctl_first(s->verdict, "permissions"); row; row = row->next)
		add_row(t, row);
	setup_gap(s);
	ctl_say(s->ctl,
		"The role of the API member, as it must be in ConnectWise (System > Security Roles "
		"> the role):");
	table_print(t, &s->ctl->out);
	for (row = ctl_first(s->verdict, "permissions"); row; row = row->next)
		if (str_eq(json_str(row, "state"), "missing") && json_str(row, "lost"))
			ctl_say(s->ctl, "Without %s: %s: %s.", ctl_str(row, "function", "?"),
				ctl_str(row, "level", "?"), json_str(row, "lost"));
}

/* ==== again, until it works ==== */

enum { AGAIN, CHANGE, WRITE, STOP };

/* A wrong answer is mended here, anything else in ConnectWise or on the way there. */
static bool answers_are_wrong(const struct setup *s)
{
	static const char *const steps[] = { "DNS", "company id", "clientId", "keys" };

	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (str_eq(s->failed_step, steps[i]))
			return true;
	return !s->verdict;
}

static int after_failure(struct setup *s, bool *ret_go_on)
{
	static const char *const lines[] = { "test again", "change the answers",
		"write it all the same", "stop, and change nothing" };
	size_t at = answers_are_wrong(s) ? CHANGE : AGAIN;
	int r;

	setup_gap(s);
	ctl_say(s->ctl, "It does not work yet. What now?");
	r = ask_choice(&s->ask, "Number", lines, ARRAY_LEN(lines), &at);
	if (r < 0)
		return r;
	if (at == STOP)
		return ctl_fail((enum exit_code)s->exit, "stopped; nothing was changed");
	*ret_go_on = at == WRITE;
	s->again = true;
	return at == CHANGE ? setup_answers(s, SECTION_SITE | SECTION_KEY) : EXIT_OK;
}

static int failed_unattended(struct setup *s)
{
	if (s->force) {
		ctl_fail(EXIT_OK, "the trial failed, and it is written all the same (--force)");
		return EXIT_OK;
	}
	if (s->ctl->json)
		setup_print_json(s, false, NULL);
	return ctl_fail((enum exit_code)s->exit,
		"the trial failed%s%s; nothing was changed (--force writes all the same)",
		s->failed_step ? " at: " : "", s->failed_step ? s->failed_step : "");
}

int setup_try_until_good(struct setup *s, bool all)
{
	bool go_on = false;
	int r = EXIT_OK;

	while (r == EXIT_OK && !go_on) {
		if (!s->ctl->json) {
			setup_gap(s);
			ctl_say(s->ctl, all ? "Trying it:" : "Trying it with that …");
		}
		r = setup_try(s, all);
		if (r != EXIT_OK)
			return r;
		if (all || s->exit != EXIT_OK)
			say_role(s);
		if (s->exit == EXIT_OK)
			return EXIT_OK;
		if (!s->ask.interactive)
			return failed_unattended(s);
		r = after_failure(s, &go_on);
	}
	return r;
}
