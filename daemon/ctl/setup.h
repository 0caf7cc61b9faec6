/* `opbridge setup`: what its parts share. The order of things is in setup.c; asking the questions
 * in setup_answers.c, trying the answers in setup_try.c, the board in setup_board.c, writing and
 * telling the daemon in setup_write.c. */
#ifndef CTL_SETUP_H
#define CTL_SETUP_H

#include <stdbool.h>
#include "base/json.h"
#include "ctl/ctl.h"
#include "ctl/setup_ask.h"
#include "ctl/setup_file.h"
#include "ctl/setup_key.h"

/* What may be set up alone: `opbridge setup board`. */
enum setup_section {
	SECTION_SITE = 1 << 0,
	SECTION_KEY = 1 << 1,
	SECTION_BOARD = 1 << 2,
	SECTION_STATUS = 1 << 3,
	SECTION_LANGUAGE = 1 << 4,
	SECTION_ZONE = 1 << 5,
	SECTION_MAIL = 1 << 6,
	SECTION_MAP = 1 << 7,
	SECTION_ALL = (1 << 8) - 1,
};

/* owned by run_setup */
struct setup {
	struct ctl *ctl;
	const struct args *args;
	struct ask ask;
	unsigned sections; /* of enum setup_section */
	bool dry_run, force;
	bool again; /* after a failed trial: all is asked, whatever was given by options */

	char *daemon; /* opbridged */
	char *known; /* "\nKEY\nKEY\n": the settings it knows */
	struct setup_file file;
	char *before; /* the configuration as it is; the template where there is none */
	char *text; /* as it is to be */
	char *folder; /* where it is */
	char *socket; /* the daemon's, as it says; NULL: not said */
	struct setup_key key, password;
	char *lent; /* the folder with what is being tried; NULL: none */

	bool service; /* systemd runs the daemon with this configuration */
	bool written; /* what follows cannot be taken back by stopping */

	cJSON *verdict; /* of the last trial; NULL: none came that far */
	cJSON *steps; /* of it */
	char *failed_step; /* the first that failed in it; NULL: none */
	bool denied; /* a permission was missing in it */
	int exit; /* of the last trial */
};

#define SETUP_CONF OPBRIDGE_SYSCONFDIR "/opbridge.conf"
#define SETUP_UNSET "CHANGE-ME" /* what the shipped file has for an answer */

/* The parts return EXIT_OK to go on, an exit code after having said why, ASK_STOPPED or ASK_ENDED.
 */

/* --NAME, or $OPBRIDGE_SETUP_NAME; NULL: neither. lends. */
const char *setup_given(const struct setup *s, const char *option);
/* A setting of the text so far; NULL if it is not set, or only with the shipped file's CHANGE-ME.
 * gives: mem_free. */
char *setup_get(const struct setup *s, const char *key) MUST_CHECK;
void setup_set(struct setup *s, const char *key, const char *value);
bool setup_knows(const struct setup *s, const char *key); /* does the daemon have this setting? */

void setup_gap(const struct setup *s); /* an empty line between two things said */

/* Every answer that these sections need, or, without a person, the list of what is missing. */
int setup_answers(struct setup *s, unsigned sections) MUST_CHECK;
/* The board and the status that were given by options. */
int setup_board_given(struct setup *s) MUST_CHECK;
/* The board and the status of new tickets, by what the last trial saw. */
int setup_board(struct setup *s) MUST_CHECK;

/* What the daemon says of one setting of the text so far; NULL: nothing against it. gives. */
int setup_judge(struct setup *s, const char *key, char **ret_fault) MUST_CHECK;
int setup_known(struct setup *s) MUST_CHECK; /* fills s->known */
/* The daemon climbs its ladder with the text so far; each step is shown as it comes. Returns
 * EXIT_OK also when it failed: s->exit says so. all: every step; else those that failed. */
int setup_try(struct setup *s, bool all) MUST_CHECK;
/* Is the whole text one that the daemon starts with? */
int setup_final_test(struct setup *s) MUST_CHECK;
/* Until a trial succeeds, or a person wants to write all the same. all: as for setup_try. */
int setup_try_until_good(struct setup *s, bool all) MUST_CHECK;

/* The answer for --json. changed: takes; NULL: nothing. */
void setup_print_json(const struct setup *s, bool ok, cJSON *changed);
/* The settings that change, as names; 0: none. show: told to people as well. */
size_t setup_changes(const struct setup *s, bool show, cJSON *names);
int setup_write(struct setup *s) MUST_CHECK;

/* Does systemd run the daemon, and with which configuration? Fills s->service. */
int setup_find_service(struct setup *s) MUST_CHECK;
/* An old key that was kept until a restart goes once the daemon is connected with its successor. */
void setup_forget_old_key(struct setup *s);
bool setup_connected(const struct setup *s); /* does it run, and is it connected? */
/* The running daemon takes the change over, or what to type so that it does. *ret_connected: it
 * answers, and is connected to ConnectWise. */
int setup_tell(struct setup *s, bool *ret_connected) MUST_CHECK;

#endif
