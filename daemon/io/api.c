/* Requests and replies of the local server. */
#include "io/api_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <event2/buffer.h>
#include "base/mem.h"
#include "base/str.h"

int api_new(struct event_base *base, const struct api_limits *limits, api_handler *handler,
	void *arg, struct api **ret, struct fault *reterr)
{
	struct api *api;

	if (limits->connections < 2)
		return fault_set(reterr, FAULT_CONFIG, "intake.connections must be at least 2");
	api = xcalloc(1, sizeof(*api));
	api->base = base;
	api->limits = *limits;
	api->handler = handler;
	api->arg = arg;
	*ret = api;
	return 0;
}

static void req_free(struct api_req *req)
{
	int i;

	for (i = 0; i < API_PARTS_MAX; i++)
		mem_free(req->parts[i]);
	if (req->has_query)
		evhttp_clear_headers(&req->query);
	mem_free(req->path);
	mem_free(req->content_type);
	mem_free(req->reply);
	free(req);
}

void api_free(struct api *api)
{
	struct api_req *req;
	struct door *door;

	if (!api)
		return;
	api_refuse_unsent(api, "the daemon is stopping");
	while ((door = api->doors)) {
		api->doors = door->next;
		door_free(door);
	}
	while ((req = api->reqs)) {
		api->reqs = req->next;
		req_free(req);
	}
	free(api);
}

void api_set_limits(struct api *api, const struct api_limits *limits)
{
	struct door *door;

	api->limits = *limits;
	for (door = api->doors; door; door = door->next)
		door_limit(door);
}

/* ==== a request comes in ==== */

static int64_t peer_uid(int fd)
{
	struct ucred cred;
	socklen_t n = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) < 0 || cred.uid == (uid_t)-1)
		return -1;
	return (int64_t)cred.uid;
}

static int fd_of(struct evhttp_request *http)
{
	struct evhttp_connection *conn = evhttp_request_get_connection(http);

	return conn ? bufferevent_getfd(evhttp_connection_get_bufferevent(conn)) : -1;
}

/* Text of a part of the path; U+FFFD if it holds what no name of ours can. gives: mem_free */
static char *decode(const char *from, size_t n)
{
	CLEANUP(mem_free) char *copy = xstrndup(from, n);
	size_t len = 0;
	char *raw = evhttp_uridecode(copy, 0, &len), *text = NULL;

	if (!raw)
		abort(); /* no memory: not a path that names nothing */
	/* such a part names nothing, but it must not look like the end of the path */
	text = xstrdup(strlen(raw) == len && utf8_valid(raw, len) ? raw : "\xEF\xBF\xBD");
	free(raw);
	return text;
}

static void split_path(struct api_req *req)
{
	const char *at = req->path;
	int n = 0;

	while (*at && n < API_PARTS_MAX) {
		size_t len;

		at += strspn(at, "/");
		len = strcspn(at, "/");
		if (len)
			req->parts[n++] = decode(at, len);
		at += len;
	}
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* Each piece is NAME=VALUE, and each % begins an encoded byte other than NUL. libevent passes over
 * what is not so, and a filter that is passed over lists everything. */
static bool well_formed(const char *query)
{
	const char *at = query, *c;

	for (c = query; *c; c++)
		if (*c == '%' && (!is_hex(c[1]) || !is_hex(c[2]) || (c[1] == '0' && c[2] == '0')))
			return false;
	while (*at) {
		size_t n = strcspn(at, "&");

		if (n < 2 || at[0] == '=' || !memchr(at, '=', n))
			return false;
		at += n;
		if (*at == '&' && !*++at)
			return false;
	}
	return true;
}

static bool said_twice(const struct evkeyvalq *query, const struct evkeyval *value)
{
	const struct evkeyval *other;

	for (other = query->tqh_first; other != value; other = other->next.tqe_next)
		if (str_eq_nocase(other->key, value->key))
			return true;
	return false;
}

static void read_query(struct api_req *req, const char *query)
{
	const struct evkeyval *value;

	if (!query || !*query)
		return;
	req->has_query = well_formed(query) && evhttp_parse_query_str(query, &req->query) == 0;
	req->bad_query = !req->has_query;
	for (value = req->has_query ? req->query.tqh_first : NULL; value;
		value = value->next.tqe_next)
		if (!utf8_valid(value->value, strlen(value->value)) ||
			said_twice(&req->query, value))
			req->bad_query = true;
}

static char *plain_content_type(struct evhttp_request *http)
{
	const char *given =
		evhttp_find_header(evhttp_request_get_input_headers(http), "Content-Type");
	char *text = given ? xstrndup(given, strcspn(given, ";")) : xstrdup("");

	str_trim(text);
	str_lower_ascii(text);
	return text;
}

static struct api_req *req_new(struct door *door, struct evhttp_request *http)
{
	struct api_req *req = xcalloc(1, sizeof(*req));
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(http);
	const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
	const char *query = uri ? evhttp_uri_get_query(uri) : NULL;
	struct evbuffer *in = evhttp_request_get_input_buffer(http);

	req->door = door;
	req->http = http;
	req->path = xstrdup(path ? path : "");
	split_path(req);
	read_query(req, query);
	req->content_type = plain_content_type(http);
	req->body_len = evbuffer_get_length(in);
	req->body = req->body_len ? (const char *)evbuffer_pullup(in, -1) : "";
	req->uid = door->surface == API_METRICS ? -1 : peer_uid(fd_of(http));
	req->next = door->api->reqs;
	door->api->reqs = req;
	return req;
}

void api_on_request(struct evhttp_request *http, void *arg)
{
	struct door *door = arg;
	struct api *api = door->api;
	struct api_req *req = req_new(door, http);

	if ((int64_t)req->body_len > api->limits.body_max)
		api_problem(req, 413,
			"the request body has %zu bytes, at most %lld are taken (intake.body_max); "
			"send "
			"the events in smaller batches",
			req->body_len, (long long)api->limits.body_max);
	else if (req->bad_query)
		api_problem(req, 400,
			"the query of the address is malformed: it is NAME=VALUE, further ones "
			"after "
			"&, each name once, with what is not a letter or digit as %%XX in UTF-8");
	else
		api->handler(api->arg, req);
	if (!req->status)
		abort(); /* a handler that does not answer is a bug */
}

enum api_method api_method(const struct api_req *req)
{
	switch (evhttp_request_get_command(req->http)) {
	case EVHTTP_REQ_GET:
	case EVHTTP_REQ_HEAD:
		return API_GET;
	case EVHTTP_REQ_POST:
		return API_POST;
	case EVHTTP_REQ_PUT:
		return API_PUT;
	case EVHTTP_REQ_DELETE:
		return API_DELETE;
	default: /* evhttp's list is open */
		return API_OTHER;
	}
}

enum api_surface api_surface(const struct api_req *req)
{
	return req->door->surface;
}

const char *api_path(const struct api_req *req)
{
	return req->path;
}

const char *api_part(const struct api_req *req, int n)
{
	return n >= 0 && n < API_PARTS_MAX ? req->parts[n] : NULL;
}

const char *api_query(const struct api_req *req, const char *name)
{
	const char *value = req->has_query ? evhttp_find_header(&req->query, name) : NULL;

	return value;
}

const char *api_content_type(const struct api_req *req)
{
	return req->content_type;
}

const char *api_body(const struct api_req *req, size_t *ret_n)
{
	*ret_n = req->body_len;
	return req->body;
}

int64_t api_uid(const struct api_req *req)
{
	return req->uid;
}

/* ==== the reply ==== */

static void note_reply(struct api_req *req, int status, const char *type, char *text)
{
	mem_free(req->reply);
	req->status = status;
	req->reply_type = type;
	req->reply = text;
}

void api_reply(struct api_req *req, int status, cJSON *body)
{
	note_reply(req, status, "application/json", json_text(body));
	json_free(body);
}

void api_reply_text(struct api_req *req, int status, const char *content_type, const char *text)
{
	note_reply(req, status, content_type, xstrdup(text));
}

static const char *title_of(int status)
{
	static const struct {
		int status;
		const char *title;
	} titles[] = {
		{ 200, "OK" },
		{ 202, "Accepted" },
		{ 400, "Bad Request" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Error";
}

static char *problem_text(int status, const char *detail)
{
	cJSON *body = json_object();
	char *text;

	json_add_str(body, "type", "about:blank");
	json_add_str(body, "title", title_of(status));
	json_add_int(body, "status", status);
	json_add_str(body, "detail", detail);
	text = json_text(body);
	json_free(body);
	return text;
}

void api_problem(struct api_req *req, int status, const char *fmt, ...)
{
	char detail[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	if (!utf8_valid(detail, strlen(detail))) /* cut inside a character, or a client's bytes */
		for (char *at = detail; *at; at++)
			if ((unsigned char)*at >= 0x80)
				*at = '?';
	note_reply(req, status, "application/problem+json", problem_text(status, detail));
}

void api_retry_after(struct api_req *req, int seconds)
{
	req->retry_after = seconds;
}

static void send_reply(struct api_req *req)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req->http);
	struct evbuffer *out = evhttp_request_get_output_buffer(req->http);
	char seconds[16], length[24];
	int fd = fd_of(req->http);

	evhttp_add_header(headers, "Content-Type", req->reply_type);
	if (req->retry_after) {
		snprintf(seconds, sizeof(seconds), "%d", req->retry_after);
		evhttp_add_header(headers, "Retry-After", seconds);
	}
	if (evhttp_request_get_command(req->http) == EVHTTP_REQ_HEAD) {
		snprintf(length, sizeof(length), "%zu", strlen(req->reply));
		evhttp_add_header(headers, "Content-Length", length);
	} else if (evbuffer_add(out, req->reply, strlen(req->reply)) < 0) {
		abort();
	}
	if (fd >= 0)
		door_served(req->door, fd);
	evhttp_send_reply(req->http, req->status, title_of(req->status), NULL);
}

void api_release(struct api *api)
{
	struct api_req *req;

	while ((req = api->reqs)) {
		api->reqs = req->next;
		send_reply(req);
		req_free(req);
	}
}

void api_refuse_unsent(struct api *api, const char *why)
{
	struct api_req *req;

	for (req = api->reqs; req; req = req->next) {
		api_problem(req, 503, "%s; nothing was taken, send it again", why);
		api_retry_after(req, 5);
	}
	api_release(api);
}
