/* Events that a person or their age moves: dead ones retried, old ones expired. */
#include "io/store_event_row.h"

static const char sql_retry_due[] =
	"UPDATE incidents SET due_at = :now, tries = 0 WHERE claimed = 0"
	" AND (op_doubt = 0 OR due_at = 0)"
	" AND id IN (SELECT incident FROM events WHERE (:event_id IS NULL AND state = 7)"
	" OR (event_id = :event_id AND state IN (4, 6, 7)))";
static const char sql_retry[] =
	"UPDATE events SET state = 0, attempts = 0, why = NULL, done_at = 0"
	" WHERE (:event_id IS NULL AND state = 7) OR (event_id = :event_id AND state IN (4, 6, 7))";

int queue_retry_dead(
	struct store *st, const char *event_id, int64_t now, int *ret_n, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *due = NULL;
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_retry_due, &due, reterr);

	if (r)
		return r;
	query_int(due, ":now", now);
	query_text(due, ":event_id", event_id);
	r = query_run(st, due, reterr);
	if (!r)
		r = query_write(st, sql_retry, &q, reterr);
	if (r)
		return r;
	query_text(q, ":event_id", event_id);
	r = query_run(st, q, reterr);
	if (!r)
		*ret_n = query_changed(st);
	return r;
}

static const char sql_too_old[] =
	"SELECT " QUEUE_ROW_COLUMNS ", t.guid, t.domain, t.name FROM events e"
	" INDEXED BY events_held JOIN tenants t ON t.row = e.tenant"
	" WHERE e.state = 2 ORDER BY e.accepted_at LIMIT :max";

/* Of one tenant: in the order of the index, which is that of their acceptance. */
static const char sql_tenant_too_old[] =
	"SELECT " QUEUE_ROW_COLUMNS ", t.guid, t.domain, t.name FROM events e"
	" INDEXED BY events_tenant JOIN tenants t ON t.row = e.tenant"
	" WHERE e.tenant = :tenant AND e.state = 2 ORDER BY e.seq LIMIT :max";

/* In the order of their acceptance; the index ends in seq. */
static const char sql_waited_too_long[] =
	"SELECT " QUEUE_ROW_COLUMNS ", t.guid, t.domain, t.name FROM events e"
	" INDEXED BY events_state JOIN tenants t ON t.row = e.tenant"
	" WHERE e.state = 0 AND NOT EXISTS (SELECT 1 FROM incidents i"
	"  WHERE i.id = e.incident AND (i.op != 0 OR i.claimed = 1)) ORDER BY e.seq LIMIT :max";

/* Oldest first, so the first one that is young enough is the last one looked at: the many that wait
 * behind it are not read. */
static int read_too_old(struct store *st, const char *sql, int64_t tenant, int64_t before_at,
	int max, struct queue_rows *rows, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool more = true;
	int r = query_read(st, sql, &q, reterr);

	if (r)
		return r;
	query_int(q, ":max", max);
	if (tenant)
		query_int(q, ":tenant", tenant);
	for (;;) {
		struct queue_row *row;

		r = query_next(st, q, &more, reterr);
		if (r || !more)
			return r;
		if (column_int(q, ACCEPTED_AT_COLUMN) >= before_at)
			return 0;
		rows->at = array_more(rows->at, rows->n, sizeof(*rows->at));
		row = &rows->at[rows->n++];
		queue_row_read(q, row);
		row->tenant_guid = column_text(q, QUEUE_ROW_COLUMNS_N);
		row->tenant_domain = column_text(q, QUEUE_ROW_COLUMNS_N + 1);
		row->tenant_name = column_text(q, QUEUE_ROW_COLUMNS_N + 2);
	}
}

static const char sql_expire[] =
	"UPDATE events SET state = CASE WHEN noted = 1 THEN 3 ELSE 6 END, why = :why,"
	" done_at = :now WHERE "
	"seq = :seq AND state IN (0, 2)";

static int expire_one(
	struct store *st, int64_t seq, int64_t now, const char *why, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_expire, &q, reterr);

	if (r)
		return r;
	query_text(q, ":why", why);
	query_int(q, ":now", now);
	query_int(q, ":seq", seq);
	return query_run_one(st, q, "event", seq, reterr);
}

static int expire(struct store *st, const char *sql, int64_t tenant, int64_t before_at, int64_t now,
	int max, const char *why, struct queue_rows *ret, struct fault *reterr)
{
	struct queue_rows rows = { 0 };
	int r = read_too_old(st, sql, tenant, before_at, max, &rows, reterr);
	size_t i;

	for (i = 0; !r && i < rows.n; i++)
		r = expire_one(st, rows.at[i].seq, now, why, reterr);
	if (r) {
		queue_rows_clear(&rows);
		return r;
	}
	*ret = rows;
	return 0;
}

int queue_expire_held(struct store *st, int64_t before_at, int64_t now, int max, const char *why,
	struct queue_rows *ret, struct fault *reterr)
{
	return expire(st, sql_too_old, 0, before_at, now, max, why, ret, reterr);
}

int queue_expire_queued(struct store *st, int64_t before_at, int64_t now, int max, const char *why,
	struct queue_rows *ret, struct fault *reterr)
{
	return expire(st, sql_waited_too_long, 0, before_at, now, max, why, ret, reterr);
}

int queue_expire_held_of(struct store *st, int64_t tenant, int64_t before_at, int64_t now, int max,
	const char *why, struct queue_rows *ret, struct fault *reterr)
{
	return expire(st, sql_tenant_too_old, tenant, before_at, now, max, why, ret, reterr);
}

static const char sql_oldest_held[] = "SELECT accepted_at FROM events INDEXED BY events_tenant"
				      " WHERE tenant = :tenant AND state = 2 ORDER BY seq LIMIT 1";

int queue_held_since(struct store *st, int64_t tenant, int64_t *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql_oldest_held, &q, reterr);

	if (r)
		return r;
	query_int(q, ":tenant", tenant);
	return query_value(st, q, ret, reterr);
}
