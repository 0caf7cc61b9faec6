/* When the emergency contact is told, and of what. Pure: facts, the time and what was told before
 * are given; out come the message that is due and the next state.
 *
 * A cause counts once it has lasted as long as its rule says, is told once it has held for
 * rules.hold more, and its end once that has held as long: what flaps says nothing. Causes that
 * begin together go in one message. What could not be told yet (the limit of an hour, mail that
 * fails) is not queued: the next message is made from how things are then, and names what came and
 * went in between.
 *
 * Each way of telling (log, mail, hook) has a state of its own, since one may fail alone. */
#ifndef CORE_ALARM_H
#define CORE_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/tidy.h"

enum cause {
	CAUSE_KEYS, /* ConnectWise refuses the credentials */
	CAUSE_CERTIFICATE, /* its certificate is not trusted */
	CAUSE_CONNECTION, /* any other reason why nothing is sent: the breaker is open */
	CAUSE_PERMISSION, /* a required permission is missing */
	CAUSE_STORE, /* the queue cannot be written */
	CAUSE_ROOM, /* disk or queue nearly full */
	CAUSE_UNDELIVERED, /* events wait for ConnectWise too long */
	CAUSE_HELD, /* events wait for a mapping too long */
	CAUSE_DEAD, /* ConnectWise refused events for good */
	CAUSE_SILENCE, /* no event comes in */
	CAUSE_STOPPED, /* the daemon ended and stays so: never watched, told by opbridged
			* --tell-failure
			*/
	CAUSE_COUNT
};
const char *cause_name(enum cause cause); /* lends: "keys" */

/* What is seen of one cause. */
struct alarm_fact {
	bool known; /* false: cannot be told just now, what was holds on */
	bool bad;
	int64_t since; /* wall ms; 0: since it is seen */
	uint64_t pieces; /* which parts of it are bad (permission rows); a new one is news */
	uint64_t pieces_unknown; /* parts that cannot be told just now */
	int64_t n; /* how many; more of them is news where the rule says so */
	char detail[512]; /* what was seen, for the message; "" */
};

struct alarm_rules {
	int64_t hold; /* ms that a change must last before it is told */
	int64_t after[CAUSE_COUNT]; /* ms that it must be bad before it counts; -1: never */
	int64_t remind; /* ms between reminders; 0: none */
	int per_hour; /* messages, 1..ALARM_PER_HOUR_MAX */
};
#define ALARM_PER_HOUR_MAX 60
#define ALARM_HOUR_MS (INT64_C(60) * 60 * 1000)

/* Of one cause. Times are wall ms, 0: not. */
struct alarm_mark {
	int64_t bad_at; /* it is bad, since then */
	int64_t since; /* of what is raised: since when it is bad, for people */
	int64_t raised_at; /* it has counted since then */
	int64_t clear_at; /* raised, and over since then */
	int64_t told_at; /* the last message that named it */
	bool told; /* a message said that it is so, none that it is over */
	bool owed; /* it was to be told but could not be */
	uint64_t pieces, told_pieces;
	int64_t told_n;
};
struct alarm_state {
	struct alarm_mark marks[CAUSE_COUNT];
	int64_t sent[ALARM_PER_HOUR_MAX]; /* when the last messages left; 0: none */
};

/* Take the facts in. */
void alarm_watch(struct alarm_state *s, const struct alarm_rules *rules,
	const struct alarm_fact facts[CAUSE_COUNT], int64_t now);

enum alarm_kind { ALARM_RAISED, ALARM_WORSE, ALARM_REMINDER, ALARM_OVER };
const char *alarm_kind_name(enum alarm_kind kind); /* lends: "raised" */
struct alarm_line {
	enum cause cause;
	enum alarm_kind kind;
	int64_t since, until; /* wall ms; until: of ALARM_OVER */
	uint64_t pieces;
	int64_t n;
	char detail[512];
};
struct alarm_message {
	struct alarm_line lines[CAUSE_COUNT]; /* raised ones first, ends last */
	size_t n;
	bool limited; /* the limit of an hour is reached with it */
};
/* Is a message due? Its lines are what will be told by it. */
bool alarm_due(const struct alarm_state *s, const struct alarm_rules *rules,
	const struct alarm_fact facts[CAUSE_COUNT], int64_t now, struct alarm_message *ret);
/* It was delivered. */
void alarm_told(struct alarm_state *s, const struct alarm_message *m, int64_t now);

/* Told or due to be told as being so: what a status shows. */
bool alarm_active(const struct alarm_mark *mark);

/* ==== alarm_state.c: what survives a restart ==== */
char *alarm_state_text(const struct alarm_state *s) MUST_CHECK; /* one line of JSON; gives */
/* NULL or a text that is none: an empty state. */
void alarm_state_read(const char *text, struct alarm_state *ret);

#endif
