/* Events: put in, taken for delivery, ended, held and released. Lists are in store_event_list.c. */
#include "io/store_event_row.h"

#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/store_db.h"

#define DIGEST_KEPT 32 /* hex digits of SHA-256 */

/* ==== states ==== */

static const char *const state_names[] = {
	[QUEUE_QUEUED] = "queued",
	[QUEUE_SENDING] = "sending",
	[QUEUE_HELD] = "held",
	[QUEUE_DELIVERED] = "delivered",
	[QUEUE_SKIPPED] = "skipped",
	[QUEUE_MUTED] = "muted",
	[QUEUE_EXPIRED] = "expired",
	[QUEUE_DEAD] = "dead",
};

const char *queue_state_name(enum queue_state state)
{
	return state_names[state];
}

bool queue_state_parse(const char *word, enum queue_state *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(state_names); i++) {
		if (!str_eq(word, state_names[i]))
			continue;
		*ret = (enum queue_state)i;
		return true;
	}
	return false;
}

bool queue_state_ended(enum queue_state state)
{
	return state >= QUEUE_DELIVERED;
}

/* ==== rows ==== */

void queue_row_clear(struct queue_row *row)
{
	mem_free(row->event_id);
	mem_free(row->type);
	mem_free(row->event_state);
	mem_free(row->title);
	mem_free(row->text);
	mem_free(row->did);
	mem_free(row->why);
	mem_free(row->op_key);
	mem_free(row->tenant_guid);
	mem_free(row->tenant_domain);
	mem_free(row->tenant_name);
	mem_free(row->company_name);
	mem_free(row->board);
	mem_free(row->status);
	*row = (struct queue_row){ 0 };
}

void queue_rows_clear(struct queue_rows *rows)
{
	size_t i;

	for (i = 0; i < rows->n; i++)
		queue_row_clear(&rows->at[i]);
	free(rows->at);
	*rows = (struct queue_rows){ 0 };
}

void queue_row_read(sqlite3_stmt *q, struct queue_row *row)
{
	row->seq = column_int(q, 0);
	row->tenant = column_int(q, 1);
	row->incident = column_int(q, 2);
	row->event_id = column_text(q, 3);
	row->version = (int)column_int(q, 4);
	row->type = column_text(q, 5);
	row->event_state = column_text(q, 6);
	row->title = column_text(q, 7);
	row->state = (enum queue_state)column_int(q, 8);
	row->did = column_text(q, 9);
	row->why = column_text(q, 10);
	row->ticket = column_int(q, 11);
	row->attempts = (int)column_int(q, 12);
	row->op_key = column_text(q, 13);
	row->noted = column_int(q, 14) != 0;
	row->accepted_at = column_int(q, ACCEPTED_AT_COLUMN);
	row->done_at = column_int(q, 16);
	row->uid = column_int(q, 17);
}

/* ==== putting in ==== */

static const char sql_same[] =
	"SELECT " QUEUE_ROW_COLUMNS " FROM events e"
	" WHERE event_id = :event_id AND tenant = :tenant AND digest = :digest";

static int find_same(struct store *st, const struct queue_new *ev, const char *digest,
	bool *ret_found, struct queue_row *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql_same, &q, reterr);

	if (r)
		return r;
	query_text(q, ":event_id", ev->event_id);
	query_int(q, ":tenant", ev->tenant);
	query_text(q, ":digest", digest);
	r = query_next(st, q, ret_found, reterr);
	if (!r && *ret_found)
		queue_row_read(q, ret);
	return r;
}

/* Each part reads one entry of its index, however many versions there are. */
/* From the index of later versions: a submitter that gives every event the same id costs no more.
 */
static const char sql_version[] =
	"SELECT coalesce((SELECT max(version) FROM events"
	"  WHERE event_id = :event_id AND tenant = :tenant AND version > 1),"
	" (SELECT 1 FROM events WHERE event_id = :event_id AND tenant = :tenant LIMIT 1), 0) + 1";

static int next_version(
	struct store *st, const struct queue_new *ev, int64_t *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql_version, &q, reterr);

	if (r)
		return r;
	query_text(q, ":event_id", ev->event_id);
	query_int(q, ":tenant", ev->tenant);
	return query_value(st, q, ret, reterr);
}

/* A number is never given twice, also after the highest one was pruned: note keys are made of it.
 */
static const char sql_insert[] = "INSERT INTO events (seq, tenant, incident, state, event_id, "
				 "version, digest, type, event_state,"
				 " title, why, accepted_at, done_at, uid)"
				 " VALUES ((SELECT accepted + 1 FROM account), :tenant, :incident, "
				 ":state, :event_id, :version, :digest, :type, :event_state,"
				 " :title, :why, :accepted_at, :done_at, :uid)";

static int insert_row(struct store *st, const struct queue_new *ev, const char *digest,
	int64_t version, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_insert, &q, reterr);

	if (r)
		return r;
	query_int(q, ":tenant", ev->tenant);
	query_int(q, ":incident", ev->incident);
	query_int(q, ":state", ev->state);
	query_text(q, ":event_id", ev->event_id);
	query_int(q, ":version", version);
	query_text(q, ":digest", digest);
	query_text(q, ":type", ev->type);
	query_text(q, ":event_state", ev->event_state);
	query_text(q, ":title", ev->title);
	query_text(q, ":why", str_is_blank(ev->why) ? NULL : ev->why);
	query_int(q, ":accepted_at", ev->accepted_at);
	query_int(q, ":done_at", queue_state_ended(ev->state) ? ev->accepted_at : 0);
	query_int(q, ":uid", ev->uid);
	return query_run(st, q, reterr);
}

static const char sql_insert_text[] = "INSERT INTO texts (seq, text) VALUES (:seq, :text)";

static int insert_text(struct store *st, int64_t seq, const char *text, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_insert_text, &q, reterr);

	if (r)
		return r;
	query_int(q, ":seq", seq);
	query_text(q, ":text", text);
	return query_run(st, q, reterr);
}

/* One that waits for its time (backoff, doubt) keeps it; a claimed one looks again at its release.
 */
static const char sql_due[] =
	"UPDATE incidents SET updated_at = :now, due_at = CASE WHEN claimed = 0 AND (due_at = 0"
	"  OR (due_at > :now AND tries = 0 AND op_doubt = 0)) THEN :now ELSE due_at END"
	" WHERE id = :incident";

static int make_due(struct store *st, int64_t incident, int64_t now, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_due, &q, reterr);

	if (r)
		return r;
	query_int(q, ":now", now);
	query_int(q, ":incident", incident);
	return query_run_one(st, q, "incident", incident, reterr);
}

static int insert(struct store *st, const struct queue_new *ev, const char *digest,
	int64_t *ret_seq, int64_t *ret_version, struct fault *reterr)
{
	int r = next_version(st, ev, ret_version, reterr);

	if (!r)
		r = insert_row(st, ev, digest, *ret_version, reterr);
	if (!r)
		*ret_seq = sqlite3_last_insert_rowid(st->db);
	if (!r)
		r = insert_text(st, *ret_seq, ev->text, reterr);
	if (!r && ev->state == QUEUE_QUEUED)
		r = make_due(st, ev->incident, ev->accepted_at, reterr);
	return r;
}

int queue_put(struct store *st, const struct queue_new *ev, bool *ret_duplicate,
	struct queue_row *ret_row, struct fault *reterr)
{
	char digest[DIGEST_HEX_MAX];
	struct queue_row row = { 0 };
	int64_t version = 0;
	bool same = false;
	int r;

	digest_hex(ev->text, strlen(ev->text), digest);
	digest[DIGEST_KEPT] = '\0';
	r = find_same(st, ev, digest, &same, &row, reterr);
	if (!r && !same) {
		r = insert(st, ev, digest, &row.seq, &version, reterr);
		row.tenant = ev->tenant;
		row.incident = ev->incident;
		row.event_id = xstrdup(ev->event_id);
		row.version = (int)version;
		row.type = xstrdup(ev->type);
		row.event_state = xstrdup(ev->event_state);
		row.title = xstrdup(ev->title);
		row.state = ev->state;
		row.why = str_is_blank(ev->why) ? NULL : xstrdup(ev->why);
		row.accepted_at = ev->accepted_at;
		row.done_at = queue_state_ended(ev->state) ? ev->accepted_at : 0;
		row.uid = ev->uid;
	}
	if (r) {
		queue_row_clear(&row);
		return r;
	}
	*ret_duplicate = same;
	*ret_row = row;
	return 0;
}

/* ==== delivery ==== */

/* Two statements, each in the order of its index: however long the queue of one incident is, no
 * more of it is read than is taken. The second passes over what the first has marked SENDING. */
#define TAKE_COLUMNS QUEUE_ROW_COLUMNS ", (SELECT text FROM texts t WHERE t.seq = e.seq)"
static const char sql_take_op[] =
	"SELECT " TAKE_COLUMNS " FROM events e INDEXED BY events_op"
	" WHERE e.op_key = (SELECT op_key FROM incidents WHERE id = :incident AND op != 0)"
	" AND e.state = 0 AND e.incident = :incident ORDER BY e.seq LIMIT :max";
static const char sql_take[] = "SELECT " TAKE_COLUMNS " FROM events e INDEXED BY events_incident"
			       " WHERE e.incident = :incident AND e.state = 0"
			       " ORDER BY e.seq LIMIT :max";

static int read_taken(struct store *st, const char *sql, int64_t incident, size_t max,
	struct queue_rows *rows, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool more = true;
	int r = query_read(st, sql, &q, reterr);

	if (r)
		return r;
	query_int(q, ":incident", incident);
	query_int(q, ":max", (int64_t)max);
	for (;;) {
		r = query_next(st, q, &more, reterr);
		if (r || !more)
			return r;
		rows->at = array_more(rows->at, rows->n, sizeof(*rows->at));
		queue_row_read(q, &rows->at[rows->n]);
		rows->at[rows->n].text = column_text(q, QUEUE_ROW_COLUMNS_N);
		rows->at[rows->n].state = QUEUE_SENDING;
		rows->n++;
	}
}

static const char sql_sending[] = "UPDATE events SET state = 1 WHERE seq = :seq AND state = 0";

static int mark_sending(struct store *st, int64_t seq, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_sending, &q, reterr);

	if (r)
		return r;
	query_int(q, ":seq", seq);
	return query_run_one(st, q, "event", seq, reterr);
}

static int by_seq(const void *a, const void *b)
{
	const struct queue_row *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Up to max rows in all. */
static int take_by(struct store *st, const char *sql, int64_t incident, int max,
	struct queue_rows *rows, struct fault *reterr)
{
	size_t i = rows->n;
	int r;

	if (max <= 0 || rows->n >= (size_t)max)
		return 0;
	r = read_taken(st, sql, incident, (size_t)max - rows->n, rows, reterr);
	for (; !r && i < rows->n; i++)
		r = mark_sending(st, rows->at[i].seq, reterr);
	return r;
}

int queue_take(
	struct store *st, int64_t incident, int max, struct queue_rows *ret, struct fault *reterr)
{
	struct queue_rows rows = { 0 };
	int r = take_by(st, sql_take_op, incident, max, &rows, reterr);

	if (!r)
		r = take_by(st, sql_take, incident, max, &rows, reterr);
	if (r) {
		queue_rows_clear(&rows);
		return r;
	}
	if (rows.n)
		qsort(rows.at, rows.n, sizeof(*rows.at), by_seq);
	*ret = rows;
	return 0;
}

static const char sql_set_op[] = "UPDATE events SET op_key = :op_key WHERE seq = :seq";

int queue_set_op(struct store *st, int64_t seq, const char *op_key, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_set_op, &q, reterr);

	if (r)
		return r;
	query_text(q, ":op_key", op_key);
	query_int(q, ":seq", seq);
	return query_run_one(st, q, "event", seq, reterr);
}

static const char sql_set_noted[] =
	"UPDATE events SET noted = 1, did = :did, ticket = :ticket WHERE seq = :seq";

int queue_set_noted(
	struct store *st, int64_t seq, const char *did, int64_t ticket, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_set_noted, &q, reterr);

	if (r)
		return r;
	query_text(q, ":did", did);
	query_int(q, ":ticket", ticket);
	query_int(q, ":seq", seq);
	return query_run_one(st, q, "event", seq, reterr);
}

/* A row that is noted keeps the ticket its text went to. */
static const char sql_finish[] =
	"UPDATE events SET state = :state, did = coalesce(:did, did), why = :why,"
	/* what is held or dead may belong to a request in doubt: its key finds it again */
	" op_key = CASE WHEN :state IN (2, 7) THEN op_key END,"
	" ticket = CASE WHEN noted = 1 AND ticket > 0 THEN ticket ELSE :ticket END,"
	" attempts = attempts + (:state != 2), done_at = :done_at"
	" WHERE seq = :seq AND state = 1";

int queue_finish(struct store *st, int64_t seq, enum queue_state to, const char *did,
	int64_t ticket, const char *why, int64_t at, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_finish, &q, reterr);

	if (r)
		return r;
	query_int(q, ":state", to);
	query_text(q, ":did", did);
	query_int(q, ":ticket", ticket);
	query_text(q, ":why", why);
	query_int(q, ":done_at", queue_state_ended(to) ? at : 0);
	query_int(q, ":seq", seq);
	return query_run_one(st, q, "event", seq, reterr);
}

static const char sql_put_back[] =
	"UPDATE events SET state = 0, attempts = attempts + :counted, why = coalesce(:why, why)"
	" WHERE incident = :incident AND state = 1";

int queue_put_back(
	struct store *st, int64_t incident, bool counted, const char *why, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_put_back, &q, reterr);

	if (r)
		return r;
	query_int(q, ":counted", counted);
	query_text(q, ":why", why);
	query_int(q, ":incident", incident);
	return query_run(st, q, reterr);
}
