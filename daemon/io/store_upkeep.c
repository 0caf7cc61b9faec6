/* Upkeep: giving back space, forgetting what is old. */
#include "io/store_db.h"

#include <assert.h>
#include "base/mem.h"

/* An incident's ticket may stay open long after its events are history; without the ledger a later
 * event would make a second one. */
#define TICKET_KEPT_MS (INT64_C(365) * 24 * 60 * 60 * 1000)
#define FREE_PAGES_KEPT 256 /* 1 MiB that stays in the file for what comes next */

static const char sql_free_pages[] = "SELECT freelist_count FROM pragma_freelist_count";
static const char sql_give_back[] = "PRAGMA incremental_vacuum(64)";

void store_idle(struct store *st)
{
	CLEANUP(query_end) sqlite3_stmt *ask = NULL;
	CLEANUP(query_end) sqlite3_stmt *give = NULL;
	int64_t pages = 0;

	assert(!st->in_turn);
	if (st->dead)
		return;
	/* Only space is lost if any of this fails: the next write will say why. */
	if (query_read(st, sql_free_pages, &ask, NULL) == 0 &&
		query_value(st, ask, &pages, NULL) == 0 && pages > FREE_PAGES_KEPT) {
		query_end(ask);
		if (query_read(st, sql_give_back, &give, NULL) == 0 &&
			query_run(st, give, NULL) == 0)
			st->log_grew = true;
		query_end(give);
	}
	query_end(ask);
	if (st->log_grew && store_checkpoint(st, SQLITE_CHECKPOINT_TRUNCATE, NULL) == 0)
		st->log_grew = false;
}

static const char sql_prune_events[] =
	"DELETE FROM events WHERE seq IN (SELECT seq FROM events INDEXED BY events_ended"
	" WHERE state >= 3 AND done_at < :before ORDER BY done_at LIMIT :max)";

static int prune_events(
	struct store *st, int64_t before_at, int max, int *ret_n, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r;

	r = query_write(st, sql_prune_events, &q, reterr);
	if (r)
		return r;
	query_int(q, ":before", before_at);
	query_int(q, ":max", max);
	r = query_run(st, q, reterr);
	if (!r)
		*ret_n = query_changed(st);
	return r;
}

/* The next max old incidents, in the order of their last activity; idle: nothing hangs on it. */
static const char sql_prune_examine[] =
	"SELECT updated_at, id, op = 0 AND claimed = 0 AND due_at = 0"
	" AND (ticket = 0 OR updated_at < :long_before)"
	" AND NOT EXISTS (SELECT 1 FROM events WHERE incident = i.id) AS idle"
	" FROM incidents i INDEXED BY incidents_updated"
	" WHERE (updated_at, id) > (:at, :id) AND updated_at < :before"
	" ORDER BY updated_at, id LIMIT :max";

/* Moves on from where the last call stopped, so that incidents that must stay (their events are
 * held) are not examined again and again; at the end it starts over. */
static int prune_examine(struct store *st, int64_t before_at, int max, int64_t *ids, int *ret_n,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int64_t at = 0, id = 0;
	bool row = true;
	int r, seen = 0;

	r = query_read(st, sql_prune_examine, &q, reterr);
	if (r)
		return r;
	query_int(q, ":at", st->prune_at);
	query_int(q, ":id", st->prune_id);
	query_int(q, ":before", before_at);
	query_int(q, ":long_before", before_at - TICKET_KEPT_MS);
	query_int(q, ":max", max);
	for (*ret_n = 0;;) {
		r = query_next(st, q, &row, reterr);
		if (r || !row)
			break;
		seen++;
		at = column_int(q, 0);
		id = column_int(q, 1);
		if (column_int(q, 2))
			ids[(*ret_n)++] = id;
	}
	st->prune_at = seen < max ? 0 : at;
	st->prune_id = seen < max ? 0 : id;
	return r;
}

static const char sql_prune_incident[] = "DELETE FROM incidents WHERE id = :id";

static int prune_incident(struct store *st, int64_t id, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_prune_incident, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", id);
	return query_run(st, q, reterr);
}

int store_prune(struct store *st, int64_t before_at, int max, int *ret_n, struct fault *reterr)
{
	CLEANUP(mem_free) char *room = NULL;
	int64_t *ids;
	int r, n = 0, idle = 0;

	assert(max > 0);
	room = xcalloc((size_t)max, sizeof(int64_t));
	ids = (int64_t *)(void *)room;
	r = prune_events(st, before_at, max, &n, reterr);
	if (!r)
		r = prune_examine(st, before_at, max, ids, &idle, reterr);
	for (int i = 0; !r && i < idle; i++)
		r = prune_incident(st, ids[i], reterr);
	if (!r)
		*ret_n = n;
	return r;
}
