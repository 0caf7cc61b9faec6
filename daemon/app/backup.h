/* The copy of the queue that a person asked for: a slice after each turn, so that nobody waits. */
#ifndef APP_BACKUP_H
#define APP_BACKUP_H

#include "app/audit.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/tidy.h"

struct app;
struct backup;

/* The last copy. */
struct copy {
	struct backup *work; /* owned; NULL: none is under way */
	char *path; /* owned; NULL: none was ever asked for */
	char *why; /* owned; why it failed; NULL: it did not */
	enum fault_code code; /* with why */
	int64_t began_at; /* monotonic ms */
	struct audit_who who;
};

/* -FAULT_CONFLICT: the file exists, or another copy is under way. */
int copy_start(struct app *app, const char *path, const struct audit_who *who,
	struct fault *reterr) MUST_CHECK;
void copy_tick(struct app *app); /* after the turn's commit */
void copy_free(struct app *app); /* before the store; an unfinished copy is removed */
cJSON *copy_json(const struct app *app); /* gives */

#endif
