#include "app/check.h"

#include <stdlib.h>
#include <string.h>
#include "app/check_steps.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"

#define AGAIN_MS (60 * 1000) /* by itself no more often */

static check_rung *const ladder[] = { rung_login, rung_keys, rung_security, rung_companies,
	rung_tickets, rung_add, rung_edit, rung_close, rung_member, rung_board, rung_boards,
	rung_statuses, rung_status_settings, rung_sync, rung_contact, rung_disk };

/* ==== results ==== */

static const char *const state_names[] = {
	[STEP_OK] = "ok",
	[STEP_FAILED] = "failed",
	[STEP_WARNING] = "warning",
	[STEP_SKIPPED] = "skipped",
};

void check_add(struct app *app, const char *name, enum step_state state, const char *saw,
	const char *remedy)
{
	struct check *check = &app->check;
	cJSON *node = json_object();

	json_add_str(node, "name", name);
	json_add_str(node, "state", state_names[state]);
	json_add_str(node, "saw", saw);
	json_add_str(node, "remedy", remedy);
	json_push(check->steps, node);
	if (state == STEP_FAILED)
		check->ok = false;
	if (check->on_step)
		check->on_step(node);
}

void check_saw_row(struct app *app, int row, enum seen seen)
{
	if (row < 0)
		return;
	app->check.permissions[row] = seen;
	if (seen == SEEN_OK && !app->check.alone)
		link_has(app, row);
}

static void forget_run(struct check *check)
{
	check->reached = check->reached_all = check->statuses_read = false;
	json_free(check->security);
	json_free(check->boards);
	check->security = check->boards = NULL;
	check->board = check->default_board = 0;
	mem_free(check->board_name);
	check->board_name = NULL;
	statuses_clear(&check->statuses);
	memset(check->permissions, 0, sizeof(check->permissions));
}

/* ==== what it says in the log ==== */

static const char *state_before(const struct check *check, const char *name)
{
	const cJSON *step;

	cJSON_ArrayForEach(step, check->before)
	{
		if (str_eq(json_str(step, "name"), name))
			return json_str(step, "state");
	}
	return NULL;
}

static bool is_bad(const char *state)
{
	return str_eq(state, "failed") || str_eq(state, "warning");
}

static void say_step(struct app *app, const cJSON *step, const char *was)
{
	const char *state = json_str(step, "state");

	turn_say(app,
		str_eq(state, "failed")            ? LEVEL_ERROR
			: str_eq(state, "warning") ? LEVEL_WARN
						   : LEVEL_INFO,
		is_bad(state) ? "check: not well" : "check: well again",
		(const struct log_field[]){ F_STR("step", json_str(step, "name")),
			F_STR("saw", json_str(step, "saw")),
			F_STR("remedy", json_str(step, "remedy")), F_STR("was", was) },
		4);
}

/* What is not well for the first time, and whatever changed to or from that. */
static void say_changes(struct app *app)
{
	const struct check *check = &app->check;
	const cJSON *step;

	cJSON_ArrayForEach(step, check->steps)
	{
		const char *state = json_str(step, "state");
		const char *was = state_before(check, json_str(step, "name"));

		if (str_eq(state, was) || (!is_bad(state) && !is_bad(was)) ||
			str_eq(state, "skipped"))
			continue;
		say_step(app, step, was);
	}
}

static void finish(struct app *app)
{
	struct check *check = &app->check;

	check->running = false;
	check->at = now_wall_ms();
	check->not_before = now_mono_ms() + AGAIN_MS;
	if (check->alone)
		return;
	if (check->ok)
		link_wake(app); /* whatever waited for that to work */
	say_changes(app);
	TURN_SAY(app, LEVEL_INFO, "check done", F_STR("ok", check->ok ? "yes" : "no"),
		F_STR("by", check->by_itself ? "itself" : "request"));
}

/* ==== running ==== */

void check_next_step(struct app *app)
{
	struct check *check = &app->check;

	while (check->running) {
		if (check->step >= (int)ARRAY_LEN(ladder)) {
			finish(app);
			return;
		}
		if (ladder[check->step++](app))
			return;
	}
}

void check_end(struct app *app)
{
	app->check.step = ARRAY_LEN(ladder);
}

static void begin(struct app *app, bool by_itself)
{
	struct check *check = &app->check;

	json_free(check->before);
	check->before = check->steps;
	check->steps = json_array();
	check->running = check->ok = check->wanted = true;
	check->by_itself = by_itself;
	check->step = 0;
	check->soon_at = 0;
	forget_run(check);
}

/* No turn ends well without the queue, so no request of the ladder would leave. */
static void no_queue(struct app *app, const char *why)
{
	app->check.wanted = false;
	check_add(app, "disk", STEP_FAILED, why,
		"make the queue's file writable again (disk space, mount, permissions); the daemon "
		"goes on by itself");
	finish(app);
}

void check_start(struct app *app)
{
	const char *why;

	if (app->check.running)
		return;
	begin(app, false);
	if (!app->check.alone && !turn_may_write(app, &why))
		no_queue(app, why);
}

void check_soon(struct app *app)
{
	struct check *check = &app->check;
	int64_t now = now_mono_ms();

	if (!app->conf->cw.self_check || check->running || check->soon_at || check->alone)
		return;
	check->soon_at = now > check->not_before ? now : check->not_before;
}

void check_tick(struct app *app, int64_t now)
{
	struct check *check = &app->check;

	if (check->soon_at && now >= check->soon_at && !check->running)
		begin(app, true);
	if (!check->wanted)
		return;
	check->wanted = false;
	check_next_step(app);
}

int64_t check_next(const struct app *app)
{
	return app->check.running ? 0 : app->check.soon_at;
}

void check_reset(struct app *app)
{
	if (app->check.call)
		cw_forget(app->cw, app->check.call);
	app->check.call = NULL;
	if (!app->check.running)
		return;
	check_add(app, "check", STEP_FAILED, "interrupted: the queue could not be written",
		"run it again");
	finish(app);
}

void check_free(struct check *check)
{
	forget_run(check);
	json_free(check->steps);
	json_free(check->before);
	check->steps = check->before = NULL;
}

cJSON *check_json(const struct app *app)
{
	const struct check *check = &app->check;
	cJSON *node = json_object();

	json_add_bool(node, "running", check->running);
	json_add_time(node, "at", check->at);
	json_add_bool(node, "ok", !check->running && check->at && check->ok);
	json_add_node(node, "steps", check->steps ? json_copy(check->steps) : json_array());
	return node;
}
