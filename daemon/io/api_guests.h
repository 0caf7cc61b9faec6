/* The connections that are open now: how many, whose, and since when each waits for its request.
 * evhttp tells nobody when it closes one, so a guest is a descriptor and the inode of its socket:
 * when the two no longer belong together, the guest has gone. */
#ifndef IO_API_GUESTS_H
#define IO_API_GUESTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct guest {
	int fd;
	ino_t inode;
	int64_t uid; /* -1: unknown */
	int64_t until; /* monotonic ms; then it is shown out */
	bool showing_out; /* shut down; evhttp has yet to notice */
};
struct guests {
	struct guest *at;
	int n, cap;
};
void guests_free(struct guests *g);
/* A socket that was just accepted. False: it is no socket. */
bool guests_enter(struct guests *g, int fd, int64_t until);
/* Its request was served: the next one may take its own time. */
void guests_served(struct guests *g, int fd, int64_t until);
/* Forget those that have gone; shut down those whose time is over. Returns how many are here. */
int guests_sweep(struct guests *g, int64_t now);
int guests_of_uid(const struct guests *g, int64_t uid);
int64_t guests_next(
	const struct guests *g); /* earliest `until` of those not yet shown out; 0: none */

#endif
