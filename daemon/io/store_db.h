/* Inside the store: what its files share. The connection, the state of the turn, and statements
 * that are prepared once and always reset. The only file that includes SQLite's header.
 *
 * A statement is used like this, and is reset when q leaves its scope:
 *	CLEANUP(query_end) sqlite3_stmt *q = NULL;
 *	r = query_read(st, sql_x, &q, reterr);
 *	…query_int(q, ":id", id); query_next(st, q, &found, reterr)… */
#ifndef IO_STORE_DB_H
#define IO_STORE_DB_H

#include <locale.h>
#include <sqlite3.h>
#include "io/store.h"

#define STORE_APPLICATION_ID 0x4f504252 /* "OPBR" */
#define STATEMENT_SLOTS 256 /* a power of two, well above the number of statements */

struct store {
	sqlite3 *db;
	char *path;
	int64_t max_bytes;
	bool in_turn; /* kept by us: SQLite may roll back by itself after a failure */
	struct fault broken; /* the first failure of this turn: it can only be rolled back */
	bool dead; /* nothing may be written any more (a sync failed, damage): see broken */
	bool log_grew; /* committed since the last checkpoint */
	int log_pages; /* in the write-ahead log after the last commit */
	bool unsettled; /* events may not be as their tenant stands: see queue_settle */
	int64_t prune_at, prune_id; /* how far incidents were examined by store_prune */
	locale_t letters; /* knows upper and lower case of all scripts; or 0: ASCII only */
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} statements[STATEMENT_SLOTS];
};

/* The SQLite call that just failed, as a fault. Inside a turn it breaks the turn. */
int store_failed(struct store *st, struct fault *reterr);
/* Statements without parameters and results. */
int store_exec(struct store *st, const char *sql, struct fault *reterr) MUST_CHECK;
/* Copy the log into the file (mode: SQLITE_CHECKPOINT_x). A sync that fails here ends all writing,
 * as one at a commit does; SQLite's own checkpoints would keep it to themselves. */
int store_checkpoint(struct store *st, int mode, struct fault *reterr) MUST_CHECK;
/* Bring the schema up to date: each step in its own transaction. */
int store_migrate(struct store *st, int version, struct fault *reterr) MUST_CHECK;
int store_schema_version(void); /* what this program knows */

/* Lend a statement, reset and without bindings. sql: a static text, prepared on first use.
 * query_write opens the turn if none is open. */
int query_read(
	struct store *st, const char *sql, sqlite3_stmt **ret, struct fault *reterr) MUST_CHECK;
int query_write(
	struct store *st, const char *sql, sqlite3_stmt **ret, struct fault *reterr) MUST_CHECK;
void query_end(sqlite3_stmt *q);
DEFINE_CLEANUP(query_end, sqlite3_stmt *);
void query_end_all(struct store *st); /* finalises every statement: before the connection closes */
bool query_none_busy(const struct store *st);

/* A name that the statement does not have is a bug. Texts are borrowed until query_end. */
void query_int(sqlite3_stmt *q, const char *name, int64_t value);
void query_text(sqlite3_stmt *q, const char *name, const char *value); /* NULL: SQL NULL */

int query_next(struct store *st, sqlite3_stmt *q, bool *ret_row, struct fault *reterr) MUST_CHECK;
/* To the end; rows are passed over. */
int query_run(struct store *st, sqlite3_stmt *q, struct fault *reterr) MUST_CHECK;
/* As query_run; -FAULT_NOT_FOUND ("event 7 …") unless exactly one row was changed. */
int query_run_one(struct store *st, sqlite3_stmt *q, const char *what, int64_t id,
	struct fault *reterr) MUST_CHECK;
int query_changed(const struct store *st); /* rows changed by the last writing statement */
/* First column of the first row; 0 without a row. */
int query_value(struct store *st, sqlite3_stmt *q, int64_t *ret, struct fault *reterr) MUST_CHECK;

char *column_text(sqlite3_stmt *q, int column) MUST_CHECK; /* gives: mem_free; NULL is NULL */
const char *column_lent(sqlite3_stmt *q, int column); /* lends: until the next row; NULL is NULL */
int64_t column_int(sqlite3_stmt *q, int column);

/* The next index of a growing array: at is NULL or has n items of size. Zeroed. */
void *array_more(void *at, size_t n, size_t size) MUST_CHECK;

#endif
