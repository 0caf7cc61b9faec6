/* The verbs that write. References are sent by id and whole; paths of a PATCH are bare and its
 * references replaced as a whole, because a sub-path may be answered with a false 200
 * (ConnectWise developer guide). */
#include "io/cw_private.h"

#include <inttypes.h>
#include "base/mem.h"

#define CREATE_FIELDS "id,company/id,board/id,board/name,status/id,status/name,closedFlag"

static void add_reference(cJSON *object, const char *key, int64_t id)
{
	json_add_int(json_add_object(object, key), "id", id);
}

static char *text_of(cJSON *node)
{
	char *text = json_text(node);

	json_free(node);
	return text;
}

struct cw_call *cw_ticket_create(
	struct cw *cw, const struct cw_new_ticket *t, cw_done *done, void *owner)
{
	cJSON *body = json_object();

	json_add_str(body, "summary", t->summary);
	json_add_str(body, "recordType", "ServiceTicket");
	add_reference(body, "company", t->company);
	if (t->board)
		add_reference(body, "board", t->board);
	else if (t->board_name)
		json_add_str(json_add_object(body, "board"), "name", t->board_name);
	if (t->status)
		add_reference(body, "status", t->status);
	json_add_str(body, "initialDescription", t->description);
	json_add_str(body, "externalXRef", t->marker);
	json_add_bool(body, "processNotifications", t->notify);
	return cw_note(cw, VERB_TICKET_CREATE, "POST",
		xstrdup("service/tickets?fields=" CREATE_FIELDS), text_of(body), done, owner);
}

struct cw_call *cw_note_create(struct cw *cw, int64_t ticket, const char *text, enum note_kind kind,
	bool notify, cw_done *done, void *owner)
{
	cJSON *body = json_object();

	json_add_str(body, "text", text);
	json_add_bool(body, "detailDescriptionFlag", kind == NOTE_DISCUSSION);
	json_add_bool(body, "internalAnalysisFlag", kind == NOTE_INTERNAL);
	json_add_bool(body, "resolutionFlag", false);
	json_add_bool(body, "processNotifications", notify);
	return cw_note(cw, VERB_NOTE_CREATE, "POST",
		xasprintf("service/tickets/%" PRId64 "/notes?fields=id", ticket), text_of(body),
		done, owner);
}

struct cw_call *cw_ticket_status(
	struct cw *cw, int64_t ticket, int64_t status, cw_done *done, void *owner)
{
	cJSON *body = json_array(), *change = json_object();

	json_add_str(change, "op", "replace");
	json_add_str(change, "path", "status");
	add_reference(change, "value", status);
	json_push(body, change);
	return cw_note(cw, VERB_TICKET_PATCH, "PATCH",
		xasprintf("service/tickets/%" PRId64, ticket), text_of(body), done, owner);
}

struct cw_call *cw_add_probe(struct cw *cw, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_TICKET_CREATE, "POST", xstrdup("service/tickets"),
		text_of(json_object()), done, owner);
}

struct cw_call *cw_edit_probe(struct cw *cw, cw_done *done, void *owner)
{
	return cw_ticket_status(cw, CW_NO_TICKET, 1, done, owner);
}
