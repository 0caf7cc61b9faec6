/* The rungs of the security role: each permission is tried by a request that changes nothing. */
#include "app/check_steps.h"

#include <stdio.h>
#include "base/mem.h"
#include "base/str.h"

/* A row's remedy: which module, function and level to change. gives */
static char *role_row(int row)
{
	return xasprintf(
		"in ConnectWise: System > Security Roles > the API member's role > %s > %s: set "
		"%s to All",
		permissions[row].module, permissions[row].function, permissions[row].level);
}

/* "All", "My" or "None", as the role's own list has it; NULL: not told. */
static const char *level_told(const struct check *check, int row)
{
	const struct permission *p = &permissions[row];
	const char *name = str_eq(p->level, "Add") ? "addLevel"
		: str_eq(p->level, "Edit")         ? "editLevel"
						   : "inquireLevel";
	const cJSON *line;

	cJSON_ArrayForEach(line, check->security)
	{
		const char *function = json_str(line, "moduleFunctionName");

		if (function && str_eq_nocase(function, p->function))
			return json_str(line, name);
	}
	return NULL;
}

static void add_allowed(struct app *app, const char *name, int row, const char *saw)
{
	CLEANUP(mem_free) char *remedy = row >= 0 ? role_row(row) : NULL;
	const char *level = row >= 0 ? level_told(&app->check, row) : NULL;

	check_saw_row(app, row, SEEN_OK);
	if (level && (str_eq_nocase(level, "My") || str_eq_nocase(level, "Mine")))
		check_add(app, name, STEP_WARNING,
			"allowed, but with the level My: records that are not the API member's own "
			"are left out without a word",
			remedy);
	else
		check_add(app, name, STEP_OK, saw, NULL);
}

/* The remedy says which row; here only what was answered, and what it costs. */
static void add_denied(struct app *app, const char *name, const struct cw_answer *answer,
	bool required, const char *remedy)
{
	CLEANUP(mem_free)
	char *saw = xasprintf("the role does not allow it (HTTP %d): %s", answer->status,
		permissions[permission_of(answer->verb)].lost);

	check_add(app, name, required ? STEP_FAILED : STEP_WARNING, saw, remedy);
}

void check_add_outcome(struct app *app, const char *name, const struct cw_answer *answer,
	bool required, const char *saw)
{
	int row = permission_of(answer->verb);
	bool denied = answer->outcome.class == OUTCOME_DENIED;
	CLEANUP(mem_free) char *remedy = denied && row >= 0 ? role_row(row) : NULL;

	if (denied)
		check_saw_row(app, row, SEEN_MISSING);
	if (answer->outcome.class == OUTCOME_DONE)
		add_allowed(app, name, row, saw);
	else if (denied && row >= 0)
		add_denied(app, name, answer, required, remedy);
	else
		check_add(app, name, STEP_FAILED, answer->outcome.reason, remedy);
}

static void on_security(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	char saw[128];

	app->check.call = NULL;
	if (answer->outcome.class == OUTCOME_DONE) {
		app->check.security = json_copy(answer->body);
		snprintf(saw, sizeof(saw), "its levels can be read (%d functions)",
			cJSON_GetArraySize(app->check.security));
		check_add(app, "security role", STEP_OK, saw, NULL);
	} else {
		check_add(app, "security role", STEP_SKIPPED,
			"ConnectWise does not show its levels to this member; each permission is "
			"tried instead",
			NULL);
	}
	check_next_step(app);
}

bool rung_security(struct app *app)
{
	app->check.call = cw_my_security(app->cw, on_security, app);
	return true;
}

static void on_companies(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	check_add_outcome(app, "read companies", answer, true, "the role may read companies");
	check_next_step(app);
}

bool rung_companies(struct app *app)
{
	app->check.call = cw_probe(app->cw, on_companies, app);
	return true;
}

static void on_tickets(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	check_add_outcome(app, "read tickets", answer, true, "the role may read service tickets");
	check_next_step(app);
}

bool rung_tickets(struct app *app)
{
	app->check.call = cw_ticket_probe(app->cw, on_tickets, app);
	return true;
}

/* The request could only be refused; what for, shows the right. */
static void add_probe(
	struct app *app, const char *name, const struct cw_answer *answer, const char *saw)
{
	enum outcome_class class = answer->outcome.class;

	if (class == OUTCOME_REFUSED ||
		(class == OUTCOME_GONE && !answer->outcome.maybe_upgraded)) {
		add_allowed(app, name, permission_of(answer->verb), saw);
	} else {
		check_add_outcome(app, name, answer, true, saw);
		if (class == OUTCOME_DENIED && !app->check.alone)
			link_saw(app, answer);
	}
}

static void on_add(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	add_probe(app, "add tickets", answer,
		"the role may add service tickets (an empty one was refused as it should be)");
	check_next_step(app);
}

bool rung_add(struct app *app)
{
	app->check.call = cw_add_probe(app->cw, on_add, app);
	return true;
}

static void on_edit(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	add_probe(app, "edit tickets", answer,
		"the role may edit service tickets (one that does not exist was not found)");
	check_next_step(app);
}

bool rung_edit(struct app *app)
{
	app->check.call = cw_edit_probe(app->cw, on_edit, app);
	return true;
}

static bool policies_close(const struct conf *conf)
{
	return conf->ticket.policy.on_resolved == ON_END_CLOSE ||
		conf->ticket.policy.on_ignored == ON_END_CLOSE ||
		conf->ticket.policy.on_closed == ON_CLOSED_REOPEN ||
		conf->ticket.on_duplicate == ON_DUPLICATE_CLOSE;
}

/* No request shows this right without closing a ticket: only the role's own list tells. */
bool rung_close(struct app *app)
{
	CLEANUP(mem_free) char *remedy = role_row(PERMISSION_CLOSE);
	const char *level = level_told(&app->check, PERMISSION_CLOSE);
	bool missing = level && str_eq_nocase(level, "None");

	if (level)
		check_saw_row(app, PERMISSION_CLOSE, missing ? SEEN_MISSING : SEEN_OK);
	if (!policies_close(app->conf))
		check_add(app, "close tickets", STEP_SKIPPED,
			"no policy of this configuration closes or reopens tickets", NULL);
	else if (!level)
		check_add(app, "close tickets", STEP_SKIPPED,
			"it cannot be tried without closing a ticket", NULL);
	else if (missing) {
		if (!app->check.alone) /* no request tells it */
			app->link.permissions[PERMISSION_CLOSE] = SEEN_MISSING;
		check_add(app, "close tickets", STEP_WARNING, permissions[PERMISSION_CLOSE].lost,
			remedy);
	} else
		add_allowed(app, "close tickets", PERMISSION_CLOSE,
			"the role may close and reopen service tickets");
	return false;
}
