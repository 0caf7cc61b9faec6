/* io/store: what is refused at open, room, failed turns, upkeep. */
#include "store_place.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/str.h"
#include "io/store_db.h"

/* Places in the head of a database file (SQLite's file format): big-endian numbers. */
#define AT_USER_VERSION 60
#define AT_APPLICATION_ID 68

static void write_at(const char *path, off_t at, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_true(pwrite(fd, bytes, n, at) == (ssize_t)n);
	close(fd);
}

static off_t size_of(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 ? about.st_size : -1;
}

static void close_store(struct place *p)
{
	store_close(p->st);
	p->st = NULL;
}

/* Returns the fault's code as it comes, and leaves the sentence in p->f. */
static int open_at(struct place *p, const char *path)
{
	struct store *st = NULL;
	int r = store_open(path, 64 * MIB, &st, &p->f);

	store_close(st);
	return r;
}

static void says(const struct place *p, const char *word)
{
	if (!strstr(p->f.text, word))
		fail_msg("\"%s\" does not say \"%s\"", p->f.text, word);
}

/* ==== refusals ==== */

static void a_new_file_is_its_owners_alone(void **state)
{
	struct place *p = *state;
	struct stat about;

	assert_int_equal(stat(p->path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	close_store(p);
	assert_int_equal(chmod(p->path, 0644), 0);
	reopen(p);
	assert_int_equal(stat(p->path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
}

static void a_file_that_is_no_database_is_refused_and_left_alone(void **state)
{
	struct place *p = *state;
	char text[4096];

	close_store(p);
	memset(text, 'x', sizeof(text));
	write_at(p->path, 0, text, sizeof(text));
	assert_int_equal(open_at(p, p->path), -FAULT_STORE);
	says(p, "is not a database");
	says(p, "store.database");
	assert_true(size_of(p->path) > 4096);
}

static void an_empty_file_becomes_a_store(void **state)
{
	struct place *p = *state;

	close_store(p);
	assert_int_equal(truncate(p->path, 0), 0);
	reopen(p);
	assert_int_equal(account(p).accepted, 0);
}

static void the_database_of_another_program_is_refused(void **state)
{
	struct place *p = *state;

	close_store(p);
	write_at(p->path, AT_APPLICATION_ID, "\0\0\0\7", 4);
	assert_int_equal(open_at(p, p->path), -FAULT_STORE);
	says(p, "another program");
	/* tables, but no mark at all: not ours either */
	write_at(p->path, AT_APPLICATION_ID, "\0\0\0\0", 4);
	assert_int_equal(open_at(p, p->path), -FAULT_STORE);
	says(p, "another program");
}

static void a_store_of_a_newer_version_is_refused_until_that_is_installed(void **state)
{
	struct place *p = *state;

	close_store(p);
	write_at(p->path, AT_USER_VERSION, "\0\0\3\350", 4);
	assert_int_equal(open_at(p, p->path), -FAULT_STORE);
	says(p, "newer");
	says(p, "1000");
}

static void a_damaged_store_is_refused(void **state)
{
	struct place *p = *state;
	char junk[4096];

	close_store(p);
	memset(junk, 0xA5, sizeof(junk));
	for (off_t at = 4096; at < size_of(p->path); at += 4096)
		write_at(p->path, at, junk, sizeof(junk));
	assert_int_equal(open_at(p, p->path), -FAULT_STORE);
	says(p, "damaged");
	says(p, "backup");
}

static void places_that_cannot_hold_a_store_are_refused(void **state)
{
	struct place *p = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/nowhere/queue.db", p->dir);
	assert_int_equal(open_at(p, path), -FAULT_STORE);
	says(p, "create it");
	assert_int_equal(open_at(p, p->dir), -FAULT_STORE);
	says(p, "is not a file");
	snprintf(path, sizeof(path), "%s/queue.db", p->path);
	assert_int_equal(open_at(p, path), -FAULT_STORE);
	says(p, "is not a directory");
	snprintf(path, sizeof(path), "%s/copy.db", p->dir);
	assert_int_equal(symlink(p->path, path), 0);
	assert_int_equal(open_at(p, path), -FAULT_STORE);
	says(p, "symbolic link");
}

/* In a child, as a user who has no right here. Returns its exit status. */
static int as_a_stranger(const char *path, const char *word)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct store *st = NULL;
		struct fault f = { 0 };

		if (geteuid() == 0 && (setgroups(0, NULL) || setgid(65534) || setuid(65534)))
			_exit(2);
		_exit(store_open(path, 64 * MIB, &st, &f) == -FAULT_STORE && strstr(f.text, word)
				? 0
				: 1);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_directory_that_may_not_be_written_is_refused(void **state)
{
	struct place *p = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/other.db", p->dir);
	close_store(p);
	assert_int_equal(chmod(p->dir, 0555), 0);
	assert_int_equal(as_a_stranger(path, "cannot be written"), 0);
	assert_int_equal(chmod(p->dir, 0777), 0);
	if (geteuid() == 0)
		assert_int_equal(as_a_stranger(p->path, "cannot be read and written"), 0);
	assert_int_equal(chmod(p->dir, 0700), 0);
}

/* In a child, on a disk of its own with room for little more than the empty file. Its exit status;
 * 77: no such disk can be made here. */
static int on_a_full_disk(const struct place *p)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct store *st = NULL;
		struct fault f = { 0 };

		if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
			mount("none", p->dir, "tmpfs", 0, "size=16k"))
			_exit(77);
		_exit(store_open(p->path, 64 * MIB, &st, &f) == -FAULT_STORE_FULL &&
					strstr(f.text, "free space")
				? 0
				: 1);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_full_disk_is_named_at_open(void **state)
{
	int status = on_a_full_disk(*state);

	if (status == 77)
		skip();
	assert_int_equal(status, 0);
}

/* ==== crashes ==== */

static void what_was_committed_survives_a_kill(void **state)
{
	struct place *p = *state;
	int64_t t;
	pid_t pid;

	close_store(p);
	pid = fork();
	if (pid == 0) {
		OK(store_open(p->path, 64 * MIB, &p->st, &p->f));
		t = tenant(p, NULL, "a.example");
		put(p, t, incident(p, t, "h1"), "kept", "1", QUEUE_QUEUED);
		OK(store_commit(p->st, &p->f));
		put(p, t, incident(p, t, "h2"), "lost", "2", QUEUE_QUEUED);
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, NULL, 0);
	reopen(p);
	assert_int_equal(account(p).queued, 1);
	OK(store_account_verify(p->st, &p->f));
}

/* ==== turns ==== */

static void reads_open_no_turn_and_the_first_write_does(void **state)
{
	struct place *p = *state;

	account(p);
	assert_false(store_in_turn(p->st));
	OK(store_commit(p->st, &p->f));
	OK(store_memo_set(p->st, "k", "1", &p->f));
	assert_true(store_in_turn(p->st));
	OK(store_commit(p->st, &p->f));
	assert_false(store_in_turn(p->st));
	store_rollback(p->st);
}

/* A request that fails half-way must not leave its first half to the others' commit. */
static void a_turn_with_a_failed_write_is_not_committed(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example");
	const struct queue_new ev = { .tenant = t,
		.incident = 999,
		.event_id = "e",
		.text = "1",
		.accepted_at = NOW,
		.state = QUEUE_QUEUED };
	struct queue_row row = { 0 };
	char *value = NULL;
	bool duplicate;

	OK(store_commit(p->st, &p->f));
	OK(store_memo_set(p->st, "k", "1", &p->f));
	assert_int_equal(queue_put(p->st, &ev, &duplicate, &row, &p->f), -FAULT_STORE);
	assert_int_equal(store_memo_set(p->st, "k", "2", NULL), -FAULT_STORE);
	assert_int_equal(store_commit(p->st, &p->f), -FAULT_STORE);
	assert_false(store_in_turn(p->st));
	OK(store_memo_get(p->st, "k", &value, &p->f));
	assert_null(value);
	OK(store_memo_set(p->st, "k", "3", &p->f));
	OK(store_commit(p->st, &p->f));
}

/* ==== room ==== */

static void fill(struct place *p, int64_t t, int64_t in, int from, int n, const char *text)
{
	char id[32];

	for (int i = from; i < from + n; i++) {
		CLEANUP(mem_free) char *own = xasprintf("%d %s", i, text);

		snprintf(id, sizeof(id), "e%d", i);
		put(p, t, in, id, own, QUEUE_QUEUED);
	}
}

static void at_its_limit_nothing_is_accepted_but_delivery_goes_on(void **state)
{
	struct place *p = *state;
	int64_t t, in, ids[1];
	struct queue_rows rows;
	char text[60001];
	int n = 0;

	close_store(p);
	OK(store_open(p->path, MIB, &p->st, &p->f));
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	t = tenant(p, NULL, "a.example");
	in = incident(p, t, "h1");
	while (store_room(p->st, &p->f) == 0) {
		fill(p, t, in, n++, 1, text);
		assert_true(n < 30);
	}
	assert_int_equal(p->f.code, FAULT_STORE_FULL);
	says(p, "store.max_bytes");
	OK(store_commit(p->st, &p->f));
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(queue_take(p->st, in, 5, &rows, &p->f));
	assert_int_equal(rows.n, 5);
	queue_rows_clear(&rows);
	OK(store_commit(p->st, &p->f));
}

static int put_quietly(struct place *p, int64_t t, int64_t in, int i, const char *text)
{
	CLEANUP(mem_free) char *own = xasprintf("%d %s", i, text);
	char id[32];
	const struct queue_new ev = { .tenant = t,
		.incident = in,
		.event_id = id,
		.text = own,
		.accepted_at = NOW,
		.state = QUEUE_QUEUED };
	struct queue_row row = { 0 };
	bool duplicate;
	int r;

	snprintf(id, sizeof(id), "e%d", i);
	r = queue_put(p->st, &ev, &duplicate, &row, &p->f);
	queue_row_clear(&row);
	return r;
}

static void beyond_its_hard_cap_a_write_fails_and_the_store_works_on(void **state)
{
	struct place *p = *state;
	int64_t t, in, before;
	char text[60001];
	int i = 0, r = 0;

	close_store(p);
	OK(store_open(p->path, MIB, &p->st, &p->f));
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	t = tenant(p, NULL, "a.example");
	in = incident(p, t, "h1");
	while (!r) {
		before = account(p).accepted;
		r = put_quietly(p, t, in, i++, text);
		if (!r)
			r = store_commit(p->st, &p->f);
		assert_true(i < 1000);
	}
	assert_int_equal(r, -FAULT_STORE_FULL);
	assert_true(i > STORE_RESERVE / 65536);
	assert_int_equal(store_commit(p->st, &p->f), -FAULT_STORE_FULL);
	assert_int_equal(account(p).accepted, before);
	OK(store_account_verify(p->st, &p->f));
	OK(store_memo_set(p->st, "small", "1", &p->f));
	OK(store_commit(p->st, &p->f));
}

/* Lowered below what the file holds already: deliveries must still be recorded. */
static void a_lowered_limit_leaves_deliveries_their_reserve(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	CLEANUP(mem_free) char *text = xcalloc(60001, 1);
	const int n = 20 * MIB / 60000;

	memset(text, 'x', 60000);
	for (int i = 0; i < n; i++)
		fill(p, t, in, i, 1, text);
	OK(store_commit(p->st, &p->f));
	close_store(p);
	OK(store_open(p->path, MIB, &p->st, &p->f));
	assert_int_equal(store_room(p->st, &p->f), -FAULT_STORE_FULL);
	for (int i = 0; i < 100; i++)
		OK(put_quietly(p, t, in, n + i, text));
	OK(store_commit(p->st, &p->f));
}

/* ==== upkeep ==== */

static void space_of_pruned_events_is_given_back_when_idle(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	char text[4001], wal[128];
	off_t full;
	int n;

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	snprintf(wal, sizeof(wal), "%s-wal", p->path);
	fill(p, t, in, 0, 1000, text);
	do
		OK(queue_skip_tenant(p->st, t, "off", NOW, &n, &p->f));
	while (n > 0);
	OK(store_commit(p->st, &p->f));
	store_idle(p->st);
	assert_int_equal(size_of(wal), 0);
	full = size_of(p->path);
	do {
		OK(store_prune(p->st, NOW + 1, 200, &n, &p->f));
		OK(store_commit(p->st, &p->f));
	} while (n > 0);
	for (int i = 0; i < 40; i++)
		store_idle(p->st);
	assert_true(size_of(p->path) < full / 2);
	assert_int_equal(account(p).accepted, 1000);
	OK(store_account_verify(p->st, &p->f));
}

static void a_slice_is_not_exceeded_and_what_lives_is_not_pruned(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), u = tenant(p, NULL, "b.example");
	struct queue_rows rows;
	int n;

	fill(p, t, incident(p, t, "h1"), 0, 5, "x");
	OK(queue_skip_tenant(p->st, t, "off", NOW, &n, &p->f));
	put(p, u, incident(p, u, "h2"), "queued", "1", QUEUE_QUEUED);
	put(p, u, incident(p, u, "h3"), "held", "1", QUEUE_HELD);
	OK(store_prune(p->st, NOW, 3, &n, &p->f)); /* ended at NOW: not before it */
	assert_int_equal(n, 0);
	OK(store_prune(p->st, NOW + 1, 3, &n, &p->f));
	assert_int_equal(n, 3);
	OK(store_prune(p->st, NOW + 1, 3, &n, &p->f));
	assert_int_equal(n, 2);
	OK(queue_by_id(p->st, "queued", &rows, &p->f));
	assert_int_equal(rows.n, 1);
	queue_rows_clear(&rows);
	assert_int_equal(account(p).held, 1);
}

static void a_backup_holds_all_and_is_its_owners_alone(void **state)
{
	struct place *p = *state;
	struct account a;
	struct store *copy = NULL;
	char path[128];
	struct stat about;
	int64_t t = tenant(p, NULL, "a.example");

	fill(p, t, incident(p, t, "h1"), 0, 50, "x");
	OK(store_commit(p->st, &p->f));
	snprintf(path, sizeof(path), "%s/copy.db", p->dir);
	OK(copy_to(p, path));
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	OK(store_open(path, 64 * MIB, &copy, &p->f));
	OK(store_account(copy, &a, &p->f));
	assert_int_equal(a.queued, 50);
	store_close(copy);
	snprintf(path, sizeof(path), "%s/nowhere/copy.db", p->dir);
	assert_int_equal(copy_to(p, path), -FAULT_SYSTEM);
	fill(p, t, incident(p, t, "h1"), 50, 1, "x"); /* and the store goes on */
	OK(store_commit(p->st, &p->f));
}

static void what_is_written_during_a_backup_is_in_it(void **state)
{
	struct place *p = *state;
	CLEANUP(backup_end) struct backup *b = NULL;
	struct store *copy = NULL;
	struct account a;
	char text[4001], path[128];
	bool done = false;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	int slices = 0;

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	fill(p, t, in, 0, 1500, text);
	OK(store_commit(p->st, &p->f));
	snprintf(path, sizeof(path), "%s/copy.db", p->dir);
	OK(backup_begin(p->st, path, &b, &p->f));
	while (!done) {
		OK(backup_step(b, &done, &p->f));
		fill(p, t, in, 1500 + slices++, 1, text);
		OK(store_commit(p->st, &p->f));
	}
	assert_true(slices > 2);
	OK(store_open(path, 64 * MIB, &copy, &p->f));
	OK(store_account(copy, &a, &p->f));
	assert_int_equal(a.accepted, 1500 + slices - 1);
	OK(store_account_verify(copy, &p->f));
	store_close(copy);
}

static void a_backup_that_is_given_up_leaves_nothing(void **state)
{
	struct place *p = *state;
	struct backup *b = NULL;
	char path[128];
	struct stat about;

	snprintf(path, sizeof(path), "%s/copy.db", p->dir);
	OK(backup_begin(p->st, path, &b, &p->f));
	backup_end(b);
	assert_true(stat(path, &about) < 0);
}

/* The steps after the first undone by hand; a further step is to be undone here too. */
static const char sql_first_schema[] =
	"ALTER TABLE companies DROP COLUMN inactive;"
	"DROP TABLE audit;"
	"DROP TABLE floods; DROP INDEX incidents_turn; DROP INDEX incidents_rolled;"
	"DROP TRIGGER incidents_unrolled; ALTER TABLE incidents DROP COLUMN rolled_into;"
	"DROP INDEX events_op; CREATE INDEX events_op ON events (op_key)"
	" WHERE state = 0 AND op_key IS NOT NULL; PRAGMA user_version = 1;";

static void a_store_of_the_first_schema_is_brought_up_to_date(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1"), ids[1];
	struct queue_rows rows;
	sqlite3 *db = NULL;

	put(p, t, in, "e1", "1", QUEUE_QUEUED);
	OK(store_commit(p->st, &p->f));
	close_store(p);
	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql_first_schema, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	reopen(p);
	assert_int_equal(claim(p, NOW, 1, ids), 1);
	OK(queue_take(p->st, in, 9, &rows, &p->f));
	assert_int_equal(rows.n, 1);
	queue_rows_clear(&rows);
	OK(store_commit(p->st, &p->f));
	OK(store_account_verify(p->st, &p->f));
}

static void the_log_is_copied_into_the_file_before_it_grows_large(void **state)
{
	struct place *p = *state;
	int64_t t = tenant(p, NULL, "a.example"), in = incident(p, t, "h1");
	char text[60001], id[16], log[128];
	int i;

	memset(text, 'x', sizeof(text));
	for (i = 0; i < 300; i++) {
		snprintf(text + sizeof(text) - 16, 16, "%d", i);
		snprintf(id, sizeof(id), "e%d", i);
		put(p, t, in, id, text, QUEUE_QUEUED);
		OK(store_commit(p->st, &p->f));
	}
	snprintf(log, sizeof(log), "%s-wal", p->path);
	assert_in_range(size_of(log), 1, 6 * MIB); /* of 18 MB of texts */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_new_file_is_its_owners_alone),
		STORE_TEST(a_file_that_is_no_database_is_refused_and_left_alone),
		STORE_TEST(an_empty_file_becomes_a_store),
		STORE_TEST(the_database_of_another_program_is_refused),
		STORE_TEST(a_store_of_a_newer_version_is_refused_until_that_is_installed),
		STORE_TEST(a_damaged_store_is_refused),
		STORE_TEST(places_that_cannot_hold_a_store_are_refused),
		STORE_TEST(a_directory_that_may_not_be_written_is_refused),
		STORE_TEST(a_full_disk_is_named_at_open),
		STORE_TEST(what_was_committed_survives_a_kill),
		STORE_TEST(reads_open_no_turn_and_the_first_write_does),
		STORE_TEST(a_turn_with_a_failed_write_is_not_committed),
		STORE_TEST(at_its_limit_nothing_is_accepted_but_delivery_goes_on),
		STORE_TEST(beyond_its_hard_cap_a_write_fails_and_the_store_works_on),
		STORE_TEST(a_lowered_limit_leaves_deliveries_their_reserve),
		STORE_TEST(space_of_pruned_events_is_given_back_when_idle),
		STORE_TEST(a_slice_is_not_exceeded_and_what_lives_is_not_pruned),
		STORE_TEST(a_backup_holds_all_and_is_its_owners_alone),
		STORE_TEST(what_is_written_during_a_backup_is_in_it),
		STORE_TEST(a_backup_that_is_given_up_leaves_nothing),
		STORE_TEST(a_store_of_the_first_schema_is_brought_up_to_date),
		STORE_TEST(the_log_is_copied_into_the_file_before_it_grows_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
