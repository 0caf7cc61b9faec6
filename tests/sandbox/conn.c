/*
 * conn.c - the list of connections, and the lives of calls.
 */
#include "conn.h"
#include "auth.h"
#include "call.h"
#include "journal.h"
#include "route.h"
#include "sandbox.h"
#include "text.h"
#include "tls.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

struct conn {
	struct conns *all;
	struct conn *next, *prev;
	struct evhttp_connection *evcon; /* owned by evhttp */
	struct event *end; /* closes it when idle; NULL until doomed */
	struct call *call; /* under way, or NULL */
	bool doomed;
};

struct conns {
	struct sandbox *sb;
	struct conn *first;
};

static const struct {
	enum evhttp_cmd_type type;
	const char *word;
} methods[] = {
	{ EVHTTP_REQ_GET, "GET" },
	{ EVHTTP_REQ_POST, "POST" },
	{ EVHTTP_REQ_HEAD, "HEAD" },
	{ EVHTTP_REQ_PUT, "PUT" },
	{ EVHTTP_REQ_DELETE, "DELETE" },
	{ EVHTTP_REQ_OPTIONS, "OPTIONS" },
	{ EVHTTP_REQ_PATCH, "PATCH" },
};

struct conns *conns_new(struct sandbox *sb)
{
	struct conns *all = xcalloc(1, sizeof(*all));

	all->sb = sb;
	return all;
}

struct conns *conns_free(struct conns *all)
{
	free(all);
	return NULL;
}

static void call_free(struct call *c)
{
	event_free(c->timer);
	free(c->uri);
	free(c->path);
	free(c->codebase);
	free(c->query);
	free(c->body);
	evhttp_clear_headers(&c->params);
	fault_free(&c->fault);
	reply_free(&c->reply);
	free(c);
}

void call_end(struct call *c)
{
	journal_end(c->sb->journal, c);
	c->conn->call = NULL;
	call_free(c);
}

/* evhttp is about to free the connection. */
static void on_close(struct evhttp_connection *evcon, void *arg)
{
	struct conn *conn = arg;
	struct call *c = conn->call;

	(void)evcon;
	if (c) {
		/* evhttp leaves a request without a connection to whoever was to answer it */
		if (!evhttp_request_get_connection(c->req))
			evhttp_request_free(c->req);
		c->reply.status = 0;
		call_end(c);
	}
	if (conn->end)
		event_free(conn->end);
	if (conn->prev)
		conn->prev->next = conn->next;
	else
		conn->all->first = conn->next;
	if (conn->next)
		conn->next->prev = conn->prev;
	free(conn);
}

/* Replies go out in two writes; without this the second waits for the peer's delayed ACK. */
static void no_delay(struct bufferevent *bev)
{
	int on = 1;

	setsockopt(bufferevent_getfd(bev), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static struct conn *conn_of(struct conns *all, struct evhttp_connection *evcon)
{
	struct conn *conn = all->first;

	while (conn && conn->evcon != evcon)
		conn = conn->next;
	if (conn)
		return conn;
	conn = xcalloc(1, sizeof(*conn));
	conn->all = all;
	conn->evcon = evcon;
	no_delay(evhttp_connection_get_bufferevent(evcon));
	conn->next = all->first;
	if (conn->next)
		conn->next->prev = conn;
	all->first = conn;
	evhttp_connection_set_closecb(evcon, on_close, conn);
	return conn;
}

static void close_conn(struct conn *conn, enum drop how)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(conn->evcon);
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	if (how == DROP_CLEAN)
		tls_close_notify(bev);
	/* dissolving a TCP connection this way sends a reset at once */
	if (how == DROP_RESET && connect(bufferevent_getfd(bev), &none, sizeof(none)))
		abort();
	evhttp_connection_free(conn->evcon);
}

static const char *method_word(enum evhttp_cmd_type type)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (methods[i].type == type)
			return methods[i].word;
	return "OTHER";
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct call *c = arg;

	(void)fd;
	(void)what;
	c->next(c);
}

static char *body_of(struct evhttp_request *req, size_t *ret_len)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	size_t n = evbuffer_get_length(in);
	char *body = xcalloc(n + 1, 1);

	evbuffer_copyout(in, body, n);
	*ret_len = n;
	return body;
}

struct call *call_begin(struct conns *all, struct evhttp_request *req)
{
	struct conn *conn = conn_of(all, evhttp_request_get_connection(req));
	struct call *c = xcalloc(1, sizeof(*c));

	c->sb = all->sb;
	c->conn = conn;
	c->req = req;
	c->timer = event_new(all->sb->base, -1, 0, on_timer, c);
	if (!c->timer)
		abort();
	c->began = time_mono();
	c->method = method_word(evhttp_request_get_command(req));
	c->uri = xstrdup(evhttp_request_get_uri(req));
	c->body = body_of(req, &c->body_len);
	TAILQ_INIT(&c->params);
	route_find(c);
	c->auth_ok = auth_good(c);
	c->fault.commit = true;
	conn->call = c;
	return c;
}

static struct timeval after_ms(int ms)
{
	return (struct timeval){ .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
}

void call_later(struct call *c, int ms, void (*next)(struct call *))
{
	struct timeval tv = after_ms(ms);

	c->next = next;
	evtimer_add(c->timer, &tv);
}

void conn_drop(struct call *c, enum drop how)
{
	close_conn(c->conn, how);
}

static void on_end(evutil_socket_t fd, short what, void *arg)
{
	struct conn *conn = arg;

	(void)fd;
	(void)what;
	close_conn(conn, DROP_CLEAN);
}

void conn_doom(struct call *c, int ms)
{
	struct timeval tv = after_ms(ms);

	c->conn->doomed = true;
	if (ms == 0 || c->conn->end)
		return;
	c->conn->end = evtimer_new(c->sb->base, on_end, c->conn);
	if (!c->conn->end || evtimer_add(c->conn->end, &tv))
		abort();
}

bool conn_doomed(const struct call *c)
{
	return c->conn->doomed;
}

static void drop_where(struct conns *all, bool (*which)(const struct conn *))
{
	struct conn *next;

	for (struct conn *conn = all->first; conn; conn = next) {
		next = conn->next;
		if (which(conn))
			close_conn(conn, DROP_CLEAN);
	}
}

static bool hangs(const struct conn *conn)
{
	return conn->call && conn->call->fault.kind == FAULT_HANG;
}

static bool idles(const struct conn *conn)
{
	return !conn->call;
}

static bool busy(const struct conn *conn)
{
	return conn->call;
}

static bool any(const struct conn *conn)
{
	(void)conn;
	return true;
}

void conns_drop_hanging(struct conns *all)
{
	drop_where(all, hangs);
}

void conns_drop_busy(struct conns *all)
{
	drop_where(all, busy);
}

void conns_drop_idle(struct conns *all)
{
	drop_where(all, idles);
}

void conns_drop_all(struct conns *all)
{
	drop_where(all, any);
}
