/* The board that tickets go to and its statuses: from the API member's defaults, else by the
 * configured member, else the configured board, else none (ConnectWise then chooses by itself).
 * Also which status new, closed and reopened tickets get. */
#ifndef APP_BOARD_H
#define APP_BOARD_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/json.h"
#include "base/tidy.h"
#include "io/store_status.h"

struct app;
struct conf;
struct cw_call;

enum board_phase { BOARD_IDLE, BOARD_MY_MEMBER, BOARD_MEMBER, BOARD_CONFIGURED, BOARD_STATUSES };

/* Statuses that a configuration may set. */
enum board_setting { BOARD_CREATE, BOARD_CLOSE, BOARD_REOPEN, BOARD_SETTINGS };

struct board {
	enum board_phase phase;
	struct cw_call *call;
	int64_t id; /* 0: none known */
	char *name; /* or NULL */
	const char *source; /* "member", "identifier", "configured"; NULL: none */
	char *wanted; /* the settings that it was read for; or NULL */
	char *why; /* a sentence when something is missing; or NULL */
	char *said[BOARD_SETTINGS]; /* what the log has said of a status that is set; or NULL */
	int64_t read_at; /* wall ms of the last whole read; 0: never */
	int64_t next_at; /* monotonic ms */
	struct statuses statuses; /* of the board; empty: not known */
	/* ids, 0: none (the board's default, or no such wish) */
	int64_t create_status, closed_status, reopen_status;
	bool reloaded; /* nobody waits at a start: a wrong status is done without */
	bool status_checked; /* the configured creation status was good once under this
				configuration */
};

void board_init(struct app *app); /* what is remembered */
void board_free(struct board *board);
void board_soon(struct app *app); /* connected: read it now unless it was just read */
void board_tick(struct app *app, int64_t now);
int64_t board_next(const struct app *app);
void board_reset(struct app *app);
void board_reconfigure(struct app *app, bool other_board);
/* ConnectWise refused this status for new tickets: do without it from now on, read again soon. */
void board_status_refused(struct app *app, const char *why);

const struct status *board_status(const struct board *board, int64_t id); /* lends; NULL */
/* Would conf's statuses work with the statuses known now? Nothing known: yes.
 * -FAULT_CONFIG: a sentence that names the valid ones. */
int board_check_conf(
	const struct board *board, const struct conf *conf, struct fault *reterr) MUST_CHECK;
cJSON *board_json(const struct app *app); /* gives: the answer of GET /v1/board */

#endif
