/* The way to ConnectWise: base address, proof of the keys, circuit breaker, slots, and which
 * permissions were seen to work. Every answer passes by here once (link_saw). */
#ifndef APP_LINK_H
#define APP_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include "core/outcome.h"
#include "core/pace.h"

struct app;
struct cw_answer;
struct cw_call;

enum link_state { LINK_UNKNOWN, LINK_OK, LINK_FAILED };
/* With LINK_FAILED: what only a person can mend, or anything else. */
enum link_fault { LINK_FAULT_OTHER, LINK_FAULT_KEYS, LINK_FAULT_CERTIFICATE };
enum link_phase { LINK_IDLE, LINK_LOGIN, LINK_PROBE };
enum seen { SEEN_NOT, SEEN_OK, SEEN_MISSING };

struct link {
	enum link_state state;
	enum link_phase phase;
	struct cw_call *call;
	char error[512]; /* with LINK_FAILED: the sentence */
	enum link_fault fault;
	int64_t checked_at; /* wall ms of the last answer that shows how things are; 0: never */
	bool was_open; /* at the last turn */
	int64_t since_at; /* wall ms since when it is as it is; 0: since the start */
	int64_t next_at; /* monotonic ms: next check while the way is not open; 0: none */
	bool suspect; /* the codebase may be old: read it again with the next check */
	int64_t reread_after; /* monotonic ms: not at once again before then */
	struct breaker breaker;
	struct slots slots;
	enum seen permissions[PERMISSION_COUNT];
};

void link_init(struct app *app);
void link_tick(struct app *app, int64_t now);
int64_t link_next(const struct app *app); /* monotonic ms; 0: nothing planned */
void link_reset(struct app *app); /* forget what is in flight */
/* New settings: credentials are proved again before anything else is sent. */
void link_reconfigure(struct app *app, bool prove);
/* May ordinary requests leave? */
bool link_open(const struct app *app);
/* Each answer to an ordinary request: breaker, slots, permissions. */
void link_saw(struct app *app, const struct cw_answer *answer);
/* A right was seen to be there by other means than a request that worked. row: of permissions[]. */
void link_has(struct app *app, int row);
/* All is well again: probe at once if the breaker is open, and let waiting incidents try now. */
void link_wake(struct app *app);
const char *link_state_name(enum link_state state);

#endif
