/* The text of a configuration, changed a value at a time: comments, order and spacing of all else
 * stay as they are. Knows the grammar of libconfig, not the settings; whether a value is good is
 * the daemon's to say. */
#ifndef CTL_SETUP_TEXT_H
#define CTL_SETUP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/tidy.h"

/* The value of "section.name" or "name" as a text without its quotes, a number or a word as it
 * stands. NULL: it is not set (what stands behind a # is not). gives: mem_free. */
char *setup_text_get(const char *text, const char *path) MUST_CHECK;

/* A copy of text in which path has that text as its value. It takes the place of the old value; or
 * of the default that stands in a comment of its section; or comes last in its section, which is
 * made at the end if there is none. gives: mem_free. */
char *setup_text_set(const char *text, const char *path, const char *value) MUST_CHECK;

#endif
