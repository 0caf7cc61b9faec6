/* Events and incidents over the local API. */
#include "app/control.h"

#include <stdlib.h>
#include "app/app.h"
#include "app/audit.h"
#include "app/view.h"
#include "base/now.h"
#include "base/str.h"

#define LIST_DEFAULT 50
#define LIST_MAX 500

/* When it ends for its age, if nothing else happens; 0: never. */
static int64_t expires_at(const struct conf *conf, const struct queue_row *row)
{
	if (row->state == QUEUE_HELD)
		return row->accepted_at + conf->delivery.hold_max_age;
	if (row->state == QUEUE_QUEUED && conf->delivery.queue_max_age)
		return row->accepted_at + conf->delivery.queue_max_age;
	return 0;
}

/* While the way is not open nothing is tried before its next probe. */
static int64_t due_at(const struct app *app, const struct queue_row *row)
{
	int64_t probe = link_open(app) ? 0 : link_next(app), wait = probe - now_mono_ms();

	if (queue_state_ended(row->state) || row->state == QUEUE_HELD)
		return 0;
	if (!probe || row->due_at > now_wall_ms() + wait)
		return row->due_at;
	return now_wall_ms() + (wait > 0 ? wait : 0);
}

static cJSON *event_node(const struct app *app, const struct queue_row *row, bool body)
{
	cJSON *node = view_event(row, body);

	json_add_time(node, "expires_at", expires_at(app->conf, row));
	json_add_time(node, "due_at", due_at(app, row));
	return node;
}

static void reply_events(
	struct app *app, struct api_req *req, struct queue_rows *rows, bool bodies, bool more)
{
	cJSON *answer = json_object(), *array = json_add_array(answer, "events");
	size_t i;

	for (i = 0; i < rows->n; i++)
		json_push(array, event_node(app, &rows->at[i], bodies));
	if (!bodies && more && rows->n)
		json_add_int(answer, "next_before", rows->at[rows->n - 1].seq);
	else if (!bodies)
		json_add_null(answer, "next_before");
	api_reply(req, 200, answer);
	queue_rows_clear(rows);
}

static int filter_of(
	struct app *app, struct api_req *req, struct queue_filter *ret, struct fault *reterr)
{
	const char *state = api_query(req, "state"), *tenant = api_query(req, "tenant");
	struct tenant t = { 0 };
	int64_t limit = 0, before = 0;
	int r = control_number(req, "limit", LIST_DEFAULT, 1, LIST_MAX, &limit, reterr);

	if (r == 0)
		r = control_number(req, "before", 0, 0, INT64_MAX, &before, reterr);
	if (r < 0)
		return r;
	*ret = (struct queue_filter){ .any_state = !state, .before = before, .limit = (int)limit };
	if (state && !queue_state_parse(state, &ret->state))
		return fault_set(reterr, FAULT_INPUT,
			"there is no state \"%s\"; it is one of queued, sending, held, delivered, "
			"skipped, "
			"muted, expired, dead",
			state);
	if (!tenant)
		return 0;
	r = tenant_find(app->store, tenant, &t, reterr);
	if (r == 0)
		ret->tenant = t.row;
	tenant_clear(&t);
	return r;
}

void control_events(struct app *app, struct api_req *req)
{
	struct queue_filter filter;
	struct queue_rows rows = { 0 };
	struct fault f = { 0 };

	if (filter_of(app, req, &filter, &f) < 0 || queue_list(app->store, &filter, &rows, &f) < 0)
		control_fault(app, req, &f);
	else
		reply_events(app, req, &rows, false, rows.n == (size_t)filter.limit);
}

/* A submitter reads its own events back, not those of others in the group. */
static void keep_own(struct queue_rows *rows, int64_t uid)
{
	size_t i, n = 0;

	for (i = 0; i < rows->n; i++) {
		if (uid != 0 && rows->at[i].uid != uid) {
			queue_row_clear(&rows->at[i]);
			continue;
		}
		if (n != i) {
			rows->at[n] = rows->at[i];
			rows->at[i] = (struct queue_row){ 0 };
		}
		n++;
	}
	rows->n = n;
}

void control_event(struct app *app, struct api_req *req)
{
	const char *id = api_part(req, 2);
	struct queue_rows rows = { 0 };
	struct fault f = { 0 };

	if (queue_by_id(app->store, id, &rows, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	if (api_surface(req) == API_EVENTS)
		keep_own(&rows, api_uid(req));
	if (rows.n == 0)
		api_problem(req, 404,
			"no event with the id %s is known; finished ones are kept for "
			"store.history",
			id);
	else
		reply_events(app, req, &rows, true, false);
}

/* id NULL: all dead ones. */
static void retry(struct app *app, struct api_req *req, const char *id)
{
	const struct audit_who who = audit_who(req, AUDIT_COMMAND);
	struct audit_change change = { .action = AUDIT_RETRY, .detail = id ? id : "all dead" };
	struct fault f = { 0 };
	cJSON *answer;
	int n = 0;

	if (!control_may_write(app, req))
		return;
	if (queue_retry_dead(app->store, id, now_wall_ms(), &n, &f) < 0 ||
		(n == 0 && id && incident_wake(app->store, id, now_wall_ms(), &n, &f) < 0)) {
		control_fault(app, req, &f);
		return;
	}
	if (n == 0 && id) {
		api_problem(req, 409,
			"no event with the id %s is dead, expired, skipped or waiting for its next "
			"try: "
			"nothing to retry (opbridge event %s says where it is)",
			id, id);
		return;
	}
	change.released = n;
	if (n && audit_note(app, &who, &change, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	TURN_SAY(app, LEVEL_INFO, "events retried", F_STR("event", id ? id : "all"),
		F_INT("events", n), F_INT("uid", api_uid(req)));
	answer = json_object();
	json_add_int(answer, "retried", n);
	api_reply(req, 200, answer);
}

void control_event_retry(struct app *app, struct api_req *req)
{
	retry(app, req, api_part(req, 2));
}

void control_retry_all(struct app *app, struct api_req *req)
{
	retry(app, req, NULL);
}

void control_incidents(struct app *app, struct api_req *req)
{
	struct incidents list = { 0 };
	struct fault f = { 0 };
	cJSON *answer, *array;
	int64_t limit = 0;
	size_t i;

	if (control_number(req, "limit", LIST_DEFAULT, 1, LIST_MAX, &limit, &f) < 0 ||
		incident_list(app->store, (int)limit, &list, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	answer = json_object();
	array = json_add_array(answer, "incidents");
	for (i = 0; i < list.n; i++) {
		struct tenant t = { 0 };
		bool known = tenant_get(app->store, list.at[i].tenant, &t, &f) == 0;

		json_push(array, view_incident(&list.at[i], known ? &t : NULL));
		tenant_clear(&t);
	}
	incidents_clear(&list);
	api_reply(req, 200, answer);
}
