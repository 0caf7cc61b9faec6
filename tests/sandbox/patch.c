/*
 * patch.c - the operations of a PATCH, and patching a ticket.
 * A change is built beside the ticket and takes its place only when all of it is acceptable.
 */
#include "patch.h"
#include "call.h"
#include "check.h"
#include "paging.h"
#include "reference.h"
#include "sandbox.h"
#include "schema.h"
#include "ticket.h"

#include <string.h>

static bool bad_operation(struct call *c, const struct kind *kind, const char *why)
{
	refuse(c, 400, "InvalidObject", "%s patch is invalid: %s", kind->resource, why);
	return false;
}

static bool read_op(const char *word, enum patch_op *ret)
{
	static const char *const words[] = { "add", "replace", "remove" };

	for (size_t i = 0; word && i < 3; i++)
		if (strcmp(words[i], word) == 0) {
			*ret = (enum patch_op)i;
			return true;
		}
	return false;
}

bool patch_read(struct call *c, const struct kind *kind, const cJSON *item, struct patch_step *ret)
{
	static const cJSON null = { .type = cJSON_NULL };
	const char *op = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "op"));
	const char *path = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "path"));
	size_t n;

	*ret = (struct patch_step){ .value = &null };
	if (!cJSON_IsObject(item) || !path)
		return bad_operation(c, kind, "an operation needs op and path.");
	if (!read_op(op, &ret->op))
		return bad_operation(c, kind, "op must be add, replace or remove.");
	path += *path == '/';
	n = strcspn(path, "/");
	ret->field = field_find(kind->fields, path, n);
	if (!ret->field || (ret->field->flags & (FIELD_IN_INFO | FIELD_POST_ONLY))) {
		refuse(c, 400, "InvalidObject",
			"Could not find member '%s' on object of type '%s'.", path, kind->type);
		return false;
	}
	ret->ignored = path[n] == '/' || (ret->field->flags & FIELD_READ_ONLY);
	if (ret->op != PATCH_REMOVE) {
		ret->value = cJSON_GetObjectItemCaseSensitive(item, "value");
		if (!ret->value)
			return bad_operation(c, kind, "value is missing.");
	}
	return ret->ignored || check_value(c, kind, ret->field, ret->value);
}

/* What the ticket is to become. */
struct draft {
	const cJSON *company, *board, *status; /* wanted references; NULL = as they are */
	cJSON *doc;
	bool changed;
};

static bool apply(struct call *c, struct draft *d, const struct patch_step *step)
{
	const char *name = step->field->name;
	cJSON *value = NULL;

	if (step->ignored)
		return true;
	d->changed = true;
	if (strcmp(name, "company") == 0)
		d->company = step->value;
	else if (strcmp(name, "board") == 0)
		d->board = step->value;
	else if (strcmp(name, "status") == 0)
		d->status = step->value;
	if (field_word_in("company,board,status", name, strlen(name))) {
		if (!cJSON_IsNull(step->value))
			return true;
		refuse_field(c, "ticket", "MissingRequiredField", name, "The %s field is required.",
			name);
		return false;
	}
	if (step->field->type == FIELD_REF) {
		if (!reference_other(c, step->field, step->value, &value))
			return false;
	} else if (!cJSON_IsNull(step->value)) {
		value = cJSON_Duplicate(step->value, true);
	}
	cJSON_DeleteItemFromObjectCaseSensitive(d->doc, name);
	if (value)
		cJSON_AddItemToObject(d->doc, name, value);
	return true;
}

static bool resolve(struct call *c, const struct ticket *t, const struct draft *d, int *company,
	int *board, int *status)
{
	const struct board_status *s;

	if (!check_required(c, &ticket_kind, d->doc, "summary") ||
		(d->company && !reference_company(c, d->company, company)) ||
		(d->board && !reference_board(c, d->board, board)))
		return false;
	if (d->status) {
		if (!reference_status(c, d->status, *board, status))
			return false;
	} else if (*board != t->board && !status_find(&c->sb->boards, *board, *status)) {
		refuse_field(c, "ticket", "NotFound", "status/id",
			"Service Status %d not found for Service Board %d", *status, *board);
		return false;
	}
	s = status_find(&c->sb->boards, *board, *status);
	return !(s && s->closed && !t->closed) || ticket_may_close(c);
}

static void commit(struct call *c, struct ticket *t, struct draft *d)
{
	int company = t->company, board = t->board, status = t->status;

	if (!resolve(c, t, d, &company, &board, &status))
		return;
	if (d->changed) {
		cJSON *old = t->doc;

		t->doc = d->doc;
		d->doc = old;
		t->company = company;
		t->board = board;
		ticket_set_status(c->sb, t, status, API_MEMBER_IDENTIFIER);
		ticket_touch(t, API_MEMBER_IDENTIFIER);
	}
	object_reply(c, 200, ticket_kind.render(c->sb, t));
}

void ticket_patch(struct call *c)
{
	struct ticket *t = ticket_of(c);
	struct draft d = { 0 };
	struct patch_step step;
	const cJSON *item;
	bool good = true;
	cJSON *body;

	if (!t || !fields_check(c, &ticket_kind))
		return;
	if (ticket_is_closed(t) && !ticket_may_close(c))
		return;
	body = check_body(c, &ticket_kind, true);
	if (!body)
		return;
	d.doc = cJSON_Duplicate(t->doc, true);
	cJSON_ArrayForEach(item, body)
	{
		good = patch_read(c, &ticket_kind, item, &step) && apply(c, &d, &step);
		if (!good)
			break;
	}
	if (good)
		commit(c, t, &d);
	cJSON_Delete(d.doc);
	cJSON_Delete(body);
}
