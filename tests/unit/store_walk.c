/* io/store*: thousands of turns of everything in random order, with jobs under way over several
 * turns, turns undone, restarts and kills; and what must hold after each. */
#include "store_place.h"

#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>

#include "io/store_db.h"
#include "io/store_flood.h"

#define JOBS 4
#define ROWS 3
#define TENANTS 3
#define INCIDENTS 6

struct job {
	int64_t in, seq[ROWS];
	int n;
	bool began; /* an operation */
};

/* The walk's own memory is rolled back with the turn. */
struct memory {
	struct job jobs[JOBS];
	int n_jobs;
	int64_t now, turn;
	int next_id;
};

struct walk {
	struct place *p;
	struct memory now, committed;
	int64_t tenants[TENANTS];
	uint64_t seed;
};

static int dice(struct walk *w, int n)
{
	w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
	return (int)((w->seed >> 33) % (uint64_t)n);
}

/* ==== what must hold ==== */

static void none(struct place *p, const char *what, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(p->st->db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	if (n)
		fail_msg("%" PRId64 " %s", n, what);
}

static void holds(struct place *p)
{
	account(p);
	none(p, "incidents with queued events would wait for ever",
		"SELECT count(*) FROM incidents i WHERE claimed = 0 AND due_at = 0"
		" AND EXISTS (SELECT 1 FROM events WHERE incident = i.id AND state = 0)");
	none(p, "events are being sent that nobody has claimed",
		"SELECT count(*) FROM events e JOIN incidents i ON i.id = e.incident"
		" WHERE e.state = 1 AND i.claimed = 0");
	none(p, "events carry the key of an operation that is over",
		"SELECT count(*) FROM events e JOIN incidents i ON i.id = e.incident"
		" WHERE e.op_key IS NOT NULL AND e.op_key IS NOT i.op_key");
	none(p, "ended events have no time",
		"SELECT count(*) FROM events WHERE (state >= 3) != "
		"(done_at > 0)");
	none(p, "operations are in doubt that were never begun",
		"SELECT count(*) FROM incidents WHERE op = 0 AND (op_doubt != 0 OR op_key IS NOT "
		"NULL)");
}

/* ==== what happens ==== */

static void do_put(struct walk *w, enum queue_state state)
{
	struct place *p = w->p;
	int64_t t = w->tenants[dice(w, TENANTS)];
	char hash[16], id[16], text[16];
	struct queue_new ev = { .tenant = t,
		.accepted_at = w->now.now,
		.event_id = id,
		.type = "T",
		.text = text,
		.state = state };
	struct queue_row row = { 0 };
	bool duplicate;

	snprintf(hash, sizeof(hash), "h%d", dice(w, INCIDENTS));
	snprintf(id, sizeof(id), "e%d", dice(w, 4) ? w->now.next_id++ : dice(w, 50));
	snprintf(text, sizeof(text), "v%d", dice(w, 4));
	OK(incident_of(p->st, t, hash, "T", "l", w->now.now, &ev.incident, &p->f));
	OK(queue_put(p->st, &ev, &duplicate, &row, &p->f));
	queue_row_clear(&row);
}

static void do_open_job(struct walk *w)
{
	struct place *p = w->p;
	struct queue_rows rows;
	struct job *job;
	int64_t id;
	int n = 0, i;

	if (w->now.n_jobs == JOBS)
		return;
	OK(incident_claim(p->st, w->now.now, 1, dice(w, 2), &w->now.turn, &id, &n, &p->f));
	if (!n)
		return;
	OK(queue_take(p->st, id, 1 + dice(w, ROWS), &rows, &p->f));
	if (!rows.n) {
		OK(incident_release(p->st, id, 0, 0, w->now.now, &p->f));
		queue_rows_clear(&rows);
		return;
	}
	job = &w->now.jobs[w->now.n_jobs++];
	*job = (struct job){ .in = id, .n = (int)rows.n };
	for (i = 0; i < job->n; i++)
		job->seq[i] = rows.at[i].seq;
	queue_rows_clear(&rows);
}

static void do_begin(struct walk *w, struct job *job)
{
	struct place *p = w->p;
	char key[16];
	int i;

	/* few keys, so that a later operation often has the key of an earlier one */
	snprintf(key, sizeof(key), "k%d", dice(w, 2));
	OK(incident_begin_op(
		p->st, job->in, dice(w, 2) ? OP_CREATE : OP_NOTE, key, w->now.now, &p->f));
	for (i = 0; i < job->n; i++)
		OK(queue_set_op(p->st, job->seq[i], key, &p->f));
	job->began = true;
}

static void finish(struct walk *w, struct job *job)
{
	static const enum queue_state ends[] = { QUEUE_DELIVERED, QUEUE_DELIVERED, QUEUE_DEAD,
		QUEUE_HELD, QUEUE_SKIPPED };
	struct place *p = w->p;
	int i;

	if (dice(w, 2))
		OK(incident_set_ticket(
			p->st, job->in, 100 + dice(w, 9), 1, 1, "B", "S", w->now.now, &p->f));
	for (i = 0; i < job->n; i++)
		OK(queue_finish(p->st, job->seq[i], ends[dice(w, (int)ARRAY_LEN(ends))], "created",
			1, "w", w->now.now, &p->f));
	OK(incident_release(p->st, job->in, 0, 0, w->now.now, &p->f));
}

static void roll(struct walk *w, struct job *job)
{
	struct place *p = w->p;
	struct incident in;
	int64_t up = 0;
	int n;

	OK(incident_get(p->st, job->in, &in, &p->f));
	OK(incident_of(p->st, in.tenant, "roll-up", "R", "l", w->now.now, &up, &p->f));
	if (up != job->in) {
		OK(flood_mark(p->st, up, &p->f));
		OK(flood_roll(p->st, job->in, up, in.tenant, 0, w->now.now, &n, &p->f));
	} else {
		OK(queue_put_back(p->st, job->in, false, "w", &p->f));
	}
	incident_clear(&in);
	OK(incident_release(p->st, job->in, 0, 0, w->now.now, &p->f));
}

static void put_back(struct walk *w, struct job *job)
{
	struct place *p = w->p;
	int64_t due = dice(w, 2) ? 0 : w->now.now + 1 + dice(w, 20);

	OK(queue_put_back(p->st, job->in, dice(w, 2), dice(w, 2) ? "w" : NULL, &p->f));
	OK(incident_release(p->st, job->in, due, dice(w, 3), w->now.now, &p->f));
}

static void do_end_job(struct walk *w, int at)
{
	struct place *p = w->p;
	struct job *job = &w->now.jobs[at];
	int way = dice(w, 6);

	if (job->began && way != 0) {
		if (dice(w, 3))
			OK(incident_end_op(p->st, job->in, &p->f));
		else
			OK(incident_doubt_op(p->st, job->in, &p->f));
	}
	if (way < 2)
		put_back(w, job);
	else if (way == 2 && !job->began)
		roll(w, job);
	else
		finish(w, job);
	w->now.jobs[at] = w->now.jobs[--w->now.n_jobs];
}

static void do_job(struct walk *w)
{
	int at;

	if (!w->now.n_jobs) {
		do_open_job(w);
		return;
	}
	at = dice(w, w->now.n_jobs);
	if (!w->now.jobs[at].began && dice(w, 2))
		do_begin(w, &w->now.jobs[at]);
	else
		do_end_job(w, at);
}

static void do_person(struct walk *w)
{
	struct place *p = w->p;
	int64_t t = w->tenants[dice(w, TENANTS)];
	char id[16];
	int n;

	snprintf(id, sizeof(id), "e%d", dice(w, 50));
	switch (dice(w, 7)) {
	case 0:
		OK(queue_release_held(p->st, t, w->now.now, &n, &p->f));
		break;
	case 1:
		OK(queue_hold_tenant(p->st, t, "w", &n, &p->f));
		break;
	case 2:
		OK(queue_skip_tenant(p->st, t, "w", w->now.now, &n, &p->f));
		break;
	case 3:
		OK(queue_retry_dead(p->st, NULL, w->now.now, &n, &p->f));
		break;
	case 4:
		OK(queue_retry_dead(p->st, id, w->now.now, &n, &p->f));
		break;
	case 5:
		OK(incident_wake(p->st, dice(w, 2) ? id : NULL, w->now.now, &n, &p->f));
		break;
	default:
		OK(incident_clamp_due(p->st, w->now.now + 10, w->now.now, &p->f));
	}
}

static void do_time(struct walk *w)
{
	struct place *p = w->p;
	struct queue_rows gone;
	int n;

	w->now.now += dice(w, 10);
	switch (dice(w, 3)) {
	case 0:
		OK(queue_expire_held(p->st, w->now.now - 40, w->now.now, 3, "w", &gone, &p->f));
		queue_rows_clear(&gone);
		break;
	case 1:
		OK(queue_expire_queued(p->st, w->now.now - 60, w->now.now, 3, "w", &gone, &p->f));
		queue_rows_clear(&gone);
		break;
	default:
		OK(store_prune(p->st, w->now.now - 50, 1 + dice(w, 5), &n, &p->f));
	}
}

static void forget_jobs(struct walk *w)
{
	w->now.n_jobs = 0;
	w->committed = w->now;
}

static void do_restart(struct walk *w)
{
	struct place *p = w->p;

	if (dice(w, 2)) {
		store_rollback(p->st);
		w->now = w->committed;
		reopen(p);
	} else {
		OK(store_recover(p->st, &p->f));
		OK(store_commit(p->st, &p->f));
	}
	forget_jobs(w);
	assert_int_equal(account(p).sending, 0);
	none(p, "incidents are claimed by nobody",
		"SELECT count(*) FROM incidents WHERE claimed = 1");
	none(p, "requests under way are not in doubt",
		"SELECT count(*) FROM incidents WHERE op != 0 AND op_doubt = 0");
}

static void step(struct walk *w)
{
	int what = dice(w, 20);

	if (what < 5)
		do_put(w, QUEUE_QUEUED);
	else if (what < 6)
		do_put(w, dice(w, 2) ? QUEUE_HELD : QUEUE_SKIPPED);
	else if (what < 10)
		do_open_job(w);
	else if (what < 15)
		do_job(w);
	else if (what < 17)
		do_person(w);
	else
		do_time(w);
}

static void turn(struct walk *w)
{
	struct place *p = w->p;
	int steps = 1 + dice(w, 4);

	while (steps--)
		step(w);
	if (dice(w, 12) == 0) {
		store_rollback(p->st);
		w->now = w->committed;
	} else {
		OK(store_commit(p->st, &p->f));
		w->committed = w->now;
	}
	if (dice(w, 60) == 0)
		do_restart(w);
}

/* ==== the walks ==== */

static struct walk walk_begin(struct place *p, uint64_t seed)
{
	struct walk w = { .p = p, .seed = seed };

	w.now.now = NOW;
	w.tenants[0] = tenant(p, NULL, "a.example");
	w.tenants[1] = tenant(p, "guid", "b.example");
	w.tenants[2] = tenant(p, NULL, "c.example");
	OK(store_commit(p->st, &p->f));
	w.committed = w.now;
	return w;
}

static void walk_of(struct place *p, uint64_t seed)
{
	struct walk w = walk_begin(p, seed);
	int i;

	for (i = 0; i < 1500; i++) {
		turn(&w);
		holds(p);
		if (i % 50 == 0)
			OK(store_account_verify(p->st, &p->f));
	}
	OK(store_account_verify(p->st, &p->f));
	reopen(p);
	holds(p);
	assert_true(account(p).accepted > 500);
}

static void whatever_happens_the_account_balances_and_nothing_is_stuck(void **state)
{
	walk_of(*state, 1);
}

static void another_walk_ends_as_well(void **state)
{
	walk_of(*state, 20261124);
}

/* A child walks, and says after each commit how many it has accepted; it is killed somewhere. */
static void child_walks(struct place *p, uint64_t seed, int told)
{
	struct walk w;
	int i;

	if (store_open(p->path, 64 * MIB, &p->st, &p->f))
		_exit(1);
	w = walk_begin(p, seed);
	for (i = 0; i < 100000; i++) {
		int64_t accepted;

		turn(&w);
		if (store_in_turn(p->st))
			continue;
		accepted = account(p).accepted;
		if (write(told, &accepted, sizeof(accepted)) != sizeof(accepted))
			_exit(1);
	}
	_exit(1);
}

static int64_t kill_after(struct place *p, uint64_t seed, int turns)
{
	int64_t accepted = 0, got;
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		child_walks(p, seed, ends[1]);
	}
	close(ends[1]);
	while (turns-- && read(ends[0], &got, sizeof(got)) == sizeof(got))
		accepted = got;
	kill(pid, SIGKILL);
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_true(WIFSIGNALED(status));
	while (read(ends[0], &got, sizeof(got)) == sizeof(got))
		accepted = got; /* what was told before the end counts */
	close(ends[0]);
	return accepted;
}

static void whenever_it_is_killed_what_was_told_is_there(void **state)
{
	struct place *p = *state;
	int64_t told;
	int i;

	for (i = 0; i < 15; i++) {
		store_close(p->st);
		p->st = NULL;
		told = kill_after(p, (uint64_t)i * 7919, 1 + i * 5);
		OK(store_open(p->path, 64 * MIB, &p->st, &p->f));
		assert_true(account(p).accepted >= told);
		assert_int_equal(account(p).sending, 0);
		holds(p);
		OK(store_account_verify(p->st, &p->f));
	}
	assert_true(account(p).accepted > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(whatever_happens_the_account_balances_and_nothing_is_stuck),
		STORE_TEST(another_walk_ends_as_well),
		STORE_TEST(whenever_it_is_killed_what_was_told_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
