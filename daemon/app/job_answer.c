/* What a reply means for its job: into the ledger, and on to the next step. */
#include "app/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/app.h"
#include "app/flood.h"
#include "app/twins.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "io/cw_view.h"

#define DENIED_WAIT_MS                                                                             \
	(5 * 60 * 1000) /* a role is changed by a person: look again now and then                  \
			 */

/* ==== the ledger ==== */

static int end_op(struct job *job, struct fault *reterr)
{
	job->facts.doubt = DOUBT_NONE;
	job->facts.lookups_empty = 0;
	job->in.op = OP_NONE;
	return incident_end_op(job->app->store, job->in.id, reterr);
}

/* Their text stands in ConnectWise. key: only those that went out with this operation; NULL: all.
 */
static int mark_noted(struct job *job, const char *key, const char *did, struct fault *reterr)
{
	struct facts *facts = &job->facts;
	size_t i;
	int r = 0;

	facts->n_unnoted = 0;
	for (i = 0; r == 0 && i < job->rows.n; i++) {
		struct queue_row *row = &job->rows.at[i];

		if (!row->noted && (!key || str_eq(row->op_key, key))) {
			r = queue_set_noted(job->app->store, row->seq, did, job->in.ticket, reterr);
			row->noted = true;
			mem_free(row->did);
			row->did = xstrdup(did);
		}
		facts->n_unnoted += !row->noted;
	}
	return r;
}

static enum ticket_view view_of(const struct job *job, const struct cw_ticket *t)
{
	if (t->merged)
		return TICKET_MERGED;
	if (t->company && t->company != job->tenant.company)
		return TICKET_FOREIGN;
	return t->closed ? TICKET_CLOSED : TICKET_OPEN;
}

static void see_ticket(struct job *job, const struct cw_ticket *t)
{
	job->facts.ticket = view_of(job, t);
	job->facts.status_as_wanted =
		t->closed || (t->status && t->status == job->app->board.closed_status);
	/* a status belongs to a board: on another one we know of none */
	if (t->board && t->board != job->app->board.id)
		job->no_patch = true;
}

static int64_t generation_of(const struct job *job)
{
	const char *at = job->in.op_key ? strrchr(job->in.op_key, ':') : NULL;
	long n = at ? strtol(at + 1, NULL, 10) : 0;

	return n > 0 ? n : job->in.generation + 1;
}

/* This ticket stands for the incident from now on. */
static int take_ticket(
	struct job *job, const struct cw_ticket *t, const char *did, struct fault *reterr)
{
	int generation = (int)generation_of(job), r;
	int64_t company = t->company ? t->company : job->tenant.company;
	CLEANUP(mem_free) char *key = xstrdup(job->in.op_key);

	r = incident_set_ticket(job->app->store, job->in.id, t->id, generation, company,
		t->board_name, t->status_name, now_wall_ms(), reterr);
	job->in.previous_ticket = job->in.ticket;
	job->in.ticket = t->id;
	job->in.generation = generation;
	job->in.ticket_company = company;
	if (r == 0)
		r = end_op(job, reterr);
	if (r == 0)
		r = mark_noted(job, key, did, reterr);
	see_ticket(job, t);
	return r;
}

/* ==== replies that count ==== */

static bool patching(const struct job *job)
{
	return job->doing.action == DO_CLOSE || job->doing.action == DO_REOPEN;
}

static int in_doubt(struct job *job, const char *why, struct fault *reterr)
{
	int r = incident_doubt_op(job->app->store, job->in.id, reterr);
	int64_t wait = job->conf->delivery.doubt_wait;

	TURN_SAY(job->app, LEVEL_WARN,
		patching(job) ? "request in doubt: the ticket is read before anything is sent again"
			      : "request in doubt: it is looked up before anything is sent again",
		F_STR("event", job->rows.n ? job->rows.at[0].event_id : NULL),
		F_STR("tenant", job->tenant.domain ? job->tenant.domain : job->tenant.guid),
		F_INT("company", job->tenant.company), F_INT("incident", job->in.id),
		F_STR("marker", job->in.op_key), F_STR("action", action_name(job->doing.action)),
		F_INT("wait_ms", wait), F_STR("why", why),
		F_STR("request_id", *job->request_id ? job->request_id : NULL));
	if (r == 0)
		job_put_back(job, now_wall_ms() + wait, true, why);
	return r;
}

static int on_created(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	struct cw_ticket t;
	int r;

	if (!cw_ticket_view(answer->body, &t))
		return in_doubt(job, "ConnectWise said created, but named no ticket", reterr);
	if (t.company && t.company != job->tenant.company)
		TURN_SAY(job->app, LEVEL_ERROR,
			"ConnectWise put a ticket under another company than asked",
			F_INT("ticket", t.id), F_INT("asked", job->tenant.company),
			F_INT("company", t.company));
	if (job->was_doubt) /* the first one may still turn up */
		twins_look_later(job->app, job->in.op_key, job->in.id, job->tenant.company, t.id);
	r = take_ticket(job, &t, "created", reterr);
	return r < 0 ? r : flood_began(job, reterr);
}

static int on_read(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	struct cw_ticket t;

	if (!cw_ticket_view(answer->body, &t) || !t.company) {
		job_retry(job, -1, "ConnectWise answered a ticket without its id or company");
		return 0;
	}
	see_ticket(job, &t);
	return incident_saw(
		job->app->store, job->in.id, t.board_name, t.status_name, now_wall_ms(), reterr);
}

/* Looked up and not found: once more after a while, for a search may lag behind a write. */
static int nothing_found(struct job *job, struct fault *reterr)
{
	int r = incident_lookup_empty(job->app->store, job->in.id, reterr);

	job->facts.lookups_empty++;
	if (r < 0 || job->facts.lookups_empty >= LOOKUPS_BEFORE_RESEND)
		return r;
	job_put_back(job, now_wall_ms() + job->conf->delivery.doubt_wait, false,
		"looked up and not found; looked up once more before it is sent again");
	return 0;
}

static int on_found(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	struct cw_ticket t;

	if (!cJSON_IsArray(answer->body)) {
		job_retry(job, -1, "ConnectWise answered a search with something else than a list");
		return 0;
	}
	if (cJSON_GetArraySize(answer->body) == 0 && job->looking) {
		job->looking = false;
		job->looked = true;
		return 0;
	}
	if (cJSON_GetArraySize(answer->body) == 0)
		return nothing_found(job, reterr);
	job->looking = false; /* that one; a next one has another marker */
	if (!cw_ticket_view(cJSON_GetArrayItem(answer->body, 0), &t) || !t.company ||
		!str_eq(t.marker, job->in.op_key)) {
		job_retry(job, -1,
			"ConnectWise found something else than the ticket that was looked for");
		return 0;
	}
	twins_found(job->app, answer->body, job->in.op_key, job->in.id, job->tenant.company, t.id);
	TURN_SAY(job->app, LEVEL_INFO, "ticket found by its marker", F_INT("incident", job->in.id),
		F_INT("ticket", t.id), F_STR("marker", job->in.op_key));
	return take_ticket(job, &t, "adopted", reterr);
}

static int on_noted(struct job *job, struct fault *reterr)
{
	CLEANUP(mem_free) char *key = xstrdup(job->in.op_key);
	int r = end_op(job, reterr);

	return r < 0 ? r : mark_noted(job, key, job->reopened ? "reopened" : "noted", reterr);
}

static int on_notes(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	const cJSON *item;

	if (!cJSON_IsArray(answer->body)) {
		job_retry(job, -1, "ConnectWise answered a list of notes with something else");
		return 0;
	}
	cJSON_ArrayForEach(item, answer->body)
	{
		const char *text = json_str(item, "text");

		if (text && strstr(text, job->in.op_key))
			return on_noted(job, reterr);
	}
	return nothing_found(job, reterr);
}

/* A PATCH may be answered 200 and still not have been done: the reply shows the ticket. */
static int on_patched(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	bool close = job->doing.action == DO_CLOSE;
	struct cw_ticket t;
	int r = end_op(job, reterr);

	if (r < 0)
		return r;
	if (!cw_ticket_view(answer->body, &t) || t.status != job->asked_status) {
		TURN_SAY(job->app, LEVEL_WARN,
			"ConnectWise answered 200, but the status is not as asked",
			F_INT("ticket", job->in.ticket), F_INT("asked", job->asked_status),
			F_STR("request_id", answer->request_id));
		job->no_patch = true;
		return 0;
	}
	TURN_SAY(job->app, LEVEL_INFO, close ? "ticket closed" : "ticket reopened",
		F_INT("ticket", t.id), F_INT("incident", job->in.id),
		F_STR("status", t.status_name));
	if (close) {
		job->facts.status_as_wanted = true;
		job->facts.ticket = TICKET_CLOSED;
	} else {
		job->reopened = true;
		job->facts.ticket = TICKET_OPEN;
	}
	return incident_saw(
		job->app->store, job->in.id, t.board_name, t.status_name, now_wall_ms(), reterr);
}

static int on_done(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	switch (job->doing.action) {
	case DO_READ:
		return on_read(job, answer, reterr);
	case DO_FIND_TICKET:
		return on_found(job, answer, reterr);
	case DO_FIND_NOTE:
		return on_notes(job, answer, reterr);
	case DO_CREATE:
		return on_created(job, answer, reterr);
	case DO_NOTE:
		return on_noted(job, reterr);
	case DO_REOPEN:
	case DO_CLOSE:
		return on_patched(job, answer, reterr);
	case DO_HOLD:
	case DO_SKIP:
	case DO_FINISH:
		break;
	}
	abort();
}

/* ==== replies that refuse ==== */

/* A definite no to a write: nothing was done. Unless the write repeated one in doubt: that one may
 * still turn up. */
static int write_refused(struct job *job, struct fault *reterr)
{
	bool write = verb_writes(job->doing.action == DO_CREATE ? VERB_TICKET_CREATE
			: job->doing.action == DO_NOTE          ? VERB_NOTE_CREATE
			: job->doing.action == DO_CLOSE || job->doing.action == DO_REOPEN
			? VERB_TICKET_PATCH
			: VERB_TICKET_READ);

	if (!write)
		return 0;
	return job->was_doubt ? incident_doubt_op(job->app->store, job->in.id, reterr)
			      : end_op(job, reterr);
}

/* The status cannot be set: the text still gets there. */
static int patch_refused(struct job *job, const struct cw_answer *answer)
{
	TURN_SAY(job->app, LEVEL_WARN,
		job->doing.action == DO_CLOSE ? "ticket could not be closed"
					      : "ticket could not be reopened",
		F_INT("ticket", job->in.ticket), F_STR("why", answer->outcome.reason),
		F_STR("request_id", answer->request_id));
	job->no_patch = true;
	return 0;
}

/* The next smaller size of a text that is too long; 0: it cannot get smaller. */
static size_t smaller(size_t now, const size_t *sizes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!now || sizes[i] < now)
			return sizes[i];
	return 0;
}

/* How long a text may be is documented for the summary only. True: try again with less of it. */
static bool cut_text(struct job *job, const struct outcome *outcome)
{
	static const size_t texts[] = { 8000, 2000, 500 }, summaries[] = { 50 };
	size_t max;

	if (str_eq(outcome->field, "summary")) {
		max = job->summary_max = smaller(job->summary_max, summaries, ARRAY_LEN(summaries));
	} else if (str_eq(outcome->field, "text") || str_eq(outcome->field, "initialDescription")) {
		max = job->text_max = smaller(job->text_max, texts, ARRAY_LEN(texts));
	} else {
		return false;
	}
	if (max)
		TURN_SAY(job->app, LEVEL_WARN,
			"ConnectWise finds a text too long: less of it is sent",
			F_INT("incident", job->in.id), F_STR("field", outcome->field),
			F_INT("characters", max), F_STR("why", outcome->reason));
	return max > 0;
}

/* A ticket that is poorer by a field is better than none. True: try again without it. */
static bool drop_field(struct job *job, const struct outcome *outcome)
{
	bool status = str_starts(outcome->field, "status"),
	     board = str_starts(outcome->field, "board");

	if (job->doing.action != DO_CREATE)
		return false;
	if (status && !job->drop_status && job->app->board.create_status) {
		job->drop_status = true;
		board_status_refused(job->app, outcome->reason);
		return true;
	}
	if ((board || status) && !job->drop_board) {
		TURN_SAY(job->app, LEVEL_WARN,
			"ConnectWise refused the board: it chooses by itself",
			F_INT("incident", job->in.id), F_STR("why", outcome->reason));
		job->drop_board = job->drop_status = true;
		return true;
	}
	return false;
}

static int on_refused(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	int r = write_refused(job, reterr);

	if (r < 0)
		return r;
	if (patching(job))
		return patch_refused(job, answer);
	if (cut_text(job, &answer->outcome) || drop_field(job, &answer->outcome))
		return 0;
	if (job->doing.action == DO_CREATE && str_starts(answer->outcome.field, "company"))
		job_finish(job, QUEUE_HELD, answer->outcome.reason);
	else
		job_finish(job, QUEUE_DEAD, answer->outcome.reason);
	return 0;
}

static int on_denied(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	int r = write_refused(job, reterr);

	if (r < 0)
		return r;
	if (patching(job))
		return patch_refused(job, answer);
	job_put_back(job, now_wall_ms() + DENIED_WAIT_MS, true, answer->outcome.reason);
	return 0;
}

static int on_gone(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	int r = write_refused(job, reterr);

	if (r < 0)
		return r;
	if (answer->outcome.maybe_upgraded) { /* the path may be gone, not the ticket */
		job_retry(job, -1, answer->outcome.reason);
		return 0;
	}
	TURN_SAY(job->app, LEVEL_WARN, "ticket is no longer in ConnectWise",
		F_INT("ticket", job->in.ticket), F_INT("incident", job->in.id));
	job->facts.ticket = TICKET_MISSING;
	return end_op(job, reterr);
}

static int on_outcome(struct job *job, const struct cw_answer *answer, struct fault *reterr)
{
	const struct outcome *outcome = &answer->outcome;
	int r;

	switch (outcome->class) {
	case OUTCOME_DONE:
		return on_done(job, answer, reterr);
	case OUTCOME_RETRY:
		r = write_refused(job, reterr);
		if (r == 0)
			job_retry(job, outcome->retry_after_ms, outcome->reason);
		return r;
	case OUTCOME_IN_DOUBT:
		return in_doubt(job, outcome->reason, reterr);
	case OUTCOME_STOP: /* the breaker is open: it goes on by itself once the way is free */
		r = write_refused(job, reterr);
		if (r == 0)
			job_put_back(job, now_wall_ms(), false, outcome->reason);
		return r;
	case OUTCOME_DENIED:
		return on_denied(job, answer, reterr);
	case OUTCOME_GONE:
		return on_gone(job, answer, reterr);
	case OUTCOME_REFUSED:
		return on_refused(job, answer, reterr);
	}
	abort();
}

void job_on_answer(void *owner, const struct cw_answer *answer)
{
	struct job *job = owner;
	struct fault f = { 0 };

	job->call = NULL;
	snprintf(job->request_id, sizeof(job->request_id), "%s",
		answer->request_id ? answer->request_id : "");
	link_saw(job->app, answer);
	if (on_outcome(job, answer, &f) < 0)
		job_store_failed(job, &f);
	else if (!job->closed)
		job_step(job);
}
