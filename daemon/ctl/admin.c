/* `opbridge reload` and `opbridge metrics`. */
#include <unistd.h>
#include "base/mem.h"
#include "base/now.h"
#include "ctl/ctl.h"
#include "ctl/run.h"

#define POLL_MS 100
#define WAIT_MAX_MS 900000 /* the daemon's own limits end a trial before */

static int say_reload(const struct ctl *ctl, const cJSON *answer)
{
	const cJSON *key;
	STR_AUTO(keys);

	if (ctl->json) {
		ctl_print_json(ctl, answer);
		return EXIT_OK;
	}
	for (key = ctl_first(answer, "changed"); key; key = key->next)
		str_addf(&keys, "%s%s", keys.len ? ", " : "",
			cJSON_IsString(key) ? key->valuestring : "?");
	if (keys.len)
		ctl_say(ctl, "The configuration was read again. Changed: %s.", keys.at);
	else
		ctl_say(ctl, "The configuration was read again; nothing in it had changed.");
	return EXIT_OK;
}

/* A new login is tried before the daemon takes it over: that lasts as long as ConnectWise does. */
int run_reload(struct ctl *ctl, const struct args *args UNUSED)
{
	struct call call = { .channel = CHANNEL_CONTROL,
		.method = "POST",
		.path = "/v1/reload",
		.conflict_exit = EXIT_CONFIG };
	int64_t end = now_mono_ms() + WAIT_MAX_MS;

	for (;;) {
		CLEANUP(json_free) cJSON *answer = NULL;
		int r = ctl_call(ctl, &call, &answer);

		if (r)
			return r;
		if (!json_bool(answer, "proving", false))
			return say_reload(ctl, answer);
		if (now_mono_ms() > end)
			return ctl_fail(EXIT_TEMPORARY,
				"the new login is still being tried; the daemon's log says how it "
				"ends: journalctl -u opbridged");
		call.method = "GET";
		ctl_sleep_ms(POLL_MS);
	}
}

/* A path that the daemon, which has another working directory, understands. gives: mem_free */
static char *whole_path(const char *path)
{
	CLEANUP(mem_free) char *here = NULL;

	if (path[0] == '/')
		return xstrdup(path);
	here = getcwd(NULL, 0);
	return xasprintf("%s/%s", here ? here : "", path);
}

/* A live line on a terminal only. */
static void say_progress(const struct ctl *ctl, const cJSON *answer)
{
	if (!ctl->out.tty || ctl->json)
		return;
	fprintf(ctl->out.out, "\r\033[K%lld %% copied …", (long long)ctl_int(answer, "percent"));
	fflush(ctl->out.out);
}

static int say_copied(const struct ctl *ctl, const cJSON *answer, const char *path)
{
	if (ctl->json) {
		ctl_print_json(ctl, answer);
		return EXIT_OK;
	}
	if (ctl->out.tty)
		fputs("\r\033[K", ctl->out.out);
	ctl_say(ctl, "The queue was copied to %s.", path);
	return EXIT_OK;
}

int run_backup(struct ctl *ctl, const struct args *args)
{
	CLEANUP(json_free) cJSON *body = json_object();
	CLEANUP(mem_free) char *path = whole_path(args_operand(args, 0));
	struct call call = { .channel = CHANNEL_CONTROL,
		.method = "POST",
		.path = "/v1/backup",
		.body = body,
		.conflict_exit = EXIT_DATA };

	json_add_str(body, "path", path);
	for (;;) {
		CLEANUP(json_free) cJSON *answer = NULL;
		int r = ctl_call(ctl, &call, &answer);

		if (r)
			return r;
		if (!json_bool(answer, "running", false))
			return say_copied(ctl, answer, path);
		say_progress(ctl, answer);
		call.method = "GET";
		call.body = NULL;
		ctl_sleep_ms(POLL_MS);
	}
}

/* Prometheus text, not JSON: --json makes no difference. */
int run_metrics(struct ctl *ctl, const struct args *args UNUSED)
{
	CLEANUP(opb_free) struct opb *o = ctl_client(ctl, CHANNEL_CONTROL);
	CLEANUP(mem_free) char *text = NULL;
	struct opb_reply reply;
	int r;

	if (!o)
		return EXIT_USAGE;
	r = opb_call(o, "GET", "/metrics", NULL, NULL, 0, &reply);
	if (r)
		return ctl_fail(ctl_exit_of_error(r), "%s", opb_strerror(o));
	if (reply.status == 200) {
		text = term_safe_lines(reply.body);
		fputs(text, ctl->out.out);
	} else {
		text = ctl_problem(&reply);
		r = ctl_fail(ctl_exit_of_status(reply.status, EXIT_TEMPORARY), "%s", text);
	}
	opb_reply_clear(&reply);
	return r;
}
