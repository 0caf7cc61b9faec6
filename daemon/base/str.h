/* Growing strings and UTF-8 care. Knows nothing of the job. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include "base/tidy.h"

/* A growing string: start from {0}; at is NULL or terminated. Free with str_free. */
struct str {
	char *at;
	size_t len, cap;
};

void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *text, size_t n);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *str_take(struct str *s) MUST_CHECK; /* gives: the text ("" if empty); s is empty again */
void str_free(struct str *s);
/* STR_AUTO(s); declares an empty one that frees itself. */
#define STR_AUTO(name) __attribute__((cleanup(str_free))) struct str name = { 0 }

bool str_eq(const char *a, const char *b); /* NULL equals NULL only */
bool str_eq_nocase(const char *a, const char *b); /* ASCII; NULL equals NULL only */
/* The same fault, whatever milliseconds and ports it names: worth one line only. NULL as above. */
bool str_eq_but_numbers(const char *a, const char *b);
bool str_starts(const char *s, const char *prefix);
bool str_is_blank(const char *s); /* NULL, "" or only white space */
void str_lower_ascii(char *s); /* in place */
void str_trim(char *s); /* in place, both ends */

bool utf8_valid(const char *s, size_t n); /* strict: no surrogates, no overlong forms */
/* Length in UTF-16 code units: what ConnectWise (.NET) counts against its maximum lengths. */
size_t utf8_utf16_len(const char *s);
/* Copy s, cut so that it is at most max UTF-16 units and never inside a character; a cut text
 * ends in "…". s must be valid UTF-8. gives: free with mem_free. */
char *utf8_cut(const char *s, size_t max) MUST_CHECK;
/* Copy s with control characters (but '\n' and '\t' when keep_lines) turned into spaces. */
char *utf8_plain(const char *s, bool keep_lines) MUST_CHECK;

#endif
