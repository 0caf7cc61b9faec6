/*
 * board.h - service boards and their statuses; priorities and sources beside them.
 */
#ifndef SANDBOX_BOARD_H
#define SANDBOX_BOARD_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct call;
struct sandbox;

#define BOARD_HELP_DESK 20
#define BOARD_SECURITY 21

struct board {
	int id;
	const char *name;
	bool inactive;
	bool project;
	bool excluded; /* on the API member's blacklist */
};

struct board_status {
	int id, board, sort;
	char *name;
	bool inactive, closed, is_default;
	const char *escalation;
};

struct boards {
	struct board_status *statuses; /* by id within a board, in order of insertion */
	size_t n_statuses;
};

void boards_seed(struct boards *boards);
void boards_free(struct boards *boards);

const struct board *board_find(int id);
/* Active and not on the blacklist: tickets may be put there. */
bool board_usable(int id);
struct board_status *status_find(const struct boards *boards, int board, int id);
struct board_status *status_by_name(const struct boards *boards, int board, const char *name);
/* The board's default status; NULL when it has none. */
const struct board_status *status_default(const struct boards *boards, int board);
/* The first active closing status; NULL when there is none. */
const struct board_status *status_closing(const struct boards *boards, int board);
/* A new one. Lends until the next call. */
struct board_status *status_add(struct boards *boards, int board, int id, const char *name);
bool status_remove(struct boards *boards, int id);

cJSON *board_reference(const struct sandbox *sb, int id);
cJSON *status_reference(const struct sandbox *sb, int board, int id);
/* A priority or source by id or by name; NULL when there is none. gives: cJSON_Delete. */
cJSON *priority_reference(const cJSON *wanted);
cJSON *source_reference(const cJSON *wanted);

void board_list(struct call *c);
void board_count(struct call *c);
void board_get(struct call *c);
void board_info_list(struct call *c);
void board_info_get(struct call *c);
void board_statuses_list(struct call *c);
void board_statuses_count(struct call *c);
void board_status_get(struct call *c);
void priority_list(struct call *c);
void source_list(struct call *c);

#endif
