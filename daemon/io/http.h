/* HTTPS requests through libcurl, on the loop by io/wire.c. Knows nothing of ConnectWise. libcurl's
 * callbacks only note facts; results are handed out by http_drain.
 *
 * A POST or PATCH goes out on a fresh connection and its body cannot be rewound, because libcurl
 * would otherwise repeat it by itself when a kept-alive connection dies before the first byte of
 * the reply, and the server would see it twice. */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include <stdbool.h>
#include <stdint.h>
#include <event2/event.h>
#include "base/fault.h"
#include "base/secret.h"
#include "base/tidy.h"
#include "core/outcome.h"

struct http;
struct http_req;

struct http_opts {
	const char *ca_file; /* "" = the system's */
	const char *proxy; /* "" = none; the environment is never asked */
	int64_t connect_timeout; /* ms */
	int64_t reply_max; /* bytes of body; more is cut off as TRANSPORT_TOO_LARGE */
};

/* One request. All borrowed for the call (copied). */
struct http_ask {
	const char *method; /* "GET", "POST", "PATCH" */
	const char *url; /* https only */
	const char *const *headers; /* NULL-ended, "Name: value" */
	const struct secret *auth; /* a whole header line, or NULL; wiped after use */
	const char *body; /* NULL: none */
	int64_t timeout; /* ms for the whole exchange */
	bool fresh; /* on a connection of its own, as every POST and PATCH is */
};

/* How far a connection came; each includes those before it. On a kept-alive one: REACH_TLS. */
enum reach { REACH_NOTHING, REACH_NAME, REACH_HOST, REACH_TLS };

/* lends: valid inside the drain callback only. */
struct http_result {
	enum transport transport;
	int status;
	const char *body; /* terminated */
	size_t body_len;
	const char *retry_after, *location, *link, *request_id, *date; /* header texts or NULL */
	const char *net_text; /* libcurl's words when transport is not OK */
	enum reach reach;
	const char *address; /* the peer's; "" if there was none */
	int64_t ms;
};

int http_global_init(struct fault *reterr) MUST_CHECK; /* once, before any thread */
int http_new(struct event_base *base, struct http **ret, struct fault *reterr) MUST_CHECK;
void http_free(struct http *h); /* before the event base; what is in flight is dropped */

/* Start one. owner is handed back with the result. Never fails: what cannot even start ends as a
 * result with TRANSPORT_INTERNAL. lends: the request, until its result was handed out. */
struct http_req *http_send(
	struct http *h, const struct http_ask *ask, const struct http_opts *opts, void *owner);

typedef void http_done(void *arg, void *owner, const struct http_result *result);
/* Hand out every finished request. The callback may send further ones. */
void http_drain(struct http *h, http_done *done, void *arg);

#endif
