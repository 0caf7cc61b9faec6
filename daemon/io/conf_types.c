/* The event types file: types = ( { name = "…"; aliases = ( … ); fields = ( … ); name_fr = "…"; },
 * … ); */
#include "io/conf_parts.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"
#include "opbridge.h"

/* A text of 1..max bytes that can be printed; says why not. */
static const char *take_text(
	struct conf_report *r, const struct conf_node *node, const char *what, size_t max)
{
	const char *c;

	if (node->kind != NODE_TEXT) {
		conf_say(r, node->line, "%s must be a text in quotes; what stands there is %s",
			what, node_kind_name(node->kind));
		return NULL;
	}
	for (c = node->text; *c && (unsigned char)*c >= 0x20 && *c != 0x7F; c++)
		;
	if (*c || str_is_blank(node->text) || !utf8_valid(node->text, strlen(node->text)) ||
		strlen(node->text) > max) {
		conf_say(
			r, node->line, "%s must be 1 to %zu bytes of UTF-8 on one line", what, max);
		return NULL;
	}
	return node->text;
}

static bool holds(char *const *names, const char *name)
{
	for (; *names; names++)
		if (str_eq_nocase(*names, name))
			return true;
	return false;
}

/* names has room for TYPE_FIELDS_MAX and the ending NULL. */
static void take_names(struct conf_report *r, const struct conf_node *node, const char *what,
	size_t max, char **names)
{
	size_t i, n = 0;

	if (node->kind != NODE_LIST) {
		conf_say(r, node->line, "%s must be a list of texts ( \"…\", \"…\" )", what);
		return;
	}
	if (node->n > TYPE_FIELDS_MAX) {
		conf_say(r, node->line, "%s has %zu entries, at most %d are allowed", what, node->n,
			TYPE_FIELDS_MAX);
		return;
	}
	for (i = 0; i < node->n; i++) {
		const char *name = take_text(r, &node->kids[i], what, max);

		if (name && holds(names, name))
			conf_say(r, node->kids[i].line, "%s names \"%s\" twice", what, name);
		else if (name)
			names[n++] = xstrdup(name);
	}
}

static void take_member(
	struct conf_report *r, const struct conf_node *node, struct event_type *type)
{
	if (str_eq(node->name, "name"))
		type->name = xstrdup(take_text(r, node, "name", OPB_NAME_MAX));
	else if (str_eq(node->name, "name_fr"))
		type->name_fr = xstrdup(take_text(r, node, "name_fr", OPB_NAME_MAX));
	else if (str_eq(node->name, "aliases"))
		take_names(r, node, "aliases", OPB_NAME_MAX, type->aliases);
	else if (str_eq(node->name, "fields"))
		take_names(r, node, "fields", OPB_ENTITY_KEY_MAX, type->fields);
	else
		conf_say(r, node->line,
			"%s is not a member of an event type: name, aliases, fields, name_fr are",
			node->name);
}

static void take_type(struct conf_report *r, const struct conf_node *node, struct event_type *type)
{
	size_t i;

	if (node->kind != NODE_GROUP) {
		conf_say(r, node->line,
			"an event type is a group { name = …; fields = …; }; what "
			"stands there is %s",
			node_kind_name(node->kind));
		return;
	}
	for (i = 0; i < node->n; i++)
		take_member(r, &node->kids[i], type);
	if (!conf_node_get(node, "name"))
		conf_say(r, node->line, "this event type has no name");
	if (!conf_node_get(node, "fields"))
		conf_say(r, node->line,
			"this event type has no fields: name the entities that "
			"make two events the same incident");
	else if (conf_node_get(node, "fields")->kind == NODE_LIST &&
		conf_node_get(node, "fields")->n == 0)
		conf_say(r, node->line, "fields is empty: name at least one entity");
}

static bool claims(const struct event_type *type, const char *name)
{
	return str_eq_nocase(type->name, name) || holds(type->aliases, name);
}

/* A name or alias that an earlier type (or the type itself) has already. */
static void check_claims(struct conf_report *r, const struct type_table *table, size_t at, int line)
{
	const struct event_type *type = &table->types[at];
	size_t i, k;

	if (type->name && holds(type->aliases, type->name))
		conf_say(r, line, "\"%s\" is an alias of itself", type->name);
	for (i = 0; i < at; i++) {
		if (type->name && claims(&table->types[i], type->name))
			conf_say(r, line, "\"%s\" is named a second time", type->name);
		for (k = 0; type->aliases[k]; k++)
			if (claims(&table->types[i], type->aliases[k]))
				conf_say(r, line, "the alias \"%s\" is named a second time",
					type->aliases[k]);
	}
}

static void take_table(
	struct conf_report *r, const struct conf_node *list, struct type_table *table)
{
	size_t i;

	if (list->n == 0)
		return;
	table->types = xcalloc(list->n, sizeof(*table->types));
	table->n = list->n;
	for (i = 0; i < list->n; i++) {
		take_type(r, &list->kids[i], &table->types[i]);
		check_claims(r, table, i, list->kids[i].line);
	}
}

static void read_types(struct conf_report *r, struct type_table *table)
{
	CLEANUP(conf_node_free) struct conf_node *root = NULL;
	const struct conf_node *list;
	size_t i;

	if (!conf_tree_read(r->file, r, &root))
		return;
	for (i = 0; i < root->n; i++)
		if (!str_eq(root->kids[i].name, "types"))
			conf_say(r, root->kids[i].line,
				"%s is not known here: only types = ( … ); is", root->kids[i].name);
	list = conf_node_get(root, "types");
	if (!list)
		conf_say(r, 0, "holds no types = ( … );");
	else if (list->kind != NODE_LIST)
		conf_say(r, list->line, "types must be a list ( { … }, { … } )");
	else
		take_table(r, list, table);
}

void conf_types(struct conf_reading *r)
{
	struct conf_report report;

	if (!conf_key_good(r, "types_file"))
		return;
	conf_report_init(&report, r->conf->types_file, r->report->faults);
	read_types(&report, &r->conf->types);
	conf_report_clear(&report);
}
