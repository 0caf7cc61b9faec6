/*
 * trim.h - the `fields=` parameter: checking it, and cutting an object down to it.
 */
#ifndef SANDBOX_TRIM_H
#define SANDBOX_TRIM_H

#include "field.h"

/* True when every name is known; else the first unknown one goes to bad[]. */
bool trim_check(const struct field *table, const char *fields, char *bad, size_t bad_size);
/* takes: object. gives: the part of it that was asked for; _info only when it was listed. */
cJSON *trim(cJSON *object, const char *fields);

#endif
