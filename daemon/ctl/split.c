#include "ctl/split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char bom[] = "\xEF\xBB\xBF";

void split_init(struct split *s, size_t max, split_fn *fn, void *ctx)
{
	*s = (struct split){ .fn = fn, .ctx = ctx, .max = max, .line = 1, .piece_line = 1 };
}

void split_free(struct split *s)
{
	str_free(&s->piece);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void keep(struct split *s, char c)
{
	if (s->piece.len == 0) {
		if (is_space(c))
			return;
		s->piece_line = s->line;
	}
	if (s->piece.len >= s->max)
		s->over = true;
	else
		str_addc(&s->piece, c);
}

static void forget_piece(struct split *s)
{
	s->piece.len = 0;
	s->depth = 0;
	s->in_string = s->escaped = s->spans_lines = s->over = s->broken = false;
}

/* Give out what was kept, and begin anew. */
static int emit(struct split *s)
{
	char why[80];
	const char *bad = NULL;
	size_t n = s->piece.len;
	int r;

	while (n && is_space(s->piece.at[n - 1]))
		n--;
	if (s->over) {
		snprintf(why, sizeof(why), "longer than the limit of %zu bytes", s->max);
		bad = why;
	} else if (s->broken) {
		bad = "a line break inside a string";
	} else if (n == 0) {
		bad = "nothing between two commas";
	}
	if (s->piece.at)
		s->piece.at[n] = '\0';
	r = s->fn(s->ctx, bad ? "" : s->piece.at, bad ? 0 : n, s->piece_line, bad);
	forget_piece(s);
	return r;
}

/* Follow strings and brackets, and keep the character: a line break as a space, so that each event
 * is one line. */
static void follow(struct split *s, char c)
{
	if (c == '\n') {
		s->spans_lines = true;
		s->broken |= s->in_string;
	}
	if (s->in_string) {
		if (s->escaped)
			s->escaped = false;
		else if (c == '\\')
			s->escaped = true;
		else if (c == '"')
			s->in_string = false;
	} else if (c == '"') {
		s->in_string = true;
	} else if (c == '{' || c == '[') {
		s->depth++;
	} else if ((c == '}' || c == ']') && s->depth > 0) {
		s->depth--;
	}
	keep(s, c == '\n' || c == '\r' ? ' ' : c);
}

static int refuse(const struct split *s, char c, const char *wanted, struct fault *reterr)
{
	return fault_set(
		reterr, FAULT_INPUT, "line %lld: '%c' where %s", (long long)s->line, c, wanted);
}

/* Anything but '{' and '[' is no event; as a line of its own the daemon says so. */
static int at_start(struct split *s, char c)
{
	if (is_space(c))
		return 0;
	if (c == '[') {
		s->form = SPLIT_ARRAY;
		return 0;
	}
	s->form = c == '{' ? SPLIT_FIRST : SPLIT_LINES;
	follow(s, c);
	return 0;
}

/* A line break inside a string cannot be JSON: then the events are lines, and this one is a bad one
 * that the daemon will refuse. */
static int in_first(struct split *s, char c)
{
	if (c == '\n' && s->in_string && !s->spans_lines) {
		s->form = SPLIT_LINES;
		return emit(s);
	}
	follow(s, c);
	if (s->depth > 0)
		return 0;
	s->form = s->spans_lines ? SPLIT_OBJECTS : SPLIT_AFTER;
	return s->form == SPLIT_OBJECTS ? emit(s) : 0;
}

/* The first object ended on the line where it began; it is still held. */
static int behind_first(struct split *s, char c)
{
	int r;

	if (c == '\n') {
		s->form = SPLIT_LINES;
		return emit(s);
	}
	if (c != '{') {
		keep(s, c);
		if (!is_space(c))
			s->form = SPLIT_LINES;
		return 0;
	}
	s->form = SPLIT_OBJECTS;
	r = emit(s);
	follow(s, c);
	return r;
}

static int in_lines(struct split *s, char c)
{
	if (c != '\n') {
		keep(s, c);
		return 0;
	}
	return s->piece.len || s->over ? emit(s) : 0;
}

static int in_objects(struct split *s, char c, struct fault *reterr)
{
	if (s->depth == 0 && is_space(c))
		return 0;
	if (s->depth == 0 && c != '{')
		return refuse(s, c, "the next event's '{' was expected", reterr);
	follow(s, c);
	return s->depth == 0 ? emit(s) : 0;
}

static int in_array(struct split *s, char c)
{
	bool outside = s->depth == 0 && !s->in_string;

	if (!outside || (c != ',' && c != ']')) {
		follow(s, c);
		return 0;
	}
	if (c == ']')
		s->form = SPLIT_ARRAY_END;
	if (c == ']' && s->elements == 0 && s->piece.len == 0)
		return 0;
	s->elements++;
	if (s->piece.len == 0)
		s->piece_line = s->line;
	return emit(s);
}

static int take(struct split *s, char c, struct fault *reterr)
{
	switch (s->form) {
	case SPLIT_START:
		return at_start(s, c);
	case SPLIT_FIRST:
		return in_first(s, c);
	case SPLIT_AFTER:
		return behind_first(s, c);
	case SPLIT_LINES:
		return in_lines(s, c);
	case SPLIT_OBJECTS:
		return in_objects(s, c, reterr);
	case SPLIT_ARRAY:
		return in_array(s, c);
	case SPLIT_ARRAY_END:
		return is_space(c) ? 0 : refuse(s, c, "the array had already ended", reterr);
	}
	abort();
}

int split_feed(struct split *s, const char *data, size_t n, struct fault *reterr)
{
	size_t i = 0;
	int r;

	/* A byte order mark is no part of the first event. Readers fill their buffer, so it is
	 * never cut in two by a whole file. */
	if (!s->bom_passed && n >= 3 && memcmp(data, bom, 3) == 0)
		i = 3;
	s->bom_passed |= n > 0;
	for (; i < n; i++) {
		r = take(s, data[i], reterr);
		if (r)
			return r;
		s->line += data[i] == '\n';
	}
	return 0;
}

int split_end(struct split *s, struct fault *reterr)
{
	switch (s->form) {
	case SPLIT_START:
	case SPLIT_ARRAY_END:
		return 0;
	case SPLIT_LINES:
	case SPLIT_AFTER:
		return s->piece.len || s->over ? emit(s) : 0;
	case SPLIT_OBJECTS:
		if (s->depth == 0)
			return 0;
		break;
	case SPLIT_FIRST:
	case SPLIT_ARRAY:
		break;
	}
	if (s->form == SPLIT_ARRAY)
		return fault_set(reterr, FAULT_INPUT,
			"the input ends before the array does, after its event %zu; is it whole?",
			s->elements);
	return fault_set(reterr, FAULT_INPUT,
		"the input ends within the event that began on line %lld; is it whole?",
		(long long)s->piece_line);
}
