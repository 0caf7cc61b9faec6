#include "app/intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/event.h"
#include "core/identity.h"
#include "io/journal.h"
#include "io/store_event.h"
#include "io/store_incident.h"
#include "io/store_tenant.h"
#include "opbridge.h"

#define BUSY_SECONDS 5
#define TOKENS_PER_EVENT 600 /* keys and values; entities and unknown members included */

/* One request's worth of events. */
struct batch {
	struct app *app;
	int64_t now, uid;
	int accepted, duplicates, rejected, index;
	cJSON *results;
	bool failed; /* the store failed: the turn will be undone */
};

/* ==== one event ==== */

static cJSON *add_result(struct batch *b, const char *id, const char *result)
{
	cJSON *node = json_object();

	json_add_int(node, "index", b->index);
	if (id)
		json_add_str(node, "id", id);
	else
		json_add_null(node, "id");
	json_add_str(node, "result", result);
	json_push(b->results, node);
	return node;
}

static void reject(struct batch *b, const char *id, const char *why)
{
	json_add_str(add_result(b, id, "rejected"), "why", why);
	b->rejected++;
}

static void say_unmapped(struct store *st, const struct tenant *t, char *ret_why, size_t size)
{
	CLEANUP(mem_free) char *others = NULL;

	if (t->shared && tenant_sharing(st, t, &others, NULL) == 0)
		snprintf(ret_why, size,
			"the domain %s is that of several tenants: %s; map #%" PRId64
			", which stands for events that name only the domain",
			t->domain, others, t->row);
	else
		snprintf(ret_why, size, "tenant %s is not mapped to a company",
			t->domain ? t->domain : t->guid);
}

/* Where it goes now; decided again at delivery. */
static enum queue_state first_state(
	struct store *st, const struct tenant *t, char *ret_why, size_t size)
{
	const char *label = t->domain ? t->domain : t->guid;

	if (!t->flow) {
		snprintf(ret_why, size, "flow of tenant %s is off", label);
		return QUEUE_SKIPPED;
	}
	if (!t->company) {
		say_unmapped(st, t, ret_why, size);
		return QUEUE_HELD;
	}
	if (!t->company_known || t->company_gone) {
		snprintf(ret_why, size, "company %" PRId64 " of tenant %s is gone from ConnectWise",
			t->company, label);
		return QUEUE_HELD;
	}
	if (t->company_inactive) {
		snprintf(ret_why, size, "company %" PRId64 " of tenant %s is %s in ConnectWise",
			t->company, label, t->company_status ? t->company_status : "inactive");
		return QUEUE_HELD;
	}
	*ret_why = '\0';
	return QUEUE_QUEUED;
}

static void report(struct batch *b, const struct op_event *ev, const struct tenant *t,
	const struct queue_row *row, bool duplicate, const char *why)
{
	cJSON *node = add_result(b, ev->id, duplicate ? "duplicate" : "accepted");

	json_add_str(node, "state", queue_state_name(row->state));
	json_add_int(node, "incident", row->incident);
	if (row->version > 1)
		json_add_int(node, "version", row->version);
	if (row->ticket)
		json_add_int(node, "ticket", row->ticket);
	if (!duplicate && *why)
		json_add_str(node, "why", why);
	if (duplicate) {
		b->duplicates++;
		return;
	}
	b->accepted++;
	if (row->state == QUEUE_QUEUED)
		return;
	TURN_SAY(b->app, row->state == QUEUE_HELD ? LEVEL_WARN : LEVEL_INFO,
		row->state != QUEUE_HELD ? "event skipped"
			: t->company     ? "event held: company gone or inactive"
					 : MSG_HELD_UNMAPPED,
		F_STR("event", ev->id), F_STR("type", ev->type),
		F_STR("tenant", t->domain ? t->domain : t->guid), F_INT("incident", row->incident),
		F_STR("why", why));
}

static int put(
	struct batch *b, const struct op_event *ev, const struct tenant *t, struct fault *reterr)
{
	struct queue_row row = { 0 };
	struct identity identity = { 0 };
	char tenant_key[24], why[OPB_DOMAIN_MAX + 1024];
	CLEANUP(mem_free) char *text = op_event_text(ev);
	struct queue_new new = { .tenant = t->row,
		.uid = b->uid,
		.accepted_at = b->now,
		.event_id = ev->id,
		.type = ev->type,
		.event_state = event_state_name(ev->state),
		.title = ev->title,
		.text = text,
		.why = why };
	bool duplicate = false;
	int r;

	snprintf(tenant_key, sizeof(tenant_key), "%" PRId64, t->row);
	identity_of(ev, tenant_key, &b->app->conf->types, &identity);
	r = incident_of(b->app->store, t->row, identity.hash, ev->type, identity.label, b->now,
		&new.incident, reterr);
	identity_clear(&identity);
	if (r < 0)
		return r;
	new.state = first_state(b->app->store, t, why, sizeof(why));
	r = queue_put(b->app->store, &new, &duplicate, &row, reterr);
	if (r == 0)
		report(b, ev, t, &row, duplicate, why);
	queue_row_clear(&row);
	return r;
}

static void take(struct batch *b, const struct op_event *ev)
{
	struct tenant t = { 0 };
	struct fault f = { 0 };
	int r;

	r = tenant_of(
		b->app->store, ev->tenant_id, ev->tenant_domain, ev->tenant_name, b->now, &t, &f);
	if (r == 0)
		r = put(b, ev, &t, &f);
	tenant_clear(&t);
	if (r < 0) {
		turn_fail(b->app, &f);
		b->failed = true;
	}
}

static void take_parsed(
	struct batch *b, const char *id, int r, struct op_event *ev, const struct fault *f)
{
	if (r < 0 || !ev)
		reject(b, id, f->text);
	else
		take(b, ev);
	op_event_free(ev);
	b->index++;
}

/* The id of what was refused, if it can be repeated. */
static const char *usable_id(const cJSON *node)
{
	const char *id = json_str(node, "id");

	return id && strlen(id) <= OPB_ID_MAX ? id : NULL;
}

static void take_node(struct batch *b, const cJSON *node)
{
	CLEANUP(mem_free) char *text = json_text(node);
	struct op_event *ev = NULL;
	struct fault f = { 0 };
	int r;

	if ((int64_t)strlen(text) > b->app->conf->intake.event_max)
		r = fault_set(&f, FAULT_TOO_LARGE,
			"the event has %zu bytes, at most %" PRId64 " are taken (intake.event_max)",
			strlen(text), b->app->conf->intake.event_max);
	else
		r = op_event_parse(node, b->now, &ev, &f);
	take_parsed(b, usable_id(node), r, ev, &f);
}

static void take_cloudevent(struct batch *b, const cJSON *node)
{
	CLEANUP(json_free) cJSON *inner = NULL;
	struct fault f = { 0 };

	if (cloudevent_unwrap(node, &inner, &f) < 0) {
		reject(b, usable_id(node), f.text);
		b->index++;
		return;
	}
	take_node(b, inner);
}

/* ==== the body ==== */

static bool too_many(struct app *app, struct api_req *req, size_t n)
{
	if ((int64_t)n <= app->conf->intake.batch_max)
		return false;
	api_problem(req, 413,
		"%zu events in one request, at most %d are taken (intake.batch_max); send smaller "
		"batches",
		n, app->conf->intake.batch_max);
	return true;
}

/* One value or an array of them. False: answered already. */
static bool take_json(struct batch *b, struct api_req *req, bool cloud, bool must_be_array)
{
	struct json_limits limits = { .max_bytes = (size_t)b->app->conf->intake.body_max,
		.max_depth = OPB_DEPTH_MAX + 2,
		.max_tokens = TOKENS_PER_EVENT * b->app->conf->intake.batch_max };
	CLEANUP(json_free) cJSON *root = NULL;
	struct fault f = { 0 };
	const cJSON *item;
	size_t n;
	const char *body = api_body(req, &n);

	if (json_parse(body, n, &limits, &root, &f) < 0) {
		api_problem(req, f.code == FAULT_TOO_LARGE ? 413 : 400,
			"the body is not acceptable JSON: %s; nothing was taken", f.text);
		return false;
	}
	if (!cJSON_IsArray(root)) {
		if (must_be_array) {
			api_problem(req, 400, "a CloudEvents batch is a JSON array");
			return false;
		}
		cloud ? take_cloudevent(b, root) : take_node(b, root);
		return true;
	}
	if (too_many(b->app, req, (size_t)cJSON_GetArraySize(root)))
		return false;
	cJSON_ArrayForEach(item, root)
	{
		if (b->failed)
			break;
		cloud ? take_cloudevent(b, item) : take_node(b, item);
	}
	return true;
}

/* Length without blanks at its end: what is empty then is no line. */
static size_t line_length(const char *line, size_t n)
{
	while (n && (line[n - 1] == '\r' || line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	return n;
}

static size_t count_lines(const char *body, size_t n)
{
	size_t lines = 0, at = 0;

	while (at < n) {
		const char *end = memchr(body + at, '\n', n - at);
		size_t len = end ? (size_t)(end - body) - at : n - at;

		lines += line_length(body + at, len) > 0;
		at += len + 1;
	}
	return lines;
}

static bool take_lines(struct batch *b, struct api_req *req)
{
	size_t n, at = 0;
	const char *body = api_body(req, &n);

	if (too_many(b->app, req, count_lines(body, n)))
		return false;
	while (at < n && !b->failed) {
		const char *end = memchr(body + at, '\n', n - at);
		size_t len = end ? (size_t)(end - body) - at : n - at;
		size_t used = line_length(body + at, len);
		struct op_event *ev = NULL;
		struct fault f = { 0 };
		int r;

		if (used) {
			r = op_event_parse_text(body + at, used,
				(size_t)b->app->conf->intake.event_max, b->now, &ev, &f);
			take_parsed(b, NULL, r, ev, &f);
		}
		at += len + 1;
	}
	return true;
}

static bool take_body(struct batch *b, struct api_req *req)
{
	const char *type = api_content_type(req);

	if (!*type || str_eq(type, "application/json") ||
		str_eq(type, "application/x-www-form-urlencoded")) /* curl -d says so by itself */
		return take_json(b, req, false, false);
	if (str_eq(type, "application/x-ndjson"))
		return take_lines(b, req);
	if (str_eq(type, "application/cloudevents+json"))
		return take_json(b, req, true, false);
	if (str_eq(type, "application/cloudevents-batch+json"))
		return take_json(b, req, true, true);
	api_problem(req, 415,
		"content type %.100s is not known; use application/json, application/x-ndjson, "
		"application/cloudevents+json or application/cloudevents-batch+json",
		type);
	return false;
}

/* ==== the request ==== */

static bool may_take(struct app *app, struct api_req *req)
{
	struct fault f = { 0 };
	const char *why;

	if (app->stop_by) {
		api_problem(req, 503, "the daemon is stopping; nothing was taken, send it again");
	} else if (!turn_may_write(app, &why)) {
		api_problem(req, 503,
			"the queue cannot be written: %s; nothing was taken, send it again", why);
	} else if (store_room(app->store, &f) < 0) {
		api_problem(req, 503, "%s; nothing was taken, send it again", f.text);
		if (!app->delivery.told_full)
			log_error("queue is full: new events are refused", F_STR("why", f.text));
		app->delivery.told_full = true;
	} else {
		if (app->delivery.told_full)
			log_info("queue has room again");
		app->delivery.told_full = false;
		return true;
	}
	api_retry_after(req, BUSY_SECONDS);
	return false;
}

static int status_of(const struct batch *b)
{
	return b->rejected && !b->accepted && !b->duplicates ? 400 : 202;
}

void intake_post(struct app *app, struct api_req *req)
{
	struct batch b = { .app = app, .now = now_wall_ms(), .uid = api_uid(req) };
	cJSON *answer;

	if (!may_take(app, req))
		return;
	answer = json_object();
	b.results = json_array();
	if (!take_body(&b, req)) {
		json_free(b.results);
		json_free(answer);
		return;
	}
	json_add_int(answer, "accepted", b.accepted);
	json_add_int(answer, "duplicates", b.duplicates);
	json_add_int(answer, "rejected", b.rejected);
	json_add_node(answer, "results", b.results);
	if (b.index == 0) {
		json_free(answer);
		api_problem(req, 400, "the body holds no event");
		return;
	}
	api_reply(req, status_of(&b), answer);
	TURN_SAY(app, b.rejected ? LEVEL_WARN : LEVEL_INFO, "events received", F_INT("uid", b.uid),
		F_INT("accepted", b.accepted), F_INT("duplicates", b.duplicates),
		F_INT("rejected", b.rejected));
}
