/* `opbridge events`, `event` and `retry`. */
#include "base/mem.h"
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/table.h"
#include "ctl/when.h"

#define LIMIT_MAX 500

static enum tone state_tone(const char *state)
{
	if (str_eq(state, "dead") || str_eq(state, "expired"))
		return TONE_BAD;
	if (str_eq(state, "held"))
		return TONE_WARN;
	if (str_eq(state, "delivered"))
		return TONE_GOOD;
	return TONE_PLAIN;
}

static void add_event(const struct ctl *ctl, struct table *t, const cJSON *e)
{
	const char *state = ctl_str(e, "state", "?");
	char when[WHEN_TEXT_MAX];

	table_cell(
		t, TONE_PLAIN, when_relative_text(json_str(e, "accepted_at"), ctl->now_ms, when));
	table_cell(t, TONE_PLAIN, json_str(e, "id"));
	table_cell(t, TONE_PLAIN, ctl_tenant(json_get(e, "tenant")));
	table_cell(t, TONE_PLAIN, json_str(e, "type"));
	table_cell(t, state_tone(state), state);
	if (ctl_int(e, "ticket"))
		table_cellf(t, TONE_PLAIN, "%lld", (long long)ctl_int(e, "ticket"));
	else
		table_cell(t, TONE_PLAIN, NULL);
	table_cell(t, TONE_PLAIN, ctl_str(e, "why", ctl_str(e, "did", "")));
}

static int events_path(
	const struct args *args, int64_t before, struct str *path, struct fault *reterr)
{
	bool all = args_has(args, "all");
	long limit = all ? LIMIT_MAX : 0, from = 0;
	char text[24];
	int r = args_number(args, "limit", 1, LIMIT_MAX, &limit, reterr);

	if (r == 0)
		r = args_number(args, "before", 1, INT64_MAX, &from, reterr);
	if (r)
		return r;
	str_add(path, "/v1/events");
	path_query(path, "state", args_value(args, "state"));
	path_query(path, "tenant", args_value(args, "tenant"));
	snprintf(text, sizeof(text), "%ld", limit);
	path_query(path, "limit", limit ? text : NULL);
	snprintf(text, sizeof(text), "%lld", (long long)(before ? before : from));
	path_query(path, "before", before || from ? text : NULL);
	return 0;
}

/* One event a line, page after page: what is exported may be longer than memory. */
static int export_all(struct ctl *ctl, const struct args *args)
{
	int64_t before = 0;

	for (;;) {
		CLEANUP(json_free) cJSON *answer = NULL;
		struct fault f = { 0 };
		const cJSON *e;
		STR_AUTO(path);
		int r;

		if (events_path(args, before, &path, &f))
			return ctl_fail_fault(EXIT_USAGE, &f);
		r = ctl_get(ctl, path.at, &answer);
		if (r)
			return r;
		for (e = ctl_first(answer, "events"); e; e = e->next) {
			CLEANUP(mem_free) char *line = json_text(e);

			fprintf(ctl->out.out, "%s\n", line);
		}
		before = ctl_int(answer, "next_before");
		if (!before)
			return EXIT_OK;
	}
}

static void say_no_events(const struct ctl *ctl, const struct args *args)
{
	if (args_has(args, "state") || args_has(args, "tenant") || args_has(args, "before"))
		ctl_say(ctl, "No event matches. All of them: opbridge events");
	else
		ctl_say(ctl, "No event yet. Hand one over: opbridge help submit");
}

int run_events(struct ctl *ctl, const struct args *args)
{
	static const char *const titles[] = { "ACCEPTED", "!ID", "TENANT", "TYPE", "STATE",
		">TICKET", "WHY" };
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(table_free) struct table *t = NULL;
	struct fault f = { 0 };
	const cJSON *e;
	STR_AUTO(path);
	int r;

	if (ctl->json && args_has(args, "all"))
		return export_all(ctl, args);
	if (events_path(args, 0, &path, &f))
		return ctl_fail_fault(EXIT_USAGE, &f);
	r = ctl_get_or_print(ctl, path.at, &answer);
	if (r || !answer)
		return r;
	t = table_new(titles, ARRAY_LEN(titles));
	for (e = ctl_first(answer, "events"); e; e = e->next)
		add_event(ctl, t, e);
	if (table_rows(t) == 0) {
		say_no_events(ctl, args);
		return EXIT_OK;
	}
	table_print(t, &ctl->out);
	if (ctl_int(answer, "next_before"))
		ctl_say(ctl, "Older ones: add --before %lld",
			(long long)ctl_int(answer, "next_before"));
	return EXIT_OK;
}

static void say_where(const struct ctl *ctl, const cJSON *e)
{
	if (ctl_is_null(e, "company"))
		ctl_line(ctl, "company", TONE_PLAIN, "none");
	else
		ctl_linef(ctl, "company", TONE_PLAIN, "%s (id %lld)",
			ctl_str(e, "company/name", "?"), (long long)ctl_int(e, "company/id"));
	if (ctl_int(e, "incident"))
		ctl_linef(ctl, "incident", TONE_PLAIN, "%lld", (long long)ctl_int(e, "incident"));
	if (ctl_int(e, "ticket"))
		ctl_linef(ctl, "ticket", TONE_PLAIN, "%lld (%s, %s)%s%s",
			(long long)ctl_int(e, "ticket"), ctl_str(e, "board", "board not known"),
			ctl_str(e, "status", "status not known"),
			ctl_is_null(e, "did") ? "" : ", by this event: ", ctl_str(e, "did", ""));
}

static void say_times(const struct ctl *ctl, const cJSON *e)
{
	char when[WHEN_TEXT_MAX];

	ctl_linef(ctl, "accepted", TONE_PLAIN, "%s from uid %lld",
		when_full_text(json_str(e, "accepted_at"), ctl->now_ms, when),
		(long long)ctl_int(e, "submitter_uid"));
	if (!ctl_is_null(e, "due_at"))
		ctl_line(ctl, "next try", TONE_PLAIN,
			when_full_text(json_str(e, "due_at"), ctl->now_ms, when));
	if (!ctl_is_null(e, "expires_at"))
		ctl_line(ctl, "expires", TONE_WARN,
			when_full_text(json_str(e, "expires_at"), ctl->now_ms, when));
	if (!ctl_is_null(e, "done_at"))
		ctl_line(ctl, "done", TONE_PLAIN,
			when_full_text(json_str(e, "done_at"), ctl->now_ms, when));
	if (ctl_int(e, "attempts"))
		ctl_linef(ctl, "attempts", TONE_PLAIN, "%lld", (long long)ctl_int(e, "attempts"));
}

static void say_body(const struct ctl *ctl, const cJSON *e)
{
	CLEANUP(mem_free) char *text = NULL;
	CLEANUP(mem_free) char *safe = NULL;

	if (ctl_is_null(e, "body"))
		return;
	text = json_text_pretty(json_get(e, "body"));
	safe = term_safe_json(text);
	fprintf(ctl->out.out, "\n%s\n", safe);
}

static void say_event(const struct ctl *ctl, const cJSON *e)
{
	const char *state = ctl_str(e, "state", "?");

	ctl_linef(ctl, "event", TONE_BOLD, "%s, version %lld", ctl_str(e, "id", "?"),
		(long long)ctl_int(e, "version"));
	ctl_linef(ctl, "type", TONE_PLAIN, "%s, %s", ctl_str(e, "type", "?"),
		ctl_str(e, "event_state", "?"));
	ctl_line(ctl, "tenant", TONE_PLAIN, ctl_tenant(json_get(e, "tenant")));
	ctl_line(ctl, "state", state_tone(state), state);
	ctl_line(ctl, "why", TONE_PLAIN, json_str(e, "why"));
	say_where(ctl, e);
	say_times(ctl, e);
	if (str_eq(state, "dead"))
		ctl_linef(ctl, "to do", TONE_WARN, "mend the cause, then: opbridge retry %s",
			ctl_str(e, "id", "?"));
	if (str_eq(state, "held"))
		ctl_line(ctl, "to do", TONE_WARN, "map the tenant: opbridge help map");
	say_body(ctl, e);
}

int run_event(struct ctl *ctl, const struct args *args)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	STR_AUTO(path);
	const cJSON *e;
	bool first = true;
	struct call call = {
		.channel = CHANNEL_EVENTS, .method = "GET", .conflict_exit = EXIT_DATA
	};
	int r;

	str_add(&path, "/v1/events/");
	path_add(&path, args_operand(args, 0));
	call.path = path.at;
	r = ctl_call(ctl, &call, &answer);
	if (r)
		return r;
	if (ctl->json) {
		ctl_print_json(ctl, answer);
		return EXIT_OK;
	}
	for (e = ctl_first(answer, "events"); e; e = e->next) {
		if (!first)
			fputc('\n', ctl->out.out);
		say_event(ctl, e);
		first = false;
	}
	return EXIT_OK;
}

int run_retry(struct ctl *ctl, const struct args *args)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	const char *id = args_operand(args, 0);
	STR_AUTO(path);
	struct call call = {
		.channel = CHANNEL_CONTROL, .method = "POST", .conflict_exit = EXIT_DATA
	};
	int r;

	if (!id == !args_has(args, "all"))
		return ctl_fail(EXIT_USAGE,
			"retry takes an event's id, or --all; opbridge events --state dead lists "
			"them");
	if (id) {
		str_add(&path, "/v1/events/");
		path_add(&path, id);
		str_add(&path, "/retry");
	} else {
		str_add(&path, "/v1/retry");
	}
	call.path = path.at;
	r = ctl_call(ctl, &call, &answer);
	if (r)
		return r;
	if (ctl->json)
		ctl_print_json(ctl, answer);
	else if (id)
		ctl_say(ctl,
			"Queued again (versions of the event: %lld). To follow: opbridge event "
			"%s",
			(long long)ctl_int(answer, "retried"), id);
	else
		ctl_say(ctl, "%lld dead events are queued again.",
			(long long)ctl_int(answer, "retried"));
	return EXIT_OK;
}
