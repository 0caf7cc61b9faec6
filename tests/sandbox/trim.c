/*
 * trim.c - cutting replies down to `fields=`.
 */
#include "trim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool known(const struct field *table, const char *name, size_t len)
{
	const char *slash = memchr(name, '/', len);
	size_t base = slash ? (size_t)(slash - name) : len;
	const struct field *f;

	if (base == 5 && memcmp(name, "_info", 5) == 0)
		return true;
	f = field_find(table, name, base);
	if (!f || (f->flags & (FIELD_POST_ONLY | FIELD_IN_INFO)))
		return false;
	if (!slash)
		return true;
	return (f->type == FIELD_REF || f->type == FIELD_LIST) &&
		(field_word_in(f->sub, slash + 1, len - base - 1) ||
			(len - base - 1 == 5 && memcmp(slash + 1, "_info", 5) == 0));
}

bool trim_check(const struct field *table, const char *fields, char *bad, size_t bad_size)
{
	while (*fields) {
		size_t n = strcspn(fields, ",");

		if (!known(table, fields, n)) {
			snprintf(bad, bad_size, "%.*s", (int)n, fields);
			return false;
		}
		fields += n;
		fields += *fields == ',';
	}
	return true;
}

static void copy_sub(const cJSON *from, cJSON *to, const char *sub)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, sub);

	if (item && !cJSON_GetObjectItemCaseSensitive(to, sub))
		cJSON_AddItemToObject(to, sub, cJSON_Duplicate(item, true));
}

/* name/sub of a reference or of each element of a list */
static void copy_part(const cJSON *from, cJSON *to, const char *name, const char *sub)
{
	const cJSON *have = cJSON_GetObjectItemCaseSensitive(from, name), *item;
	cJSON *part = cJSON_GetObjectItemCaseSensitive(to, name);
	int i = 0;

	if (!have || cJSON_IsNull(have))
		return;
	if (!part)
		part = cJSON_IsArray(have) ? cJSON_AddArrayToObject(to, name)
					   : cJSON_AddObjectToObject(to, name);
	if (!cJSON_IsArray(have)) {
		copy_sub(have, part, sub);
		return;
	}
	cJSON_ArrayForEach(item, have)
	{
		if (!cJSON_GetArrayItem(part, i))
			cJSON_AddItemToArray(part, cJSON_CreateObject());
		copy_sub(item, cJSON_GetArrayItem(part, i++), sub);
	}
}

cJSON *trim(cJSON *object, const char *fields)
{
	cJSON *out = cJSON_CreateObject();

	while (*fields) {
		size_t n = strcspn(fields, ",");
		char *name = strndup(fields, n);
		char *slash;

		if (!name)
			abort();
		slash = strchr(name, '/');
		if (slash) {
			*slash = '\0';
			copy_part(object, out, name, slash + 1);
		} else {
			copy_sub(object, out, name);
		}
		free(name);
		fields += n;
		fields += *fields == ',';
	}
	cJSON_Delete(object);
	return out;
}
