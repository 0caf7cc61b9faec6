/*
 * admin_set.c - admin calls that change the rules: settings, rights, default board, statuses.
 */
#include "admin.h"
#include "role.h"
#include "sandbox.h"
#include "text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum setting_type { SETTING_INT, SETTING_BOOL, SETTING_TEXT };

static const struct setting {
	const char *name;
	enum setting_type type;
	size_t offset;
	bool nullable;
} settings[] = {
#define SETTING(name, type)                                                                        \
	{                                                                                          \
#name, type, offsetof(struct settings, name), false                                \
	}
	SETTING(auth_failure_status, SETTING_INT),
	SETTING(wrong_codebase_status, SETTING_INT),
	SETTING(search_lag_ms, SETTING_INT),
	SETTING(search_lag_reads, SETTING_INT),
	SETTING(latency_ms, SETTING_INT),
	SETTING(my_members_open, SETTING_BOOL),
	SETTING(my_security_open, SETTING_BOOL),
	SETTING(require_client_id, SETTING_BOOL),
	SETTING(is_cloud, SETTING_BOOL),
	SETTING(is_cloud_string, SETTING_BOOL),
	SETTING(unknown_company, SETTING_BOOL),
	SETTING(codebase, SETTING_TEXT),
	SETTING(public_key, SETTING_TEXT),
	SETTING(private_key, SETTING_TEXT),
	SETTING(structure_level, SETTING_TEXT),
#undef SETTING
	{ "restrict_client_id", SETTING_TEXT, offsetof(struct settings, restrict_client_id), true },
};

#define N_SETTINGS (sizeof(settings) / sizeof(settings[0]))

static const struct setting *setting_find(const char *name)
{
	for (size_t i = 0; i < N_SETTINGS; i++)
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	return NULL;
}

/* Is the value one that the setting can take? */
static bool fits(const struct setting *f, const cJSON *v)
{
	switch (f->type) {
	case SETTING_INT:
		return cJSON_IsNumber(v) && v->valueint >= 0 && v->valuedouble == v->valueint;
	case SETTING_BOOL:
		return cJSON_IsBool(v);
	case SETTING_TEXT:
		return (cJSON_IsString(v) && *v->valuestring) || (f->nullable && cJSON_IsNull(v));
	}
	abort();
}

static void put(struct settings *s, const struct setting *f, const cJSON *v)
{
	void *at = (char *)s + f->offset;

	switch (f->type) {
	case SETTING_INT:
		*(int *)at = v->valueint;
		return;
	case SETTING_BOOL:
		*(bool *)at = cJSON_IsTrue(v);
		return;
	case SETTING_TEXT:
		text_set(at, cJSON_GetStringValue(v));
		return;
	}
	abort();
}

static void add(cJSON *o, const struct settings *s, const struct setting *f)
{
	const void *at = (const char *)s + f->offset;
	const char *text;

	switch (f->type) {
	case SETTING_INT:
		cJSON_AddNumberToObject(o, f->name, *(const int *)at);
		return;
	case SETTING_BOOL:
		cJSON_AddBoolToObject(o, f->name, *(const bool *)at);
		return;
	case SETTING_TEXT:
		text = *(char *const *)at;
		if (text)
			cJSON_AddStringToObject(o, f->name, text);
		else
			cJSON_AddNullToObject(o, f->name);
		return;
	}
	abort();
}

cJSON *admin_config_get(struct ask *a)
{
	cJSON *o = cJSON_CreateObject();

	for (size_t i = 0; i < N_SETTINGS; i++)
		add(o, &a->sb->settings, &settings[i]);
	return o;
}

static void end_in_slash(char **text)
{
	if ((*text)[strlen(*text) - 1] != '/') {
		char *longer = xprintf("%s/", *text);

		free(*text);
		*text = longer;
	}
}

cJSON *admin_config_set(struct ask *a)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, a->body)
	{
		const struct setting *f = setting_find(item->string);

		if (!f || !fits(f, item))
			return ask_refuse(a, 400, "%s is unknown or wrong", item->string);
	}
	for (size_t i = 0; i < N_SETTINGS; i++) {
		item = cJSON_GetObjectItemCaseSensitive(a->body, settings[i].name);
		if (item)
			put(&a->sb->settings, &settings[i], item);
	}
	end_in_slash(&a->sb->settings.codebase);
	return admin_config_get(a);
}

/* -- rights and the default board ---------------------------------------------------------- */

cJSON *admin_role_set(struct ask *a)
{
	static const char *const actions[] = { "add", "edit", "delete", "inquire" };
	const char *function = NULL, *level;

	if (!ask_known(a, "function,add,edit,delete,inquire") ||
		!ask_text(a, "function", &function))
		return NULL;
	if (!function || !role_known(function))
		return ask_refuse(a, 400, "function is missing or unknown");
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		level = NULL;
		if (!ask_text(a, actions[i], &level))
			return NULL;
		if (level && !role_set(&a->sb->role, function, (enum action)i, level))
			return ask_refuse(a, 400, "%s must be None, My or All", actions[i]);
	}
	return ask_done();
}

cJSON *admin_member_set(struct ask *a)
{
	int board = a->sb->members.default_board;

	if (!ask_known(a, "default_board") || !ask_int(a, "default_board", &board))
		return NULL;
	if (board && !board_find(board))
		return ask_refuse(a, 400, "there is no board %d", board);
	a->sb->members.default_board = board;
	return ask_done();
}

/* -- statuses ------------------------------------------------------------------------------ */

static cJSON *status_json(const struct board_status *s)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", s->id);
	cJSON_AddStringToObject(o, "name", s->name);
	cJSON_AddNumberToObject(o, "sort", s->sort);
	cJSON_AddBoolToObject(o, "closed", s->closed);
	cJSON_AddBoolToObject(o, "inactive", s->inactive);
	cJSON_AddBoolToObject(o, "default", s->is_default);
	return o;
}

cJSON *admin_statuses(struct ask *a)
{
	const struct boards *boards = &a->sb->boards;
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < boards->n_statuses; i++)
		if (boards->statuses[i].board == a->id)
			cJSON_AddItemToArray(list, status_json(&boards->statuses[i]));
	return list;
}

/* A board has one default status at most. */
static void only_default(struct boards *boards, const struct board_status *s)
{
	for (size_t i = 0; s->is_default && i < boards->n_statuses; i++)
		if (boards->statuses[i].board == s->board && &boards->statuses[i] != s)
			boards->statuses[i].is_default = false;
}

static bool read_status(struct ask *a, struct board_status *s, const char **name)
{
	return ask_text(a, "name", name) && ask_int(a, "sort", &s->sort) &&
		ask_bool(a, "closed", &s->closed) && ask_bool(a, "inactive", &s->inactive) &&
		ask_bool(a, "default", &s->is_default);
}

cJSON *admin_status_add(struct ask *a)
{
	struct board_status read = { .sort = 500 }, *s;
	const char *name = NULL;
	int id = 0;

	if (!ask_known(a, "id,name,sort,closed,inactive,default") || !ask_int(a, "id", &id) ||
		!read_status(a, &read, &name))
		return NULL;
	if (!board_find(a->id))
		return ask_refuse(a, 404, "there is no board %d", a->id);
	if (id < 1 || !name || status_find(&a->sb->boards, a->id, id))
		return ask_refuse(a, 400, "a new id and a name are needed");
	s = status_add(&a->sb->boards, a->id, id, name);
	s->sort = read.sort;
	s->closed = read.closed;
	s->inactive = read.inactive;
	s->is_default = read.is_default;
	only_default(&a->sb->boards, s);
	return status_json(s);
}

cJSON *admin_status_change(struct ask *a)
{
	struct board_status *s = status_find(&a->sb->boards, a->id, a->sub_id);
	struct board_status read;
	const char *name = NULL;

	if (!s)
		return ask_refuse(a, 404, "board %d has no status %d", a->id, a->sub_id);
	read = *s;
	if (!ask_known(a, "name,sort,closed,inactive,default") || !read_status(a, &read, &name))
		return NULL;
	*s = read;
	if (name)
		text_set(&s->name, name);
	only_default(&a->sb->boards, s);
	return status_json(s);
}

cJSON *admin_status_remove(struct ask *a)
{
	if (!status_find(&a->sb->boards, a->id, a->sub_id))
		return ask_refuse(a, 404, "board %d has no status %d", a->id, a->sub_id);
	status_remove(&a->sb->boards, a->sub_id);
	return ask_done();
}
