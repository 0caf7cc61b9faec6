/* The end of a job: what becomes of its rows, and the line in the log. */
#include "app/job.h"

#include <inttypes.h>
#include <stdio.h>
#include "app/app.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/pace.h"
#include "io/journal.h"

void job_store_failed(struct job *job, const struct fault *why)
{
	turn_fail(job->app, why);
	job->closed = true;
}

static const char *msg_of(const struct job *job, enum queue_state state)
{
	switch (state) {
	case QUEUE_DELIVERED:
		return "event delivered";
	case QUEUE_HELD:
		return job->facts.mapped ? "event held" : MSG_HELD_UNMAPPED;
	case QUEUE_SKIPPED:
		return "event skipped";
	case QUEUE_DEAD:
		return "event dead";
	case QUEUE_QUEUED:
	case QUEUE_SENDING:
	case QUEUE_MUTED:
	case QUEUE_EXPIRED:
		break;
	}
	return "event ended";
}

static void say_outcome(struct job *job, const struct queue_row *row, enum queue_state to,
	const char *did, const char *why)
{
	enum log_level level = to == QUEUE_DEAD ? LEVEL_ERROR
		: to == QUEUE_HELD              ? LEVEL_WARN
						: LEVEL_INFO;
	char company[24] = "", ticket[24] = "";

	if (job->tenant.company)
		snprintf(company, sizeof(company), "%" PRId64, job->tenant.company);
	if (job->in.ticket && to == QUEUE_DELIVERED)
		snprintf(ticket, sizeof(ticket), "%" PRId64, job->in.ticket);
	TURN_SAY(job->app, level, msg_of(job, to), F_STR("event", row->event_id),
		F_STR("type", row->type), F_STR("tenant", tenant_label(&job->tenant)),
		F_STR("company", *company ? company : NULL),
		F_STR("company_name", job->tenant.company_name), F_INT("incident", job->in.id),
		F_STR("ticket", *ticket ? ticket : NULL), F_STR("did", did), F_STR("why", why),
		F_INT("tries", row->attempts + 1), F_INT("ms", now_wall_ms() - row->accepted_at),
		F_STR("request_id", *job->request_id ? job->request_id : NULL));
}

static int release(struct job *job, int64_t due_at, int tries, struct fault *reterr)
{
	job->closed = true;
	return incident_release(job->app->store, job->in.id, due_at, tries, now_wall_ms(), reterr);
}

int job_finish_row(struct job *job, const struct queue_row *row, enum queue_state to,
	const char *why, struct fault *reterr)
{
	enum queue_state end = row->noted ? QUEUE_DELIVERED : to;
	const char *reason = end == to ? why : NULL;

	say_outcome(job, row, end, row->did, reason);
	return queue_finish(job->app->store, row->seq, end, NULL,
		end == QUEUE_DELIVERED ? job->in.ticket : 0, reason, now_wall_ms(), reterr);
}

void job_finish(struct job *job, enum queue_state to, const char *why)
{
	struct fault f = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < job->rows.n; i++)
		r = job_finish_row(job, &job->rows.at[i], to, why, &f);
	if (r == 0)
		r = release(job, 0, 0, &f);
	if (r < 0)
		job_store_failed(job, &f);
}

void job_put_back(struct job *job, int64_t due_at, bool counted, const char *why)
{
	struct fault f = { 0 };
	int tries = job->in.tries + (counted ? 1 : 0);

	if (queue_put_back(job->app->store, job->in.id, counted, why, &f) < 0 ||
		release(job, due_at, tries, &f) < 0)
		job_store_failed(job, &f);
}

void job_retry(struct job *job, int64_t retry_after_ms, const char *why)
{
	const struct conf *conf = job->conf;
	int64_t wait = backoff_ms(job->in.tries + 1, conf->delivery.backoff_base,
		conf->delivery.backoff_cap, random_unit());

	if (retry_after_ms > wait)
		wait = retry_after_ms;
	TURN_SAY(job->app, LEVEL_WARN, "delivery tries again later", F_INT("incident", job->in.id),
		F_STR("tenant", tenant_label(&job->tenant)), F_INT("events", job->rows.n),
		F_INT("tries", job->in.tries + 1), F_INT("wait_ms", wait), F_STR("why", why),
		F_STR("request_id", *job->request_id ? job->request_id : NULL));
	job_put_back(job, now_wall_ms() + wait, true, why);
}
