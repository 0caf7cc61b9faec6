#include "base/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"

#define INT_EXACT_MAX (INT64_C(1) << 53) /* a double holds every whole number up to here */

/* A page of 1,000 companies, each with every field, is about 300,000 tokens in 5 MB. */
const struct json_limits json_limits_reply = {
	.max_bytes = 64 << 20,
	.max_depth = 64,
	.max_tokens = 1000000,
};

static int tree(const char *text, size_t n, cJSON **ret_node, struct fault *reterr)
{
	cJSON *node;

	errno = 0;
	node = cJSON_ParseWithLength(text, n);
	if (!node && errno == ENOMEM)
		abort(); /* no fault of the text, so nobody may be told so */
	if (!node)
		return fault_set(reterr, FAULT_INPUT, "JSON: the text could not be read");
	*ret_node = node;
	return 0;
}

int json_parse(const char *text, size_t n, const struct json_limits *limits, cJSON **ret_node,
	struct fault *reterr)
{
	int r = json_scan(text, n, limits, JSON_STRICT, NULL, reterr);

	return r < 0 ? r : tree(text, n, ret_node, reterr);
}

int json_parse_reply(const char *text, size_t n, cJSON **ret_node, struct fault *reterr)
{
	CLEANUP(mem_free) char *mended = NULL;
	int r = json_scan(text, n, &json_limits_reply, JSON_REPLY, &mended, reterr);

	return r < 0 ? r : tree(mended ? mended : text, n, ret_node, reterr);
}

void json_free(cJSON *node)
{
	cJSON_Delete(node);
}

/* Questions. */

const cJSON *json_get(const cJSON *object, const char *key)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

static const char *str_of(const cJSON *node)
{
	return node && cJSON_IsString(node) ? node->valuestring : NULL;
}

static bool int_of(const cJSON *node, int64_t *ret)
{
	double v;

	if (!node || !cJSON_IsNumber(node))
		return false;
	v = node->valuedouble;
	if (!(v >= -(double)INT_EXACT_MAX && v <= (double)INT_EXACT_MAX) || (double)(int64_t)v != v)
		return false;
	*ret = (int64_t)v;
	return true;
}

const char *json_str(const cJSON *object, const char *key)
{
	return str_of(json_get(object, key));
}

bool json_bool(const cJSON *object, const char *key, bool fallback)
{
	const cJSON *node = json_get(object, key);
	const char *word = str_of(node);

	if (cJSON_IsBool(node))
		return cJSON_IsTrue(node);
	if (word && str_eq_nocase(word, "true"))
		return true;
	if (word && str_eq_nocase(word, "false"))
		return false;
	return fallback;
}

bool json_int(const cJSON *object, const char *key, int64_t *ret)
{
	return int_of(json_get(object, key), ret);
}

const cJSON *json_at(const cJSON *object, const char *path)
{
	char key[128];

	for (;;) {
		size_t n = strcspn(path, "/");

		if (n >= sizeof(key))
			return NULL;
		memcpy(key, path, n);
		key[n] = '\0';
		object = json_get(object, key);
		if (!object || path[n] == '\0')
			return object;
		path += n + 1;
	}
}

bool json_int_at(const cJSON *object, const char *path, int64_t *ret)
{
	return int_of(json_at(object, path), ret);
}

const char *json_str_at(const cJSON *object, const char *path)
{
	return str_of(json_at(object, path));
}

/* Building. */

static cJSON *made(cJSON *node)
{
	if (!node)
		abort(); /* out of memory */
	return node;
}

cJSON *json_object(void)
{
	return made(cJSON_CreateObject());
}

cJSON *json_array(void)
{
	return made(cJSON_CreateArray());
}

void json_add_node(cJSON *object, const char *key, cJSON *node)
{
	if (!cJSON_AddItemToObject(object, key, made(node)))
		abort();
}

void json_add_str(cJSON *object, const char *key, const char *value)
{
	if (value)
		json_add_node(object, key, cJSON_CreateString(value));
}

void json_add_null(cJSON *object, const char *key)
{
	json_add_node(object, key, cJSON_CreateNull());
}

void json_add_int(cJSON *object, const char *key, int64_t value)
{
	if (value >= 0)
		json_add_node(object, key, cJSON_CreateNumber((double)value));
}

void json_add_bool(cJSON *object, const char *key, bool value)
{
	json_add_node(object, key, cJSON_CreateBool(value));
}

void json_add_time(cJSON *object, const char *key, int64_t wall_ms)
{
	char buf[TIME_TEXT_MAX];

	if (wall_ms)
		json_add_str(object, key, time_text(wall_ms, buf));
	else
		json_add_null(object, key);
}

cJSON *json_add_object(cJSON *object, const char *key)
{
	cJSON *node = json_object();

	json_add_node(object, key, node);
	return node;
}

cJSON *json_add_array(cJSON *object, const char *key)
{
	cJSON *node = json_array();

	json_add_node(object, key, node);
	return node;
}

cJSON *json_copy(const cJSON *node)
{
	return made(cJSON_Duplicate(node, true));
}

void json_push(cJSON *array, cJSON *node)
{
	if (!cJSON_AddItemToArray(array, made(node)))
		abort();
}

void json_push_str(cJSON *array, const char *value)
{
	if (value)
		json_push(array, cJSON_CreateString(value));
}
