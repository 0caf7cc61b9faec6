/* A secret text: locked in memory where allowed, wiped when freed, never printed. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include "base/tidy.h"

struct secret;

struct secret *secret_new(
	const char *text, size_t n) MUST_CHECK; /* copies; text may be wiped after */
void secret_free(struct secret *s);
DEFINE_CLEANUP(secret_free, struct secret *);
const char *secret_text(const struct secret *s); /* lends: as long as s lives; never log it */
size_t secret_len(const struct secret *s);
bool secret_same(const struct secret *a, const struct secret *b); /* NULL is like NULL only */
/* First 8 hex digits of its SHA-256: enough to tell two keys apart, useless to guess one. */
void secret_fingerprint(const struct secret *s, char ret[9]);
/* Overwrite and free a string that held a secret. NULL is allowed. */
void secret_wipe(char *text);

#endif
