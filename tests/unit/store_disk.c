/* io/store*: a disk that fails or is full, at every write and every sync. Between SQLite and the
 * system stands a layer of this test that refuses what it is told to. */
#include "store_place.h"

#include <sys/stat.h>

#include "io/store_db.h"

/* ==== the failing disk ==== */

static struct {
	int write_in, sync_in; /* the n-th from now fails, and all after it; 0: none */
	int code; /* with what */
	bool only_main; /* not the log */
	int writes, syncs; /* seen */
} disk;

struct failing_file {
	sqlite3_file base;
	bool is_main;
	sqlite3_file *real; /* behind this struct */
};

static struct failing_file *of(sqlite3_file *file)
{
	return (struct failing_file *)(void *)file;
}

static bool fails(const struct failing_file *f, int *left)
{
	if (!*left || (disk.only_main && !f->is_main))
		return false;
	if (*left > 1) {
		(*left)--;
		return false;
	}
	return true;
}

static int disk_close(sqlite3_file *file)
{
	sqlite3_file *real = of(file)->real;

	return real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
}

static int disk_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
	return of(file)->real->pMethods->xRead(of(file)->real, to, n, at);
}

static int disk_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
	disk.writes++;
	if (fails(of(file), &disk.write_in))
		return disk.code;
	return of(file)->real->pMethods->xWrite(of(file)->real, from, n, at);
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return of(file)->real->pMethods->xTruncate(of(file)->real, size);
}

/* Counts, and is left at that: no machine loses its power here, and the tests stay quick. */
static int disk_sync(sqlite3_file *file, int flags)
{
	(void)flags;
	disk.syncs++;
	return fails(of(file), &disk.sync_in) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	return of(file)->real->pMethods->xFileSize(of(file)->real, ret);
}

static int disk_lock(sqlite3_file *file, int level)
{
	return of(file)->real->pMethods->xLock(of(file)->real, level);
}

static int disk_unlock(sqlite3_file *file, int level)
{
	return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}

static int disk_reserved(sqlite3_file *file, int *ret)
{
	return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, ret);
}

static int disk_control(sqlite3_file *file, int op, void *arg)
{
	return of(file)->real->pMethods->xFileControl(of(file)->real, op, arg);
}

static int disk_sector(sqlite3_file *file)
{
	return of(file)->real->pMethods->xSectorSize(of(file)->real);
}

static int disk_traits(sqlite3_file *file)
{
	return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}

static const sqlite3_io_methods disk_methods = {
	.iVersion = 1,
	.xClose = disk_close,
	.xRead = disk_read,
	.xWrite = disk_write,
	.xTruncate = disk_truncate,
	.xSync = disk_sync,
	.xFileSize = disk_size,
	.xLock = disk_lock,
	.xUnlock = disk_unlock,
	.xCheckReservedLock = disk_reserved,
	.xFileControl = disk_control,
	.xSectorSize = disk_sector,
	.xDeviceCharacteristics = disk_traits,
};

static int disk_open(
	sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *ret_flags)
{
	sqlite3_vfs *real = vfs->pAppData;
	struct failing_file *f = of(file);
	int r;

	*f = (struct failing_file){ .is_main = flags & SQLITE_OPEN_MAIN_DB };
	f->real = (sqlite3_file *)(void *)(f + 1);
	r = real->xOpen(real, name, f->real, flags, ret_flags);
	if (f->real->pMethods)
		f->base.pMethods = &disk_methods;
	return r;
}

/* Every store that is opened from now on stands on it. */
static int disk_install(void **state)
{
	static sqlite3_vfs vfs;
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);

	(void)state;
	if (!real)
		return -1;
	vfs = *real;
	vfs.zName = "failing";
	vfs.pAppData = real;
	vfs.szOsFile = real->szOsFile + (int)sizeof(struct failing_file);
	vfs.xOpen = disk_open;
	return sqlite3_vfs_register(&vfs, 1);
}

static void disk_mend(void)
{
	memset(&disk, 0, sizeof(disk));
}

static int begin_mended(void **state)
{
	disk_mend();
	return begin(state);
}

static int end_mended(void **state)
{
	disk_mend();
	return end(state);
}

/* ==== work that is done on it ==== */

static void make(struct place *p, int64_t *ret_t, int64_t *ret_in)
{
	*ret_t = tenant(p, NULL, "a.example");
	*ret_in = incident(p, *ret_t, "h1");
	OK(store_commit(p->st, &p->f));
}

static int try_put(struct place *p, int64_t t, int64_t in, int i, size_t size)
{
	CLEANUP(mem_free) char *text = xcalloc(size + 16, 1);
	char id[24];
	const struct queue_new ev = { .tenant = t,
		.incident = in,
		.accepted_at = NOW,
		.event_id = id,
		.type = "T",
		.text = text };
	struct queue_row row = { 0 };
	bool duplicate;
	int r;

	memset(text, 'x', size);
	snprintf(text + size, 16, "%d", i);
	snprintf(id, sizeof(id), "e%d", i);
	r = queue_put(p->st, &ev, &duplicate, &row, &p->f);
	queue_row_clear(&row);
	return r;
}

static int try_turn(struct place *p, int64_t t, int64_t in, int i, size_t size)
{
	int r = try_put(p, t, in, i, size);

	if (!r)
		return store_commit(p->st, &p->f);
	store_rollback(p->st);
	return r;
}

static bool knows(struct place *p, int i)
{
	struct queue_rows rows;
	char id[24];
	bool is;

	snprintf(id, sizeof(id), "e%d", i);
	OK(queue_by_id(p->st, id, &rows, &p->f));
	is = rows.n == 1;
	queue_rows_clear(&rows);
	return is;
}

/* ==== syncs ==== */

static void after_a_failed_sync_nothing_is_written_until_a_restart(void **state)
{
	struct place *p = *state;
	int64_t t, in;

	make(p, &t, &in);
	OK(try_turn(p, t, in, 1, 10));
	disk.sync_in = 1;
	assert_int_equal(try_turn(p, t, in, 2, 10), -FAULT_STORE);
	assert_non_null(strstr(p->f.text, "until a restart"));
	disk_mend(); /* the next sync would say that all is well, and be wrong */
	assert_int_equal(try_turn(p, t, in, 3, 10), -FAULT_STORE);
	assert_int_equal(store_memo_set(p->st, "k", "v", &p->f), -FAULT_STORE);
	assert_int_equal(store_recover(p->st, &p->f), -FAULT_STORE);
	assert_true(knows(p, 1));
	reopen(p);
	assert_true(knows(p, 1));
	assert_false(knows(p, 3));
	OK(try_turn(p, t, in, 3, 10));
	OK(store_account_verify(p->st, &p->f));
}

/* The copy of the log into the file: what was acknowledged is in the log, which must stay. */
static void a_failed_sync_of_the_file_itself_ends_writing_too(void **state)
{
	struct place *p = *state;
	int64_t t, in;
	int i, n = 0, r = 0;

	make(p, &t, &in);
	disk.sync_in = 1;
	disk.only_main = true;
	for (i = 0; i < 400 && !r; i++) {
		r = try_turn(p, t, in, i, 60000);
		n += !r;
	}
	assert_int_equal(r, -FAULT_STORE);
	assert_true(n > 10);
	disk_mend();
	reopen(p);
	for (i = 0; i < n; i++)
		assert_true(knows(p, i));
	assert_int_equal(account(p).accepted, n);
	OK(store_account_verify(p->st, &p->f));
}

static void when_idle_a_failed_sync_ends_writing_too(void **state)
{
	struct place *p = *state;
	int64_t t, in;

	make(p, &t, &in);
	disk.sync_in = 1;
	store_idle(p->st);
	disk_mend();
	assert_int_equal(try_turn(p, t, in, 1, 10), -FAULT_STORE);
	reopen(p);
	OK(try_turn(p, t, in, 1, 10));
}

/* ==== room ==== */

static void a_full_disk_refuses_and_with_room_again_all_goes_on(void **state)
{
	struct place *p = *state;
	int64_t t, in;

	make(p, &t, &in);
	OK(try_turn(p, t, in, 1, 10));
	disk.write_in = 1;
	disk.code = SQLITE_FULL;
	assert_int_equal(try_turn(p, t, in, 2, 10), -FAULT_STORE_FULL);
	assert_int_equal(try_turn(p, t, in, 3, 10), -FAULT_STORE_FULL);
	assert_true(knows(p, 1));
	assert_false(knows(p, 2));
	disk_mend();
	OK(try_turn(p, t, in, 4, 10));
	assert_int_equal(account(p).accepted, 2);
	OK(store_account_verify(p->st, &p->f));
	reopen(p);
	assert_int_equal(account(p).accepted, 2);
}

static void assert_no_copy(const char *path)
{
	CLEANUP(mem_free) char *journal = xasprintf("%s-journal", path);
	struct stat about;

	assert_true(stat(path, &about) < 0);
	assert_true(stat(journal, &about) < 0);
}

static void a_backup_to_a_bad_disk_is_no_fault_of_the_store(void **state)
{
	struct place *p = *state;
	char path[128];
	int64_t t, in;

	make(p, &t, &in);
	snprintf(path, sizeof(path), "%s/copy.db", p->dir);
	disk.write_in = 1;
	disk.code = SQLITE_FULL;
	assert_int_equal(copy_to(p, path), -FAULT_STORE_FULL);
	assert_non_null(strstr(p->f.text, path));
	assert_no_copy(path);
	disk.code = SQLITE_IOERR_WRITE;
	assert_int_equal(copy_to(p, path), -FAULT_STORE);
	assert_no_copy(path);
	disk_mend();
	OK(copy_to(p, path)); /* the name is free again */
	OK(try_turn(p, t, in, 1, 10));
}

/* All of a large copy at once could hold the loop for many seconds. */
static void a_large_backup_is_made_durable_on_its_way(void **state)
{
	CLEANUP(backup_end) struct backup *b = NULL;
	struct place *p = *state;
	bool done = false;
	char path[128];
	int64_t t, in;
	int i, before;

	make(p, &t, &in);
	for (i = 0; i < 9; i++)
		OK(try_turn(p, t, in, i, 4 * MIB));
	snprintf(path, sizeof(path), "%s/copy.db", p->dir);
	OK(backup_begin(p->st, path, &b, &p->f));
	before = disk.syncs;
	for (i = 0; i < 16; i++)
		OK(backup_step(b, &done, &p->f));
	assert_int_equal(disk.syncs, before + 1);
	OK(backup_step(b, &done, &p->f));
	assert_int_equal(disk.syncs, before + 1);
	backup_end(TAKE(b));
	OK(backup_begin(p->st, path, &b, &p->f));
	disk.sync_in = 1;
	for (i = 0; i < 15; i++)
		OK(backup_step(b, &done, &p->f));
	assert_int_equal(backup_step(b, &done, &p->f), -FAULT_STORE);
	backup_end(TAKE(b));
	disk_mend();
	assert_no_copy(path);
	OK(try_turn(p, t, in, 9, 10));
}

/* ==== at every point ==== */

/* A few turns with everything in them. Returns how many were committed. */
static int work(struct place *p, int64_t t, int64_t in)
{
	struct queue_rows rows = { 0 };
	int64_t turn = 0, ids[1];
	int n = 0, i, r, done = 0;

	for (i = 0; i < 3; i++)
		if (try_turn(p, t, in, i, 5000) == 0)
			done++;
	r = incident_claim(p->st, NOW, 1, false, &turn, ids, &n, &p->f);
	if (!r && n)
		r = queue_take(p->st, in, 2, &rows, &p->f);
	for (i = 0; !r && i < (int)rows.n; i++)
		r = queue_finish(
			p->st, rows.at[i].seq, QUEUE_DELIVERED, "created", 1, NULL, NOW, &p->f);
	queue_rows_clear(&rows);
	if (r || store_commit(p->st, &p->f))
		store_rollback(p->st);
	store_idle(p->st);
	return done;
}

/* Starts from nothing each time, and moves the fault one further until nothing fails. Returns how
 * many points there were. */
static int at_every(struct place *p, int *point)
{
	int64_t t, in;
	int n = 0, done;
	bool reached;

	do {
		store_close(p->st);
		p->st = NULL;
		unlink(p->path);
		OK(store_open(p->path, 64 * MIB, &p->st, &p->f));
		make(p, &t, &in);
		*point = ++n;
		done = work(p, t, in);
		reached = *point == 1;
		*point = 0;
		reopen(p);
		assert_true(account(p).accepted >= done);
		assert_int_equal(account(p).sending, 0);
		OK(store_account_verify(p->st, &p->f));
		OK(try_turn(p, t, in, 99, 10));
	} while (reached && n < 500);
	return n;
}

static void whichever_write_fails_what_was_committed_is_there(void **state)
{
	disk.code = SQLITE_IOERR_WRITE;
	assert_in_range(at_every(*state, &disk.write_in), 10, 499);
}

static void whichever_write_finds_no_room_what_was_committed_is_there(void **state)
{
	disk.code = SQLITE_FULL;
	assert_in_range(at_every(*state, &disk.write_in), 10, 499);
}

static void whichever_sync_fails_what_was_committed_is_there(void **state)
{
	assert_in_range(at_every(*state, &disk.sync_in), 4, 499);
}

static void each_commit_is_synced_before_it_returns(void **state)
{
	struct place *p = *state;
	int64_t t, in;
	int i, before;

	make(p, &t, &in);
	for (i = 0; i < 20; i++) {
		before = disk.syncs;
		OK(try_turn(p, t, in, i, 10));
		assert_true(disk.syncs > before);
	}
	before = disk.writes;
	OK(store_commit(p->st, &p->f)); /* nothing to commit */
	assert_int_equal(disk.writes, before);
}

int main(void)
{
#define DISK_TEST(name) cmocka_unit_test_setup_teardown(name, begin_mended, end_mended)
	const struct CMUnitTest tests[] = {
		DISK_TEST(after_a_failed_sync_nothing_is_written_until_a_restart),
		DISK_TEST(a_failed_sync_of_the_file_itself_ends_writing_too),
		DISK_TEST(when_idle_a_failed_sync_ends_writing_too),
		DISK_TEST(a_full_disk_refuses_and_with_room_again_all_goes_on),
		DISK_TEST(a_backup_to_a_bad_disk_is_no_fault_of_the_store),
		DISK_TEST(a_large_backup_is_made_durable_on_its_way),
		DISK_TEST(whichever_write_fails_what_was_committed_is_there),
		DISK_TEST(whichever_write_finds_no_room_what_was_committed_is_there),
		DISK_TEST(whichever_sync_fails_what_was_committed_is_there),
		DISK_TEST(each_commit_is_synced_before_it_returns),
	};

	return cmocka_run_group_tests(tests, disk_install, NULL);
}
