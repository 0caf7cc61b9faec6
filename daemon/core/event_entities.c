/* The entities of an event: names and values, one plain line each, sorted by name. */
#include "core/event_parts.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"
#include "opbridge.h"

/* One value as a plain line; "" stands for nothing. gives: mem_free. */
static char *line_of(const cJSON *node)
{
	CLEANUP(mem_free) char *text = NULL;
	char *plain;

	if (!cJSON_IsNull(node) && !cJSON_IsString(node))
		text = json_text_sorted(node);
	plain = utf8_plain(cJSON_IsString(node) ? node->valuestring : text ? text : "", false);
	str_trim(plain);
	return plain;
}

/* A list's values are joined; those that say nothing are left out. */
static char *value_of(const cJSON *node)
{
	STR_AUTO(joined);
	const cJSON *item;

	if (!cJSON_IsArray(node))
		return line_of(node);
	for (item = node->child; item; item = item->next) {
		CLEANUP(mem_free) char *line = line_of(item);

		if (*line && joined.len)
			str_add(&joined, ", ");
		str_add(&joined, line);
	}
	return str_take(&joined);
}

static int check_name(const char *name, struct fault *reterr)
{
	CLEANUP(mem_free) char *shown = utf8_cut(name, 40);
	const char *c;

	if (str_is_blank(name))
		return fault_set(reterr, FAULT_INPUT, "an entity's name is empty");
	for (c = name; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7F)
			return fault_set(reterr, FAULT_INPUT,
				"the name of an entity holds a control character; send plain text");
	if (strlen(name) > OPB_ENTITY_KEY_MAX)
		return fault_set(reterr, FAULT_TOO_LARGE,
			"the entity's name \"%s\" is %zu bytes long; at most %d are taken", shown,
			strlen(name), OPB_ENTITY_KEY_MAX);
	return 0;
}

static int add_entity(const cJSON *member, struct op_event *ev, struct fault *reterr)
{
	CLEANUP(mem_free) char *value = value_of(member);
	int r = check_name(member->string, reterr);

	if (r < 0)
		return r;
	if (strlen(value) > OPB_ENTITY_VALUE_MAX)
		return fault_set(reterr, FAULT_TOO_LARGE,
			"entities.%s is %zu bytes long; at most %d are taken", member->string,
			strlen(value), OPB_ENTITY_VALUE_MAX);
	if (*value == '\0')
		return 0;
	ev->entities[ev->n_entities++] = (struct event_entity){
		.name = xstrdup(member->string),
		.value = TAKE(value),
	};
	return 0;
}

static int name_order(const void *a, const void *b)
{
	const struct event_entity *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int event_entities(const cJSON *node, struct op_event *ev, struct fault *reterr)
{
	const cJSON *member, *entities = json_get(node, "entities");
	int n = entities && cJSON_IsObject(entities) ? cJSON_GetArraySize(entities) : 0;

	if (n > OPB_ENTITIES_MAX)
		return fault_set(reterr, FAULT_TOO_LARGE,
			"entities has %d members; at most %d are taken", n, OPB_ENTITIES_MAX);
	if (n == 0)
		return 0;
	ev->entities = xcalloc((size_t)n, sizeof(*ev->entities));
	for (member = entities->child; member; member = member->next) {
		int r = add_entity(member, ev, reterr);

		if (r < 0)
			return r;
	}
	qsort(ev->entities, ev->n_entities, sizeof(*ev->entities), name_order);
	return 0;
}
