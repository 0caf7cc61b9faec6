#include "app/wish.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "app/app.h"
#include "app/control.h"
#include "base/mem.h"
#include "base/str.h"

void wish_clear(struct wish *w)
{
	op_event_free(w->names);
	tenant_clear(&w->now);
	company_clear(&w->company);
	*w = (struct wish){ 0 };
}

/* ==== whom it is about ==== */

static void copy(cJSON *to, const char *to_key, const cJSON *from, const char *key)
{
	const cJSON *node = json_get(from, key);

	if (node && !cJSON_IsNull(node))
		json_add_node(to, to_key, json_copy(node));
}

static int look_up(struct app *app, int64_t row, struct wish *w, struct fault *reterr)
{
	const struct tenant_names names = {
		.row = row, .guid = w->names->tenant_id, .domain = w->names->tenant_domain
	};

	return tenant_meant(app->store, &names, &w->now, reterr);
}

static bool looks_like_guid(const char *text)
{
	size_t i;

	if (!text || strlen(text) != 36)
		return false;
	for (i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return true;
}

/* A name that is known already: "#7", or an id or domain of a form that is not declared by hand. */
static int named_as_known(
	struct app *app, const char *named, const cJSON *body, struct wish *w, struct fault *reterr)
{
	CLEANUP(json_free) cJSON *node = json_object();
	cJSON *tenant = json_add_object(node, "tenant");
	struct tenant t = { 0 };
	int64_t row;
	int r = tenant_find(app->store, named, &t, reterr);

	if (r == -FAULT_NOT_FOUND && named[0] != '#')
		return fault_set(reterr, FAULT_NOT_FOUND,
			"no tenant %s is known; name it by its GUID, its domain or #row (`opbridge "
			"tenants`)",
			named);
	if (r < 0)
		return r;
	row = t.row;
	json_add_str(tenant, "id", t.guid);
	if (!t.guid)
		json_add_str(tenant, "domain", t.domain);
	tenant_clear(&t);
	if (!json_get(tenant, "domain"))
		copy(tenant, "domain", body, "domain");
	copy(tenant, "name", body, "name");
	r = op_tenant_parse(node, &w->names, reterr);
	return r < 0 ? r : look_up(app, row, w, reterr);
}

static int refuse_other_domain(const struct wish *w, const cJSON *body, struct fault *reterr)
{
	const char *given = json_str(body, "domain");

	if (str_is_blank(given) || str_eq_nocase(given, w->names->tenant_domain))
		return 0;
	return fault_set(reterr, FAULT_CONFLICT,
		"the tenant is named by the domain %s and cannot have another one, %.80s",
		w->names->tenant_domain, given);
}

static int named(
	struct app *app, const char *name, const cJSON *body, struct wish *w, struct fault *reterr)
{
	bool by_domain = strchr(name, '.') != NULL;
	CLEANUP(json_free) cJSON *node = json_object();
	cJSON *tenant = json_add_object(node, "tenant");
	int r;

	json_add_str(tenant, by_domain ? "domain" : "id", name);
	if (!by_domain)
		copy(tenant, "domain", body, "domain");
	copy(tenant, "name", body, "name");
	r = op_tenant_parse(node, &w->names, reterr);
	if (r == 0 && !by_domain && !w->names->tenant_id)
		r = fault_set(reterr, FAULT_INPUT, "the id of zeros names no tenant");
	if (r == 0 && !by_domain && !looks_like_guid(w->names->tenant_id)) {
		wish_clear(w);
		return named_as_known(app, name, body, w, reterr);
	}
	if (r == 0)
		r = look_up(app, 0, w, reterr);
	if (r == 0 && by_domain)
		r = refuse_other_domain(w, body, reterr);
	return r;
}

int wish_named(struct app *app, const char *name, const cJSON *body, struct wish *ret,
	struct fault *reterr)
{
	struct wish w = { 0 };
	int r = name[0] == '#' ? named_as_known(app, name, body, &w, reterr)
			       : named(app, name, body, &w, reterr);

	if (r < 0)
		wish_clear(&w);
	else
		*ret = w;
	return r;
}

/* ==== a row of a file ==== */

static int check_members(const cJSON *row, struct fault *reterr)
{
	static const char *const known[] = { "id", "domain", "name", "company",
		"company_identifier", "company_name", "flow" };
	const cJSON *member;

	if (!cJSON_IsObject(row))
		return fault_set(reterr, FAULT_INPUT, "a tenant must be an object");
	cJSON_ArrayForEach(member, row)
	{
		size_t i;

		for (i = 0; i < ARRAY_LEN(known); i++)
			if (str_eq(member->string, known[i]))
				break;
		if (i == ARRAY_LEN(known))
			return fault_set(
				reterr, FAULT_INPUT, "\"%.40s\" is not known", member->string);
	}
	return 0;
}

static bool given(const cJSON *row, const char *key)
{
	const cJSON *node = json_get(row, key);

	return node && !cJSON_IsNull(node);
}

/* The identifier says which company is meant; an id that says otherwise comes from elsewhere. */
static int by_identifier(struct app *app, const char *identifier, int64_t id, struct company *ret,
	struct fault *reterr)
{
	int r = company_by_identifier(app->store, identifier, ret, reterr);

	if (r == 0 && id && ret->id != id)
		return fault_set(reterr, FAULT_CONFLICT,
			"the company %s has the id %" PRId64 " here, not %" PRId64
			": is the file from another ConnectWise?",
			identifier, ret->id, id);
	return r;
}

/* An id alone is a number that means another company elsewhere: the name beside it must agree. */
static int by_id(struct app *app, int64_t id, const char *name, const struct tenant *now,
	struct company *ret, struct fault *reterr)
{
	int r = company_get(app->store, id, ret, reterr);

	if (r == 0 && now->company != id && !str_is_blank(name) && !str_eq_nocase(name, ret->name))
		return fault_set(reterr, FAULT_CONFLICT,
			"the company %" PRId64 " is %s here, not %.80s: is the file from another "
			"ConnectWise? Correct company_name, or leave it empty",
			id, ret->name ? ret->name : "?", name);
	if (r != -FAULT_NOT_FOUND || now->company != id)
		return r;
	*ret = (struct company){ .id = id }; /* as it is, though nobody knows it any more */
	return 0;
}

static int row_company(struct app *app, const cJSON *row, struct wish *w, struct fault *reterr)
{
	const char *identifier = json_str(row, "company_identifier");
	int64_t id = 0;
	int r = 0;

	if (given(row, "company") && (!json_int(row, "company", &id) || id < 1))
		return fault_set(reterr, FAULT_INPUT, "company must be a company's id, a number");
	if (given(row, "company_identifier") && !identifier)
		return fault_set(reterr, FAULT_INPUT, "company_identifier must be a text");
	if (!str_is_blank(identifier))
		r = by_identifier(app, identifier, id, &w->company, reterr);
	else if (id)
		r = by_id(app, id, json_str(row, "company_name"), &w->now, &w->company, reterr);
	else if (!str_is_blank(json_str(row, "company_name")))
		r = fault_set(reterr, FAULT_INPUT,
			"company_name alone does not say which company is meant; give company or "
			"company_identifier");
	if (r == 0 && w->company.id && w->company.id != w->now.company)
		r = company_usable(&w->company, reterr);
	return r;
}

static int read_row(
	struct app *app, const cJSON *row, bool may_unmap, struct wish *w, struct fault *reterr)
{
	CLEANUP(json_free) cJSON *node = json_object();
	cJSON *tenant = json_add_object(node, "tenant");
	int r = check_members(row, reterr);

	if (r < 0)
		return r;
	copy(tenant, "id", row, "id");
	copy(tenant, "domain", row, "domain");
	copy(tenant, "name", row, "name");
	r = op_tenant_parse(node, &w->names, reterr);
	if (r == 0)
		r = look_up(app, 0, w, reterr);
	if (r == 0)
		r = row_company(app, row, w, reterr);
	if (r == 0 && given(row, "flow") && !cJSON_IsBool(json_get(row, "flow")))
		r = fault_set(reterr, FAULT_INPUT, "flow must be true or false");
	w->flow_given = given(row, "flow");
	w->flow = json_bool(row, "flow", true);
	w->unmap = may_unmap && !w->company.id;
	return r;
}

int wish_row(
	struct app *app, const cJSON *row, bool may_unmap, struct wish *ret, struct fault *reterr)
{
	struct wish w = { 0 };
	int r = read_row(app, row, may_unmap, &w, reterr);

	if (r < 0)
		wish_clear(&w);
	else
		*ret = w;
	return r;
}

/* ==== what it changes ==== */

bool wish_is_new(const struct wish *w)
{
	return w->now.row == 0;
}

static bool adds_id(const struct wish *w)
{
	return w->names->tenant_id && !w->now.guid;
}

static bool adds_domain(const struct wish *w)
{
	return w->names->tenant_domain && !w->now.domain;
}

static bool renames(const struct wish *w)
{
	return w->names->tenant_name && !str_eq(w->names->tenant_name, w->now.name);
}

static bool maps(const struct wish *w)
{
	return w->company.id && w->company.id != w->now.company;
}

static bool unmaps(const struct wish *w)
{
	return w->unmap && w->now.company;
}

/* A tenant that is new has its flow on. */
static bool flow_now(const struct wish *w)
{
	return wish_is_new(w) || w->now.flow;
}

static bool turns_flow(const struct wish *w)
{
	return w->flow_given && w->flow != flow_now(w);
}

int wish_releases(const struct wish *w)
{
	bool flow = w->flow_given ? w->flow : flow_now(w);
	bool on = turns_flow(w) && w->flow && (w->now.company || w->company.id) && !w->unmap;

	return (maps(w) && flow) || on ? w->now.held : 0;
}

static void add(cJSON *list, const char *what, const char *from, const char *to)
{
	cJSON *node = json_object();

	json_add_str(node, "what", what);
	if (from)
		json_add_str(node, "from", from);
	else
		json_add_null(node, "from");
	if (to)
		json_add_str(node, "to", to);
	else
		json_add_null(node, "to");
	json_push(list, node);
}

static char *company_text(int64_t id, const char *name)
{
	return id ? xasprintf("%s (%" PRId64 ")", name ? name : "?", id) : NULL;
}

cJSON *wish_changes(const struct wish *w)
{
	CLEANUP(mem_free) char *from = company_text(w->now.company, w->now.company_name);
	CLEANUP(mem_free) char *to = company_text(w->company.id, w->company.name);
	cJSON *list = json_array();

	if (adds_id(w))
		add(list, "id", NULL, w->names->tenant_id);
	if (adds_domain(w))
		add(list, "domain", NULL, w->names->tenant_domain);
	if (renames(w))
		add(list, "name", w->now.name, w->names->tenant_name);
	if (maps(w) || unmaps(w))
		add(list, "company", from, to);
	if (turns_flow(w))
		add(list, "flow", flow_now(w) ? "on" : "off", w->flow ? "on" : "off");
	return list;
}

/* ==== carrying it out ==== */

static int note(struct app *app, const struct audit_who *who, const struct wish *w,
	enum audit_action action, const char *detail, struct fault *reterr)
{
	const struct audit_change change = {
		.action = action, .tenant = &w->now, .detail = detail
	};

	return audit_note(app, who, &change, reterr);
}

static int refresh(struct app *app, struct wish *w, struct fault *reterr)
{
	int64_t row = w->now.row;

	tenant_clear(&w->now);
	return tenant_get(app->store, row, &w->now, reterr);
}

static int declare(
	struct app *app, const struct audit_who *who, struct wish *w, struct fault *reterr)
{
	const struct op_event *n = w->names;
	int r = tenant_of(
		app->store, n->tenant_id, n->tenant_domain, n->tenant_name, 0, &w->now, reterr);

	return r < 0 ? r : note(app, who, w, AUDIT_DECLARE, n->tenant_name, reterr);
}

static int complete(
	struct app *app, const struct audit_who *who, struct wish *w, struct fault *reterr)
{
	const struct op_event *n = w->names;
	CLEANUP(mem_free)
	char *renamed = xasprintf("%s → %s", w->now.name ? w->now.name : "no name",
		n->tenant_name ? n->tenant_name : "");
	bool renaming = renames(w);
	int r = tenant_complete(
		app->store, w->now.row, n->tenant_id, n->tenant_domain, n->tenant_name, reterr);

	if (r == 0 && adds_id(w))
		r = note(app, who, w, AUDIT_IDENTIFY, n->tenant_id, reterr);
	if (r == 0 && adds_domain(w))
		r = note(app, who, w, AUDIT_IDENTIFY, n->tenant_domain, reterr);
	if (r == 0)
		r = refresh(app, w, reterr);
	return r == 0 && renaming ? note(app, who, w, AUDIT_RENAME, renamed, reterr) : r;
}

int wish_declare(struct app *app, const struct audit_who *who, struct wish *w, struct fault *reterr)
{
	if (wish_is_new(w))
		return declare(app, who, w, reterr);
	return adds_id(w) || adds_domain(w) || renames(w) ? complete(app, who, w, reterr) : 0;
}

static int carry_flow(struct app *app, const struct audit_who *who, struct wish *w,
	struct wish_moved *moved, struct fault *reterr)
{
	int r = control_flow(app, who, &w->now, w->flow, &moved->released, &moved->skipped, reterr);

	return r < 0 ? r : refresh(app, w, reterr);
}

/* A flow that goes off does so before the tenant is mapped, so that nothing slips through. */
int wish_carry_out(struct app *app, const struct audit_who *who, struct wish *w,
	struct wish_moved *ret, struct fault *reterr)
{
	struct wish_moved moved = { 0 };
	int r = wish_declare(app, who, w, reterr);

	if (r == 0 && turns_flow(w) && !w->flow)
		r = carry_flow(app, who, w, &moved, reterr);
	if (r == 0 && unmaps(w))
		r = control_unmap(app, who, &w->now, &moved.held, reterr);
	else if (r == 0 && maps(w))
		r = control_map(app, who, &w->now, &w->company, &moved.released, reterr);
	if (r == 0)
		r = refresh(app, w, reterr);
	if (r == 0 && turns_flow(w))
		r = carry_flow(app, who, w, &moved, reterr);
	if (r == 0)
		*ret = moved;
	return r;
}
