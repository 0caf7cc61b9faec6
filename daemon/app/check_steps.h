/* The rungs of the ladder, and what they share. For check*.c only. */
#ifndef APP_CHECK_STEPS_H
#define APP_CHECK_STEPS_H

#include <stdbool.h>
#include "app/app.h"

/* A rung starts a request (true; its answer calls check_next_step), or adds its results at once. */
typedef bool check_rung(struct app *app);

/* ConnectWise */
check_rung rung_login, rung_keys, rung_security, rung_companies, rung_tickets, rung_add, rung_edit,
	rung_close, rung_member, rung_board, rung_boards, rung_statuses;
/* this host */
check_rung rung_status_settings, rung_sync, rung_contact, rung_disk;

enum step_state { STEP_OK, STEP_FAILED, STEP_WARNING, STEP_SKIPPED };
/* Texts are copied; saw and remedy may be NULL. STEP_FAILED: the whole check fails. */
void check_add(struct app *app, const char *name, enum step_state state, const char *saw,
	const char *remedy);
void check_next_step(struct app *app);
/* No further rung makes sense. */
void check_end(struct app *app);

/* A request of a permission's verb was answered. saw: what to say if it worked. required: must it?
 */
void check_add_outcome(struct app *app, const char *name, const struct cw_answer *answer,
	bool required, const char *saw);
/* Permissions: what was seen of a row, by a request or by the role's own list. */
void check_saw_row(struct app *app, int row, enum seen seen);

#endif
