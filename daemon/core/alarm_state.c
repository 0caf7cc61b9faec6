/* What was told, as a line of JSON that survives a restart. What is only watched (how long it has
 * been over) begins anew. */
#include "core/alarm.h"

#include <string.h>
#include "base/json.h"
#include "base/mem.h"

static void add_time(cJSON *node, const char *key, int64_t at)
{
	if (at > 0)
		json_add_int(node, key, at);
}

static void add_mark(cJSON *all, enum cause cause, const struct alarm_mark *m)
{
	cJSON *node;

	if (!m->bad_at && !m->raised_at)
		return;
	node = json_add_object(all, cause_name(cause));
	if (!m->raised_at) /* of a raised one it may change with every event */
		add_time(node, "bad_at", m->bad_at);
	add_time(node, "since", m->since);
	add_time(node, "raised_at", m->raised_at);
	if (!alarm_active(m))
		return;
	json_add_bool(node, "told", m->told);
	add_time(node, "told_at", m->told_at);
	add_time(node, "pieces", (int64_t)m->pieces);
	add_time(node, "told_pieces", (int64_t)m->told_pieces);
	add_time(node, "told_n", m->told_n);
}

char *alarm_state_text(const struct alarm_state *s)
{
	CLEANUP(json_free) cJSON *node = json_object();
	cJSON *sent;
	int i;

	for (i = 0; i < CAUSE_COUNT; i++)
		add_mark(node, (enum cause)i, &s->marks[i]);
	sent = json_add_array(node, "sent");
	for (i = 0; i < ALARM_PER_HOUR_MAX; i++)
		if (s->sent[i])
			json_push(sent, cJSON_CreateNumber((double)s->sent[i]));
	return json_text(node);
}

static int64_t time_of(const cJSON *node, const char *key)
{
	int64_t at = 0;

	return json_int(node, key, &at) && at > 0 ? at : 0;
}

static void read_mark(const cJSON *node, struct alarm_mark *m)
{
	m->bad_at = time_of(node, "bad_at");
	m->since = time_of(node, "since");
	m->raised_at = time_of(node, "raised_at");
	if (!m->raised_at || !json_get(node, "told"))
		return;
	m->told = json_bool(node, "told", false);
	m->owed = !m->told;
	m->told_at = time_of(node, "told_at");
	m->pieces = (uint64_t)time_of(node, "pieces");
	m->told_pieces = (uint64_t)time_of(node, "told_pieces");
	m->told_n = time_of(node, "told_n");
}

static void read_sent(const cJSON *array, int64_t sent[ALARM_PER_HOUR_MAX])
{
	const cJSON *at;
	int n = 0;

	cJSON_ArrayForEach(at, array) if (cJSON_IsNumber(at) && n < ALARM_PER_HOUR_MAX &&
		at->valuedouble > 0 && at->valuedouble < 9e15) sent[n++] = (int64_t)at->valuedouble;
}

void alarm_state_read(const char *text, struct alarm_state *ret)
{
	CLEANUP(json_free) cJSON *node = NULL;
	struct fault f = { 0 };
	int i;

	*ret = (struct alarm_state){ 0 };
	if (!text || json_parse_reply(text, strlen(text), &node, &f) < 0)
		return;
	for (i = 0; i < CAUSE_COUNT; i++)
		read_mark(json_get(node, cause_name((enum cause)i)), &ret->marks[i]);
	read_sent(json_get(node, "sent"), ret->sent);
}
