/*
 * admin_ticket.c - tickets as they stand, and what a technician does to them.
 * None of this asks for rights: a person at the screen has them.
 */
#include "admin.h"
#include "sandbox.h"
#include "text.h"
#include "ticket.h"

#include <stdlib.h>
#include <string.h>

static cJSON *note_json(const struct note *note)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", note->id);
	cJSON_AddStringToObject(o, "text", note->text);
	cJSON_AddBoolToObject(o, "detail", note->detail);
	cJSON_AddBoolToObject(o, "internal", note->internal);
	cJSON_AddBoolToObject(o, "resolution", note->resolution);
	cJSON_AddBoolToObject(o, "initial", note->initial);
	cJSON_AddBoolToObject(o, "processNotifications", note->process_notifications);
	cJSON_AddStringToObject(o, "by", note->by);
	return o;
}

static void add_notes(cJSON *o, const struct ticket *t)
{
	const char *description = NULL;
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < t->n_notes; i++) {
		if (t->notes[i].initial && t->notes[i].detail)
			description = t->notes[i].text;
		cJSON_AddItemToArray(list, note_json(&t->notes[i]));
	}
	if (description)
		cJSON_AddStringToObject(o, "initialDescription", description);
	else
		cJSON_AddNullToObject(o, "initialDescription");
	cJSON_AddItemToObject(o, "notes", list);
}

/* A reference without the href that the API shows. */
static void add_reference(cJSON *o, const char *name, cJSON *reference)
{
	cJSON_DeleteItemFromObject(reference, "_info");
	cJSON_AddItemToObject(o, name, reference);
}

static cJSON *ticket_json(const struct sandbox *sb, const struct ticket *t)
{
	static const char *const plain[] = { "summary", "externalXRef", "severity", "impact",
		"priority", "source" };
	cJSON *o = cJSON_CreateObject(), *item;

	cJSON_AddNumberToObject(o, "id", t->id);
	add_reference(o, "company", company_reference(sb, t->company));
	add_reference(o, "board", board_reference(sb, t->board));
	add_reference(o, "status", status_reference(sb, t->board, t->status));
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		item = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(t->doc, plain[i]), true);
		cJSON_AddItemToObject(o, plain[i], item ? item : cJSON_CreateNull());
	}
	cJSON_AddBoolToObject(o, "closed", ticket_is_closed(t));
	cJSON_AddBoolToObject(o, "deleted", t->deleted);
	cJSON_AddNumberToObject(o, "mergedInto", t->merged_into);
	cJSON_AddNumberToObject(o, "enteredMs", (double)t->entered_at);
	cJSON_AddNumberToObject(o, "updatedMs", (double)t->updated_at);
	cJSON_AddStringToObject(o, "updatedBy", t->updated_by);
	add_notes(o, t);
	return o;
}

cJSON *admin_tickets(struct ask *a)
{
	const struct tickets *all = &a->sb->tickets;
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < all->n; i++)
		cJSON_AddItemToArray(list, ticket_json(a->sb, all->v[i]));
	return list;
}

static struct ticket *ticket_wanted(struct ask *a)
{
	struct ticket *t = ticket_find(&a->sb->tickets, a->id);

	if (!t)
		ask_refuse(a, 404, "there is no ticket %d", a->id);
	return t;
}

static cJSON *touched(struct ask *a, struct ticket *t)
{
	ticket_touch(t, TECHNICIAN);
	return ticket_json(a->sb, t);
}

cJSON *admin_ticket(struct ask *a)
{
	const struct ticket *t = ticket_wanted(a);

	return t ? ticket_json(a->sb, t) : NULL;
}

/* The status of the body, else the one given; 0 after a refusal. */
static int status_wanted(struct ask *a, int board, const struct board_status *fallback)
{
	int id = fallback ? fallback->id : 0;

	if (!ask_int(a, "status", &id))
		return 0;
	if (status_find(&a->sb->boards, board, id))
		return id;
	ask_refuse(a, 400, "board %d has no such status", board);
	return 0;
}

static cJSON *set_status(struct ask *a, struct ticket *t, const struct board_status *fallback)
{
	int status = ask_known(a, "status") ? status_wanted(a, t->board, fallback) : 0;

	if (status == 0)
		return NULL;
	ticket_set_status(a->sb, t, status, TECHNICIAN);
	return touched(a, t);
}

cJSON *admin_ticket_close(struct ask *a)
{
	struct ticket *t = ticket_wanted(a);

	return t ? set_status(a, t, status_closing(&a->sb->boards, t->board)) : NULL;
}

cJSON *admin_ticket_reopen(struct ask *a)
{
	struct ticket *t = ticket_wanted(a);

	return t ? set_status(a, t, status_default(&a->sb->boards, t->board)) : NULL;
}

static cJSON *set_deleted(struct ask *a, bool deleted)
{
	struct ticket *t = ticket_wanted(a);

	if (!t)
		return NULL;
	t->deleted = deleted;
	return touched(a, t);
}

cJSON *admin_ticket_delete(struct ask *a)
{
	return set_deleted(a, true);
}

cJSON *admin_ticket_undelete(struct ask *a)
{
	return set_deleted(a, false);
}

/* The merged ticket stays, closed, and points at the one that goes on. */
cJSON *admin_ticket_merge(struct ask *a)
{
	struct ticket *t = ticket_wanted(a), *into;
	const struct board_status *closing;
	int id = 0;

	if (!t || !ask_known(a, "into") || !ask_int(a, "into", &id))
		return NULL;
	into = ticket_find(&a->sb->tickets, id);
	if (!into || into == t)
		return ask_refuse(a, 400, "into must be another ticket");
	t->merged_into = into->id;
	into->has_merged_child = true;
	closing = status_closing(&a->sb->boards, t->board);
	if (closing)
		ticket_set_status(a->sb, t, closing->id, TECHNICIAN);
	ticket_touch(into, TECHNICIAN);
	return touched(a, t);
}

/* To another board, in its default status unless one is given; to another company; or both. */
cJSON *admin_ticket_move(struct ask *a)
{
	struct ticket *t = ticket_wanted(a);
	int board, company, status;

	if (!t || !ask_known(a, "board,status,company"))
		return NULL;
	board = t->board;
	company = t->company;
	if (!ask_int(a, "board", &board) || !ask_int(a, "company", &company))
		return NULL;
	if (!board_find(board) || !company_find(&a->sb->companies, company))
		return ask_refuse(a, 400, "there is no such board or company");
	status = status_wanted(a, board,
		board == t->board ? status_find(&a->sb->boards, board, t->status)
				  : status_default(&a->sb->boards, board));
	if (status == 0)
		return NULL;
	t->board = board;
	t->company = company;
	ticket_set_status(a->sb, t, status, TECHNICIAN);
	return touched(a, t);
}

static void replace(cJSON *doc, const char *name, const char *text)
{
	if (!text)
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(doc, name);
	if (*text)
		cJSON_AddStringToObject(doc, name, text);
}

cJSON *admin_ticket_edit(struct ask *a)
{
	struct ticket *t = ticket_wanted(a);
	const char *summary = NULL, *xref = NULL;

	if (!t || !ask_known(a, "summary,externalXRef") || !ask_text(a, "summary", &summary) ||
		!ask_text(a, "externalXRef", &xref))
		return NULL;
	replace(t->doc, "summary", summary);
	replace(t->doc, "externalXRef", xref);
	return touched(a, t);
}

cJSON *admin_ticket_note(struct ask *a)
{
	struct ticket *t = ticket_wanted(a);
	const char *text = NULL;
	struct note *note;

	if (!t || !ask_known(a, "text") || !ask_text(a, "text", &text))
		return NULL;
	if (!text)
		return ask_refuse(a, 400, "text is needed");
	note = note_add(a->sb, t, text);
	note->detail = true;
	note->by = TECHNICIAN;
	return touched(a, t);
}
