/* Where tickets go: the board and the status of new tickets, from numbered lists where the role may
 * read them. */
#include <inttypes.h>
#include <stdlib.h>
#include "base/mem.h"
#include "ctl/setup.h"

#define CHOICES_MAX 200

struct choices {
	char *lines[CHOICES_MAX];
	char *values[CHOICES_MAX]; /* for the setting; "" = ConnectWise's own */
	size_t n, at;
};

static void choices_clear(struct choices *c)
{
	for (size_t i = 0; i < c->n; i++) {
		mem_free(c->lines[i]);
		mem_free(c->values[i]);
	}
}

/* An id is what the daemon needs no permission for, and what no renaming breaks. The line that is
 * in use is the default. */
static void add(struct choices *c, char *line, int64_t id, const char *name, const char *in_use)
{
	if (c->n == CHOICES_MAX) {
		mem_free(line);
		return;
	}
	c->lines[c->n] = line;
	c->values[c->n] = id ? xasprintf("%" PRId64, id) : xstrdup("");
	if (in_use && (str_eq(in_use, c->values[c->n]) || str_eq_nocase(in_use, name))) {
		c->at = c->n;
		mem_free(c->values[c->n]);
		c->values[c->n] = xstrdup(in_use); /* as it was written */
	}
	c->n++;
}

static const char *default_name(const cJSON *first)
{
	for (; first; first = first->next)
		if (json_bool(first, "default", false))
			return ctl_str(first, "name", NULL);
	return NULL;
}

static int choose(struct setup *s, const char *key, const char *question, struct choices *c)
{
	int r = ask_choice(&s->ask, question, (const char *const *)c->lines, c->n, &c->at);

	if (r < 0)
		return r;
	setup_set(s, key, c->values[c->at]);
	return EXIT_OK;
}

static int choose_board(struct setup *s)
{
	__attribute__((cleanup(choices_clear))) struct choices c = { 0 };
	CLEANUP(mem_free) char *now = setup_get(s, "board.board");
	const cJSON *first = ctl_first(s->verdict, "boards"), *board;
	const char *name = default_name(first);

	add(&c, xasprintf("the API member's default board%s%s", name ? ": " : "", name ? name : ""),
		0, NULL, NULL);
	for (board = first; board; board = board->next)
		add(&c, xstrdup(ctl_str(board, "name", "?")), ctl_int(board, "id"),
			json_str(board, "name"), now);
	setup_gap(s);
	ctl_say(s->ctl, "On which board shall tickets be made?");
	return choose(s, "board.board", "Board", &c);
}

static int choose_status(struct setup *s)
{
	__attribute__((cleanup(choices_clear))) struct choices c = { 0 };
	CLEANUP(mem_free) char *now = setup_get(s, "board.status");
	const cJSON *first = ctl_first(s->verdict, "statuses"), *status;
	const char *name = default_name(first);

	add(&c, xasprintf("the board's default status%s%s", name ? ": " : "", name ? name : ""), 0,
		NULL, NULL);
	for (status = first; status; status = status->next)
		if (!json_bool(status, "closed", false) && !json_bool(status, "inactive", false))
			add(&c, xstrdup(ctl_str(status, "name", "?")), ctl_int(status, "id"),
				json_str(status, "name"), now);
	setup_gap(s);
	ctl_say(s->ctl, "In which status shall new tickets on %s start?",
		ctl_str(s->verdict, "board/name", "that board"));
	return choose(s, "board.status", "Status", &c);
}

static void say_lost(struct setup *s)
{
	setup_gap(s);
	ctl_say(s->ctl,
		"Boards and statuses cannot be read, so there is none to choose from: tickets go "
		"to "
		"the API member's default board, in its default status. To choose, set System > "
		"Table Setup: Inquire to All in the member's security role, then: opbridge setup "
		"board");
}

/* --board, --status: a name, an id, or "default". */
static int take_given(struct setup *s, const char *option, const char *key)
{
	const char *given = setup_given(s, option);
	CLEANUP(mem_free) char *fault = NULL;
	int r;

	if (!given)
		return EXIT_OK;
	setup_set(s, key, str_eq_nocase(given, "default") ? "" : given);
	r = setup_judge(s, key, &fault);
	if (r == EXIT_OK && fault)
		return ctl_fail(EXIT_USAGE, "--%s: %s", option, fault);
	return r;
}

int setup_board_given(struct setup *s)
{
	int r = EXIT_OK;

	if (s->sections & SECTION_BOARD)
		r = take_given(s, "board", "board.board");
	if (r == EXIT_OK && (s->sections & (SECTION_BOARD | SECTION_STATUS)))
		r = take_given(s, "status", "board.status");
	return r;
}

/* Statuses belong to a board: with another one they are read anew, and the old choice is void. */
static int change_board(struct setup *s)
{
	CLEANUP(mem_free) char *before = setup_get(s, "board.board");
	CLEANUP(mem_free) char *after = NULL;
	int r = choose_board(s);

	after = setup_get(s, "board.board");
	if (r != EXIT_OK || str_eq(before, after))
		return r;
	setup_set(s, "board.status", "");
	s->sections |= SECTION_STATUS;
	return setup_try(s, false);
}

int setup_board(struct setup *s)
{
	bool board = (s->sections & SECTION_BOARD) && !setup_given(s, "board");
	int r = EXIT_OK;

	if (!s->ask.interactive || !s->verdict)
		return EXIT_OK;
	if (!ctl_first(s->verdict, "boards") && !ctl_first(s->verdict, "statuses")) {
		say_lost(s);
		return EXIT_OK;
	}
	if (board && ctl_first(s->verdict, "boards"))
		r = change_board(s);
	if (r != EXIT_OK || !(s->sections & SECTION_STATUS) || setup_given(s, "status") ||
		!ctl_first(s->verdict, "statuses"))
		return r;
	return choose_status(s);
}
