/* What a reply of ConnectWise (or the lack of one) means. One pure, table-tested function.
 * Sources: ConnectWise developer guide and error bodies seen in public clients. */
#ifndef CORE_OUTCOME_H
#define CORE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/tidy.h"

/* How far the exchange got. io/http maps libcurl's results onto these. */
enum transport {
	TRANSPORT_OK, /* a whole reply was read */
	TRANSPORT_DNS, /* the name did not resolve: nothing was sent */
	TRANSPORT_CONNECT, /* no connection: nothing was sent */
	TRANSPORT_PROXY, /* the proxy could not be reached or refused: nothing was sent */
	TRANSPORT_TLS, /* the handshake failed: nothing was sent */
	TRANSPORT_CERTIFICATE, /* the certificate is not trusted: nothing was sent */
	TRANSPORT_TIMEOUT, /* it may have been sent: unknown */
	TRANSPORT_LOST, /* reset, empty or cut reply, send failed midway: unknown */
	TRANSPORT_TOO_LARGE, /* the reply went over the cap: unknown */
	TRANSPORT_INTERNAL, /* libcurl itself failed: unknown */
};

/* What was asked; each knows the permission row it needs (permission_of). */
enum verb {
	VERB_LOGIN, /* GET /login/companyinfo/ID */
	VERB_COMPANIES, /* GET /company/companies */
	VERB_MY_MEMBER, /* GET /system/myMembers */
	VERB_MY_SECURITY, /* GET /system/mySecurity */
	VERB_MEMBERS, /* GET /system/members?conditions=identifier=… */
	VERB_BOARDS, /* GET /service/boards */
	VERB_STATUSES, /* GET /service/boards/ID/statuses */
	VERB_TICKET_READ, /* GET /service/tickets/ID */
	VERB_TICKET_FIND, /* GET /service/tickets?conditions=externalXRef=… */
	VERB_TICKET_CREATE,
	VERB_TICKET_PATCH,
	VERB_NOTE_FIND, /* GET /service/tickets/ID/notes */
	VERB_NOTE_CREATE,
	VERB_COUNT
};

enum outcome_class {
	OUTCOME_DONE, /* the body counts */
	OUTCOME_RETRY, /* certain that nothing was done; try again later */
	OUTCOME_IN_DOUBT, /* it may have been done: look it up before anything is sent again */
	OUTCOME_STOP, /* no request can work until a person acts: keys, certificate, company */
	OUTCOME_DENIED, /* 403: this verb lacks a permission */
	OUTCOME_GONE, /* 404 on a record: decide again; with maybe_upgraded it may be the path */
	OUTCOME_REFUSED, /* 4xx that no retry can mend */
};

struct reply {
	enum verb verb;
	enum transport transport;
	int status; /* HTTP; 0 without a reply */
	const char *body; /* borrowed; may hold anything */
	size_t body_len;
	const char *retry_after; /* header text or NULL */
	const char *location; /* of a 3xx, or NULL */
	const char *net_text; /* libcurl's words for the transport fault, or NULL */
};

struct outcome {
	enum outcome_class class;
	int64_t retry_after_ms; /* -1: none named; clamped to RETRY_AFTER_MAX_MS */
	bool rate_limited; /* 429 */
	bool maybe_upgraded; /* a 404 or "Cannot route" that may mean a new codebase: look once */
	char field[64]; /* of a 400: the field it names, e.g. "status/id"; or "" */
	char code[48]; /* ConnectWise's own code, or "" */
	char reason[512]; /* one clear sentence: what happened, why, what to do next */
};

#define RETRY_AFTER_MAX_MS (15 * 60 * 1000)

/* now_wall_ms: for a Retry-After that is a date. site: the host, for the sentences.
 * OUTCOME_DONE promises a JSON body of the shape that the verb asks for, and of a created record
 * that it has an id. A 404 stops everything only on a verb that delivery cannot do without. */
void outcome_of(
	const struct reply *reply, const char *site, int64_t now_wall_ms, struct outcome *ret);

/* Row of the API member's security role, e.g. "Service Desk > Service Tickets: Add = All". */
struct permission {
	const char *module, *function, *level; /* "Service Desk", "Service Tickets", "Add" */
	bool required;
	const char *lost; /* what does not work without it */
};
enum permission_row {
	PERMISSION_COMPANIES,
	PERMISSION_TICKETS_ADD,
	PERMISSION_TICKETS_EDIT,
	PERMISSION_TICKETS_INQUIRE,
	PERMISSION_TABLES,
	PERMISSION_MEMBERS,
	PERMISSION_CLOSE,
	PERMISSION_COUNT
};
extern const struct permission permissions[PERMISSION_COUNT];
/* The row a verb needs, as an index of permissions[]; -1 for none (login). */
int permission_of(enum verb verb);

bool verb_writes(enum verb verb); /* POST or PATCH */
const char *verb_name(enum verb verb); /* lends: "ticket_create" */
/* Milliseconds to wait: seconds or an HTTP date; negative, junk → -1; clamped. */
int64_t retry_after_ms(const char *header, int64_t now_wall_ms);

#endif
