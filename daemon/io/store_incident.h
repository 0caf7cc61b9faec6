/* The ledger: identity → ticket, and the operation that is under way for it. */
#ifndef IO_STORE_INCIDENT_H
#define IO_STORE_INCIDENT_H

#include <stddef.h>
#include "io/store.h"

enum op { OP_NONE, OP_CREATE, OP_NOTE, OP_PATCH };

struct incident {
	int64_t id, tenant;
	char *hash, *type, *label;
	int generation; /* tickets made or begun for it so far */
	int64_t ticket; /* 0: none */
	int64_t previous_ticket; /* the one before, or 0 */
	int64_t ticket_company;
	char *board, *status; /* names, as last seen; or NULL */
	/* the operation that was committed before its request left; OP_NONE: none */
	enum op op;
	char *op_key; /* create: the marker; note: the note key */
	int64_t op_at; /* when it was sent */
	bool op_doubt; /* its result is unknown */
	int op_lookups; /* looked up and not found so often */
	int tries; /* failures in a row, for backoff */
	int64_t due_at; /* 0: nothing waits */
	int64_t updated_at;
	int64_t rolled_into; /* the roll-up incident that took its events; 0: none */
	int waiting; /* queued events; filled by incident_list only */
};
struct incidents {
	struct incident *at;
	size_t n;
};
void incident_clear(struct incident *in);
void incidents_clear(struct incidents *list);

/* Find or make the incident of (tenant, hash). */
int incident_of(struct store *st, int64_t tenant, const char *hash, const char *type,
	const char *label, int64_t now, int64_t *ret_id, struct fault *reterr) MUST_CHECK;
int incident_get(
	struct store *st, int64_t id, struct incident *ret, struct fault *reterr) MUST_CHECK;
/* Incidents that are due and not claimed, at most max; they become claimed. Tenants take turns, one
 * incident each, from the tenant after *turn on (0: from the first; it moves on); within a tenant
 * the one that is due earliest comes first, or with newest_first the one due latest.
 * Claimed is kept in the row but forgotten at store_open. */
int incident_claim(struct store *st, int64_t now, int max, bool newest_first, int64_t *turn,
	int64_t *ret_ids, int *ret_n, struct fault *reterr) MUST_CHECK;
/* Those in backoff (no request in doubt) may try now; event_id NULL: all of them, else those with
 * such a queued event. *ret_n: how many. */
int incident_wake(struct store *st, const char *event_id, int64_t now, int *ret_n,
	struct fault *reterr) MUST_CHECK;
/* After the clock was set back: what is due later than any wait can be is due now. */
int incident_clamp_due(
	struct store *st, int64_t latest, int64_t now, struct fault *reterr) MUST_CHECK;
/* When the next unclaimed incident is due; 0: none. */
int incident_next_due(struct store *st, int64_t *ret_at, struct fault *reterr) MUST_CHECK;
/* Give a claim back. due_at: 0 = now if queued events remain, else never; > 0 = not before then
 * (backoff); tries is stored. */
int incident_release(struct store *st, int64_t id, int64_t due_at, int tries, int64_t now,
	struct fault *reterr) MUST_CHECK;
int incident_begin_op(struct store *st, int64_t id, enum op op, const char *key, int64_t now,
	struct fault *reterr) MUST_CHECK;
int incident_doubt_op(struct store *st, int64_t id, struct fault *reterr) MUST_CHECK;
int incident_lookup_empty(struct store *st, int64_t id, struct fault *reterr) MUST_CHECK; /* + 1 */
/* Over, with whatever result; its rows forget its key. (incident_begin_op with another key too.) */
int incident_end_op(struct store *st, int64_t id, struct fault *reterr) MUST_CHECK;
/* The ledger entry after a create or an adoption. ticket 0 forgets it (deleted there);
 * the one it replaces becomes previous_ticket. */
int incident_set_ticket(struct store *st, int64_t id, int64_t ticket, int generation,
	int64_t company, const char *board, const char *status, int64_t now,
	struct fault *reterr) MUST_CHECK;
/* What was seen when the ticket was read again. */
int incident_saw(struct store *st, int64_t id, const char *board, const char *status, int64_t now,
	struct fault *reterr) MUST_CHECK;
int incident_list(
	struct store *st, int limit, struct incidents *ret, struct fault *reterr) MUST_CHECK;

#endif
