/* The end of each turn of the loop: take in results, claim work, ONE commit, release effects.
 *
 * Effects are replies to clients, requests to ConnectWise and log lines about what became of
 * events: they are noted while callbacks run and released only after the commit that records them.
 * When the commit fails they are refused, dropped and forgotten, and the rows say what is true. */
#ifndef APP_TURN_H
#define APP_TURN_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/log.h"

struct app;
struct said;

struct turn {
	struct event *timer;
	bool broken; /* the store failed in this turn: nothing of it may count */
	struct fault why;
	bool recover; /* rows of work that was forgotten must be put right first */
	int64_t commits; /* counted in debug builds */
	int failures; /* turns that failed in a row */
	int64_t retry_at; /* monotonic ms */
	struct said *said, **said_end; /* log lines that wait for the commit */
};

void turn_init(struct app *app);
void turn_free(struct app *app);
void turn_end(struct app *app);
/* The store failed: undo the whole turn at its end. */
void turn_fail(struct app *app, const struct fault *why);
/* Can rows be written just now? If not, *ret_why says why not; lends. */
bool turn_may_write(const struct app *app, const char **ret_why);
/* Ask for another turn at once. */
void turn_again(struct app *app);

/* A log line that is only true once this turn is committed. */
void turn_say(struct app *app, enum log_level level, const char *msg,
	const struct log_field *fields, size_t n);
#define TURN_SAY(app, level, msg, ...)                                                             \
	do {                                                                                       \
		const struct log_field f_[] = { { 0 }, ##__VA_ARGS__ };                            \
		turn_say((app), (level), (msg), f_ + 1, sizeof(f_) / sizeof(f_[0]) - 1);           \
	} while (0)

#endif
