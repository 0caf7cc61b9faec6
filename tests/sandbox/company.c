/*
 * company.c - serving companies: rendering, lists, statuses and types.
 */
#include "company.h"
#include "call.h"
#include "paging.h"
#include "sandbox.h"
#include "schema.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct named {
	int id;
	const char *name;
	bool is_default, inactive;
};

static const struct named statuses[] = {
	{ 1, "Active", true, false },
	{ 2, "Inactive", false, false },
	{ 3, "Credit Hold", false, false },
	{ 12, "Not-Approved", false, true },
};

static const struct named types[] = {
	{ 1, "Client", true, false },
	{ 2, "Prospect", false, false },
	{ 4, "Vendor", false, false },
	{ 7, "Partner", false, false },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *name_of(const struct named *table, size_t n, int id)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].id == id)
			return table[i].name;
	return "";
}

int company_status_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(statuses); i++)
		if (strcasecmp(statuses[i].name, name) == 0)
			return statuses[i].id;
	return 0;
}

/* With the doubled slash that real hrefs have. */
static void add_href(const struct sandbox *sb, cJSON *o, const char *name, const char *path, int id)
{
	char *href = xprintf(
		"https://na.myconnectwise.net/%s/apis/3.0/%s/%d", sb->settings.codebase, path, id);
	cJSON *info = cJSON_AddObjectToObject(o, "_info");

	cJSON_AddStringToObject(info, name, href);
	free(href);
}

cJSON *company_reference(const struct sandbox *sb, int id)
{
	const struct company *co = company_find(&sb->companies, id);
	cJSON *o;

	if (!co)
		return cJSON_CreateNull();
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", co->id);
	cJSON_AddStringToObject(o, "identifier", co->identifier);
	cJSON_AddStringToObject(o, "name", co->name);
	add_href(sb, o, "company_href", "company/companies", co->id);
	return o;
}

static int company_id(const void *row)
{
	return ((const struct company *)row)->id;
}

static void add_reference(cJSON *o, const char *name, int id, const char *text)
{
	cJSON *ref = cJSON_AddObjectToObject(o, name);

	cJSON_AddNumberToObject(ref, "id", id);
	cJSON_AddStringToObject(ref, "name", text);
}

static void add_time(cJSON *o, const char *name, int64_t at)
{
	char text[TIME_TEXT_MAX];

	time_text(at, text);
	cJSON_AddStringToObject(o, name, text);
}

static void add_text(cJSON *o, const char *name, const char *text)
{
	if (text)
		cJSON_AddStringToObject(o, name, text);
}

cJSON *company_render(const struct sandbox *sb, const void *row)
{
	const struct company *co = row;
	cJSON *o = cJSON_CreateObject(), *ref, *info;

	cJSON_AddNumberToObject(o, "id", co->id);
	cJSON_AddStringToObject(o, "identifier", co->identifier);
	cJSON_AddStringToObject(o, "name", co->name);
	add_reference(o, "status", co->status, name_of(statuses, COUNT(statuses), co->status));
	add_text(o, "city", co->city);
	add_text(o, "phoneNumber", co->phone);
	add_text(o, "website", co->website);
	if (co->country) {
		ref = cJSON_AddObjectToObject(o, "country");
		cJSON_AddNumberToObject(ref, "id", 1);
		cJSON_AddStringToObject(ref, "name", co->country);
	}
	add_reference(o, "territory", 38, "Corporate");
	if (co->mine)
		cJSON_AddItemToObject(o, "territoryManager", member_reference(sb, API_MEMBER_ID));
	cJSON_AddBoolToObject(o, "leadFlag", false);
	cJSON_AddBoolToObject(o, "unsubscribeFlag", false);
	cJSON_AddBoolToObject(o, "isVendorFlag", co->type == 4);
	cJSON_AddBoolToObject(o, "deletedFlag", co->deleted);
	if (co->deleted) {
		add_time(o, "dateDeleted", co->deleted_at);
		cJSON_AddStringToObject(o, "deletedBy", "jdoe");
	}
	ref = cJSON_CreateObject();
	cJSON_AddNumberToObject(ref, "id", co->type);
	cJSON_AddStringToObject(ref, "name", name_of(types, COUNT(types), co->type));
	cJSON_AddItemToArray(cJSON_AddArrayToObject(o, "types"), ref);
	info = cJSON_AddObjectToObject(o, "_info");
	add_time(info, "lastUpdated", co->updated_at);
	cJSON_AddStringToObject(info, "updatedBy", "jdoe");
	add_time(info, "dateEntered", co->entered_at);
	cJSON_AddStringToObject(info, "enteredBy", "jdoe");
	return o;
}

static bool company_value(const struct sandbox *sb, const void *row, const struct field *f,
	const char *sub, struct value *ret)
{
	const struct company *co = row;

	(void)sb;
	*ret = (struct value){ .type = VALUE_STRING };
	if (strcmp(f->name, "id") == 0) {
		ret->type = VALUE_NUMBER;
		ret->number = co->id;
	} else if (strcmp(f->name, "name") == 0) {
		ret->text = co->name;
	} else if (strcmp(f->name, "identifier") == 0) {
		ret->text = co->identifier;
	} else if (strcmp(f->name, "deletedFlag") == 0) {
		ret->type = VALUE_BOOL;
		ret->yes = co->deleted;
	} else if (strcmp(f->name, "status") == 0 && strcmp(sub, "id") == 0) {
		ret->type = VALUE_NUMBER;
		ret->number = co->status;
	} else if (strcmp(f->name, "status") == 0) {
		ret->text = name_of(statuses, COUNT(statuses), co->status);
	} else if (strcmp(f->name, "lastUpdated") == 0) {
		ret->type = VALUE_DATE;
		ret->date = co->updated_at;
	} else {
		return false;
	}
	return true;
}

static const struct kind company_kind = {
	.type = "Company",
	.resource = "company",
	.fields = company_fields,
	.render = company_render,
	.id = company_id,
	.value = company_value,
};

static void companies_reply(struct call *c, enum list_form form)
{
	const struct companies *all = &c->sb->companies;
	const void **rows = xcalloc(all->n, sizeof(*rows));
	size_t n = 0;

	/* the level My shortens the list without a word */
	for (size_t i = 0; i < all->n; i++)
		if (c->level == LEVEL_ALL || all->v[i].mine)
			rows[n++] = &all->v[i];
	list_reply(c, &company_kind, rows, n, form);
	free(rows);
}

void company_list(struct call *c)
{
	companies_reply(c, LIST_ROWS);
}

void company_count(struct call *c)
{
	companies_reply(c, LIST_COUNT);
}

void company_get(struct call *c)
{
	const struct company *co = company_find(&c->sb->companies, c->id);

	if (!co || (c->level == LEVEL_MY && !co->mine))
		refuse_missing(c, "Company", c->id);
	else if (fields_check(c, &company_kind))
		object_reply(c, 200, company_render(c->sb, co));
}

static int named_id(const void *row)
{
	return ((const struct named *)row)->id;
}

static cJSON *named_render(const struct sandbox *sb, const void *row)
{
	const struct named *n = row;
	cJSON *o = cJSON_CreateObject();

	(void)sb;
	cJSON_AddNumberToObject(o, "id", n->id);
	cJSON_AddStringToObject(o, "name", n->name);
	cJSON_AddBoolToObject(o, "defaultFlag", n->is_default);
	return o;
}

static cJSON *status_render(const struct sandbox *sb, const void *row)
{
	cJSON *o = named_render(sb, row);

	cJSON_AddBoolToObject(o, "inactiveFlag", ((const struct named *)row)->inactive);
	cJSON_AddBoolToObject(o, "notifyFlag", false);
	cJSON_AddBoolToObject(o, "disallowSavingFlag", false);
	return o;
}

void company_statuses_list(struct call *c)
{
	static const struct kind kind = {
		.type = "CompanyStatus",
		.resource = "companyStatus",
		.fields = company_status_fields,
		.render = status_render,
		.id = named_id,
	};
	const void *rows[COUNT(statuses)];

	for (size_t i = 0; i < COUNT(statuses); i++)
		rows[i] = &statuses[i];
	list_reply(c, &kind, rows, COUNT(statuses), LIST_ROWS);
}

void company_types_list(struct call *c)
{
	static const struct kind kind = {
		.type = "CompanyType",
		.resource = "companyType",
		.fields = company_type_fields,
		.render = named_render,
		.id = named_id,
	};
	const void *rows[COUNT(types)];

	for (size_t i = 0; i < COUNT(types); i++)
		rows[i] = &types[i];
	list_reply(c, &kind, rows, COUNT(types), LIST_ROWS);
}
