/* The rungs of where tickets go: the API member, its board, the statuses. */
#include "app/check_steps.h"

#include <inttypes.h>
#include <stdio.h>
#include "base/mem.h"
#include "base/str.h"
#include "io/cw_view.h"

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
	check_add_outcome(app, "default board", answer, false, saw);
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
		check_add_outcome(app, "board", answer, false, saw);
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
	check_add_outcome(app, "boards", answer, false, "the role may read the service boards");
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
	check_add_outcome(app, "ticket statuses", answer, false, saw);
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
