/* Text from outside made fit to be shown: valid UTF-8 without control characters, without marks
 * that reverse or hide text. Pure. */
#ifndef CORE_PLAIN_H
#define CORE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include "base/tidy.h"

/* A copy of s. lines: line ends become '\n', at most one empty line follows another, tabs stay;
 * else all white space becomes single spaces. Trimmed at both ends; bytes that are not UTF-8
 * become '?'. gives: mem_free. */
char *plain_text(const char *s, bool lines) MUST_CHECK;
/* The first n bytes of text (NULL: "") as one such line into ret, which holds cap bytes; a text
 * that is too long ends in "…", never inside a character. */
void plain_line(char *ret, size_t cap, const char *text, size_t n);
/* How many bytes of s, at most max, end on a whole character. s must be valid UTF-8. */
size_t plain_cut_at(const char *s, size_t max);

#endif
