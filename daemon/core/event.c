#include "core/event.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"

static const char *const states[] = {
	[EVENT_RAISED] = "raised",
	[EVENT_UPDATED] = "updated",
	[EVENT_RESOLVED] = "resolved",
	[EVENT_IGNORED] = "ignored",
};

const char *event_state_name(enum event_state state)
{
	assert((size_t)state < ARRAY_LEN(states));
	return states[state];
}

bool event_state_parse(const char *word, enum event_state *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(states); i++)
		if (word && str_eq_nocase(word, states[i])) {
			*ret = (enum event_state)i;
			return true;
		}
	return false;
}

void op_event_free(struct op_event *ev)
{
	size_t i;

	if (!ev)
		return;
	mem_free(ev->id);
	mem_free(ev->tenant_id);
	mem_free(ev->tenant_domain);
	mem_free(ev->tenant_name);
	mem_free(ev->type);
	mem_free(ev->title);
	mem_free(ev->description);
	mem_free(ev->severity);
	mem_free(ev->link_view);
	mem_free(ev->link_ignore);
	for (i = 0; i < ev->n_entities; i++) {
		mem_free(ev->entities[i].name);
		mem_free(ev->entities[i].value);
	}
	mem_free(ev->entities);
	mem_free(ev->extra);
	mem_free(ev);
}

const char *op_event_entity(const struct op_event *ev, const char *name)
{
	size_t i;

	for (i = 0; i < ev->n_entities; i++)
		if (str_eq(ev->entities[i].name, name))
			return ev->entities[i].value;
	return NULL;
}

/* Writing: the known members in the order of the API's page, then the unknown ones by name. Those
 * of `tenant` and `links` go back into their objects. */

static void add_unknown(cJSON *to, const cJSON *unknown, bool outermost)
{
	const cJSON *member;

	cJSON_ArrayForEach(member, unknown)
	{
		if (outermost &&
			(str_eq(member->string, "tenant") || str_eq(member->string, "links")))
			continue;
		json_add_node(to, member->string, json_copy(member));
	}
}

static void add_tenant(cJSON *root, const struct op_event *ev, const cJSON *extra)
{
	cJSON *tenant = json_add_object(root, "tenant");

	json_add_str(tenant, "id", ev->tenant_id);
	json_add_str(tenant, "domain", ev->tenant_domain);
	json_add_str(tenant, "name", ev->tenant_name);
	add_unknown(tenant, json_get(extra, "tenant"), false);
}

static void add_entities(cJSON *root, const struct op_event *ev)
{
	cJSON *entities;
	size_t i;

	if (!ev->n_entities)
		return;
	entities = json_add_object(root, "entities");
	for (i = 0; i < ev->n_entities; i++)
		json_add_str(entities, ev->entities[i].name, ev->entities[i].value);
}

static void add_links(cJSON *root, const struct op_event *ev, const cJSON *extra)
{
	const cJSON *unknown = json_get(extra, "links");
	cJSON *links;

	if (!ev->link_view && !ev->link_ignore && !unknown)
		return;
	links = json_add_object(root, "links");
	json_add_str(links, "view", ev->link_view);
	json_add_str(links, "ignore", ev->link_ignore);
	add_unknown(links, unknown, false);
}

/* What op_event_parse wrote, so it reads back; NULL if there is none. gives: json_free. */
static cJSON *extra_of(const struct op_event *ev)
{
	static const struct json_limits limits = {
		.max_bytes = SIZE_MAX, .max_depth = JSON_DEPTH_LIMIT, .max_tokens = INT32_MAX
	};
	cJSON *extra = NULL;

	if (ev->extra && json_parse(ev->extra, strlen(ev->extra), &limits, &extra, NULL) < 0)
		abort();
	return extra;
}

char *op_event_text(const struct op_event *ev)
{
	CLEANUP(json_free) cJSON *extra = extra_of(ev);
	CLEANUP(json_free) cJSON *root = json_object();

	json_add_str(root, "id", ev->id);
	add_tenant(root, ev, extra);
	json_add_str(root, "type", ev->type);
	json_add_str(root, "state", event_state_name(ev->state));
	if (ev->time_at)
		json_add_time(root, "time", ev->time_at);
	json_add_str(root, "title", ev->title);
	json_add_str(root, "description", ev->description);
	json_add_str(root, "severity", ev->severity);
	add_entities(root, ev);
	add_links(root, ev, extra);
	add_unknown(root, extra, true);
	return json_text(root);
}
