/* What ConnectWise refused, and what a person can do about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "core/outcome_look.h"

/* ==== texts that say more than their status ==== */

/* Asked of the message on top only: those of single fields may repeat what an event said. */
static bool mentions(const struct look *look, const char *words)
{
	return strcasestr(look->body.message, words) != NULL;
}

static bool begins(const struct look *look, const char *words)
{
	return strncasecmp(look->body.message, words, strlen(words)) == 0;
}

bool look_ssl_required(const struct look *look)
{
	return begins(look, "SSL is required");
}

static void keys_refused(const struct look *look, struct outcome *ret)
{
	if (look->reply->verb == VERB_LOGIN)
		look_say(ret, OUTCOME_STOP,
			"%s wants a login for what needs none (%s): check that it is the "
			"ConnectWise host and that no proxy stands in front of it",
			look->site, look->heard);
	else
		look_say(ret, OUTCOME_STOP,
			"ConnectWise refused the keys (%s): check the company id, the public key "
			"and the private key, and that the API member and its key are still "
			"active; `opbridge setup key` takes new ones",
			look->heard);
}

bool look_by_text(const struct look *look, struct outcome *ret)
{
	if (look_ssl_required(look)) {
		look_say(ret, OUTCOME_STOP,
			"%s does not take API requests (%s): ConnectWise's cloud hosts need the "
			"prefix api- in front of the name; set connectwise.site or base_url so",
			look->site, look->heard);
		return true;
	}
	if (begins(look, "Cannot route")) {
		ret->maybe_upgraded = true;
		look_say(ret, OUTCOME_STOP,
			"%s cannot find the company (%s): its codebase may be a new one, which is "
			"looked up once; if that does not help, check the site and the company id",
			look->site, look->heard);
		return true;
	}
	if (mentions(look, "does not support the API version")) {
		look_say(ret, OUTCOME_STOP,
			"%s does not know the model version that is asked for (HTTP %d): set "
			"connectwise.model_version to one that it has",
			look->site, look->reply->status);
		return true;
	}
	if (begins(look, "UserNotAuthenticated")) {
		keys_refused(look, ret);
		return true;
	}
	return false;
}

/* ==== 4xx ==== */

static void on_bad_request(const struct look *look, struct outcome *ret)
{
	const struct error_body *body = &look->body;
	const char *what = body->item_message[0] ? body->item_message : body->message;
	const char *next = verb_writes(look->reply->verb)
		? "correct what the field is filled from, then retry the event"
		: "check the settings that this request is made from";

	snprintf(ret->field, sizeof(ret->field), "%s", body->field);
	if (body->field[0])
		look_say(ret, OUTCOME_REFUSED,
			"ConnectWise refused %s (HTTP %d, %s) for its field %s: \"%s\"%s; no retry "
			"mends that: %s",
			look->doing, look->reply->status, ret->code, body->field, what,
			body->n_items > 1 ? " and more" : "", next);
	else
		look_say(ret, OUTCOME_REFUSED,
			"ConnectWise refused %s (%s); no retry mends that: %s", look->doing,
			look->heard,
			verb_writes(look->reply->verb)
				? "correct what it names, then retry the event"
				: next);
}

static void denied(const struct look *look, struct outcome *ret)
{
	int row = permission_of(look->reply->verb);
	const struct permission *p = &permissions[row < 0 ? 0 : row];

	if (row < 0) {
		look_say(ret, OUTCOME_DENIED, "the API member may not do this: %s (%s)",
			look->doing, look->heard);
		return;
	}
	look_say(ret, OUTCOME_DENIED,
		"the API member may not do this: %s (%s); in System > Security Roles set %s > %s: "
		"%s to All%s; until then %s",
		look->doing, look->heard, p->module, p->function, p->level,
		look->reply->verb == VERB_TICKET_PATCH
			? ", and Service Desk > Close Service Tickets: Edit to All"
			: "",
		p->lost);
}

static void on_forbidden(const struct look *look, struct outcome *ret)
{
	if (look->reply->verb == VERB_LOGIN || mentions(look, "clientid") ||
		mentions(look, "client id"))
		look_say(ret, OUTCOME_STOP,
			"ConnectWise refused %s for its clientId (%s): check "
			"connectwise.client_id, "
			"the GUID that developer.connectwise.com gave to this integration",
			look->doing, look->heard);
	else if (look->body.is_json)
		denied(look, ret);
	else
		look_say(ret, OUTCOME_STOP,
			"%s forbids %s without naming a permission (%s): either the clientId is "
			"not accepted (check connectwise.client_id), or a firewall or proxy stands "
			"in front of ConnectWise",
			look->site, look->doing, look->heard);
}

/* A record that is gone is named in JSON; a path that is gone says so or says nothing. */
static bool names_a_record(const struct look *look)
{
	return look->body.is_json && !mentions(look, "endpoint does not exist");
}

static void on_not_found(const struct look *look, struct outcome *ret)
{
	bool record = names_a_record(look);

	switch (look->reply->verb) {
	case VERB_LOGIN:
		look_say(ret, OUTCOME_STOP,
			"%s knows no such company (%s): check the company id (what is typed as "
			"company when logging in) and the site",
			look->site, look->heard);
		return;
	case VERB_COMPANIES:
	case VERB_TICKET_FIND:
	case VERB_TICKET_CREATE:
		ret->maybe_upgraded = true;
		look_say(ret, OUTCOME_STOP,
			"%s has nothing at the address for %s (%s): the codebase may be a new one, "
			"which is looked up once; if that does not help, check the company id and "
			"both keys, because ConnectWise's cloud answers wrong ones like this too",
			look->site, look->doing, look->heard);
		return;
	case VERB_MY_MEMBER:
	case VERB_MY_SECURITY:
	case VERB_MEMBERS:
	case VERB_BOARDS:
	case VERB_STATUSES:
	case VERB_TICKET_READ:
	case VERB_TICKET_PATCH:
	case VERB_NOTE_FIND:
	case VERB_NOTE_CREATE:
		ret->maybe_upgraded = !record;
		look_say(ret, OUTCOME_GONE, "%s: ConnectWise has no such record (%s); %s",
			look->doing, look->heard,
			record ? "what to do is decided again without it"
			       : "the codebase may be a new one, which is looked up once");
		return;
	case VERB_COUNT:
		break;
	}
	abort();
}

static const char *refusal(int status)
{
	switch (status) {
	case 405:
		return "it does not know this method there; check that connectwise.base_url, if "
		       "set, ends in apis/3.0/";
	case 406:
		return "it cannot answer in the asked form; check connectwise.model_version";
	case 409:
		return "the record is in use or was changed at the same time; retry the event "
		       "later";
	case 412:
		return "the record was changed meanwhile; retry the event";
	case 413:
		return "the text is too large for it; shorten the event";
	case 415:
		return "it does not take JSON there; check that no proxy changes the requests";
	}
	return "no retry mends that; look at its words, and retry the event when the cause is gone";
}

static void on_refused(const struct look *look, struct outcome *ret)
{
	look_say(ret, OUTCOME_REFUSED, "ConnectWise refused %s (%s): %s", look->doing, look->heard,
		refusal(look->reply->status));
}

static void on_rate_limit(const struct look *look, struct outcome *ret)
{
	ret->rate_limited = true;
	look_say(ret, OUTCOME_RETRY,
		"ConnectWise asks for fewer requests (%s): nothing was done, and %s goes on after "
		"a "
		"pause; if this lasts, lower delivery.per_minute",
		look->heard, look->doing);
}

void look_client_error(const struct look *look, struct outcome *ret)
{
	switch (look->reply->status) {
	case 400:
		on_bad_request(look, ret);
		return;
	case 401:
		keys_refused(look, ret);
		return;
	case 403:
		on_forbidden(look, ret);
		return;
	case 404:
		on_not_found(look, ret);
		return;
	case 407:
		look_say(ret, OUTCOME_STOP,
			"the proxy wants a login (%s), so nothing reached ConnectWise: check "
			"connectwise.proxy",
			look->heard);
		return;
	case 408:
		look_unknown(ret, look, "%s gave up waiting (%s) while %s", look->site, look->heard,
			look->doing);
		return;
	case 429:
		on_rate_limit(look, ret);
		return;
	}
	on_refused(look, ret);
}
