/* The rungs of this host: what the configuration names, the company list, the disk. */
#include "app/check_steps.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include "app/board_choice.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/store_company.h"

#define CORRECT "correct the setting and reload"

static const char *create_status_name(const struct app *app, int64_t id)
{
	const struct statuses *list = &app->check.statuses;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->at[i].id == id)
			return list->at[i].name;
	return "the board's default";
}

bool rung_status_settings(struct app *app)
{
	const struct choice choice = { .statuses = &app->check.statuses,
		.board = app->check.board,
		.board_name = app->check.board_name };
	struct fault f = { 0 };
	int64_t id = 0;

	if (!choice_wanted(app->conf))
		check_add(app, "creation status", STEP_OK, "not configured: the board's default",
			NULL);
	else if (!app->check.statuses_read && !app->check.alone &&
		board_check_conf(&app->board, app->conf, &f) < 0)
		check_add(app, "creation status", STEP_FAILED, f.text, CORRECT);
	else if (!app->check.statuses_read)
		check_add(app, "creation status", STEP_WARNING,
			"cannot be checked: the statuses are not known", NULL);
	else if (choice_check(&choice, app->conf, &f) < 0 ||
		choice_resolve(&choice, "board.status", app->conf->board.status, false, &id, &f) <
			0)
		check_add(app, "creation status", STEP_FAILED, f.text, CORRECT);
	else
		check_add(app, "creation status", STEP_OK, create_status_name(app, id), NULL);
	return false;
}

bool rung_sync(struct app *app)
{
	struct fault f = { 0 };
	int64_t n = 0;
	char saw[128];

	if (app->check.alone)
		return false;
	if (company_count(app->store, &n, &f) < 0)
		turn_fail(app, &f);
	snprintf(saw, sizeof(saw), "%" PRId64 " companies in the list%s", n,
		app->sync.running ? ", which is being read" : "");
	if (app->sync.refused)
		check_add(app, "company sync", STEP_WARNING, app->sync.refused, NULL);
	else if (app->sync.error)
		check_add(app, "company sync", STEP_FAILED, app->sync.error, NULL);
	else
		check_add(app, "company sync", STEP_OK, saw, NULL);
	return false;
}

bool rung_contact(struct app *app)
{
	const struct conf *conf = app->conf;
	const char *error = app->check.alone ? NULL : alarm_last_error(app);
	char saw[256];

	snprintf(saw, sizeof(saw), "%.120s%s%.100s", conf->alarm.mail_to,
		str_is_blank(conf->alarm.mail_to) || str_is_blank(conf->alarm.hook) ? "" : ", ",
		conf->alarm.hook);
	if (!alarm_configured(conf))
		check_add(app, "emergency contact", STEP_SKIPPED,
			"nobody is told when the bridge needs a person",
			"set alarm.mail_to and alarm.smtp, or alarm.hook; then try them with "
			"`opbridge check --mail`");
	else if (error)
		check_add(app, "emergency contact", STEP_WARNING, error,
			"try it again with `opbridge check --mail`");
	else
		check_add(app, "emergency contact", STEP_OK, saw, NULL);
	return false;
}

/* Before the first start there is no queue to ask: only the disk that it will be on. */
static void add_disk(struct app *app)
{
	CLEANUP(mem_free) char *dir = xstrdup(app->conf->store.database);
	char *slash = strrchr(dir, '/');
	struct statvfs disk;
	char saw[256];
	uint64_t room;

	if (slash)
		*slash = '\0';
	if (statvfs(slash == dir ? "/" : slash ? dir : ".", &disk) < 0) {
		snprintf(saw, sizeof(saw), "%.150s: %.60s", dir, strerror(errno));
		check_add(app, "disk", errno == ENOENT ? STEP_WARNING : STEP_FAILED, saw,
			"the service makes /var/lib/opbridge by itself; make any other directory "
			"for it");
		return;
	}
	room = (uint64_t)disk.f_bavail * disk.f_frsize;
	snprintf(saw, sizeof(saw), "%" PRIu64 " MiB free for %.150s", room >> 20,
		app->conf->store.database);
	if (room < STORE_RESERVE + STORE_DISK_RESERVE)
		check_add(app, "disk", STEP_FAILED, saw, "free disk space");
	else
		check_add(app, "disk", STEP_OK, saw, NULL);
}

bool rung_disk(struct app *app)
{
	struct fault f = { 0 };

	if (app->check.alone)
		add_disk(app);
	else if (store_room(app->store, &f) < 0)
		check_add(app, "disk", STEP_FAILED, f.text,
			"free disk space, or raise store.max_bytes");
	else
		check_add(app, "disk", STEP_OK, "the queue has room", NULL);
	return false;
}
