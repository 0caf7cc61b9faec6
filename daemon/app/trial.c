#include "app/trial.h"

#include <stdlib.h>
#include "app/board_choice.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/cw.h"
#include "io/cw_view.h"

struct trial {
	struct cw *cw;
	struct conf *next; /* owned: a reference */
	bool board; /* board and statuses are to be tried */
	bool ended;
	char *refusal; /* owned */
	int64_t board_id;
	char *board_name;
};

static void pass(struct trial *t)
{
	t->ended = true;
}

static void refuse(struct trial *t, char *why)
{
	t->refusal = why;
	t->ended = true;
}

/* What the role may not read cannot be tried: it takes over, as it would without a trial. */
static bool cannot_be_read(const struct cw_answer *answer)
{
	return answer->outcome.class == OUTCOME_DENIED ||
		answer->outcome.class == OUTCOME_REFUSED || answer->outcome.class == OUTCOME_GONE;
}

static bool read_or_ended(struct trial *t, const struct cw_answer *answer)
{
	if (answer->outcome.class == OUTCOME_DONE)
		return true;
	if (cannot_be_read(answer))
		pass(t);
	else
		refuse(t,
			xasprintf("it could not be tried: %s; try again", answer->outcome.reason));
	return false;
}

/* ==== statuses ==== */

static void on_statuses(void *owner, const struct cw_answer *answer)
{
	struct trial *t = owner;
	struct statuses list = { 0 };
	const struct choice choice = {
		.statuses = &list, .board = t->board_id, .board_name = t->board_name
	};
	struct fault f = { 0 };

	if (!read_or_ended(t, answer))
		return;
	cw_statuses_view(answer->body, &list);
	if (choice_check(&choice, t->next, &f) < 0)
		refuse(t, xstrdup(f.text));
	else
		pass(t);
	statuses_clear(&list);
}

static void try_statuses(struct trial *t, int64_t board, const char *name)
{
	t->board_id = board;
	t->board_name = xstrdup(name);
	if (board && choice_wanted(t->next))
		(void)!cw_statuses(t->cw, board, on_statuses, t);
	else
		pass(t);
}

/* ==== the board ==== */

static void on_board(void *owner, const struct cw_answer *answer)
{
	struct trial *t = owner;
	const cJSON *first;
	int64_t id;

	if (!read_or_ended(t, answer))
		return;
	first = cJSON_GetArrayItem(answer->body, 0);
	if (json_int(first, "id", &id))
		try_statuses(t, id, json_str(first, "name"));
	else
		refuse(t,
			xasprintf("board.board = \"%s\": ConnectWise knows no such board, or the "
				  "role may not see it",
				t->next->board.board));
}

static void on_member(void *owner, const struct cw_answer *answer)
{
	struct trial *t = owner;
	struct cw_ref board;

	if (!read_or_ended(t, answer))
		return;
	board = cw_default_board(answer->body);
	try_statuses(t, board.id, board.name);
}

static void try_board(struct trial *t)
{
	if (!t->board)
		pass(t);
	else if (!str_is_blank(t->next->board.board))
		(void)!cw_board(t->cw, t->next->board.board, on_board, t);
	else if (choice_wanted(t->next))
		(void)!cw_my_member(t->cw, on_member, t);
	else
		pass(t);
}

/* ==== the login ==== */

static void on_login(void *owner, const struct cw_answer *answer)
{
	struct trial *t = owner;

	if (answer->outcome.class == OUTCOME_DONE || answer->outcome.class == OUTCOME_DENIED)
		try_board(t); /* the keys are good, whatever the role lacks */
	else
		refuse(t,
			xasprintf("the new login does not work, the old one stays in use: %s",
				answer->outcome.reason));
}

int trial_new(struct event_base *base, struct conf *next, const char *base_url, bool login,
	bool board, struct trial **ret, struct fault *reterr)
{
	struct trial *t = xcalloc(1, sizeof(*t));
	int r = cw_new(base, &t->cw, reterr);

	if (r < 0) {
		free(t);
		return r;
	}
	t->next = conf_ref(next);
	t->board = board;
	cw_set_conf(t->cw, next);
	cw_set_base(t->cw, base_url);
	if (login)
		(void)!cw_probe(t->cw, on_login, t);
	else
		try_board(t);
	*ret = t;
	return 0;
}

void trial_free(struct trial *t)
{
	if (!t)
		return;
	cw_free(t->cw);
	conf_unref(t->next);
	mem_free(t->refusal);
	mem_free(t->board_name);
	free(t);
}

bool trial_ended(struct trial *t)
{
	cw_drain(t->cw);
	return t->ended;
}

const char *trial_refusal(const struct trial *t)
{
	return t->refusal;
}

struct conf *trial_conf(const struct trial *t)
{
	return t->next;
}

int64_t trial_release(struct trial *t, int64_t now)
{
	return cw_release(t->cw, now);
}
