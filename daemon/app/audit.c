#include "app/audit.h"

#include <inttypes.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "app/app.h"
#include "app/control.h"
#include "app/view.h"
#include "base/now.h"
#include "base/str.h"
#include "io/passwd.h"

#define PASSWD "/etc/passwd"
#define LIST_DEFAULT 50
#define LIST_MAX 500

/* A name as users have them, not one that could look like something else in a log. */
static bool is_plain(const char *name)
{
	size_t n = name ? strlen(name) : 0;

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("-_.@\\+$", name[i]))
			return false;
	return n > 0 && n < AUDIT_USER_MAX;
}

struct audit_who audit_who(const struct api_req *req, enum audit_how how)
{
	struct audit_who who = { .uid = req ? api_uid(req) : -1, .how = how };
	const char *login = req ? api_query(req, "for") : NULL;

	passwd_name(PASSWD, who.uid, who.user, sizeof(who.user));
	if (is_plain(login) && !str_eq(login, who.user))
		snprintf(who.login, sizeof(who.login), "%s", login);
	return who;
}

const char *audit_who_text(const struct audit_who *who, char buf[AUDIT_WHO_TEXT_MAX])
{
	if (*who->user)
		snprintf(buf, AUDIT_WHO_TEXT_MAX, "%s (uid %" PRId64 ")%s%s", who->user, who->uid,
			*who->login ? " for " : "", who->login);
	else
		snprintf(buf, AUDIT_WHO_TEXT_MAX, "uid %" PRId64 "%s%s", who->uid,
			*who->login ? " for " : "", who->login);
	return buf;
}

/* The store keeps texts that it does not change. */
static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

int audit_note(struct app *app, const struct audit_who *who, const struct audit_change *change,
	struct fault *reterr)
{
	const struct tenant *t = change->tenant;
	const struct audit row = { .at = now_wall_ms(),
		.uid = who->uid,
		.user = *who->user ? text(who->user) : NULL,
		.login = *who->login ? text(who->login) : NULL,
		.action = change->action,
		.how = who->how,
		.tenant = t ? t->row : 0,
		.label = t ? text(tenant_label(t)) : NULL,
		.from = { .id = change->from_company, .name = text(change->from_name) },
		.to = { .id = change->to_company, .name = text(change->to_name) },
		.released = change->released,
		.held = change->held,
		.skipped = change->skipped,
		.detail = text(change->detail) };

	return audit_put(app->store, &row, app->conf->store.audit_max, reterr);
}

void audit_tell(
	struct app *app, const struct audit_who *who, enum audit_action action, const char *detail)
{
	const struct audit_change change = { .action = action, .detail = detail };
	struct fault f = { 0 };
	const char *why;

	if (turn_may_write(app, &why) && audit_note(app, who, &change, &f) < 0)
		turn_fail(app, &f);
}

/* ==== reading it ==== */

static void add_company(cJSON *node, const char *key, const struct audit_company *c)
{
	cJSON *company;

	if (!c->id) {
		json_add_null(node, key);
		return;
	}
	company = json_add_object(node, key);
	json_add_int(company, "id", c->id);
	view_add_str(company, "name", c->name);
}

static cJSON *view_audit(const struct audit *a)
{
	cJSON *node = json_object(), *tenant;

	json_add_int(node, "id", a->id);
	json_add_time(node, "at", a->at);
	if (a->uid >= 0)
		json_add_int(node, "uid", a->uid);
	else
		json_add_null(node, "uid");
	view_add_str(node, "user", a->user);
	view_add_str(node, "for", a->login);
	json_add_str(node, "action", audit_action_name(a->action));
	json_add_str(node, "how", audit_how_name(a->how));
	if (a->tenant) {
		tenant = json_add_object(node, "tenant");
		json_add_int(tenant, "row", a->tenant);
		view_add_str(tenant, "label", a->label);
	} else {
		json_add_null(node, "tenant");
	}
	add_company(node, "from", &a->from);
	add_company(node, "to", &a->to);
	json_add_int(node, "released", a->released);
	json_add_int(node, "held", a->held);
	json_add_int(node, "skipped", a->skipped);
	view_add_str(node, "detail", a->detail);
	return node;
}

struct audit_query {
	int64_t limit, before, tenant;
};

static int query_of(
	struct app *app, struct api_req *req, struct audit_query *ret, struct fault *reterr)
{
	const char *named = api_query(req, "tenant");
	struct audit_query query = { 0 };
	struct tenant t = { 0 };
	int r = control_number(req, "limit", LIST_DEFAULT, 1, LIST_MAX, &query.limit, reterr);

	if (r == 0)
		r = control_number(req, "before", 0, 0, INT64_MAX, &query.before, reterr);
	if (r == 0 && named)
		r = tenant_find(app->store, named, &t, reterr);
	if (r < 0)
		return r;
	query.tenant = t.row;
	tenant_clear(&t);
	*ret = query;
	return 0;
}

void control_audit(struct app *app, struct api_req *req)
{
	struct audit_query query;
	struct audits list = { 0 };
	struct fault f = { 0 };
	cJSON *answer, *array;
	int64_t dropped = 0;
	size_t i;

	if (query_of(app, req, &query, &f) < 0 || audit_dropped(app->store, &dropped, &f) < 0 ||
		audit_list(app->store, query.before, query.tenant, (int)query.limit, &list, &f) <
			0) {
		control_fault(app, req, &f);
		return;
	}
	answer = json_object();
	array = json_add_array(answer, "audit");
	for (i = 0; i < list.n; i++)
		json_push(array, view_audit(&list.at[i]));
	if (list.n == (size_t)query.limit)
		json_add_int(answer, "next_before", list.at[list.n - 1].id);
	else
		json_add_null(answer, "next_before");
	json_add_int(answer, "dropped", dropped);
	audits_clear(&list);
	api_reply(req, 200, answer);
}
