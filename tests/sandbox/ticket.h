/*
 * ticket.h - service tickets and their notes: the store, and the endpoints.
 */
#ifndef SANDBOX_TICKET_H
#define SANDBOX_TICKET_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field.h"

struct call;
struct sandbox;

struct note {
	int id, ticket;
	char *text;
	bool detail, internal, resolution, issue;
	bool customer_updated, process_notifications;
	bool initial; /* came with the ticket itself */
	const char *by; /* who wrote it */
	int64_t created_at, updated_at;
};

struct ticket {
	int id;
	int company, board, status;
	cJSON *doc; /* the plain members: summary, externalXRef, severity, priority… */
	bool closed, deleted, has_merged_child;
	int merged_into; /* id of the surviving ticket, or 0 */
	int64_t closed_at, entered_at, updated_at; /* wall ms */
	int64_t listed_at; /* monotonic ms: lists show it from then on */
	int unlisted_reads; /* so many lists still leave it out */
	const char *updated_by, *closed_by;
	struct note *notes;
	size_t n_notes;
};

struct tickets {
	struct ticket **v; /* by id */
	size_t n;
	int next_id, next_note;
};

extern const struct kind ticket_kind;
extern const struct kind note_kind;

void tickets_seed(struct tickets *all);
void tickets_free(struct tickets *all);

/* Deleted ones too; NULL when the id was never given out. */
struct ticket *ticket_find(const struct tickets *all, int id);
/* takes: doc. */
struct ticket *ticket_add(struct sandbox *sb, int company, int board, int status, cJSON *doc);
/* closedFlag, closedDate and closedBy follow the status. */
void ticket_set_status(struct sandbox *sb, struct ticket *t, int status, const char *by);
void ticket_touch(struct ticket *t, const char *by);
/* Where the closing of a ticket is decided: merged ones count as closed. */
bool ticket_is_closed(const struct ticket *t);
/* Lends until the next note. */
struct note *note_add(struct sandbox *sb, struct ticket *t, const char *text);
struct note *note_find(const struct ticket *t, int id);

/* The ticket of the path as the caller may see it; NULL when c was refused. */
struct ticket *ticket_of(struct call *c);
/* A change to a closed ticket, or one that closes it, needs its own right; false = refused. */
bool ticket_may_close(struct call *c);

void ticket_list(struct call *c);
void ticket_count(struct call *c);
void ticket_search(struct call *c);
void ticket_get(struct call *c);
void ticket_post(struct call *c);
void ticket_patch(struct call *c);
void ticket_delete(struct call *c);
void note_list(struct call *c);
void note_count(struct call *c);
void note_get(struct call *c);
void note_post(struct call *c);
void note_patch(struct call *c);

#endif
