#include "app/reload.h"

#include <string.h>
#include <sys/resource.h>
#include "app/app.h"
#include "app/audit.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "io/journal.h"
#include "io/notify.h"

#define OTHER_FILES 64

void reload_log(const struct conf *conf)
{
	log_set_level(conf->log.level);
	log_set_format(conf->log.format, conf->log.format == LOG_JOURNAL ? journal_sink : NULL);
	log_set_canary(secret_text(conf->cw.private_key));
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

static bool same_secret(const struct secret *a, const struct secret *b)
{
	return secret_len(a) == secret_len(b) && strcmp(secret_text(a), secret_text(b)) == 0;
}

/* Anything that a proof of the keys depends on. */
static bool other_login(const struct conf *a, const struct conf *b)
{
	return !same_secret(a->cw.private_key, b->cw.private_key) ||
		!str_eq(a->cw.public_key, b->cw.public_key) ||
		!str_eq(a->cw.company, b->cw.company) || !str_eq(a->cw.site, b->cw.site) ||
		!str_eq(a->cw.base_url, b->cw.base_url) ||
		!str_eq(a->cw.client_id, b->cw.client_id) ||
		!str_eq(a->cw.ca_file, b->cw.ca_file) || !str_eq(a->cw.proxy, b->cw.proxy);
}

static void take_over(struct app *app, struct conf *next)
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
	link_reconfigure(app, login);
	board_reconfigure(app, board);
	conf_unref(old);
}

static int try_reload(struct app *app, char **ret_changed, struct fault *reterr)
{
	CLEANUP(conf_unref) struct conf *next = NULL;
	CLEANUP(mem_free) char *changed = NULL;
	int r = load_next(app, &next, reterr);

	if (r == 0)
		r = conf_may_replace(app->conf, next, &changed, reterr);
	if (r == 0)
		r = board_check_conf(&app->board, next, reterr);
	if (r < 0)
		return r;
	take_over(app, next);
	*ret_changed = TAKE(changed);
	return 0;
}

int reload(struct app *app, const struct audit_who *who, char **ret_changed, struct fault *reterr)
{
	char by[AUDIT_WHO_TEXT_MAX];
	int r;

	notify_reloading();
	r = try_reload(app, ret_changed, reterr);
	if (r < 0)
		log_error("reload refused: everything stays as it was", F_STR("why", reterr->text));
	else {
		const char *changed = str_is_blank(*ret_changed) ? "nothing" : *ret_changed;

		log_info("reloaded", F_STR("file", app->conf->path), F_STR("changed", changed),
			F_STR("by", who->uid < 0 ? "signal" : audit_who_text(who, by)));
		audit_tell(app, who, AUDIT_RELOAD, changed);
	}
	notify_ready(r < 0 ? "running; the last reload was refused" : "running");
	return r;
}
