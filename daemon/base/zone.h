/* Wall clock times in a time zone, daylight saving included. The zones are the system's (tzdata);
 * the only file that includes GLib's header, whose reader of them needs neither the environment
 * variable TZ nor any other state of the process, so a reload may take another zone. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdint.h>
#include "base/tidy.h"

struct zone;

#define ZONE_NAME_MAX 64 /* bytes; the longest IANA name has 30 */

/* By its IANA name, "America/Toronto". "UTC" needs no data of the system. NULL: no such zone.
 * gives: zone_free. */
struct zone *zone_new(const char *name) MUST_CHECK;
void zone_free(struct zone *zone);
DEFINE_CLEANUP(zone_free, struct zone *);

#define ZONE_LABEL_MAX 16
struct zone_time {
	int year, month, day, hour, minute, second; /* month and day from 1 on */
	/* "CEST"; where the zone has no name for it, "UTC+05:30". Plain ASCII. */
	char label[ZONE_LABEL_MAX];
};

/* zone NULL: UTC. */
void zone_at(const struct zone *zone, int64_t wall_ms, struct zone_time *ret);

#endif
