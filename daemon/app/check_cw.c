/* The rungs that ask ConnectWise: the way there, the login, the role. */
#include "app/check_steps.h"

#include <inttypes.h>
#include <stdio.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/secret.h"
#include "base/str.h"
#include "io/cw_view.h"

#define CLOCK_SKEW_MAX_MS (5 * 60 * 1000)

/* ==== the way there ==== */

/* Whose name and port the connection goes to first. */
static const char *first_host(const struct app *app)
{
	return str_is_blank(app->conf->cw.proxy) ? cw_site(app->cw) : app->conf->cw.proxy;
}

static void add_stage(struct app *app, const char *name, const struct cw_answer *answer,
	enum reach needed, const char *saw, const char *remedy)
{
	if (answer->reach >= needed)
		check_add(app, name, STEP_OK, saw, NULL);
	else if (answer->reach + 1 == needed)
		check_add(app, name, STEP_FAILED, answer->outcome.reason, remedy);
	else
		check_add(app, name, STEP_SKIPPED, NULL, NULL);
}

/* The first answer of a run came on a connection of its own and shows how far that went. */
static bool add_way(struct app *app, const struct cw_answer *answer)
{
	CLEANUP(mem_free)
	char *name = xasprintf("%s is %s", first_host(app),
		str_is_blank(answer->address) ? "a known name" : answer->address);

	if (app->check.reached)
		return true;
	app->check.reached = true;
	add_stage(app, "DNS", answer, REACH_NAME, name,
		"check the name of the site, and this host's resolver (resolvectl status)");
	add_stage(app, "TCP", answer, REACH_HOST, "a connection is made",
		"let HTTPS (TCP port 443) out from this host to ConnectWise, or set "
		"connectwise.proxy");
	add_stage(app, "TLS", answer, REACH_TLS, "the certificate is trusted",
		"check the clock and ca-certificates of this host, and whether a proxy opens TLS "
		"(then give its certificate in connectwise.ca_file)");
	app->check.reached_all = answer->reach == REACH_TLS;
	if (app->check.reached_all)
		return true;
	check_add(app, "keys", STEP_SKIPPED, "ConnectWise must be reached first", NULL);
	check_end(app);
	return false;
}

static void add_address(struct app *app, const struct company_info *info)
{
	CLEANUP(mem_free) char *host = site_api_host(cw_site(app->cw));
	CLEANUP(mem_free) char *base = site_base_url(host, info->codebase);
	const char *known = cw_base(app->cw);
	char saw[256];

	snprintf(saw, sizeof(saw), "\"%.100s\", %.100s", app->conf->cw.company,
		info->version ? info->version : "version unknown");
	check_add(app, "company id", STEP_OK, saw, NULL);
	snprintf(saw, sizeof(saw), "%.120s%s%.120s", info->codebase,
		known && !str_eq(known, base) ? "; until now " : "",
		known && !str_eq(known, base) ? known : "");
	check_add(app, "codebase", STEP_OK, saw, NULL);
	if (!known)
		cw_set_base(app->cw, base);
}

static void on_login(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct company_info info = { 0 };
	struct fault f = { 0 };

	app->check.call = NULL;
	if (add_way(app, answer)) {
		if (answer->outcome.class != OUTCOME_DONE)
			check_add(app, "company id", STEP_FAILED, answer->outcome.reason, NULL);
		else if (company_info_read(answer->body, &info, &f) < 0)
			check_add(app, "company id", STEP_FAILED, f.text, NULL);
		else
			add_address(app, &info);
		company_info_clear(&info);
	}
	check_next_step(app);
}

bool rung_login(struct app *app)
{
	if (!str_is_blank(app->conf->cw.base_url)) {
		check_add(app, "company id", STEP_SKIPPED, "connectwise.base_url is pinned", NULL);
		return false;
	}
	app->check.call = cw_login(app->cw, on_login, app);
	cw_fresh(app->check.call);
	return true;
}

/* ==== keys ==== */

static void add_clock(struct app *app, const struct cw_answer *answer)
{
	int64_t skew = answer->date_at ? now_wall_ms() - answer->date_at : 0;
	char saw[128];

	if (!answer->date_at)
		return;
	snprintf(saw, sizeof(saw), "this host's clock is %" PRId64 " s %s ConnectWise's",
		(skew < 0 ? -skew : skew) / 1000, skew < 0 ? "behind" : "ahead of");
	if (skew > CLOCK_SKEW_MAX_MS || skew < -CLOCK_SKEW_MAX_MS)
		check_add(app, "clock", STEP_WARNING, saw,
			"set the clock (timedatectl set-ntp true)");
	else
		check_add(app, "clock", STEP_OK, saw, NULL);
}

/* ConnectWise looks at the clientId first, then at the keys. */
static bool add_keys(struct app *app, const struct cw_answer *answer)
{
	enum outcome_class class = answer->outcome.class;
	char print[9], saw[64];

	secret_fingerprint(app->conf->cw.private_key, print);
	snprintf(saw, sizeof(saw), "accepted (private key %s)", print);
	if (class == OUTCOME_DONE || class == OUTCOME_DENIED) {
		check_add(app, "clientId", STEP_OK, "accepted", NULL);
		check_add(app, "keys", STEP_OK, saw, NULL);
		return true;
	}
	if (class == OUTCOME_STOP && answer->status == 403) {
		check_add(app, "clientId", STEP_FAILED, answer->outcome.reason,
			"take the GUID from https://developer.connectwise.com/ClientID");
		check_add(app, "keys", STEP_SKIPPED, "the clientId must be accepted first", NULL);
	} else {
		check_add(app, "keys", STEP_FAILED, answer->outcome.reason, NULL);
	}
	return false;
}

/* ==== permissions ==== */

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

static void add_outcome(struct app *app, const char *name, const struct cw_answer *answer,
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

static void on_keys(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	if (!add_way(app, answer)) {
		check_next_step(app);
		return;
	}
	if (add_keys(app, answer))
		add_clock(app, answer);
	else
		check_end(app);
	check_next_step(app);
}

bool rung_keys(struct app *app)
{
	if (!app->check.ok || !cw_base(app->cw)) {
		check_add(app, "keys", STEP_SKIPPED, "the company id must be found first", NULL);
		app->check.ok = false;
		check_end(app);
		return false;
	}
	app->check.call = cw_probe(app->cw, on_keys, app);
	if (!app->check.reached)
		cw_fresh(app->check.call);
	return true;
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
	add_outcome(app, "read companies", answer, true, "the role may read companies");
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
	add_outcome(app, "read tickets", answer, true, "the role may read service tickets");
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
		add_outcome(app, name, answer, true, saw);
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

/* ==== where tickets go ==== */

/* Below the top of the firm's structure lists leave out what belongs to other parts of it. */
static void add_structure(struct app *app, const cJSON *member)
{
	const char *level = json_str_at(member, "structureLevel/name");

	if (!level)
		return;
	if (str_starts(level, "Corporate"))
		check_add(app, "structure level", STEP_OK, level, NULL);
	else
		check_add(app, "structure level", STEP_WARNING, level,
			"in ConnectWise: System > Members > API Members > the member: set the "
			"Level to Corporate (Level 1); below it companies and boards of other "
			"parts of the firm are left out without a word");
}

static void take_board(struct app *app, int64_t id, const char *name)
{
	char *copy = xstrdup(name);

	mem_free(app->check.board_name);
	app->check.board_name = copy;
	app->check.board = id;
}

static void add_default_board(struct app *app, const struct cw_answer *answer, const cJSON *member)
{
	struct cw_ref board = cw_default_board(member);
	char saw[256];

	snprintf(saw, sizeof(saw), "%.200s (%" PRId64 ")", board.name ? board.name : "?", board.id);
	if (answer->outcome.class == OUTCOME_DONE && !board.id) {
		check_add(app, "default board", STEP_WARNING, "the API member has no default board",
			"choose one: System > Members > API Members > Service Defaults, or set "
			"board.board");
		return;
	}
	if (board.id)
		take_board(app, board.id, board.name);
	add_outcome(app, "default board", answer, false, saw);
}

static void on_named_member(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	const cJSON *member = cJSON_GetArrayItem(answer->body, 0);

	app->check.call = NULL;
	if (answer->outcome.class == OUTCOME_DONE) {
		check_saw_row(app, PERMISSION_MEMBERS, SEEN_OK);
		add_structure(app, member);
	}
	add_default_board(app, answer, member);
	check_next_step(app);
}

static void on_member(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	bool configured = !str_is_blank(app->conf->board.board);

	app->check.call = NULL;
	if (answer->outcome.class == OUTCOME_DONE) {
		check_saw_row(app, PERMISSION_MEMBERS, SEEN_OK);
		app->check.default_board = cw_default_board(answer->body).id;
		add_structure(app, answer->body);
	} else if (!configured && !str_is_blank(app->conf->board.member)) {
		app->check.call = cw_member(app->cw, app->conf->board.member, on_named_member, app);
		return;
	}
	if (!configured)
		add_default_board(app, answer, answer->body);
	check_next_step(app);
}

bool rung_member(struct app *app)
{
	app->check.call = cw_my_member(app->cw, on_member, app);
	return true;
}

static void on_board(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	const cJSON *first = cJSON_GetArrayItem(answer->body, 0);
	int64_t id = 0;
	char saw[256];

	app->check.call = NULL;
	if (answer->outcome.class == OUTCOME_DONE && !json_int(first, "id", &id)) {
		check_saw_row(app, PERMISSION_TABLES, SEEN_OK);
		snprintf(saw, sizeof(saw),
			"board.board = \"%.100s\": ConnectWise knows no such board, or the role "
			"may not see it",
			app->conf->board.board);
		check_add(app, "board", STEP_FAILED, saw,
			"correct board.board and reload; until then ConnectWise chooses the board");
	} else {
		if (id)
			take_board(app, id, json_str(first, "name"));
		snprintf(saw, sizeof(saw), "%.200s (%" PRId64 ")",
			app->check.board_name ? app->check.board_name : "?", id);
		add_outcome(app, "board", answer, false, saw);
	}
	check_next_step(app);
}

bool rung_board(struct app *app)
{
	if (str_is_blank(app->conf->board.board))
		return false;
	app->check.call = cw_board(app->cw, app->conf->board.board, on_board, app);
	return true;
}

static void on_boards(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	if (answer->outcome.class == OUTCOME_DONE)
		app->check.boards = json_copy(answer->body);
	add_outcome(app, "boards", answer, false, "the role may read the service boards");
	check_next_step(app);
}

/* Only for who is about to choose one. */
bool rung_boards(struct app *app)
{
	if (!app->check.alone)
		return false;
	app->check.call = cw_boards(app->cw, on_boards, app);
	return true;
}

static void on_statuses(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	char saw[64];

	app->check.call = NULL;
	if (answer->outcome.class == OUTCOME_DONE) {
		cw_statuses_view(answer->body, &app->check.statuses);
		app->check.statuses_read = true;
	}
	snprintf(saw, sizeof(saw), "%d statuses", cJSON_GetArraySize(answer->body));
	add_outcome(app, "ticket statuses", answer, false, saw);
	check_next_step(app);
}

bool rung_statuses(struct app *app)
{
	if (!app->check.board && !app->check.alone && app->board.id) /* known from better days */
		take_board(app, app->board.id, app->board.name);
	if (!app->check.board) {
		check_add(app, "ticket statuses", STEP_SKIPPED, "no board is known", NULL);
		return false;
	}
	app->check.call = cw_statuses(app->cw, app->check.board, on_statuses, app);
	return true;
}
