/* The company list: a full sweep at the first start and daily, incremental syncs between. Pages are
 * written as they come (one turn each), so memory does not grow with the list. */
#ifndef APP_SYNC_H
#define APP_SYNC_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/json.h"
#include "base/tidy.h"

struct app;
struct cw_call;

struct sync {
	bool running, full, confirmed;
	struct cw_call *call;
	int64_t sweep; /* number of the running full sweep */
	int64_t after_id; /* last company seen in this run */
	int page_size; /* of the whole run, whatever a reload says meanwhile */
	int64_t since_at; /* of an incremental run */
	int pages, companies, added, changed, gone;
	int64_t started_at, ended_at; /* wall ms; 0: never */
	int64_t last_full_at, last_incremental_at;
	int64_t covered_at; /* wall ms: all changes up to then are known */
	int64_t next_at; /* monotonic ms; 0: as soon as connected */
	int failures; /* in a row */
	char *error; /* of the last run; or NULL */
	char *refused; /* the sentence when a sweep would have removed too many; or NULL */
};

void sync_init(struct app *app);
void sync_free(struct sync *sync);
/* A person asks for one now. confirm: whatever it removes. -FAULT_CONFLICT: one is running;
 * -FAULT_BUSY: ConnectWise is not connected. */
int sync_start(struct app *app, bool full, bool confirm, struct fault *reterr) MUST_CHECK;
void sync_soon(struct app *app); /* connected (again) */
void sync_tick(struct app *app, int64_t now);
int64_t sync_next(const struct app *app);
void sync_reset(struct app *app);
cJSON *sync_json(const struct app *app); /* gives: SYNC of the API */

#endif
