/* A tenant in a flood: beyond delivery.flood_limit new tickets in an hour its further incidents
 * share one roll-up ticket. Nothing is dropped; each is named in it. */
#ifndef APP_FLOOD_H
#define APP_FLOOD_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/tidy.h"

struct app;
struct job;

/* Is the job's incident itself a roll-up? */
bool flood_is_rollup(const struct job *job);
/* Before a step: should the job's events go into a roll-up instead? Because they only end something
 * that stands in one, or (about_to_create) because the tenant is over its limit. If so they are
 * moved and the job is closed: *ret_moved. */
int flood_check(
	struct job *job, bool about_to_create, bool *ret_moved, struct fault *reterr) MUST_CHECK;
/* A ticket of its own was made. */
int flood_began(struct job *job, struct fault *reterr) MUST_CHECK;
/* The hour that wall_ms lies in. */
int64_t flood_hour(int64_t wall_ms);

#endif
