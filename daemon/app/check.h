/* The ladder of POST /v1/check: from the address to the creation status, one step after another,
 * each with what was seen and what to do about it. Nothing is written to ConnectWise. */
#ifndef APP_CHECK_H
#define APP_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include "base/json.h"

struct app;
struct cw_call;

struct check {
	bool running, ok, wanted;
	int step; /* index into the ladder */
	struct cw_call *call;
	cJSON *steps; /* results so far; owned */
	int64_t at; /* wall ms of the last end; 0: never */
	int64_t board; /* seen in this run; 0: none */
};

void check_start(struct app *app); /* nothing happens if one is running */
void check_tick(struct app *app, int64_t now);
void check_reset(struct app *app);
void check_free(struct check *check);
cJSON *check_json(const struct app *app); /* gives */

#endif
