/*
 * admin_company.c - companies coming, changing and going as people at the MSP would have it.
 */
#include "admin.h"
#include "company.h"
#include "sandbox.h"
#include "text.h"

#include <string.h>

#define GENERATE_MAX 200000

cJSON *admin_companies(struct ask *a)
{
	const struct companies *all = &a->sb->companies;
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < all->n; i++)
		cJSON_AddItemToArray(list, company_render(a->sb, &all->v[i]));
	return list;
}

static bool set_status(struct ask *a, struct company *co, const char *status)
{
	int id = status ? company_status_by_name(status) : co->status;

	if (id == 0) {
		ask_refuse(a, 400, "there is no company status %s", status);
		return false;
	}
	co->status = id;
	return true;
}

static void set_deleted(struct company *co, bool deleted)
{
	if (deleted && !co->deleted)
		co->deleted_at = time_wall();
	co->deleted = deleted;
}

static cJSON *change(struct ask *a, struct company *co)
{
	const char *name = NULL, *identifier = NULL, *website = NULL, *status = NULL;
	bool deleted = co->deleted, mine = co->mine;

	if (!ask_text(a, "name", &name) || !ask_text(a, "identifier", &identifier) ||
		!ask_text(a, "website", &website) || !ask_text(a, "status", &status) ||
		!ask_bool(a, "deleted", &deleted) || !ask_bool(a, "mine", &mine) ||
		!set_status(a, co, status))
		return NULL;
	if (name)
		text_set(&co->name, name);
	if (identifier)
		text_set(&co->identifier, identifier);
	if (website)
		text_set(&co->website, website);
	set_deleted(co, deleted);
	co->mine = mine;
	co->updated_at = time_wall();
	return company_render(a->sb, co);
}

cJSON *admin_company_add(struct ask *a)
{
	const char *name = NULL, *identifier = NULL;
	int id = 0;

	if (!ask_known(a, "id,name,identifier,website,status,deleted,mine") ||
		!ask_int(a, "id", &id) || !ask_text(a, "name", &name) ||
		!ask_text(a, "identifier", &identifier))
		return NULL;
	if (!name || !identifier || id < 0 || company_find(&a->sb->companies, id))
		return ask_refuse(
			a, 400, "name and identifier are needed, and an id not yet taken");
	return change(a, company_add(&a->sb->companies, id, identifier, name));
}

cJSON *admin_company_change(struct ask *a)
{
	struct company *co = company_find(&a->sb->companies, a->id);

	if (!co)
		return ask_refuse(a, 404, "there is no company %d", a->id);
	if (!ask_known(a, "name,identifier,website,status,deleted,mine"))
		return NULL;
	return change(a, co);
}

/* As if it had never been; `deleted` puts one into the recycle bin instead. */
cJSON *admin_company_remove(struct ask *a)
{
	if (!company_remove(&a->sb->companies, a->id))
		return ask_refuse(a, 404, "there is no company %d", a->id);
	return ask_done();
}

cJSON *admin_companies_generate(struct ask *a)
{
	int count = 0;
	cJSON *o;

	if (!ask_known(a, "count") || !ask_int(a, "count", &count))
		return NULL;
	if (count < 1 || count > GENERATE_MAX)
		return ask_refuse(a, 400, "count must be between 1 and %d", GENERATE_MAX);
	companies_generate(&a->sb->companies, (size_t)count);
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "companies", (double)a->sb->companies.n);
	return o;
}
