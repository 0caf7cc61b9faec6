/* Events as people ask for them: lists, and all versions of one id. */
#include "io/store_event_row.h"

#define JOINED                                                                                     \
	QUEUE_ROW_COLUMNS ", t.guid, t.domain, t.name, c.name, t.company, i.board, i.status, "     \
			  "i.due_at, i.ticket"
#define JOINS                                                                                      \
	" JOIN tenants t ON t.row = e.tenant JOIN incidents i ON i.id = e.incident"                \
	" LEFT JOIN companies c ON c.id = t.company"

static void read_joined(sqlite3_stmt *q, struct queue_row *row)
{
	int at = QUEUE_ROW_COLUMNS_N;

	queue_row_read(q, row);
	row->tenant_guid = column_text(q, at);
	row->tenant_domain = column_text(q, at + 1);
	row->tenant_name = column_text(q, at + 2);
	row->company_name = column_text(q, at + 3);
	row->company = column_int(q, at + 4);
	if (row->ticket && row->ticket == column_int(q, at + 8)) { /* of the present ticket only */
		row->board = column_text(q, at + 5);
		row->status = column_text(q, at + 6);
	}
	row->due_at = column_int(q, at + 7);
}

static int read_all(struct store *st, sqlite3_stmt *q, bool with_text, struct queue_rows *rows,
	struct fault *reterr)
{
	bool more = true;
	int r;

	for (;;) {
		struct queue_row *row;

		r = query_next(st, q, &more, reterr);
		if (r || !more)
			return r;
		rows->at = array_more(rows->at, rows->n, sizeof(*rows->at));
		row = &rows->at[rows->n++];
		read_joined(q, row);
		if (with_text)
			row->text = column_text(q, QUEUE_ROW_COLUMNS_N + 9);
	}
}

/* The indexes end in seq, so each form is read backwards from :before without sorting. */
static const char sql_list[] = "SELECT " JOINED " FROM events e" JOINS
			       " WHERE e.seq < :before ORDER BY e.seq DESC LIMIT :limit";
static const char sql_list_state[] =
	"SELECT " JOINED " FROM events e INDEXED BY events_state" JOINS
	" WHERE e.state = :state AND e.seq < :before ORDER BY e.seq DESC LIMIT :limit";
/* A tenant in any state: the newest of each state, and of those the newest. */
#define NEWEST_IN(state)                                                                           \
	"SELECT * FROM (SELECT seq FROM events INDEXED BY events_tenant WHERE tenant = :tenant"    \
	" AND state = " state " AND seq < :before ORDER BY seq DESC LIMIT :limit)"
#define OR " UNION ALL "
static const char sql_list_tenant[] =
	"SELECT " JOINED " FROM events e" JOINS " WHERE e.seq IN (" NEWEST_IN("0") OR NEWEST_IN("1")
		OR NEWEST_IN("2") OR NEWEST_IN("3") OR NEWEST_IN("4") OR NEWEST_IN("5")
			OR NEWEST_IN("6") OR NEWEST_IN("7") ") ORDER BY e.seq DESC LIMIT :limit";
static const char sql_list_both[] =
	"SELECT " JOINED " FROM events e INDEXED BY events_tenant" JOINS
	" WHERE e.tenant = :tenant AND e.state = :state AND e.seq < :before"
	" ORDER BY e.seq DESC LIMIT :limit";

static const char *sql_of(const struct queue_filter *filter)
{
	if (filter->any_state)
		return filter->tenant ? sql_list_tenant : sql_list;
	return filter->tenant ? sql_list_both : sql_list_state;
}

int queue_list(struct store *st, const struct queue_filter *filter, struct queue_rows *ret,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	struct queue_rows rows = { 0 };
	int r = query_read(st, sql_of(filter), &q, reterr);

	if (r)
		return r;
	query_int(q, ":before", filter->before > 0 ? filter->before : INT64_MAX);
	query_int(q, ":limit", filter->limit);
	if (!filter->any_state)
		query_int(q, ":state", filter->state);
	if (filter->tenant)
		query_int(q, ":tenant", filter->tenant);
	r = read_all(st, q, false, &rows, reterr);
	if (r) {
		queue_rows_clear(&rows);
		return r;
	}
	*ret = rows;
	return 0;
}

static const char sql_by_id[] =
	"SELECT " JOINED ", (SELECT text FROM texts x WHERE x.seq = e.seq) FROM events e" JOINS
	" WHERE e.seq IN (SELECT seq FROM events WHERE event_id = :event_id"
	"  ORDER BY seq DESC LIMIT :max) ORDER BY e.seq";

int queue_by_id(
	struct store *st, const char *event_id, struct queue_rows *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	struct queue_rows rows = { 0 };
	int r = query_read(st, sql_by_id, &q, reterr);

	if (r)
		return r;
	query_text(q, ":event_id", event_id);
	query_int(q, ":max", QUEUE_BY_ID_MAX);
	r = read_all(st, q, true, &rows, reterr);
	if (r) {
		queue_rows_clear(&rows);
		return r;
	}
	*ret = rows;
	return 0;
}
