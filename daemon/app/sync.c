#include "app/sync.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "app/app.h"
#include "app/paused.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "io/cw_view.h"
#include "io/journal.h"
#include "io/store_company.h"
#include "io/store_event.h"

#define MEMO_SWEEP "sync.sweep"
#define MEMO_FULL_AT "sync.full_at"
#define MEMO_INCREMENTAL_AT "sync.incremental_at"
#define MEMO_COVERED_AT "sync.covered_at"
#define MEMO_REFUSED "sync.refused"
/* `>` and the two clocks: an incremental sync looks back beyond the start of the one before. */
#define OVERLAP_MS (5 * 60 * 1000)
#define RETRY_BASE_MS (30 * 1000)
#define REMOVE_FEW 5 /* so many may always go: a percentage of a short list says little */

static void ask_page(struct app *app);

static void text_set(char **to, const char *text)
{
	char *copy = xstrdup(text);

	mem_free(*to);
	*to = copy;
}

static int64_t memo_number(struct app *app, const char *key)
{
	CLEANUP(mem_free) char *value = NULL;
	struct fault f = { 0 };

	if (store_memo_get(app->store, key, &value, &f) < 0)
		turn_fail(app, &f);
	return value ? strtoll(value, NULL, 10) : 0;
}

static void memo_set_number(struct app *app, const char *key, int64_t n)
{
	struct fault f = { 0 };
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, n);
	if (store_memo_set(app->store, key, text, &f) < 0)
		turn_fail(app, &f);
}

/* Wall times that survive a restart; how long from now on the monotonic clock. A clock that was set
 * back must not put the next sync into the far future. */
static int64_t due_in(int64_t last_at, int64_t every)
{
	int64_t passed = now_wall_ms() - last_at;

	if (!last_at || passed < 0 || passed >= every)
		return 0;
	return every - passed;
}

static bool full_is_due(const struct app *app)
{
	return due_in(app->sync.last_full_at, app->conf->sync.full_every) == 0;
}

static void plan(struct app *app)
{
	struct sync *sync = &app->sync;
	int64_t last = sync->last_full_at > sync->last_incremental_at ? sync->last_full_at
								      : sync->last_incremental_at;
	int64_t wait = due_in(last, app->conf->sync.every);
	int64_t full = due_in(sync->last_full_at, app->conf->sync.full_every);

	if (full < wait)
		wait = full;
	sync->next_at = now_mono_ms() + wait;
}

/* What is on disk is true; memory may be ahead of it after a commit that failed. */
static void recall(struct app *app)
{
	struct sync *sync = &app->sync;
	struct fault f = { 0 };
	char *refused = NULL;

	sync->sweep = memo_number(app, MEMO_SWEEP);
	sync->last_full_at = memo_number(app, MEMO_FULL_AT);
	sync->last_incremental_at = memo_number(app, MEMO_INCREMENTAL_AT);
	sync->covered_at = memo_number(app, MEMO_COVERED_AT);
	if (store_memo_get(app->store, MEMO_REFUSED, &refused, &f) < 0)
		turn_fail(app, &f);
	mem_free(sync->refused);
	sync->refused = refused;
	plan(app);
}

void sync_init(struct app *app)
{
	recall(app);
}

void sync_free(struct sync *sync)
{
	mem_free(sync->error);
	mem_free(sync->refused);
	sync->error = sync->refused = NULL;
}

/* ==== the end of a run ==== */

static void ended(struct app *app)
{
	struct sync *sync = &app->sync;

	sync->running = false;
	sync->ended_at = now_wall_ms();
}

static void failed(struct app *app, const char *why)
{
	struct sync *sync = &app->sync;
	bool new_fault = !str_eq_but_numbers(sync->error, why);

	ended(app);
	text_set(&sync->error, why);
	sync->failures++;
	sync->next_at = now_mono_ms() +
		backoff_ms(sync->failures, RETRY_BASE_MS, app->conf->sync.every, random_unit());
	if (new_fault)
		log_warn("company sync failed; the list of before stays", F_STR("why", why),
			F_STR("kind", sync->full ? "full" : "incremental"),
			F_INT("pages", sync->pages));
}

static void refuse(struct app *app, int64_t unseen, int64_t live)
{
	struct sync *sync = &app->sync;
	CLEANUP(mem_free)
	char *text = xasprintf(
		"the full sweep would remove %" PRId64 " of %" PRId64
		" companies (limit %d %%); nothing was removed: look at the API member's "
		"role and sync.conditions, then confirm with `opbridge sync --full --confirm`",
		unseen, live, app->conf->sync.remove_max);
	struct fault f = { 0 };

	text_set(&sync->refused, text);
	if (store_memo_set(app->store, MEMO_REFUSED, text, &f) < 0)
		turn_fail(app, &f);
	TURN_SAY(app, LEVEL_WARN, MSG_SWEEP_REFUSED, F_STR("why", text));
}

/* Mark what the sweep has not seen, unless that is suspiciously much. */
static void sweep_end(struct app *app)
{
	struct sync *sync = &app->sync;
	struct fault f = { 0 };
	int64_t unseen, live, n = 0;

	if (company_unseen(app->store, sync->sweep, &unseen, &f) < 0 ||
		company_count(app->store, &live, &f) < 0) {
		turn_fail(app, &f);
		return;
	}
	if (!sync->confirmed && unseen > REMOVE_FEW &&
		unseen * 100 > live * app->conf->sync.remove_max) {
		refuse(app, unseen, live);
		return;
	}
	if (company_sweep_end(app->store, sync->sweep, now_wall_ms(), &n, &f) < 0 ||
		store_memo_set(app->store, MEMO_REFUSED, NULL, &f) < 0)
		turn_fail(app, &f);
	text_set(&sync->refused, NULL);
	sync->gone += (int)n;
}

/* Tenants whose company came (back) to life. */
static void release_held(struct app *app)
{
	struct fault f = { 0 };
	int n = 0;

	if (queue_release_ready(app->store, &n, &f) < 0)
		turn_fail(app, &f);
	else if (n)
		TURN_SAY(app, LEVEL_INFO, "held events released: their company is live",
			F_INT("events", n));
}

static void succeeded(struct app *app)
{
	struct sync *sync = &app->sync;

	if (sync->full)
		sweep_end(app);
	release_held(app);
	paused_say(app);
	ended(app);
	text_set(&sync->error, NULL);
	sync->failures = 0;
	if (sync->full) {
		sync->last_full_at = sync->started_at;
		memo_set_number(app, MEMO_FULL_AT, sync->last_full_at);
	}
	sync->last_incremental_at = sync->started_at;
	sync->covered_at = sync->started_at;
	memo_set_number(app, MEMO_INCREMENTAL_AT, sync->last_incremental_at);
	memo_set_number(app, MEMO_COVERED_AT, sync->covered_at);
	plan(app);
	TURN_SAY(app,
		sync->full || sync->added || sync->changed || sync->gone ? LEVEL_INFO : LEVEL_DEBUG,
		"companies synced", F_STR("kind", sync->full ? "full" : "incremental"),
		F_INT("pages", sync->pages), F_INT("companies", sync->companies),
		F_INT("added", sync->added), F_INT("changed", sync->changed),
		F_INT("gone", sync->gone), F_INT("ms", sync->ended_at - sync->started_at));
}

/* ==== one page ==== */

/* Is the status one of those that get no tickets? names: separated by commas. */
static bool is_named(const char *names, const char *status)
{
	const char *at = names;

	while (status && *at) {
		size_t n = strcspn(at, ",");
		CLEANUP(mem_free) char *name = xstrndup(at, n);

		str_trim(name);
		if (*name && str_eq_nocase(name, status))
			return true;
		at += n + (at[n] == ',');
	}
	return false;
}

static int put_one(struct app *app, const struct company *c, bool deleted, struct fault *reterr)
{
	struct sync *sync = &app->sync;
	enum company_change change = COMPANY_SAME;
	bool changed = false;
	int r;

	if (deleted) {
		r = company_gone(app->store, c->id, now_wall_ms(), &changed, reterr);
		sync->gone += changed;
		return r == -FAULT_NOT_FOUND ? 0 : r; /* never seen alive: nothing to mark */
	}
	r = company_put(app->store, c, sync->full ? sync->sweep : 0, &change, reterr);
	sync->added += change == COMPANY_ADDED;
	sync->changed += change == COMPANY_CHANGED;
	return r;
}

static bool put_page(struct app *app, const cJSON *array)
{
	struct sync *sync = &app->sync;
	const cJSON *item;

	cJSON_ArrayForEach(item, array)
	{
		struct company c = { 0 };
		struct fault f = { 0 };
		bool deleted;
		int r;

		if (!cw_company_view(item, &c, &deleted))
			continue;
		if (c.id > sync->after_id)
			sync->after_id = c.id;
		sync->companies++;
		c.inactive = is_named(app->conf->sync.inactive_statuses, c.status);
		r = put_one(app, &c, deleted, &f);
		company_clear(&c);
		if (r < 0) {
			turn_fail(app, &f);
			return false;
		}
	}
	return true;
}

static void on_page(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct sync *sync = &app->sync;
	int64_t before = sync->after_id;

	sync->call = NULL;
	link_saw(app, answer);
	if (answer->outcome.class != OUTCOME_DONE || !cJSON_IsArray(answer->body)) {
		failed(app,
			answer->outcome.class == OUTCOME_DONE ? "ConnectWise answered the company "
								"list with something else than a "
								"list"
							      : answer->outcome.reason);
		return;
	}
	sync->pages++;
	if (!put_page(app, answer->body))
		return;
	/* A server without forward-only paging sends no Link at all: then a full page means that
	 * more may follow, and the last id seen is where to go on from either way. */
	if (answer->link == LINK_NEXT ||
		(answer->link == LINK_ABSENT &&
			cJSON_GetArraySize(answer->body) >= sync->page_size)) {
		if (answer->link == LINK_NEXT && answer->next_page > sync->after_id)
			sync->after_id = answer->next_page;
		if (sync->after_id <= before) {
			failed(app, "ConnectWise named the same page of companies twice");
			return;
		}
		ask_page(app);
		return;
	}
	succeeded(app);
}

static void ask_page(struct app *app)
{
	struct sync *sync = &app->sync;

	sync->call = cw_companies(app->cw, sync->after_id, sync->full ? 0 : sync->since_at,
		sync->page_size, on_page, app);
}

/* ==== starting ==== */

static void start(struct app *app, bool full, bool confirm)
{
	struct sync *sync = &app->sync;

	sync->running = true;
	sync->full = full || !sync->last_full_at;
	sync->confirmed = confirm;
	sync->after_id = 0;
	sync->page_size = app->conf->sync.page_size;
	sync->since_at = sync->covered_at - OVERLAP_MS;
	sync->pages = sync->companies = sync->added = sync->changed = sync->gone = 0;
	sync->started_at = now_wall_ms();
	sync->ended_at = 0;
	if (sync->full)
		memo_set_number(app, MEMO_SWEEP, ++sync->sweep);
	ask_page(app);
}

int sync_start(struct app *app, bool full, bool confirm, struct fault *reterr)
{
	if (app->sync.running)
		return fault_set(reterr, FAULT_CONFLICT,
			"a sync is running already; `opbridge sync` without options follows it");
	if (!link_open(app))
		return fault_set(reterr, FAULT_BUSY, "ConnectWise is not connected: %s",
			app->link.error[0] ? app->link.error
				: app->link.breaker.state != BREAKER_CLOSED
				? app->link.breaker.why
				: "the first check is under way");
	start(app, full, confirm);
	return 0;
}

void sync_soon(struct app *app)
{
	if (!app->sync.running && app->sync.failures)
		app->sync.next_at = now_mono_ms();
}

void sync_tick(struct app *app, int64_t now)
{
	if (!app->sync.running && link_open(app) && now >= app->sync.next_at)
		start(app, full_is_due(app), false);
}

int64_t sync_next(const struct app *app)
{
	return app->sync.running || !link_open(app) ? 0 : app->sync.next_at;
}

void sync_reset(struct app *app)
{
	struct sync *sync = &app->sync;
	int64_t soon = now_mono_ms() + RETRY_BASE_MS;

	if (sync->call)
		cw_forget(app->cw, sync->call);
	sync->call = NULL;
	if (sync->running)
		ended(app);
	recall(app);
	if (sync->next_at < soon)
		sync->next_at = soon;
}

cJSON *sync_json(const struct app *app)
{
	const struct sync *sync = &app->sync;
	cJSON *node = json_object();
	int64_t next = sync_next(app);

	json_add_bool(node, "running", sync->running);
	if (sync->started_at)
		json_add_str(node, "kind", sync->full ? "full" : "incremental");
	else
		json_add_null(node, "kind");
	json_add_int(node, "pages", sync->pages);
	json_add_int(node, "companies", sync->companies);
	json_add_int(node, "added", sync->added);
	json_add_int(node, "changed", sync->changed);
	json_add_int(node, "gone", sync->gone);
	json_add_time(node, "started_at", sync->started_at);
	json_add_time(node, "ended_at", sync->ended_at);
	json_add_time(node, "last_full_at", sync->last_full_at);
	json_add_time(node, "last_incremental_at", sync->last_incremental_at);
	json_add_time(node, "next_at", next ? now_wall_ms() + next - now_mono_ms() : 0);
	if (sync->error)
		json_add_str(node, "error", sync->error);
	else
		json_add_null(node, "error");
	if (sync->refused)
		json_add_str(node, "refused", sync->refused);
	else
		json_add_null(node, "refused");
	return node;
}
