/*
 * patch.h - reading the operations of a PATCH: form, op words, paths.
 */
#ifndef SANDBOX_PATCH_H
#define SANDBOX_PATCH_H

#include "field.h"

struct call;

enum patch_op { PATCH_ADD, PATCH_REPLACE, PATCH_REMOVE };

struct patch_step {
	enum patch_op op;
	const struct field *field;
	const cJSON *value; /* JSON null for remove; borrowed from the body */
	bool ignored; /* a sub-path or a read-only member: 200 and nothing changed */
};

/* One operation, checked. False: c was refused. */
bool patch_read(struct call *c, const struct kind *kind, const cJSON *item, struct patch_step *ret);

#endif
