/* One Office Protect security event as a client submitted it: read, checked, written back.
 * Pure. libevent owns the names event_*, so ours is op_event. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdint.h>
#include "base/fault.h"
#include "base/json.h"
#include "base/tidy.h"

enum event_state { EVENT_RAISED, EVENT_UPDATED, EVENT_RESOLVED, EVENT_IGNORED };

struct event_entity {
	char *name;
	char *value; /* a list's values joined by ", " */
};

/* owned by whoever parsed it; strings are valid UTF-8, NULL when absent. */
struct op_event {
	char *id; /* 1..OPB_ID_MAX bytes */
	char *tenant_id; /* lower case; NULL if only a domain was given */
	char *tenant_domain; /* lower case; NULL if only an id was given */
	char *tenant_name;
	char *type;
	enum event_state state;
	int64_t time_at; /* wall ms; 0: not given */
	char *title, *description, *severity, *link_view, *link_ignore;
	struct event_entity *entities; /* sorted by name */
	size_t n_entities;
	char *extra; /* unknown members as one line of JSON, or NULL */
};

/* Read one event from a JSON value. Blank optional strings count as absent. now_wall_ms bounds
 * `time` (OPB_FUTURE_MAX_HOURS, OPB_PAST_YEAR_MIN). -FAULT_INPUT names the field and what is wrong
 * with it; -FAULT_TOO_LARGE names the limit. gives: op_event_free. */
int op_event_parse(const cJSON *node, int64_t now_wall_ms, struct op_event **ret,
	struct fault *reterr) MUST_CHECK;
/* The same from text (the queue's own rows, or one line of NDJSON). */
int op_event_parse_text(const char *text, size_t n, size_t max_bytes, int64_t now_wall_ms,
	struct op_event **ret, struct fault *reterr) MUST_CHECK;
/* Only whom an event is about, from an object with a member "tenant": what people and files say of
 * one is read as strictly as what events say. Nothing else of *ret is set. gives: op_event_free. */
int op_tenant_parse(const cJSON *node, struct op_event **ret, struct fault *reterr) MUST_CHECK;
/* A CloudEvents 1.0 envelope (structured mode) → the event inside `data`; id, type, time and
 * subject (tenant domain or id) of the envelope fill what data leaves out. gives: json_free. */
int cloudevent_unwrap(const cJSON *node, cJSON **ret_node, struct fault *reterr) MUST_CHECK;

void op_event_free(struct op_event *ev);
DEFINE_CLEANUP(op_event_free, struct op_event *);

/* Canonical one-line JSON (members in a fixed order, entities sorted): what the queue stores, and
 * what is compared to tell a duplicate from an update. gives: mem_free. */
char *op_event_text(const struct op_event *ev) MUST_CHECK;
const char *op_event_entity(
	const struct op_event *ev, const char *name); /* lends; NULL if absent */
const char *event_state_name(enum event_state state);
bool event_state_parse(const char *word, enum event_state *ret);

#endif
