/* The ladder of `opbridge check`, `opbridged --check` and POST /v1/check: from the address to the
 * disk, one step after another, each with what was seen and what to do about it. Nothing is written
 * to ConnectWise. A running daemon also climbs it by itself, once connected and after a refusal,
 * and logs what is not well and what changed. */
#ifndef APP_CHECK_H
#define APP_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include "app/link.h"
#include "base/json.h"
#include "io/store_status.h"

struct app;
struct cw_call;

struct check {
	bool running, ok, wanted;
	bool alone; /* without queue and link: nothing of them is looked at or told */
	bool by_itself; /* nobody asked: only what is not well, and changes, are worth a line */
	int step; /* index into the ladder */
	struct cw_call *call;
	cJSON *steps; /* results so far; owned */
	cJSON *before; /* those of the run before; owned; NULL: none */
	void (*on_step)(const cJSON *step); /* told of each result; or NULL */
	int64_t at; /* wall ms of the last end; 0: never */
	int64_t soon_at; /* monotonic ms: by itself then; 0: not */
	int64_t not_before; /* monotonic ms: by itself not earlier */

	/* seen in this run */
	bool reached; /* the steps of the way there are said */
	bool reached_all; /* and the connection came about */
	cJSON *security; /* rows of the role as ConnectWise tells them; owned; NULL: not told */
	cJSON *boards; /* owned; NULL: not read */
	int64_t board; /* that tickets go to; 0: none known */
	char *board_name;
	int64_t default_board; /* the API member's; 0: none known */
	bool statuses_read;
	struct statuses statuses;
	enum seen permissions[PERMISSION_COUNT];
};

void check_start(struct app *app); /* nothing happens if one is running */
/* By itself, soon: after a refusal, or once connected. Never more often than once a minute. */
void check_soon(struct app *app);
void check_tick(struct app *app, int64_t now);
int64_t check_next(const struct app *app); /* monotonic ms; 0: nothing planned */
void check_reset(struct app *app);
void check_free(struct check *check);
cJSON *check_json(const struct app *app); /* gives */

#endif
