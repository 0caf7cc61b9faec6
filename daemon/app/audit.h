/* Who changes what: notes for the audit trail, written in the turn of the change itself. */
#ifndef APP_AUDIT_H
#define APP_AUDIT_H

#include "io/store_audit.h"
#include "io/store_tenant.h"

struct app;
struct api_req;

#define AUDIT_USER_MAX 64 /* with its end */

/* Who asks: found once for each request. The user id is the kernel's word, the name that of
 * /etc/passwd; one that a directory keeps is left to whoever shows the trail. */
struct audit_who {
	int64_t uid; /* -1: not known */
	char user[AUDIT_USER_MAX]; /* "": not known */
	/* For whom the command says that it was called (root, through sudo, is many people); "".
	 * Only a word: who may use the control socket could say anything. */
	char login[AUDIT_USER_MAX];
	enum audit_how how;
};
struct audit_who audit_who(const struct api_req *req, enum audit_how how);
/* "alice (uid 1000)", "uid 1000", "root (uid 0) for alice". Returns buf. */
#define AUDIT_WHO_TEXT_MAX (2 * AUDIT_USER_MAX + 40)
const char *audit_who_text(const struct audit_who *who, char buf[AUDIT_WHO_TEXT_MAX]);

/* A change, without its time and its author. borrows all. tenant NULL: about none. */
struct audit_change {
	enum audit_action action;
	const struct tenant *tenant; /* as it was before, or NULL */
	int64_t from_company, to_company;
	const char *from_name, *to_name;
	int released, held, skipped;
	const char *detail;
};
int audit_note(struct app *app, const struct audit_who *who, const struct audit_change *change,
	struct fault *reterr) MUST_CHECK;
/* For what is done already and has no rows of its own (a reload, a backup): a store that fails here
 * undoes the turn; one that cannot be written just now leaves it to the log. */
void audit_tell(
	struct app *app, const struct audit_who *who, enum audit_action action, const char *detail);

#endif
