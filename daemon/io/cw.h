/* ConnectWise's verbs: from "create this ticket" to an HTTPS request, and from the reply to an
 * outcome. Owns the base address, the credentials' header, the token bucket and the pause that a
 * Retry-After asks for. Decides nothing.
 *
 * Requests are effects: cw_* functions only note them, cw_release sends them, after the commit. */
#ifndef IO_CW_H
#define IO_CW_H

#include <stdbool.h>
#include <stdint.h>
#include <event2/event.h>
#include "base/fault.h"
#include "base/json.h"
#include "base/tidy.h"
#include "core/outcome.h"
#include "core/site.h"
#include "io/conf.h"
#include "io/http.h"

struct cw;
struct cw_call; /* one request: noted, then in flight */

/* lends: valid inside the callback only. */
struct cw_answer {
	enum verb verb;
	struct outcome outcome;
	const cJSON *body; /* with OUTCOME_DONE: the reply; NULL otherwise */
	int status; /* HTTP; 0 without a reply */
	enum transport transport;
	enum link_next link;
	int64_t next_page; /* with LINK_NEXT */
	const char *request_id; /* x-cw-request-id, for ConnectWise's support; or NULL */
	int64_t date_at; /* the server's Date, wall ms; 0: none */
	int64_t ms;
	enum reach reach; /* how far the connection came */
	const char *address; /* the peer's; "" if there was none */
};
typedef void cw_done(void *owner, const struct cw_answer *answer);

int cw_new(struct event_base *base, struct cw **ret, struct fault *reterr) MUST_CHECK;
void cw_free(struct cw *cw); /* before the event base; drops what is in flight */
/* From the next request on. */
void cw_set_conf(struct cw *cw, struct conf *conf);
/* "https://HOST/CODEBASEapis/3.0/"; NULL: not known yet. */
void cw_set_base(struct cw *cw, const char *base_url);
const char *cw_base(const struct cw *cw);
const char *cw_site(const struct cw *cw); /* the host of the site, for sentences */

/* ==== reading ==== */
struct cw_call *cw_login(struct cw *cw, cw_done *done, void *owner);
/* The cheapest request that proves keys and the right to read companies. */
struct cw_call *cw_probe(struct cw *cw, cw_done *done, void *owner);
/* One page of companies in the order of their ids. since_at 0: a full sweep without deleted ones;
 * else those updated after it, deleted ones included. */
struct cw_call *cw_companies(struct cw *cw, int64_t after_id, int64_t since_at, int page_size,
	cw_done *done, void *owner);
struct cw_call *cw_my_member(struct cw *cw, cw_done *done, void *owner);
/* What the security role allows, function by function. Which right this itself needs, ConnectWise
 * does not say. */
struct cw_call *cw_my_security(struct cw *cw, cw_done *done, void *owner);
struct cw_call *cw_member(struct cw *cw, const char *identifier, cw_done *done, void *owner);
struct cw_call *cw_board(struct cw *cw, const char *name_or_id, cw_done *done, void *owner);
struct cw_call *cw_boards(struct cw *cw, cw_done *done, void *owner); /* all active ones */
struct cw_call *cw_statuses(struct cw *cw, int64_t board, cw_done *done, void *owner);
struct cw_call *cw_ticket_read(struct cw *cw, int64_t ticket, cw_done *done, void *owner);
struct cw_call *cw_ticket_find(struct cw *cw, const char *marker, cw_done *done, void *owner);
/* Any one ticket: shows the right to read them. */
struct cw_call *cw_ticket_probe(struct cw *cw, cw_done *done, void *owner);
/* The newest notes of a ticket. */
struct cw_call *cw_notes(struct cw *cw, int64_t ticket, cw_done *done, void *owner);

/* ==== writing ==== */
struct cw_new_ticket {
	const char *summary, *description, *marker;
	int64_t company;
	int64_t board; /* 0: leave it out */
	const char *board_name; /* when only that is known; or NULL */
	int64_t status; /* 0: leave it out */
	bool notify;
};
struct cw_call *cw_ticket_create(
	struct cw *cw, const struct cw_new_ticket *t, cw_done *done, void *owner);
struct cw_call *cw_note_create(struct cw *cw, int64_t ticket, const char *text, enum note_kind kind,
	bool notify, cw_done *done, void *owner);
struct cw_call *cw_ticket_status(
	struct cw *cw, int64_t ticket, int64_t status, cw_done *done, void *owner);

/* Requests that can only be refused, to see with what: an empty ticket (no summary, no company),
 * and a change to a ticket that does not exist. 403 shows a missing right; 400 or 404 that it is
 * there. */
#define CW_NO_TICKET INT64_C(999999999)
struct cw_call *cw_add_probe(struct cw *cw, cw_done *done, void *owner);
struct cw_call *cw_edit_probe(struct cw *cw, cw_done *done, void *owner);

/* ==== sending and receiving ==== */
/* A call just noted: on a connection of its own, so that its answer shows how far one comes. */
void cw_fresh(struct cw_call *call);
/* The owner is gone: its answer will be thrown away (what was noted only is not sent at all). */
void cw_forget(struct cw *cw, struct cw_call *call);
/* Send what was noted, as far as the bucket and the pause allow. Returns in how many ms more may
 * leave; -1: nothing waits. */
int64_t cw_release(struct cw *cw, int64_t now_mono);
/* The commit failed: what was noted must not leave. Owners are not told. */
void cw_drop_unsent(struct cw *cw);
/* Hand out all answers; callbacks may note further calls. */
void cw_drain(struct cw *cw);
/* How long a pause that ConnectWise asked for still lasts; 0: none. The bucket's short waits do not
 * count: whoever gave way to them after each read would never get to write. */
int64_t cw_wait_ms(const struct cw *cw, int64_t now_mono);
int cw_in_flight(const struct cw *cw); /* noted ones included */
int64_t cw_paused_until(const struct cw *cw); /* monotonic ms; 0 or past: not paused */

#endif
