/* What the emergency contact looks at, cause by cause. */
#include "app/alarm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/plain.h"
#include "io/store_watch.h"

#define QUEUE_FULL_PERCENT 90
#define MIB (INT64_C(1024) * 1024)

static int64_t or_never(int64_t ms)
{
	return ms ? ms : -1;
}

struct alarm_rules alarm_rules(const struct conf *conf, enum way way)
{
	struct alarm_rules rules = {
		.hold = conf->alarm.hold,
		.remind = conf->alarm.remind_every,
		/* the log wakes nobody */
		.per_hour = way == WAY_LOG ? ALARM_PER_HOUR_MAX : conf->alarm.per_hour,
	};

	rules.after[CAUSE_CONNECTION] = or_never(conf->alarm.breaker_after);
	rules.after[CAUSE_UNDELIVERED] = or_never(conf->alarm.undelivered_after);
	rules.after[CAUSE_HELD] = or_never(conf->alarm.held_after);
	rules.after[CAUSE_SILENCE] = or_never(conf->alarm.silence_after);
	return rules;
}

static void say(struct alarm_fact *fact, const char *text)
{
	plain_line(fact->detail, sizeof(fact->detail), text, text ? strlen(text) : 0);
}

/* ==== ConnectWise ==== */

/* The two faults that a person must mend are causes of their own, told at once. */
static void look_at_link(struct app *app)
{
	struct alarm_fact *facts = app->alarm.facts;
	const struct link *link = &app->link;
	bool known = link->state != LINK_UNKNOWN, failed = link->state == LINK_FAILED;
	bool keys = failed && link->fault == LINK_FAULT_KEYS;
	bool certificate = failed && link->fault == LINK_FAULT_CERTIFICATE;

	facts[CAUSE_KEYS] = (struct alarm_fact){ .known = known, .bad = keys };
	facts[CAUSE_CERTIFICATE] = (struct alarm_fact){ .known = known, .bad = certificate };
	facts[CAUSE_CONNECTION] = (struct alarm_fact){
		.known = known,
		.bad = !keys && !certificate && (failed || link->breaker.state != BREAKER_CLOSED),
	};
	if (keys || certificate)
		say(&facts[keys ? CAUSE_KEYS : CAUSE_CERTIFICATE], link->error);
	else
		say(&facts[CAUSE_CONNECTION], failed ? link->error : link->breaker.why);
}

static void look_at_permissions(struct app *app)
{
	struct alarm_fact *fact = &app->alarm.facts[CAUSE_PERMISSION];
	STR_AUTO(lost);
	int i;

	*fact = (struct alarm_fact){ .known = true };
	for (i = 0; i < PERMISSION_COUNT; i++) {
		uint64_t bit = UINT64_C(1) << i;

		if (!permissions[i].required)
			continue;
		if (app->link.permissions[i] == SEEN_NOT)
			fact->pieces_unknown |= bit;
		if (app->link.permissions[i] != SEEN_MISSING)
			continue;
		fact->pieces |= bit;
		str_addf(&lost, "%s%s > %s: %s: %s", lost.len ? "; " : "", permissions[i].module,
			permissions[i].function, permissions[i].level, permissions[i].lost);
	}
	fact->bad = fact->pieces != 0;
	say(fact, lost.at);
}

/* ==== the store ==== */

static bool disk_is_low(const struct conf *conf, const struct store_watch *w)
{
	if (!w->disk_size)
		return false;
	if (conf->alarm.disk_free_percent)
		return w->disk_free < w->disk_size / 100 * conf->alarm.disk_free_percent;
	return w->disk_free < conf->alarm.disk_free_bytes;
}

static void look_at_room(struct app *app, const struct store_watch *w)
{
	struct alarm_fact *fact = &app->alarm.facts[CAUSE_ROOM];
	bool disk = disk_is_low(app->conf, w);
	bool queue = w->used >= w->max_bytes / 100 * QUEUE_FULL_PERCENT ||
		store_room(app->store, NULL) < 0;
	char text[512];

	*fact = (struct alarm_fact){ .known = true, .bad = disk || queue };
	snprintf(text, sizeof(text),
		"%.200s: %" PRId64 " MiB / %" PRId64 " MiB (store.max_bytes); disk: %" PRId64
		" MiB / %" PRId64 " MiB free",
		app->conf->store.database, w->used / MIB, w->max_bytes / MIB, w->disk_free / MIB,
		w->disk_size / MIB);
	say(fact, text);
}

static void look_at_waiting(struct app *app, const struct store_watch *w)
{
	struct alarm *alarm = &app->alarm;
	const char *wait = link_open(app) ? NULL : app->link.breaker.why;

	alarm->facts[CAUSE_UNDELIVERED] = (struct alarm_fact){ .known = true,
		.bad = w->undelivered_at != 0,
		.since = w->undelivered_at,
		.n = alarm->undelivered };
	say(&alarm->facts[CAUSE_UNDELIVERED], wait);
	alarm->facts[CAUSE_HELD] = (struct alarm_fact){
		.known = true, .bad = w->held_at != 0, .since = w->held_at, .n = alarm->held
	};
	say(&alarm->facts[CAUSE_HELD], w->held_tenant);
	alarm->facts[CAUSE_DEAD] =
		(struct alarm_fact){ .known = true, .bad = w->dead > 0, .n = w->dead };
	say(&alarm->facts[CAUSE_DEAD], w->dead_why);
	alarm->facts[CAUSE_SILENCE] =
		(struct alarm_fact){ .known = true, .bad = true, .since = w->last_at };
}

static void look_at_store(struct app *app)
{
	struct alarm *alarm = &app->alarm;
	struct store_watch w = { 0 };
	struct account a = { 0 };
	struct fault f = { 0 };
	const char *why = NULL;
	int cause;

	alarm->facts[CAUSE_STORE] = (struct alarm_fact){ .known = true, .bad = alarm->store_bad };
	say(&alarm->facts[CAUSE_STORE], alarm->store_why);
	for (cause = CAUSE_ROOM; cause <= CAUSE_SILENCE; cause++)
		alarm->facts[cause].known = false;
	if (!turn_may_write(app, &why))
		return;
	if (store_account(app->store, &a, &f) < 0 || store_watch(app->store, &w, &f) < 0) {
		turn_fail(app, &f);
		return;
	}
	alarm->undelivered = a.queued + a.sending;
	alarm->held = a.held;
	alarm->dead = w.dead;
	look_at_room(app, &w);
	look_at_waiting(app, &w);
	store_watch_clear(&w);
}

void alarm_look(struct app *app)
{
	look_at_link(app);
	look_at_permissions(app);
	look_at_store(app);
}
