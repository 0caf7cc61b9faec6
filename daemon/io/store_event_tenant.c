/* All events of a tenant that a person or a sync moves, in slices: held ones released, queued ones
 * held, both skipped. */
#include "io/store_event_row.h"

/* Rows of one tenant and state, oldest first: the index ends in seq. */
#define SLICE_OF(columns, states)                                                                  \
	"(SELECT " columns " FROM events WHERE tenant = :tenant AND state " states                 \
	" ORDER BY state, seq LIMIT :max)"

static const char sql_release_due[] =
	"UPDATE incidents SET due_at = :now WHERE claimed = 0 AND (due_at = 0 OR tries = 0)"
	" AND op_doubt = 0 AND id IN " SLICE_OF("incident", "= 2");
/* One in doubt that nothing waits for keeps its doubt, but must come up again. */
static const char sql_release_doubt[] =
	"UPDATE incidents SET due_at = :now WHERE claimed = 0 AND due_at = 0 AND op_doubt = 1"
	" AND id IN " SLICE_OF("incident", "= 2");
static const char sql_release[] =
	"UPDATE events SET state = 0, why = NULL WHERE seq IN " SLICE_OF("seq", "= 2");
static const char sql_hold[] =
	"UPDATE events SET state = 2, why = :why WHERE seq IN " SLICE_OF("seq", "= 0");
static const char sql_skip[] = "UPDATE events SET state = CASE WHEN noted = 1 THEN 3 ELSE 4 END, "
			       "why = :why, done_at = :now"
			       " WHERE seq IN " SLICE_OF("seq", "IN (0, 2)");

struct slice {
	int64_t tenant, now; /* now 0: not asked for */
	const char *why; /* NULL: not asked for */
};

static int run_slice(
	struct store *st, const char *sql, const struct slice *slice, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql, &q, reterr);

	if (r)
		return r;
	query_int(q, ":tenant", slice->tenant);
	query_int(q, ":max", QUEUE_MOVE_MAX);
	if (slice->now)
		query_int(q, ":now", slice->now);
	if (slice->why)
		query_text(q, ":why", slice->why);
	return query_run(st, q, reterr);
}

static int release_slice(struct store *st, int64_t tenant, int64_t now, struct fault *reterr)
{
	const struct slice due = { .tenant = tenant, .now = now }, rows = { .tenant = tenant };
	int r = run_slice(st, sql_release_due, &due, reterr);

	if (!r)
		r = run_slice(st, sql_release_doubt, &due, reterr);
	if (!r)
		r = run_slice(st, sql_release, &rows, reterr);
	return r;
}

static int hold_slice(struct store *st, int64_t tenant, const char *why, struct fault *reterr)
{
	const struct slice slice = { .tenant = tenant, .why = why };

	return run_slice(st, sql_hold, &slice, reterr);
}

static int skip_slice(
	struct store *st, int64_t tenant, const char *why, int64_t now, struct fault *reterr)
{
	const struct slice slice = { .tenant = tenant, .why = why, .now = now };

	return run_slice(st, sql_skip, &slice, reterr);
}

static const char sql_count_held[] =
	"SELECT count(*) FROM events WHERE tenant = :tenant AND state = 2";
static const char sql_count_queued[] =
	"SELECT count(*) FROM events WHERE tenant = :tenant AND state = 0";
static const char sql_count_both[] =
	"SELECT count(*) FROM events WHERE tenant = :tenant AND state IN (0, 2)";

/* Notes that there is more to do than one slice. */
static int count_rows(
	struct store *st, const char *sql, int64_t tenant, int *ret_n, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int64_t n = 0;
	int r = query_read(st, sql, &q, reterr);

	if (r)
		return r;
	query_int(q, ":tenant", tenant);
	r = query_value(st, q, &n, reterr);
	if (r)
		return r;
	if (n > QUEUE_MOVE_MAX)
		st->unsettled = true;
	*ret_n = (int)n;
	return 0;
}

int queue_release_held(
	struct store *st, int64_t tenant, int64_t now, int *ret_n, struct fault *reterr)
{
	int r = count_rows(st, sql_count_held, tenant, ret_n, reterr);

	return r ? r : release_slice(st, tenant, now, reterr);
}

int queue_hold_tenant(
	struct store *st, int64_t tenant, const char *why, int *ret_n, struct fault *reterr)
{
	int r = count_rows(st, sql_count_queued, tenant, ret_n, reterr);

	return r ? r : hold_slice(st, tenant, why, reterr);
}

int queue_skip_tenant(struct store *st, int64_t tenant, const char *why, int64_t now, int *ret_n,
	struct fault *reterr)
{
	int r = count_rows(st, sql_count_both, tenant, ret_n, reterr);

	return r ? r : skip_slice(st, tenant, why, now, reterr);
}

/* ==== what is not as its tenant stands ==== */

#define READY " t.held > 0 AND t.flow = 1 AND c.gone_at = 0 AND c.inactive = 0"

static const char sql_ready[] = "SELECT coalesce(sum(t.held), 0) FROM tenants t"
				" JOIN companies c ON c.id = t.company WHERE" READY;

int queue_release_ready(struct store *st, int *ret_n, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int64_t n = 0;
	int r = query_read(st, sql_ready, &q, reterr);

	if (!r)
		r = query_value(st, q, &n, reterr);
	if (r)
		return r;
	if (n)
		st->unsettled = true;
	*ret_n = (int)n;
	return 0;
}

static const char sql_release_next[] =
	"SELECT t.row FROM tenants t JOIN companies c ON c.id = t.company WHERE" READY " LIMIT 1";
static const char sql_hold_next[] =
	"SELECT row FROM tenants t WHERE flow = 1 AND company = 0 AND EXISTS"
	" (SELECT 1 FROM events e WHERE e.tenant = t.row AND e.state = 0) LIMIT 1";
static const char sql_skip_next[] =
	"SELECT row FROM tenants t WHERE flow = 0 AND EXISTS"
	" (SELECT 1 FROM events e WHERE e.tenant = t.row AND e.state IN (0, 2)) LIMIT 1";

/* *ret 0: no tenant has any. */
static int next_tenant(struct store *st, const char *sql, int64_t *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql, &q, reterr);

	*ret = 0;
	return r ? r : query_value(st, q, ret, reterr);
}

int queue_settle(struct store *st, const char *why_held, const char *why_skipped, int64_t now,
	bool *ret_more, struct fault *reterr)
{
	int64_t tenant;
	int r;

	*ret_more = false;
	if (!st->unsettled)
		return 0;
	*ret_more = true;
	r = next_tenant(st, sql_skip_next, &tenant, reterr);
	if (r || tenant)
		return r ? r : skip_slice(st, tenant, why_skipped, now, reterr);
	r = next_tenant(st, sql_hold_next, &tenant, reterr);
	if (r || tenant)
		return r ? r : hold_slice(st, tenant, why_held, reterr);
	r = next_tenant(st, sql_release_next, &tenant, reterr);
	if (r || tenant)
		return r ? r : release_slice(st, tenant, now, reterr);
	st->unsettled = *ret_more = false;
	return 0;
}
