/*
 * reference.c - resolving references: companies, boards, statuses, priorities, sources, members.
 * What the sandbox has no records of (contacts, types, teams…) is never found.
 */
#include "reference.h"
#include "call.h"
#include "field.h"
#include "sandbox.h"

#include <string.h>

static const cJSON *part(const cJSON *wanted, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(wanted, name);

	return cJSON_IsNull(item) ? NULL : item;
}

static bool absent(const cJSON *wanted)
{
	return !wanted || cJSON_IsNull(wanted);
}

static bool required(struct call *c, const char *field, const char *name)
{
	refuse_field(c, "ticket", "MissingRequiredField", field, "The %s field is required.", name);
	return false;
}

bool reference_company(struct call *c, const cJSON *wanted, int *ret_id)
{
	const cJSON *id = part(wanted, "id");
	const char *word = cJSON_GetStringValue(part(wanted, "identifier"));
	const struct company *co = NULL;

	if (absent(wanted) || (!id && !word))
		return required(c, "company", "company");
	if (id)
		co = company_find(&c->sb->companies, id->valueint);
	else
		co = company_by_identifier(&c->sb->companies, word);
	if (co && !co->deleted) {
		*ret_id = co->id;
		return true;
	}
	if (id)
		refuse_field(c, "ticket", "NotFound", "company/id", "Company %d not found",
			id->valueint);
	else
		refuse_field(c, "ticket", "NotFound", "company/identifier", "Company %s not found",
			word);
	return false;
}

static int board_by_name(const char *name)
{
	for (int id = BOARD_HELP_DESK; id <= 23; id++) {
		const struct board *b = board_find(id);

		if (b && strcmp(b->name, name) == 0)
			return id;
	}
	return 0;
}

bool reference_board(struct call *c, const cJSON *wanted, int *ret_id)
{
	const cJSON *id = part(wanted, "id");
	const char *name = cJSON_GetStringValue(part(wanted, "name"));
	int board = c->sb->members.default_board;

	if (id)
		board = id->valueint;
	else if (name)
		board = board_by_name(name);
	else if (board == 0 || !absent(wanted))
		return required(c, "board/id", "board");
	if (board_usable(board)) {
		*ret_id = board;
		return true;
	}
	if (name && !id)
		refuse_field(
			c, "ticket", "NotFound", "board/name", "Service Board %s not found", name);
	else
		refuse_field(
			c, "ticket", "NotFound", "board/id", "Service Board %d not found", board);
	return false;
}

bool reference_status(struct call *c, const cJSON *wanted, int board, int *ret_id)
{
	const cJSON *id = part(wanted, "id");
	const char *name = cJSON_GetStringValue(part(wanted, "name"));
	const struct board_status *s;

	if (absent(wanted)) {
		s = status_default(&c->sb->boards, board);
		if (!s)
			return required(c, "status/id", "status");
	} else if (id) {
		s = status_find(&c->sb->boards, board, id->valueint);
	} else if (name) {
		s = status_by_name(&c->sb->boards, board, name);
	} else {
		return required(c, "status/id", "status");
	}
	if (s && !s->inactive) {
		*ret_id = s->id;
		return true;
	}
	if (id)
		refuse_field(c, "ticket", "NotFound", "status/id",
			"Service Status %d not found for Service Board %d", id->valueint, board);
	else
		refuse_field(c, "ticket", "NotFound", name ? "status/name" : "status/id",
			"Service Status %s not found for Service Board %d",
			name        ? name
				: s ? s->name
				    : "",
			board);
	return false;
}

bool reference_other(
	struct call *c, const struct field *f, const cJSON *wanted, cJSON **ret_expanded)
{
	const cJSON *id = part(wanted, "id");
	char path[64];
	cJSON *o = NULL;

	*ret_expanded = NULL;
	if (absent(wanted))
		return true;
	if (strcmp(f->name, "priority") == 0)
		o = priority_reference(wanted);
	else if (strcmp(f->name, "source") == 0)
		o = source_reference(wanted);
	else if (strcmp(f->name, "owner") == 0 && member_wanted(wanted))
		o = member_reference(c->sb, member_wanted(wanted));
	if (o) {
		*ret_expanded = o;
		return true;
	}
	snprintf(path, sizeof(path), "%s/id", f->name);
	refuse_field(
		c, "ticket", "NotFound", path, "%s %d not found", f->name, id ? id->valueint : 0);
	return false;
}
