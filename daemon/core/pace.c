#include "core/pace.h"

#include <stdio.h>
#include <stdlib.h>

#define MINUTE_MS 60000.0
/* What is lost to rounding when a token is put together from many small gains. */
#define TOKEN (1.0 - 1e-6)

static int64_t doubled(int64_t ms, int64_t cap)
{
	return ms > cap / 2 ? cap : ms * 2;
}

int64_t backoff_ms(int tries, int64_t base_ms, int64_t cap_ms, double unit)
{
	int64_t cap = cap_ms > 1 ? cap_ms : 1, most = base_ms > 1 ? base_ms : 1, ms;
	int i;

	most = most < cap ? most : cap;
	for (i = 1; i < tries && most < cap; i++)
		most = doubled(most, cap);
	if (!(unit > 0))
		return 1;
	ms = unit < 1 ? (int64_t)(unit * ((double)most + 1)) : most;
	ms = ms < most ? ms : most;
	return ms > 1 ? ms : 1;
}

void bucket_init(struct bucket *b, int per_minute, int burst, int64_t now)
{
	b->burst = burst > 1 ? burst : 1;
	b->per_ms = (per_minute > 1 ? per_minute : 1) / MINUTE_MS;
	b->tokens = b->burst;
	b->at = now;
}

/* Tokens at `now`. A clock that went back gives none, and none are taken away for it. */
static double tokens_at(const struct bucket *b, int64_t now)
{
	double tokens = b->tokens;

	if (now > b->at)
		tokens += ((double)now - (double)b->at) * b->per_ms;
	return tokens < b->burst ? tokens : b->burst;
}

bool bucket_take(struct bucket *b, int64_t now)
{
	b->tokens = tokens_at(b, now);
	b->at = now;
	if (b->tokens < TOKEN)
		return false;
	b->tokens = b->tokens > 1 ? b->tokens - 1 : 0;
	return true;
}

int64_t bucket_wait_ms(const struct bucket *b, int64_t now)
{
	double missing = TOKEN - tokens_at(b, now);

	/* one more than the whole part: after this wait a token is there for certain */
	return missing <= 0 ? 0 : (int64_t)(missing / b->per_ms) + 1;
}

void slots_init(struct slots *s, int max)
{
	s->max = max > 1 ? max : 1;
	s->now = s->max;
	s->good = 0;
}

void slots_good(struct slots *s)
{
	if (s->now >= s->max || ++s->good < s->now)
		return;
	s->now++;
	s->good = 0;
}

void slots_slow_down(struct slots *s)
{
	s->now = s->now > 1 ? s->now / 2 : 1;
	s->good = 0;
}

void breaker_init(struct breaker *b, int threshold, int64_t wait_min_ms, int64_t wait_max_ms)
{
	*b = (struct breaker){ .state = BREAKER_CLOSED };
	b->threshold = threshold > 1 ? threshold : 1;
	b->wait_min_ms = wait_min_ms > 1 ? wait_min_ms : 1;
	b->wait_max_ms = wait_max_ms > b->wait_min_ms ? wait_max_ms : b->wait_min_ms;
	b->wait_ms = b->wait_min_ms;
}

bool breaker_may_send(const struct breaker *b)
{
	return b->state == BREAKER_CLOSED;
}

bool breaker_may_probe(const struct breaker *b, int64_t now)
{
	/* before `since` the clock has jumped: better one probe too early than none for hours */
	return b->state == BREAKER_OPEN && (now >= b->probe_at || now < b->since);
}

void breaker_probing(struct breaker *b)
{
	if (b->state == BREAKER_OPEN)
		b->state = BREAKER_HALF_OPEN;
}

bool breaker_success(struct breaker *b)
{
	bool was_shut = b->state != BREAKER_CLOSED;

	b->state = BREAKER_CLOSED;
	b->failures = 0;
	b->wait_ms = b->wait_min_ms;
	b->why[0] = '\0';
	return was_shut;
}

static void open_until(struct breaker *b, int64_t wait_ms, int64_t now)
{
	b->state = BREAKER_OPEN;
	b->wait_ms = wait_ms;
	b->probe_at = now + wait_ms;
}

bool breaker_failure(struct breaker *b, bool at_once, const char *why, int64_t now)
{
	if (b->failures < b->threshold)
		b->failures++;
	switch (b->state) {
	case BREAKER_CLOSED:
		if (!at_once && b->failures < b->threshold)
			return false;
		snprintf(b->why, sizeof(b->why), "%s", why ? why : "");
		b->since = now;
		open_until(b, b->wait_min_ms, now);
		return true;
	case BREAKER_OPEN: /* a request that was under way when it opened: no probe, no longer wait
			    */
		return false;
	case BREAKER_HALF_OPEN:
		snprintf(b->why, sizeof(b->why), "%s", why ? why : "");
		open_until(b, doubled(b->wait_ms, b->wait_max_ms), now);
		return false;
	}
	abort();
}

const char *breaker_name(enum breaker_state state)
{
	switch (state) {
	case BREAKER_CLOSED:
		return "closed";
	case BREAKER_OPEN:
		return "open";
	case BREAKER_HALF_OPEN:
		return "half_open";
	}
	abort();
}
