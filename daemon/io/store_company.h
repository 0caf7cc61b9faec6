/* The company list as last synced. A company that vanishes is marked, never deleted while a tenant
 * is mapped to it. */
#ifndef IO_STORE_COMPANY_H
#define IO_STORE_COMPANY_H

#include <stddef.h>
#include "io/store.h"

struct company {
	int64_t id;
	char *identifier, *name, *website, *status,
		*types; /* types joined by ", "; NULL if absent */
	int64_t gone_at; /* 0: live */
	bool inactive; /* its status takes no tickets (sync.inactive_statuses) */
};
struct companies {
	struct company *at;
	size_t n;
};
void company_clear(struct company *c);
void companies_clear(struct companies *list);

/* May tickets be made for it? -FAULT_CONFLICT says why not. */
int company_usable(const struct company *c, struct fault *reterr) MUST_CHECK;

enum company_change { COMPANY_SAME, COMPANY_ADDED, COMPANY_CHANGED };
/* sweep: number of the running full sweep, 0 in an incremental one. A gone one comes back to life.
 */
int company_put(struct store *st, const struct company *c, int64_t sweep,
	enum company_change *ret_change, struct fault *reterr) MUST_CHECK;
int company_gone(struct store *st, int64_t id, int64_t now, bool *ret_changed,
	struct fault *reterr) MUST_CHECK;
int company_get(struct store *st, int64_t id, struct company *ret, struct fault *reterr) MUST_CHECK;
/* By its identifier alone (without case), live ones first. -FAULT_NOT_FOUND. */
int company_by_identifier(struct store *st, const char *identifier, struct company *ret,
	struct fault *reterr) MUST_CHECK;
/* By id, identifier or exact name (without case), live ones only. -FAULT_NOT_FOUND;
 * -FAULT_CONFLICT names the candidates, or says that the one is inactive. */
int company_find(
	struct store *st, const char *text, struct company *ret, struct fault *reterr) MUST_CHECK;
/* Part of name, identifier or website, without case; or an id. q NULL: all. limit 1..1000. */
int company_list(struct store *st, const char *q, bool with_gone, int limit, struct companies *ret,
	int *ret_total, struct fault *reterr) MUST_CHECK;
/* Every company, gone ones too, by ascending id, without copying: view lends for the call, in which
 * the store must be left alone. Returns how many in *ret_n. */
struct company_view {
	int64_t id;
	const char *identifier, *name, *website, *status;
	bool gone, inactive;
};
typedef void company_fn(void *ctx, const struct company_view *view);
int company_walk(
	struct store *st, company_fn *fn, void *ctx, int *ret_n, struct fault *reterr) MUST_CHECK;
int company_count(struct store *st, int64_t *ret_live, struct fault *reterr) MUST_CHECK;
/* Live companies that the sweep has not seen; then mark them gone. */
int company_unseen(
	struct store *st, int64_t sweep, int64_t *ret_n, struct fault *reterr) MUST_CHECK;
int company_sweep_end(struct store *st, int64_t sweep, int64_t now, int64_t *ret_n,
	struct fault *reterr) MUST_CHECK;

#endif
