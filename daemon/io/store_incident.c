#include "io/store_incident.h"

#include <stdlib.h>
#include "base/mem.h"
#include "io/store_db.h"

#define COLUMNS                                                                                    \
	"id, tenant, hash, type, label, generation, ticket, previous_ticket, ticket_company, "     \
	"board, status, op, op_key, op_at, op_doubt, op_lookups, tries, due_at, updated_at, "      \
	"rolled_into"
#define COLUMNS_N 20

void incident_clear(struct incident *in)
{
	mem_free(in->hash);
	mem_free(in->type);
	mem_free(in->label);
	mem_free(in->board);
	mem_free(in->status);
	mem_free(in->op_key);
	*in = (struct incident){ 0 };
}

void incidents_clear(struct incidents *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		incident_clear(&list->at[i]);
	free(list->at);
	*list = (struct incidents){ 0 };
}

static void read_row(sqlite3_stmt *q, struct incident *in)
{
	in->id = column_int(q, 0);
	in->tenant = column_int(q, 1);
	in->hash = column_text(q, 2);
	in->type = column_text(q, 3);
	in->label = column_text(q, 4);
	in->generation = (int)column_int(q, 5);
	in->ticket = column_int(q, 6);
	in->previous_ticket = column_int(q, 7);
	in->ticket_company = column_int(q, 8);
	in->board = column_text(q, 9);
	in->status = column_text(q, 10);
	in->op = (enum op)column_int(q, 11);
	in->op_key = column_text(q, 12);
	in->op_at = column_int(q, 13);
	in->op_doubt = column_int(q, 14) != 0;
	in->op_lookups = (int)column_int(q, 15);
	in->tries = (int)column_int(q, 16);
	in->due_at = column_int(q, 17);
	in->updated_at = column_int(q, 18);
	in->rolled_into = column_int(q, 19);
}

/* ==== finding ==== */

static const char sql_find[] = "SELECT id FROM incidents WHERE tenant = :tenant AND hash = :hash";

static int find(
	struct store *st, int64_t tenant, const char *hash, int64_t *ret_id, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql_find, &q, reterr);

	if (r)
		return r;
	query_int(q, ":tenant", tenant);
	query_text(q, ":hash", hash);
	return query_value(st, q, ret_id, reterr);
}

/* Not from 0, but from where pruned incidents stopped: a marker never names two tickets. */
static const char sql_new[] =
	"INSERT INTO incidents (tenant, hash, type, label, generation, updated_at)"
	" VALUES (:tenant, :hash, :type, :label, (SELECT generation FROM account), :now)";

int incident_of(struct store *st, int64_t tenant, const char *hash, const char *type,
	const char *label, int64_t now, int64_t *ret_id, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int64_t id = 0;
	int r = find(st, tenant, hash, &id, reterr);

	if (r)
		return r;
	if (id) {
		*ret_id = id;
		return 0;
	}
	r = query_write(st, sql_new, &q, reterr);
	if (r)
		return r;
	query_int(q, ":tenant", tenant);
	query_text(q, ":hash", hash);
	query_text(q, ":type", type);
	query_text(q, ":label", label);
	query_int(q, ":now", now);
	r = query_run(st, q, reterr);
	if (!r)
		*ret_id = sqlite3_last_insert_rowid(st->db);
	return r;
}

static const char sql_get[] = "SELECT " COLUMNS " FROM incidents WHERE id = :id";

int incident_get(struct store *st, int64_t id, struct incident *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool row = false;
	int r = query_read(st, sql_get, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", id);
	r = query_next(st, q, &row, reterr);
	if (r)
		return r;
	if (!row)
		return fault_set(
			reterr, FAULT_NOT_FOUND, "there is no incident %lld", (long long)id);
	*ret = (struct incident){ 0 };
	read_row(q, ret);
	return 0;
}

/* ==== claiming ==== */

static const char sql_anything_due[] =
	"SELECT EXISTS (SELECT 1 FROM incidents INDEXED BY incidents_due"
	" WHERE due_at > 0 AND claimed = 0 AND due_at <= :now)";
/* The index has no entries but those of waiting incidents: a tenant's first is its earliest. */
static const char sql_next_tenant[] =
	"SELECT tenant, due_at FROM incidents INDEXED BY incidents_turn"
	" WHERE due_at > 0 AND claimed = 0 AND tenant > :turn ORDER BY tenant, due_at LIMIT 1";
static const char sql_oldest[] =
	"SELECT id FROM incidents INDEXED BY incidents_turn WHERE due_at > 0 AND claimed = 0"
	" AND tenant = :tenant AND due_at <= :now ORDER BY due_at, id LIMIT 1";
static const char sql_newest[] =
	"SELECT id FROM incidents INDEXED BY incidents_turn WHERE due_at > 0 AND claimed = 0"
	" AND tenant = :tenant AND due_at <= :now ORDER BY due_at DESC, id DESC LIMIT 1";

static int ask_due(
	struct store *st, const char *sql, int64_t now, int64_t *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql, &q, reterr);

	if (r)
		return r;
	query_int(q, ":now", now);
	return query_value(st, q, ret, reterr);
}

/* The next tenant that anything waits for, and when; 0: none after turn. */
static int waiting_after(
	struct store *st, int64_t turn, int64_t *ret_tenant, int64_t *ret_due, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool row = false;
	int r = query_read(st, sql_next_tenant, &q, reterr);

	if (r)
		return r;
	query_int(q, ":turn", turn);
	r = query_next(st, q, &row, reterr);
	if (r)
		return r;
	*ret_tenant = row ? column_int(q, 0) : 0;
	*ret_due = row ? column_int(q, 1) : 0;
	return 0;
}

static int due_of(struct store *st, int64_t tenant, int64_t now, bool newest_first, int64_t *ret_id,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, newest_first ? sql_newest : sql_oldest, &q, reterr);

	if (r)
		return r;
	query_int(q, ":tenant", tenant);
	query_int(q, ":now", now);
	return query_value(st, q, ret_id, reterr);
}

/* One statement with only an id. */
static int run_id(struct store *st, const char *sql, int64_t id, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", id);
	return query_run_one(st, q, "incident", id, reterr);
}

static const char sql_claim[] = "UPDATE incidents SET claimed = 1 WHERE id = :id AND claimed = 0";

/* The next tenant in turn of which something is due; after the last one the first again. 0: nothing
 * is due. Steps from tenant to tenant: one that only waits costs one step, however many incidents
 * it has. */
static int next_tenant(
	struct store *st, int64_t now, int64_t turn, int64_t *ret, struct fault *reterr)
{
	int64_t tenant = turn, due = 0, any = 0;
	bool again = false;
	int r = ask_due(st, sql_anything_due, now, &any, reterr);

	while (!r && any) {
		r = waiting_after(st, tenant, &tenant, &due, reterr);
		if (r || (tenant && due <= now) || (!tenant && again))
			break;
		again = again || !tenant;
	}
	if (!r)
		*ret = any ? tenant : 0;
	return r;
}

int incident_claim(struct store *st, int64_t now, int max, bool newest_first, int64_t *turn,
	int64_t *ret_ids, int *ret_n, struct fault *reterr)
{
	int64_t at = *turn, tenant, id;
	int n = 0, r = 0;

	while (!r && n < max) {
		tenant = id = 0;
		r = next_tenant(st, now, at, &tenant, reterr);
		if (!r && tenant)
			r = due_of(st, tenant, now, newest_first, &id, reterr);
		if (r || !id)
			break;
		r = run_id(st, sql_claim, id, reterr);
		ret_ids[n++] = id;
		at = tenant;
	}
	if (r)
		return r;
	*turn = at;
	*ret_n = n;
	return 0;
}

static const char sql_next_due[] = "SELECT due_at FROM incidents INDEXED BY incidents_due"
				   " WHERE due_at > 0 AND claimed = 0 ORDER BY due_at LIMIT 1";

int incident_next_due(struct store *st, int64_t *ret_at, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql_next_due, &q, reterr);

	return r ? r : query_value(st, q, ret_at, reterr);
}

static const char sql_clamp[] = "UPDATE incidents INDEXED BY incidents_due SET due_at = :now"
				" WHERE due_at > 0 AND claimed = 0 AND due_at > :latest";

int incident_clamp_due(struct store *st, int64_t latest, int64_t now, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_clamp, &q, reterr);

	if (r)
		return r;
	query_int(q, ":latest", latest);
	query_int(q, ":now", now);
	return query_run(st, q, reterr);
}

static const char sql_wake[] =
	"UPDATE incidents INDEXED BY incidents_due SET due_at = :now"
	" WHERE due_at > 0 AND claimed = 0 AND due_at > :now AND op_doubt = 0 AND (:event_id IS "
	"NULL"
	" OR id IN (SELECT incident FROM events WHERE event_id = :event_id AND state = 0))";

int incident_wake(
	struct store *st, const char *event_id, int64_t now, int *ret_n, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_wake, &q, reterr);

	if (r)
		return r;
	query_int(q, ":now", now);
	query_text(q, ":event_id", event_id);
	r = query_run(st, q, reterr);
	if (!r)
		*ret_n = query_changed(st);
	return r;
}

static const char sql_release[] =
	"UPDATE incidents SET claimed = 0, tries = :tries, due_at = CASE WHEN :due > 0 THEN :due"
	" WHEN EXISTS (SELECT 1 FROM events WHERE incident = :id AND state = 0) THEN :now ELSE 0 "
	"END"
	" WHERE id = :id";

int incident_release(
	struct store *st, int64_t id, int64_t due_at, int tries, int64_t now, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_release, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", id);
	query_int(q, ":due", due_at);
	query_int(q, ":tries", tries);
	query_int(q, ":now", now);
	return query_run_one(st, q, "incident", id, reterr);
}

/* ==== the operation under way ==== */

/* An operation that is over, or gives way to another: no row may be taken for part of a later one
 * that has the same key (a create that was refused and is tried again has the same marker). */
static const char sql_forget_key[] =
	"UPDATE events INDEXED BY events_op SET op_key = NULL WHERE incident = :id"
	" AND op_key = (SELECT op_key FROM incidents WHERE id = :id AND op_key IS NOT :key)";

static int forget_key(struct store *st, int64_t id, const char *key, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_forget_key, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", id);
	query_text(q, ":key", key);
	return query_run(st, q, reterr);
}

static const char sql_begin_op[] =
	"UPDATE incidents SET op = :op, op_key = :key, op_at = :now, op_doubt = 0, op_lookups = 0"
	" WHERE id = :id";

int incident_begin_op(struct store *st, int64_t id, enum op op, const char *key, int64_t now,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = forget_key(st, id, key, reterr);

	if (!r)
		r = query_write(st, sql_begin_op, &q, reterr);
	if (r)
		return r;
	query_int(q, ":id", id);
	query_int(q, ":op", op);
	query_text(q, ":key", key);
	query_int(q, ":now", now);
	return query_run_one(st, q, "incident", id, reterr);
}

static const char sql_doubt_op[] = "UPDATE incidents SET op_doubt = (op != 0) WHERE id = :id";
static const char sql_lookup_empty[] =
	"UPDATE incidents SET op_lookups = op_lookups + 1 WHERE id = :id";
static const char sql_end_op[] =
	"UPDATE incidents SET op = 0, op_key = NULL, op_doubt = 0, op_lookups = 0 WHERE id = :id";

int incident_doubt_op(struct store *st, int64_t id, struct fault *reterr)
{
	return run_id(st, sql_doubt_op, id, reterr);
}

int incident_lookup_empty(struct store *st, int64_t id, struct fault *reterr)
{
	return run_id(st, sql_lookup_empty, id, reterr);
}

int incident_end_op(struct store *st, int64_t id, struct fault *reterr)
{
	int r = forget_key(st, id, NULL, reterr);

	return r ? r : run_id(st, sql_end_op, id, reterr);
}

/* ==== the ticket ==== */

static const char sql_set_ticket[] =
	"UPDATE incidents SET previous_ticket = CASE WHEN ticket NOT IN (0, :ticket) THEN ticket"
	" ELSE previous_ticket END, ticket = :ticket, generation = :generation,"
	" ticket_company = :company, board = :board, status = :status, updated_at = :now"
	" WHERE id = :id";

int incident_set_ticket(struct store *st, int64_t id, int64_t ticket, int generation,
	int64_t company, const char *board, const char *status, int64_t now, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_set_ticket, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", id);
	query_int(q, ":ticket", ticket);
	query_int(q, ":generation", generation);
	query_int(q, ":company", company);
	query_text(q, ":board", board);
	query_text(q, ":status", status);
	query_int(q, ":now", now);
	return query_run_one(st, q, "incident", id, reterr);
}

static const char sql_saw[] =
	"UPDATE incidents SET board = :board, status = :status, updated_at = :now WHERE id = :id";

int incident_saw(struct store *st, int64_t id, const char *board, const char *status, int64_t now,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_saw, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", id);
	query_text(q, ":board", board);
	query_text(q, ":status", status);
	query_int(q, ":now", now);
	return query_run_one(st, q, "incident", id, reterr);
}

/* ==== the list ==== */

static const char sql_list[] =
	"SELECT " COLUMNS
	", (SELECT count(*) FROM events e WHERE e.incident = i.id AND e.state = 0)"
	" FROM incidents i INDEXED BY incidents_updated"
	" ORDER BY updated_at DESC, id DESC LIMIT :limit";

int incident_list(struct store *st, int limit, struct incidents *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	struct incidents list = { 0 };
	bool more = true;
	int r = query_read(st, sql_list, &q, reterr);

	if (r)
		return r;
	query_int(q, ":limit", limit);
	for (;;) {
		r = query_next(st, q, &more, reterr);
		if (r || !more)
			break;
		list.at = array_more(list.at, list.n, sizeof(*list.at));
		read_row(q, &list.at[list.n]);
		list.at[list.n].waiting = (int)column_int(q, COLUMNS_N);
		list.n++;
	}
	if (r) {
		incidents_clear(&list);
		return r;
	}
	*ret = list;
	return 0;
}
