/* Tenants that are mapped to a company which gets no tickets any more: deleted, merged away or
 * inactive in ConnectWise. Their events are held; a person is told which, and once. */
#ifndef APP_PAUSED_H
#define APP_PAUSED_H

#include <stdint.h>
#include <stddef.h>

struct app;

/* owned by struct app */
struct paused {
	int64_t *rows; /* tenants that were told of, in the order of their rows */
	size_t n;
};

/* After a sync: a line for each tenant that is paused now and was not, or the other way round. */
void paused_say(struct app *app);
void paused_free(struct paused *p);

#endif
