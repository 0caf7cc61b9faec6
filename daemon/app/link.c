#include "app/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/site.h"
#include "io/journal.h"
#include "io/store_incident.h"

#define MEMO_CODEBASE "cw.codebase" /* "HOST CODEBASE" */
#define REREAD_EVERY_MS (60 * 1000) /* a 404 that stays must not become a tight loop */

static void start(struct app *app);

const char *link_state_name(enum link_state state)
{
	static const char *const names[] = { "unknown", "ok", "failed" };

	return names[state];
}

static void breaker_setup(struct app *app)
{
	const struct conf *conf = app->conf;

	breaker_init(&app->link.breaker, conf->delivery.breaker_failures,
		conf->delivery.breaker_wait, conf->delivery.breaker_wait_max);
	slots_init(&app->link.slots, conf->delivery.slots);
}

/* The address is pinned, or remembered from an earlier run for the same site. */
static void recall_base(struct app *app)
{
	CLEANUP(mem_free) char *memo = NULL;
	CLEANUP(mem_free) char *host = site_api_host(cw_site(app->cw));
	struct fault f = { 0 };

	if (!str_is_blank(app->conf->cw.base_url)) {
		cw_set_base(app->cw, app->conf->cw.base_url);
		return;
	}
	cw_set_base(app->cw, NULL);
	if (store_memo_get(app->store, MEMO_CODEBASE, &memo, &f) < 0 || !memo)
		return;
	if (str_starts(memo, host) && memo[strlen(host)] == ' ') {
		CLEANUP(mem_free) char *base = site_base_url(host, memo + strlen(host) + 1);

		cw_set_base(app->cw, base);
	}
}

void link_init(struct app *app)
{
	breaker_setup(app);
	recall_base(app);
	app->link.next_at = now_mono_ms();
}

void link_reconfigure(struct app *app, bool prove)
{
	slots_init(&app->link.slots, app->conf->delivery.slots);
	app->link.breaker.threshold = app->conf->delivery.breaker_failures;
	app->link.breaker.wait_min_ms = app->conf->delivery.breaker_wait;
	app->link.breaker.wait_max_ms = app->conf->delivery.breaker_wait_max;
	if (!prove)
		return;
	link_reset(app);
	breaker_setup(app);
	recall_base(app);
	memset(app->link.permissions, 0, sizeof(app->link.permissions));
	app->link.state = LINK_UNKNOWN;
	app->link.suspect = true;
	app->link.next_at = now_mono_ms();
}

void link_reset(struct app *app)
{
	struct link *link = &app->link;

	if (link->call)
		cw_forget(app->cw, link->call);
	link->call = NULL;
	if (link->phase != LINK_IDLE)
		link->next_at = now_mono_ms() + 1000;
	link->phase = LINK_IDLE;
}

bool link_open(const struct app *app)
{
	return app->link.state == LINK_OK && breaker_may_send(&app->link.breaker);
}

void link_wake(struct app *app)
{
	struct fault f = { 0 };
	int n = 0;

	if (app->link.breaker.state == BREAKER_OPEN)
		app->link.breaker.probe_at = app->link.next_at = now_mono_ms();
	if (incident_wake(app->store, NULL, now_wall_ms(), &n, &f) < 0)
		turn_fail(app, &f);
}

void link_has(struct app *app, int row)
{
	if (row < 0)
		return;
	if (app->link.permissions[row] == SEEN_MISSING)
		link_wake(app);
	app->link.permissions[row] = SEEN_OK;
}

/* ==== what every answer shows ==== */

static void mark_permission(struct app *app, const struct cw_answer *answer)
{
	int row = permission_of(answer->verb);
	enum seen saw = answer->outcome.class == OUTCOME_DENIED ? SEEN_MISSING : SEEN_OK;

	if (row < 0 ||
		(answer->outcome.class != OUTCOME_DENIED && answer->outcome.class != OUTCOME_DONE))
		return;
	if (app->link.permissions[row] == saw)
		return;
	if (saw == SEEN_MISSING)
		check_soon(app);
	if (saw == SEEN_MISSING && permissions[row].required)
		log_error(MSG_PERMISSION_MISSING, F_STR("why", answer->outcome.reason),
			F_STR("lost", permissions[row].lost));
	else if (saw == SEEN_MISSING)
		log_warn("optional permission missing", F_STR("why", answer->outcome.reason),
			F_STR("lost", permissions[row].lost));
	else if (app->link.permissions[row] == SEEN_MISSING) {
		link_wake(app);
		log_info("permission is there now", F_STR("module", permissions[row].module),
			F_STR("function", permissions[row].function),
			F_STR("level", permissions[row].level));
	}
	app->link.permissions[row] = saw;
}

static void opened(struct app *app)
{
	struct breaker *b = &app->link.breaker;

	app->link.next_at = b->probe_at;
	log_error(MSG_BREAKER_OPENED, F_STR("why", b->why),
		F_INT("next_probe_ms", b->probe_at - now_mono_ms()),
		F_STR("next", "delivery waits, events are still accepted"));
}

static void failed(struct app *app, const struct outcome *outcome)
{
	bool look = outcome->maybe_upgraded && now_mono_ms() >= app->link.reread_after;
	bool at_once = outcome->class == OUTCOME_STOP || look;

	if (outcome->maybe_upgraded)
		app->link.suspect = true;
	if (!breaker_failure(&app->link.breaker, at_once, outcome->reason, now_mono_ms()))
		return;
	if (look) {
		/* a new codebase is found by looking, not by waiting */
		app->link.breaker.probe_at = now_mono_ms();
		app->link.reread_after = now_mono_ms() + REREAD_EVERY_MS;
	}
	opened(app);
}

void link_saw(struct app *app, const struct cw_answer *answer)
{
	mark_permission(app, answer);
	switch (answer->outcome.class) {
	case OUTCOME_DONE:
	case OUTCOME_GONE:
	case OUTCOME_DENIED:
	case OUTCOME_REFUSED:
		app->link.checked_at = now_wall_ms();
		slots_good(&app->link.slots);
		if (breaker_may_send(&app->link.breaker))
			breaker_success(&app->link.breaker);
		if (answer->outcome.maybe_upgraded)
			failed(app, &answer->outcome);
		return;
	case OUTCOME_RETRY:
		if (answer->outcome.rate_limited) {
			slots_slow_down(&app->link.slots);
			return;
		}
		failed(app, &answer->outcome);
		return;
	case OUTCOME_IN_DOUBT:
	case OUTCOME_STOP:
		failed(app, &answer->outcome);
		return;
	}
	abort();
}

/* ==== the check: login, then a probe ==== */

static enum link_fault fault_of(const struct cw_answer *answer)
{
	if (answer->transport == TRANSPORT_CERTIFICATE)
		return LINK_FAULT_CERTIFICATE;
	if (answer->status == 401 || answer->status == 403)
		return LINK_FAULT_KEYS;
	return LINK_FAULT_OTHER;
}

static void check_failed(
	struct app *app, const struct outcome *outcome, const struct cw_answer *answer)
{
	struct link *link = &app->link;
	bool changed;

	link->phase = LINK_IDLE;
	link->checked_at = now_wall_ms();
	changed = link->state != LINK_FAILED || !str_eq_but_numbers(link->error, outcome->reason);
	link->state = LINK_FAILED;
	link->fault = fault_of(answer);
	snprintf(link->error, sizeof(link->error), "%s", outcome->reason);
	if (outcome->maybe_upgraded)
		link->suspect = true;
	breaker_failure(&link->breaker, true, outcome->reason, now_mono_ms());
	link->next_at = link->breaker.probe_at;
	if (changed)
		log_error(answer->status == 401 ? MSG_KEYS_REFUSED : "connectwise: not connected",
			F_STR("why", outcome->reason),
			F_INT("next_try_ms", link->next_at - now_mono_ms()));
	if (changed && link->fault == LINK_FAULT_KEYS)
		check_soon(app);
}

static void check_done(struct app *app, const struct cw_answer *answer)
{
	struct link *link = &app->link;
	bool was_ok = link->state == LINK_OK, was_open;

	link->phase = LINK_IDLE;
	link->checked_at = now_wall_ms();
	link->state = LINK_OK;
	link->error[0] = '\0';
	link->suspect = false;
	link->next_at = 0;
	was_open = breaker_success(&link->breaker);
	if (was_ok && was_open)
		log_info(MSG_BREAKER_CLOSED, F_STR("api", cw_base(app->cw)),
			F_INT("ms", answer->ms));
	if (!was_ok) {
		log_info("connectwise: connected", F_STR("api", cw_base(app->cw)),
			F_STR("request_id", answer->request_id), F_INT("ms", answer->ms));
		check_soon(app);
	}
	board_soon(app);
	sync_soon(app);
}

static void on_probe(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->link.call = NULL;
	mark_permission(app, answer);
	if (answer->outcome.class == OUTCOME_DONE || answer->outcome.class == OUTCOME_DENIED)
		check_done(app, answer); /* the keys are good, whatever the role lacks */
	else if (answer->outcome.class == OUTCOME_RETRY && answer->outcome.rate_limited) {
		app->link.phase = LINK_IDLE; /* reachable, but busy: no reason to call it broken */
		app->link.next_at = cw_paused_until(app->cw);
	} else
		check_failed(app, &answer->outcome, answer);
}

static void probe(struct app *app)
{
	app->link.phase = LINK_PROBE;
	app->link.call = cw_probe(app->cw, on_probe, app);
}

static void remember(struct app *app, const char *host, const char *codebase)
{
	CLEANUP(mem_free) char *memo = xasprintf("%s %s", host, codebase);
	struct fault f = { 0 };

	if (store_memo_set(app->store, MEMO_CODEBASE, memo, &f) < 0)
		turn_fail(app, &f);
}

static void take_base(struct app *app, const struct company_info *info)
{
	CLEANUP(mem_free) char *host = site_api_host(cw_site(app->cw));
	CLEANUP(mem_free) char *base = site_base_url(host, info->codebase);

	if (cw_base(app->cw) && !str_eq(cw_base(app->cw), base))
		log_info("connectwise: new codebase", F_STR("api", base),
			F_STR("version", info->version));
	cw_set_base(app->cw, base);
	remember(app, host, info->codebase);
	app->link.suspect = false;
}

static void on_login(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct company_info info = { 0 };
	struct outcome outcome = answer->outcome;
	struct fault f = { 0 };

	app->link.call = NULL;
	if (outcome.class == OUTCOME_DONE && company_info_read(answer->body, &info, &f) < 0) {
		outcome.class = OUTCOME_STOP;
		snprintf(outcome.reason, sizeof(outcome.reason), "%.100s: %.400s", cw_site(app->cw),
			f.text);
	}
	if (outcome.class != OUTCOME_DONE) {
		check_failed(app, &outcome, answer);
		return;
	}
	take_base(app, &info);
	company_info_clear(&info);
	probe(app);
}

static void start(struct app *app)
{
	struct link *link = &app->link;

	if (link->breaker.state == BREAKER_OPEN)
		breaker_probing(&link->breaker);
	if (!str_is_blank(app->conf->cw.base_url) || (cw_base(app->cw) && !link->suspect)) {
		probe(app);
		return;
	}
	link->phase = LINK_LOGIN;
	link->call = cw_login(app->cw, on_login, app);
}

void link_tick(struct app *app, int64_t now)
{
	struct link *link = &app->link;

	if (link_open(app) != link->was_open) {
		link->was_open = !link->was_open;
		link->since_at = now_wall_ms();
	}
	if (link->phase != LINK_IDLE || link_open(app) || now < link->next_at)
		return;
	if (link->breaker.state == BREAKER_OPEN && !breaker_may_probe(&link->breaker, now))
		return;
	start(app);
}

int64_t link_next(const struct app *app)
{
	const struct link *link = &app->link;

	if (link->phase != LINK_IDLE || link_open(app))
		return 0;
	if (link->breaker.state == BREAKER_OPEN && link->breaker.probe_at > link->next_at)
		return link->breaker.probe_at;
	return link->next_at ? link->next_at : now_mono_ms();
}
