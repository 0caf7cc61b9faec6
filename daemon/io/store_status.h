/* The statuses of the board that tickets go to, as last read. */
#ifndef IO_STORE_STATUS_H
#define IO_STORE_STATUS_H

#include <stddef.h>
#include "io/store.h"

struct status {
	int64_t id;
	char *name;
	bool closed, inactive, is_default;
	int sort;
};
struct statuses {
	struct status *at;
	size_t n;
};
void statuses_clear(struct statuses *list);
/* Replace all statuses of the board. */
int status_replace(struct store *st, int64_t board, const struct statuses *list,
	struct fault *reterr) MUST_CHECK;
int status_list(
	struct store *st, int64_t board, struct statuses *ret, struct fault *reterr) MUST_CHECK;

#endif
