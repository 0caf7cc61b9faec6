/* `opbridge sync`: starts reading the companies and shows the progress until it ends. */
#include <string.h>
#include "base/mem.h"
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/when.h"

#define POLL_MS 400

static int start(const struct ctl *ctl, const struct args *args, cJSON **ret)
{
	CLEANUP(json_free) cJSON *body = json_object();
	struct call call = { .channel = CHANNEL_CONTROL,
		.method = "POST",
		.path = "/v1/sync",
		.body = body,
		.conflict_exit = EXIT_TEMPORARY };

	json_add_bool(body, "full", args_has(args, "full"));
	json_add_bool(body, "confirm", args_has(args, "confirm"));
	return ctl_call(ctl, &call, ret);
}

/* A live line on a terminal, a new line for each new number elsewhere. */
static void say_progress(const struct ctl *ctl, const cJSON *sync, char last[64])
{
	char line[64];

	snprintf(line, sizeof(line), "%lld pages, %lld companies",
		(long long)ctl_int(sync, "pages"), (long long)ctl_int(sync, "companies"));
	if (strcmp(line, last) == 0)
		return;
	memcpy(last, line, sizeof(line));
	if (ctl->out.tty)
		fprintf(ctl->out.out, "\r\033[K%s …", line);
	else
		fprintf(ctl->out.out, "%s …\n", line);
	fflush(ctl->out.out);
}

static int say_end(const struct ctl *ctl, const cJSON *sync)
{
	if (ctl->out.tty && !ctl->json)
		fputs("\r\033[K", ctl->out.out);
	if (!ctl_is_null(sync, "refused"))
		return ctl_fail(EXIT_DATA,
			"the companies were read but not taken over: %s; if that is right: "
			"opbridge sync --full --confirm",
			ctl_str(sync, "refused", "?"));
	if (!ctl_is_null(sync, "error"))
		return ctl_fail(EXIT_UNAVAILABLE,
			"the companies could not be read: %s; see: opbridge check",
			ctl_str(sync, "error", "?"));
	if (!ctl->json)
		ctl_say(ctl, "%lld companies read (%s): %lld added, %lld changed, %lld gone.",
			(long long)ctl_int(sync, "companies"), ctl_str(sync, "kind", "?"),
			(long long)ctl_int(sync, "added"), (long long)ctl_int(sync, "changed"),
			(long long)ctl_int(sync, "gone"));
	return EXIT_OK;
}

/* answer: what the start answered; replaced by each poll. */
static int follow(const struct ctl *ctl, cJSON **answer)
{
	char last[64] = "";

	while (json_bool(json_get(*answer, "sync"), "running", false)) {
		cJSON *next = NULL;
		int r;

		if (!ctl->json)
			say_progress(ctl, json_get(*answer, "sync"), last);
		ctl_sleep_ms(POLL_MS);
		r = ctl_get(ctl, "/v1/sync", &next);
		if (r)
			return r;
		json_free(*answer);
		*answer = next;
	}
	if (ctl->json)
		ctl_print_json(ctl, *answer);
	return say_end(ctl, json_get(*answer, "sync"));
}

int run_sync(struct ctl *ctl, const struct args *args)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	int r = start(ctl, args, &answer);

	if (r)
		return r;
	if (!args_has(args, "no-wait"))
		return follow(ctl, &answer);
	if (ctl->json)
		ctl_print_json(ctl, answer);
	else
		ctl_say(ctl, "Started. How far it is: opbridge status");
	return EXIT_OK;
}
