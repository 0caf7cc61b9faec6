/* The companies that a tenant may be, from the list as it stands. */
#ifndef APP_CANDIDATES_H
#define APP_CANDIDATES_H

#include "base/fault.h"
#include "base/tidy.h"
#include "core/match.h"

struct app;
struct tenant;

/* All companies are weighed: about 2 ms for a thousand. other_name: a further name of the tenant,
 * or NULL. *ret_n: how many companies there are. gives: match_free. */
int candidates_of(struct app *app, const struct tenant *t, const char *other_name,
	struct match **ret, int *ret_n, struct fault *reterr) MUST_CHECK;
/* "Contoso Ltd (101), Contoso Holdings (102)": the likely live ones, without the one that it is
 * mapped to. "" if there are none. gives: mem_free. */
char *candidates_text(struct app *app, const struct tenant *t) MUST_CHECK;

#endif
