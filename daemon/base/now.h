/* Clocks and dates. Only app/ reads the clock; core/ is given the time. */
#ifndef BASE_NOW_H
#define BASE_NOW_H

#include <stdbool.h>
#include <stdint.h>

int64_t now_mono_ms(void); /* CLOCK_MONOTONIC: for pacing, timeouts, backoff */
int64_t now_wall_ms(void); /* CLOCK_REALTIME, ms since 1970: for display and stored due times */

/* "2026-11-24T05:04:03.123Z"; buf holds at least 32 bytes. Returns buf. */
#define TIME_TEXT_MAX 32
const char *time_text(int64_t wall_ms, char buf[TIME_TEXT_MAX]);
/* Without fraction, as ConnectWise takes it in conditions: "2026-11-24T05:04:03Z". */
const char *time_text_s(int64_t wall_ms, char buf[TIME_TEXT_MAX]);
/* RFC 3339 with 'Z' or an offset; a missing zone is refused. True and *ret_wall_ms on success. */
bool time_parse(const char *text, int64_t *ret_wall_ms);
/* HTTP-date (IMF-fixdate), as in Retry-After and Date. */
bool time_parse_http(const char *text, int64_t *ret_wall_ms);

#endif
