/*
 * note.c - serving the notes of a ticket.
 */
#include "call.h"
#include "check.h"
#include "paging.h"
#include "patch.h"
#include "sandbox.h"
#include "schema.h"
#include "text.h"
#include "ticket.h"

#include <stdlib.h>
#include <string.h>

static int note_id(const void *row)
{
	return ((const struct note *)row)->id;
}

static cJSON *note_render(const struct sandbox *sb, const void *row)
{
	const struct note *note = row;
	cJSON *o = cJSON_CreateObject(), *info;
	char at[TIME_TEXT_MAX];

	cJSON_AddNumberToObject(o, "id", note->id);
	cJSON_AddNumberToObject(o, "ticketId", note->ticket);
	cJSON_AddStringToObject(o, "text", note->text);
	cJSON_AddBoolToObject(o, "detailDescriptionFlag", note->detail);
	cJSON_AddBoolToObject(o, "internalAnalysisFlag", note->internal);
	cJSON_AddBoolToObject(o, "resolutionFlag", note->resolution);
	cJSON_AddBoolToObject(o, "issueFlag", note->issue);
	cJSON_AddItemToObject(o, "member", member_by_identifier(sb, note->by));
	cJSON_AddBoolToObject(o, "customerUpdatedFlag", note->customer_updated);
	cJSON_AddBoolToObject(o, "processNotifications", note->process_notifications);
	cJSON_AddBoolToObject(o, "internalFlag", note->internal && !note->detail);
	cJSON_AddBoolToObject(o, "externalFlag", note->detail || note->resolution);
	time_text(note->created_at, at);
	cJSON_AddStringToObject(o, "dateCreated", at);
	cJSON_AddStringToObject(o, "createdBy", note->by);
	info = cJSON_AddObjectToObject(o, "_info");
	time_text(note->updated_at, at);
	cJSON_AddStringToObject(info, "lastUpdated", at);
	cJSON_AddStringToObject(info, "updatedBy", API_MEMBER_IDENTIFIER);
	return o;
}

const struct kind note_kind = {
	.type = "ServiceNote",
	.resource = "serviceNote",
	.fields = note_fields,
	.render = note_render,
	.id = note_id,
};

static void note_reply(struct call *c, int status, const struct note *note)
{
	object_reply(c, status, note_render(c->sb, note));
}

static void notes_reply(struct call *c, enum list_form form)
{
	const struct ticket *t = ticket_of(c);
	const void **rows;

	if (!t)
		return;
	rows = xcalloc(t->n_notes, sizeof(*rows));
	for (size_t i = 0; i < t->n_notes; i++)
		rows[i] = &t->notes[i];
	list_reply(c, &note_kind, rows, t->n_notes, form);
	free(rows);
}

void note_list(struct call *c)
{
	notes_reply(c, LIST_ROWS);
}

void note_count(struct call *c)
{
	notes_reply(c, LIST_COUNT);
}

void note_get(struct call *c)
{
	const struct ticket *t = ticket_of(c);
	const struct note *note = t ? note_find(t, c->sub_id) : NULL;

	if (note && fields_check(c, &note_kind))
		note_reply(c, 200, note);
	else if (t && !note)
		refuse_missing(c, "ServiceNote", c->sub_id);
}

static bool flag(const cJSON *object, const char *name)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static void take(struct note *note, const cJSON *object)
{
	note->detail = flag(object, "detailDescriptionFlag");
	note->internal = flag(object, "internalAnalysisFlag");
	note->resolution = flag(object, "resolutionFlag");
	note->issue = flag(object, "issueFlag");
	note->customer_updated = flag(object, "customerUpdatedFlag");
	note->process_notifications = flag(object, "processNotifications");
}

/* What POST and PATCH demand alike: a text, and a place to show it. */
static bool acceptable(struct call *c, const cJSON *object)
{
	const cJSON *contact = cJSON_GetObjectItemCaseSensitive(object, "contact");

	if (!check_object(c, &note_kind, object) || !check_required(c, &note_kind, object, "text"))
		return false;
	if (contact && !cJSON_IsNull(contact)) {
		refuse_field(c, "serviceNote", "NotFound", "contact/id", "contact not found");
		return false;
	}
	if (flag(object, "detailDescriptionFlag") || flag(object, "internalAnalysisFlag") ||
		flag(object, "resolutionFlag"))
		return true;
	refuse_field(c, "serviceNote", "InvalidObject", "detailDescriptionFlag",
		"Please choose where to display the notes in order to save this record.");
	return false;
}

static bool may_write(struct call *c, const struct ticket *t)
{
	return t && fields_check(c, &note_kind) && (!ticket_is_closed(t) || ticket_may_close(c));
}

void note_post(struct call *c)
{
	struct ticket *t = ticket_of(c);
	struct note *note;
	cJSON *body;

	if (!may_write(c, t))
		return;
	body = check_body(c, &note_kind, false);
	if (!body)
		return;
	if (acceptable(c, body)) {
		note = note_add(c->sb, t,
			cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(body, "text")));
		take(note, body);
		ticket_touch(t, API_MEMBER_IDENTIFIER);
		note_reply(c, 201, note);
	}
	cJSON_Delete(body);
}

/* The note as a POST would have to look to make it, for a PATCH to work on. */
static cJSON *as_posted(const struct sandbox *sb, const struct note *note)
{
	cJSON *o = note_render(sb, note);

	cJSON_DeleteItemFromObject(o, "_info");
	return o;
}

void note_patch(struct call *c)
{
	struct ticket *t = ticket_of(c);
	struct note *note = t ? note_find(t, c->sub_id) : NULL;
	struct patch_step step;
	cJSON *body, *draft;
	const cJSON *item;
	bool good = true;

	if (t && !note)
		refuse_missing(c, "ServiceNote", c->sub_id);
	if (!note || !may_write(c, t))
		return;
	body = check_body(c, &note_kind, true);
	if (!body)
		return;
	draft = as_posted(c->sb, note);
	cJSON_ArrayForEach(item, body)
	{
		good = patch_read(c, &note_kind, item, &step);
		if (!good)
			break;
		if (step.ignored)
			continue;
		cJSON_DeleteItemFromObjectCaseSensitive(draft, step.field->name);
		cJSON_AddItemToObject(draft, step.field->name, cJSON_Duplicate(step.value, true));
	}
	if (good && acceptable(c, draft)) {
		text_set(&note->text,
			cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(draft, "text")));
		take(note, draft);
		note->updated_at = time_wall();
		ticket_touch(t, API_MEMBER_IDENTIFIER);
		note_reply(c, 200, note);
	}
	cJSON_Delete(draft);
	cJSON_Delete(body);
}
