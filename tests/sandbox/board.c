/*
 * board.c - the store of boards and statuses.
 */
#include "board.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct board boards_all[] = {
	{ BOARD_HELP_DESK, "Help Desk", false, false, false },
	{ BOARD_SECURITY, "Security Alerts", false, false, false },
	{ 22, "Projects", true, true, false },
	{ 23, "Restricted", false, false, true },
};

/* Names repeat from board to board; ids do not. */
static const struct {
	int board, id;
	const char *name;
	bool inactive, closed, is_default;
	const char *escalation;
} seeds[] = {
	{ 20, 401, "New", false, false, true, "NotResponded" },
	{ 20, 402, "In Progress", false, false, false, "Responded" },
	{ 20, 403, "Waiting", false, false, false, "NoEscalation" },
	{ 20, 404, "Completed", false, false, false, "Resolved" },
	{ 20, 405, ">Closed", false, true, false, "Resolved" },
	{ 21, 501, "New", false, false, true, "NotResponded" },
	{ 21, 502, "In Progress", false, false, false, "Responded" },
	{ 21, 503, "Waiting", false, false, false, "NoEscalation" },
	{ 21, 504, "Completed", false, false, false, "Resolved" },
	{ 21, 505, ">Closed", false, true, false, "Resolved" },
	{ 21, 506, "Old status", true, false, false, "NotResponded" },
	{ 22, 601, "New", false, false, true, "NotResponded" },
	{ 22, 605, ">Closed", false, true, false, "Resolved" },
	{ 23, 701, "New", false, false, true, "NotResponded" },
	{ 23, 705, ">Closed", false, true, false, "Resolved" },
};

void boards_seed(struct boards *boards)
{
	boards_free(boards);
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		struct board_status *s =
			status_add(boards, seeds[i].board, seeds[i].id, seeds[i].name);

		s->sort = seeds[i].id % 100 * 10;
		s->inactive = seeds[i].inactive;
		s->closed = seeds[i].closed;
		s->is_default = seeds[i].is_default;
		s->escalation = seeds[i].escalation;
	}
}

void boards_free(struct boards *boards)
{
	for (size_t i = 0; i < boards->n_statuses; i++)
		free(boards->statuses[i].name);
	free(boards->statuses);
	*boards = (struct boards){ 0 };
}

const struct board *board_find(int id)
{
	for (size_t i = 0; i < sizeof(boards_all) / sizeof(boards_all[0]); i++)
		if (boards_all[i].id == id)
			return &boards_all[i];
	return NULL;
}

bool board_usable(int id)
{
	const struct board *b = board_find(id);

	return b && !b->inactive && !b->excluded;
}

struct board_status *status_find(const struct boards *boards, int board, int id)
{
	for (size_t i = 0; i < boards->n_statuses; i++)
		if (boards->statuses[i].id == id && boards->statuses[i].board == board)
			return &boards->statuses[i];
	return NULL;
}

struct board_status *status_by_name(const struct boards *boards, int board, const char *name)
{
	for (size_t i = 0; i < boards->n_statuses; i++)
		if (boards->statuses[i].board == board &&
			strcasecmp(boards->statuses[i].name, name) == 0)
			return &boards->statuses[i];
	return NULL;
}

const struct board_status *status_default(const struct boards *boards, int board)
{
	for (size_t i = 0; i < boards->n_statuses; i++)
		if (boards->statuses[i].board == board && boards->statuses[i].is_default)
			return &boards->statuses[i];
	return NULL;
}

const struct board_status *status_closing(const struct boards *boards, int board)
{
	for (size_t i = 0; i < boards->n_statuses; i++)
		if (boards->statuses[i].board == board && boards->statuses[i].closed &&
			!boards->statuses[i].inactive)
			return &boards->statuses[i];
	return NULL;
}

struct board_status *status_add(struct boards *boards, int board, int id, const char *name)
{
	struct board_status *s;

	boards->statuses = xrealloc(boards->statuses, boards->n_statuses + 1, sizeof(*s));
	s = &boards->statuses[boards->n_statuses++];
	*s = (struct board_status){
		.id = id, .board = board, .name = xstrdup(name), .escalation = "NotResponded"
	};
	return s;
}

bool status_remove(struct boards *boards, int id)
{
	for (size_t i = 0; i < boards->n_statuses; i++)
		if (boards->statuses[i].id == id) {
			struct board_status *s = &boards->statuses[i];

			free(s->name);
			memmove(s, s + 1, (boards->n_statuses - i - 1) * sizeof(*s));
			boards->n_statuses--;
			return true;
		}
	return false;
}
