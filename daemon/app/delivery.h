/* Delivery: which incidents are worked on now. Claims due ones as slots allow; each becomes a job
 * (job.h), and different incidents go out side by side. */
#ifndef APP_DELIVERY_H
#define APP_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"

struct app;
struct job;

struct delivery {
	struct job *jobs; /* owned */
	int n;
	int64_t turn; /* the tenant whose turn it was last */
	int64_t doubt_from; /* wall ms: start, or when the clock was set; op times before it say
			       little */
	int64_t expire_at; /* monotonic ms: next look for held events that are too old */
	int64_t trust_at; /* monotonic ms: the clock was set, nothing expires before; 0: it was not
			   */
	bool told_full; /* the log has said that intake is refused for lack of room */
};

/* Why events of a tenant moved. */
#define DELIVERY_UNMAPPED "its tenant was unmapped"
#define DELIVERY_FLOW_OFF "the tenant's flow was turned off"

void delivery_tick(struct app *app, int64_t now);
/* Monotonic ms of the next thing to do; 0: nothing waits for a time. */
int64_t delivery_next(struct app *app, int64_t now);
/* The wall clock was set by so many ms (or the daemon starts: 0): times in the queue that can no
 * longer be meant are put right, and nothing expires on the word of a clock that was just changed.
 */
void delivery_clock_set(struct app *app, int64_t by, int64_t now);
/* Before held events of a tenant are released: those that were held for longer than
 * delivery.hold_max_age expire instead, each with its log line, as delivery_tick would do within
 * the next minute. Nothing expires while the clock is not trusted. *ret_n: how many; *ret_more:
 * there were more than are moved in one turn, which is only so after a long pause. */
int delivery_expire_held(struct app *app, int64_t tenant, int *ret_n, bool *ret_more,
	struct fault *reterr) MUST_CHECK;
void delivery_reset(
	struct app *app); /* forget all jobs; their rows are put right by store_recover */
void delivery_free(struct app *app);

#endif
