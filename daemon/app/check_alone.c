#include "app/check_alone.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"

/* ==== printing ==== */

static void print_node(cJSON *node)
{
	CLEANUP(mem_free) char *text = json_text(node);

	puts(text);
	fflush(stdout);
}

static void step_as_json(const cJSON *step)
{
	CLEANUP(json_free) cJSON *copy = json_copy(step);

	print_node(copy);
}

static void step_as_text(const cJSON *step)
{
	static const struct {
		const char *state, *sign;
	} signs[] = { { "ok", "ok  " }, { "failed", "FAIL" }, { "warning", "warn" },
		{ "skipped", "-   " } };
	const char *saw = json_str(step, "saw"), *remedy = json_str(step, "remedy");
	const char *sign = "?   ";
	size_t i;

	for (i = 0; i < ARRAY_LEN(signs); i++)
		if (str_eq(signs[i].state, json_str(step, "state")))
			sign = signs[i].sign;
	printf("%s %s%s%s\n", sign, json_str(step, "name"), saw ? ": " : "", saw ? saw : "");
	if (remedy)
		printf("     -> %s\n", remedy);
	fflush(stdout);
}

static void add_ref(cJSON *answer, const char *key, int64_t id, const char *name)
{
	cJSON *node;

	if (!id) {
		json_add_null(answer, key);
		return;
	}
	node = json_add_object(answer, key);
	json_add_int(node, "id", id);
	json_add_str(node, "name", name);
}

static void add_boards(cJSON *answer, const struct check *check)
{
	cJSON *array = json_add_array(answer, "boards"), *node;
	const cJSON *board;
	int64_t id;

	cJSON_ArrayForEach(board, check->boards)
	{
		if (!json_int(board, "id", &id))
			continue;
		node = json_object();
		json_add_int(node, "id", id);
		json_add_str(node, "name", json_str(board, "name"));
		json_add_bool(node, "default", id == check->default_board);
		json_push(array, node);
	}
}

static void add_statuses(cJSON *answer, const struct statuses *list)
{
	cJSON *array = json_add_array(answer, "statuses"), *node;
	size_t i;

	for (i = 0; i < list->n; i++) {
		node = json_object();
		json_add_int(node, "id", list->at[i].id);
		json_add_str(node, "name", list->at[i].name);
		json_add_bool(node, "closed", list->at[i].closed);
		json_add_bool(node, "inactive", list->at[i].inactive);
		json_add_bool(node, "default", list->at[i].is_default);
		json_push(array, node);
	}
}

static void add_permissions(cJSON *answer, const struct check *check)
{
	static const char *const words[] = { "unknown", "ok", "missing" };
	cJSON *array = json_add_array(answer, "permissions"), *node;
	size_t i;

	for (i = 0; i < PERMISSION_COUNT; i++) {
		node = json_object();
		json_add_str(node, "module", permissions[i].module);
		json_add_str(node, "function", permissions[i].function);
		json_add_str(node, "level", permissions[i].level);
		json_add_bool(node, "required", permissions[i].required);
		json_add_str(node, "lost", permissions[i].lost);
		json_add_str(node, "state", words[check->permissions[i]]);
		json_push(array, node);
	}
}

static void print_summary(const struct check *check)
{
	CLEANUP(json_free) cJSON *answer = json_object();

	json_add_bool(answer, "ok", check->ok);
	json_add_bool(answer, "reached", check->reached_all);
	add_ref(answer, "board", check->board, check->board_name);
	add_boards(answer, check);
	add_statuses(answer, &check->statuses);
	add_permissions(answer, check);
	print_node(answer);
}

/* ==== running ==== */

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg; /* waking up is all */
}

static void climb(struct app *app)
{
	struct event *timer = evtimer_new(app->base, on_timer, NULL);

	if (!timer)
		abort();
	check_start(app);
	while (app->check.running) {
		int64_t wait;
		struct timeval tv;

		cw_drain(app->cw);
		check_tick(app, now_mono_ms());
		if (!app->check.running)
			break;
		wait = cw_release(app->cw, now_mono_ms());
		if (wait >= 0) {
			tv = (struct timeval){ .tv_sec = wait / 1000,
				.tv_usec = (wait % 1000) * 1000 };
			evtimer_add(timer, &tv);
		}
		if (event_base_loop(app->base, EVLOOP_ONCE) < 0)
			abort();
	}
	event_free(timer);
}

int check_alone(struct conf *conf, bool json)
{
	struct app app = { .check = { .alone = true } };
	struct fault f = { 0 };
	int status;

	if (json) { /* all files are read: what was lent for it may go */
		putchar('\n');
		fflush(stdout);
	}
	app.conf = conf;
	app.check.on_step = json ? step_as_json : step_as_text;
	app.base = event_base_new();
	if (!app.base)
		abort();
	if (http_global_init(&f) < 0 || cw_new(app.base, &app.cw, &f) < 0) {
		fprintf(stderr, "opbridged: %s\n", f.text);
		event_base_free(app.base);
		return EX_OSERR;
	}
	cw_set_conf(app.cw, conf);
	if (!str_is_blank(conf->cw.base_url))
		cw_set_base(app.cw, conf->cw.base_url);
	climb(&app);
	if (json)
		print_summary(&app.check);
	else
		puts(app.check.ok ? "Everything that is required works."
				  : "Not everything that is required works: see FAIL above.");
	status = app.check.ok ? EX_OK : app.check.reached_all ? EX_CONFIG : EX_UNAVAILABLE;
	check_free(&app.check);
	cw_free(app.cw);
	event_base_free(app.base);
	return status;
}
