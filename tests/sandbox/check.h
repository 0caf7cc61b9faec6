/*
 * check.h - is a JSON body acceptable for a kind: members known, types right, lengths kept.
 * Each function refuses the call itself and returns false when something is wrong.
 */
#ifndef SANDBOX_CHECK_H
#define SANDBOX_CHECK_H

#include "field.h"

struct call;

/* The body as JSON of the wanted form (object or array). gives: cJSON_Delete; NULL = refused. */
cJSON *check_body(struct call *c, const struct kind *kind, bool array);
/* Every member of an object. */
bool check_object(struct call *c, const struct kind *kind, const cJSON *object);
/* One value for one member; null is fine. */
bool check_value(
	struct call *c, const struct kind *kind, const struct field *f, const cJSON *value);
/* A string with something else than spaces in it. */
bool check_required(struct call *c, const struct kind *kind, const cJSON *object, const char *name);

#endif
