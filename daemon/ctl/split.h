/* Cuts a stream into events, whatever its form: one object a line, objects that span lines, or
 * one array. Pure, and flat in memory: it holds one event at most, and no more than `max` bytes
 * of it. It finds where an event ends; whether the event is right is the daemon's to judge. */
#ifndef CTL_SPLIT_H
#define CTL_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/str.h"

enum split_form {
	SPLIT_START, /* nothing seen yet */
	SPLIT_FIRST, /* within the first object: its shape decides */
	SPLIT_AFTER, /* behind it, on its last line */
	SPLIT_LINES, /* one event a line; a bad one ends with its line */
	SPLIT_OBJECTS, /* objects one after another, line breaks anywhere */
	SPLIT_ARRAY, /* elements of one array */
	SPLIT_ARRAY_END /* behind its ']' */
};

/* One event: n bytes on one line, lends, for the call only; line is where it began, from 1.
 * bad: NULL, or why it cannot be handed over (n is 0 then). A result other than 0 stops. */
typedef int split_fn(void *ctx, const char *text, size_t n, int64_t line, const char *bad);

/* owned by its user; start with split_init, release with split_free. */
struct split {
	split_fn *fn;
	void *ctx;
	size_t max; /* bytes of one event */

	enum split_form form;
	struct str piece;
	size_t elements; /* seen in the array */
	int64_t line, piece_line;
	int depth;
	bool in_string, escaped, spans_lines;
	bool over; /* longer than max: the rest is read past */
	bool broken; /* a line break inside a string */
	bool bom_passed;
};

void split_init(struct split *s, size_t max, split_fn *fn, void *ctx);
void split_free(struct split *s);
/* 0; what fn returned if that was not 0; -FAULT_INPUT with a sentence when the stream is of none
 * of the forms from here on. Everything before that has been given to fn. */
int split_feed(struct split *s, const char *data, size_t n, struct fault *reterr) MUST_CHECK;
/* The stream has ended: gives out a last line without a line feed, refuses an open array. */
int split_end(struct split *s, struct fault *reterr) MUST_CHECK;

#endif
