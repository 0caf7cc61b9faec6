#include "app/reload.h"

#include <string.h>
#include <sys/resource.h>
#include "app/app.h"
#include "app/audit.h"
#include "app/trial.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "io/journal.h"
#include "io/notify.h"

#define OTHER_FILES 64

static void hide(int slot, const struct secret *secret)
{
	log_set_canary(slot, secret ? secret_text(secret) : NULL);
}

void reload_log(const struct conf *conf)
{
	log_set_level(conf->log.level);
	log_set_format(conf->log.format, conf->log.format == LOG_JOURNAL ? journal_sink : NULL);
	hide(0, conf->cw.private_key);
	hide(1, conf->alarm.smtp_password);
}

/* What remains for connections when the queue, ConnectWise and the log have their descriptors. */
static int fit_connections(int wanted)
{
	struct rlimit files = { 0 };
	rlim_t room;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur == RLIM_INFINITY)
		return wanted;
	room = files.rlim_cur > OTHER_FILES ? (files.rlim_cur - OTHER_FILES) / API_SURFACES : 0;
	if (room < 2)
		room = 2;
	if ((rlim_t)wanted <= room)
		return wanted;
	log_warn("fewer connections than configured: the limit of open files allows no more",
		F_INT("configured", wanted), F_INT("now", room),
		F_STR("remedy", "raise LimitNOFILE, or lower intake.connections"));
	return (int)room;
}

struct api_limits reload_limits(const struct conf *conf)
{
	return (struct api_limits){ .connections = fit_connections(conf->intake.connections),
		.client_timeout = conf->intake.client_timeout,
		.body_max = conf->intake.body_max };
}

static int load_next(struct app *app, struct conf **ret, struct fault *reterr)
{
	struct conf_faults faults = { 0 };
	int r = conf_load(app->conf->path, ret, &faults, reterr);
	STR_AUTO(all);
	size_t i;

	for (i = 0; i < faults.n; i++)
		str_addf(&all, "%s%s", i ? "; " : "", faults.lines[i]);
	if (r < 0 && all.len)
		fault_set(reterr, FAULT_CONFIG, "%s", all.at);
	conf_faults_clear(&faults);
	return r;
}

/* Anything that a proof of the keys depends on. */
static bool other_login(const struct conf *a, const struct conf *b)
{
	return !secret_same(a->cw.private_key, b->cw.private_key) ||
		!str_eq(a->cw.public_key, b->cw.public_key) ||
		!str_eq(a->cw.company, b->cw.company) || !str_eq(a->cw.site, b->cw.site) ||
		!str_eq(a->cw.base_url, b->cw.base_url) ||
		!str_eq(a->cw.client_id, b->cw.client_id) ||
		!str_eq(a->cw.ca_file, b->cw.ca_file) || !str_eq(a->cw.proxy, b->cw.proxy);
}

/* Anything that ConnectWise must know by the name that is given. */
static bool other_board(const struct conf *a, const struct conf *b)
{
	return !str_eq(a->board.board, b->board.board) ||
		!str_eq(a->board.member, b->board.member) ||
		!str_eq(a->board.status, b->board.status) ||
		!str_eq(a->board.closed_status, b->board.closed_status) ||
		!str_eq(a->board.reopen_status, b->board.reopen_status);
}

/* proven: the new login was tried and works, so nothing has to stop for it. */
static void take_over(struct app *app, struct conf *next, bool proven)
{
	struct conf *old = app->conf;
	const struct api_limits limits = reload_limits(next);
	bool login = other_login(old, next);
	bool board = !str_eq(old->board.board, next->board.board) ||
		!str_eq(old->board.member, next->board.member) || login;

	app->conf = conf_ref(next);
	reload_log(next);
	api_set_limits(app->api, &limits);
	cw_set_conf(app->cw, next);
	link_reconfigure(app, login && !proven);
	board_reconfigure(app, board);
	alarm_reconfigure(app);
	if (login && proven)
		check_soon(app);
	conf_unref(old);
}

/* ==== the end of a reload ==== */

static void forget(struct reload *r)
{
	mem_free(r->changed);
	mem_free(r->why);
	r->changed = r->why = NULL;
}

static void refused(struct app *app, const char *why)
{
	struct reload *r = &app->reload;
	char *copy = xstrdup(why);

	mem_free(r->why);
	r->why = copy;
	r->state = RELOAD_REFUSED;
	log_error("reload refused: everything stays as it was", F_STR("why", why));
	notify_ready("running; the last reload was refused");
}

static void done(struct app *app, struct conf *next, bool proven)
{
	struct reload *r = &app->reload;
	const char *changed = str_is_blank(r->changed) ? "nothing" : r->changed;
	char was[9], now[9], by[AUDIT_WHO_TEXT_MAX];

	secret_fingerprint(app->conf->cw.private_key, was);
	secret_fingerprint(next->cw.private_key, now);
	if (!str_eq(was, now) || proven)
		log_info("login changed", F_STR("key", now), F_STR("was_key", was),
			F_STR("proven", proven ? "yes" : "it is tried next"));
	take_over(app, next, proven);
	r->state = RELOAD_DONE;
	log_info("reloaded", F_STR("file", app->conf->path), F_STR("changed", changed),
		F_STR("by", r->who.uid < 0 ? "signal" : audit_who_text(&r->who, by)));
	audit_tell(app, &r->who, AUDIT_RELOAD, changed);
	notify_ready("running");
}

/* ==== proving it before the old one is given up ==== */

static void trial_drop(struct reload *r)
{
	trial_free(r->trial);
	r->trial = NULL;
}

static int prove(struct app *app, struct conf *next, struct fault *reterr)
{
	struct reload *r = &app->reload;
	bool login = other_login(app->conf, next);
	int err = trial_new(app->base, next, cw_base(app->cw), login,
		other_board(app->conf, next) || login, &r->trial, reterr);

	if (err < 0)
		return err;
	r->state = RELOAD_PROVING;
	log_info(login ? "trying the new login before the old one is given up"
		       : "trying the new board and statuses before the old ones are given up");
	return 0;
}

void reload_tick(struct app *app)
{
	struct reload *r = &app->reload;
	CLEANUP(conf_unref) struct conf *next = NULL;
	CLEANUP(mem_free) char *refusal = NULL;

	if (!r->trial || !trial_ended(r->trial))
		return;
	next = conf_ref(trial_conf(r->trial));
	refusal = xstrdup(trial_refusal(r->trial));
	trial_drop(r);
	if (refusal)
		refused(app, refusal);
	else
		done(app, next, other_login(app->conf, next));
}

int64_t reload_release(struct app *app, int64_t now)
{
	return app->reload.trial ? trial_release(app->reload.trial, now) : -1;
}

/* ==== a reload ==== */

static int try_reload(struct app *app, struct fault *reterr)
{
	CLEANUP(conf_unref) struct conf *next = NULL;
	struct reload *r = &app->reload;
	int err = load_next(app, &next, reterr);

	if (err == 0)
		err = conf_may_replace(app->conf, next, &r->changed, reterr);
	if (err == 0)
		err = board_check_conf(&app->board, next, reterr);
	if (err < 0)
		return err;
	if ((other_login(app->conf, next) || other_board(app->conf, next)) &&
		app->link.state == LINK_OK && cw_base(app->cw))
		return prove(app, next, reterr);
	done(app, next, false);
	return 0;
}

void reload(struct app *app, const struct audit_who *who)
{
	struct fault f = { 0 };

	trial_drop(&app->reload); /* a newer file counts */
	forget(&app->reload);
	app->reload.who = *who;
	notify_reloading();
	if (try_reload(app, &f) < 0)
		refused(app, f.text);
}

void reload_free(struct reload *r)
{
	trial_drop(r);
	forget(r);
}
