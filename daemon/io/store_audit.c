#include "io/store_audit.h"

#include <assert.h>
#include <stdlib.h>
#include "base/mem.h"
#include "io/store_db.h"

#define DROP_SLICE 200 /* rows that go with one that comes, after the bound was lowered */

const char *audit_action_name(enum audit_action action)
{
	switch (action) {
	case AUDIT_DECLARE:
		return "declare";
	case AUDIT_IDENTIFY:
		return "identify";
	case AUDIT_RENAME:
		return "rename";
	case AUDIT_MAP:
		return "map";
	case AUDIT_UNMAP:
		return "unmap";
	case AUDIT_FLOW_ON:
		return "flow_on";
	case AUDIT_FLOW_OFF:
		return "flow_off";
	case AUDIT_RETRY:
		return "retry";
	case AUDIT_SYNC:
		return "sync";
	case AUDIT_RELOAD:
		return "reload";
	case AUDIT_BACKUP:
		return "backup";
	}
	abort();
}

const char *audit_how_name(enum audit_how how)
{
	switch (how) {
	case AUDIT_COMMAND:
		return "command";
	case AUDIT_IMPORT:
		return "import";
	case AUDIT_SIGNAL:
		return "signal";
	case AUDIT_AUTO:
		return "auto";
	}
	abort();
}

void audits_clear(struct audits *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct audit *a = &list->at[i];

		mem_free(a->user);
		mem_free(a->login);
		mem_free(a->label);
		mem_free(a->from.name);
		mem_free(a->to.name);
		mem_free(a->detail);
	}
	mem_free(list->at);
	*list = (struct audits){ 0 };
}

static const char sql_put[] = "INSERT INTO audit (at, uid, user, login, action, how, tenant, "
			      "label, from_company, from_name,"
			      " to_company, to_name, released, held, skipped, detail)"
			      " VALUES (:at, :uid, :user, :login, :action, :how, :tenant, :label, "
			      ":from_company, :from_name,"
			      " :to_company, :to_name, :released, :held, :skipped, :detail)";
static const char sql_drop[] =
	"DELETE FROM audit WHERE id IN (SELECT id FROM audit"
	" WHERE id <= (SELECT max(id) FROM audit) - :keep ORDER BY id LIMIT :slice)";

static int drop_oldest(struct store *st, int64_t keep, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_drop, &q, reterr);

	if (r)
		return r;
	query_int(q, ":keep", keep);
	query_int(q, ":slice", DROP_SLICE);
	return query_run(st, q, reterr);
}

static void bind(sqlite3_stmt *q, const struct audit *a)
{
	query_int(q, ":at", a->at);
	query_int(q, ":uid", a->uid);
	query_text(q, ":user", a->user);
	query_text(q, ":login", a->login);
	query_int(q, ":action", a->action);
	query_int(q, ":how", a->how);
	query_int(q, ":tenant", a->tenant);
	query_text(q, ":label", a->label);
	query_int(q, ":from_company", a->from.id);
	query_text(q, ":from_name", a->from.name);
	query_int(q, ":to_company", a->to.id);
	query_text(q, ":to_name", a->to.name);
	query_int(q, ":released", a->released);
	query_int(q, ":held", a->held);
	query_int(q, ":skipped", a->skipped);
	query_text(q, ":detail", a->detail);
}

int audit_put(struct store *st, const struct audit *a, int64_t keep, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_put, &q, reterr);

	assert(keep >= 1);
	if (r)
		return r;
	bind(q, a);
	r = query_run(st, q, reterr);
	return r ? r : drop_oldest(st, keep, reterr);
}

#define COLUMNS                                                                                    \
	"id, at, uid, user, login, action, how, tenant, label, from_company, from_name,"           \
	" to_company, to_name, released, held, skipped, detail"

static const char sql_list[] =
	"SELECT " COLUMNS " FROM audit WHERE id < :before ORDER BY id DESC LIMIT :limit";
static const char sql_list_tenant[] =
	"SELECT " COLUMNS " FROM audit INDEXED BY audit_tenant"
	" WHERE tenant = :tenant AND tenant != 0 AND id < :before ORDER BY id DESC LIMIT :limit";

static void read_row(sqlite3_stmt *q, struct audit *a)
{
	a->id = column_int(q, 0);
	a->at = column_int(q, 1);
	a->uid = column_int(q, 2);
	a->user = column_text(q, 3);
	a->login = column_text(q, 4);
	a->action = (enum audit_action)column_int(q, 5);
	a->how = (enum audit_how)column_int(q, 6);
	a->tenant = column_int(q, 7);
	a->label = column_text(q, 8);
	a->from.id = column_int(q, 9);
	a->from.name = column_text(q, 10);
	a->to.id = column_int(q, 11);
	a->to.name = column_text(q, 12);
	a->released = (int)column_int(q, 13);
	a->held = (int)column_int(q, 14);
	a->skipped = (int)column_int(q, 15);
	a->detail = column_text(q, 16);
}

int audit_list(struct store *st, int64_t before, int64_t tenant, int limit, struct audits *ret,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	struct audits list = { 0 };
	bool more = true;
	int r = query_read(st, tenant ? sql_list_tenant : sql_list, &q, reterr);

	if (r)
		return r;
	query_int(q, ":before", before ? before : INT64_MAX);
	query_int(q, ":limit", limit);
	if (tenant)
		query_int(q, ":tenant", tenant);
	while ((r = query_next(st, q, &more, reterr)) == 0 && more) {
		list.at = array_more(list.at, list.n, sizeof(*list.at));
		read_row(q, &list.at[list.n++]);
	}
	if (r) {
		audits_clear(&list);
		return r;
	}
	*ret = list;
	return 0;
}

static const char sql_dropped[] = "SELECT coalesce(min(id), 1) - 1 FROM audit";

int audit_dropped(struct store *st, int64_t *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql_dropped, &q, reterr);

	return r ? r : query_value(st, q, ret, reterr);
}
