/* The daemon's one object: everything that is not the log level hangs off it. Modules of app/ take
 * it as their first parameter; nothing below app/ knows it. */
#ifndef APP_APP_H
#define APP_APP_H

#include <stdbool.h>
#include <stdint.h>
#include <event2/event.h>
#include "app/alarm.h"
#include "app/backup.h"
#include "app/board.h"
#include "app/check.h"
#include "app/delivery.h"
#include "app/link.h"
#include "app/paused.h"
#include "app/reload.h"
#include "app/sync.h"
#include "app/turn.h"
#include "app/twins.h"
#include "io/api.h"
#include "io/conf.h"
#include "io/cw.h"
#include "io/store.h"

struct app {
	struct event_base *base;
	struct conf *conf; /* owned: a reference */
	struct store *store;
	struct api *api;
	struct cw *cw;
	struct turn turn;
	struct link link;
	struct board board;
	struct sync sync;
	struct delivery delivery;
	struct check check;
	struct alarm alarm;
	struct reload reload;
	struct paused paused;
	struct copy copy;
	int64_t restored_at; /* wall ms: the queue was put back from a backup; 0: it was not */
	struct twin *twins; /* owned */
	int64_t started_at; /* wall ms */
	int64_t clock_offset; /* wall clock less monotonic clock, ms, at the last turn */
	int64_t prune_at; /* monotonic ms: next look for finished events to delete */
	int64_t idle_at; /* monotonic ms: next time to tidy the store */
	int64_t stop_by; /* monotonic ms: stopping, and at the latest then; 0: running */
	int exit_status; /* sysexits; set with app_quit */
	bool quit;
};

/* Leave the loop after this turn. */
void app_quit(struct app *app, int exit_status);

#endif
