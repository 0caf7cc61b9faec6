/* Text on a terminal: escaping what others wrote, display width, cutting, wrapping, colour.
 * Output is UTF-8 whatever the locale; main sets LC_CTYPE to C.UTF-8 so that widths are known. */
#ifndef CTL_TERM_H
#define CTL_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "base/str.h"
#include "base/tidy.h"

enum tone { TONE_PLAIN, TONE_BOLD, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_DIM };

struct term {
	FILE *out;
	bool tty;
	bool color;
	int width; /* columns; 0: no limit (not a terminal) */
};

#define TERM_WIDTH_MIN 40 /* narrower terminals are written to as if they were this wide */

/* color_allowed: neither --no-color nor $NO_COLOR was given. */
struct term term_of(FILE *out, bool color_allowed);

/* s on one line with everything that could move a cursor, reorder text or hide as \n, \x1b or
 * \u{202e}; bytes that are not UTF-8 as \xff. NULL counts as "". gives: mem_free. */
char *term_safe(const char *s) MUST_CHECK;
/* The same, but line feeds and tabs stay. gives: mem_free. */
char *term_safe_lines(const char *s) MUST_CHECK;
/* JSON text with the same characters as \uXXXX, which any JSON text allows inside its strings
 * and has nowhere else. gives: mem_free. */
char *term_safe_json(const char *json) MUST_CHECK;

/* Columns that a text made by term_safe takes. */
size_t term_columns(const char *safe);
/* safe, cut to at most columns (>= 1), the cut shown as "…". gives: mem_free. */
char *term_cut(const char *safe, size_t columns) MUST_CHECK;
/* Print safe text in words, continued on lines indented by indent; at is the column where the
 * first one starts. Ends in a line feed. */
void term_wrap(const struct term *t, const char *safe, size_t at, size_t indent);

/* The codes around a coloured text; "" without colour. */
const char *term_on(const struct term *t, enum tone tone);
const char *term_off(const struct term *t, enum tone tone);

#endif
