#include "app/board.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "app/app.h"
#include "app/board_choice.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "io/cw_view.h"

#define MEMO_ID "board.id"
#define MEMO_NAME "board.name"
#define MEMO_SOURCE "board.source"
#define MEMO_READ_AT "board.read_at"
#define MEMO_STATUS_OK "board.status_ok" /* the creation status that was good, as configured */
#define MEMO_WANTED "board.wanted" /* board.board and board.member of then */
#define RETRY_MS (60 * 1000)

static const char *const sources[] = { "member", "identifier", "configured" };

static void why_set(struct board *board, const char *why)
{
	char *copy = xstrdup(why);

	mem_free(board->why);
	board->why = copy;
}

static void name_set(struct board *board, int64_t id, const char *name, const char *source)
{
	char *copy = xstrdup(name);

	mem_free(board->name);
	board->name = copy;
	board->id = id;
	board->source = source;
}

const struct status *board_status(const struct board *board, int64_t id)
{
	size_t i;

	for (i = 0; i < board->statuses.n; i++)
		if (board->statuses.at[i].id == id)
			return &board->statuses.at[i];
	return NULL;
}

/* ==== which status is meant ==== */

static struct choice choice_of(const struct board *board)
{
	return (struct choice){
		.statuses = &board->statuses, .board = board->id, .board_name = board->name
	};
}

static char *wanted_text(const struct conf *conf)
{
	return xasprintf("%s\n%s", conf->board.board, conf->board.member);
}

/* Are these the statuses of the board that this configuration asks for? */
static bool board_is_wanted(const struct board *board, const struct conf *conf)
{
	CLEANUP(mem_free) char *wanted = wanted_text(conf);

	return str_eq(board->wanted, wanted);
}

int board_check_conf(const struct board *board, const struct conf *conf, struct fault *reterr)
{
	const struct choice choice = choice_of(board);

	if (!board_is_wanted(board, conf)) /* its statuses are not known yet */
		return 0;
	return choice_check(&choice, conf, reterr);
}

static void memo_set(struct app *app, const char *key, const char *value)
{
	struct fault f = { 0 };

	if (store_memo_set(app->store, key, value, &f) < 0)
		turn_fail(app, &f);
}

static char *memo_get(struct app *app, const char *key)
{
	struct fault f = { 0 };
	char *value = NULL;

	if (store_memo_get(app->store, key, &value, &f) < 0) {
		turn_fail(app, &f);
		return NULL;
	}
	return value;
}

/* Said once, not with each reading; why NULL: it is good. */
static void say_status(
	struct board *board, enum board_setting setting, const char *msg, const char *why)
{
	char *copy = xstrdup(why);

	if (why && !str_eq(board->said[setting], why))
		log_warn(msg, F_STR("why", why));
	mem_free(board->said[setting]);
	board->said[setting] = copy;
}

/* The creation status is wrong. Newly configured: a person is there to correct it, so refuse to
 * run. Once good: someone changed it in ConnectWise, and no ticket may be lost for that. */
static void creation_status_wrong(struct app *app, const struct fault *f)
{
	CLEANUP(mem_free) char *good = memo_get(app, MEMO_STATUS_OK);
	struct board *board = &app->board;

	board->create_status = 0;
	if (board->status_checked || board->reloaded || str_eq(good, app->conf->board.status)) {
		board->status_checked = true;
		say_status(board, BOARD_CREATE,
			"creation status not valid: using the board's default", f->text);
		why_set(board, f->text);
		return;
	}
	log_error("refusing to run: the configured creation status cannot be used",
		F_STR("why", f->text), F_STR("file", app->conf->path));
	app_quit(app, EX_CONFIG);
}

static void resolve_create(struct app *app, const struct choice *choice)
{
	struct board *board = &app->board;
	struct fault f = { 0 };

	if (choice_resolve(choice, "board.status", app->conf->board.status, false,
		    &board->create_status, &f) < 0) {
		creation_status_wrong(app, &f);
		return;
	}
	say_status(board, BOARD_CREATE, NULL, NULL);
	if (board->create_status && !board->status_checked) {
		board->status_checked = true;
		memo_set(app, MEMO_STATUS_OK, app->conf->board.status);
	}
}

static void resolve_all(struct app *app)
{
	struct board *board = &app->board;
	const struct choice choice = choice_of(board);
	const struct conf *conf = app->conf;
	struct fault close = { 0 }, reopen = { 0 };

	resolve_create(app, &choice);
	(void)!choice_resolve(&choice, "board.closed_status", conf->board.closed_status, true,
		&board->closed_status, &close);
	say_status(board, BOARD_CLOSE, "closing status cannot be used: tickets stay open",
		close.code ? close.text : NULL);
	if (str_is_blank(conf->board.closed_status))
		board->closed_status = choice_first(&choice, true);
	(void)!choice_resolve(&choice, "board.reopen_status", conf->board.reopen_status, false,
		&board->reopen_status, &reopen);
	say_status(board, BOARD_REOPEN,
		"reopening status cannot be used: new tickets are made instead",
		reopen.code ? reopen.text : NULL);
	if (str_is_blank(conf->board.reopen_status))
		board->reopen_status = choice_first(&choice, false);
}

/* ==== remembering ==== */

static void forget_statuses(struct board *board)
{
	statuses_clear(&board->statuses);
	board->create_status = board->closed_status = board->reopen_status = 0;
}

void board_init(struct app *app)
{
	CLEANUP(mem_free) char *wanted = memo_get(app, MEMO_WANTED);
	CLEANUP(mem_free) char *id = memo_get(app, MEMO_ID);
	CLEANUP(mem_free) char *name = memo_get(app, MEMO_NAME);
	CLEANUP(mem_free) char *source = memo_get(app, MEMO_SOURCE);
	CLEANUP(mem_free) char *read_at = memo_get(app, MEMO_READ_AT);
	struct fault f = { 0 };
	size_t i;

	app->board.wanted = xstrdup(wanted);
	if (!id || !source || !board_is_wanted(&app->board, app->conf))
		return;
	for (i = 0; i < ARRAY_LEN(sources); i++)
		if (str_eq(source, sources[i]))
			name_set(&app->board, strtoll(id, NULL, 10), name, sources[i]);
	app->board.read_at = read_at ? strtoll(read_at, NULL, 10) : 0;
	if (status_list(app->store, app->board.id, &app->board.statuses, &f) < 0)
		turn_fail(app, &f);
	else if (app->board.statuses.n)
		resolve_all(app);
}

static void remember(struct app *app)
{
	const struct board *board = &app->board;
	char id[24], at[24];

	snprintf(id, sizeof(id), "%" PRId64, board->id);
	snprintf(at, sizeof(at), "%" PRId64, board->read_at);
	memo_set(app, MEMO_ID, board->id ? id : NULL);
	memo_set(app, MEMO_NAME, board->id ? board->name : NULL);
	memo_set(app, MEMO_SOURCE, board->source);
	memo_set(app, MEMO_READ_AT, at);
	memo_set(app, MEMO_WANTED, board->wanted);
}

void board_free(struct board *board)
{
	int i;

	mem_free(board->name);
	mem_free(board->why);
	mem_free(board->wanted);
	statuses_clear(&board->statuses);
	board->name = board->why = board->wanted = NULL;
	for (i = 0; i < BOARD_SETTINGS; i++) {
		mem_free(board->said[i]);
		board->said[i] = NULL;
	}
}

/* ==== reading ==== */

static void read_done(struct app *app)
{
	struct board *board = &app->board;

	board->phase = BOARD_IDLE;
	board->read_at = now_wall_ms();
	board->next_at = now_mono_ms() + app->conf->board.refresh;
	remember(app);
}

static void read_failed(struct app *app, const struct cw_answer *answer)
{
	int64_t refresh = app->conf->board.refresh;

	app->board.phase = BOARD_IDLE;
	app->board.next_at = now_mono_ms() + (refresh < RETRY_MS ? refresh : RETRY_MS);
	log_debug("board not read", F_STR("why", answer->outcome.reason));
}

/* Could this source of the board not tell, for good? Then the next one is asked. A 404 here says
 * that this version has no such path or that the board is gone, not that the keys are wrong. */
static bool no_use(const struct cw_answer *answer)
{
	return answer->status == 404 || answer->outcome.class == OUTCOME_DENIED ||
		answer->outcome.class == OUTCOME_REFUSED || answer->outcome.class == OUTCOME_GONE;
}

static void saw(struct app *app, const struct cw_answer *answer)
{
	app->board.call = NULL;
	if (answer->status != 404)
		link_saw(app, answer);
}

static void statuses_changed(struct app *app, struct statuses *list)
{
	struct board *board = &app->board;
	struct fault f = { 0 };

	if (status_replace(app->store, board->id, list, &f) < 0) {
		turn_fail(app, &f);
		statuses_clear(list);
		return;
	}
	statuses_clear(&board->statuses);
	board->statuses = *list;
	why_set(board, NULL);
	resolve_all(app);
}

static void on_statuses(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct statuses list = { 0 };

	saw(app, answer);
	if (answer->outcome.class == OUTCOME_DONE) {
		cw_statuses_view(answer->body, &list);
		statuses_changed(app, &list);
		read_done(app);
	} else if (no_use(answer)) {
		why_set(&app->board, answer->outcome.reason);
		read_done(app);
	} else {
		read_failed(app, answer);
	}
}

static void ask_statuses(struct app *app)
{
	app->board.phase = BOARD_STATUSES;
	app->board.call = cw_statuses(app->cw, app->board.id, on_statuses, app);
}

static void found(struct app *app, int64_t id, const char *name, const char *source)
{
	struct board *board = &app->board;

	if (board->id != id || !str_eq(board->source, source)) {
		TURN_SAY(app, LEVEL_INFO, "board for new tickets", F_STR("board", name),
			F_INT("board_id", id), F_STR("source", source));
		if (board->id != id)
			forget_statuses(board);
	}
	name_set(board, id, name, source);
	ask_statuses(app);
}

static void found_none(struct app *app, const char *why)
{
	struct board *board = &app->board;

	if (board->id || !board->read_at)
		TURN_SAY(app, LEVEL_WARN, "default board not known: ConnectWise chooses it",
			F_STR("why", why));
	name_set(board, 0, NULL, NULL);
	statuses_clear(&board->statuses);
	board->create_status = board->closed_status = board->reopen_status = 0;
	why_set(board, why);
	read_done(app);
}

/* A person has to correct it; alerts still go out, to the board that ConnectWise chooses. */
static void configured_is_unknown(struct app *app)
{
	CLEANUP(mem_free)
	char *why = xasprintf(
		"board.board = \"%s\": ConnectWise knows no such board (or the role may not see "
		"it); tickets go to the API member's default board until it is corrected",
		app->conf->board.board);

	if (!str_eq(app->board.why, why))
		TURN_SAY(app, LEVEL_ERROR, "configured board not found", F_STR("why", why));
	found_none(app, why);
}

static void on_configured(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	const cJSON *first;
	int64_t id;

	saw(app, answer);
	if (answer->outcome.class == OUTCOME_DONE) {
		first = cJSON_GetArrayItem(answer->body, 0);
		if (json_int(first, "id", &id))
			found(app, id, json_str(first, "name"), "configured");
		else
			configured_is_unknown(app);
	} else if (no_use(answer)) {
		found_none(app, answer->outcome.reason);
	} else {
		read_failed(app, answer);
	}
}

static void ask_configured(struct app *app, const char *why_not_before)
{
	if (str_is_blank(app->conf->board.board)) {
		found_none(app, why_not_before);
		return;
	}
	app->board.phase = BOARD_CONFIGURED;
	app->board.call = cw_board(app->cw, app->conf->board.board, on_configured, app);
}

static void on_member(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct cw_ref board;

	saw(app, answer);
	if (answer->outcome.class == OUTCOME_DONE) {
		board = cw_default_board(cJSON_GetArrayItem(answer->body, 0));
		if (board.id)
			found(app, board.id, board.name, "identifier");
		else
			ask_configured(app, "the configured API member has no default board");
	} else if (no_use(answer)) {
		ask_configured(app, answer->outcome.reason);
	} else {
		read_failed(app, answer);
	}
}

static void ask_member(struct app *app, const char *why_not_before)
{
	if (str_is_blank(app->conf->board.member)) {
		ask_configured(app, why_not_before);
		return;
	}
	app->board.phase = BOARD_MEMBER;
	app->board.call = cw_member(app->cw, app->conf->board.member, on_member, app);
}

static void on_my_member(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct cw_ref board;

	saw(app, answer);
	if (answer->outcome.class == OUTCOME_DONE) {
		board = cw_default_board(answer->body);
		if (board.id)
			found(app, board.id, board.name, "member");
		else
			ask_member(app,
				"the API member has no default board (System > Members > API "
				"Members > Service Defaults)");
	} else if (no_use(answer)) {
		ask_member(app, answer->outcome.reason);
	} else {
		read_failed(app, answer);
	}
}

static void start(struct app *app)
{
	mem_free(app->board.wanted);
	app->board.wanted = wanted_text(app->conf);
	if (!str_is_blank(app->conf->board.board)) {
		ask_configured(app, NULL); /* a configured board goes before the member's */
		return;
	}
	app->board.phase = BOARD_MY_MEMBER;
	app->board.call = cw_my_member(app->cw, on_my_member, app);
}

void board_soon(struct app *app)
{
	int64_t since = now_wall_ms() - app->board.read_at;

	if (app->board.phase == BOARD_IDLE && (since < 0 || since > RETRY_MS))
		app->board.next_at = now_mono_ms();
}

void board_tick(struct app *app, int64_t now)
{
	if (app->board.phase == BOARD_IDLE && link_open(app) && now >= app->board.next_at)
		start(app);
}

int64_t board_next(const struct app *app)
{
	if (app->board.phase != BOARD_IDLE || !link_open(app))
		return 0;
	return app->board.next_at ? app->board.next_at : now_mono_ms();
}

void board_reset(struct app *app)
{
	if (app->board.call)
		cw_forget(app->cw, app->board.call);
	app->board.call = NULL;
	if (app->board.phase != BOARD_IDLE)
		app->board.next_at = now_mono_ms() + 1000;
	app->board.phase = BOARD_IDLE;
}

void board_reconfigure(struct app *app, bool other_board)
{
	app->board.status_checked = false;
	app->board.reloaded = true;
	if (other_board) {
		board_reset(app);
		forget_statuses(&app->board);
		app->board.next_at = now_mono_ms();
	} else if (app->board.statuses.n) {
		resolve_all(app);
	}
}

void board_status_refused(struct app *app, const char *why)
{
	log_warn("ConnectWise refused the creation status: using the board's default",
		F_STR("why", why));
	app->board.create_status = 0;
	app->board.next_at = now_mono_ms() + 1000;
}

cJSON *board_json(const struct app *app)
{
	const struct board *board = &app->board;
	const struct status *create = board_status(board, board->create_status);
	cJSON *answer = json_object(), *node;

	if (board->id) {
		node = json_add_object(answer, "board");
		json_add_int(node, "id", board->id);
		json_add_str(node, "name", board->name);
		json_add_str(node, "source", board->source);
	} else {
		json_add_null(answer, "board");
	}
	if (board->why)
		json_add_str(answer, "why", board->why);
	else
		json_add_null(answer, "why");
	if (create) {
		node = json_add_object(answer, "creation_status");
		json_add_int(node, "id", create->id);
		json_add_str(node, "name", create->name);
	} else {
		json_add_null(answer, "creation_status");
	}
	json_add_time(answer, "read_at", board->read_at);
	return answer;
}
