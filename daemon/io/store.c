/* The turn, the account, room, and the small memory. */
#include "io/store_db.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>
#include "base/mem.h"

bool store_in_turn(const struct store *st)
{
	return st->in_turn;
}

bool store_lost(const struct store *st)
{
	return st->dead;
}

static int turn_commit(struct store *st, struct fault *reterr)
{
	static const char sql_commit[] = "COMMIT";
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r;

	if (st->broken.code) {
		if (reterr)
			*reterr = st->broken;
		return -(int)st->broken.code;
	}
	r = query_read(st, sql_commit, &q, reterr);
	return r ? r : query_run(st, q, reterr);
}

#define CHECKPOINT_PAGES 1000 /* 4 MiB of log: more makes a start after a crash slower */

int store_commit(struct store *st, struct fault *reterr)
{
	int r;

	if (!st->in_turn)
		return 0;
	assert(query_none_busy(st));
	r = turn_commit(st, reterr);
	if (r) {
		store_rollback(st);
		return r;
	}
	st->in_turn = false;
	st->log_grew = true;
	/* What was committed is durable in the log, whatever becomes of the copy: if that fails for
	 * good, the next write says so. */
	if (st->log_pages >= CHECKPOINT_PAGES)
		(void)!store_checkpoint(st, SQLITE_CHECKPOINT_PASSIVE, NULL);
	return 0;
}

void store_rollback(struct store *st)
{
	assert(query_none_busy(st));
	/* SQLite may have rolled back by itself already. If it cannot, nothing can be trusted. */
	if (!sqlite3_get_autocommit(st->db) &&
		sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK) {
		store_failed(st, NULL);
		st->dead = true;
	}
	st->in_turn = false;
	st->unsettled = true; /* what was settled in this turn is not any more */
	if (!st->dead)
		st->broken = (struct fault){ 0 };
}

static int run_sql(struct store *st, const char *sql, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql, &q, reterr);

	return r ? r : query_run(st, q, reterr);
}

/* Whoever was sending is due again: 1 is the earliest time that is not "nothing waits". */
static const char sql_recover_due[] = "UPDATE incidents SET due_at = 1 WHERE due_at = 0"
				      " AND id IN (SELECT incident FROM events WHERE state = 1)";
/* Nothing that waits may be without a time; these can only be ones whose request is unknown. */
static const char sql_recover_waiting[] =
	"UPDATE incidents SET due_at = 1 WHERE op != 0 AND due_at = 0"
	" AND EXISTS (SELECT 1 FROM events e WHERE e.incident = incidents.id AND e.state = 0)";
static const char sql_recover_events[] = "UPDATE events SET state = 0 WHERE state = 1";
static const char sql_recover_ops[] =
	"UPDATE incidents SET op_doubt = 1 WHERE op != 0 AND op_doubt = 0";
static const char sql_recover_claims[] = "UPDATE incidents SET claimed = 0 WHERE claimed = 1";

int store_recover(struct store *st, struct fault *reterr)
{
	int r;

	r = run_sql(st, sql_recover_due, reterr);
	if (!r)
		r = run_sql(st, sql_recover_events, reterr);
	if (!r)
		r = run_sql(st, sql_recover_waiting, reterr);
	if (!r)
		r = run_sql(st, sql_recover_ops, reterr);
	if (!r)
		r = run_sql(st, sql_recover_claims, reterr);
	return r;
}

static int disk_room(struct store *st, struct fault *reterr)
{
	struct statvfs disk;

	if (statvfs(st->path, &disk) < 0)
		return fault_set(reterr, FAULT_STORE, "the disk below %s cannot be asked: %s",
			st->path, strerror(errno));
	if ((uint64_t)disk.f_bavail * disk.f_frsize < STORE_DISK_RESERVE)
		return fault_set(reterr, FAULT_STORE_FULL,
			"the disk below %s has less than %d MiB free: free space on it", st->path,
			STORE_DISK_RESERVE / (1024 * 1024));
	return 0;
}

/* Free pages inside the file are room: they are used again before it grows. */
static const char sql_used_bytes[] =
	"SELECT (page_count - freelist_count) * page_size"
	" FROM pragma_page_count, pragma_freelist_count, pragma_page_size";

int store_room(struct store *st, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int64_t used = 0;
	int r;

	r = query_read(st, sql_used_bytes, &q, reterr);
	if (!r)
		r = query_value(st, q, &used, reterr);
	if (r)
		return r;
	if (used >= st->max_bytes)
		return fault_set(reterr, FAULT_STORE_FULL,
			"%s has grown to its limit of %" PRId64
			" MiB: raise store.max_bytes, or shorten store.history",
			st->path, st->max_bytes / (1024 * 1024));
	return disk_room(st, reterr);
}

static const char sql_account[] =
	"SELECT accepted, queued, sending, held, delivered, skipped, muted, expired, dead"
	" FROM account";

static void account_read(sqlite3_stmt *q, struct account *a)
{
	a->accepted = column_int(q, 0);
	a->queued = column_int(q, 1);
	a->sending = column_int(q, 2);
	a->held = column_int(q, 3);
	a->delivered = column_int(q, 4);
	a->skipped = column_int(q, 5);
	a->muted = column_int(q, 6);
	a->expired = column_int(q, 7);
	a->dead = column_int(q, 8);
}

static int account_ask(struct store *st, const char *sql, struct account *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool row = false;
	int r;

	r = query_read(st, sql, &q, reterr);
	if (!r)
		r = query_next(st, q, &row, reterr);
	if (r)
		return r;
	if (!row)
		return fault_set(reterr, FAULT_STORE, "%s has lost its account", st->path);
	account_read(q, ret);
	return 0;
}

int store_account(struct store *st, struct account *ret, struct fault *reterr)
{
	return account_ask(st, sql_account, ret, reterr);
}

bool account_balances(const struct account *a)
{
	return a->accepted ==
		a->queued + a->sending + a->held + a->delivered + a->skipped + a->muted +
		a->expired + a->dead;
}

static const char sql_account_counted[] =
	"SELECT (SELECT count(*) FROM events) + pruned_delivered + pruned_skipped + pruned_muted"
	"  + pruned_expired + pruned_dead,"
	" (SELECT count(*) FROM events WHERE state = 0),"
	" (SELECT count(*) FROM events WHERE state = 1),"
	" (SELECT count(*) FROM events WHERE state = 2),"
	" (SELECT count(*) FROM events WHERE state = 3) + pruned_delivered,"
	" (SELECT count(*) FROM events WHERE state = 4) + pruned_skipped,"
	" (SELECT count(*) FROM events WHERE state = 5) + pruned_muted,"
	" (SELECT count(*) FROM events WHERE state = 6) + pruned_expired,"
	" (SELECT count(*) FROM events WHERE state = 7) + pruned_dead"
	" FROM account";
static const char sql_tenants_off[] =
	"SELECT count(*) FROM tenants t WHERE held !="
	" (SELECT count(*) FROM events e WHERE e.tenant = t.row AND e.state = 2)";
static const char sql_texts_off[] =
	"SELECT (SELECT count(*) FROM events) - (SELECT count(*) FROM texts)";

static int expect_none(struct store *st, const char *sql, const char *what, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int64_t n = 0;
	int r;

	r = query_read(st, sql, &q, reterr);
	if (!r)
		r = query_value(st, q, &n, reterr);
	if (!r && n != 0)
		r = fault_set(reterr, FAULT_STORE, "%s: %s (%" PRId64 ")", st->path, what, n);
	return r;
}

int store_account_verify(struct store *st, struct fault *reterr)
{
	struct account kept = { 0 }, counted = { 0 };
	int r;

	r = account_ask(st, sql_account, &kept, reterr);
	if (!r)
		r = account_ask(st, sql_account_counted, &counted, reterr);
	if (!r && (memcmp(&kept, &counted, sizeof(kept)) != 0 || !account_balances(&kept)))
		r = fault_set(reterr, FAULT_STORE,
			"%s: the account does not fit the rows: accepted %" PRId64
			", counted %" PRId64,
			st->path, kept.accepted, counted.accepted);
	if (!r)
		r = expect_none(
			st, sql_tenants_off, "tenants whose count of held events is wrong", reterr);
	if (!r)
		r = expect_none(st, sql_texts_off, "events without their text", reterr);
	return r;
}

static const char sql_memo_get[] = "SELECT value FROM memos WHERE key = :key";

int store_memo_get(struct store *st, const char *key, char **ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool row = false;
	int r;

	r = query_read(st, sql_memo_get, &q, reterr);
	if (r)
		return r;
	query_text(q, ":key", key);
	r = query_next(st, q, &row, reterr);
	if (!r)
		*ret = row ? column_text(q, 0) : NULL;
	return r;
}

static const char sql_memo_set[] = "INSERT INTO memos (key, value) VALUES (:key, :value)"
				   " ON CONFLICT (key) DO UPDATE SET value = excluded.value";
static const char sql_memo_forget[] = "DELETE FROM memos WHERE key = :key";

int store_memo_set(struct store *st, const char *key, const char *value, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r;

	r = query_write(st, value ? sql_memo_set : sql_memo_forget, &q, reterr);
	if (r)
		return r;
	query_text(q, ":key", key);
	if (value)
		query_text(q, ":value", value);
	return query_run(st, q, reterr);
}
