/* The daemon itself over the local API: status, board, sync, check, reload, metrics. */
#include "app/control.h"

#include <string.h>
#include "app/app.h"
#include "app/audit.h"
#include "app/reload.h"
#include "app/view.h"
#include "base/mem.h"
#include "base/str.h"

void control_status(struct app *app, struct api_req *req)
{
	api_reply(req, 200, view_status(app));
}

void control_board(struct app *app, struct api_req *req)
{
	api_reply(req, 200, board_json(app));
}

void control_statuses(struct app *app, struct api_req *req)
{
	const struct board *board = &app->board;
	cJSON *answer = board_json(app), *array = json_add_array(answer, "statuses");
	size_t i;

	for (i = 0; i < board->statuses.n; i++) {
		const struct status *s = &board->statuses.at[i];
		cJSON *node = json_object();

		json_add_int(node, "id", s->id);
		json_add_str(node, "name", s->name);
		json_add_bool(node, "closed", s->closed);
		json_add_bool(node, "inactive", s->inactive);
		json_add_bool(node, "default", s->is_default);
		json_add_int(node, "sort", s->sort);
		json_add_bool(node, "creation",
			board->create_status ? s->id == board->create_status : s->is_default);
		json_push(array, node);
	}
	api_reply(req, 200, answer);
}

static cJSON *sync_answer(struct app *app)
{
	cJSON *answer = json_object();

	json_add_node(answer, "sync", sync_json(app));
	return answer;
}

void control_sync_get(struct app *app, struct api_req *req)
{
	api_reply(req, 200, sync_answer(app));
}

void control_sync_post(struct app *app, struct api_req *req)
{
	const struct audit_who who = audit_who(req, AUDIT_COMMAND);
	CLEANUP(json_free) cJSON *body = NULL;
	bool full, confirm;
	struct fault f = { 0 };
	size_t n;

	(void)api_body(req, &n);
	if (!control_may_write(app, req))
		return;
	if (n && control_body(req, &body, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	full = json_bool(body, "full", false);
	confirm = json_bool(body, "confirm", false);
	if (sync_start(app, full, confirm, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	audit_tell(app, &who, AUDIT_SYNC, confirm ? "full, confirmed" : full ? "full" : "changes");
	api_reply(req, 202, sync_answer(app));
}

static cJSON *check_answer(struct app *app)
{
	cJSON *answer = json_object();

	json_add_node(answer, "check", check_json(app));
	return answer;
}

void control_check_get(struct app *app, struct api_req *req)
{
	api_reply(req, 200, check_answer(app));
}

void control_check_post(struct app *app, struct api_req *req)
{
	check_start(app);
	api_reply(req, 202, check_answer(app));
}

static cJSON *reload_answer(const struct reload *r)
{
	cJSON *answer = json_object(), *array;
	const char *at;

	json_add_bool(answer, "reloaded", r->state == RELOAD_DONE);
	json_add_bool(answer, "proving", r->state == RELOAD_PROVING);
	array = json_add_array(answer, "changed");
	for (at = r->changed; at && *at;) {
		size_t n = strcspn(at, ",");
		CLEANUP(mem_free) char *key = xstrndup(at, n);

		str_trim(key);
		json_push_str(array, key);
		at += n + (at[n] == ',');
	}
	return answer;
}

void control_reload_get(struct app *app, struct api_req *req)
{
	if (app->reload.state == RELOAD_REFUSED)
		api_problem(req, 409, "%s", app->reload.why);
	else
		api_reply(req, 200, reload_answer(&app->reload));
}

void control_reload(struct app *app, struct api_req *req)
{
	const struct audit_who who = audit_who(req, AUDIT_COMMAND);

	reload(app, &who);
	if (app->reload.state == RELOAD_PROVING)
		api_reply(req, 202, reload_answer(&app->reload));
	else
		control_reload_get(app, req);
}

/* The queue itself is well. */
static void backup_problem(
	struct app *app, struct api_req *req, enum fault_code code, const char *why)
{
	if (code == FAULT_CONFLICT)
		api_problem(req, 409, "%s", why);
	else
		api_problem(req, 422, "%s; the daemon's user must be able to write there, as in %s",
			why, app->conf->store.database);
}

void control_backup(struct app *app, struct api_req *req)
{
	const struct audit_who who = audit_who(req, AUDIT_COMMAND);
	CLEANUP(json_free) cJSON *body = NULL;
	struct fault f = { 0 };
	const char *path;

	if (!control_may_write(app, req))
		return;
	if (control_body(req, &body, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	path = json_str(body, "path");
	if (!path || path[0] != '/') {
		api_problem(req, 400, "\"path\" must be a whole path, beginning with /");
		return;
	}
	if (copy_start(app, path, &who, &f) < 0)
		backup_problem(app, req, f.code, f.text);
	else
		api_reply(req, 202, copy_json(app));
}

void control_backup_get(struct app *app, struct api_req *req)
{
	if (app->copy.why)
		backup_problem(app, req, app->copy.code, app->copy.why);
	else
		api_reply(req, 200, copy_json(app));
}

void control_metrics(struct app *app, struct api_req *req)
{
	CLEANUP(mem_free) char *text = view_metrics(app);

	api_reply_text(req, 200, "text/plain; version=0.0.4; charset=utf-8", text);
}

void control_healthz(struct app *app, struct api_req *req)
{
	const char *why;
	cJSON *answer;

	if (!turn_may_write(app, &why)) {
		api_problem(req, 503, "the queue cannot be written: %s", why);
		return;
	}
	answer = json_object();
	json_add_bool(answer, "ok", true);
	api_reply(req, 200, answer);
}
