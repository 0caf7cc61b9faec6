#include "core/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/str.h"

#define LABEL_VALUE_MAX 100 /* UTF-16 units of one value */
#define LABEL_MAX 500 /* of the whole label */

static char *trimmed(const char *text)
{
	char *copy = xstrdup(text ? text : "");

	str_trim(copy);
	return copy;
}

static bool is_named(const struct event_type *type, const char *name)
{
	size_t i;

	if (str_eq_nocase(type->name, name))
		return true;
	for (i = 0; i < TYPE_FIELDS_MAX && type->aliases[i]; i++)
		if (str_eq_nocase(type->aliases[i], name))
			return true;
	return false;
}

const struct event_type *type_find(const struct type_table *types, const char *name)
{
	CLEANUP(mem_free) char *wanted = trimmed(name);
	size_t i;

	for (i = 0; i < types->n; i++)
		if (is_named(&types->types[i], wanted))
			return &types->types[i];
	return NULL;
}

/* The encoding that is hashed: each text behind its length, so that no two lists of texts are one.
 * Changing it makes new incidents of all open ones. */

static void put(struct str *out, const char *text)
{
	str_addf(out, "%zu:%s,", strlen(text), text);
}

/* As it is compared: trimmed, ASCII letters in lower case. */
static void put_folded(struct str *out, const char *text)
{
	CLEANUP(mem_free) char *copy = trimmed(text);

	str_lower_ascii(copy);
	put(out, copy);
}

static void label_add(struct str *label, const char *name, const char *value)
{
	CLEANUP(mem_free) char *copy = trimmed(value);
	CLEANUP(mem_free) char *cut = utf8_cut(copy, LABEL_VALUE_MAX);
	CLEANUP(mem_free) char *shown = xstrdup(name);
	char *c;

	if (*copy == '\0')
		return;
	for (c = shown; *c; c++)
		if (*c == '_')
			*c = ' ';
	str_addf(label, "%s%s: %s", label->len ? ", " : "", shown, cut);
}

/* The fields that the type lists. False, and nothing is written, if the event has none of them. */
static bool by_fields(const struct op_event *ev, const struct event_type *type, struct str *out,
	struct str *label)
{
	size_t i;
	bool any = false;

	for (i = 0; type && i < TYPE_FIELDS_MAX && type->fields[i]; i++)
		any |= !str_is_blank(op_event_entity(ev, type->fields[i]));
	if (!any)
		return false;
	put(out, "fields");
	for (i = 0; i < TYPE_FIELDS_MAX && type->fields[i]; i++) {
		const char *value = op_event_entity(ev, type->fields[i]);

		put(out, type->fields[i]);
		put_folded(out, value);
		label_add(label, type->fields[i], value);
	}
	return true;
}

static bool by_entities(const struct op_event *ev, struct str *out, struct str *label)
{
	size_t i, start = out->len;
	bool any = false;

	put(out, "entities");
	for (i = 0; i < ev->n_entities; i++) {
		if (str_is_blank(ev->entities[i].value))
			continue;
		any = true;
		put(out, ev->entities[i].name);
		put_folded(out, ev->entities[i].value);
		label_add(label, ev->entities[i].name, ev->entities[i].value);
	}
	if (!any)
		out->at[out->len = start] = '\0';
	return any;
}

void identity_of(const struct op_event *ev, const char *tenant_key, const struct type_table *types,
	struct identity *ret)
{
	const struct event_type *type = type_find(types, ev->type);
	char hex[DIGEST_HEX_MAX];
	STR_AUTO(out);
	STR_AUTO(label);

	put(&out, tenant_key);
	put_folded(&out, type ? type->name : ev->type);
	if (!by_fields(ev, type, &out, &label) && !by_entities(ev, &out, &label)) {
		put(&out, "event");
		put(&out, ev->id);
		label_add(&label, "event", ev->id);
	}
	digest_hex(out.at, out.len, hex);
	memcpy(ret->hash, hex, IDENTITY_HEX);
	ret->hash[IDENTITY_HEX] = '\0';
	ret->label = utf8_cut(label.at ? label.at : "", LABEL_MAX);
}

void identity_clear(struct identity *identity)
{
	mem_free(identity->label);
	*identity = (struct identity){ 0 };
}

void type_table_clear(struct type_table *types)
{
	size_t i, k;

	for (i = 0; i < types->n; i++) {
		struct event_type *type = &types->types[i];

		mem_free(type->name);
		mem_free(type->name_fr);
		for (k = 0; k < ARRAY_LEN(type->aliases); k++)
			mem_free(type->aliases[k]);
		for (k = 0; k < ARRAY_LEN(type->fields); k++)
			mem_free(type->fields[k]);
	}
	mem_free(types->types);
	*types = (struct type_table){ 0 };
}

void marker_text(const char *hash, int generation, char ret[MARKER_MAX + 1])
{
	snprintf(ret, MARKER_MAX + 1, "opbridge:%.*s:%d", IDENTITY_HEX, hash, generation);
}
