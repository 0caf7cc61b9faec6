/*
 * paging.h - from all rows of a kind to one reply: conditions, order, page, Link header, fields=.
 */
#ifndef SANDBOX_PAGING_H
#define SANDBOX_PAGING_H

#include "field.h"

struct call;

enum list_form {
	LIST_ROWS, /* a page of objects */
	LIST_COUNT, /* {"count":N} */
	LIST_SEARCH, /* a page, the filter taken from the body of a POST …/search */
};

/* The rows array is reordered; the rows themselves are borrowed for the call. */
void list_reply(
	struct call *c, const struct kind *kind, const void **rows, size_t n, enum list_form form);

/* fields= names only what the kind has; otherwise c is refused. To be asked before any change. */
bool fields_check(struct call *c, const struct kind *kind);
/* One object as a reply, trimmed by fields=. takes: object. */
void object_reply(struct call *c, int status, cJSON *object);

#endif
