/* What went wrong, in one sentence for a person and one code for the caller.
 * Functions that can fail return 0 or -FAULT_x and take a last parameter `struct fault *reterr`. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/tidy.h"

enum fault_code {
	FAULT_NONE = 0,
	FAULT_INPUT, /* what a client or a person gave is wrong */
	FAULT_NOT_FOUND, /* the thing named does not exist */
	FAULT_CONFLICT, /* it exists, but not in a state that allows this */
	FAULT_TOO_LARGE, /* over a named limit */
	FAULT_CONFIG, /* the configuration is wrong: a person must change it */
	FAULT_STORE, /* the database failed */
	FAULT_STORE_FULL, /* no room left on the disk or under the configured cap */
	FAULT_NET, /* ConnectWise could not be reached */
	FAULT_REMOTE, /* ConnectWise answered, but not usefully */
	FAULT_SYSTEM, /* the operating system refused */
	FAULT_BUSY, /* try again later */
};

/* owned by whoever declares it; text is always terminated. */
struct fault {
	enum fault_code code;
	char text[640];
};

/* Fill *f (NULL is allowed) and return -code, so that `return fault_set(…)` reads well.
 * A text longer than the buffer is cut. */
int fault_set(struct fault *f, enum fault_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Put "what: " in front of the sentence that is there already. */
void fault_wrap(struct fault *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
