/* The local HTTP server: evhttp on two Unix sockets and, if wanted, a loopback port for metrics.
 * Owns listeners, connections and unsent replies; knows nothing of events or tickets. The only file
 * that includes evhttp's headers.
 *
 * Replies are effects: api_reply_* only notes them, api_release sends them, after the commit. */
#ifndef IO_API_H
#define IO_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <event2/event.h>
#include "base/fault.h"
#include "base/json.h"
#include "base/tidy.h"

struct api;
struct api_req; /* one request; lent to the handler until it was replied to */

enum api_surface {
	API_EVENTS, /* events.sock: submit, read back */
	API_CONTROL, /* control.sock: everything */
	API_METRICS, /* loopback TCP: /metrics and /healthz */
	API_SURFACES
};

struct api_limits {
	int connections; /* per socket; at most half of them for one user other than root */
	int64_t client_timeout; /* ms for one request to arrive, and for a silent connection */
	int64_t body_max; /* bytes; 413 over it */
};

/* Called once for each request; must reply to it before it returns. Never frees, never blocks. */
typedef void api_handler(void *arg, struct api_req *req);

int api_new(struct event_base *base, const struct api_limits *limits, api_handler *handler,
	void *arg, struct api **ret, struct fault *reterr) MUST_CHECK;
void api_free(struct api *api); /* unsent replies are dropped; sockets that we made are unlinked */
void api_set_limits(struct api *api, const struct api_limits *limits);

/* A socket of our own. Refuses to replace anything but a dead socket of ours; a live one means that
 * another daemon runs. group "": the process's own. -FAULT_SYSTEM, -FAULT_CONFLICT, -FAULT_CONFIG.
 */
int api_listen_unix(struct api *api, enum api_surface surface, const char *path, mode_t mode,
	const char *group, struct fault *reterr) MUST_CHECK;
/* A socket that systemd made and listens on. */
int api_listen_fd(
	struct api *api, enum api_surface surface, int fd, struct fault *reterr) MUST_CHECK;
/* "127.0.0.1:PORT" or "[::1]:PORT". */
int api_listen_tcp(struct api *api, const char *where, struct fault *reterr) MUST_CHECK;
void api_stop_listening(struct api *api);

enum api_method { API_GET, API_POST, API_PUT, API_DELETE, API_OTHER };
enum api_method api_method(const struct api_req *req);
enum api_surface api_surface(const struct api_req *req);
const char *api_path(const struct api_req *req); /* still percent-encoded, without the query */
/* The n-th part of the path, decoded: "/v1/events/a%2Fb" → "v1", "events", "a/b"; NULL past the end
 * (U+FFFD for one that is not UTF-8 without NUL). lends. */
const char *api_part(const struct api_req *req, int n);
const char *api_query(const struct api_req *req, const char *name); /* decoded; lends; NULL */
const char *api_content_type(const struct api_req *req); /* without parameters, lower case; "" */
const char *api_body(const struct api_req *req, size_t *ret_n);
int64_t api_uid(const struct api_req *req); /* of the peer; -1 unknown (TCP) */

/* takes: body. */
void api_reply(struct api_req *req, int status, cJSON *body);
void api_reply_text(struct api_req *req, int status, const char *content_type, const char *text);
/* application/problem+json. */
void api_problem(struct api_req *req, int status, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Retry-After of the reply that was noted last for this request, in seconds. */
void api_retry_after(struct api_req *req, int seconds);

void api_release(struct api *api); /* send all replies */
/* The commit failed: what was noted is not true. Every unsent reply becomes a 503. */
void api_refuse_unsent(struct api *api, const char *why);

#endif
