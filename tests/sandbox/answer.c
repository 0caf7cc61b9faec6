/*
 * answer.c - when a request is carried out, when it is answered, and how the bytes go out.
 * Faults of content are put on by disguise.c.
 */
#include "answer.h"
#include "call.h"
#include "conn.h"
#include "route.h"
#include "sandbox.h"
#include "text.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>

#define DRIP_MS 100
#define HUGE_MIB 16
#define MIB (1024 * 1024)
#define HUGE_PART (MIB / 4)
#define HUGE_MS 1
#define FLUSH_MS 20

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 204, "No Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 415, "Unsupported Media Type" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
};

static const char *reason_of(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Other";
}

static void add_header(struct call *c, const char *name, const char *value)
{
	if (value)
		evhttp_add_header(evhttp_request_get_output_headers(c->req), name, value);
}

static void add_headers(struct call *c)
{
	char id[GUID_TEXT_MAX];

	guid_make(id);
	add_header(c, "x-cw-request-id", id);
	add_header(c, "api-current-version", API_VERSION);
	add_header(c, "x-server-name", "SANDBOX01");
	add_header(c, "Cache-Control", "no-cache");
	add_header(c, "Content-Type", c->reply.type);
	add_header(c, "Link", c->reply.link);
	add_header(c, "Retry-After", c->reply.retry_after);
	add_header(c, "Location", c->reply.location);
}

/* The whole reply at once; evhttp does the rest. */
static void send_whole(struct call *c)
{
	struct evbuffer *out = evbuffer_new();
	struct evhttp_request *req = c->req;
	int status = c->reply.status;

	if (!out || evbuffer_add(out, c->reply.body, c->reply.len))
		abort();
	add_headers(c);
	call_end(c);
	evhttp_send_reply(req, status, reason_of(status), out);
	evbuffer_free(out);
}

/* The header of a reply whose body, of len bytes, is sent by hand. */
static void send_header(struct call *c, size_t len)
{
	char *text = xprintf("%zu", len);

	add_headers(c);
	add_header(c, "Content-Length", text);
	free(text);
	evhttp_send_reply_start(c->req, c->reply.status, reason_of(c->reply.status));
}

static void send_part(struct call *c, const char *data, size_t len)
{
	struct evbuffer *out = evbuffer_new();

	if (!out || evbuffer_add(out, data, len))
		abort();
	evhttp_send_reply_chunk(c->req, out);
	evbuffer_free(out);
}

static void send_end(struct call *c)
{
	struct evhttp_request *req = c->req;

	call_end(c);
	evhttp_send_reply_end(req);
}

/* -- drip: the body byte by byte ----------------------------------------------------------- */

static void drip(struct call *c)
{
	if (c->reply.len)
		send_part(c, c->reply.body + c->sent++, 1);
	if (c->sent == c->reply.len)
		send_end(c);
	else
		call_later(c, c->fault.delay_ms ? c->fault.delay_ms : DRIP_MS, drip);
}

/* -- huge: a bracket, spaces, a bracket ---------------------------------------------- */

/* Has the peer taken what was made so far? */
static bool drained(const struct call *c)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(c->req);

	return evbuffer_get_length(
		       bufferevent_get_output(evhttp_connection_get_bufferevent(evcon))) == 0;
}

static void send_spaces(struct call *c, size_t whole)
{
	size_t part = whole - c->sent < HUGE_PART ? whole - c->sent : HUGE_PART;
	char *data = xcalloc(part, 1);

	memset(data, ' ', part);
	if (c->sent == 0)
		data[0] = '[';
	c->sent += part;
	if (c->sent == whole)
		data[part - 1] = ']';
	send_part(c, data, part);
	free(data);
}

static void huge(struct call *c)
{
	size_t whole = (size_t)(c->fault.mib ? c->fault.mib : HUGE_MIB) * MIB;

	if (drained(c))
		send_spaces(c, whole);
	if (c->sent == whole)
		send_end(c);
	else
		call_later(c, HUGE_MS, huge);
}

static void huge_begin(struct call *c)
{
	send_header(c, (size_t)(c->fault.mib ? c->fault.mib : HUGE_MIB) * MIB);
	call_later(c, 0, huge);
}

/* -- dropped connections ------------------------------------------------------------------- */

static void drop(struct call *c)
{
	conn_drop(c, c->fault.close_notify ? DROP_CLEAN : DROP_SILENT);
}

/* Half the body that was promised. */
static void truncate_reply(struct call *c)
{
	send_header(c, c->reply.len);
	send_part(c, c->reply.body, c->reply.len / 2);
	call_later(c, FLUSH_MS, drop);
}

static void close_later(struct call *c)
{
	conn_doom(c, c->fault.delay_ms);
	send_whole(c);
}

/* ------------------------------------------------------------------------------------------ */

static void send_as_armed(struct call *c)
{
	switch (c->fault.kind) {
	case FAULT_DRIP:
		send_header(c, c->reply.len);
		drip(c);
		return;
	case FAULT_HUGE:
		huge_begin(c);
		return;
	case FAULT_TRUNCATED:
		truncate_reply(c);
		return;
	case FAULT_CLOSE_IDLE:
		close_later(c);
		return;
	case FAULT_NONE:
	case FAULT_STATUS:
	case FAULT_RATE_LIMIT:
	case FAULT_HANG:
	case FAULT_DELAY:
	case FAULT_DROP_BEFORE_COMMIT:
	case FAULT_DROP_AFTER_COMMIT:
	case FAULT_RESET_AFTER_COMMIT:
	case FAULT_REPLY_500_AFTER_COMMIT:
	case FAULT_BAD_JSON:
	case FAULT_EMPTY_201:
	case FAULT_WRONG_TYPES:
	case FAULT_HTML:
	case FAULT_REDIRECT:
	case FAULT_FALSE_200:
	case FAULT_NO_LINK:
	case FAULT_SHUT:
	case FAULT_CERT_BAD_HOST:
	case FAULT_CERT_EXPIRED:
	case FAULT_CERT_UNKNOWN_CA:
		send_whole(c);
		return;
	}
	abort();
}

static void finish(struct call *c)
{
	enum fault_kind kind = c->fault.kind;

	if (c->fault.commit && !c->done)
		route_perform(c);
	if (kind == FAULT_HANG)
		return;
	if (kind == FAULT_DROP_BEFORE_COMMIT || kind == FAULT_DROP_AFTER_COMMIT) {
		drop(c);
	} else if (kind == FAULT_RESET_AFTER_COMMIT) {
		conn_drop(c, DROP_RESET);
	} else {
		disguise(c);
		send_as_armed(c);
	}
}

/* How long the client waits for the first byte. */
static int wait_ms(const struct call *c)
{
	bool other_use = c->fault.kind == FAULT_DRIP || c->fault.kind == FAULT_CLOSE_IDLE;

	return c->sb->settings.latency_ms + (other_use ? 0 : c->fault.delay_ms);
}

void answer_begin(struct call *c)
{
	int ms = wait_ms(c);

	if (conn_doomed(c)) {
		conn_drop(c, DROP_CLEAN);
		return;
	}
	if (c->fault.commit && !c->fault.late)
		route_perform(c);
	if (ms)
		call_later(c, ms, finish);
	else
		finish(c);
}
