/* The emergency contact in the status, as metrics, and its test over the local API. */
#include "app/alarm.h"

#include <inttypes.h>
#include "app/app.h"
#include "app/control.h"
#include "app/view.h"
#include "base/mem.h"

static void add_way(const struct app *app, cJSON *node, enum way i, const char *to)
{
	const struct alarm_way *way = &app->alarm.ways[i];
	cJSON *sub;

	if (!way_configured(app->conf, i)) {
		json_add_null(node, way_name(i));
		return;
	}
	sub = json_add_object(node, way_name(i));
	json_add_str(sub, "to", to);
	json_add_time(sub, "sent_at", way->sent_at);
	view_add_str(sub, "error", way->error);
}

static void add_told(const struct app *app, cJSON *node, enum way i, int cause, const char *key)
{
	const struct alarm_mark *m = &app->alarm.ways[i].state.marks[cause];

	json_add_time(node, key, m->told ? m->told_at : 0);
}

static void add_active(const struct app *app, cJSON *array, int cause)
{
	const struct alarm_mark *m = &app->alarm.ways[WAY_LOG].state.marks[cause];
	CLEANUP(mem_free) char *remedy = alarm_remedy((enum cause)cause, m->pieces, LANGUAGE_EN);
	cJSON *node = json_object();

	json_add_str(node, "cause", cause_name((enum cause)cause));
	json_add_str(node, "title", alarm_title((enum cause)cause, LANGUAGE_EN));
	json_add_time(node, "since", m->since);
	json_add_str(node, "detail", app->alarm.facts[cause].detail);
	json_add_str(node, "remedy", remedy);
	add_told(app, node, WAY_MAIL, cause, "mailed_at");
	add_told(app, node, WAY_HOOK, cause, "hook_at");
	json_push(array, node);
}

cJSON *alarm_json(const struct app *app)
{
	cJSON *node = json_object(), *array;
	int i;

	json_add_bool(node, "configured", alarm_configured(app->conf));
	add_way(app, node, WAY_MAIL, app->conf->alarm.mail_to);
	add_way(app, node, WAY_HOOK, app->conf->alarm.hook);
	array = json_add_array(node, "active");
	for (i = 0; i < CAUSE_COUNT; i++)
		if (alarm_active(&app->alarm.ways[WAY_LOG].state.marks[i]))
			add_active(app, array, i);
	return node;
}

void alarm_metrics(const struct app *app, struct str *out)
{
	int i;

	str_add(out,
		"# HELP opbridge_alarm 1 while a person is needed for this cause.\n"
		"# TYPE opbridge_alarm gauge\n");
	for (i = 0; i < CAUSE_STOPPED; i++) /* who answers has not stopped */
		str_addf(out, "opbridge_alarm{cause=\"%s\"} %d\n", cause_name((enum cause)i),
			alarm_active(&app->alarm.ways[WAY_LOG].state.marks[i]));
	str_add(out,
		"# HELP opbridge_alarm_messages_total Messages to the emergency contact since the "
		"start.\n"
		"# TYPE opbridge_alarm_messages_total counter\n");
	for (i = WAY_MAIL; i < WAY_COUNT; i++)
		str_addf(out,
			"opbridge_alarm_messages_total{way=\"%s\",result=\"sent\"} %" PRId64 "\n"
			"opbridge_alarm_messages_total{way=\"%s\",result=\"failed\"} %" PRId64 "\n",
			way_name((enum way)i), app->alarm.ways[i].sent, way_name((enum way)i),
			app->alarm.ways[i].failed);
}

/* ==== the local API ==== */

static cJSON *test_answer(const struct app *app)
{
	cJSON *answer = json_object();

	json_add_node(answer, "check", alarm_test_json(app));
	return answer;
}

void control_test_alarm_get(struct app *app, struct api_req *req)
{
	api_reply(req, 200, test_answer(app));
}

void control_test_alarm_post(struct app *app, struct api_req *req)
{
	alarm_test_start(app);
	api_reply(req, 202, test_answer(app));
}
