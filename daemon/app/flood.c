#include "app/flood.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "app/app.h"
#include "app/job.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/now.h"
#include "io/store_flood.h"

#define HOUR_MS INT64_C(3600000)
#define ROLLUP_TYPE "Roll-up of incidents"

int64_t flood_hour(int64_t wall_ms)
{
	return wall_ms - wall_ms % HOUR_MS;
}

bool flood_is_rollup(const struct job *job)
{
	return job->in.rolled_into == job->in.id;
}

/* The roll-up incident of the tenant and hour; made if it is new. */
static int rollup_of(struct job *job, int64_t hour, int64_t *ret_id, struct fault *reterr)
{
	char text[80], hash[DIGEST_HEX_MAX], label[48], when[TIME_TEXT_MAX];

	snprintf(text, sizeof(text), "opbridge roll-up %" PRId64 " %" PRId64, job->in.tenant, hour);
	digest_hex(text, strlen(text), hash);
	hash[IDENTITY_HEX] = '\0';
	snprintf(label, sizeof(label), "hour: %s", time_text_s(hour, when));
	return incident_of(job->app->store, job->in.tenant, hash, ROLLUP_TYPE, label, now_wall_ms(),
		ret_id, reterr);
}

/* Events whose text stands in a ticket already stay with it. */
static int finish_noted(struct job *job, struct fault *reterr)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < job->rows.n; i++)
		if (job->rows.at[i].noted)
			r = queue_finish(job->app->store, job->rows.at[i].seq, QUEUE_DELIVERED,
				NULL, job->in.ticket, NULL, now_wall_ms(), reterr);
	return r;
}

static int roll_into(struct job *job, int64_t rollup, int64_t hour, struct fault *reterr)
{
	struct store *st = job->app->store;
	int n = 0, r;

	r = finish_noted(job, reterr);
	if (r == 0)
		r = flood_roll(
			st, job->in.id, rollup, job->in.tenant, hour, now_wall_ms(), &n, reterr);
	if (r == 0)
		r = incident_release(st, job->in.id, 0, 0, now_wall_ms(), reterr);
	if (r < 0)
		return r;
	job->closed = true;
	TURN_SAY(job->app, LEVEL_WARN, "tenant over its limit of new tickets: rolled up",
		F_STR("tenant", job->tenant.domain ? job->tenant.domain : job->tenant.guid),
		F_INT("incident", job->in.id), F_STR("label", job->in.label), F_INT("events", n),
		F_INT("roll_up", rollup), F_INT("limit", job->conf->delivery.flood_limit));
	return 0;
}

/* Only ends of what stands in a roll-up, and no ticket of its own to write them to. */
static bool follows(const struct job *job)
{
	return job->in.rolled_into && !job->in.ticket && job->facts.n_raised == 0 &&
		job->facts.doubt == DOUBT_NONE;
}

int flood_check(struct job *job, bool about_to_create, bool *ret_moved, struct fault *reterr)
{
	int64_t hour = flood_hour(now_wall_ms()), rollup = 0;
	int limit = job->conf->delivery.flood_limit, created = 0, r;

	*ret_moved = false;
	if (flood_is_rollup(job) || job->rows.n == 0)
		return 0;
	if (!about_to_create) {
		if (!follows(job))
			return 0;
		*ret_moved = true;
		return roll_into(job, job->in.rolled_into, hour, reterr);
	}
	if (!limit || job->facts.doubt != DOUBT_NONE)
		return 0;
	r = flood_created(job->app->store, job->in.tenant, hour, &created, reterr);
	if (r < 0 || created < limit)
		return r;
	r = rollup_of(job, hour, &rollup, reterr);
	if (r == 0)
		r = flood_mark(job->app->store, rollup, reterr);
	if (r < 0)
		return r;
	*ret_moved = true;
	return roll_into(job, rollup, hour, reterr);
}

int flood_began(struct job *job, struct fault *reterr)
{
	if (flood_is_rollup(job))
		return 0;
	return flood_count(job->app->store, job->in.tenant, flood_hour(now_wall_ms()), reterr);
}
