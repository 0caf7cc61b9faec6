#include "app/alarm_alone.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include "app/alarm.h"
#include "app/app.h"
#include "app/reload.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "io/hook.h"
#include "io/http.h"
#include "io/journal.h"
#include "io/mail.h"

/* What systemd says of the unit that failed, and what is wrong with the configuration as it is. */
static void describe(const struct conf_faults *faults, struct alarm_line *line)
{
	const char *result = getenv("MONITOR_SERVICE_RESULT");
	const char *status = getenv("MONITOR_EXIT_STATUS");
	STR_AUTO(text);

	if (!str_is_blank(result))
		str_addf(&text, "%s%s%s", result, str_is_blank(status) ? "" : ", status ",
			str_is_blank(status) ? "" : status);
	if (faults->n)
		str_addf(&text, "%s%s", text.len ? "; " : "", faults->lines[0]);
	if (faults->n > 1)
		str_addf(&text, " (and %zu more)", faults->n - 1);
	snprintf(line->detail, sizeof(line->detail), "%.*s", (int)sizeof(line->detail) - 1,
		text.len ? text.at : "");
}

static void wait_for_results(struct app *app)
{
	ways_drain(app);
	while (alarm_busy(app)) {
		if (event_base_loop(app->base, EVLOOP_ONCE) < 0)
			abort();
		ways_drain(app);
	}
}

static int tell(struct app *app, const struct alarm_message *m)
{
	bool told = false;
	int i;

	for (i = WAY_MAIL; i < WAY_COUNT; i++)
		if (way_configured(app->conf, (enum way)i))
			alarm_send(app, (enum way)i, m);
	wait_for_results(app);
	for (i = WAY_MAIL; i < WAY_COUNT; i++)
		told |= app->alarm.ways[i].sent > 0;
	return told ? EX_OK : EX_UNAVAILABLE;
}

static int tell_failure(struct app *app, const struct conf_faults *faults)
{
	struct alarm_message m = { .n = 1 };
	struct fault f = { 0 };
	int status = EX_OSERR;

	m.lines[0] = (struct alarm_line){
		.cause = CAUSE_STOPPED, .kind = ALARM_RAISED, .since = now_wall_ms()
	};
	describe(faults, &m.lines[0]);
	log_error("the service ended and does not start again by itself",
		F_STR("saw", m.lines[0].detail));
	if (!alarm_configured(app->conf)) {
		log_warn("nobody is told of it: the emergency contact is not set, or has a fault",
			F_STR("next", "set alarm.mail_to and alarm.smtp, see opbridge.conf(5)"));
		return EX_OK;
	}
	if (http_global_init(&f) < 0 || alarm_open(app, &f) < 0)
		log_error("alarm could not be told", F_STR("why", f.text));
	else
		status = tell(app, &m);
	alarm_free(app);
	return status;
}

int alarm_alone(const char *conf_path)
{
	CLEANUP(conf_unref) struct conf *conf = NULL;
	struct app app = { .alarm.alone = true };
	struct conf_faults faults = { 0 };
	struct fault f = { 0 };
	int status;

	if (conf_load_alarm(conf_path, &conf, &faults, &f) < 0) {
		log_error(
			"the service ended, and whom to tell cannot be read", F_STR("why", f.text));
		conf_faults_clear(&faults);
		return f.code == FAULT_SYSTEM ? EX_OSERR : EX_CONFIG;
	}
	reload_log(conf);
	log_set_syslog_prefix(journal_stderr_is_journal());
	app.conf = conf;
	app.base = event_base_new();
	if (!app.base)
		abort();
	status = tell_failure(&app, &faults);
	log_forget_canaries();
	event_base_free(app.base);
	conf_faults_clear(&faults);
	return status;
}
