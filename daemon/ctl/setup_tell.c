/* After the change: the running daemon reloads, or is restarted where only that helps; and until it
 * says that it is connected with a new key, the old one can come back. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/now.h"
#include "ctl/setup.h"
#include "ctl/setup_run.h"
#include "ctl/setup_text.h"

#define UNIT "opbridged.service"
#define ANSWER_WAIT_MS 15000 /* until a daemon that was started answers */
#define CONNECT_WAIT_MS 45000 /* until it is connected: its own time limits and a first retry */
#define POLL_MS 200

/* ==== systemd ==== */

struct unit {
	const char *path; /* of the configuration */
	bool ours;
};

static void on_unit_line(void *arg, const char *line)
{
	struct unit *unit = arg;
	const char *at = strstr(line, unit->path);
	size_t n = strlen(unit->path);

	if (str_starts(line, "ExecStart=") && at && at[-1] == ' ' &&
		(at[n] == '\0' || at[n] == ' '))
		unit->ours = true;
}

int setup_find_service(struct setup *s)
{
	static const char *const argv[] = { "systemctl", "--no-pager", "cat", UNIT, NULL };
	struct unit unit = { .path = s->file.path };
	const struct program program = { .argv = argv,
		.signals = s->ask.signals,
		.quiet = true,
		.on_line = on_unit_line,
		.arg = &unit };
	int code = setup_has_program("systemctl") ? setup_run(&program) : RUN_NO_PROGRAM;

	s->service = code == 0 && unit.ours;
	return code == RUN_STOPPED ? ASK_STOPPED : EXIT_OK;
}

static int systemctl(struct setup *s, const char *verb, const char *option, const char *unit)
{
	const char *const argv[] = { "systemctl", verb, unit ? unit : option,
		unit && option ? option : NULL, NULL };
	const struct program program = { .argv = argv, .signals = s->ask.signals };

	return setup_run(&program);
}

/* ==== the daemon ==== */

/* Its status; NULL: it does not answer. gives */
static cJSON *status_of(const struct setup *s, bool *ret_denied)
{
	CLEANUP(opb_free) struct opb *o = ctl_client(s->ctl, CHANNEL_CONTROL);
	struct opb_reply reply;
	cJSON *status = NULL;
	int r;

	if (!o)
		return NULL;
	opb_set_timeout_ms(o, ANSWER_WAIT_MS);
	r = opb_call(o, "GET", "/v1/status", NULL, NULL, 0, &reply);
	*ret_denied = r == OPB_ERR_DENIED;
	if (r == OPB_OK && reply.status == 200 && ctl_parse(&reply, &status, NULL) < 0)
		status = NULL;
	opb_reply_clear(&reply);
	return status;
}

static bool is_connected(const struct setup *s, const cJSON *status)
{
	const char *print = json_str_at(status, "connection/key_fingerprint");
	char own[9];

	if (!str_eq(json_str_at(status, "connection/state"), "ok"))
		return false;
	if (!s->key.fresh)
		return true;
	secret_fingerprint(s->key.fresh, own);
	return str_eq(print, own);
}

bool setup_connected(const struct setup *s)
{
	bool denied = false;
	CLEANUP(json_free) cJSON *status = status_of(s, &denied);

	return status && is_connected(s, status);
}

void setup_forget_old_key(struct setup *s)
{
	CLEANUP(mem_free) char *old = setup_key_old(&s->key);
	const char *plain = setup_key_plain(&s->key);
	CLEANUP(secret_free) struct secret *present = NULL;
	CLEANUP(json_free) cJSON *status = NULL;
	struct fault f = { 0 };
	bool denied = false;
	char print[9];

	if ((!old && !plain) || setup_key_present(&s->key, &present, &f) < 0)
		return;
	status = status_of(s, &denied);
	secret_fingerprint(present, print);
	if (!str_eq(json_str_at(status, "connection/state"), "ok") ||
		!str_eq(json_str_at(status, "connection/key_fingerprint"), print))
		return;
	if (old)
		setup_file_shred(old);
	if (plain)
		setup_file_shred(plain);
	if (!s->ctl->json)
		ctl_say(s->ctl, "The daemon is connected with its new key: %s is removed.",
			old ? old : plain);
}

/* *ret_why: what it says instead; gives. Or ASK_STOPPED. */
static int await_connected(struct setup *s, bool *ret_connected, char **ret_why)
{
	int64_t now = now_mono_ms(), end = now + CONNECT_WAIT_MS, answer_by = now + ANSWER_WAIT_MS;
	bool denied = false;

	*ret_connected = false;
	*ret_why = NULL;
	for (; now < end && !*ret_connected; now = now_mono_ms()) {
		CLEANUP(json_free) cJSON *status = status_of(s, &denied);
		const char *error = json_str_at(status, "connection/error");

		mem_free(*ret_why);
		*ret_why = xstrdup(status ? error : "it does not answer");
		*ret_connected = status && is_connected(s, status);
		if (ask_stopped(&s->ask))
			return ASK_STOPPED;
		if (*ret_connected || (!status && now > answer_by) ||
			(status && error &&
				str_eq(json_str_at(status, "connection/state"), "failed")))
			break;
		ctl_sleep_ms(POLL_MS);
	}
	return EXIT_OK;
}

/* One call about the reload. *ret_proving: it still tries the new login, beside the old one.
 * *ret_why: why it refused; gives. */
static int ask_reload(struct setup *s, const char *method, bool *ret_proving, char **ret_why)
{
	CLEANUP(opb_free) struct opb *o = ctl_client(s->ctl, CHANNEL_CONTROL);
	CLEANUP(json_free) cJSON *answer = NULL;
	struct opb_reply reply;

	if (!o || opb_call(o, method, "/v1/reload", NULL, NULL, 0, &reply) != OPB_OK)
		return ctl_fail(EXIT_UNAVAILABLE,
			"the daemon did not answer to the reload of what %s: %s; see: journalctl "
			"-u "
			"opbridged",
			s->written ? "is written now" : "was before",
			o ? opb_strerror(o) : "no socket");
	if (reply.status < 200 || reply.status > 299)
		*ret_why = ctl_problem(&reply);
	else if (ctl_parse(&reply, &answer, NULL) < 0)
		answer = NULL;
	*ret_proving = json_bool(answer, "proving", false);
	opb_reply_clear(&reply);
	return EXIT_OK;
}

/* *ret_restart: it says that a reload is not enough. */
static int reload(struct setup *s, bool *ret_restart, char **ret_why)
{
	const char *method = "POST";
	bool proving = true;
	int r;

	for (; proving; method = "GET") {
		r = ask_reload(s, method, &proving, ret_why);
		if (r != EXIT_OK)
			return r;
		if (ask_stopped(&s->ask))
			return ASK_STOPPED;
		if (proving)
			ctl_sleep_ms(POLL_MS);
	}
	*ret_restart = *ret_why && strstr(*ret_why, "restart the service");
	return EXIT_OK;
}

/* ==== restarting ==== */

static const char *command_text(bool start)
{
	return start ? "systemctl enable --now opbridged" : "systemctl restart opbridged";
}

/* With another configuration than the service's, somebody starts the daemon in another way. */
static void say_command(const struct setup *s, bool start)
{
	if (s->ctl->json)
		return;
	if (s->service || str_eq(s->file.path, SETUP_CONF))
		ctl_say(s->ctl, "To %s it: sudo %s", start ? "start" : "restart",
			command_text(start));
	else
		ctl_say(s->ctl, "%s it as you do with this configuration: opbridged -c %s",
			start ? "Start" : "Restart", s->file.path);
}

/* With the drop-ins as they are now. A code as of systemctl. */
static int start_anew(struct setup *s, bool start)
{
	int code = systemctl(s, "daemon-reload", NULL, NULL);

	if (code != EXIT_OK)
		return code;
	return start ? systemctl(s, "enable", "--now", "opbridged")
		     : systemctl(s, "restart", NULL, "opbridged");
}

/* By a person's leave, or by --restart. *ret_done: it was done. */
static int restart(struct setup *s, bool start, bool *ret_done)
{
	bool may = args_has(s->args, "restart");
	int r = EXIT_OK, code;

	*ret_done = false;
	if (s->service && geteuid() == 0 && !may && s->ask.interactive) {
		CLEANUP(mem_free)
		char *question = xasprintf(
			"%s it now (%s)?", start ? "Start" : "Restart", command_text(start));

		r = ask_yes(&s->ask, question, true, &may);
	}
	if (r < 0)
		return r;
	if (!may || !s->service || geteuid() != 0) {
		say_command(s, start);
		return EXIT_OK;
	}
	code = start_anew(s, start);
	if (code == RUN_STOPPED)
		return ASK_STOPPED;
	*ret_done = code == EXIT_OK;
	if (!*ret_done)
		return ctl_fail(EXIT_UNAVAILABLE,
			"%s failed with code %d; see: journalctl -u opbridged", command_text(start),
			code);
	return EXIT_OK;
}

/* ==== all of it ==== */

/* The old key and the old configuration again: the daemon goes on as before. */
static int go_back(struct setup *s, const char *why, bool restarted)
{
	CLEANUP(mem_free) char *again_why = NULL;
	struct fault f = { 0 };
	bool again = false;
	int r;

	if (setup_key_undo(&s->key, &f) < 0 || setup_key_undo(&s->password, &f) < 0 ||
		setup_file_undo(&s->file, &f) < 0)
		return ctl_fail(EXIT_IO,
			"the daemon does not take the change (%s), and what was before cannot be "
			"put back: %s",
			why ? why : "no reason given", f.text);
	s->written = false;
	r = restarted ? start_anew(s, false) : reload(s, &again, &again_why);
	if (r == ASK_STOPPED)
		return r;
	return ctl_fail(EXIT_CONFIG,
		"the daemon does not take the change: %s; the old configuration and the old key "
		"are back%s",
		why ? why : "no reason given",
		restarted && r != EXIT_OK
			? ", but it could not be restarted with them; see: journalctl -u opbridged"
			: "");
}

static void say_old_key(const struct setup *s)
{
	const struct setup_key *key = &s->key;
	const char *kept = NULL;

	if (key->old_file.replaced && key->old_file.exists)
		kept = key->old_file.old;
	else if (key->stored && key->next == KEY_CREDENTIAL && key->now == KEY_FILE)
		kept = key->file;
	if (kept && !s->ctl->json)
		ctl_say(s->ctl,
			"The old key is kept as %s until then; the next opbridge setup removes it.",
			kept);
}

static void settle_keys(struct setup *s)
{
	setup_key_settle(&s->key);
	setup_key_settle(&s->password);
}

static int settle(struct setup *s, bool restarted, bool *ret_connected)
{
	CLEANUP(mem_free) char *why = NULL;
	int r;

	if (!s->ctl->json)
		ctl_say(s->ctl, "Waiting for the daemon to be connected …");
	r = await_connected(s, ret_connected, &why);
	if (r < 0)
		return r;
	if (!*ret_connected && s->key.fresh && s->key.now != KEY_NOWHERE && !s->force)
		return go_back(s, why, restarted);
	settle_keys(s);
	if (!*ret_connected)
		return ctl_fail(EXIT_UNAVAILABLE,
			"it is written, but the daemon is not connected yet: %s; see: opbridge "
			"status",
			why ? why : "no reason given");
	if (!s->ctl->json)
		ctl_say(s->ctl, "The daemon is connected to ConnectWise.");
	return EXIT_OK;
}

static int tell_stopped(struct setup *s, bool *ret_connected)
{
	bool started = false;
	int r;

	if (!s->ctl->json)
		ctl_say(s->ctl, "The daemon does not run.");
	r = restart(s, true, &started);
	if (r == EXIT_OK && started)
		return settle(s, true, ret_connected);
	if (r == EXIT_OK)
		settle_keys(s); /* the trial was the proof */
	return r;
}

/* What systemd hands over when the service starts, a reload does not read again. */
static bool key_needs_restart(const struct setup *s, const struct setup_key *key)
{
	return key->stored &&
		(key->next == KEY_CREDENTIAL || key->now == KEY_CREDENTIAL ||
			(s->service && key->kind->by_unit && !key->named));
}

static int tell_running(struct setup *s, bool *ret_connected)
{
	CLEANUP(mem_free) char *why = NULL;
	bool needs_restart = key_needs_restart(s, &s->key) || key_needs_restart(s, &s->password);
	bool restarted = false;
	int r = needs_restart ? EXIT_OK : reload(s, &needs_restart, &why);

	if (r != EXIT_OK)
		return r;
	if (why && !needs_restart)
		return go_back(s, why, false);
	if (!needs_restart)
		return settle(s, false, ret_connected);
	if (!s->ctl->json)
		ctl_say(s->ctl, "The daemon takes this change only when it starts.");
	r = restart(s, false, &restarted);
	if (r == EXIT_OK && restarted)
		return settle(s, true, ret_connected);
	say_old_key(s);
	if (r == EXIT_OK)
		setup_key_settle(&s->password); /* nothing can be proved of it */
	return r;
}

int setup_tell(struct setup *s, bool *ret_connected)
{
	CLEANUP(json_free) cJSON *status = NULL;
	bool denied = false;

	*ret_connected = false;
	status = status_of(s, &denied);
	if (denied)
		return ctl_fail(EXIT_DENIED,
			"it is written, but the daemon's control socket is closed to this user: "
			"sudo opbridge reload");
	return status ? tell_running(s, ret_connected) : tell_stopped(s, ret_connected);
}
