/* The emergency contact: a person is told by mail, by a command, and in the log when the bridge
 * needs one. What is told and when is decided by core/alarm.c; here facts are gathered
 * (alarm_facts.c) and messages sent (alarm_way.c).
 *
 * It works on its own: not while ConnectWise works, nor only while the store can be written. What
 * each way has told is kept as a memo. A mail that fails is not queued: the next try is made from
 * how things are then. */
#ifndef APP_ALARM_H
#define APP_ALARM_H

#include <stdbool.h>
#include <stdint.h>
#include "base/json.h"
#include "base/str.h"
#include "core/alarm.h"
#include "core/alarm_text.h"

struct app;
struct conf;
struct hook;
struct mail;

/* The log is told as well: without a mail server and a command it is the only one. */
enum way { WAY_LOG, WAY_MAIL, WAY_HOOK, WAY_COUNT };

/* One way of telling. owned by alarm.ways */
struct alarm_way {
	struct alarm_state state;
	char *saved; /* the state as it stands in the store; or NULL */
	bool busy, testing; /* a message (of the test) is under way */
	bool test_wanted;
	struct alarm_message sending;
	int tries; /* that failed in a row */
	int64_t retry_at; /* monotonic ms */
	int64_t sent_at; /* wall ms; 0: never */
	int64_t sent, failed; /* messages, since the start */
	char *error; /* of the last try; NULL: it worked, or there was none */
};

/* The last test of the ways, as steps of a check. */
struct alarm_test {
	bool running, ok;
	int64_t at; /* wall ms of its end; 0: never */
	cJSON *steps; /* owned */
};

struct alarm {
	struct mail *mail; /* NULL: not started (opbridged --check) */
	struct hook *hook;
	struct alarm_way ways[WAY_COUNT];
	struct alarm_fact facts[CAUSE_COUNT];
	int64_t undelivered, held, dead; /* events; -1: not known */
	int64_t look_at; /* monotonic ms */
	/* A write failed, and none of ours has worked since: a full disk takes writes that change
	 * nothing. */
	bool store_bad, store_tried;
	int64_t store_try_at; /* monotonic ms: not written to before then */
	char store_why[512];
	int64_t number; /* of messages, for their ids */
	bool alone; /* opbridged --tell-failure: nothing is tried again */
	struct alarm_test test;
	char host[128];
};

int alarm_init(struct app *app, struct fault *reterr) MUST_CHECK;
/* The ways alone, without what was told before: no store is needed. */
int alarm_open(struct app *app, struct fault *reterr) MUST_CHECK;
void alarm_free(struct app *app);
/* New settings (also the first ones). */
void alarm_reconfigure(struct app *app);
/* Look, tell, take results in. Also while the store cannot be written, and while stopping (then
 * nothing new is begun). */
void alarm_tick(struct app *app, int64_t now);
int64_t alarm_next(const struct app *app); /* monotonic ms */
void alarm_reset(struct app *app); /* the turn is undone: what was saved in it is not */
bool alarm_busy(const struct app *app); /* a message is under way */

/* Is there anybody to tell? */
bool alarm_configured(const struct conf *conf);
/* Why the last mail or command failed; NULL: nothing failed since. lends: until the next turn. */
const char *alarm_last_error(const struct app *app);

void alarm_test_start(struct app *app); /* nothing happens if one is running */
cJSON *alarm_test_json(const struct app *app); /* gives: as a check */
cJSON *alarm_json(const struct app *app); /* gives: ALARM of the API */
void alarm_metrics(const struct app *app, struct str *out);

/* ==== alarm_facts.c ==== */
void alarm_look(struct app *app);
struct alarm_rules alarm_rules(const struct conf *conf, enum way way);

/* One message by one way that is not busy; the result comes by alarm_way_done. */
void alarm_send(struct app *app, enum way i, const struct alarm_message *m);

/* ==== alarm_way.c ==== */
bool way_configured(const struct conf *conf, enum way way);
const char *way_name(enum way way);
void way_send(struct app *app, enum way way, const struct alarm_message *m); /* m->n 0: a test */
void ways_drain(struct app *app);
/* The test got a result of a way; alarm.c. */
void alarm_test_step(
	struct app *app, const char *name, const char *state, const char *saw, const char *remedy);
/* A message was told, or was not; alarm.c. */
void alarm_way_done(struct app *app, enum way way, bool ok, const char *why);

#endif
