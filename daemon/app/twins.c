#include "app/twins.h"

#include <inttypes.h>
#include <stdlib.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/cw_view.h"

#define LOOKS 3

/* owned by app.twins */
struct twin {
	struct twin *next;
	struct app *app;
	struct event *timer;
	struct cw_call *call;
	char *marker;
	int64_t incident, company, kept;
	int looks; /* so often looked already */
};

/* ==== what is done about them ==== */

static void say(struct app *app, const cJSON *array, const char *marker, int64_t incident)
{
	const cJSON *item;
	STR_AUTO(ids);

	cJSON_ArrayForEach(item, array)
	{
		struct cw_ticket t;

		if (cw_ticket_view(item, &t))
			str_addf(&ids, "%s%" PRId64, ids.len ? " " : "", t.id);
	}
	TURN_SAY(app, LEVEL_ERROR,
		"more than one ticket carries the same marker: one is used, close the others",
		F_INT("incident", incident), F_STR("marker", marker), F_STR("tickets", ids.at));
}

static void on_tidied(void *owner, const struct cw_answer *answer)
{
	link_saw(owner, answer);
	if (answer->outcome.class != OUTCOME_DONE)
		log_warn("a duplicate ticket could not be noted or closed; please do it by hand",
			F_STR("why", answer->outcome.reason),
			F_STR("request_id", answer->request_id));
}

/* The others say where the incident goes on, and are closed. Done once: what fails is said. */
static void tidy(
	struct app *app, const cJSON *array, const char *marker, int64_t company, int64_t kept)
{
	CLEANUP(mem_free)
	char *text = xasprintf(
		"Duplicate: this incident goes on in ticket %" PRId64 " (%s).", kept, marker);
	int64_t status = app->board.closed_status;
	const cJSON *item;

	cJSON_ArrayForEach(item, array)
	{
		struct cw_ticket t;

		if (!cw_ticket_view(item, &t) || t.id == kept || t.closed || t.merged ||
			t.company != company || !str_eq(t.marker, marker))
			continue;
		cw_note_create(
			app->cw, t.id, text, app->conf->ticket.note_kind, false, on_tidied, app);
		if (status && t.board == app->board.id)
			cw_ticket_status(app->cw, t.id, status, on_tidied, app);
	}
}

void twins_found(struct app *app, const cJSON *array, const char *marker, int64_t incident,
	int64_t company, int64_t kept)
{
	if (cJSON_GetArraySize(array) < 2)
		return;
	say(app, array, marker, incident);
	if (app->conf->ticket.on_duplicate == ON_DUPLICATE_CLOSE)
		tidy(app, array, marker, company, kept);
}

/* ==== the later look ==== */

static void drop(struct twin *t)
{
	struct twin **at;

	for (at = &t->app->twins; *at != t; at = &(*at)->next)
		;
	*at = t->next;
	if (t->call)
		cw_forget(t->app->cw, t->call);
	event_free(t->timer);
	mem_free(t->marker);
	free(t);
}

static void arm(struct twin *t)
{
	const struct conf *conf = t->app->conf;
	int64_t wait = conf->cw.write_timeout > conf->delivery.doubt_wait
		? conf->cw.write_timeout
		: conf->delivery.doubt_wait;
	struct timeval tv;

	wait <<= t->looks; /* a search may lag behind, and a slow server be slower */
	tv = (struct timeval){ .tv_sec = wait / 1000, .tv_usec = (wait % 1000) * 1000 };
	evtimer_add(t->timer, &tv);
}

static void on_looked(void *owner, const struct cw_answer *answer)
{
	struct twin *t = owner;

	t->call = NULL;
	link_saw(t->app, answer);
	if (answer->outcome.class == OUTCOME_RETRY || answer->outcome.class == OUTCOME_STOP) {
		arm(t);
		return;
	}
	if (answer->outcome.class == OUTCOME_DONE)
		twins_found(t->app, answer->body, t->marker, t->incident, t->company, t->kept);
	if (++t->looks < LOOKS && cJSON_GetArraySize(answer->body) < 2)
		arm(t);
	else
		drop(t);
}

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	struct twin *t = arg;

	(void)fd;
	(void)what;
	if (!link_open(t->app))
		arm(t);
	else
		t->call = cw_ticket_find(t->app->cw, t->marker, on_looked, t);
}

void twins_look_later(
	struct app *app, const char *marker, int64_t incident, int64_t company, int64_t kept)
{
	struct twin *t = xcalloc(1, sizeof(*t));

	t->app = app;
	t->marker = xstrdup(marker);
	t->incident = incident;
	t->company = company;
	t->kept = kept;
	t->timer = evtimer_new(app->base, on_time, t);
	if (!t->timer)
		abort();
	t->next = app->twins;
	app->twins = t;
	arm(t);
}

void twins_reset(struct app *app)
{
	struct twin *t;

	for (t = app->twins; t; t = t->next) {
		if (!t->call)
			continue;
		cw_forget(app->cw, t->call);
		t->call = NULL;
		arm(t);
	}
}

void twins_free(struct app *app)
{
	while (app->twins)
		drop(app->twins);
}
