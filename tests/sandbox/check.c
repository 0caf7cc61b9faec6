/*
 * check.c - checking JSON bodies against the table of a kind.
 */
#include "check.h"
#include "call.h"
#include "text.h"

#include <string.h>
#include <strings.h>

static bool json_content(const struct call *c)
{
	const char *type = call_header(c, "Content-Type");
	size_t n = type ? strcspn(type, "; ") : 0;

	return type && text_same_nocase(type, n, "application/json");
}

cJSON *check_body(struct call *c, const struct kind *kind, bool array)
{
	cJSON *body;

	if (!json_content(c)) {
		refuse(c, 415, "ConnectWiseApi",
			"The request entity's media type is not supported for this resource.");
		return NULL;
	}
	body = text_utf8_valid(c->body, c->body_len)
		? cJSON_ParseWithLengthOpts(c->body, c->body_len + 1, NULL, true)
		: NULL;
	if (body && (array ? cJSON_IsArray(body) : cJSON_IsObject(body)))
		return body;
	cJSON_Delete(body);
	refuse(c, 400, "InvalidObject", "%s object is invalid", kind->resource);
	return NULL;
}

/* cJSON keeps valueint within the range of int, so what lies outside differs. */
static bool is_int(const cJSON *v)
{
	return cJSON_IsNumber(v) && v->valuedouble == v->valueint;
}

static bool wrong_type(struct call *c, const struct kind *kind, const char *name)
{
	refuse_field(c, kind->resource, "InvalidField", name,
		"Error converting value to the type of %s.", name);
	return false;
}

/* {"id":…} and friends */
static bool check_reference(
	struct call *c, const struct kind *kind, const struct field *f, const cJSON *value)
{
	const cJSON *item;
	enum field_type type;

	if (!cJSON_IsObject(value))
		return wrong_type(c, kind, f->name);
	cJSON_ArrayForEach(item, value)
	{
		if (strcmp(item->string, "_info") == 0 && cJSON_IsObject(item))
			continue;
		if (!field_sub_type(f, item->string, &type)) {
			refuse(c, 400, "InvalidObject",
				"Could not find member '%s' on object of type '%sReference'.",
				item->string, f->name);
			return false;
		}
		if (!cJSON_IsNull(item) &&
			!(type == FIELD_INT ? is_int(item) : cJSON_IsString(item)))
			return wrong_type(c, kind, f->name);
	}
	return true;
}

static bool check_string(
	struct call *c, const struct kind *kind, const struct field *f, const cJSON *value)
{
	if (!cJSON_IsString(value))
		return wrong_type(c, kind, f->name);
	if (f->max && text_utf16_units(value->valuestring) > f->max) {
		refuse_field(c, kind->resource, "MaxLengthField", f->name,
			"The field %s must be a string with a maximum length of %zu.", f->name,
			f->max);
		return false;
	}
	return true;
}

bool check_value(struct call *c, const struct kind *kind, const struct field *f, const cJSON *value)
{
	int64_t at;
	bool good = true;

	if (cJSON_IsNull(value))
		return true;
	switch (f->type) {
	case FIELD_INT:
		good = is_int(value);
		break;
	case FIELD_NUMBER:
		good = cJSON_IsNumber(value);
		break;
	case FIELD_BOOL:
		good = cJSON_IsBool(value);
		break;
	case FIELD_LIST:
		good = cJSON_IsArray(value);
		break;
	case FIELD_DATE:
		good = cJSON_IsString(value) &&
			time_parse(value->valuestring, strlen(value->valuestring), &at);
		break;
	case FIELD_ENUM:
		good = cJSON_IsString(value) &&
			field_word_in(f->sub, value->valuestring, strlen(value->valuestring));
		break;
	case FIELD_STRING:
		return check_string(c, kind, f, value);
	case FIELD_REF:
		return check_reference(c, kind, f, value);
	}
	return good || wrong_type(c, kind, f->name);
}

bool check_object(struct call *c, const struct kind *kind, const cJSON *object)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, object)
	{
		const struct field *f =
			field_find(kind->fields, item->string, strlen(item->string));

		if (strcmp(item->string, "_info") == 0)
			continue;
		if (!f || (f->flags & FIELD_IN_INFO)) {
			refuse(c, 400, "InvalidObject",
				"Could not find member '%s' on object of type '%s'.", item->string,
				kind->type);
			return false;
		}
		if (cJSON_GetObjectItemCaseSensitive(object, item->string) != item) {
			refuse(c, 400, "InvalidObject", "The member '%s' is given twice.",
				item->string);
			return false;
		}
		if (!check_value(c, kind, f, item))
			return false;
	}
	return true;
}

bool check_required(struct call *c, const struct kind *kind, const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

	if (text && text[strspn(text, " \t\r\n")])
		return true;
	refuse_field(
		c, kind->resource, "MissingRequiredField", name, "The %s field is required.", name);
	return false;
}
