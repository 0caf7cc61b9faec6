/*
 * ticket_post.c - reading and creating tickets.
 */
#include "call.h"
#include "check.h"
#include "paging.h"
#include "reference.h"
#include "sandbox.h"
#include "schema.h"
#include "text.h"
#include "ticket.h"

#include <stdlib.h>
#include <string.h>

/* The index that lists are read from runs behind: by time, or by a number of reads. */
static bool indexed(const struct settings *s, struct ticket *t)
{
	if (s->search_lag_reads && t->unlisted_reads) {
		t->unlisted_reads--;
		return false;
	}
	return t->listed_at <= time_mono();
}

static void tickets_reply(struct call *c, enum list_form form)
{
	const struct tickets *all = &c->sb->tickets;
	const void **rows = xcalloc(all->n, sizeof(*rows));
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct ticket *t = all->v[i];
		const struct board *board = board_find(t->board);

		if (indexed(&c->sb->settings, t) && !t->deleted && !(board && board->excluded))
			rows[n++] = t;
	}
	list_reply(c, &ticket_kind, rows, n, form);
	free(rows);
}

void ticket_list(struct call *c)
{
	tickets_reply(c, LIST_ROWS);
}

void ticket_count(struct call *c)
{
	tickets_reply(c, LIST_COUNT);
}

void ticket_search(struct call *c)
{
	tickets_reply(c, LIST_SEARCH);
}

void ticket_get(struct call *c)
{
	const struct ticket *t = ticket_of(c);

	if (t && fields_check(c, &ticket_kind))
		object_reply(c, 200, ticket_kind.render(c->sb, t));
}

void ticket_delete(struct call *c)
{
	struct ticket *t = ticket_of(c);

	if (!t)
		return;
	t->deleted = true;
	reply_text(c, 204, NULL, "");
}

/* The members kept as they are. False: refused. */
static bool plain_members(struct call *c, const cJSON *body, cJSON *doc)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, body)
	{
		const struct field *f =
			field_find(ticket_fields, item->string, strlen(item->string));
		cJSON *expanded = NULL;

		if (!f || (f->flags & (FIELD_READ_ONLY | FIELD_POST_ONLY)) ||
			field_word_in("company,board,status", f->name, strlen(f->name)))
			continue;
		if (f->type == FIELD_REF && !reference_other(c, f, item, &expanded))
			return false;
		if (f->type != FIELD_REF && !cJSON_IsNull(item))
			expanded = cJSON_Duplicate(item, true);
		if (expanded)
			cJSON_AddItemToObject(doc, f->name, expanded);
	}
	return true;
}

static void defaults(cJSON *doc)
{
	if (!cJSON_HasObjectItem(doc, "priority"))
		cJSON_AddItemToObject(doc, "priority", priority_reference(NULL));
	if (!cJSON_HasObjectItem(doc, "source"))
		cJSON_AddItemToObject(doc, "source", source_reference(NULL));
	if (!cJSON_HasObjectItem(doc, "severity"))
		cJSON_AddStringToObject(doc, "severity", "Medium");
	if (!cJSON_HasObjectItem(doc, "impact"))
		cJSON_AddStringToObject(doc, "impact", "Medium");
	if (!cJSON_HasObjectItem(doc, "customerUpdatedFlag"))
		cJSON_AddBoolToObject(doc, "customerUpdatedFlag", false);
}

static void initial_note(struct call *c, struct ticket *t, const cJSON *body, const char *member)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(body, member));
	struct note *note;

	if (!text || !*text)
		return;
	note = note_add(c->sb, t, text);
	note->initial = true;
	note->detail = strcmp(member, "initialDescription") == 0;
	note->internal = strcmp(member, "initialInternalAnalysis") == 0;
	note->resolution = strcmp(member, "initialResolution") == 0;
}

static void create(struct call *c, const cJSON *body, cJSON *doc)
{
	int company = 0, board = 0, status = 0;
	const struct board_status *s;
	struct ticket *t;

	if (!reference_company(c, cJSON_GetObjectItemCaseSensitive(body, "company"), &company) ||
		!reference_board(c, cJSON_GetObjectItemCaseSensitive(body, "board"), &board) ||
		!reference_status(
			c, cJSON_GetObjectItemCaseSensitive(body, "status"), board, &status) ||
		!plain_members(c, body, doc)) {
		cJSON_Delete(doc);
		return;
	}
	s = status_find(&c->sb->boards, board, status);
	if (s && s->closed && !ticket_may_close(c)) {
		cJSON_Delete(doc);
		return;
	}
	defaults(doc);
	t = ticket_add(c->sb, company, board, status, doc);
	initial_note(c, t, body, "initialDescription");
	initial_note(c, t, body, "initialInternalAnalysis");
	initial_note(c, t, body, "initialResolution");
	object_reply(c, 201, ticket_kind.render(c->sb, t));
}

void ticket_post(struct call *c)
{
	cJSON *body;

	if (!fields_check(c, &ticket_kind))
		return;
	body = check_body(c, &ticket_kind, false);
	if (!body)
		return;
	if (check_object(c, &ticket_kind, body) && check_required(c, &ticket_kind, body, "summary"))
		create(c, body, cJSON_CreateObject());
	cJSON_Delete(body);
}
