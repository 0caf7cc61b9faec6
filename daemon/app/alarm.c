#include "app/alarm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "app/app.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/now.h"
#include "core/pace.h"
#include "io/hook.h"
#include "io/mail.h"

#define LOOK_EVERY_MS 5000 /* at most; short times are looked at more often */
#define LOOK_EVERY_MIN_MS 10
#define LOOK_PART 5
#define RETRY_PART 6 /* of the hold time: the longest wait after a first failure */
#define RETRY_MAX_MS (INT64_C(10) * 60 * 1000)

static const char *const memos[WAY_COUNT] = { "alarm.log", "alarm.mail", "alarm.hook" };

bool alarm_configured(const struct conf *conf)
{
	return way_configured(conf, WAY_MAIL) || way_configured(conf, WAY_HOOK);
}

const char *alarm_last_error(const struct app *app)
{
	int i;

	for (i = 0; i < WAY_COUNT; i++)
		if (app->alarm.ways[i].error)
			return app->alarm.ways[i].error;
	return NULL;
}

bool alarm_busy(const struct app *app)
{
	return app->alarm.ways[WAY_MAIL].busy || app->alarm.ways[WAY_HOOK].busy;
}

/* ==== start, end, settings ==== */

static void set_error(struct alarm_way *way, const char *why)
{
	mem_free(way->error);
	way->error = xstrdup(why);
}

int alarm_open(struct app *app, struct fault *reterr)
{
	struct alarm *alarm = &app->alarm;
	int r = mail_new(app->base, &alarm->mail, reterr);

	if (r == 0)
		r = hook_new(app->base, &alarm->hook, reterr);
	if (r < 0)
		return r;
	if (gethostname(alarm->host, sizeof(alarm->host) - 1) != 0 || !*alarm->host)
		memcpy(alarm->host, "localhost", sizeof("localhost"));
	alarm->undelivered = alarm->held = alarm->dead = -1;
	return 0;
}

int alarm_init(struct app *app, struct fault *reterr)
{
	struct alarm *alarm = &app->alarm;
	int i, r = alarm_open(app, reterr);

	if (r < 0)
		return r;
	for (i = 0; i < WAY_COUNT; i++) {
		struct alarm_way *way = &alarm->ways[i];

		r = store_memo_get(app->store, memos[i], &way->saved, reterr);
		if (r < 0)
			return r;
		alarm_state_read(way->saved, &way->state);
	}
	alarm_reconfigure(app);
	return 0;
}

void alarm_free(struct app *app)
{
	struct alarm *alarm = &app->alarm;
	int i;

	mail_free(alarm->mail);
	hook_free(alarm->hook);
	for (i = 0; i < WAY_COUNT; i++) {
		mem_free(alarm->ways[i].saved);
		mem_free(alarm->ways[i].error);
	}
	json_free(alarm->test.steps);
	*alarm = (struct alarm){ 0 };
}

/* A service unit may keep a file from being run that is executable otherwise. */
static void try_hook(struct app *app)
{
	static const char why[] =
		"the service may not run alarm.hook: name it and its interpreter in "
		"ExecPaths= of the unit, see opbridge.conf(5)";

	if (access(app->conf->alarm.hook, X_OK) == 0)
		return;
	set_error(&app->alarm.ways[WAY_HOOK], why);
	log_warn("alarm command cannot be run", F_STR("command", app->conf->alarm.hook),
		F_STR("why", why));
}

void alarm_reconfigure(struct app *app)
{
	int i;

	for (i = 0; i < WAY_COUNT; i++) {
		struct alarm_way *way = &app->alarm.ways[i];

		way->retry_at = 0; /* whatever failed may be mended */
		way->tries = 0;
		set_error(way, NULL);
		if (way_configured(app->conf, (enum way)i))
			continue;
		way->state = (struct alarm_state){ 0 };
		if (way->test_wanted) /* nobody would end that test */
			alarm_test_step(app, way_name((enum way)i), "skipped",
				"it was taken out of the configuration", NULL);
		way->test_wanted = false;
	}
	if (way_configured(app->conf, WAY_HOOK))
		try_hook(app);
	app->alarm.look_at = now_mono_ms();
}

void alarm_reset(struct app *app)
{
	struct alarm *alarm = &app->alarm;
	int i;

	alarm->store_bad = true;
	alarm->store_tried = false;
	alarm->store_try_at = now_mono_ms() + app->conf->alarm.hold;
	snprintf(alarm->store_why, sizeof(alarm->store_why), "%.500s", app->turn.why.text);
	for (i = 0; i < WAY_COUNT; i++) {
		mem_free(app->alarm.ways[i].saved);
		app->alarm.ways[i].saved = xstrdup("?"); /* write it anew */
	}
}

/* ==== telling ==== */

static void save(struct app *app, enum way i)
{
	struct alarm_way *way = &app->alarm.ways[i];
	CLEANUP(mem_free) char *text = NULL;
	struct fault f = { 0 };
	const char *why;

	if (!turn_may_write(app, &why) ||
		(app->alarm.store_bad && now_mono_ms() < app->alarm.store_try_at))
		return;
	text = alarm_state_text(&way->state);
	if (str_eq(text, way->saved))
		return;
	if (store_memo_set(app->store, memos[i], text, &f) < 0) {
		turn_fail(app, &f);
		return;
	}
	mem_free(way->saved);
	way->saved = TAKE(text);
	app->alarm.store_tried = true;
}

static void failed(struct app *app, enum way i, const char *why)
{
	struct alarm_way *way = &app->alarm.ways[i];
	int64_t wait = backoff_ms(
		++way->tries, app->conf->alarm.hold / RETRY_PART + 1, RETRY_MAX_MS, random_unit());
	bool news = !str_eq_but_numbers(way->error, why);

	way->failed++;
	way->retry_at = now_mono_ms() + wait;
	set_error(way, why);
	if (app->alarm.alone)
		log_error("alarm could not be told", F_STR("way", way_name(i)), F_STR("why", why));
	else if (news)
		log_error("alarm could not be told", F_STR("way", way_name(i)), F_STR("why", why),
			F_INT("tries", way->tries), F_INT("next_try_ms", wait));
	else
		log_debug("alarm could not be told", F_STR("way", way_name(i)),
			F_INT("tries", way->tries), F_INT("next_try_ms", wait));
}

static void told(struct app *app, enum way i)
{
	struct alarm_way *way = &app->alarm.ways[i];
	CLEANUP(mem_free) char *causes = alarm_causes(&way->sending);

	alarm_told(&way->state, &way->sending, now_wall_ms());
	if (i != WAY_LOG)
		log_info("alarm told", F_STR("way", way_name(i)), F_STR("causes", causes),
			F_STR("kind", alarm_message_kind(&way->sending)),
			F_STR("to",
				i == WAY_MAIL ? app->conf->alarm.mail_to : app->conf->alarm.hook));
}

void alarm_way_done(struct app *app, enum way i, bool ok, const char *why)
{
	struct alarm_way *way = &app->alarm.ways[i];
	bool test = way->testing;

	way->busy = way->testing = false;
	if (!ok && test) {
		way->failed++;
		set_error(way, why);
	} else if (!ok) {
		failed(app, i, why);
	} else {
		way->sent++;
		way->sent_at = now_wall_ms();
		way->tries = 0;
		way->retry_at = 0;
		set_error(way, NULL);
		if (!test)
			told(app, i);
	}
	app->alarm.look_at = now_mono_ms(); /* what follows it, and the end of a test */
}

void alarm_send(struct app *app, enum way i, const struct alarm_message *m)
{
	struct alarm_way *way = &app->alarm.ways[i];

	way->busy = true;
	way->sending = *m;
	way_send(app, i, m);
}

static void tend(struct app *app, enum way i, int64_t now)
{
	const struct alarm_rules rules = alarm_rules(app->conf, i);
	struct alarm_way *way = &app->alarm.ways[i];
	struct alarm_message m = { 0 };
	int64_t wall = now_wall_ms();

	if (!way_configured(app->conf, i)) {
		save(app, i);
		return;
	}
	alarm_watch(&way->state, &rules, app->alarm.facts, wall);
	if (!way->busy && way->test_wanted && !app->stop_by) {
		way->test_wanted = false;
		way->testing = true;
		alarm_send(app, i, &m);
	}
	if (!way->busy && now >= way->retry_at && !app->stop_by &&
		alarm_due(&way->state, &rules, app->alarm.facts, wall, &m))
		alarm_send(app, i, &m);
	save(app, i);
}

/* ==== the test ==== */

void alarm_test_step(
	struct app *app, const char *name, const char *state, const char *saw, const char *remedy)
{
	cJSON *node = json_object();

	json_add_str(node, "name", name);
	json_add_str(node, "state", state);
	json_add_str(node, "saw", saw);
	json_add_str(node, "remedy", remedy);
	json_push(app->alarm.test.steps, node);
	if (str_eq(state, "failed"))
		app->alarm.test.ok = false;
}

void alarm_test_start(struct app *app)
{
	struct alarm_test *test = &app->alarm.test;
	int i;

	if (test->running)
		return;
	json_free(test->steps);
	test->steps = json_array();
	test->running = test->ok = true;
	for (i = WAY_MAIL; i < WAY_COUNT; i++)
		app->alarm.ways[i].test_wanted = way_configured(app->conf, (enum way)i);
	if (!alarm_configured(app->conf))
		alarm_test_step(app, "emergency contact", "failed",
			"nobody is told when opbridge needs a person",
			"set alarm.mail_to and alarm.smtp (or alarm.hook) in opbridge.conf, then: "
			"opbridge reload");
	else if (!way_configured(app->conf, WAY_MAIL))
		alarm_test_step(app, "mail", "skipped", "alarm.mail_to is not set", NULL);
	app->alarm.look_at = now_mono_ms();
}

static void maybe_end_test(struct app *app)
{
	struct alarm_test *test = &app->alarm.test;
	int i;

	if (!test->running)
		return;
	for (i = WAY_MAIL; i < WAY_COUNT; i++)
		if (app->alarm.ways[i].testing || app->alarm.ways[i].test_wanted)
			return;
	test->running = false;
	test->at = now_wall_ms();
	log_info("emergency contact tested", F_STR("ok", test->ok ? "yes" : "no"));
}

cJSON *alarm_test_json(const struct app *app)
{
	const struct alarm_test *test = &app->alarm.test;
	cJSON *node = json_object();

	json_add_bool(node, "running", test->running);
	json_add_time(node, "at", test->at);
	json_add_bool(node, "ok", !test->running && test->at && test->ok);
	json_add_node(node, "steps", test->steps ? json_copy(test->steps) : json_array());
	return node;
}

/* ==== the loop ==== */

static int64_t look_every(const struct conf *conf)
{
	const int64_t times[] = { conf->alarm.hold, conf->alarm.breaker_after,
		conf->alarm.undelivered_after, conf->alarm.held_after, conf->alarm.silence_after,
		conf->alarm.remind_every };
	int64_t every = LOOK_EVERY_MS;
	size_t i;

	for (i = 0; i < ARRAY_LEN(times); i++)
		if (times[i] && times[i] / LOOK_PART < every)
			every = times[i] / LOOK_PART;
	return every < LOOK_EVERY_MIN_MS ? LOOK_EVERY_MIN_MS : every;
}

void alarm_tick(struct app *app, int64_t now)
{
	int i;

	if (!app->alarm.mail)
		return;
	ways_drain(app);
	/* what was just told is saved in this very turn, which may be the last one */
	if (now_mono_ms() < app->alarm.look_at)
		return;
	if (app->alarm.store_tried) /* and committed: no turn was undone since */
		app->alarm.store_bad = app->alarm.store_tried = false;
	app->alarm.look_at = now + look_every(app->conf);
	alarm_look(app);
	for (i = 0; i < WAY_COUNT; i++)
		tend(app, (enum way)i, now);
	maybe_end_test(app);
}

int64_t alarm_next(const struct app *app)
{
	return app->alarm.look_at;
}
