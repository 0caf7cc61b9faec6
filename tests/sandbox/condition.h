/*
 * condition.h - the little language of `conditions` and `orderBy`.
 * Parsed once per request against a table of fields, then asked of each row.
 */
#ifndef SANDBOX_CONDITION_H
#define SANDBOX_CONDITION_H

#include "field.h"

#define CONDITION_ERROR_MAX 400

struct condition;
struct order;

/* One row under examination; the rendered object is made only when a fast value is missing. */
struct row {
	const struct sandbox *sb;
	const struct kind *kind;
	const void *row;
	cJSON *doc;
};

/* gives: condition_free. NULL with the sentence in error[]. */
struct condition *condition_parse(
	const struct field *table, const char *text, char error[CONDITION_ERROR_MAX]);
struct condition *condition_free(struct condition *c);
bool condition_true(const struct condition *c, struct row *row);

/* Is the condition true of any element of the list `name` of an object (childConditions)? */
bool condition_true_of_child(const struct condition *c, const cJSON *list);

/* "name", "name desc, id asc". gives: order_free. NULL with the sentence in error[]. */
struct order *order_parse(
	const struct field *table, const char *text, char error[CONDITION_ERROR_MAX]);
struct order *order_free(struct order *o);
/* Sort rows in place. */
void order_rows(const struct order *o, const struct sandbox *sb, const struct kind *kind,
	const void **rows, size_t n);

void row_done(struct row *row);

#endif
