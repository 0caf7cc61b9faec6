/* Which of a board's statuses a setting means, and whether it may. */
#ifndef APP_BOARD_CHOICE_H
#define APP_BOARD_CHOICE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/tidy.h"
#include "io/conf.h"
#include "io/store_status.h"

/* A board with its statuses. lends all of it */
struct choice {
	const struct statuses *statuses; /* empty: not known */
	int64_t board;
	const char *board_name; /* or NULL */
};

/* text: a status by name (without case) or id. closed: must it be one that closes tickets?
 * *ret_id 0: nothing configured, or nothing known. -FAULT_CONFIG names the valid ones. */
int choice_resolve(const struct choice *c, const char *key, const char *text, bool closed,
	int64_t *ret_id, struct fault *reterr) MUST_CHECK;
/* All three statuses of the configuration; the first that cannot be used is the fault. */
int choice_check(const struct choice *c, const struct conf *conf, struct fault *reterr) MUST_CHECK;
/* Does a configuration name any status? */
bool choice_wanted(const struct conf *conf);
/* The first active status of that kind; among open ones the board's default wins. 0: none. */
int64_t choice_first(const struct choice *c, bool closed);

#endif
