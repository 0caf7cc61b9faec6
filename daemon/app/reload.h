/* A new configuration, whole or not at all. While the login in use works, a login, a board or a
 * status that differs is tried first, beside it: what ConnectWise refuses never replaces what
 * works. */
#ifndef APP_RELOAD_H
#define APP_RELOAD_H

#include <stdbool.h>
#include <stdint.h>
#include "app/audit.h"
#include "io/api.h"

struct app;
struct conf;
struct trial;

enum reload_state { RELOAD_NONE, RELOAD_DONE, RELOAD_REFUSED, RELOAD_PROVING };

/* The last reload. */
struct reload {
	enum reload_state state;
	struct audit_who who; /* asked for it */
	char *changed; /* names of changed keys, comma-separated; owned */
	char *why; /* RELOAD_REFUSED: a sentence with every fault as far as it fits; owned */
	struct trial *trial; /* owned; with RELOAD_PROVING */
};

/* Read the file again and take it over, or begin to prove it; the state says which. */
void reload(struct app *app, const struct audit_who *who);
void reload_tick(struct app *app); /* once a turn: has the proof come? */
/* Send it; as cw_release does. */
int64_t reload_release(struct app *app, int64_t now);
void reload_free(struct reload *r); /* before the event base */
/* The local server's limits: as configured, as far as the limit of open files allows. */
struct api_limits reload_limits(const struct conf *conf);
/* Log level and format of a configuration. */
void reload_log(const struct conf *conf);

#endif
