#include "core/alarm.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* What got worse is told again, but not more often than this many hold times. */
#define WORSE_EVERY 60

static const struct {
	const char *name;
	bool counts; /* more of it is news: each dead event is one that nobody was told of */
} causes[] = {
	[CAUSE_KEYS] = { "keys", false },
	[CAUSE_CERTIFICATE] = { "certificate", false },
	[CAUSE_CONNECTION] = { "connection", false },
	[CAUSE_PERMISSION] = { "permission", false },
	[CAUSE_STORE] = { "store", false },
	[CAUSE_ROOM] = { "room", false },
	[CAUSE_UNDELIVERED] = { "undelivered", false },
	[CAUSE_HELD] = { "held", false },
	[CAUSE_DEAD] = { "dead", true },
	[CAUSE_SILENCE] = { "silence", false },
	[CAUSE_STOPPED] = { "stopped", false },
};
_Static_assert(ARRAY_LEN(causes) == CAUSE_COUNT, "a cause without a row");

const char *cause_name(enum cause cause)
{
	return causes[cause].name;
}

const char *alarm_kind_name(enum alarm_kind kind)
{
	switch (kind) {
	case ALARM_RAISED:
		return "raised";
	case ALARM_WORSE:
		return "worse";
	case ALARM_REMINDER:
		return "reminder";
	case ALARM_OVER:
		return "over";
	}
	abort();
}

bool alarm_active(const struct alarm_mark *mark)
{
	return mark->told || mark->owed;
}

/* ==== facts ==== */

static bool counts(const struct alarm_mark *m, int64_t after, int64_t now)
{
	return after >= 0 && m->bad_at && now - m->bad_at >= after;
}

static void watch_good(struct alarm_mark *m, int64_t now)
{
	if (!alarm_active(m))
		m->raised_at = m->since = 0;
	else if (!m->clear_at)
		m->clear_at = now;
}

static void watch_bad(
	struct alarm_mark *m, int64_t after, const struct alarm_fact *fact, int64_t now)
{
	if (fact->since)
		m->bad_at = fact->since;
	else if (!m->bad_at) /* back before its end was told: it never ended */
		m->bad_at = m->raised_at ? m->since : now;
	if (!counts(m, after, now)) {
		if (fact->since)
			m->bad_at = 0;
		watch_good(m, now);
		return;
	}
	if (!m->raised_at) {
		m->raised_at = now;
		m->since = m->bad_at;
	}
	m->clear_at = 0;
}

/* Marks of a future that a clock set back has taken away. */
static void tame(int64_t *at, int64_t now)
{
	if (*at > now)
		*at = now;
}

static void watch(struct alarm_mark *m, int64_t after, const struct alarm_fact *fact, int64_t now)
{
	uint64_t pieces = fact->pieces | (m->pieces & fact->pieces_unknown);

	if (!fact->known)
		return;
	if (!fact->bad && !pieces) {
		m->bad_at = 0;
		m->pieces = 0;
		watch_good(m, now);
		return;
	}
	watch_bad(m, after, fact, now);
	m->pieces = pieces;
	m->told_pieces &= pieces; /* lost again later is news again */
	if (fact->n < m->told_n)
		m->told_n = fact->n;
}

void alarm_watch(struct alarm_state *s, const struct alarm_rules *rules,
	const struct alarm_fact facts[CAUSE_COUNT], int64_t now)
{
	int i;

	for (i = 0; i < CAUSE_COUNT; i++) {
		struct alarm_mark *m = &s->marks[i];

		tame(&m->bad_at, now);
		tame(&m->since, now);
		tame(&m->raised_at, now);
		tame(&m->clear_at, now);
		tame(&m->told_at, now);
		watch(m, rules->after[i], &facts[i], now);
		if (!m->told && m->raised_at && !m->clear_at && now - m->raised_at >= rules->hold)
			m->owed = true;
	}
	for (i = 0; i < ALARM_PER_HOUR_MAX; i++)
		tame(&s->sent[i], now);
}

/* ==== what is due ==== */

static bool is_worse(enum cause cause, const struct alarm_mark *m, const struct alarm_fact *fact)
{
	return (m->pieces & ~m->told_pieces) ||
		(causes[cause].counts && fact->known && fact->n > m->told_n);
}

/* When the cause is to be named next, if nothing changes; INT64_MAX: not. */
static int64_t due_at(const struct alarm_mark *m, enum cause cause, const struct alarm_fact *fact,
	const struct alarm_rules *rules, enum alarm_kind *ret_kind)
{
	int64_t remind = rules->remind ? m->told_at + rules->remind : INT64_MAX;
	int64_t worse = m->told_at + WORSE_EVERY * rules->hold;

	if (!m->raised_at)
		return INT64_MAX;
	if (m->clear_at) {
		*ret_kind = ALARM_OVER;
		return m->clear_at + rules->hold;
	}
	if (!m->told) {
		*ret_kind = ALARM_RAISED;
		return m->raised_at + rules->hold;
	}
	if (is_worse(cause, m, fact) && worse < remind) {
		*ret_kind = ALARM_WORSE;
		return worse;
	}
	*ret_kind = ALARM_REMINDER;
	return remind;
}

static int sent_in_hour(const struct alarm_state *s, int64_t now)
{
	int i, n = 0;

	for (i = 0; i < ALARM_PER_HOUR_MAX; i++)
		n += s->sent[i] && now - s->sent[i] < ALARM_HOUR_MS;
	return n;
}

static void put_line(const struct alarm_mark *m, enum cause cause, enum alarm_kind kind,
	const struct alarm_fact *fact, struct alarm_message *ret)
{
	struct alarm_line *line = &ret->lines[ret->n++];

	*line = (struct alarm_line){
		.cause = cause,
		.kind = kind,
		.since = m->since,
		.until = kind == ALARM_OVER ? m->clear_at : 0,
		.pieces = m->pieces,
		.n = fact->n,
	};
	if (kind != ALARM_OVER)
		memcpy(line->detail, fact->detail, sizeof(line->detail));
}

/* Lines of this kind that are due now; all: also those that are not due yet. */
static void put_due(const struct alarm_state *s, const struct alarm_rules *rules,
	const struct alarm_fact facts[CAUSE_COUNT], int64_t now, enum alarm_kind kind, bool all,
	struct alarm_message *ret)
{
	int i;

	for (i = 0; i < CAUSE_COUNT; i++) {
		const struct alarm_mark *m = &s->marks[i];
		enum alarm_kind is = ALARM_RAISED;
		int64_t at = due_at(m, (enum cause)i, &facts[i], rules, &is);

		if (is == kind && at != INT64_MAX && (all || at <= now))
			put_line(m, (enum cause)i, kind, &facts[i], ret);
	}
}

/* One that is due takes the others along, so that they come together from then on. */
static void put_reminders(const struct alarm_state *s, const struct alarm_rules *rules,
	const struct alarm_fact facts[CAUSE_COUNT], int64_t now, struct alarm_message *ret)
{
	size_t before = ret->n;

	put_due(s, rules, facts, now, ALARM_REMINDER, false, ret);
	if (ret->n == before)
		return;
	ret->n = before;
	put_due(s, rules, facts, now, ALARM_REMINDER, true, ret);
}

/* Another change is on its way and will be due within a hold time: they go together. */
static bool more_soon(const struct alarm_state *s, const struct alarm_rules *rules,
	const struct alarm_fact facts[CAUSE_COUNT], int64_t now)
{
	int64_t first = INT64_MAX, next = INT64_MAX;
	int i;

	for (i = 0; i < CAUSE_COUNT; i++) {
		enum alarm_kind kind = ALARM_REMINDER;
		int64_t at = due_at(&s->marks[i], (enum cause)i, &facts[i], rules, &kind);

		if (at < first)
			first = at;
		if (at > now && at < next && kind != ALARM_REMINDER && kind != ALARM_WORSE)
			next = at;
	}
	return next != INT64_MAX && next <= first + rules->hold && now < first + rules->hold;
}

bool alarm_due(const struct alarm_state *s, const struct alarm_rules *rules,
	const struct alarm_fact facts[CAUSE_COUNT], int64_t now, struct alarm_message *ret)
{
	int sent = sent_in_hour(s, now);

	*ret = (struct alarm_message){ .limited = sent + 1 == rules->per_hour };
	put_due(s, rules, facts, now, ALARM_RAISED, false, ret);
	put_due(s, rules, facts, now, ALARM_WORSE, false, ret);
	put_reminders(s, rules, facts, now, ret);
	put_due(s, rules, facts, now, ALARM_OVER, false, ret);
	return ret->n && sent < rules->per_hour && !more_soon(s, rules, facts, now);
}

static void note_sent(struct alarm_state *s, int64_t now)
{
	int i, oldest = 0;

	for (i = 1; i < ALARM_PER_HOUR_MAX; i++)
		if (s->sent[i] < s->sent[oldest])
			oldest = i;
	s->sent[oldest] = now;
}

static void told_over(struct alarm_mark *m, int64_t now)
{
	m->told = m->owed = false;
	m->told_pieces = 0;
	m->told_n = 0;
	if (m->clear_at)
		m->raised_at = m->since = m->clear_at = 0;
	else if (m->raised_at) /* it came back while the message was under way */
		m->raised_at = m->since = now;
}

void alarm_told(struct alarm_state *s, const struct alarm_message *message, int64_t now)
{
	size_t i;

	for (i = 0; i < message->n; i++) {
		const struct alarm_line *line = &message->lines[i];
		struct alarm_mark *m = &s->marks[line->cause];

		if (!m->raised_at)
			continue; /* forgotten meanwhile */
		m->told_at = now;
		if (line->kind == ALARM_OVER) {
			told_over(m, now);
			continue;
		}
		m->told = true;
		m->owed = false;
		m->told_pieces = line->pieces;
		m->told_n = line->n;
	}
	note_sent(s, now);
}
