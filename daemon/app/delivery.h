/* Delivery: which incidents are worked on now. Claims due ones as slots allow; each becomes a job
 * (job.h), and different incidents go out side by side. */
#ifndef APP_DELIVERY_H
#define APP_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

struct app;
struct job;

struct delivery {
	struct job *jobs; /* owned */
	int n;
	int64_t turn; /* the tenant whose turn it was last */
	int64_t doubt_from; /* wall ms: start, or when the clock was set; op times before it say
			       little */
	int64_t expire_at; /* monotonic ms: next look for held events that are too old */
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
void delivery_reset(
	struct app *app); /* forget all jobs; their rows are put right by store_recover */
void delivery_free(struct app *app);

#endif
