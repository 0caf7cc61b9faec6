/* Statements and failures of the store. */
#include "io/store_db.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* After a failed sync the kernel may report success for pages it has lost: trying again would
 * acknowledge what is not on disk. Only a restart reads back what really is. */
static bool no_return(int code)
{
	return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ||
		(code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/* Room may come back by itself; after a sync that found none, what it lost does not. */
static bool no_room(int code, int os_error)
{
	if ((code & 0xff) == SQLITE_FULL)
		return true;
	return (code & 0xff) == SQLITE_IOERR && !no_return(code) &&
		(os_error == ENOSPC || os_error == EDQUOT || os_error == EFBIG);
}

static void describe(struct store *st, int code, struct fault *f)
{
	const char *text = sqlite3_errmsg(st->db);

	if (no_room(code, sqlite3_system_errno(st->db)))
		fault_set(f, FAULT_STORE_FULL,
			"no room to write to %s: free space on its disk, or raise the store's size",
			st->path);
	else if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
		fault_set(f, FAULT_STORE,
			"%s is damaged (%s): stop the daemon, keep the file, put a backup in its "
			"place",
			st->path, text);
	else if (no_return(code))
		fault_set(f, FAULT_STORE,
			"the disk below %s failed to make data durable (%s): nothing more is "
			"written until a restart; check the disk",
			st->path, text);
	else
		fault_set(f, FAULT_STORE, "the store %s failed: %s (SQLite code %d)", st->path,
			text, code);
}

int store_failed(struct store *st, struct fault *reterr)
{
	struct fault f = { 0 };
	int code = sqlite3_extended_errcode(st->db);

	describe(st, code, &f);
	if (no_return(code))
		st->dead = true;
	if ((st->in_turn || st->dead) && !st->broken.code)
		st->broken = f;
	if (reterr)
		*reterr = f;
	return -(int)f.code;
}

int store_exec(struct store *st, const char *sql, struct fault *reterr)
{
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_failed(st, reterr);
	return 0;
}

int store_checkpoint(struct store *st, int mode, struct fault *reterr)
{
	if (sqlite3_wal_checkpoint_v2(st->db, NULL, mode, NULL, NULL) != SQLITE_OK)
		return store_failed(st, reterr);
	st->log_pages = 0;
	return 0;
}

/* The slot of a statement, found by the address of its text. */
static sqlite3_stmt **statement_slot(struct store *st, const char *sql)
{
	size_t i = ((uintptr_t)sql >> 4) * 0x9e3779b1u;

	for (size_t n = 0; n < STATEMENT_SLOTS; n++, i++) {
		size_t at = i & (STATEMENT_SLOTS - 1);

		if (!st->statements[at].sql)
			st->statements[at].sql = sql;
		if (st->statements[at].sql == sql)
			return &st->statements[at].stmt;
	}
	abort();
}

int query_read(struct store *st, const char *sql, sqlite3_stmt **ret, struct fault *reterr)
{
	sqlite3_stmt **slot = statement_slot(st, sql);

	if (!*slot &&
		sqlite3_prepare_v3(st->db, sql, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL) !=
			SQLITE_OK)
		return store_failed(st, reterr);
	assert(!sqlite3_stmt_busy(*slot));
	*ret = *slot;
	return 0;
}

static int turn_begin(struct store *st, struct fault *reterr)
{
	static const char sql_begin[] = "BEGIN IMMEDIATE";
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r;

	r = query_read(st, sql_begin, &q, reterr);
	if (!r)
		r = query_run(st, q, reterr);
	if (!r)
		st->in_turn = true;
	return r;
}

int query_write(struct store *st, const char *sql, sqlite3_stmt **ret, struct fault *reterr)
{
	int r = 0;

	if (st->broken.code) {
		if (reterr)
			*reterr = st->broken;
		return -(int)st->broken.code;
	}
	if (!st->in_turn)
		r = turn_begin(st, reterr);
	return r ? r : query_read(st, sql, ret, reterr);
}

void query_end(sqlite3_stmt *q)
{
	if (!q)
		return;
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
}

void query_end_all(struct store *st)
{
	for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
		sqlite3_finalize(st->statements[i].stmt);
		st->statements[i].stmt = NULL;
		st->statements[i].sql = NULL;
	}
}

bool query_none_busy(const struct store *st)
{
	sqlite3_stmt *q = NULL;

	while ((q = sqlite3_next_stmt(st->db, q)))
		if (sqlite3_stmt_busy(q))
			return false;
	return true;
}

static int parameter(sqlite3_stmt *q, const char *name)
{
	int i = sqlite3_bind_parameter_index(q, name);

	assert(i > 0);
	return i;
}

/* Binding fails only for a bad index, no memory or a text over a gigabyte. */
static void bound(int result)
{
	if (result != SQLITE_OK)
		abort();
}

void query_int(sqlite3_stmt *q, const char *name, int64_t value)
{
	bound(sqlite3_bind_int64(q, parameter(q, name), value));
}

void query_text(sqlite3_stmt *q, const char *name, const char *value)
{
	bound(sqlite3_bind_text(q, parameter(q, name), value, -1, SQLITE_STATIC));
}

int query_next(struct store *st, sqlite3_stmt *q, bool *ret_row, struct fault *reterr)
{
	int r = sqlite3_step(q);

	if (r != SQLITE_ROW && r != SQLITE_DONE)
		return store_failed(st, reterr);
	*ret_row = r == SQLITE_ROW;
	return 0;
}

int query_run(struct store *st, sqlite3_stmt *q, struct fault *reterr)
{
	bool row = true;
	int r = 0;

	while (!r && row)
		r = query_next(st, q, &row, reterr);
	return r;
}

int query_run_one(
	struct store *st, sqlite3_stmt *q, const char *what, int64_t id, struct fault *reterr)
{
	int r = query_run(st, q, reterr);

	if (!r && query_changed(st) != 1)
		r = fault_set(
			reterr, FAULT_NOT_FOUND, "%s %" PRId64 " is not in the store", what, id);
	return r;
}

int query_changed(const struct store *st)
{
	return sqlite3_changes(st->db);
}

int query_value(struct store *st, sqlite3_stmt *q, int64_t *ret, struct fault *reterr)
{
	bool row = false;
	int r = query_next(st, q, &row, reterr);

	if (!r)
		*ret = row ? column_int(q, 0) : 0;
	return r;
}

char *column_text(sqlite3_stmt *q, int column)
{
	const unsigned char *text = sqlite3_column_text(q, column);

	if (!text && sqlite3_column_type(q, column) != SQLITE_NULL)
		abort(); /* no memory */
	return xstrdup((const char *)text);
}

const char *column_lent(sqlite3_stmt *q, int column)
{
	const unsigned char *text = sqlite3_column_text(q, column);

	if (!text && sqlite3_column_type(q, column) != SQLITE_NULL)
		abort(); /* no memory */
	return (const char *)text;
}

int64_t column_int(sqlite3_stmt *q, int column)
{
	return sqlite3_column_int64(q, column);
}

void *array_more(void *at, size_t n, size_t size)
{
	/* Grows when n reaches a power of two from 8 on. */
	if (n == 0 || (n >= 8 && (n & (n - 1)) == 0))
		at = xrealloc(at, (n < 8 ? 8 : n * 2) * size);
	memset((char *)at + n * size, 0, size);
	return at;
}
