/*
 * field.c - looking up members and their values.
 */
#include "field.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct field *field_find(const struct field *table, const char *name, size_t len)
{
	for (const struct field *f = table; f->name; f++)
		if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
			return f;
	return NULL;
}

bool field_word_in(const char *list, const char *word, size_t len)
{
	while (list && *list) {
		size_t n = strcspn(list, ",");

		if (n == len && memcmp(list, word, n) == 0)
			return true;
		list += n;
		list += *list == ',';
	}
	return false;
}

bool field_sub_type(const struct field *f, const char *sub, enum field_type *ret_type)
{
	if (f->type != FIELD_REF || !field_word_in(f->sub, sub, strlen(sub)))
		return false;
	*ret_type = strcmp(sub, "id") == 0 || strcmp(sub, "sort") == 0 ? FIELD_INT : FIELD_STRING;
	return true;
}

void field_value(const cJSON *object, const struct field *f, const char *sub, struct value *ret)
{
	const cJSON *item;

	*ret = (struct value){ .type = VALUE_NULL };
	if (f->flags & FIELD_IN_INFO)
		object = cJSON_GetObjectItemCaseSensitive(object, "_info");
	item = cJSON_GetObjectItemCaseSensitive(object, f->name);
	if (sub)
		item = cJSON_GetObjectItemCaseSensitive(item, sub);
	if (cJSON_IsNumber(item)) {
		ret->type = VALUE_NUMBER;
		ret->number = item->valuedouble;
	} else if (cJSON_IsString(item)) {
		ret->type = VALUE_STRING;
		ret->text = item->valuestring;
		if (f->type == FIELD_DATE && time_parse(ret->text, strlen(ret->text), &ret->date))
			ret->type = VALUE_DATE;
	} else if (cJSON_IsBool(item) || (f->type == FIELD_BOOL && !item)) {
		ret->type = VALUE_BOOL;
		ret->yes = cJSON_IsTrue(item);
	}
}

int value_compare(const struct value *a, const struct value *b)
{
	int c = 0;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	switch (a->type) {
	case VALUE_NULL:
		return 0;
	case VALUE_NUMBER:
		return (a->number > b->number) - (a->number < b->number);
	case VALUE_STRING:
		c = strcasecmp(a->text, b->text);
		return (c > 0) - (c < 0);
	case VALUE_BOOL:
		return (int)a->yes - (int)b->yes;
	case VALUE_DATE:
		return (a->date > b->date) - (a->date < b->date);
	}
	abort();
}
