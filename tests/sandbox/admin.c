/*
 * admin.c - the admin socket: its routes, and the calls about faults, requests and the whole.
 */
#include "admin.h"
#include "fault.h"
#include "field.h"
#include "http.h"
#include "journal.h"
#include "route.h"
#include "sandbox.h"
#include "text.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct admin {
	struct sandbox *sb;
	struct evhttp *evhttp;
	char *path;
};

static cJSON *health(struct ask *a)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "port", http_port(a->sb->http));
	cJSON_AddNumberToObject(o, "companies", (double)a->sb->companies.n);
	cJSON_AddNumberToObject(o, "tickets", (double)a->sb->tickets.n);
	cJSON_AddNumberToObject(o, "faults", (double)a->sb->faults.n);
	return o;
}

static cJSON *follow_faults(struct ask *a, cJSON *reply)
{
	if (http_follow_faults(a->sb->http) == 0)
		return reply;
	cJSON_Delete(reply);
	return ask_refuse(
		a, 500, "port %d is taken by another program now", http_port(a->sb->http));
}

static cJSON *reset(struct ask *a)
{
	/* or they would be carried out in the new world */
	http_drop_busy(a->sb->http);
	sandbox_reset(a->sb);
	return follow_faults(a, ask_done());
}

static cJSON *fault_list(struct ask *a)
{
	return faults_json(&a->sb->faults);
}

static cJSON *fault_add(struct ask *a)
{
	int number = fault_arm(&a->sb->faults, a->body, a->error, sizeof(a->error));
	cJSON *o;

	if (number == 0) {
		a->status = 400;
		return NULL;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "fault", number);
	return follow_faults(a, o);
}

static cJSON *fault_clear(struct ask *a)
{
	faults_clear(&a->sb->faults);
	return follow_faults(a, ask_done());
}

static cJSON *requests(struct ask *a)
{
	const char *since = evhttp_find_header(&a->params, "since");
	long n = 0;

	if (since && (!text_to_long(since, &n) || n < 0))
		return ask_refuse(a, 400, "since must be a number");
	return journal_requests(a->sb->journal, (uint64_t)n);
}

static cJSON *counts(struct ask *a)
{
	return journal_counts(a->sb->journal);
}

static const struct {
	const char *method, *pattern;
	cJSON *(*handler)(struct ask *);
} routes[] = {
	{ "GET", "", health },
	{ "POST", "reset", reset },
	{ "GET", "fault", fault_list },
	{ "POST", "fault", fault_add },
	{ "DELETE", "fault", fault_clear },
	{ "GET", "requests", requests },
	{ "GET", "counts", counts },
	{ "GET", "config", admin_config_get },
	{ "POST", "config", admin_config_set },
	{ "POST", "role", admin_role_set },
	{ "POST", "member", admin_member_set },
	{ "GET", "boards/{id}/statuses", admin_statuses },
	{ "POST", "boards/{id}/statuses", admin_status_add },
	{ "PATCH", "boards/{id}/statuses/{nid}", admin_status_change },
	{ "DELETE", "boards/{id}/statuses/{nid}", admin_status_remove },
	{ "GET", "companies", admin_companies },
	{ "POST", "companies", admin_company_add },
	{ "PATCH", "companies/{id}", admin_company_change },
	{ "DELETE", "companies/{id}", admin_company_remove },
	{ "POST", "companies/generate", admin_companies_generate },
	{ "GET", "tickets", admin_tickets },
	{ "GET", "tickets/{id}", admin_ticket },
	{ "PATCH", "tickets/{id}", admin_ticket_edit },
	{ "DELETE", "tickets/{id}", admin_ticket_delete },
	{ "POST", "tickets/{id}/undelete", admin_ticket_undelete },
	{ "POST", "tickets/{id}/close", admin_ticket_close },
	{ "POST", "tickets/{id}/reopen", admin_ticket_reopen },
	{ "POST", "tickets/{id}/merge", admin_ticket_merge },
	{ "POST", "tickets/{id}/move", admin_ticket_move },
	{ "POST", "tickets/{id}/notes", admin_ticket_note },
};

/* -- what handlers use --------------------------------------------------------------------- */

cJSON *ask_refuse(struct ask *a, int status, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(a->error, sizeof(a->error), format, ap);
	va_end(ap);
	a->status = status;
	return NULL;
}

bool ask_known(struct ask *a, const char *names)
{
	const cJSON *item;

	cJSON_ArrayForEach(
		item, a->body) if (!field_word_in(names, item->string, strlen(item->string)))
	{
		ask_refuse(a, 400, "%s is not one of %s", item->string, names);
		return false;
	}
	return true;
}

static bool wrong(struct ask *a, const char *name, const char *want)
{
	ask_refuse(a, 400, "%s must be %s", name, want);
	return false;
}

bool ask_int(struct ask *a, const char *name, int *ret)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(a->body, name);

	if (!item)
		return true;
	if (!cJSON_IsNumber(item) || item->valuedouble != item->valueint)
		return wrong(a, name, "a whole number");
	*ret = item->valueint;
	return true;
}

bool ask_bool(struct ask *a, const char *name, bool *ret)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(a->body, name);

	if (!item)
		return true;
	if (!cJSON_IsBool(item))
		return wrong(a, name, "true or false");
	*ret = cJSON_IsTrue(item);
	return true;
}

bool ask_text(struct ask *a, const char *name, const char **ret)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(a->body, name);

	if (!item)
		return true;
	if (!cJSON_IsString(item))
		return wrong(a, name, "a string");
	*ret = item->valuestring;
	return true;
}

cJSON *ask_done(void)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddBoolToObject(o, "ok", true);
	return o;
}

/* -- the socket ---------------------------------------------------------------------------- */

/* takes: json. */
static void respond(struct evhttp_request *req, int status, cJSON *json)
{
	struct evbuffer *out = evbuffer_new();
	char *text = cJSON_PrintUnformatted(json);

	if (!out || !text || evbuffer_add_printf(out, "%s\n", text) < 0)
		abort();
	cJSON_free(text);
	cJSON_Delete(json);
	evhttp_add_header(
		evhttp_request_get_output_headers(req), "Content-Type", "application/json");
	evhttp_send_reply(req, status, status == 200 ? "OK" : "Refused", out);
	evbuffer_free(out);
}

static const char *method_of(struct evhttp_request *req)
{
	switch ((int)evhttp_request_get_command(req)) {
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_PATCH:
		return "PATCH";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	default:
		return "GET";
	}
}

static cJSON *dispatch(struct ask *a, const char *method, const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].method, method) == 0 &&
			route_matches(routes[i].pattern, path, &a->id, &a->sub_id))
			return routes[i].handler(a);
	return ask_refuse(a, 404, "there is no %s /%s", method, path);
}

/* The body as an object. gives: cJSON_Delete. False = it is something else. */
static bool read_body(struct evhttp_request *req, cJSON **ret)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	size_t n = evbuffer_get_length(in);
	char *text = xcalloc(n + 1, 1);

	evbuffer_copyout(in, text, n);
	*ret = n ? cJSON_ParseWithLengthOpts(text, n + 1, NULL, true) : NULL;
	free(text);
	return n == 0 || cJSON_IsObject(*ret);
}

static void on_ask(struct evhttp_request *req, void *arg)
{
	struct admin *admin = arg;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
	const char *path = evhttp_uri_get_path(uri), *query = evhttp_uri_get_query(uri);
	struct ask a = { .sb = admin->sb, .status = 200 };
	cJSON *body = NULL, *reply = NULL;

	TAILQ_INIT(&a.params);
	if (query && evhttp_parse_query_str(query, &a.params))
		TAILQ_INIT(&a.params);
	if (read_body(req, &body)) {
		a.body = body;
		reply = dispatch(&a, method_of(req), path + (*path == '/'));
	} else {
		ask_refuse(&a, 400, "the body is not a JSON object");
	}
	if (!reply) {
		reply = cJSON_CreateObject();
		cJSON_AddStringToObject(reply, "error", a.error);
	}
	respond(req, a.status, reply);
	cJSON_Delete(body);
	evhttp_clear_headers(&a.params);
}

static struct evconnlistener *listen_at(struct event_base *base, const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	struct evconnlistener *l;
	mode_t old;

	if (strlen(path) >= sizeof(sa.sun_path))
		return NULL;
	memcpy(sa.sun_path, path, strlen(path));
	unlink(path);
	old = umask(077);
	l = evconnlistener_new_bind(base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
		-1, (struct sockaddr *)&sa, sizeof(sa));
	umask(old);
	return l;
}

struct admin *admin_new(struct sandbox *sb, const char *path)
{
	struct admin *admin = xcalloc(1, sizeof(*admin));
	struct evconnlistener *l = listen_at(sb->base, path);

	admin->sb = sb;
	if (!l)
		return admin_free(admin);
	admin->path = xstrdup(path);
	admin->evhttp = evhttp_new(sb->base);
	if (!admin->evhttp || !evhttp_bind_listener(admin->evhttp, l))
		abort();
	evhttp_set_allowed_methods(admin->evhttp,
		EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PATCH | EVHTTP_REQ_DELETE);
	evhttp_set_gencb(admin->evhttp, on_ask, admin);
	return admin;
}

struct admin *admin_free(struct admin *admin)
{
	if (!admin)
		return NULL;
	if (admin->evhttp)
		evhttp_free(admin->evhttp);
	if (admin->path)
		unlink(admin->path);
	free(admin->path);
	free(admin);
	return NULL;
}
