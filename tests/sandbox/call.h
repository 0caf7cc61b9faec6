/*
 * call.h - one request on its way through the sandbox, and the reply that is being made for it.
 */
#ifndef SANDBOX_CALL_H
#define SANDBOX_CALL_H

#include <cjson/cJSON.h>
#include <event2/keyvalq_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"
#include "role.h"

struct conn;
struct evhttp_request;
struct event;
struct route;
struct sandbox;

struct reply {
	int status;
	const char *type; /* content type */
	char *body;
	size_t len;
	char *link; /* Link header; "" is sent empty, NULL not at all */
	char *retry_after;
	char *location;
};

struct call {
	struct sandbox *sb;
	struct conn *conn; /* owns this call while it is under way */
	struct evhttp_request *req;
	struct event *timer;
	void (*next)(struct call *); /* what the timer does */
	uint64_t seq;
	int64_t began; /* monotonic ms */
	const char *method;
	char *uri; /* as sent: path and query */
	char *path; /* after apis/3.0/, or "login" */
	char *codebase; /* as the client wrote it, with its slash */
	char *query; /* raw, or NULL */
	struct evkeyvalq params;
	char *body;
	size_t body_len;
	const struct route *route;
	int id, sub_id; /* from {id} and {nid} in the route */
	enum level level; /* the right the caller has here */
	bool done; /* the handler has run: what it changes is committed */
	bool auth_ok;
	size_t sent; /* bytes of a body that goes out piecemeal */
	struct fault fault; /* copy of the armed one; kind FAULT_NONE when there is none */
	struct reply reply;
};

/* Header of the request, or NULL. */
const char *call_header(const struct call *c, const char *name);
/* Decoded query parameter, or NULL. */
const char *call_param(const struct call *c, const char *name);

/* Set the reply. takes: json. */
void reply_json(struct call *c, int status, cJSON *json);
void reply_text(struct call *c, int status, const char *type, const char *text);
/* {"code":…,"message":…,"errors":null} */
void refuse(struct call *c, int status, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* 400 InvalidObject "<resource> object is invalid" with one error item. */
void refuse_field(struct call *c, const char *resource, const char *code, const char *field,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void refuse_security(struct call *c);
void refuse_missing(struct call *c, const char *what, int id);
void reply_free(struct reply *r);

#endif
