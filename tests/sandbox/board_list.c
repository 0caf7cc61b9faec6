/*
 * board_list.c - serving boards, board statuses, priorities and sources.
 */
#include "board.h"
#include "call.h"
#include "paging.h"
#include "sandbox.h"
#include "schema.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BOARDS_MAX 8

/* A priority or a source. */
struct choice {
	int id, sort;
	const char *name, *color, *level;
	bool is_default;
};

static const struct choice priorities[] = {
	{ 6, 1, "Priority 1 - Critical", "Red", "Critical", false },
	{ 7, 2, "Priority 2 - High", "Orange", "High", false },
	{ 8, 3, "Priority 3 - Medium", "Yellow", "Medium", true },
	{ 9, 4, "Priority 4 - Low", "Green", "Low", false },
};

static const struct choice sources[] = {
	{ 1, 0, "Call", NULL, NULL, false },
	{ 2, 0, "Email Connector", NULL, NULL, false },
	{ 4, 0, "Internal", NULL, NULL, true },
	{ 5, 0, "Portal", NULL, NULL, false },
	{ 11, 0, "Office Protect", NULL, NULL, false },
};

static void add_info(cJSON *o)
{
	cJSON *info = cJSON_AddObjectToObject(o, "_info");

	cJSON_AddStringToObject(info, "lastUpdated", "2025-06-01T08:00:00Z");
	cJSON_AddStringToObject(info, "updatedBy", "jdoe");
}

static void add_named(cJSON *o, const char *member, int id, const char *name)
{
	cJSON *ref = cJSON_AddObjectToObject(o, member);

	cJSON_AddNumberToObject(ref, "id", id);
	cJSON_AddStringToObject(ref, "name", name);
}

static cJSON *href(const struct sandbox *sb, cJSON *o, const char *name, const char *path, int id)
{
	char *text = xprintf(
		"https://na.myconnectwise.net/%s/apis/3.0/%s/%d", sb->settings.codebase, path, id);

	cJSON_AddStringToObject(cJSON_AddObjectToObject(o, "_info"), name, text);
	free(text);
	return o;
}

cJSON *board_reference(const struct sandbox *sb, int id)
{
	const struct board *b = board_find(id);
	cJSON *o;

	if (!b)
		return cJSON_CreateNull();
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", b->id);
	cJSON_AddStringToObject(o, "name", b->name);
	return href(sb, o, "board_href", "service/boards", id);
}

cJSON *status_reference(const struct sandbox *sb, int board, int id)
{
	const struct board_status *s = status_find(&sb->boards, board, id);
	char path[64];
	cJSON *o;

	if (!s)
		return cJSON_CreateNull();
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", s->id);
	cJSON_AddStringToObject(o, "name", s->name);
	cJSON_AddNumberToObject(o, "sort", s->sort);
	snprintf(path, sizeof(path), "service/boards/%d/statuses", board);
	return href(sb, o, "status_href", path, id);
}

static cJSON *choice_reference(const struct choice *table, size_t n, const cJSON *wanted)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(wanted, "id");
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(wanted, "name"));

	for (size_t i = 0; i < n; i++) {
		cJSON *o;

		if (id ? table[i].id != id->valueint
		       : wanted && (!name || strcasecmp(table[i].name, name) != 0))
			continue;
		if (!wanted && !table[i].is_default)
			continue;
		o = cJSON_CreateObject();
		cJSON_AddNumberToObject(o, "id", table[i].id);
		cJSON_AddStringToObject(o, "name", table[i].name);
		if (table[i].sort)
			cJSON_AddNumberToObject(o, "sort", table[i].sort);
		if (table[i].level)
			cJSON_AddStringToObject(o, "level", table[i].level);
		return o;
	}
	return NULL;
}

cJSON *priority_reference(const cJSON *wanted)
{
	return choice_reference(priorities, COUNT(priorities), wanted);
}

cJSON *source_reference(const cJSON *wanted)
{
	return choice_reference(sources, COUNT(sources), wanted);
}

/* -- boards -------------------------------------------------------------------------------- */

static int board_id(const void *row)
{
	return ((const struct board *)row)->id;
}

static cJSON *board_render(const struct sandbox *sb, const void *row)
{
	const struct board *b = row;
	cJSON *o = cJSON_CreateObject();

	(void)sb;
	cJSON_AddNumberToObject(o, "id", b->id);
	cJSON_AddStringToObject(o, "name", b->name);
	add_named(o, "location", 11, "Corporate");
	add_named(o, "department", 10, "Professional Services");
	cJSON_AddBoolToObject(o, "inactiveFlag", b->inactive);
	cJSON_AddBoolToObject(o, "projectFlag", b->project);
	add_info(o);
	return o;
}

static const struct kind board_kind = {
	.type = "Board",
	.resource = "board",
	.fields = board_fields,
	.render = board_render,
	.id = board_id,
};

static const struct kind board_info_kind = {
	.type = "BoardInfo",
	.resource = "boardInfo",
	.fields = board_info_fields,
	.render = board_render,
	.id = board_id,
};

/* What is on the blacklist is not in the lists. */
static void boards_reply(struct call *c, const struct kind *kind, enum list_form form)
{
	static const int ids[] = { BOARD_HELP_DESK, BOARD_SECURITY, 22, 23 };
	const void *rows[BOARDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(ids); i++) {
		const struct board *b = board_find(ids[i]);

		if (b && !b->excluded)
			rows[n++] = b;
	}
	list_reply(c, kind, rows, n, form);
}

void board_list(struct call *c)
{
	boards_reply(c, &board_kind, LIST_ROWS);
}

void board_count(struct call *c)
{
	boards_reply(c, &board_kind, LIST_COUNT);
}

void board_info_list(struct call *c)
{
	boards_reply(c, &board_info_kind, LIST_ROWS);
}

/* The board of the path; NULL when it was refused. */
static const struct board *board_of(struct call *c)
{
	const struct board *b = board_find(c->id);

	if (b && !b->excluded)
		return b;
	if (b)
		refuse_security(c);
	else
		refuse_missing(c, "Board", c->id);
	return NULL;
}

static void one_board(struct call *c, const struct kind *kind)
{
	const struct board *b = board_of(c);

	if (b && fields_check(c, kind))
		object_reply(c, 200, board_render(c->sb, b));
}

void board_get(struct call *c)
{
	one_board(c, &board_kind);
}

void board_info_get(struct call *c)
{
	one_board(c, &board_info_kind);
}

/* -- statuses ------------------------------------------------------------------------------ */

static int status_id(const void *row)
{
	return ((const struct board_status *)row)->id;
}

static cJSON *status_render(const struct sandbox *sb, const void *row)
{
	const struct board_status *s = row;
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", s->id);
	cJSON_AddStringToObject(o, "name", s->name);
	cJSON_AddItemToObject(o, "board", board_reference(sb, s->board));
	cJSON_AddNumberToObject(o, "sortOrder", s->sort);
	cJSON_AddBoolToObject(o, "displayOnBoard", !s->closed);
	cJSON_AddBoolToObject(o, "inactive", s->inactive);
	cJSON_AddBoolToObject(o, "closedStatus", s->closed);
	cJSON_AddBoolToObject(o, "timeEntryNotAllowed", false);
	cJSON_AddBoolToObject(o, "roundRobinCatchall", false);
	cJSON_AddBoolToObject(o, "defaultFlag", s->is_default);
	cJSON_AddStringToObject(o, "escalationStatus", s->escalation);
	cJSON_AddBoolToObject(o, "customerPortalFlag", false);
	add_info(o);
	return o;
}

static const struct kind status_kind = {
	.type = "BoardStatus",
	.resource = "boardStatus",
	.fields = board_status_fields,
	.render = status_render,
	.id = status_id,
};

static void statuses_reply(struct call *c, enum list_form form)
{
	const struct boards *boards = &c->sb->boards;
	const void **rows;
	size_t n = 0;

	if (!board_of(c))
		return;
	rows = xcalloc(boards->n_statuses, sizeof(*rows));
	for (size_t i = 0; i < boards->n_statuses; i++)
		if (boards->statuses[i].board == c->id)
			rows[n++] = &boards->statuses[i];
	list_reply(c, &status_kind, rows, n, form);
	free(rows);
}

void board_statuses_list(struct call *c)
{
	statuses_reply(c, LIST_ROWS);
}

void board_statuses_count(struct call *c)
{
	statuses_reply(c, LIST_COUNT);
}

void board_status_get(struct call *c)
{
	const struct board_status *s;

	if (!board_of(c))
		return;
	s = status_find(&c->sb->boards, c->id, c->sub_id);
	if (!s)
		refuse_missing(c, "Status", c->sub_id);
	else if (fields_check(c, &status_kind))
		object_reply(c, 200, status_render(c->sb, s));
}

/* -- priorities and sources ---------------------------------------------------------------- */

static int choice_id(const void *row)
{
	return ((const struct choice *)row)->id;
}

static cJSON *choice_render(const struct sandbox *sb, const void *row)
{
	const struct choice *p = row;
	cJSON *o = cJSON_CreateObject();

	(void)sb;
	cJSON_AddNumberToObject(o, "id", p->id);
	cJSON_AddStringToObject(o, "name", p->name);
	if (p->color) {
		cJSON_AddStringToObject(o, "color", p->color);
		cJSON_AddNumberToObject(o, "sortOrder", p->sort);
		cJSON_AddStringToObject(o, "level", p->level);
	}
	cJSON_AddBoolToObject(o, "defaultFlag", p->is_default);
	add_info(o);
	return o;
}

void priority_list(struct call *c)
{
	static const struct kind kind = {
		.type = "Priority",
		.resource = "priority",
		.fields = priority_fields,
		.render = choice_render,
		.id = choice_id,
	};
	const void *rows[COUNT(priorities)];

	for (size_t i = 0; i < COUNT(priorities); i++)
		rows[i] = &priorities[i];
	list_reply(c, &kind, rows, COUNT(priorities), LIST_ROWS);
}

void source_list(struct call *c)
{
	static const struct kind kind = {
		.type = "Source",
		.resource = "source",
		.fields = source_fields,
		.render = choice_render,
		.id = choice_id,
	};
	const void *rows[COUNT(sources)];

	for (size_t i = 0; i < COUNT(sources); i++)
		rows[i] = &sources[i];
	list_reply(c, &kind, rows, COUNT(sources), LIST_ROWS);
}
