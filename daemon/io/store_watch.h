/* What the emergency contact wants to know of the queue: how long things wait, how much room is
 * left. Each question costs a few rows, however long the queue is. */
#ifndef IO_STORE_WATCH_H
#define IO_STORE_WATCH_H

#include "io/store.h"

#define WATCH_DEAD_MAX 10000 /* counted no further */

struct store_watch {
	/* Wall ms since when the oldest event waits for ConnectWise (accepted, or its tenant mapped
	 * since then), for its mapping, and of the last event that was accepted; 0: none. */
	int64_t undelivered_at, held_at, last_at;
	char *held_tenant; /* of the oldest held one: its name or domain, and what befell its
			      company; or NULL */
	char *dead_why; /* why the newest dead one was refused; or NULL */
	int64_t dead; /* that are not deleted yet, at most WATCH_DEAD_MAX */
	int64_t used, max_bytes; /* bytes of the queue's file, and its limit */
	int64_t disk_free, disk_size; /* bytes below it; size 0: cannot be asked */
};
void store_watch_clear(struct store_watch *w);
int store_watch(struct store *st, struct store_watch *ret, struct fault *reterr) MUST_CHECK;

#endif
