/* The keys of a JSON object while it is scanned, compared as what they mean: "a" is also
 * "\u0061". Only for text that the scanner has found well-formed. */
#ifndef BASE_JSON_KEY_H
#define BASE_JSON_KEY_H

#include <stdbool.h>
#include <stddef.h>

/* borrows: the text between a key's quotes, as written. */
struct json_key {
	const unsigned char *at;
	size_t n;
	bool escaped; /* holds a backslash */
};

int json_key_compare(const struct json_key *a, const struct json_key *b);
/* For qsort: equal keys in the order in which they stand in the text. */
int json_key_order(const void *a, const void *b);

/* The number that the four hex digits at `at` (n bytes left) write; -1: there are none. */
long json_hex4(const unsigned char *at, size_t n);
bool json_is_high(long unit); /* first half of a surrogate pair */
bool json_is_low(long unit); /* second half */

#endif
