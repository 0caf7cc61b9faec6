#include "io/store_watch.h"

#include <sys/statvfs.h>
#include "base/mem.h"
#include "io/store_db.h"

void store_watch_clear(struct store_watch *w)
{
	mem_free(w->held_tenant);
	mem_free(w->dead_why);
	*w = (struct store_watch){ 0 };
}

/* Accepted in the order of seq; those released by a mapping wait only since then. */
static const char sql_undelivered[] =
	"SELECT min(max(e.accepted_at, t.mapped_at)) FROM"
	" (SELECT * FROM (SELECT accepted_at, tenant FROM events INDEXED BY events_state"
	"  WHERE state = 0 ORDER BY seq LIMIT 200)"
	" UNION ALL SELECT * FROM (SELECT accepted_at, tenant FROM events INDEXED BY events_state"
	"  WHERE state = 1 ORDER BY seq LIMIT 200)) e"
	" JOIN tenants t ON t.row = e.tenant";
static const char sql_last[] = "SELECT accepted_at FROM events ORDER BY seq DESC LIMIT 1";
static const char sql_dead[] =
	"SELECT count(*) FROM (SELECT 1 FROM events INDEXED BY events_state WHERE state = 7"
	" LIMIT :max)";
static const char sql_used[] = "SELECT (page_count - freelist_count) * page_size"
			       " FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
static const char sql_held[] =
	"SELECT e.accepted_at, coalesce(t.name, t.domain, t.guid) || CASE WHEN c.gone_at > 0"
	" THEN ': ' || c.name || ' (' || c.id || ') is gone from ConnectWise'"
	" WHEN c.inactive = 1 THEN ': ' || c.name || ' (' || c.id || ') is '"
	" || coalesce(c.status, 'inactive') || ' in ConnectWise' ELSE '' END"
	" FROM events e INDEXED BY events_held JOIN tenants t ON t.row = e.tenant"
	" LEFT JOIN companies c ON c.id = t.company"
	" WHERE e.state = 2 ORDER BY e.accepted_at LIMIT 1";
static const char sql_dead_why[] = "SELECT why FROM events INDEXED BY events_state WHERE state = 7"
				   " ORDER BY seq DESC LIMIT 1";

static int ask(struct store *st, const char *sql, int64_t max, int64_t *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql, &q, reterr);

	if (r)
		return r;
	if (max)
		query_int(q, ":max", max);
	return query_value(st, q, ret, reterr);
}

static int ask_held(struct store *st, struct store_watch *w, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool row = false;
	int r = query_read(st, sql_held, &q, reterr);

	if (!r)
		r = query_next(st, q, &row, reterr);
	if (!r && row) {
		w->held_at = column_int(q, 0);
		w->held_tenant = column_text(q, 1);
	}
	return r;
}

static int ask_dead_why(struct store *st, struct store_watch *w, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool row = false;
	int r = query_read(st, sql_dead_why, &q, reterr);

	if (!r)
		r = query_next(st, q, &row, reterr);
	if (!r && row)
		w->dead_why = column_text(q, 0);
	return r;
}

static void ask_disk(struct store *st, struct store_watch *w)
{
	struct statvfs disk;

	if (statvfs(st->path, &disk) < 0)
		return;
	w->disk_free = (int64_t)(disk.f_bavail * disk.f_frsize);
	w->disk_size = (int64_t)(disk.f_blocks * disk.f_frsize);
}

int store_watch(struct store *st, struct store_watch *ret, struct fault *reterr)
{
	struct store_watch w = { .max_bytes = st->max_bytes };
	int r = ask(st, sql_undelivered, 0, &w.undelivered_at, reterr);

	if (!r)
		r = ask(st, sql_last, 0, &w.last_at, reterr);
	if (!r)
		r = ask(st, sql_dead, WATCH_DEAD_MAX, &w.dead, reterr);
	if (!r)
		r = ask(st, sql_used, 0, &w.used, reterr);
	if (!r)
		r = ask_held(st, &w, reterr);
	if (!r && w.dead)
		r = ask_dead_why(st, &w, reterr);
	if (r) {
		store_watch_clear(&w);
		return r;
	}
	ask_disk(st, &w);
	*ret = w;
	return 0;
}
