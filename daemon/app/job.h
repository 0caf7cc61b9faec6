/* One incident being worked on: its waiting events, what stands in ConnectWise, and one request at
 * a time until decide() says that all is written. Rows are the truth; a job can be forgotten any
 * time.
 *
 * job.c opens a job and takes its steps, job_answer.c takes in replies, job_close.c ends it. */
#ifndef APP_JOB_H
#define APP_JOB_H

#include <stdbool.h>
#include <stdint.h>
#include "core/decide.h"
#include "core/event.h"
#include "io/conf.h"
#include "io/store_event.h"
#include "io/store_incident.h"
#include "io/store_tenant.h"

struct app;
struct cw_answer;
struct cw_call;

/* owned by delivery.jobs */
struct job {
	struct job *next, *prev;
	struct app *app;
	struct conf *conf; /* a reference: the settings it began with */
	struct incident in;
	struct tenant tenant;
	struct queue_rows rows; /* SENDING, oldest first */
	struct op_event **events; /* parsed rows.at[i].text; NULL if that failed */
	struct facts facts;
	struct decision doing;
	struct cw_call *call;
	int64_t began_at; /* monotonic ms */
	int64_t asked_status; /* of the PATCH under way */
	size_t text_max, summary_max; /* UTF-16 units, after ConnectWise found them too long; 0: own
					 limits */
	bool drop_status, drop_board; /* ConnectWise refused them in this job */
	bool no_patch; /* its status cannot be set: refused, or on a board we do not know */
	bool was_doubt; /* the operation under way repeats one whose result is unknown */
	/* With a queue from a backup: the marker of the ticket to be made is being looked up, or
	 * was looked up and not found. */
	bool looking, looked;
	bool reopened; /* the ticket was reopened by this job */
	bool closed; /* this job ended the job; freed by delivery */
	char request_id[64];
};

/* Load a claimed incident and take its first step. Closed at once if nothing is to be done. */
struct job *job_open(struct app *app, int64_t incident);
void job_free(struct job *job);
/* Ask decide() and do what it says. */
void job_step(struct job *job);

/* ==== job_answer.c ==== */
void job_on_answer(void *job, const struct cw_answer *answer);

/* ==== job_close.c ==== */
/* Events whose text is written → DELIVERED, the others → to (DELIVERED, SKIPPED, HELD, DEAD). */
void job_finish(struct job *job, enum queue_state to, const char *why);
/* One row by itself, with its line in the log. */
int job_finish_row(struct job *job, const struct queue_row *row, enum queue_state to,
	const char *why, struct fault *reterr) MUST_CHECK;
/* Rows back into the queue. due_at: wall ms. counted: this was a try that failed. */
void job_put_back(struct job *job, int64_t due_at, bool counted, const char *why);
/* After a failure that is certain to have done nothing: backoff, or what ConnectWise asked for. */
void job_retry(struct job *job, int64_t retry_after_ms, const char *why);
/* The store failed: the turn is undone, the job with it. */
void job_store_failed(struct job *job, const struct fault *why);

#endif
