#include "app/delivery.h"

#include <stdlib.h>
#include "app/app.h"
#include "app/job.h"
#include "base/now.h"
#include "core/outcome.h"

#define CLAIM_MAX 32
#define ROUNDS_MAX 8 /* of claiming in one turn; then others get their turn */
#define EXPIRE_EVERY_MS (60 * 1000) /* at most; a short hold_max_age is looked at more often */
#define EXPIRE_EVERY_MIN_MS 1000
#define CLOCK_TRUST_MS (60 * 60 * 1000) /* a clock that was just set must first prove itself */
#define EXPIRE_SLICE 200
#define EXPIRE_SLICES_MAX 5 /* in one call of a person */
#define HELD_TOO_LONG "held for longer than delivery.hold_max_age"

static void add(struct delivery *d, struct job *job)
{
	job->next = d->jobs;
	if (d->jobs)
		d->jobs->prev = job;
	d->jobs = job;
	d->n++;
}

static void drop(struct delivery *d, struct job *job)
{
	if (job->prev)
		job->prev->next = job->next;
	else
		d->jobs = job->next;
	if (job->next)
		job->next->prev = job->prev;
	d->n--;
	job_free(job);
}

/* Jobs end inside callbacks, which may not free them. */
static void bury(struct delivery *d)
{
	struct job *job, *next;

	for (job = d->jobs; job; job = next) {
		next = job->next;
		if (job->closed)
			drop(d, job);
	}
}

static int free_slots(const struct app *app, int64_t now)
{
	int n = app->link.slots.now - app->delivery.n;

	if (!link_open(app) || cw_paused_until(app->cw) > now)
		return 0;
	return n < 0 ? 0 : n > CLAIM_MAX ? CLAIM_MAX : n;
}

/* Returns how many incidents were claimed. */
static int claim(struct app *app, int want)
{
	int64_t ids[CLAIM_MAX];
	struct fault f = { 0 };
	int i, n = 0;

	if (incident_claim(app->store, now_wall_ms(), want,
		    app->conf->delivery.order == ORDER_NEWEST, &app->delivery.turn, ids, &n,
		    &f) < 0) {
		turn_fail(app, &f);
		return 0;
	}
	for (i = 0; i < n && !app->turn.broken; i++)
		add(&app->delivery, job_open(app, ids[i]));
	return n;
}

static int64_t expire_every(const struct conf *conf)
{
	int64_t shortest = conf->delivery.hold_max_age, every;

	if (conf->delivery.queue_max_age && conf->delivery.queue_max_age < shortest)
		shortest = conf->delivery.queue_max_age;
	every = shortest / 10;
	if (every < EXPIRE_EVERY_MIN_MS)
		return EXPIRE_EVERY_MIN_MS;
	return every < EXPIRE_EVERY_MS ? every : EXPIRE_EVERY_MS;
}

static void say_expired(struct app *app, const struct queue_rows *gone, const char *why)
{
	size_t i;

	for (i = 0; i < gone->n; i++)
		TURN_SAY(app, LEVEL_WARN, "event expired", F_STR("event", gone->at[i].event_id),
			F_STR("type", gone->at[i].type),
			F_STR("tenant",
				gone->at[i].tenant_domain ? gone->at[i].tenant_domain
							  : gone->at[i].tenant_guid),
			F_INT("incident", gone->at[i].incident),
			F_STR("waited_for", gone->at[i].why), F_STR("why", why));
}

typedef int expire_fn(struct store *st, int64_t before_at, int64_t now, int max, const char *why,
	struct queue_rows *ret, struct fault *reterr);

/* Returns whether more may be left. */
static bool expire_some(struct app *app, expire_fn *fn, int64_t max_age, const char *why)
{
	struct queue_rows gone = { 0 };
	struct fault f = { 0 };
	int64_t now = now_wall_ms();
	bool more;

	if (fn(app->store, now - max_age, now, EXPIRE_SLICE, why, &gone, &f) < 0) {
		turn_fail(app, &f);
		return false;
	}
	say_expired(app, &gone, why);
	more = gone.n == EXPIRE_SLICE;
	queue_rows_clear(&gone);
	return more;
}

static void expire(struct app *app, int64_t now)
{
	const struct conf *conf = app->conf;
	bool more;

	if (now < app->delivery.expire_at)
		return;
	app->delivery.expire_at = now + expire_every(conf);
	more = expire_some(app, queue_expire_held, conf->delivery.hold_max_age, HELD_TOO_LONG);
	if (conf->delivery.queue_max_age)
		more |= expire_some(app, queue_expire_queued, conf->delivery.queue_max_age,
			"queued for longer than delivery.queue_max_age");
	if (more)
		app->delivery.expire_at = now;
}

/* The rows of a tenant that a person moved follow in slices, one a turn. */
static void settle(struct app *app)
{
	struct fault f = { 0 };
	bool more = false;

	if (queue_settle(
		    app->store, DELIVERY_UNMAPPED, DELIVERY_FLOW_OFF, now_wall_ms(), &more, &f) < 0)
		turn_fail(app, &f);
	else if (more)
		turn_again(app);
}

int delivery_expire_held(
	struct app *app, int64_t tenant, int *ret_n, bool *ret_more, struct fault *reterr)
{
	int64_t now = now_wall_ms();
	int slices, n = 0;
	size_t done = now_mono_ms() < app->delivery.trust_at ? 0 : EXPIRE_SLICE;

	for (slices = 0; done == EXPIRE_SLICE && slices < EXPIRE_SLICES_MAX; slices++) {
		struct queue_rows gone = { 0 };
		int r = queue_expire_held_of(app->store, tenant,
			now - app->conf->delivery.hold_max_age, now, EXPIRE_SLICE, HELD_TOO_LONG,
			&gone, reterr);

		if (r < 0)
			return r;
		done = gone.n;
		say_expired(app, &gone, HELD_TOO_LONG);
		queue_rows_clear(&gone);
		n += (int)done;
	}
	*ret_n = n;
	*ret_more = done == EXPIRE_SLICE;
	return 0;
}

void delivery_tick(struct app *app, int64_t now)
{
	int want, rounds = 0;

	bury(&app->delivery);
	settle(app);
	expire(app, now);
	/* jobs that end at once (held, skipped, too early) give their slots back */
	while (!app->turn.broken && (want = free_slots(app, now)) > 0) {
		int n = claim(app, want);

		bury(&app->delivery);
		if (n < want)
			return;
		if (++rounds == ROUNDS_MAX) {
			turn_again(app);
			return;
		}
	}
}

int64_t delivery_next(struct app *app, int64_t now)
{
	struct fault f = { 0 };
	int64_t due = 0, wait;

	if (!link_open(app) || app->delivery.n >= app->link.slots.now)
		return app->delivery.expire_at;
	if (incident_next_due(app->store, &due, &f) < 0 || !due)
		return app->delivery.expire_at;
	wait = due - now_wall_ms();
	if (wait < 0)
		wait = 0;
	if (cw_paused_until(app->cw) > now + wait)
		return cw_paused_until(app->cw);
	return now + wait < app->delivery.expire_at ? now + wait : app->delivery.expire_at;
}

/* The longest that an incident may rightly wait. */
static int64_t longest_wait(const struct conf *conf)
{
	int64_t longest = RETRY_AFTER_MAX_MS;

	if (conf->delivery.backoff_cap > longest)
		longest = conf->delivery.backoff_cap;
	return conf->delivery.doubt_wait > longest ? conf->delivery.doubt_wait : longest;
}

void delivery_clock_set(struct app *app, int64_t by, int64_t now)
{
	int64_t wall = now_wall_ms();
	struct fault f = { 0 };

	if (incident_clamp_due(app->store, wall + longest_wait(app->conf), wall, &f) < 0)
		turn_fail(app, &f);
	app->delivery.doubt_from = wall;
	if (by)
		app->delivery.expire_at = app->delivery.trust_at = now + CLOCK_TRUST_MS;
}

void delivery_reset(struct app *app)
{
	while (app->delivery.jobs)
		drop(&app->delivery, app->delivery.jobs);
}

void delivery_free(struct app *app)
{
	delivery_reset(app);
}
