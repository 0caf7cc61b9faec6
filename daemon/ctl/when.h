/* Times and durations for people. Pure: the clock is given. */
#ifndef CTL_WHEN_H
#define CTL_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#define WHEN_TEXT_MAX 64

/* "just now", "3 min ago", "in 2 h", "5 days ago". Returns buf. */
const char *when_relative(int64_t at_ms, int64_t now_ms, char buf[WHEN_TEXT_MAX]);
/* "2026-11-24 06:04:03 (3 min ago)", in the local time zone. Returns buf. */
const char *when_full(int64_t at_ms, int64_t now_ms, char buf[WHEN_TEXT_MAX]);
/* The daemon's RFC 3339 text (or NULL, or anything else) to the two forms above; without a time:
 * "never". */
const char *when_relative_text(const char *rfc3339, int64_t now_ms, char buf[WHEN_TEXT_MAX]);
const char *when_full_text(const char *rfc3339, int64_t now_ms, char buf[WHEN_TEXT_MAX]);

/* "30", "30s", "5m", "2h": whole seconds, 0 to max_s. False if it is none of these. */
bool duration_parse(const char *text, long max_s, long *ret_s);

#endif
