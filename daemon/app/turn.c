#include "app/turn.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/now.h"

#define FAILURES_BEFORE_EXIT 3
#define RETRY_MS 1000
#define LAST_WORDS_MS 50 /* for the refusals to reach their clients */
#define MEMO_RECOVERED_AT "store.recovered_at" /* for people who look into the file */
#define PRUNE_EVERY_MS (60 * 1000)
#define PRUNE_SLICE 200
#define IDLE_EVERY_MS (60 * 1000)
#define CLOCK_JUMP_MS (60 * 1000)
#define CLOCK_TRUST_MS (60 * 60 * 1000)
#define SAID_FIELDS_MAX 14

/* owned by turn.said */
struct said {
	struct said *next;
	enum log_level level;
	const char *msg;
	struct log_field fields[SAID_FIELDS_MAX];
	size_t n;
};

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg; /* waking up is all: the turn's end does the work */
}

void turn_init(struct app *app)
{
	app->turn.timer = evtimer_new(app->base, on_timer, NULL);
	if (!app->turn.timer)
		abort();
	app->turn.said_end = &app->turn.said;
}

/* ==== log lines that wait ==== */

void turn_say(struct app *app, enum log_level level, const char *msg,
	const struct log_field *fields, size_t n)
{
	struct said *s;
	size_t i;

	if (level > log_level())
		return;
	if (n > SAID_FIELDS_MAX)
		abort();
	s = xcalloc(1, sizeof(*s));
	s->level = level;
	s->msg = msg;
	s->n = n;
	for (i = 0; i < n; i++) {
		s->fields[i] = fields[i];
		s->fields[i].str = xstrdup(fields[i].str);
	}
	*app->turn.said_end = s;
	app->turn.said_end = &s->next;
}

static void said_flush(struct app *app, bool aloud)
{
	struct said *s, *next;
	size_t i;

	for (s = app->turn.said; s; s = next) {
		next = s->next;
		if (aloud)
			log_write(s->level, s->msg, s->fields, s->n);
		for (i = 0; i < s->n; i++)
			free((char *)(uintptr_t)s->fields[i].str);
		free(s);
	}
	app->turn.said = NULL;
	app->turn.said_end = &app->turn.said;
}

void turn_free(struct app *app)
{
	said_flush(app, true);
	if (app->turn.timer)
		event_free(app->turn.timer);
	app->turn.timer = NULL;
}

/* ==== failing ==== */

void turn_fail(struct app *app, const struct fault *why)
{
	if (app->turn.broken)
		return;
	app->turn.broken = true;
	app->turn.why = *why;
}

bool turn_may_write(const struct app *app, const char **ret_why)
{
	if (!app->turn.broken && !app->turn.recover)
		return true;
	*ret_why = app->turn.why.text;
	return false;
}

void turn_again(struct app *app)
{
	event_active(app->turn.timer, EV_TIMEOUT, 0);
}

static void forget_everything(struct app *app)
{
	delivery_reset(app);
	sync_reset(app);
	board_reset(app);
	link_reset(app);
	check_reset(app);
	twins_reset(app);
	alarm_reset(app);
	paused_free(&app->paused); /* what was to be told of them may be lost: it is told again */
	cw_drop_unsent(app->cw);
}

/* One more failure; too many of them end the process. */
static void count_failure(struct app *app)
{
	struct turn *turn = &app->turn;
	bool lost = store_lost(app->store);

	turn->failures++;
	turn->retry_at = now_mono_ms() + (lost ? LAST_WORDS_MS : RETRY_MS);
	if (lost && turn->failures < FAILURES_BEFORE_EXIT - 1)
		turn->failures = FAILURES_BEFORE_EXIT - 1;
	if (turn->failures < FAILURES_BEFORE_EXIT || app->quit ||
		(turn->why.code == FAULT_STORE_FULL && !lost))
		return;
	log_error("giving up: the queue cannot be written; a restart reads it afresh",
		F_STR("why", turn->why.text));
	app_quit(app, EX_IOERR);
}

static void undo(struct app *app)
{
	struct turn *turn = &app->turn;

	store_rollback(app->store);
	said_flush(app, false);
	log_error("turn undone: the queue could not be written", F_STR("why", turn->why.text),
		F_STR("next", "clients were told to send again; nothing acknowledged is lost"));
	api_refuse_unsent(app->api, turn->why.text);
	forget_everything(app);
	/* requests that are forgotten run on for as long as they may */
	app->delivery.doubt_from = now_wall_ms() + app->conf->cw.write_timeout;
	turn->broken = false;
	turn->recover = true;
	count_failure(app);
}

/* Rows of the work that was forgotten: as after a crash. Often there are none, and a commit of
 * nothing proves nothing, so something is written. */
static int put_right(struct app *app, struct fault *reterr)
{
	char at[TIME_TEXT_MAX];
	int r = store_recover(app->store, reterr);

	if (r == 0)
		r = store_memo_set(
			app->store, MEMO_RECOVERED_AT, time_text(now_wall_ms(), at), reterr);
	return r < 0 ? r : store_commit(app->store, reterr);
}

static void recover(struct app *app)
{
	struct turn *turn = &app->turn;
	struct fault f = { 0 };

	if (now_mono_ms() < turn->retry_at)
		return;
	if (put_right(app, &f) < 0) {
		store_rollback(app->store);
		turn->why = f;
		count_failure(app);
		return;
	}
	turn->recover = false;
	log_info("queue can be written again");
}

/* ==== the turn ==== */

static void prune(struct app *app, int64_t now)
{
	struct fault f = { 0 };
	int n = 0;

	if (now < app->prune_at)
		return;
	app->prune_at = now + PRUNE_EVERY_MS;
	if (store_prune(app->store, now_wall_ms() - app->conf->store.history, PRUNE_SLICE, &n, &f) <
		0)
		turn_fail(app, &f);
	else if (n == PRUNE_SLICE)
		app->prune_at = now; /* more of them: the next turn goes on */
}

/* Pacing lives on the monotonic clock; due times in the queue and ages are wall clock, which people
 * and NTP set. */
static void watch_clock(struct app *app, int64_t now)
{
	int64_t offset = now_wall_ms() - now, by = offset - app->clock_offset;
	bool first = !app->clock_offset;

	app->clock_offset = offset;
	if (first) {
		delivery_clock_set(app, 0, now);
	} else if (by > CLOCK_JUMP_MS || by < -CLOCK_JUMP_MS) {
		log_warn("the clock was set", F_INT("by_ms", by),
			F_STR("next", "nothing is pruned or expires within the next hour"));
		delivery_clock_set(app, by, now);
		app->prune_at = now + CLOCK_TRUST_MS;
	}
}

static void work(struct app *app)
{
	int64_t now = now_mono_ms();

	cw_drain(app->cw);
	if (app->turn.recover)
		recover(app);
	alarm_tick(app, now);
	if (app->turn.broken || app->turn.recover || app->stop_by)
		return;
	watch_clock(app, now);
	reload_tick(app);
	link_tick(app, now);
	board_tick(app, now);
	sync_tick(app, now);
	check_tick(app, now);
	delivery_tick(app, now);
	prune(app, now);
}

#ifdef OPBRIDGE_DEBUG
#define VERIFY_EVERY 64 /* commits between counts of all rows */

/* Law 6: the account balances at every moment. */
static void assert_balance(struct app *app)
{
	struct account account;
	struct fault f = { 0 };

	if (store_account(app->store, &account, &f) < 0)
		return;
	if (!account_balances(&account))
		abort();
	if (++app->turn.commits % VERIFY_EVERY == 0 && store_account_verify(app->store, &f) < 0) {
		log_error("the account is wrong", F_STR("why", f.text));
		abort();
	}
}
#else
static void assert_balance(struct app *app)
{
	(void)app;
}
#endif

static bool commit(struct app *app)
{
	struct fault f = { 0 };

	if (!app->turn.broken && store_commit(app->store, &f) == 0) {
		assert_balance(app);
		return true;
	}
	turn_fail(app, &f);
	undo(app);
	return false;
}

/* Space given back and the log shortened, when nobody waits for it. */
static void idle(struct app *app)
{
	int64_t now = now_mono_ms();

	if (now < app->idle_at || cw_in_flight(app->cw) || app->turn.recover || app->copy.work)
		return;
	app->idle_at = now + IDLE_EVERY_MS;
	store_idle(app->store);
}

static int64_t earlier(int64_t a, int64_t b)
{
	if (a < 0)
		return b;
	return b >= 0 && b < a ? b : a;
}

/* until: monotonic ms, 0 = never. Returns ms from now, -1 = never. */
static int64_t wait_until(int64_t until, int64_t now)
{
	if (!until)
		return -1;
	return until > now ? until - now : 0;
}

static void arm(struct app *app, int64_t wait)
{
	int64_t now = now_mono_ms();
	struct timeval tv;

	if (app->turn.recover)
		wait = earlier(wait, wait_until(app->turn.retry_at, now));
	else if (!app->stop_by) {
		wait = earlier(wait, wait_until(link_next(app), now));
		wait = earlier(wait, wait_until(board_next(app), now));
		wait = earlier(wait, wait_until(sync_next(app), now));
		wait = earlier(wait, wait_until(check_next(app), now));
		wait = earlier(wait, wait_until(delivery_next(app, now), now));
		wait = earlier(wait, wait_until(app->prune_at, now));
	}
	wait = earlier(wait, wait_until(alarm_next(app), now));
	if (app->stop_by)
		wait = earlier(wait, wait_until(app->stop_by, now));
	if (wait < 0) {
		evtimer_del(app->turn.timer);
		return;
	}
	tv = (struct timeval){ .tv_sec = wait / 1000, .tv_usec = (wait % 1000) * 1000 };
	evtimer_add(app->turn.timer, &tv);
}

/* Stopping: done when nothing is under way any more, or when the time is over. */
static void maybe_stop(struct app *app)
{
	if (!app->stop_by)
		return;
	if (cw_in_flight(app->cw) == 0 && !alarm_busy(app))
		app_quit(app, EX_OK);
	else if (now_mono_ms() >= app->stop_by) {
		if (cw_in_flight(app->cw))
			log_warn("stopping with requests in flight; they are looked up at the next "
				 "start",
				F_INT("requests", cw_in_flight(app->cw)));
		if (alarm_busy(app))
			log_warn("stopping with an alarm under way; it is told again at the next "
				 "start");
		app_quit(app, EX_OK);
	}
}

void turn_end(struct app *app)
{
	int64_t wait = -1;

	work(app);
	if (commit(app)) {
		if (!app->turn.recover)
			app->turn.failures = 0;
		said_flush(app, true);
		api_release(app->api);
		wait = earlier(
			cw_release(app->cw, now_mono_ms()), reload_release(app, now_mono_ms()));
		idle(app);
		copy_tick(app);
	}
	maybe_stop(app);
	arm(app, wait);
}
