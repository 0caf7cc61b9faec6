/* `opbridge check`: the daemon tries the connection and each permission, or (--mail) tells the
 * emergency contact; shown step by step. */
#include "ctl/check.h"
#include "base/mem.h"
#include "base/now.h"
#include "ctl/ctl.h"
#include "ctl/run.h"

#define POLL_MS 300
#define WAIT_MAX_MS 300000 /* the daemon's own limits end a check long before */

struct mark {
	const char *state, *sign;
	enum tone tone;
};

static const struct mark marks[] = {
	{ "ok", "✓", TONE_GOOD },
	{ "failed", "✗", TONE_BAD },
	{ "skipped", "–", TONE_DIM },
	{ "warning", "!", TONE_WARN },
};

static void say_indented(const struct ctl *ctl, const char *text)
{
	CLEANUP(mem_free) char *safe = term_safe(text);

	fputs("    ", ctl->out.out);
	term_wrap(&ctl->out, safe, 4, 4);
}

void check_say_step(const struct ctl *ctl, const cJSON *step)
{
	const char *state = ctl_str(step, "state", "?");
	const struct mark *mark = &marks[ARRAY_LEN(marks) - 1];
	CLEANUP(mem_free) char *name = term_safe(ctl_str(step, "name", "?"));

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (str_eq(marks[i].state, state))
			mark = &marks[i];
	fprintf(ctl->out.out, "%s%s%s %s\n", term_on(&ctl->out, mark->tone), mark->sign,
		term_off(&ctl->out, mark->tone), name);
	if (ctl_str(step, "saw", NULL))
		say_indented(ctl, ctl_str(step, "saw", ""));
	if (ctl_str(step, "remedy", NULL) && !str_eq(state, "ok"))
		say_indented(ctl, ctl_str(step, "remedy", ""));
	fflush(ctl->out.out);
}

/* Steps are reported once each, as they come. */
static int say_steps(const struct ctl *ctl, const cJSON *check, int said)
{
	const cJSON *steps = json_get(check, "steps");
	int n = cJSON_GetArraySize(steps);

	for (; said < n && !ctl->json; said++)
		check_say_step(ctl, cJSON_GetArrayItem(steps, said));
	return said;
}

static bool is_way(const char *name)
{
	return str_eq(name, "DNS") || str_eq(name, "TCP") || str_eq(name, "TLS") ||
		str_eq(name, "command");
}

/* On this machine: nothing has to be reached first. */
static bool is_setting(const char *name)
{
	return str_eq(name, "command") || str_eq(name, "emergency contact");
}

/* Nothing worked before the first failure, or only a part of the way: ConnectWise is out of reach.
 * Else it is reached, and a setting or a permission is wrong. */
static enum exit_code failure_exit(const cJSON *check, int *ret_failed)
{
	bool worked = false, worked_before = false;
	const cJSON *step;
	int failed = 0;

	for (step = ctl_first(check, "steps"); step; step = step->next) {
		const char *state = json_str(step, "state");

		worked |= str_eq(state, "ok") && !is_way(json_str(step, "name"));
		if (str_eq(state, "failed") && failed++ == 0)
			worked_before = worked || is_setting(json_str(step, "name"));
	}
	*ret_failed = failed;
	return worked_before ? EXIT_CONFIG : EXIT_UNAVAILABLE;
}

static int verdict(const struct ctl *ctl, const cJSON *check, bool mail)
{
	enum exit_code code;
	int failed;

	if (json_bool(check, "ok", false)) {
		if (!ctl->json)
			ctl_say(ctl, "%s",
				mail ? "A test message is on its way: see that it arrives."
				     : "Everything that is required works.");
		return EXIT_OK;
	}
	code = failure_exit(check, &failed);
	return ctl_fail(code,
		"the check failed: %d of %d steps; mend what stands below each ✗, then check again",
		failed, cJSON_GetArraySize(json_get(check, "steps")));
}

static int start(const struct ctl *ctl, const char *path)
{
	const struct call call = { .channel = CHANNEL_CONTROL,
		.method = "POST",
		.path = path,
		.conflict_exit = EXIT_TEMPORARY };
	CLEANUP(json_free) cJSON *answer = NULL;

	return ctl_call(ctl, &call, &answer);
}

int run_check(struct ctl *ctl, const struct args *args)
{
	bool mail = args_has(args, "mail");
	const char *path = mail ? "/v1/test-alarm" : "/v1/check";
	int64_t end = now_mono_ms() + WAIT_MAX_MS;
	int said = 0, r = start(ctl, path);

	while (r == EXIT_OK) {
		CLEANUP(json_free) cJSON *answer = NULL;
		const cJSON *check;

		r = ctl_get(ctl, path, &answer);
		if (r)
			break;
		check = json_get(answer, "check");
		said = say_steps(ctl, check, said);
		if (!json_bool(check, "running", false)) {
			if (ctl->json)
				ctl_print_json(ctl, answer);
			return verdict(ctl, check, mail);
		}
		if (now_mono_ms() > end)
			return ctl_fail(EXIT_TEMPORARY,
				"the check has not ended after %d s; see the daemon's log: "
				"journalctl -u opbridged",
				WAIT_MAX_MS / 1000);
		ctl_sleep_ms(POLL_MS);
	}
	return r;
}
