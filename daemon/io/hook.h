/* A command of the administrator's, run beside the loop: text on its standard input, a clean
 * environment, no shell, a time limit. One at a time. Knows nothing of alarms. */
#ifndef IO_HOOK_H
#define IO_HOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <event2/event.h>
#include "base/fault.h"
#include "base/tidy.h"

struct hook;

/* All borrowed for the call. */
struct hook_ask {
	const char *command; /* a whole path; it gets no arguments */
	const char *const *environment; /* "NAME=value", NULL-ended; PATH and LANG are added */
	const char *input; /* its standard input */
	int64_t timeout; /* ms; then SIGTERM, and after a sixth of that time SIGKILL */
};

/* lends: valid inside the callback only. */
struct hook_result {
	bool done; /* it exited with 0 */
	bool ran; /* it could be started */
	const char *why; /* how it ended: a sentence; "" if done */
	const char *output; /* the beginning of what it wrote to both outputs; one line */
};

int hook_new(struct event_base *base, struct hook **ret, struct fault *reterr) MUST_CHECK;
void hook_free(struct hook *h); /* before the event base; what runs is killed */

/* Never fails: what cannot start ends as a result. */
void hook_run(struct hook *h, const struct hook_ask *ask);

typedef void hook_done(void *arg, const struct hook_result *result);
/* Hand the result out if there is one. The callback may run another. */
void hook_drain(struct hook *h, hook_done *done, void *arg);

#endif
