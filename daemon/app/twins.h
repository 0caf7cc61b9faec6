/* Two tickets of one incident. ConnectWise may carry a lost request out after it was looked up
 * twice and sent again; so after a repeated create the marker is looked up again later, a few
 * times. Best effort: not remembered over a restart. */
#ifndef APP_TWINS_H
#define APP_TWINS_H

#include <stdint.h>
#include "base/json.h"

struct app;
struct twin;

/* Look the marker up again when a request that is under way now must have ended. */
void twins_look_later(
	struct app *app, const char *marker, int64_t incident, int64_t company, int64_t kept);
/* A list of tickets that carry the marker: with more than one, say so, and tidy up if so
 * configured. */
void twins_found(struct app *app, const cJSON *array, const char *marker, int64_t incident,
	int64_t company, int64_t kept);
void twins_reset(struct app *app); /* what is in flight is asked again later */
void twins_free(struct app *app);

#endif
