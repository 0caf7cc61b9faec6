/*
 * role.c - the table of functions and what the API member may do with each.
 */
#include "role.h"
#include "call.h"
#include "paging.h"
#include "sandbox.h"
#include "schema.h"
#include "text.h"

#include <string.h>
#include <strings.h>

struct function {
	const char *module, *name;
	enum level start[ACTION_COUNT];
};

#define NOTHING                                                                                    \
	{                                                                                          \
		LEVEL_NONE, LEVEL_NONE, LEVEL_NONE, LEVEL_NONE                                     \
	}

/* More functions than one default page of 25 holds, as on a real system. */
static const struct function functions[] = {
	{ "Companies", "Company Maintenance", { LEVEL_NONE, LEVEL_NONE, LEVEL_NONE, LEVEL_ALL } },
	{ "Service Desk", "Service Tickets", { LEVEL_ALL, LEVEL_ALL, LEVEL_NONE, LEVEL_ALL } },
	{ "System", "Table Setup", { LEVEL_NONE, LEVEL_NONE, LEVEL_NONE, LEVEL_ALL } },
	{ "System", "Member Maintenance", { LEVEL_NONE, LEVEL_NONE, LEVEL_NONE, LEVEL_ALL } },
	{ "Service Desk", "Close Service Tickets", NOTHING },
	{ "Companies", "Company/Contact Group Maintenance", NOTHING },
	{ "Companies", "Configurations", NOTHING },
	{ "Companies", "Contacts", NOTHING },
	{ "Companies", "Manage Attachments", NOTHING },
	{ "Companies", "Notes", NOTHING },
	{ "Companies", "Reports", NOTHING },
	{ "Companies", "Team Members", NOTHING },
	{ "Finance", "Accounting Interface", NOTHING },
	{ "Finance", "Agreements", NOTHING },
	{ "Finance", "Invoicing", NOTHING },
	{ "Finance", "Reports", NOTHING },
	{ "Marketing", "Campaigns", NOTHING },
	{ "Procurement", "Inventory", NOTHING },
	{ "Procurement", "Product Catalog", NOTHING },
	{ "Procurement", "Purchase Orders", NOTHING },
	{ "Project", "Project Headers", NOTHING },
	{ "Project", "Project Tickets", NOTHING },
	{ "Sales", "Opportunity", NOTHING },
	{ "Service Desk", "Change Approvals", NOTHING },
	{ "Service Desk", "Merge Tickets", NOTHING },
	{ "Service Desk", "Reports", NOTHING },
	{ "Service Desk", "Resource Scheduling", NOTHING },
	{ "Service Desk", "Service Ticket - Dependencies", NOTHING },
	{ "System", "API Reports", NOTHING },
	{ "System", "Custom Menu Entry", NOTHING },
	{ "System", "Mass Maintenance", NOTHING },
	{ "System", "My Account", { LEVEL_MY, LEVEL_MY, LEVEL_MY, LEVEL_MY } },
	{ "System", "Security Roles", NOTHING },
	{ "Time & Expense", "Time Entry", NOTHING },
};

#define N_FUNCTIONS (sizeof(functions) / sizeof(functions[0]))
_Static_assert(N_FUNCTIONS <= ROLE_FUNCTIONS_MAX, "role too small");

static const char *const level_words[] = { "None", "My", "All" };

void role_reset(struct role *role)
{
	for (size_t i = 0; i < N_FUNCTIONS; i++)
		memcpy(role->levels[i], functions[i].start, sizeof(role->levels[i]));
}

enum level role_level(const struct sandbox *sb, enum right right, enum action action)
{
	if (right == RIGHT_FREE)
		return LEVEL_ALL;
	return sb->role.levels[right][action];
}

bool role_require(struct call *c, enum right right, enum action action)
{
	c->level = role_level(c->sb, right, action);
	if (c->level != LEVEL_NONE)
		return true;
	refuse_security(c);
	return false;
}

static size_t function_find(const char *name)
{
	size_t i = 0;

	while (i < N_FUNCTIONS && strcasecmp(functions[i].name, name) != 0)
		i++;
	return i;
}

bool role_known(const char *function)
{
	return function_find(function) < N_FUNCTIONS;
}

bool role_set(struct role *role, const char *function, enum action action, const char *level)
{
	size_t i = function_find(function);

	for (size_t l = 0; i < N_FUNCTIONS && l < 3; l++)
		if (strcasecmp(level_words[l], level) == 0) {
			role->levels[i][action] = (enum level)l;
			return true;
		}
	return false;
}

static int right_id(const void *row)
{
	return 1 + (int)((const struct function *)row - functions);
}

static cJSON *right_render(const struct sandbox *sb, const void *row)
{
	const struct function *f = row;
	const enum level *have = sb->role.levels[f - functions];
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", right_id(row));
	cJSON_AddStringToObject(o, "addLevel", level_words[have[ACTION_ADD]]);
	cJSON_AddStringToObject(o, "editLevel", level_words[have[ACTION_EDIT]]);
	cJSON_AddStringToObject(o, "deleteLevel", level_words[have[ACTION_DELETE]]);
	cJSON_AddStringToObject(o, "inquireLevel", level_words[have[ACTION_INQUIRE]]);
	cJSON_AddStringToObject(o, "moduleFunctionName", f->name);
	cJSON_AddStringToObject(o, "moduleFunctionDescription", f->name);
	cJSON_AddStringToObject(o, "moduleFunctionIdentifier", f->name);
	cJSON_AddBoolToObject(o, "myAllFlag", true);
	cJSON_AddBoolToObject(o, "reportFlag", strcmp(f->name, "Reports") == 0);
	cJSON_AddBoolToObject(o, "restrictFlag", false);
	cJSON_AddBoolToObject(o, "customFlag", strcmp(f->name, "Table Setup") == 0);
	cJSON_AddStringToObject(o, "moduleDescription", f->module);
	cJSON_AddStringToObject(o, "moduleIdentifier", f->module);
	cJSON_AddStringToObject(o, "moduleName", f->module);
	cJSON_AddNumberToObject(o, "sortOrder", right_id(row));
	cJSON_AddItemToObject(o, "member", member_reference(sb, API_MEMBER_ID));
	return o;
}

static const struct kind right_kind = {
	.type = "MySecurity",
	.resource = "mySecurity",
	.fields = my_security_fields,
	.render = right_render,
	.id = right_id,
};

void my_security_list(struct call *c)
{
	const void *rows[N_FUNCTIONS];

	if (!c->sb->settings.my_security_open) {
		refuse_security(c);
		return;
	}
	for (size_t i = 0; i < N_FUNCTIONS; i++)
		rows[i] = &functions[i];
	list_reply(c, &right_kind, rows, N_FUNCTIONS, LIST_ROWS);
}
