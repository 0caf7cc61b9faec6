#include "io/store_status.h"

#include <stdlib.h>
#include "base/mem.h"
#include "io/store_db.h"

void statuses_clear(struct statuses *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		mem_free(list->at[i].name);
	free(list->at);
	*list = (struct statuses){ 0 };
}

static const char sql_delete[] = "DELETE FROM statuses WHERE board = :board";
static const char sql_put[] =
	"INSERT OR REPLACE INTO statuses (board, id, name, closed, inactive, is_default, sort)"
	" VALUES (:board, :id, :name, :closed, :inactive, :is_default, :sort)";

static int put(struct store *st, int64_t board, const struct status *s, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_put, &q, reterr);

	if (r)
		return r;
	query_int(q, ":board", board);
	query_int(q, ":id", s->id);
	query_text(q, ":name", s->name);
	query_int(q, ":closed", s->closed);
	query_int(q, ":inactive", s->inactive);
	query_int(q, ":is_default", s->is_default);
	query_int(q, ":sort", s->sort);
	return query_run(st, q, reterr);
}

int status_replace(
	struct store *st, int64_t board, const struct statuses *list, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_delete, &q, reterr);
	size_t i;

	if (r)
		return r;
	query_int(q, ":board", board);
	r = query_run(st, q, reterr);
	for (i = 0; !r && i < list->n; i++)
		r = put(st, board, &list->at[i], reterr);
	return r;
}

static const char sql_list[] = "SELECT id, name, closed, inactive, is_default, sort FROM statuses"
			       " WHERE board = :board ORDER BY sort, id";

int status_list(struct store *st, int64_t board, struct statuses *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	struct statuses list = { 0 };
	bool more = true;
	int r = query_read(st, sql_list, &q, reterr);

	if (r)
		return r;
	query_int(q, ":board", board);
	for (;;) {
		struct status *s;

		r = query_next(st, q, &more, reterr);
		if (r || !more)
			break;
		list.at = array_more(list.at, list.n, sizeof(*list.at));
		s = &list.at[list.n++];
		s->id = column_int(q, 0);
		s->name = column_text(q, 1);
		s->closed = column_int(q, 2) != 0;
		s->inactive = column_int(q, 3) != 0;
		s->is_default = column_int(q, 4) != 0;
		s->sort = (int)column_int(q, 5);
	}
	if (r) {
		statuses_clear(&list);
		return r;
	}
	*ret = list;
	return 0;
}
