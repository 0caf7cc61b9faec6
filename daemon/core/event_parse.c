/* One event from a JSON value: its shape, its state and time, and what is unknown in it. */
#include "core/event_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "opbridge.h"

#define HOUR_MS INT64_C(3600000)
#define PAST_MIN_MS INT64_C(946684800000) /* 2000-01-01T00:00:00Z */
_Static_assert(OPB_PAST_YEAR_MIN == 2000, "PAST_MIN_MS is that year's beginning");

const char *node_kind(const cJSON *node)
{
	if (cJSON_IsString(node))
		return "a string";
	if (cJSON_IsNumber(node))
		return "a number";
	if (cJSON_IsBool(node))
		return "true or false";
	if (cJSON_IsObject(node))
		return "an object";
	if (cJSON_IsArray(node))
		return "a list";
	return "null";
}

static int depth_of(const cJSON *node)
{
	const cJSON *child;
	int deepest = 0;

	if (!cJSON_IsObject(node) && !cJSON_IsArray(node))
		return 0;
	cJSON_ArrayForEach(child, node)
	{
		int depth = depth_of(child);

		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + 1;
}

static int check_shape(const cJSON *node, struct fault *reterr)
{
	static const char *const objects[] = { "tenant", "entities", "links" };
	size_t i;

	if (!cJSON_IsObject(node))
		return fault_set(reterr, FAULT_INPUT, "an event must be a JSON object, not %s",
			node_kind(node));
	if (depth_of(node) > OPB_DEPTH_MAX)
		return fault_set(reterr, FAULT_TOO_LARGE,
			"the event's objects and lists are nested %d deep; at most %d are taken",
			depth_of(node), OPB_DEPTH_MAX);
	for (i = 0; i < ARRAY_LEN(objects); i++) {
		const cJSON *member = json_get(node, objects[i]);

		if (member && !cJSON_IsObject(member) && !cJSON_IsNull(member))
			return fault_set(reterr, FAULT_INPUT, "%s must be an object, not %s",
				objects[i], node_kind(member));
	}
	return 0;
}

/* *ret_word: trimmed, or NULL if absent, null or blank. gives: mem_free. */
static int word_of(const cJSON *node, const char *name, char **ret_word, struct fault *reterr)
{
	const cJSON *member = json_get(node, name);

	*ret_word = NULL;
	if (!member || cJSON_IsNull(member))
		return 0;
	if (!cJSON_IsString(member))
		return fault_set(reterr, FAULT_INPUT, "%s must be a string, not %s", name,
			node_kind(member));
	if (str_is_blank(member->valuestring))
		return 0;
	*ret_word = utf8_plain(member->valuestring, false);
	str_trim(*ret_word);
	return 0;
}

static int read_state(const cJSON *node, struct op_event *ev, struct fault *reterr)
{
	CLEANUP(mem_free) char *word = NULL;
	CLEANUP(mem_free) char *shown = NULL;
	int r = word_of(node, "state", &word, reterr);

	if (r < 0 || !word)
		return r;
	if (event_state_parse(word, &ev->state))
		return 0;
	shown = utf8_cut(word, 40);
	return fault_set(reterr, FAULT_INPUT,
		"state \"%s\" is unknown; it must be raised, updated, resolved or ignored", shown);
}

static int read_time(const cJSON *node, int64_t now, struct op_event *ev, struct fault *reterr)
{
	CLEANUP(mem_free) char *word = NULL;
	CLEANUP(mem_free) char *shown = NULL;
	char now_text[TIME_TEXT_MAX];
	int64_t at;
	int r = word_of(node, "time", &word, reterr);

	if (r < 0 || !word)
		return r;
	shown = utf8_cut(word, 40);
	if (!time_parse(word, &at))
		return fault_set(reterr, FAULT_INPUT,
			"time \"%s\" is not a date of RFC 3339 with a zone, such as "
			"2026-11-24T05:04:03Z",
			shown);
	if (at < PAST_MIN_MS)
		return fault_set(reterr, FAULT_INPUT, "time %s is before the year %d", shown,
			OPB_PAST_YEAR_MIN);
	if (at > now + OPB_FUTURE_MAX_HOURS * HOUR_MS)
		return fault_set(reterr, FAULT_INPUT,
			"time %s is more than %d hours ahead of this machine's clock (%s)", shown,
			OPB_FUTURE_MAX_HOURS, time_text_s(now, now_text));
	ev->time_at = at;
	return 0;
}

/* What is unknown is kept. */

static bool known(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (str_eq(name, *names))
			return true;
	return false;
}

static void keep_unknown(cJSON *to, const cJSON *from, const char *const *names)
{
	const cJSON *member;

	cJSON_ArrayForEach(member, from) if (!known(member->string, names))
		json_add_node(to, member->string, json_copy(member));
}

static void keep_unknown_in(
	cJSON *extra, const cJSON *node, const char *name, const char *const *names)
{
	cJSON *inner = json_object();

	keep_unknown(inner, json_get(node, name), names);
	if (inner->child)
		json_add_node(extra, name, inner);
	else
		json_free(inner);
}

static void read_extra(const cJSON *node, struct op_event *ev)
{
	static const char *const names[] = { "id", "tenant", "type", "state", "time", "title",
		"description", "severity", "entities", "links", NULL };
	static const char *const tenant_names[] = { "id", "domain", "name", NULL };
	static const char *const link_names[] = { "view", "ignore", NULL };
	CLEANUP(json_free) cJSON *extra = json_object();

	keep_unknown(extra, node, names);
	keep_unknown_in(extra, node, "tenant", tenant_names);
	keep_unknown_in(extra, node, "links", link_names);
	if (extra->child)
		ev->extra = json_text_sorted(extra);
}

int op_event_parse(
	const cJSON *node, int64_t now_wall_ms, struct op_event **ret, struct fault *reterr)
{
	CLEANUP(op_event_free) struct op_event *ev = xcalloc(1, sizeof(*ev));
	int r = check_shape(node, reterr);

	if (r == 0)
		r = event_fields(node, ev, reterr);
	if (r == 0)
		r = read_state(node, ev, reterr);
	if (r == 0)
		r = read_time(node, now_wall_ms, ev, reterr);
	if (r == 0)
		r = event_entities(node, ev, reterr);
	if (r < 0)
		return r;
	read_extra(node, ev);
	*ret = TAKE(ev);
	return 0;
}

int op_event_parse_text(const char *text, size_t n, size_t max_bytes, int64_t now_wall_ms,
	struct op_event **ret, struct fault *reterr)
{
	/* A token takes a byte at least, so the bytes bound them. */
	const struct json_limits limits = { .max_bytes = max_bytes,
		.max_depth = OPB_DEPTH_MAX,
		.max_tokens = n < INT32_MAX ? (int)n : INT32_MAX };
	CLEANUP(json_free) cJSON *node = NULL;
	int r = json_parse(text, n, &limits, &node, reterr);

	return r < 0 ? r : op_event_parse(node, now_wall_ms, ret, reterr);
}
