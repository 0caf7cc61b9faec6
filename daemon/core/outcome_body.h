/* What a reply's body says: ConnectWise's error in all its shapes, and whether a body of a 2xx is
 * what the verb asks for. Pure. */
#ifndef CORE_OUTCOME_BODY_H
#define CORE_OUTCOME_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include "core/outcome.h"

/* All texts are plain: one line, no control characters, cut. */
struct error_body {
	bool is_json; /* an object, as ConnectWise's own errors are */
	bool is_html; /* something else answered: a proxy, a login page */
	char code[48]; /* "code", or "error" (429 uses that); or "" */
	char message[160]; /* "message", or a body that is plain text; or "" */
	int n_items; /* entries of "errors" */
	char item_code[48]; /* of errors[0] */
	char field[64];
	char item_message[160];
};
void error_body_read(const char *body, size_t n, struct error_body *ret);

enum body_fit {
	BODY_FITS,
	BODY_EMPTY,
	BODY_HTML,
	BODY_BROKEN, /* no JSON: cut off, or something else */
	BODY_STRANGE, /* JSON of another shape, or a new record without a usable id */
};
enum body_fit body_fit(enum verb verb, const char *body, size_t n);

#endif
