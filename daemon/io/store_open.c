/* Opening the store: what is refused, and with which remedy; how the connection is set up. */
#include "io/store_db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"

/* Files up to this size are checked whole at every start (well under a second). Larger ones are
 * not: a start after a crash must not take minutes, and the log's own checksums already keep a torn
 * write out; damage in them shows when a page is read. */
#define CHECK_WHOLE_MAX (64 * 1024 * 1024)

static int refuse_directory(const char *dir, struct fault *reterr)
{
	struct stat about;

	if (stat(dir, &about) < 0)
		return fault_set(reterr, FAULT_STORE,
			"the directory %s of the store cannot be used (%s): create it, owned by "
			"the daemon's user, mode 0700",
			dir, strerror(errno));
	if (!S_ISDIR(about.st_mode))
		return fault_set(reterr, FAULT_STORE,
			"%s is not a directory: name another path in store.database", dir);
	/* The log is a second file beside the first. */
	if (access(dir, W_OK | X_OK) < 0)
		return fault_set(reterr, FAULT_STORE,
			"the directory %s of the store cannot be written (%s): give it to the "
			"daemon's user, mode 0700",
			dir, strerror(errno));
	return 0;
}

static int file_create(const char *path, struct fault *reterr)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == ENOSPC || errno == EDQUOT))
		return fault_set(reterr, FAULT_STORE_FULL,
			"no room to create %s: free space on its disk", path);
	if (fd < 0)
		return fault_set(
			reterr, FAULT_STORE, "%s cannot be created: %s", path, strerror(errno));
	close(fd);
	return 0;
}

/* The file, readable by its owner alone, empty if it is new. An existing one is not opened here:
 * closing it again would drop the locks that this process may hold on it. */
static int file_prepare(const char *path, bool *ret_fresh, struct fault *reterr)
{
	CLEANUP(mem_free) char *copy = xstrdup(path);
	struct stat about;
	int r;

	r = refuse_directory(dirname(copy), reterr);
	if (r)
		return r;
	if (lstat(path, &about) < 0) {
		*ret_fresh = true;
		return file_create(path, reterr);
	}
	if (S_ISLNK(about.st_mode))
		return fault_set(reterr, FAULT_STORE,
			"%s is a symbolic link: name the file itself in store.database", path);
	if (!S_ISREG(about.st_mode))
		return fault_set(reterr, FAULT_STORE,
			"%s is not a file: name another path in store.database", path);
	if (access(path, R_OK | W_OK) < 0 || ((about.st_mode & 077) && chmod(path, 0600) < 0))
		return fault_set(reterr, FAULT_STORE,
			"%s cannot be read and written by this user (%s): give it to the "
			"daemon's user, mode 0600",
			path, strerror(errno));
	*ret_fresh = about.st_size == 0;
	return 0;
}

/* A failure while opening: the causes that a person can mend get their remedy. */
static int refused(struct store *st, struct fault *reterr)
{
	int code = sqlite3_errcode(st->db) & 0xff;

	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return fault_set(reterr, FAULT_BUSY,
			"%s is in use by another process, probably another opbridged: only one "
			"may run on a store, so stop that one first",
			st->path);
	if (code == SQLITE_NOTADB)
		return fault_set(reterr, FAULT_STORE,
			"%s is not a database: name another path in store.database, or move that "
			"file away",
			st->path);
	if (code == SQLITE_CORRUPT)
		return fault_set(reterr, FAULT_STORE,
			"%s is damaged (%s): keep a copy of it, and put a file written by "
			"`opbridge backup` in its place",
			st->path, sqlite3_errmsg(st->db));
	return store_failed(st, reterr);
}

static int open_exec(struct store *st, const char *sql, struct fault *reterr)
{
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return refused(st, reterr);
	return 0;
}

/* One number or word, outside the kept statements: the answer of a pragma. */
static int open_ask(struct store *st, const char *sql, char **ret, struct fault *reterr)
{
	sqlite3_stmt *q = NULL;
	int r = 0;

	if (sqlite3_prepare_v2(st->db, sql, -1, &q, NULL) != SQLITE_OK ||
		sqlite3_step(q) != SQLITE_ROW)
		r = refused(st, reterr);
	else
		*ret = column_text(q, 0);
	sqlite3_finalize(q);
	return r;
}

static int open_ask_int(struct store *st, const char *sql, int64_t *ret, struct fault *reterr)
{
	CLEANUP(mem_free) char *text = NULL;
	int r = open_ask(st, sql, &text, reterr);

	if (!r && (!text || sscanf(text, "%" SCNd64, ret) != 1))
		r = fault_set(reterr, FAULT_STORE, "%s: no answer to %s", st->path, sql);
	return r;
}

/* Until the file is known to be ours, nothing in it may change: neither a header nor a log. */
static int connect_to(struct store *st, bool fresh, struct fault *reterr)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
		SQLITE_OPEN_EXRESCODE;

	if (sqlite3_open_v2(st->path, &st->db, flags, NULL) != SQLITE_OK)
		return refused(st, reterr);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if (fresh) { /* before the first page is written */
		int r = open_exec(st, "PRAGMA auto_vacuum = INCREMENTAL", reterr);

		if (r)
			return r;
	}
	/* Exclusive from the first access on, so that of two daemons one gets it whole. */
	return open_exec(st,
		"PRAGMA locking_mode = EXCLUSIVE;"
		"PRAGMA trusted_schema = OFF;"
		"PRAGMA cell_size_check = ON;"
		"BEGIN EXCLUSIVE;"
		"ROLLBACK;",
		reterr);
}

static int refuse_foreign(struct store *st, int64_t id, int64_t version, struct fault *reterr)
{
	int64_t tables = 0;
	int r;

	r = open_ask_int(st, "SELECT count(*) FROM sqlite_schema", &tables, reterr);
	if (r)
		return r;
	if (id != STORE_APPLICATION_ID && (id != 0 || tables > 0))
		return fault_set(reterr, FAULT_STORE,
			"%s is the database of another program (application id %" PRId64
			"): name another path in store.database",
			st->path, id);
	if (version > store_schema_version())
		return fault_set(reterr, FAULT_STORE,
			"%s was written by a newer opbridge (schema %" PRId64
			", this one knows %d): install that version again, or put a backup made "
			"by this one in its place",
			st->path, version, store_schema_version());
	return 0;
}

static int recognise(struct store *st, int64_t *ret_version, struct fault *reterr)
{
	int64_t id = 0, version = 0;
	int r;

	r = open_ask_int(st, "PRAGMA application_id", &id, reterr);
	if (!r)
		r = open_ask_int(st, "PRAGMA user_version", &version, reterr);
	if (!r)
		r = refuse_foreign(st, id, version, reterr);
	if (!r)
		*ret_version = version;
	return r;
}

static int check_whole(struct store *st, struct fault *reterr)
{
	CLEANUP(mem_free) char *found = NULL;
	int64_t bytes = 0;
	int r;

	r = open_ask_int(st,
		"SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", &bytes,
		reterr);
	if (r || bytes > CHECK_WHOLE_MAX)
		return r;
	r = open_ask(st, "PRAGMA quick_check(1)", &found, reterr);
	if (!r && (!found || strcmp(found, "ok") != 0))
		r = fault_set(reterr, FAULT_STORE,
			"%s is damaged (%s): keep a copy of it, and put a file written by "
			"`opbridge backup` in its place",
			st->path, found ? found : "no answer");
	return r;
}

/* The hard cap of the file. One that is larger than max_bytes already (it was lowered) may still
 * grow by the reserve, or deliveries could not be recorded. */
static int set_cap(struct store *st, struct fault *reterr)
{
	char cap[64];
	int64_t page = 0, pages = 0, most;
	int r;

	r = open_ask_int(st, "PRAGMA page_size", &page, reterr);
	if (!r)
		r = open_ask_int(st, "PRAGMA page_count", &pages, reterr);
	if (r)
		return r;
	if (page <= 0)
		return fault_set(reterr, FAULT_STORE, "%s: no page size", st->path);
	most = st->max_bytes / page;
	if (most < pages)
		most = pages;
	snprintf(cap, sizeof(cap), "PRAGMA max_page_count = %" PRId64, most + STORE_RESERVE / page);
	return open_exec(st, cap, reterr);
}

static int on_commit(void *arg, sqlite3 *db, const char *schema, int pages)
{
	struct store *st = arg;

	(void)db;
	(void)schema;
	st->log_pages = pages;
	return SQLITE_OK;
}

static int set_up(struct store *st, struct fault *reterr)
{
	CLEANUP(mem_free) char *mode = NULL;
	int r;

	sqlite3_db_config(st->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	sqlite3_wal_hook(st->db, on_commit, st); /* in place of SQLite's own checkpoints */
	r = open_ask(st, "PRAGMA journal_mode = WAL", &mode, reterr);
	if (!r && (!mode || strcmp(mode, "wal") != 0))
		r = fault_set(reterr, FAULT_STORE,
			"%s cannot keep a write-ahead log here: put it on a local disk", st->path);
	if (!r)
		r = open_exec(st,
			"PRAGMA synchronous = FULL;"
			"PRAGMA foreign_keys = ON;"
			"PRAGMA journal_size_limit = 67108864;"
			"PRAGMA cache_size = -8000;",
			reterr);
	return r ? r : set_cap(st, reterr);
}

static int bring_up(struct store *st, struct fault *reterr)
{
	int64_t version = 0;
	bool fresh = false;
	int r;

	r = file_prepare(st->path, &fresh, reterr);
	if (!r)
		r = connect_to(st, fresh, reterr);
	if (!r)
		r = recognise(st, &version, reterr);
	if (!r && version > 0)
		r = check_whole(st, reterr);
	if (!r)
		r = set_up(st, reterr);
	if (!r)
		r = store_migrate(st, (int)version, reterr);
	if (!r)
		r = store_recover(st, reterr);
	if (!r)
		r = store_commit(st, reterr);
	return r;
}

int store_open(const char *path, int64_t max_bytes, struct store **ret, struct fault *reterr)
{
	CLEANUP(store_close) struct store *st = xcalloc(1, sizeof(*st));
	int r;

	assert(max_bytes > 0);
	st->path = xstrdup(path);
	st->max_bytes = max_bytes;
	st->unsettled = true; /* a crash may have left some */
	st->letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	r = bring_up(st, reterr);
	if (!r)
		*ret = TAKE(st);
	return r;
}

void store_close(struct store *st)
{
	if (!st)
		return;
	if (st->db) {
		store_rollback(st);
		query_end_all(st);
		/* After a failed sync the log holds the truth: leave it for the next start. */
		if (st->dead)
			sqlite3_db_config(st->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		if (sqlite3_close(st->db) != SQLITE_OK)
			assert(!"a statement was left open");
	}
	if (st->letters)
		freelocale(st->letters);
	mem_free(st->path);
	mem_free(st);
}
