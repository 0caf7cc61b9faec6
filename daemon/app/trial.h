/* A configuration that is tried beside the one in use, before it takes over: the login, the board
 * that it names, and the statuses of that board. Nothing is written to ConnectWise. */
#ifndef APP_TRIAL_H
#define APP_TRIAL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/tidy.h"

struct conf;
struct cw;
struct event_base;
struct trial;

/* login, board: what differs and is to be tried. base_url: where the API is. gives: trial_free. */
int trial_new(struct event_base *base, struct conf *next, const char *base_url, bool login,
	bool board, struct trial **ret, struct fault *reterr) MUST_CHECK;
void trial_free(struct trial *t); /* before the event base; NULL is allowed */
/* Take answers in. Returns whether it has ended. */
bool trial_ended(struct trial *t);
const char *trial_refusal(const struct trial *t); /* NULL: it may take over; lends */
struct conf *trial_conf(const struct trial *t); /* lends */
/* Send what is to be asked next; as cw_release does. */
int64_t trial_release(struct trial *t, int64_t now);

#endif
