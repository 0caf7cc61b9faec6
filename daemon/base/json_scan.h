/* The strict scanner in front of cJSON: one pass over the text, no tree, memory bounded by the
 * limits (24 bytes for each key of the objects that are open). Knows nothing of cJSON. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stddef.h>
#include "base/fault.h"
#include "base/tidy.h"

struct json_limits {
	size_t max_bytes;
	int max_depth; /* 1 = a flat object; at most JSON_DEPTH_LIMIT */
	int max_tokens; /* values and keys together: bounds the memory of the tree */
};

#define JSON_DEPTH_LIMIT 256 /* the scanner and what reads the tree after it recurse */
#define JSON_NUMBER_MAX 63 /* characters of one number: cJSON reads no further */

enum json_mode {
	JSON_STRICT,
	/* For what ConnectWise answers: one odd string must not cost a whole page of companies. */
	JSON_REPLY,
};

/* Is it exactly one JSON text? 0, -FAULT_TOO_LARGE over max_bytes, or -FAULT_INPUT with a sentence
 * that names the fault and its byte (the first one is byte 1).
 * JSON_REPLY takes more: duplicate keys, whole numbers over 2^53, "\u0000", lone surrogates. When
 * there are such strings, *ret_mended is a copy of the text that has a space or U+FFFD in their
 * place; else NULL. gives: mem_free. ret_mended is not used by JSON_STRICT and may be NULL there.
 */
int json_scan(const char *text, size_t n, const struct json_limits *limits, enum json_mode mode,
	char **ret_mended, struct fault *reterr) MUST_CHECK;

#endif
