/* A file of tenants: CSV or JSON, the same columns in both. */
#ifndef CTL_ROSTER_H
#define CTL_ROSTER_H

#include <stdint.h>
#include "base/json.h"
#include "base/str.h"

#define ROSTER_ROWS_MAX 100000

struct roster_row {
	int64_t line; /* of a CSV file; in JSON its number, from 1 */
	cJSON *tenant; /* as the daemon takes it; owned */
	char *why; /* what is wrong with it, or NULL; owned */
};
/* owned by whoever declares it; {0} is empty. */
struct roster {
	struct roster_row *rows;
	size_t n, cap;
	bool json;
	int columns[16]; /* while CSV is read: which column each cell is */
	size_t n_columns;
};
void roster_free(struct roster *r);

/* -FAULT_INPUT: nothing of it can be used, such as for an unknown column. What is wrong in single
 * rows is theirs to say. */
int roster_read(const char *text, size_t n, struct roster *ret, struct fault *reterr) MUST_CHECK;
/* What a row is called in a sentence: "line 7" or "entry 7". Returns buf. */
const char *roster_place(const struct roster *r, const struct roster_row *row, char buf[32]);

/* One TENANT of the daemon. */
struct roster_item {
	const cJSON *tenant;
};
/* gives: mem_free. */
char *roster_csv(const struct roster_item *items, size_t n) MUST_CHECK;
char *roster_json(const struct roster_item *items, size_t n) MUST_CHECK;

#endif
