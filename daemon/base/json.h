/* Strict JSON on top of cJSON, which is no validator: a scan of our own runs first and refuses
 * what cJSON lets through (invalid UTF-8, NUL and \u0000, duplicate keys, deep nesting, trailing
 * text, numbers that a double cannot hold, lone surrogates, raw control characters, a BOM).
 * The only file that includes cJSON's header. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cjson/cJSON.h>
#include "base/fault.h"
#include "base/json_scan.h"
#include "base/tidy.h"

/* For replies of ConnectWise: generous depth. What must not cost a whole page is let through:
 * \u0000 becomes a space and half a surrogate pair U+FFFD, of duplicate keys the first wins, whole
 * numbers over 2^53 are rounded (json_int refuses those). */
extern const struct json_limits json_limits_reply;

/* Parse exactly one JSON text of n bytes. gives: *ret_node, free with json_free.
 * -FAULT_INPUT with a sentence that names what and at which byte; -FAULT_TOO_LARGE over max_bytes.
 * json_limits (json_scan.h): max_bytes, max_depth, max_tokens. */
int json_parse(const char *text, size_t n, const struct json_limits *limits, cJSON **ret_node,
	struct fault *reterr) MUST_CHECK;
int json_parse_reply(const char *text, size_t n, cJSON **ret_node, struct fault *reterr) MUST_CHECK;

void json_free(cJSON *node);
DEFINE_CLEANUP(json_free, cJSON *);

/* Questions: exact key case; NULL, false or the fallback if absent or of another type. */
const cJSON *json_get(const cJSON *object, const char *key);
const char *json_str(const cJSON *object, const char *key); /* lends: until node dies */
bool json_bool(
	const cJSON *object, const char *key, bool fallback); /* true/false, "True"/"False" */
bool json_int(const cJSON *object, const char *key, int64_t *ret); /* whole, |v| <= 2^53 */
/* "status/id": walk references. */
const cJSON *json_at(const cJSON *object, const char *path);
bool json_int_at(const cJSON *object, const char *path, int64_t *ret);
const char *json_str_at(const cJSON *object, const char *path);

/* Building: out of memory aborts; NULL strings and negative ids are left out. */
cJSON *json_object(void) MUST_CHECK;
cJSON *json_array(void) MUST_CHECK;
void json_add_str(cJSON *object, const char *key, const char *value); /* NULL: nothing is added */
void json_add_null(cJSON *object, const char *key);
void json_add_int(cJSON *object, const char *key, int64_t value); /* 0..2^53 */
void json_add_bool(cJSON *object, const char *key, bool value);
void json_add_time(cJSON *object, const char *key, int64_t wall_ms); /* RFC 3339; 0: null */
cJSON *json_add_object(cJSON *object, const char *key); /* lends */
cJSON *json_add_array(cJSON *object, const char *key); /* lends */
void json_add_node(cJSON *object, const char *key, cJSON *node); /* takes node */
/* A deep copy. gives: json_free. */
cJSON *json_copy(const cJSON *node) MUST_CHECK;
void json_push(cJSON *array, cJSON *node); /* takes node */
void json_push_str(cJSON *array, const char *value);
char *json_text(const cJSON *node) MUST_CHECK; /* gives: one line, mem_free */
char *json_text_pretty(const cJSON *node) MUST_CHECK; /* gives: mem_free */
/* One line, members sorted by name all the way down: the same text however the sender ordered
 * them. gives: mem_free. */
char *json_text_sorted(const cJSON *node) MUST_CHECK;

#endif
