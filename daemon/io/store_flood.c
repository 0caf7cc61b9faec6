#include "io/store_flood.h"

#include "io/store_db.h"

static const char sql_created[] =
	"SELECT created FROM floods WHERE tenant = :tenant AND hour_at = :hour";

int flood_created(
	struct store *st, int64_t tenant, int64_t hour_at, int *ret_n, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int64_t n = 0;
	int r = query_read(st, sql_created, &q, reterr);

	if (r)
		return r;
	query_int(q, ":tenant", tenant);
	query_int(q, ":hour", hour_at);
	r = query_value(st, q, &n, reterr);
	if (!r)
		*ret_n = (int)n;
	return r;
}

static const char sql_count[] =
	"INSERT INTO floods (tenant, hour_at, created, rolled) VALUES (:tenant, :hour, :created, "
	":rolled)"
	" ON CONFLICT (tenant) DO UPDATE SET"
	" created = CASE WHEN hour_at = excluded.hour_at THEN created ELSE 0 END + "
	"excluded.created,"
	" rolled = CASE WHEN hour_at = excluded.hour_at THEN rolled ELSE 0 END + excluded.rolled,"
	" hour_at = excluded.hour_at";

static int count(struct store *st, int64_t tenant, int64_t hour_at, int created, int rolled,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_count, &q, reterr);

	if (r)
		return r;
	query_int(q, ":tenant", tenant);
	query_int(q, ":hour", hour_at);
	query_int(q, ":created", created);
	query_int(q, ":rolled", rolled);
	return query_run(st, q, reterr);
}

int flood_count(struct store *st, int64_t tenant, int64_t hour_at, struct fault *reterr)
{
	return count(st, tenant, hour_at, 1, 0, reterr);
}

/* Not by the tenant, who has all that waits for the roll-up as well. */
static const char sql_move[] = "UPDATE events INDEXED BY events_incident"
			       " SET incident = :rollup, state = 0, op_key = NULL"
			       " WHERE incident = :incident AND state IN (0, 1) AND noted = 0"
			       " AND tenant = (SELECT tenant FROM incidents WHERE id = :rollup)";
static const char sql_rolled[] = "UPDATE incidents SET rolled_into = :rollup WHERE id = :incident";
static const char sql_mark[] = "UPDATE incidents SET rolled_into = id WHERE id = :id";

int flood_mark(struct store *st, int64_t rollup, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_mark, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", rollup);
	return query_run_one(st, q, "incident", rollup, reterr);
}

static const char sql_due[] =
	"UPDATE incidents SET due_at = :now WHERE id = :rollup AND claimed = 0"
	" AND (due_at = 0 OR (due_at > :now AND tries = 0 AND op_doubt = 0))";

static int run_pair(struct store *st, const char *sql, const char *name, int64_t value,
	int64_t rollup, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql, &q, reterr);

	if (r)
		return r;
	query_int(q, name, value);
	query_int(q, ":rollup", rollup);
	return query_run(st, q, reterr);
}

int flood_roll(struct store *st, int64_t incident, int64_t rollup, int64_t tenant, int64_t hour_at,
	int64_t now, int *ret_n, struct fault *reterr)
{
	int r = run_pair(st, sql_move, ":incident", incident, rollup, reterr);

	if (!r)
		*ret_n = query_changed(st);
	if (!r)
		r = run_pair(st, sql_rolled, ":incident", incident, rollup, reterr);
	if (!r)
		r = run_pair(st, sql_due, ":now", now, rollup, reterr);
	if (!r)
		r = count(st, tenant, hour_at, 0, 1, reterr);
	return r;
}

static const char sql_now[] = "SELECT count(*), coalesce(sum(rolled), 0) FROM floods"
			      " WHERE hour_at = :hour AND rolled > 0";

int flood_now(struct store *st, int64_t hour_at, struct flood_counts *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool row = false;
	int r = query_read(st, sql_now, &q, reterr);

	if (r)
		return r;
	query_int(q, ":hour", hour_at);
	r = query_next(st, q, &row, reterr);
	if (r)
		return r;
	*ret = (struct flood_counts){ .tenants = (int)column_int(q, 0),
		.rolled = column_int(q, 1) };
	return 0;
}
