/* opbridge: the public client interface for local C programs, and the limits of the wire format.
 *
 * The daemon speaks HTTP/1.1 with JSON over two Unix sockets: events.sock (submit an event, read it
 * back) and control.sock (everything). A program either uses these functions or any HTTP client,
 * such as: curl --unix-socket /run/opbridge/events.sock -d @event.json http://localhost/v1/events
 *
 * Blocking calls, one connection per call; not for use inside an event loop. Thread-safe as long as
 * each thread has its own struct opb. Link with -lopbridge -lcurl. */
#ifndef OPBRIDGE_H
#define OPBRIDGE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OPB_EVENTS_SOCKET "/run/opbridge/events.sock"
#define OPB_CONTROL_SOCKET "/run/opbridge/control.sock"

/* Limits of one event; over one of them: "rejected", the rest of its batch is not touched.
 * Lengths are bytes of UTF-8. The event limit is configurable (intake.event_max), the others are
 * not. */
#define OPB_EVENT_MAX 65536 /* one event as JSON */
#define OPB_ID_MAX 128 /* id, tenant.id */
#define OPB_DOMAIN_MAX 253 /* tenant.domain */
#define OPB_NAME_MAX 256 /* tenant.name, type */
#define OPB_TITLE_MAX 1024 /* title */
#define OPB_DESCRIPTION_MAX 32768 /* description */
#define OPB_LINK_MAX 2048 /* links.view, links.ignore */
#define OPB_SEVERITY_MAX 32 /* severity */
#define OPB_ENTITIES_MAX 64 /* members of entities */
#define OPB_ENTITY_KEY_MAX 64 /* an entity's name */
#define OPB_ENTITY_VALUE_MAX 4096 /* an entity's value; a list's values together */
#define OPB_DEPTH_MAX 8 /* nesting of one event */
#define OPB_FUTURE_MAX_HOURS 24 /* time may be this far ahead of the daemon's clock */
#define OPB_PAST_YEAR_MIN 2000 /* and not before this year */

/* Limits of one request: 413 over them. Configurable: intake.body_max, intake.batch_max. */
#define OPB_BODY_MAX 1048576
#define OPB_BATCH_MAX 1000

enum opb_error {
	OPB_OK = 0,
	OPB_ERR_SOCKET = -1, /* no daemon at that socket, or it went away */
	OPB_ERR_DENIED = -2, /* not in the group that may use the socket */
	OPB_ERR_TIMEOUT = -3, /* no answer in time: the event may or may not be accepted; send the
			       * same id again, a second time is recognised as a duplicate */
	OPB_ERR_PROTOCOL = -4, /* what answered does not speak like opbridged */
	OPB_ERR_ARGUMENT = -5, /* a NULL or over-long argument */
	OPB_ERR_MEMORY = -6,
};

struct opb; /* one socket path and its settings */

/* socket_path NULL: OPB_EVENTS_SOCKET, or $OPBRIDGE_SOCKET if set. Opens nothing yet.
 * gives: free with opb_free; NULL only when out of memory or the path is too long for a socket. */
struct opb *opb_new(const char *socket_path);
void opb_free(struct opb *o);
/* For the connection and the whole answer together; default 30,000 ms, which 0 or less restores. */
void opb_set_timeout_ms(struct opb *o, long ms);

/* The daemon's answer. owned by the caller's struct; release with opb_reply_clear. */
struct opb_reply {
	int status; /* HTTP status: 202, 200, 400 … */
	char *body; /* terminated; JSON unless content_type says otherwise */
	size_t body_len;
	char content_type[96];
	long retry_after; /* seconds, with 429 and 503; -1: none named */
};
void opb_reply_clear(struct opb_reply *reply);

/* One request. content_type may be NULL when body is NULL (n = 0); path is sent as it stands, so
 * its special characters must be percent-encoded already. Returns OPB_OK whenever the daemon
 * answered, whatever its status. *ret is overwritten at entry, never read (clear it first when it
 * holds an answer), and is empty after an error. An answer over 64 MiB is refused
 * (OPB_ERR_PROTOCOL). */
int opb_call(struct opb *o, const char *method, const char *path, const char *content_type,
	const char *body, size_t n, struct opb_reply *ret);

/* Submit one event, or an array of events, as JSON text. 202: each result says accepted, duplicate
 * or rejected. Anything acknowledged is on disk. */
int opb_submit(struct opb *o, const char *json, size_t n, struct opb_reply *ret);

/* A sentence for the last error of this object; lends, valid until the next call. */
const char *opb_strerror(const struct opb *o);

#ifdef __cplusplus
}
#endif
#endif
