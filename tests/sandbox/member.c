/*
 * member.c - members as the four endpoints show them, and system/info.
 */
#include "member.h"
#include "call.h"
#include "paging.h"
#include "sandbox.h"
#include "schema.h"

#include <string.h>
#include <strings.h>

struct member {
	int id;
	const char *identifier, *first, *last, *license;
	bool api;
};

static const struct member all[] = {
	{ 150, TECHNICIAN, "John", "Doe", "F", false },
	{ 151, "alee", "Anna", "Lee", "F", false },
	{ 242, "BackupRadar", "Backup", "Radar", "A", true },
	{ API_MEMBER_ID, API_MEMBER_IDENTIFIER, "Office", "Protect", "A", true },
};

#define N_MEMBERS (sizeof(all) / sizeof(all[0]))

static const struct member *find(int id)
{
	for (size_t i = 0; i < N_MEMBERS; i++)
		if (all[i].id == id)
			return &all[i];
	return NULL;
}

void members_seed(struct members *members)
{
	members->default_board = BOARD_SECURITY;
}

int member_wanted(const cJSON *wanted)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(wanted, "id");
	const char *word =
		cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(wanted, "identifier"));

	for (size_t i = 0; i < N_MEMBERS; i++)
		if (id ? all[i].id == id->valueint : word && !strcasecmp(all[i].identifier, word))
			return all[i].id;
	return 0;
}

static void add_full_name(cJSON *o, const struct member *m)
{
	char name[64];

	snprintf(name, sizeof(name), "%s %s", m->first, m->last);
	cJSON_AddStringToObject(o, "name", name);
}

cJSON *member_reference(const struct sandbox *sb, int id)
{
	const struct member *m = find(id);
	cJSON *o;

	(void)sb;
	if (!m)
		return cJSON_CreateNull();
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", m->id);
	cJSON_AddStringToObject(o, "identifier", m->identifier);
	add_full_name(o, m);
	return o;
}

cJSON *member_by_identifier(const struct sandbox *sb, const char *identifier)
{
	for (size_t i = 0; i < N_MEMBERS; i++)
		if (strcmp(all[i].identifier, identifier) == 0)
			return member_reference(sb, all[i].id);
	return cJSON_CreateNull();
}

static int member_id(const void *row)
{
	return ((const struct member *)row)->id;
}

static void add_info(cJSON *o)
{
	cJSON *info = cJSON_AddObjectToObject(o, "_info");

	cJSON_AddStringToObject(info, "lastUpdated", "2025-05-05T05:05:05Z");
	cJSON_AddStringToObject(info, "updatedBy", "jdoe");
}

/* What all views share: role, default board, blacklist. */
static void add_service(const struct sandbox *sb, cJSON *o, const struct member *m)
{
	cJSON *role = cJSON_AddObjectToObject(o, "securityRole"), *level;
	int excluded = 23,
	    board = m->id == API_MEMBER_ID ? sb->members.default_board : BOARD_HELP_DESK;

	cJSON_AddNumberToObject(role, "id", m->api ? 71 : 63);
	cJSON_AddStringToObject(role, "name", m->api ? "API - Tickets" : "Service Desk");
	level = cJSON_AddObjectToObject(o, "structureLevel");
	cJSON_AddNumberToObject(level, "id", 1);
	cJSON_AddStringToObject(
		level, "name", m->api ? sb->settings.structure_level : "Corporate (Level 1)");
	if (board)
		cJSON_AddItemToObject(o, "serviceDefaultBoard", board_reference(sb, board));
	cJSON_AddItemToObject(
		o, "excludedServiceBoardIds", cJSON_CreateIntArray(&excluded, m->api ? 1 : 0));
	cJSON_AddBoolToObject(o, "inactiveFlag", false);
	add_info(o);
}

static cJSON *member_render(const struct sandbox *sb, const void *row)
{
	const struct member *m = row;
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", m->id);
	cJSON_AddStringToObject(o, "identifier", m->identifier);
	cJSON_AddStringToObject(o, "licenseClass", m->license);
	cJSON_AddStringToObject(o, "firstName", m->first);
	cJSON_AddStringToObject(o, "lastName", m->last);
	cJSON_AddBoolToObject(o, "adminFlag", false);
	add_service(sb, o, m);
	return o;
}

static cJSON *api_member_render(const struct sandbox *sb, const void *row)
{
	const struct member *m = row;
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", m->id);
	cJSON_AddStringToObject(o, "identifier", m->identifier);
	add_full_name(o, m);
	add_service(sb, o, m);
	return o;
}

static const struct kind member_kind = {
	.type = "Member",
	.resource = "member",
	.fields = member_fields,
	.render = member_render,
	.id = member_id,
};

static const struct kind api_member_kind = {
	.type = "ApiMember",
	.resource = "apiMember",
	.fields = api_member_fields,
	.render = api_member_render,
	.id = member_id,
};

static const struct kind my_member_kind = {
	.type = "MyMember",
	.resource = "myMember",
	.fields = my_member_fields,
	.render = member_render,
	.id = member_id,
};

/* One object, not a list. */
void my_member_get(struct call *c)
{
	if (!c->sb->settings.my_members_open &&
		!role_require(c, RIGHT_MEMBER_MAINTENANCE, ACTION_INQUIRE))
		return;
	if (fields_check(c, &my_member_kind))
		object_reply(c, 200, member_render(c->sb, find(API_MEMBER_ID)));
}

static void members_reply(struct call *c, const struct kind *kind, bool api, enum list_form form)
{
	const void *rows[N_MEMBERS];
	size_t n = 0;

	for (size_t i = 0; i < N_MEMBERS; i++)
		if ((!api || all[i].api) && (c->level == LEVEL_ALL || all[i].id == API_MEMBER_ID))
			rows[n++] = &all[i];
	list_reply(c, kind, rows, n, form);
}

void member_list(struct call *c)
{
	members_reply(c, &member_kind, false, LIST_ROWS);
}

void member_count(struct call *c)
{
	members_reply(c, &member_kind, false, LIST_COUNT);
}

void api_member_list(struct call *c)
{
	members_reply(c, &api_member_kind, true, LIST_ROWS);
}

static void one_member(struct call *c, const struct kind *kind, bool api)
{
	const struct member *m = find(c->id);

	if (!m || (api && !m->api) || (c->level != LEVEL_ALL && m->id != API_MEMBER_ID))
		refuse_missing(c, kind->type, c->id);
	else if (fields_check(c, kind))
		object_reply(c, 200, kind->render(c->sb, m));
}

void member_get(struct call *c)
{
	one_member(c, &member_kind, false);
}

void api_member_get(struct call *c)
{
	one_member(c, &api_member_kind, true);
}

void system_info_get(struct call *c)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "version", "v" API_VERSION ".105333");
	cJSON_AddBoolToObject(o, "isCloud", c->sb->settings.is_cloud);
	cJSON_AddStringToObject(o, "serverTimeZone", "Eastern Standard Time");
	cJSON_AddArrayToObject(o, "licenseBits");
	if (c->sb->settings.is_cloud)
		cJSON_AddStringToObject(o, "cloudRegion", "NA");
	cJSON_AddNumberToObject(o, "maxWorkFlowRecordsAllowed", 500);
	reply_json(c, 200, o);
}
