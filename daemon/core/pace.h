/* How fast: backoff, token bucket, circuit breaker. Pure: the time and the dice are given. */
#ifndef CORE_PACE_H
#define CORE_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Full jitter: a whole ms in 0..min(cap, base·2^(tries-1)), at least 1. unit: 0 <= unit < 1. */
int64_t backoff_ms(int tries, int64_t base_ms, int64_t cap_ms, double unit);

/* At most rate requests in a minute, bursts up to burst. Times are monotonic ms. */
struct bucket {
	double tokens, burst, per_ms;
	int64_t at;
};
void bucket_init(struct bucket *b, int per_minute, int burst, int64_t now);
bool bucket_take(struct bucket *b, int64_t now);
int64_t bucket_wait_ms(const struct bucket *b, int64_t now); /* 0: a token is there */

/* Slots in flight: halved on 429, one more after each full round of successes, within 1..max. */
struct slots {
	int max, now, good;
};
void slots_init(struct slots *s, int max);
void slots_good(struct slots *s);
void slots_slow_down(struct slots *s);

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };
struct breaker {
	enum breaker_state state;
	int failures, threshold; /* in a row */
	int64_t since, probe_at; /* monotonic ms; since: when it opened, kept over failed probes */
	int64_t wait_ms, wait_min_ms, wait_max_ms;
	char why[512]; /* the sentence of the fault that opened it */
};
void breaker_init(struct breaker *b, int threshold, int64_t wait_min_ms, int64_t wait_max_ms);
bool breaker_may_send(const struct breaker *b); /* closed */
bool breaker_may_probe(const struct breaker *b, int64_t now); /* open and due */
void breaker_probing(struct breaker *b);
/* Any success closes it. Returns true when it was not closed before (to be logged once). */
bool breaker_success(struct breaker *b);
/* at_once: do not count to the threshold (credentials, certificate). Returns true when it opened
 * (to be logged once); a failed probe doubles the wait, up to wait_max_ms, and is no news. */
bool breaker_failure(struct breaker *b, bool at_once, const char *why, int64_t now);
const char *breaker_name(enum breaker_state state);

#endif
