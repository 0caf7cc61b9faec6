/* CloudEvents 1.0, structured mode: https://github.com/cloudevents/spec, "JSON Event Format". */
#include "core/event_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/mem.h"
#include "base/str.h"
#include "opbridge.h"

static int digit64(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Four characters → one to three bytes. False: not base64, or bits are left over. */
static bool decode4(const char *in, bool last, struct str *out)
{
	int d[4], n = 4, i;
	unsigned int bits = 0;

	if (last && in[3] == '=')
		n = in[2] == '=' ? 2 : 3;
	for (i = 0; i < 4; i++) {
		d[i] = i < n ? digit64(in[i]) : 0;
		if (d[i] < 0)
			return false;
		bits = bits << 6 | (unsigned int)d[i];
	}
	if (bits & (n == 2 ? 0xFFFFu : n == 3 ? 0xFFu : 0))
		return false;
	for (i = 0; i < n - 1; i++)
		str_addc(out, (char)(bits >> (16 - 8 * i) & 0xFF));
	return true;
}

static bool decode64(const char *text, struct str *out)
{
	size_t i, n = strlen(text);

	if (n % 4)
		return false;
	for (i = 0; i < n; i += 4)
		if (!decode4(text + i, i + 4 == n, out))
			return false;
	return true;
}

static int decoded_data(const cJSON *node, cJSON **ret_data, struct fault *reterr)
{
	struct json_limits limits = { .max_bytes = SIZE_MAX, .max_depth = OPB_DEPTH_MAX };
	STR_AUTO(text);
	int r;

	if (!cJSON_IsString(node))
		return fault_set(reterr, FAULT_INPUT, "data_base64 must be a string, not %s",
			node_kind(node));
	if (!decode64(node->valuestring, &text))
		return fault_set(reterr, FAULT_INPUT, "data_base64 is not base64");
	limits.max_tokens = text.len < INT32_MAX ? (int)text.len : INT32_MAX;
	r = json_parse(text.at ? text.at : "", text.len, &limits, ret_data, reterr);
	if (r < 0)
		fault_wrap(reterr, "data_base64");
	return r;
}

static bool is_json_type(const char *type)
{
	size_t n = strcspn(type, ";");

	while (n && type[n - 1] == ' ')
		n--;
	return (n == 16 && strncasecmp(type, "application/json", n) == 0) ||
		(n == 9 && strncasecmp(type, "text/json", n) == 0) ||
		(n > 5 && strncasecmp(type + n - 5, "+json", 5) == 0);
}

static bool is_absent(const cJSON *node)
{
	return !node || cJSON_IsNull(node) ||
		(cJSON_IsString(node) && str_is_blank(node->valuestring));
}

static int check_envelope(const cJSON *node, struct fault *reterr)
{
	const char *version = json_str(node, "specversion");
	const cJSON *type = json_get(node, "datacontenttype");

	if (!cJSON_IsObject(node))
		return fault_set(reterr, FAULT_INPUT, "a CloudEvent must be a JSON object, not %s",
			node_kind(node));
	if (!str_eq(version, "1.0"))
		return fault_set(reterr, FAULT_INPUT,
			"specversion must be \"1.0\": this is no CloudEvent of that version");
	if (!is_absent(type) && !(cJSON_IsString(type) && is_json_type(type->valuestring)))
		return fault_set(reterr, FAULT_INPUT,
			"datacontenttype must be application/json, or be left out");
	if (!is_absent(json_get(node, "data")) && !is_absent(json_get(node, "data_base64")))
		return fault_set(reterr, FAULT_INPUT,
			"data and data_base64 are both there; send one of them");
	return 0;
}

/* The event itself; an envelope that holds none may still say all that is required. */
static int data_of(const cJSON *node, cJSON **ret_data, struct fault *reterr)
{
	const cJSON *data = json_get(node, "data"), *coded = json_get(node, "data_base64");
	CLEANUP(json_free) cJSON *event = NULL;
	int r = 0;

	if (!is_absent(coded))
		r = decoded_data(coded, &event, reterr);
	else
		event = is_absent(data) ? json_object() : json_copy(data);
	if (r < 0)
		return r;
	if (!cJSON_IsObject(event))
		return fault_set(
			reterr, FAULT_INPUT, "data must be an object, not %s", node_kind(event));
	*ret_data = TAKE(event);
	return 0;
}

/* Put a string into the object unless it has one of that name. */
static void fill(cJSON *object, const char *name, const cJSON *value)
{
	if (is_absent(value) || !is_absent(json_get(object, name)))
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(object, name);
	json_add_node(object, name, json_copy(value));
}

/* A host name has dots and nothing of a path or an address; all else is an id. */
static bool is_domain(const char *subject)
{
	return strchr(subject, '.') && !strpbrk(subject, "/@: {}");
}

static void fill_tenant(cJSON *event, const cJSON *subject)
{
	cJSON *tenant = cJSON_GetObjectItemCaseSensitive(event, "tenant");

	if (is_absent(subject) || !cJSON_IsString(subject))
		return;
	if (is_absent(tenant)) {
		cJSON_DeleteItemFromObjectCaseSensitive(event, "tenant");
		tenant = json_add_object(event, "tenant");
	}
	if (!cJSON_IsObject(tenant) || !is_absent(json_get(tenant, "id")) ||
		!is_absent(json_get(tenant, "domain")))
		return;
	fill(tenant, is_domain(subject->valuestring) ? "domain" : "id", subject);
}

int cloudevent_unwrap(const cJSON *node, cJSON **ret_node, struct fault *reterr)
{
	CLEANUP(json_free) cJSON *event = NULL;
	int r = check_envelope(node, reterr);

	if (r == 0)
		r = data_of(node, &event, reterr);
	if (r < 0)
		return r;
	fill(event, "id", json_get(node, "id"));
	fill(event, "type", json_get(node, "type"));
	fill(event, "time", json_get(node, "time"));
	fill_tenant(event, json_get(node, "subject"));
	*ret_node = TAKE(event);
	return 0;
}
