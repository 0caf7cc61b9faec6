/*
 * http.c - the HTTPS listener: evhttp over TLS, opened and shut as faults demand.
 */
#include "http.h"
#include "answer.h"
#include "call.h"
#include "conn.h"
#include "sandbox.h"
#include "text.h"
#include "tls.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdlib.h>

#define HEADERS_MAX (64 * 1024)
#define BODY_MAX (8 * 1024 * 1024)

struct http {
	struct sandbox *sb;
	struct conns *conns;
	struct evhttp *evhttp;
	struct evhttp_bound_socket *bound; /* NULL: shut */
	enum fault_kind cert;
	int port;
};

static struct bufferevent *on_accept(struct event_base *base, void *arg)
{
	struct http *h = arg;

	return tls_accept(h->sb->tls, base, h->cert);
}

static void on_request(struct evhttp_request *req, void *arg)
{
	struct http *h = arg;
	struct call *c = call_begin(h->conns, req);

	if (!conn_doomed(c))
		fault_match(&h->sb->faults, c);
	else
		c->fault.kind = FAULT_CLOSE_IDLE;
	journal_begin(h->sb->journal, c);
	/* not from here: whatever happens to the connection must happen outside evhttp's own calls
	 */
	call_later(c, 0, answer_begin);
}

static int listen_on(struct http *h, int port)
{
	struct sockaddr_in sa;
	ev_socklen_t len = sizeof(sa);

	h->bound = evhttp_bind_socket_with_handle(h->evhttp, "127.0.0.1", (ev_uint16_t)port);
	if (!h->bound ||
		getsockname(evhttp_bound_socket_get_fd(h->bound), (struct sockaddr *)&sa, &len))
		return -1;
	h->port = ntohs(sa.sin_port);
	return 0;
}

struct http *http_new(struct sandbox *sb, int port)
{
	struct http *h = xcalloc(1, sizeof(*h));

	h->sb = sb;
	h->conns = conns_new(sb);
	h->evhttp = evhttp_new(sb->base);
	if (!h->evhttp || listen_on(h, port))
		return http_free(h);
	evhttp_set_bevcb(h->evhttp, on_accept, h);
	evhttp_set_gencb(h->evhttp, on_request, h);
	evhttp_set_max_headers_size(h->evhttp, HEADERS_MAX);
	evhttp_set_max_body_size(h->evhttp, BODY_MAX);
	evhttp_set_allowed_methods(h->evhttp,
		EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
			EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH);
	return h;
}

struct http *http_free(struct http *h)
{
	if (!h)
		return NULL;
	if (h->evhttp)
		evhttp_free(h->evhttp);
	conns_free(h->conns);
	free(h);
	return NULL;
}

int http_port(const struct http *h)
{
	return h->port;
}

void http_drop_busy(struct http *h)
{
	conns_drop_busy(h->conns);
}

int http_follow_faults(struct http *h)
{
	enum fault_kind cert = fault_of_listener(&h->sb->faults);
	bool shut = faults_shut(&h->sb->faults);

	if (!fault_holds(&h->sb->faults, FAULT_HANG))
		conns_drop_hanging(h->conns);
	if (cert != h->cert)
		conns_drop_idle(h->conns);
	h->cert = cert;
	if (shut && h->bound) {
		evhttp_del_accept_socket(h->evhttp, h->bound);
		h->bound = NULL;
		conns_drop_all(h->conns);
	}
	return shut || h->bound ? 0 : listen_on(h, h->port);
}
