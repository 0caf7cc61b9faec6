#include "io/store_backup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "io/store_db.h"

#define SLICE_PAGES 512 /* 2 MiB */
#define PART ".opbridge-part" /* until it is whole and on disk: power and processes fail */
#define SLICES_PER_SYNC 16

struct backup {
	struct store *st;
	char *path, *part;
	sqlite3 *copy;
	sqlite3_backup *work; /* NULL: it has ended */
	int percent;
	int unsynced; /* slices */
	bool done;
};

static int exists_already(const char *path, struct fault *reterr)
{
	return fault_set(reterr, FAULT_CONFLICT,
		"%s exists already: a backup never overwrites a file, so name a new one", path);
}

static int reserve(const struct backup *b, struct fault *reterr)
{
	struct stat about;
	int fd;

	if (lstat(b->path, &about) == 0)
		return exists_already(b->path, reterr);
	(void)unlink(b->part); /* of one that was killed */
	fd = open(b->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fault_set(reterr, FAULT_SYSTEM, "the backup %s cannot be created: %s",
			b->path, strerror(errno));
	close(fd);
	return 0;
}

static int sync_path(const char *path, int flags, struct fault *reterr)
{
	int fd = open(path, flags | O_CLOEXEC);
	int failed = fd < 0 || fsync(fd) < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	if (failed)
		return fault_set(reterr, FAULT_SYSTEM, "%s cannot be made durable: %s", path,
			strerror(failed));
	return 0;
}

/* Some filesystems cannot rename without replacing: there it was looked for at the beginning. */
static int give_name(const struct backup *b, struct fault *reterr)
{
	if (renameat2(AT_FDCWD, b->part, AT_FDCWD, b->path, RENAME_NOREPLACE) == 0 ||
		(errno == EINVAL && rename(b->part, b->path) == 0))
		return 0;
	if (errno == EEXIST)
		return exists_already(b->path, reterr);
	return fault_set(reterr, FAULT_SYSTEM, "the backup %s cannot be named: %s", b->path,
		strerror(errno));
}

static int sync_copy(const struct backup *b, struct fault *reterr)
{
	CLEANUP(mem_free) char *dir = xstrdup(b->path);
	int r = sync_path(b->part, O_RDWR, reterr);

	if (!r)
		r = give_name(b, reterr);
	if (r)
		return r;
	r = sync_path(dirname(dir), O_RDONLY | O_DIRECTORY, reterr);
	if (r)
		unlink(b->path);
	return r;
}

static int failed(const struct backup *b, int code, struct fault *reterr)
{
	if ((code & 0xFF) == SQLITE_FULL)
		return fault_set(reterr, FAULT_STORE_FULL,
			"the backup %s was not written: there is no room for it on its disk",
			b->path);
	return fault_set(reterr, FAULT_STORE, "the backup %s was not written: %s", b->path,
		sqlite3_errstr(code));
}

/* Until it is whole it is worth nothing: no journal for it, and one sync at its end. */
static int open_copy(struct backup *b, struct fault *reterr)
{
	int code = sqlite3_open_v2(b->part, &b->copy, SQLITE_OPEN_READWRITE, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(b->copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;",
			NULL, NULL, NULL);
	if (code == SQLITE_OK) {
		b->work = sqlite3_backup_init(b->copy, "main", b->st->db, "main");
		code = b->work ? SQLITE_OK : sqlite3_errcode(b->copy);
	}
	return code == SQLITE_OK ? 0 : failed(b, code, reterr);
}

int backup_begin(struct store *st, const char *path, struct backup **ret, struct fault *reterr)
{
	CLEANUP(backup_end) struct backup *b = NULL;
	int r;

	b = xcalloc(1, sizeof(*b));
	b->st = st;
	b->path = xstrdup(path);
	b->part = xasprintf("%s" PART, path);
	r = reserve(b, reterr);
	if (!r)
		r = open_copy(b, reterr);
	if (!r)
		*ret = TAKE(b);
	return r;
}

static int close_copy(struct backup *b)
{
	int code = SQLITE_OK, closed;

	if (b->work)
		code = sqlite3_backup_finish(b->work);
	b->work = NULL;
	closed = b->copy ? sqlite3_close(b->copy) : SQLITE_OK;
	b->copy = NULL;
	return code != SQLITE_OK ? code : closed;
}

/* Through SQLite's own file: to close another one would give up its locks. */
static int sync_slices(struct backup *b)
{
	sqlite3_file *file = NULL;
	int code = sqlite3_file_control(b->copy, "main", SQLITE_FCNTL_FILE_POINTER, &file);

	b->unsynced = 0;
	if (code == SQLITE_OK && file && file->pMethods)
		code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	return code;
}

int backup_step(struct backup *b, bool *ret_done, struct fault *reterr)
{
	int code, all, r;

	assert(!b->st->in_turn && b->work);
	*ret_done = false;
	code = sqlite3_backup_step(b->work, SLICE_PAGES);
	all = sqlite3_backup_pagecount(b->work);
	if (all > 0)
		b->percent = (int)(100 * (int64_t)(all - sqlite3_backup_remaining(b->work)) / all);
	/* a little at a time: all of a large copy at its end would hold the loop for long */
	if (code == SQLITE_OK && ++b->unsynced == SLICES_PER_SYNC)
		code = sync_slices(b);
	else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return 0;
	if (code == SQLITE_OK)
		return 0;
	if (code == SQLITE_DONE)
		code = SQLITE_OK;
	if (code == SQLITE_OK)
		code = close_copy(b);
	if (code != SQLITE_OK)
		return failed(b, code, reterr);
	r = sync_copy(b, reterr);
	b->done = *ret_done = !r;
	return r;
}

int backup_percent(const struct backup *b)
{
	return b->percent;
}

void backup_end(struct backup *b)
{
	CLEANUP(mem_free) char *journal = NULL;

	if (!b)
		return;
	(void)close_copy(b);
	if (!b->done) { /* a journal must not be found by the next copy of that name */
		journal = xasprintf("%s-journal", b->part);
		unlink(b->part);
		unlink(journal);
	}
	mem_free(b->path);
	mem_free(b->part);
	mem_free(b);
}
