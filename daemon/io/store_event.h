/* The queue and history of events: rows of the store. */
#ifndef IO_STORE_EVENT_H
#define IO_STORE_EVENT_H

#include "io/store.h"

enum queue_state {
	QUEUE_QUEUED,
	QUEUE_SENDING,
	QUEUE_HELD,
	QUEUE_DELIVERED,
	QUEUE_SKIPPED,
	QUEUE_MUTED,
	QUEUE_EXPIRED,
	QUEUE_DEAD,
};
const char *queue_state_name(enum queue_state state);
bool queue_state_parse(const char *word, enum queue_state *ret);
bool queue_state_ended(enum queue_state state); /* delivered, skipped, muted, expired, dead */

/* One row. owned by whoever asked for it; free with queue_row_clear. */
struct queue_row {
	int64_t seq; /* never given twice */
	int64_t tenant, incident; /* row numbers */
	char *event_id;
	int version; /* 1.. per tenant and event id */
	char *type, *event_state, *title;
	char *text; /* the event, canonical JSON; NULL in lists */
	enum queue_state state;
	char *did, *why; /* "created", … / a sentence; or NULL */
	int64_t ticket; /* 0: none */
	int attempts;
	char *op_key; /* the operation (marker or note key) this row was sent with; or NULL */
	bool noted; /* its text stands in ConnectWise already */
	int64_t accepted_at, done_at; /* 0: not yet */
	int64_t uid; /* the submitter's; -1 unknown */
	/* joined for lists and single reads; NULL or 0 otherwise */
	char *tenant_guid, *tenant_domain, *tenant_name, *company_name, *board, *status;
	int64_t company, due_at;
};
struct queue_rows {
	struct queue_row *at;
	size_t n;
};
void queue_row_clear(struct queue_row *row);
void queue_rows_clear(struct queue_rows *rows);

struct queue_new {
	int64_t tenant, incident, uid, accepted_at;
	const char *event_id, *type, *event_state, *title, *text;
	enum queue_state state; /* QUEUED, HELD or SKIPPED */
	const char *why; /* or NULL */
};
/* Put one event in. Any earlier version of (tenant, event_id) with the same text: *ret_duplicate is
 * true and *ret_row that version's row; else the next version is inserted; a QUEUED one makes its
 * incident due now unless that is in backoff already. ret_row without text or joins. */
int queue_put(struct store *st, const struct queue_new *ev, bool *ret_duplicate,
	struct queue_row *ret_row, struct fault *reterr) MUST_CHECK;

/* Queued events of one incident, oldest first, those of its open operation (op_key) before all
 * others, at most max, with text; they become SENDING. */
int queue_take(struct store *st, int64_t incident, int max, struct queue_rows *ret,
	struct fault *reterr) MUST_CHECK;
/* Remember with which operation a row goes out (NULL clears). */
int queue_set_op(
	struct store *st, int64_t seq, const char *op_key, struct fault *reterr) MUST_CHECK;
int queue_set_noted(struct store *st, int64_t seq, const char *did, int64_t ticket,
	struct fault *reterr) MUST_CHECK;
/* SENDING → an end, or HELD. at: done_at (ignored for HELD). did, why may be NULL; did NULL keeps
 * what queue_set_noted wrote. */
int queue_finish(struct store *st, int64_t seq, enum queue_state to, const char *did,
	int64_t ticket, const char *why, int64_t at, struct fault *reterr) MUST_CHECK;
/* All SENDING rows of the incident → QUEUED; attempts + 1 if counted; why may be NULL. */
int queue_put_back(struct store *st, int64_t incident, bool counted, const char *why,
	struct fault *reterr) MUST_CHECK;
/* DEAD → QUEUED for one event id (every tenant; NULL: all dead ones), incident due now; attempts 0.
 */
int queue_retry_dead(struct store *st, const char *event_id, int64_t now, int *ret_n,
	struct fault *reterr) MUST_CHECK;
/* A tenant's HELD → QUEUED, its incidents due now. / QUEUED → HELD / QUEUED and HELD → SKIPPED.
 * *ret_n: how many there are; QUEUE_MOVE_MAX of them are moved at once, the others by queue_settle,
 * so that a million do not hold up the loop. Meanwhile delivery decides by the tenant as it stands.
 */
#define QUEUE_MOVE_MAX 100
int queue_release_held(
	struct store *st, int64_t tenant, int64_t now, int *ret_n, struct fault *reterr) MUST_CHECK;
int queue_hold_tenant(struct store *st, int64_t tenant, const char *why, int *ret_n,
	struct fault *reterr) MUST_CHECK;
int queue_skip_tenant(struct store *st, int64_t tenant, const char *why, int64_t now, int *ret_n,
	struct fault *reterr) MUST_CHECK;
/* HELD wherever the tenant is mapped, its flow on and its company live by now: queue_settle
 * releases them. *ret_n: how many. */
int queue_release_ready(struct store *st, int *ret_n, struct fault *reterr) MUST_CHECK;
/* One slice of what is not as its tenant stands, also after a crash in between. *ret_more: call
 * again, in another turn. */
int queue_settle(struct store *st, const char *why_held, const char *why_skipped, int64_t now,
	bool *ret_more, struct fault *reterr) MUST_CHECK;
/* HELD and accepted before before_at → EXPIRED, at most max; *ret lists the rows so that each gets
 * its log line. gives: queue_rows_clear. */
int queue_expire_held(struct store *st, int64_t before_at, int64_t now, int max, const char *why,
	struct queue_rows *ret, struct fault *reterr) MUST_CHECK;
/* The same for one tenant. */
int queue_expire_held_of(struct store *st, int64_t tenant, int64_t before_at, int64_t now, int max,
	const char *why, struct queue_rows *ret, struct fault *reterr) MUST_CHECK;
/* When the oldest HELD event of a tenant was accepted; 0: none is held. */
int queue_held_since(
	struct store *st, int64_t tenant, int64_t *ret, struct fault *reterr) MUST_CHECK;
/* As queue_expire_held, for QUEUED ones that no request is under way or in doubt for. */
int queue_expire_queued(struct store *st, int64_t before_at, int64_t now, int max, const char *why,
	struct queue_rows *ret, struct fault *reterr) MUST_CHECK;
struct queue_filter {
	bool any_state;
	enum queue_state state;
	int64_t tenant; /* 0: any */
	int64_t before; /* seq; 0: newest */
	int limit; /* 1..500 */
};
int queue_list(struct store *st, const struct queue_filter *filter, struct queue_rows *ret,
	struct fault *reterr) MUST_CHECK; /* newest first, joined, without text */
/* All tenants and versions, oldest first, joined, with text; of more than QUEUE_BY_ID_MAX the
 * newest.
 */
#define QUEUE_BY_ID_MAX 100
int queue_by_id(struct store *st, const char *event_id, struct queue_rows *ret,
	struct fault *reterr) MUST_CHECK;

#endif
