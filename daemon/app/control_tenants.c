/* Tenants, their mapping, and companies over the local API. */
#include "app/control.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/app.h"
#include "app/audit.h"
#include "app/view.h"
#include "app/wish.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "opbridge.h"

#define COMPANIES_DEFAULT 50
#define COMPANIES_MAX 1000

static int find_company(
	struct app *app, const cJSON *body, struct company *ret, struct fault *reterr)
{
	const char *text = json_str(body, "company");
	int64_t id;
	int r;

	if (json_int(body, "company", &id)) { /* an id, never somebody's identifier */
		r = company_get(app->store, id, ret, reterr);
		return r < 0 ? r : company_usable(ret, reterr);
	}
	if (str_is_blank(text))
		return fault_set(reterr, FAULT_INPUT,
			"\"company\" is missing: a company's id, identifier or exact name");
	return company_find(app->store, text, ret, reterr);
}

/* ==== answers ==== */

static int tenant_node(struct app *app, int64_t row, cJSON **ret, struct fault *reterr)
{
	struct tenant t = { 0 };
	char name[24];
	int r;

	snprintf(name, sizeof(name), "#%" PRId64, row);
	r = tenant_find(app->store, name, &t, reterr);
	if (r < 0)
		return r;
	*ret = view_tenant(&t);
	tenant_clear(&t);
	return 0;
}

static void reply_tenant(
	struct app *app, struct api_req *req, int64_t row, const char *count_name, int count)
{
	struct fault f = { 0 };
	cJSON *answer, *node = NULL;

	if (tenant_node(app, row, &node, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	answer = json_object();
	json_add_node(answer, "tenant", node);
	json_add_int(answer, count_name, count);
	api_reply(req, 200, answer);
}

/* What a mapping did beside: so that a slip of the finger is seen. */
struct mapped {
	int released, expired;
	bool declared; /* nobody knew the tenant before */
	int64_t was_company; /* 0: none */
	char *was_name;
};

static void reply_mapped(
	struct app *app, struct api_req *req, int64_t row, const struct mapped *mapped)
{
	struct fault f = { 0 };
	cJSON *answer, *node = NULL;

	if (tenant_node(app, row, &node, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	answer = json_object();
	json_add_node(answer, "tenant", node);
	json_add_int(answer, "released", mapped->released);
	json_add_int(answer, "expired", mapped->expired);
	json_add_bool(answer, "declared", mapped->declared);
	if (mapped->was_company) {
		node = json_add_object(answer, "was");
		json_add_int(node, "id", mapped->was_company);
		json_add_str(node, "name", mapped->was_name);
	} else {
		json_add_null(answer, "was");
	}
	api_reply(req, 200, answer);
}

/* ==== handlers ==== */

void control_tenants(struct app *app, struct api_req *req)
{
	struct tenants list = { 0 };
	struct fault f = { 0 };
	cJSON *answer, *array;
	size_t i;

	if (tenant_list(app->store, &list, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	answer = json_object();
	array = json_add_array(answer, "tenants");
	for (i = 0; i < list.n; i++)
		json_push(array, view_tenant(&list.at[i]));
	tenants_clear(&list);
	api_reply(req, 200, answer);
}

/* ==== changes, for one call and for a row of many ==== */

/* Held events go to the queue, but for those that were held for too long. */
static int release(struct app *app, int64_t row, int *ret_released, struct fault *reterr)
{
	bool more;
	int expired, r = delivery_expire_held(app, row, &expired, &more, reterr);

	return r < 0 ? r : queue_release_held(app->store, row, now_wall_ms(), ret_released, reterr);
}

int control_map(struct app *app, const struct audit_who *who, const struct tenant *t,
	const struct company *c, int *ret_released, struct fault *reterr)
{
	struct audit_change change = { .action = AUDIT_MAP,
		.tenant = t,
		.from_company = t->company,
		.from_name = t->company_name,
		.to_company = c->id,
		.to_name = c->name };
	char by[AUDIT_WHO_TEXT_MAX];
	int r;

	audit_who_text(who, by);
	r = tenant_map(app->store, t->row, c->id, by, now_wall_ms(), reterr);
	if (r == 0 && t->flow)
		r = release(app, t->row, ret_released, reterr);
	change.released = *ret_released;
	if (r == 0)
		r = audit_note(app, who, &change, reterr);
	if (r == 0)
		TURN_SAY(app, LEVEL_INFO, "tenant mapped", F_STR("tenant", tenant_label(t)),
			F_INT("company", c->id), F_STR("company_name", c->name), F_STR("by", by),
			F_INT("was_company", t->company), F_INT("released", *ret_released));
	return r;
}

int control_unmap(struct app *app, const struct audit_who *who, const struct tenant *t,
	int *ret_held, struct fault *reterr)
{
	struct audit_change change = { .action = AUDIT_UNMAP,
		.tenant = t,
		.from_company = t->company,
		.from_name = t->company_name };
	char by[AUDIT_WHO_TEXT_MAX];
	int r;

	audit_who_text(who, by);
	r = tenant_map(app->store, t->row, 0, by, now_wall_ms(), reterr);
	if (r == 0)
		r = queue_hold_tenant(app->store, t->row, DELIVERY_UNMAPPED, ret_held, reterr);
	change.held = *ret_held;
	if (r == 0 && (t->company || change.held))
		r = audit_note(app, who, &change, reterr);
	if (r == 0)
		TURN_SAY(app, LEVEL_INFO, "tenant unmapped", F_STR("tenant", tenant_label(t)),
			F_INT("was_company", t->company), F_STR("by", by),
			F_INT("held", *ret_held));
	return r;
}

int control_flow(struct app *app, const struct audit_who *who, const struct tenant *t, bool on,
	int *ret_released, int *ret_skipped, struct fault *reterr)
{
	struct audit_change change = { .action = on ? AUDIT_FLOW_ON : AUDIT_FLOW_OFF, .tenant = t };
	char by[AUDIT_WHO_TEXT_MAX];
	int r = tenant_flow(app->store, t->row, on, reterr);

	audit_who_text(who, by);
	if (r == 0 && on && t->company)
		r = release(app, t->row, ret_released, reterr);
	if (r == 0 && !on)
		r = queue_skip_tenant(
			app->store, t->row, DELIVERY_FLOW_OFF, now_wall_ms(), ret_skipped, reterr);
	change.released = *ret_released;
	change.skipped = *ret_skipped;
	if (r == 0 && (on != t->flow || change.released || change.skipped))
		r = audit_note(app, who, &change, reterr);
	if (r == 0)
		TURN_SAY(app, LEVEL_INFO, on ? "flow turned on" : "flow turned off",
			F_STR("tenant", tenant_label(t)), F_STR("by", by),
			F_INT("skipped", *ret_skipped));
	return r;
}

/* ==== handlers ==== */

/* What is too old for a ticket, so that the answer can tell how many. */
static int expire(struct app *app, int64_t row, int *ret_expired, struct fault *reterr)
{
	bool more = false;
	int r = delivery_expire_held(app, row, ret_expired, &more, reterr);

	if (r < 0 || !more)
		return r;
	return fault_set(reterr, FAULT_BUSY,
		"many events of this tenant were held for too long and expire just now; try again "
		"in a moment");
}

void control_tenant_put(struct app *app, struct api_req *req)
{
	const struct audit_who who = audit_who(req, AUDIT_COMMAND);
	CLEANUP(json_free) cJSON *body = NULL;
	struct company company = { 0 };
	struct wish w = { 0 };
	struct fault f = { 0 };
	struct mapped mapped = { 0 };
	int64_t row = 0;
	int r;

	if (!control_may_write(app, req))
		return;
	r = control_body(req, &body, &f);
	if (r == 0)
		r = find_company(app, body, &company, &f);
	if (r == 0)
		r = wish_named(app, api_part(req, 2), body, &w, &f);
	if (r == 0 && control_map_allowed(req, body, &w.now, &company)) {
		mapped.declared = w.now.row == 0;
		if (w.now.company != company.id)
			mapped.was_company = w.now.company;
		mapped.was_name = xstrdup(w.now.company_name);
		r = wish_declare(app, &who, &w, &f);
		row = w.now.row;
		if (r == 0)
			r = expire(app, row, &mapped.expired, &f);
		if (r == 0)
			r = control_map(app, &who, &w.now, &company, &mapped.released, &f);
	}
	company_clear(&company);
	wish_clear(&w);
	if (r < 0)
		control_fault(app, req, &f);
	else if (row)
		reply_mapped(app, req, row, &mapped);
	mem_free(mapped.was_name);
}

void control_tenant_unmap(struct app *app, struct api_req *req)
{
	const struct audit_who who = audit_who(req, AUDIT_COMMAND);
	struct tenant t = { 0 };
	struct fault f = { 0 };
	int held = 0, r;

	if (!control_may_write(app, req))
		return;
	r = tenant_find(app->store, api_part(req, 2), &t, &f);
	if (r == 0)
		r = control_unmap(app, &who, &t, &held, &f);
	if (r == 0)
		reply_tenant(app, req, t.row, "held", held);
	else
		control_fault(app, req, &f);
	tenant_clear(&t);
}

void control_tenant_flow(struct app *app, struct api_req *req)
{
	CLEANUP(json_free) cJSON *body = NULL;
	struct tenant t = { 0 };
	struct fault f = { 0 };
	const struct audit_who who = audit_who(req, AUDIT_COMMAND);
	bool on = false;
	int released = 0, skipped = 0, r;

	if (!control_may_write(app, req))
		return;
	r = control_body(req, &body, &f);
	if (r == 0 && !cJSON_IsBool(json_get(body, "on")))
		r = fault_set(&f, FAULT_INPUT, "\"on\" must be true or false");
	if (r == 0)
		r = tenant_find(app->store, api_part(req, 2), &t, &f);
	on = json_bool(body, "on", false);
	if (r == 0)
		r = control_flow(app, &who, &t, on, &released, &skipped, &f);
	if (r == 0)
		reply_tenant(app, req, t.row, "skipped", skipped);
	else
		control_fault(app, req, &f);
	tenant_clear(&t);
}

void control_companies(struct app *app, struct api_req *req)
{
	struct companies list = { 0 };
	struct fault f = { 0 };
	cJSON *answer, *array;
	int total = 0;
	int64_t limit = 0;
	size_t i;

	if (control_number(req, "limit", COMPANIES_DEFAULT, 1, COMPANIES_MAX, &limit, &f) < 0 ||
		company_list(app->store, api_query(req, "q"), api_query(req, "gone") != NULL,
			(int)limit, &list, &total, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	answer = json_object();
	array = json_add_array(answer, "companies");
	for (i = 0; i < list.n; i++)
		json_push(array, view_company(&list.at[i]));
	json_add_int(answer, "total", total);
	companies_clear(&list);
	api_reply(req, 200, answer);
}
