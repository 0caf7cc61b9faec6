/*
 * text.h - small helpers on strings, times and identifiers; nothing here knows of ConnectWise.
 */
#ifndef SANDBOX_TEXT_H
#define SANDBOX_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIME_TEXT_MAX 32
#define GUID_TEXT_MAX 37

/* Memory that is never NULL: the process aborts when there is none. gives: free(). */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Replace *s by a copy of to (NULL allowed). */
void text_set(char **s, const char *to);

/* Length of a UTF-8 text in UTF-16 units, which is how .NET counts it. */
size_t text_utf16_units(const char *s);
bool text_utf8_valid(const char *s, size_t len);
bool text_same_nocase(const char *a, size_t a_len, const char *b);

/* Whole decimal number; refuses anything else. */
bool text_to_long(const char *s, long *ret_n);

/* Wall clock and monotonic clock, ms. */
int64_t time_wall(void);
int64_t time_mono(void);
/* 2016-08-20T18:04:26Z */
void time_text(int64_t wall_ms, char out[TIME_TEXT_MAX]);
/* Date, or date and time with optional fraction and optional Z; an offset is refused. */
bool time_parse(const char *s, size_t len, int64_t *ret_wall_ms);

void guid_make(char out[GUID_TEXT_MAX]);
bool guid_valid(const char *s);

/* Write a file under a temporary name and rename it, so that nobody reads half of it. 0 or -1. */
int file_write_whole(const char *path, const char *text, unsigned mode);

#endif
