#include "app/view.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"

void view_add_str(cJSON *object, const char *key, const char *value)
{
	if (value)
		json_add_str(object, key, value);
	else
		json_add_null(object, key);
}

static void add_id(cJSON *object, const char *key, int64_t id)
{
	if (id)
		json_add_int(object, key, id);
	else
		json_add_null(object, key);
}

static void add_body(cJSON *node, const char *text)
{
	struct fault f = { 0 };
	cJSON *body = NULL;

	if (text && json_parse_reply(text, strlen(text), &body, &f) == 0)
		json_add_node(node, "body", body);
}

cJSON *view_event(const struct queue_row *row, bool with_body)
{
	cJSON *node = json_object(), *sub;

	json_add_int(node, "seq", row->seq);
	json_add_str(node, "id", row->event_id);
	json_add_int(node, "version", row->version);
	json_add_str(node, "type", row->type);
	json_add_str(node, "event_state", row->event_state);
	json_add_str(node, "state", queue_state_name(row->state));
	sub = json_add_object(node, "tenant");
	json_add_int(sub, "row", row->tenant);
	view_add_str(sub, "id", row->tenant_guid);
	view_add_str(sub, "domain", row->tenant_domain);
	view_add_str(sub, "name", row->tenant_name);
	if (row->company) {
		sub = json_add_object(node, "company");
		json_add_int(sub, "id", row->company);
		view_add_str(sub, "name", row->company_name);
	} else {
		json_add_null(node, "company");
	}
	json_add_int(node, "incident", row->incident);
	add_id(node, "ticket", row->ticket);
	view_add_str(node, "board", row->ticket ? row->board : NULL);
	view_add_str(node, "status", row->ticket ? row->status : NULL);
	view_add_str(node, "did", row->did);
	json_add_int(node, "attempts", row->attempts);
	view_add_str(node, "why", row->why);
	json_add_time(node, "accepted_at", row->accepted_at);
	json_add_time(node, "done_at", row->done_at);
	view_add_str(node, "title", row->title);
	json_add_int(node, "submitter_uid", row->uid);
	if (with_body)
		add_body(node, row->text);
	return node;
}

cJSON *view_tenant(const struct tenant *t)
{
	cJSON *node = json_object(), *company;

	json_add_int(node, "row", t->row);
	view_add_str(node, "id", t->guid);
	view_add_str(node, "domain", t->domain);
	view_add_str(node, "name", t->name);
	if (t->company) {
		company = json_add_object(node, "company");
		json_add_int(company, "id", t->company);
		view_add_str(company, "identifier", t->company_identifier);
		view_add_str(company, "name", t->company_name);
		json_add_bool(company, "gone", t->company_gone || !t->company_known);
		json_add_bool(company, "inactive", t->company_inactive);
	} else {
		json_add_null(node, "company");
	}
	json_add_bool(node, "ambiguous", t->shared && !t->company);
	json_add_bool(node, "flow", t->flow);
	json_add_int(node, "held", t->held);
	json_add_int(node, "events", t->events);
	json_add_time(node, "mapped_at", t->mapped_at);
	view_add_str(node, "mapped_by", t->mapped_by);
	json_add_time(node, "last_event_at", t->last_event_at);
	return node;
}

static cJSON *words(const char *joined)
{
	cJSON *array = json_array();
	const char *at = joined;

	while (at && *at) {
		size_t n = strcspn(at, ",");
		CLEANUP(mem_free) char *word = xstrndup(at, n);

		str_trim(word);
		if (*word)
			json_push_str(array, word);
		at += n + (at[n] == ',');
	}
	return array;
}

cJSON *view_company(const struct company *c)
{
	cJSON *node = json_object();

	json_add_int(node, "id", c->id);
	view_add_str(node, "identifier", c->identifier);
	view_add_str(node, "name", c->name);
	view_add_str(node, "website", c->website);
	view_add_str(node, "status", c->status);
	json_add_node(node, "types", words(c->types));
	json_add_bool(node, "inactive", c->inactive);
	json_add_time(node, "gone_at", c->gone_at);
	return node;
}

static const char *doubt_name(const struct incident *in)
{
	if (!in->op_doubt)
		return NULL;
	switch (in->op) {
	case OP_NONE:
		return NULL;
	case OP_CREATE:
		return "create";
	case OP_NOTE:
		return "note";
	case OP_PATCH:
		return "status";
	}
	abort();
}

cJSON *view_incident(const struct incident *in, const struct tenant *t)
{
	cJSON *node = json_object(), *tenant = NULL;

	json_add_int(node, "incident", in->id);
	tenant = json_add_object(node, "tenant");
	json_add_int(tenant, "row", in->tenant);
	if (t) {
		view_add_str(tenant, "id", t->guid);
		view_add_str(tenant, "domain", t->domain);
		view_add_str(tenant, "name", t->name);
	}
	json_add_str(node, "type", in->type);
	view_add_str(node, "label", in->label);
	add_id(node, "ticket", in->ticket);
	view_add_str(node, "board", in->board);
	view_add_str(node, "status", in->status);
	json_add_int(node, "generation", in->generation);
	json_add_int(node, "waiting", in->waiting);
	view_add_str(node, "in_doubt", doubt_name(in));
	json_add_int(node, "tries", in->tries);
	json_add_time(node, "due_at", in->due_at);
	json_add_time(node, "updated_at", in->updated_at);
	return node;
}
