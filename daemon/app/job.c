#include "app/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/app.h"
#include "app/flood.h"
#include "app/restored.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/identity.h"
#include "core/ticket.h"
#include "core/ticket_rollup.h"

#define ANY_TIME (INT64_MAX / 2) /* its time was checked when it was accepted */

/* ==== opening ==== */

/* Rows that cannot be read back (by a stricter version, say) are dead by themselves: they must not
 * be taken for delivered beside others. */
static int parse_rows(struct job *job, struct fault *reterr)
{
	size_t i, n = 0;
	int r = 0;

	job->events = xcalloc(job->rows.n ? job->rows.n : 1, sizeof(struct op_event *));
	for (i = 0; i < job->rows.n; i++) {
		struct queue_row *row = &job->rows.at[i];
		struct op_event *ev = NULL;
		struct fault f = { 0 };

		if (op_event_parse_text(row->text, strlen(row->text), SIZE_MAX, ANY_TIME, &ev, &f) <
			0) {
			if (r == 0)
				r = job_finish_row(job, row, QUEUE_DEAD, f.text, reterr);
			queue_row_clear(row);
			continue;
		}
		job->events[n] = ev;
		if (n != i) {
			job->rows.at[n] = *row;
			*row = (struct queue_row){ 0 };
		}
		n++;
	}
	job->rows.n = n;
	return r;
}

static int fold_max(const struct job *job)
{
	int max = job->conf->delivery.fold_max;

	return flood_is_rollup(job) && max > ROLLUP_EVENTS_MAX ? ROLLUP_EVENTS_MAX : max;
}

static int load(struct job *job, int64_t incident, struct fault *reterr)
{
	struct store *st = job->app->store;
	int r = incident_get(st, incident, &job->in, reterr);

	if (r == 0)
		r = tenant_get(st, job->in.tenant, &job->tenant, reterr);
	if (r == 0)
		r = queue_take(st, incident, fold_max(job), &job->rows, reterr);
	return r;
}

/* A request whose result is unknown is left alone for as long as ConnectWise may still be working
 * on it. After a restart that time begins anew: the crash came after op_at, nobody knows how long.
 */
static int64_t doubt_until(const struct job *job)
{
	int64_t from = job->in.op_at;

	if (!job->in.op_doubt)
		return 0;
	if (from < job->app->delivery.doubt_from || from > now_wall_ms())
		from = job->app->delivery.doubt_from;
	return job->in.op_lookups ? 0 : from + job->conf->delivery.doubt_wait;
}

static void count_events(struct job *job)
{
	struct facts *facts = &job->facts;
	size_t i;

	facts->n_raised = facts->n_ended = facts->n_unnoted = 0;
	for (i = 0; i < job->rows.n; i++) {
		enum event_state state = EVENT_RAISED;
		bool end;

		(void)event_state_parse(job->rows.at[i].event_state, &state);
		end = state == EVENT_RESOLVED || state == EVENT_IGNORED;
		facts->n_ended += end;
		facts->n_raised += !end;
		facts->n_unnoted += !job->rows.at[i].noted;
		facts->last_is_end = end;
		facts->last_is_ignored = state == EVENT_IGNORED;
	}
}

static enum doubt doubt_of(const struct incident *in)
{
	if (!in->op_doubt)
		return DOUBT_NONE;
	switch (in->op) {
	case OP_NONE:
	case OP_PATCH: /* the ticket is read again: that shows it */
		return DOUBT_NONE;
	case OP_CREATE:
		return DOUBT_CREATE;
	case OP_NOTE:
		return DOUBT_NOTE;
	}
	abort();
}

static void first_facts(struct job *job)
{
	job->facts.doubt = doubt_of(&job->in);
	job->facts.lookups_empty = job->in.op_lookups;
	job->facts.ticket = job->in.ticket ? TICKET_UNREAD : TICKET_NONE;
	count_events(job);
}

struct job *job_open(struct app *app, int64_t incident)
{
	struct job *job = xcalloc(1, sizeof(*job));
	struct fault f = { 0 };
	int64_t until;

	job->app = app;
	job->conf = conf_ref(app->conf);
	job->began_at = now_mono_ms();
	if (load(job, incident, &f) < 0) {
		job_store_failed(job, &f);
		return job;
	}
	if (parse_rows(job, &f) < 0) {
		job_store_failed(job, &f);
		return job;
	}
	first_facts(job);
	until = doubt_until(job);
	if (until > now_wall_ms())
		job_put_back(
			job, until, false, "waits to look up whether the last request arrived");
	else if (job->rows.n == 0)
		job_put_back(job, 0, false, NULL);
	else
		job_step(job);
	return job;
}

void job_free(struct job *job)
{
	size_t i;

	if (!job)
		return;
	if (job->call)
		cw_forget(job->app->cw, job->call);
	for (i = 0; job->events && i < job->rows.n; i++)
		op_event_free(job->events[i]);
	free(job->events);
	queue_rows_clear(&job->rows);
	incident_clear(&job->in);
	tenant_clear(&job->tenant);
	conf_unref(job->conf);
	free(job);
}

/* ==== facts that a person or a sync may have changed meanwhile ==== */

static int64_t wanted_status(const struct job *job)
{
	return job->app->board.closed_status;
}

static int refresh_facts(struct job *job, struct fault *reterr)
{
	struct tenant now = { 0 };
	int r = tenant_get(job->app->store, job->in.tenant, &now, reterr);

	if (r < 0)
		return r;
	if (now.company != job->tenant.company && job->in.ticket)
		job->facts.ticket = TICKET_UNREAD; /* it may be another's now */
	tenant_clear(&job->tenant);
	job->tenant = now;
	job->facts.mapped = now.company != 0;
	job->facts.flow = now.flow;
	job->facts.company_live = tenant_company_live(&now);
	job->facts.can_close = !job->no_patch && wanted_status(job) != 0;
	job->facts.can_reopen = !job->no_patch && job->app->board.reopen_status != 0;
	return 0;
}

/* ==== texts ==== */

/* Does this row's text go out with the write at hand? A repetition of a request in doubt holds just
 * what that one held: if it is the first one that is found later, nothing is taken for written that
 * is not. */
static bool goes_out(const struct job *job, const struct queue_row *row)
{
	if (row->noted)
		return false;
	return job->facts.doubt == DOUBT_NONE || str_eq(row->op_key, job->in.op_key);
}

/* lends: the events; free the array. */
static struct op_event **outgoing(const struct job *job, size_t *ret_n)
{
	struct op_event **list = xcalloc(job->rows.n ? job->rows.n : 1, sizeof(struct op_event *));
	size_t i, n = 0;

	for (i = 0; i < job->rows.n; i++)
		if (goes_out(job, &job->rows.at[i]))
			list[n++] = job->events[i];
	*ret_n = n;
	return list;
}

static int begin(struct job *job, enum op op, const char *key, struct fault *reterr)
{
	struct store *st = job->app->store;
	int r = incident_begin_op(st, job->in.id, op, key, now_wall_ms(), reterr);
	size_t i;

	for (i = 0; r == 0 && i < job->rows.n; i++) {
		struct queue_row *row = &job->rows.at[i];

		if (op == OP_PATCH || !goes_out(job, row))
			continue;
		r = queue_set_op(st, row->seq, key, reterr);
		mem_free(row->op_key);
		row->op_key = xstrdup(key);
	}
	if (r < 0)
		return r;
	job->was_doubt = job->facts.doubt != DOUBT_NONE;
	job->in.op = op;
	mem_free(job->in.op_key);
	job->in.op_key = xstrdup(key);
	return 0;
}

/* ==== the requests ==== */

static void fill_board(const struct job *job, struct cw_new_ticket *t)
{
	const struct board *board = &job->app->board;
	const char *configured = job->conf->board.board;

	if (job->drop_board)
		return;
	t->board = board->id;
	if (!board->id && !str_is_blank(configured)) { /* not readable, but it can still be named */
		char *end;
		long long id = strtoll(configured, &end, 10);

		if (*end == '\0')
			t->board = id;
		else
			t->board_name = configured;
	}
	if (!job->drop_status && board->id)
		t->status = board->create_status;
}

static char *summary_of(const struct job *job, const struct op_event *ev)
{
	const struct ticket_style *style = &job->conf->ticket.style;

	return flood_is_rollup(job) ? rollup_summary(ev, style) : ticket_summary(ev, style);
}

static char *description_of(const struct job *job, struct op_event **events, size_t n)
{
	const struct ticket_style *style = &job->conf->ticket.style;

	if (flood_is_rollup(job))
		return rollup_text(events, n, job->conf->delivery.flood_limit, NULL, style);
	return ticket_description(events, n, job->in.label, job->in.ticket, style);
}

static char *note_of(const struct job *job, struct op_event **events, size_t n, const char *key)
{
	const struct ticket_style *style = &job->conf->ticket.style;

	if (flood_is_rollup(job))
		return rollup_text(events, n, job->conf->delivery.flood_limit, key, style);
	return ticket_note(events, n, job->in.label, key, style);
}

/* takes: text. */
static char *fitted(char *text, size_t max, const char *note_key)
{
	char *cut;

	if (!max)
		return text;
	cut = ticket_cut(text, max, note_key);
	mem_free(text);
	return cut;
}

/* The events of the request in doubt are no longer here (expired, skipped): nothing is repeated,
 * the others go their own way. */
static int nothing_to_repeat(struct job *job, struct fault *reterr)
{
	int r = incident_end_op(job->app->store, job->in.id, reterr);

	if (r < 0)
		return r;
	job->in.op = OP_NONE;
	job->facts.doubt = DOUBT_NONE;
	job->facts.lookups_empty = 0;
	job_step(job);
	return 0;
}

/* Was this ticket made by the queue that the backup stands in for? */
static int look_first(struct job *job, const char *marker)
{
	mem_free(job->in.op_key);
	job->in.op_key = xstrdup(marker);
	job->looking = true;
	job->doing = (struct decision){ .action = DO_FIND_TICKET,
		.why = "the queue is from a backup: a ticket may have been made since" };
	job->call = cw_ticket_find(job->app->cw, marker, job_on_answer, job);
	return 0;
}

static int create(struct job *job, struct fault *reterr)
{
	struct cw_new_ticket t = { .company = job->tenant.company,
		.notify = job->conf->ticket.notify };
	size_t n;
	struct op_event **events = outgoing(job, &n);
	CLEANUP(mem_free) char *summary = NULL;
	CLEANUP(mem_free) char *description = NULL;
	char marker[MARKER_MAX + 1];
	int r;

	if (n == 0) {
		free(events);
		return nothing_to_repeat(job, reterr);
	}
	marker_text(job->in.hash, job->in.generation + 1, marker);
	if (restored_is_recent(job->app) && !job->looked && job->facts.doubt == DOUBT_NONE) {
		free(events);
		return look_first(job, marker);
	}
	summary = fitted(summary_of(job, events[n - 1]), job->summary_max, NULL);
	description = fitted(description_of(job, events, n), job->text_max, NULL);
	free(events);
	t.summary = summary;
	t.description = description;
	t.marker = marker;
	fill_board(job, &t);
	r = begin(job, OP_CREATE, marker, reterr);
	if (r == 0)
		job->call = cw_ticket_create(job->app->cw, &t, job_on_answer, job);
	return r;
}

/* A note is found again by this text: the incident, and the first event that it holds. */
static char *note_key(const struct job *job)
{
	size_t i;

	for (i = 0; i < job->rows.n; i++)
		if (!job->rows.at[i].noted)
			return xasprintf(
				"opbridge:%.16s:n%012" PRId64, job->in.hash, job->rows.at[i].seq);
	abort();
}

static int note(struct job *job, struct fault *reterr)
{
	size_t n;
	struct op_event **events = outgoing(job, &n);
	CLEANUP(mem_free) char *text = NULL;
	CLEANUP(mem_free)
	char *key = job->facts.doubt == DOUBT_NOTE ? xstrdup(job->in.op_key) : note_key(job);
	int r;

	if (n == 0) {
		free(events);
		return nothing_to_repeat(job, reterr);
	}
	text = fitted(note_of(job, events, n, key), job->text_max, key);
	free(events);
	r = begin(job, OP_NOTE, key, reterr);
	if (r == 0)
		job->call = cw_note_create(job->app->cw, job->in.ticket, text,
			job->conf->ticket.note_kind, job->conf->ticket.notify, job_on_answer, job);
	return r;
}

static int set_status(struct job *job, int64_t status, const char *key, struct fault *reterr)
{
	int r = begin(job, OP_PATCH, key, reterr);

	job->asked_status = status;
	if (r == 0)
		job->call =
			cw_ticket_status(job->app->cw, job->in.ticket, status, job_on_answer, job);
	return r;
}

/* ==== the step ==== */

static bool writes(enum action action)
{
	return action == DO_CREATE || action == DO_NOTE || action == DO_REOPEN ||
		action == DO_CLOSE;
}

/* A write that could not leave for a pause is not begun: when it may, it is
 * decided afresh, for the tenant may be mapped otherwise by then. */
static bool must_wait(struct job *job)
{
	int64_t wait;

	if (!writes(job->doing.action))
		return false;
	wait = cw_wait_ms(job->app->cw, now_mono_ms());
	if (!wait)
		return false;
	job_put_back(job, now_wall_ms() + wait, false,
		"waits for its turn (requests per minute, or a pause "
		"that ConnectWise asked for)");
	return true;
}

static int act(struct job *job, struct fault *reterr)
{
	struct cw *cw = job->app->cw;

	switch (job->doing.action) {
	case DO_HOLD:
		job_finish(job, QUEUE_HELD, job->doing.why);
		return 0;
	case DO_SKIP:
		job_finish(job, QUEUE_SKIPPED, job->doing.why);
		return 0;
	case DO_FINISH:
		job_finish(job, QUEUE_DELIVERED, NULL);
		return 0;
	case DO_READ:
		job->call = cw_ticket_read(cw, job->in.ticket, job_on_answer, job);
		return 0;
	case DO_FIND_TICKET:
		job->call = cw_ticket_find(cw, job->in.op_key, job_on_answer, job);
		return 0;
	case DO_FIND_NOTE:
		job->call = cw_notes(cw, job->in.ticket, job_on_answer, job);
		return 0;
	case DO_CREATE:
		return create(job, reterr);
	case DO_NOTE:
		return note(job, reterr);
	case DO_REOPEN:
		return set_status(job, job->app->board.reopen_status, "reopen", reterr);
	case DO_CLOSE:
		return set_status(job, wanted_status(job), "close", reterr);
	}
	abort();
}

void job_step(struct job *job)
{
	struct fault f = { 0 };
	int r = refresh_facts(job, &f);
	bool moved = false;

	if (r == 0)
		r = flood_check(job, false, &moved, &f);
	if (r == 0 && !moved) {
		job->doing = decide(&job->facts, &job->conf->ticket.policy);
		log_debug("decided", F_INT("incident", job->in.id),
			F_STR("action", action_name(job->doing.action)),
			F_STR("why", job->doing.why));
		if (job->doing.action == DO_CREATE)
			r = flood_check(job, true, &moved, &f);
		if (r == 0 && !moved && !must_wait(job))
			r = act(job, &f);
	}
	if (r < 0)
		job_store_failed(job, &f);
}
