/*
 * ticket.c - the store of tickets and notes, and how a ticket looks in a reply.
 */
#include "ticket.h"
#include "call.h"
#include "sandbox.h"
#include "schema.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_TICKET 70001
#define FIRST_NOTE 900001

void tickets_free(struct tickets *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct ticket *t = all->v[i];

		for (size_t k = 0; k < t->n_notes; k++)
			free(t->notes[k].text);
		free(t->notes);
		cJSON_Delete(t->doc);
		free(t);
	}
	free(all->v);
	*all = (struct tickets){ 0 };
}

void tickets_seed(struct tickets *all)
{
	tickets_free(all);
	all->next_id = FIRST_TICKET;
	all->next_note = FIRST_NOTE;
}

struct ticket *ticket_find(const struct tickets *all, int id)
{
	/* ids are given out without gaps */
	if (id < FIRST_TICKET || (size_t)(id - FIRST_TICKET) >= all->n)
		return NULL;
	return all->v[id - FIRST_TICKET];
}

void ticket_touch(struct ticket *t, const char *by)
{
	t->updated_at = time_wall();
	t->updated_by = by;
}

void ticket_set_status(struct sandbox *sb, struct ticket *t, int status, const char *by)
{
	const struct board_status *s = status_find(&sb->boards, t->board, status);
	bool closed = s && s->closed;

	t->status = status;
	if (closed && !t->closed) {
		t->closed_at = time_wall();
		t->closed_by = by;
	}
	t->closed = closed;
}

struct ticket *ticket_add(struct sandbox *sb, int company, int board, int status, cJSON *doc)
{
	struct tickets *all = &sb->tickets;
	struct ticket *t = xcalloc(1, sizeof(*t));

	t->id = all->next_id++;
	t->company = company;
	t->board = board;
	t->doc = doc;
	t->entered_at = time_wall();
	t->listed_at = time_mono() + sb->settings.search_lag_ms;
	t->unlisted_reads = sb->settings.search_lag_reads;
	ticket_set_status(sb, t, status, API_MEMBER_IDENTIFIER);
	ticket_touch(t, API_MEMBER_IDENTIFIER);
	all->v = xrealloc(all->v, all->n + 1, sizeof(*all->v));
	all->v[all->n++] = t;
	return t;
}

bool ticket_is_closed(const struct ticket *t)
{
	return t->closed || t->merged_into;
}

struct note *note_add(struct sandbox *sb, struct ticket *t, const char *text)
{
	struct note *note;

	t->notes = xrealloc(t->notes, t->n_notes + 1, sizeof(*t->notes));
	note = &t->notes[t->n_notes++];
	*note = (struct note){ .id = sb->tickets.next_note++,
		.ticket = t->id,
		.text = xstrdup(text),
		.by = API_MEMBER_IDENTIFIER };
	note->created_at = note->updated_at = time_wall();
	return note;
}

struct note *note_find(const struct ticket *t, int id)
{
	for (size_t i = 0; i < t->n_notes; i++)
		if (t->notes[i].id == id)
			return &t->notes[i];
	return NULL;
}

static void add_time(cJSON *o, const char *name, int64_t at)
{
	char text[TIME_TEXT_MAX];

	time_text(at, text);
	cJSON_AddStringToObject(o, name, text);
}

static void add_merged(const struct sandbox *sb, cJSON *o, const struct ticket *t)
{
	const struct ticket *parent = ticket_find(&sb->tickets, t->merged_into);
	cJSON *ref;

	if (!t->merged_into)
		return;
	ref = cJSON_AddObjectToObject(o, "mergedParentTicket");
	cJSON_AddNumberToObject(ref, "id", t->merged_into);
	if (parent)
		cJSON_AddStringToObject(ref, "summary",
			cJSON_GetStringValue(
				cJSON_GetObjectItemCaseSensitive(parent->doc, "summary")));
}

static void add_info(const struct sandbox *sb, cJSON *o, const struct ticket *t)
{
	cJSON *info = cJSON_AddObjectToObject(o, "_info");
	char *href = xprintf("https://na.myconnectwise.net/%s/apis/3.0/service/tickets/%d/notes",
		sb->settings.codebase, t->id);

	add_time(info, "lastUpdated", t->updated_at);
	cJSON_AddStringToObject(info, "updatedBy", t->updated_by);
	add_time(info, "dateEntered", t->entered_at);
	cJSON_AddStringToObject(info, "enteredBy", API_MEMBER_IDENTIFIER);
	cJSON_AddStringToObject(info, "notes_href", href);
	free(href);
}

static cJSON *ticket_render(const struct sandbox *sb, const void *row)
{
	const struct ticket *t = row;
	cJSON *o = cJSON_CreateObject();
	const cJSON *item;

	cJSON_AddNumberToObject(o, "id", t->id);
	cJSON_AddStringToObject(o, "recordType", "ServiceTicket");
	cJSON_AddItemToObject(o, "board", board_reference(sb, t->board));
	cJSON_AddItemToObject(o, "status", status_reference(sb, t->board, t->status));
	cJSON_AddItemToObject(o, "company", company_reference(sb, t->company));
	cJSON_ArrayForEach(item, t->doc)
		cJSON_AddItemToObject(o, item->string, cJSON_Duplicate(item, true));
	cJSON_AddBoolToObject(o, "closedFlag", t->closed);
	if (t->closed) {
		add_time(o, "closedDate", t->closed_at);
		cJSON_AddStringToObject(o, "closedBy", t->closed_by);
	}
	cJSON_AddBoolToObject(o, "hasMergedChildTicketFlag", t->has_merged_child);
	add_merged(sb, o, t);
	add_info(sb, o, t);
	return o;
}

static int ticket_id(const void *row)
{
	return ((const struct ticket *)row)->id;
}

/* The members that look-ups ask for, without rendering. */
static bool ticket_value(const struct sandbox *sb, const void *row, const struct field *f,
	const char *sub, struct value *ret)
{
	const struct ticket *t = row;

	(void)sb;
	*ret = (struct value){ .type = VALUE_NUMBER };
	if (strcmp(f->name, "externalXRef") == 0 || strcmp(f->name, "summary") == 0) {
		ret->text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(t->doc, f->name));
		ret->type = ret->text ? VALUE_STRING : VALUE_NULL;
	} else if (strcmp(f->name, "id") == 0) {
		ret->number = t->id;
	} else if (strcmp(f->name, "closedFlag") == 0) {
		ret->type = VALUE_BOOL;
		ret->yes = t->closed;
	} else if (strcmp(f->name, "lastUpdated") == 0) {
		ret->type = VALUE_DATE;
		ret->date = t->updated_at / 1000 * 1000;
	} else if (!sub || strcmp(sub, "id") != 0) {
		return false;
	} else if (strcmp(f->name, "company") == 0) {
		ret->number = t->company;
	} else if (strcmp(f->name, "board") == 0) {
		ret->number = t->board;
	} else if (strcmp(f->name, "status") == 0) {
		ret->number = t->status;
	} else {
		return false;
	}
	return true;
}

const struct kind ticket_kind = {
	.type = "Ticket",
	.resource = "ticket",
	.fields = ticket_fields,
	.render = ticket_render,
	.id = ticket_id,
	.value = ticket_value,
};

struct ticket *ticket_of(struct call *c)
{
	struct ticket *t = ticket_find(&c->sb->tickets, c->id);
	const struct board *board = t ? board_find(t->board) : NULL;

	if (!t || t->deleted) {
		refuse_missing(c, "Ticket", c->id);
		return NULL;
	}
	if (board && board->excluded) {
		refuse_security(c);
		return NULL;
	}
	return t;
}

bool ticket_may_close(struct call *c)
{
	return role_require(c, RIGHT_CLOSE_SERVICE_TICKETS, ACTION_EDIT);
}
