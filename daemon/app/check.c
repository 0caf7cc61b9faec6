#include "app/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "io/cw_view.h"

#define CLOCK_SKEW_MAX_MS (5 * 60 * 1000)

static void next_step(struct app *app);

/* ==== results ==== */

static void add(
	struct app *app, const char *name, const char *state, const char *saw, const char *remedy)
{
	cJSON *node = json_object();

	json_add_str(node, "name", name);
	json_add_str(node, "state", state);
	json_add_str(node, "saw", saw);
	json_add_str(node, "remedy", remedy);
	json_push(app->check.steps, node);
	if (str_eq(state, "failed"))
		app->check.ok = false;
}

static void finish(struct app *app)
{
	struct check *check = &app->check;

	check->running = false;
	check->at = now_wall_ms();
	if (check->ok)
		link_wake(app); /* whatever waited for that to work */
	log_info("check done", F_STR("ok", check->ok ? "yes" : "no"));
}

/* A permission row's remedy: "System > Security Roles: …". gives */
static char *role_row(int row)
{
	return xasprintf(
		"in ConnectWise: System > Security Roles > the API member's role > %s > %s: set "
		"%s to All",
		permissions[row].module, permissions[row].function, permissions[row].level);
}

static void add_outcome(struct app *app, const char *name, const struct cw_answer *answer,
	bool required, const char *saw)
{
	int row = permission_of(answer->verb);
	bool denied = answer->outcome.class == OUTCOME_DENIED;
	CLEANUP(mem_free) char *remedy = denied && row >= 0 ? role_row(row) : NULL;

	if (answer->outcome.class == OUTCOME_DONE)
		add(app, name, "ok", saw, NULL);
	else if (denied && !required)
		add(app, name, "warning", permissions[row].lost, remedy);
	else
		add(app, name, "failed", answer->outcome.reason, remedy);
}

/* ==== steps ==== */

static bool step_login(struct app *app);
static bool step_keys(struct app *app);
static bool step_tickets(struct app *app);
static bool step_add(struct app *app);
static bool step_edit(struct app *app);
static bool step_member(struct app *app);
static bool step_statuses(struct app *app);
static bool step_creation_status(struct app *app);
static bool step_companies(struct app *app);
static bool step_queue(struct app *app);

/* Each starts a request (true) or adds its result at once (false). */
static bool (*const ladder[])(struct app *app) = { step_login, step_keys, step_tickets, step_add,
	step_edit, step_member, step_statuses, step_creation_status, step_companies, step_queue };

static void on_login(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct company_info info = { 0 };
	struct fault f = { 0 };
	char saw[256];

	app->check.call = NULL;
	if (answer->outcome.class != OUTCOME_DONE) {
		add(app, "company id", "failed", answer->outcome.reason, NULL);
	} else if (company_info_read(answer->body, &info, &f) < 0) {
		add(app, "company id", "failed", f.text, NULL);
	} else {
		CLEANUP(mem_free) char *host = site_api_host(cw_site(app->cw));
		CLEANUP(mem_free) char *base = site_base_url(host, info.codebase);

		snprintf(saw, sizeof(saw), "%s, codebase %s",
			info.version ? info.version : "version unknown", info.codebase);
		add(app, "company id", "ok", saw, NULL);
		if (!cw_base(app->cw))
			cw_set_base(app->cw, base);
		company_info_clear(&info);
	}
	next_step(app);
}

static bool step_login(struct app *app)
{
	if (!str_is_blank(app->conf->cw.base_url)) {
		add(app, "company id", "skipped", "connectwise.base_url is pinned", NULL);
		return false;
	}
	app->check.call = cw_login(app->cw, on_login, app);
	return true;
}

static void add_clock(struct app *app, const struct cw_answer *answer)
{
	int64_t skew = answer->date_at ? now_wall_ms() - answer->date_at : 0;
	char saw[128];

	if (!answer->date_at)
		return;
	snprintf(saw, sizeof(saw), "this host's clock is %" PRId64 " s %s ConnectWise's",
		(skew < 0 ? -skew : skew) / 1000, skew < 0 ? "behind" : "ahead of");
	if (skew > CLOCK_SKEW_MAX_MS || skew < -CLOCK_SKEW_MAX_MS)
		add(app, "clock", "warning", saw, "set the clock (timedatectl set-ntp true)");
	else
		add(app, "clock", "ok", saw, NULL);
}

static void on_keys(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	bool keys =
		answer->outcome.class == OUTCOME_DONE || answer->outcome.class == OUTCOME_DENIED;

	app->check.call = NULL;
	add(app, "keys", keys ? "ok" : "failed", keys ? "accepted" : answer->outcome.reason, NULL);
	if (!keys) {
		finish(app);
		return;
	}
	add_clock(app, answer);
	add_outcome(app, "read companies", answer, true, "the role may read companies");
	next_step(app);
}

static bool step_keys(struct app *app)
{
	if (!app->check.ok || !cw_base(app->cw)) {
		add(app, "keys", "skipped", "the company id must be found first", NULL);
		app->check.ok = false;
		app->check.step = ARRAY_LEN(ladder);
		return false;
	}
	app->check.call = cw_probe(app->cw, on_keys, app);
	return true;
}

static void on_tickets(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	add_outcome(app, "read tickets", answer, true, "the role may read service tickets");
	next_step(app);
}

static bool step_tickets(struct app *app)
{
	app->check.call = cw_ticket_probe(app->cw, on_tickets, app);
	return true;
}

/* The request could only be refused; what for, shows the right. */
static void add_probe(
	struct app *app, const char *name, const struct cw_answer *answer, const char *saw)
{
	enum outcome_class class = answer->outcome.class;

	if (class == OUTCOME_REFUSED ||
		(class == OUTCOME_GONE && !answer->outcome.maybe_upgraded)) {
		add(app, name, "ok", saw, NULL);
		link_has(app, permission_of(answer->verb));
	} else {
		add_outcome(app, name, answer, true, saw);
		if (class == OUTCOME_DENIED)
			link_saw(app, answer);
	}
}

static void on_add(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	add_probe(app, "add tickets", answer,
		"the role may add service tickets (an empty one was refused as it should be)");
	next_step(app);
}

static bool step_add(struct app *app)
{
	app->check.call = cw_add_probe(app->cw, on_add, app);
	return true;
}

static void on_edit(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	add_probe(app, "edit tickets", answer,
		"the role may edit service tickets (one that does not exist was not found)");
	next_step(app);
}

static bool step_edit(struct app *app)
{
	app->check.call = cw_edit_probe(app->cw, on_edit, app);
	return true;
}

static void on_member(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct cw_ref board = { 0 };
	char saw[256];

	app->check.call = NULL;
	if (answer->outcome.class == OUTCOME_DONE)
		board = cw_default_board(answer->body);
	app->check.board = board.id ? board.id : app->board.id;
	if (answer->outcome.class == OUTCOME_DONE && !board.id) {
		add(app, "default board", "warning", "the API member has no default board",
			"choose one: System > Members > API Members > Service Defaults, or set "
			"board.board");
	} else {
		snprintf(saw, sizeof(saw), "%.200s (%" PRId64 ")", board.name ? board.name : "?",
			board.id);
		add_outcome(app, "default board", answer, false, saw);
	}
	next_step(app);
}

static bool step_member(struct app *app)
{
	if (!str_is_blank(app->conf->board.board)) {
		app->check.board = app->board.id;
		if (app->board.id || !app->board.why)
			add(app, "board", "ok",
				app->board.name ? app->board.name : app->conf->board.board, NULL);
		else
			add(app, "board", "failed", app->board.why,
				"correct board.board and reload; until then ConnectWise chooses "
				"the board");
		return false;
	}
	app->check.call = cw_my_member(app->cw, on_member, app);
	return true;
}

static void on_statuses(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	char saw[64];

	app->check.call = NULL;
	snprintf(saw, sizeof(saw), "%d statuses", cJSON_GetArraySize(answer->body));
	add_outcome(app, "ticket statuses", answer, false, saw);
	next_step(app);
}

static bool step_statuses(struct app *app)
{
	if (!app->check.board) {
		add(app, "ticket statuses", "skipped", "no board is known", NULL);
		return false;
	}
	app->check.call = cw_statuses(app->cw, app->check.board, on_statuses, app);
	return true;
}

static bool step_creation_status(struct app *app)
{
	struct fault f = { 0 };
	const struct status *s = board_status(&app->board, app->board.create_status);

	if (str_is_blank(app->conf->board.status))
		add(app, "creation status", "ok", "not configured: the board's default", NULL);
	else if (board_check_conf(&app->board, app->conf, &f) < 0)
		add(app, "creation status", "failed", f.text, "correct board.status and reload");
	else if (!app->board.statuses.n)
		add(app, "creation status", "warning",
			"cannot be checked: the statuses are not known", NULL);
	else
		add(app, "creation status", "ok", s ? s->name : app->conf->board.status, NULL);
	return false;
}

static bool step_companies(struct app *app)
{
	struct fault f = { 0 };
	int64_t n = 0;
	char saw[128];

	if (company_count(app->store, &n, &f) < 0)
		turn_fail(app, &f);
	snprintf(saw, sizeof(saw), "%" PRId64 " companies in the list", n);
	if (app->sync.refused)
		add(app, "company sync", "warning", app->sync.refused, NULL);
	else if (app->sync.error)
		add(app, "company sync", "failed", app->sync.error, NULL);
	else
		add(app, "company sync", "ok", saw, NULL);
	return false;
}

static bool step_queue(struct app *app)
{
	struct fault f = { 0 };

	if (store_room(app->store, &f) < 0)
		add(app, "queue", "failed", f.text, "free disk space, or raise store.max_bytes");
	else
		add(app, "queue", "ok", "has room", NULL);
	return false;
}

/* ==== running ==== */

static void next_step(struct app *app)
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

void check_start(struct app *app)
{
	struct check *check = &app->check;

	if (check->running)
		return;
	json_free(check->steps);
	check->steps = json_array();
	check->running = check->ok = check->wanted = true;
	check->step = 0;
	check->board = 0;
}

void check_tick(struct app *app, int64_t now)
{
	(void)now;
	if (!app->check.wanted)
		return;
	app->check.wanted = false;
	next_step(app);
}

void check_reset(struct app *app)
{
	if (app->check.call)
		cw_forget(app->cw, app->check.call);
	app->check.call = NULL;
	if (!app->check.running)
		return;
	add(app, "check", "failed", "interrupted: the queue could not be written", "run it again");
	finish(app);
}

void check_free(struct check *check)
{
	json_free(check->steps);
	check->steps = NULL;
}

cJSON *check_json(const struct app *app)
{
	const struct check *check = &app->check;
	cJSON *node = json_object(), *steps;
	cJSON *copy = check->steps ? cJSON_Duplicate(check->steps, true) : json_array();

	steps = copy ? copy : json_array();
	json_add_bool(node, "running", check->running);
	json_add_time(node, "at", check->at);
	json_add_bool(node, "ok", !check->running && check->at && check->ok);
	json_add_node(node, "steps", steps);
	return node;
}
