/* The ways of telling: a line in the log, a mail, a command. */
#include "app/alarm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/letter.h"
#include "io/hook.h"
#include "io/mail.h"

const char *way_name(enum way way)
{
	static const char *const names[] = { "log", "mail", "hook" };

	return names[way];
}

bool way_configured(const struct conf *conf, enum way way)
{
	switch (way) {
	case WAY_LOG:
		return true;
	case WAY_MAIL:
		return *conf->alarm.mail_to && *conf->alarm.smtp;
	case WAY_HOOK:
		return *conf->alarm.hook != '\0';
	case WAY_COUNT:
		break;
	}
	abort();
}

static struct alarm_scene scene_of(const struct app *app)
{
	const struct conf *conf = app->conf;

	return (struct alarm_scene){ .language = conf->ticket.style.language,
		.host = app->alarm.host,
		.company = conf->cw.company,
		.site = app->cw ? cw_site(app->cw) : conf->cw.site,
		.now = now_wall_ms(),
		.undelivered = app->alarm.undelivered,
		.held = app->alarm.held,
		.dead = app->alarm.dead,
		.remind = conf->alarm.remind_every };
}

/* ==== the log ==== */

static void log_line(const struct alarm_line *line)
{
	CLEANUP(mem_free) char *remedy = alarm_remedy(line->cause, line->pieces, LANGUAGE_EN);
	char since[TIME_TEXT_MAX], until[TIME_TEXT_MAX];

	time_text_s(line->since, since);
	if (line->kind == ALARM_OVER)
		log_info("alarm over", F_STR("cause", cause_name(line->cause)),
			F_STR("what", alarm_title(line->cause, LANGUAGE_EN)), F_STR("since", since),
			F_STR("until", time_text_s(line->until, until)));
	else
		log_error("alarm", F_STR("cause", cause_name(line->cause)),
			F_STR("kind", alarm_kind_name(line->kind)),
			F_STR("what", alarm_title(line->cause, LANGUAGE_EN)), F_STR("since", since),
			F_INT("events", line->n), F_STR("saw", line->detail),
			F_STR("next", remedy));
}

static void send_log(struct app *app, const struct alarm_message *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		log_line(&m->lines[i]);
	alarm_way_done(app, WAY_LOG, true, "");
}

/* ==== mail ==== */

static void send_mail(struct app *app, const char *subject, const char *text)
{
	const struct conf *conf = app->conf;
	const struct mail_server server = {
		.url = conf->alarm.smtp,
		.user = conf->alarm.smtp_user,
		.password = conf->alarm.smtp_password,
		.tls = conf->alarm.smtp_tls == SMTP_TLS_REQUIRE ? MAIL_TLS_REQUIRE
			: conf->alarm.smtp_tls == SMTP_TLS_TRY  ? MAIL_TLS_TRY
								: MAIL_TLS_NONE,
		.ca_file = conf->alarm.smtp_ca_file,
		.timeout = conf->alarm.smtp_timeout,
	};
	CLEANUP(mem_free)
	char *id = xasprintf(
		"alarm.%" PRId64 ".%d.%" PRId64, now_wall_ms(), (int)getpid(), ++app->alarm.number);
	const struct letter letter = {
		.from = conf->alarm.mail_from,
		.to = conf->alarm.mail_to,
		.subject = subject,
		.text = text,
		.id = id,
		.at = now_wall_ms(),
	};
	CLEANUP(mem_free) char *whole = letter_text(&letter);

	mail_send(app->alarm.mail, &server, conf->alarm.mail_from, conf->alarm.mail_to, whole);
}

static void on_mail(void *arg, const struct mail_result *result)
{
	struct app *app = arg;

	if (app->alarm.ways[WAY_MAIL].testing) {
		alarm_test_step(app, "mail server", result->reached ? "ok" : "failed",
			result->reached ? app->conf->alarm.smtp : result->why, NULL);
		if (result->reached)
			alarm_test_step(app, "mail", result->sent ? "ok" : "failed", result->why,
				result->refused_one ? "the server refused one of the addresses"
						    : NULL);
	}
	if (result->refused_one)
		log_warn("alarm mail refused for one of the addresses",
			F_STR("to", app->conf->alarm.mail_to), F_STR("why", result->why));
	alarm_way_done(app, WAY_MAIL, result->sent, result->why);
}

/* ==== the command ==== */

static void send_hook(struct app *app, const struct alarm_message *m,
	const struct alarm_scene *scene, const char *subject, const char *text)
{
	CLEANUP(json_free) cJSON *node = alarm_message_json(m, scene, subject, text);
	CLEANUP(mem_free) char *input = json_text(node);
	CLEANUP(mem_free) char *causes = alarm_causes(m);
	CLEANUP(mem_free)
	char *kind = xasprintf("OPBRIDGE_ALARM_KIND=%s", alarm_message_kind(m));
	CLEANUP(mem_free) char *cause = xasprintf("OPBRIDGE_ALARM_CAUSES=%s", causes);
	CLEANUP(mem_free) char *about = xasprintf("OPBRIDGE_ALARM_SUBJECT=%s", subject);
	CLEANUP(mem_free) char *host = xasprintf("OPBRIDGE_ALARM_HOST=%s", scene->host);
	const char *const environment[] = { kind, cause, about, host, NULL };
	const struct hook_ask ask = {
		.command = app->conf->alarm.hook,
		.environment = environment,
		.input = input,
		.timeout = app->conf->alarm.hook_timeout,
	};

	hook_run(app->alarm.hook, &ask);
}

static void on_hook(void *arg, const struct hook_result *result)
{
	struct app *app = arg;
	bool blank = str_is_blank(result->output);

	if (app->alarm.ways[WAY_HOOK].testing)
		alarm_test_step(app, "command", result->done ? "ok" : "failed",
			result->done ? (blank ? app->conf->alarm.hook : result->output)
				     : result->why,
			result->done || blank ? NULL : result->output);
	if (!blank)
		log_info("alarm command said", F_STR("output", result->output));
	alarm_way_done(app, WAY_HOOK, result->done, result->why);
}

/* ==== all ==== */

void way_send(struct app *app, enum way way, const struct alarm_message *m)
{
	const struct alarm_scene scene = scene_of(app);
	CLEANUP(mem_free)
	char *subject = m->n ? alarm_subject(m, &scene) : alarm_test_subject(&scene);
	CLEANUP(mem_free) char *text = m->n ? alarm_text(m, &scene) : alarm_test_text(&scene);

	switch (way) {
	case WAY_LOG:
		send_log(app, m);
		return;
	case WAY_MAIL:
		send_mail(app, subject, text);
		return;
	case WAY_HOOK:
		send_hook(app, m, &scene, subject, text);
		return;
	case WAY_COUNT:
		break;
	}
	abort();
}

void ways_drain(struct app *app)
{
	mail_drain(app->alarm.mail, on_mail, app);
	hook_drain(app->alarm.hook, on_hook, app);
}
