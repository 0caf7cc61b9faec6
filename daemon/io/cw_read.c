/* The verbs that read. Lists are asked for with only the fields that are used, so that pages stay
 * small; a sweep pages forward-only (stable under inserts). */
#include "io/cw_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"

#define COMPANY_FIELDS "id,identifier,name,website,status/name,types/name,deletedFlag"
#define TICKET_FIELDS                                                                              \
	"id,company/id,board/id,board/name,status/id,status/name,closedFlag,"                      \
	"mergedParentTicket/id,externalXRef"
#define NOTES_LOOKED_AT 50
#define LIST_MAX 1000 /* ConnectWise's largest page */

struct cw_call *cw_login(struct cw *cw, cw_done *done, void *owner)
{
	const struct conf *conf = cw_conf(cw);
	CLEANUP(mem_free) char *host = site_api_host(cw_site(cw));
	CLEANUP(mem_free) char *company = url_encode(conf->cw.company);
	struct cw_call *call = cw_note(cw, VERB_LOGIN, "GET", NULL, NULL, done, owner);

	cw_call_url(call, xasprintf("https://%s/login/companyinfo/%s", host, company));
	return call;
}

struct cw_call *cw_probe(struct cw *cw, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_COMPANIES, "GET",
		xstrdup("company/companies?pageSize=1&page=1&fields=id"), NULL, done, owner);
}

struct cw_call *cw_companies(struct cw *cw, int64_t after_id, int64_t since_at, int page_size,
	cw_done *done, void *owner)
{
	const struct conf *conf = cw_conf(cw);
	char when[TIME_TEXT_MAX];
	CLEANUP(mem_free) char *encoded = NULL;
	struct cw_call *call;
	STR_AUTO(conditions);

	if (since_at)
		str_addf(&conditions, "lastUpdated>[%s]", time_text_s(since_at, when));
	else
		str_add(&conditions, "deletedFlag=false");
	if (!str_is_blank(conf->sync.conditions))
		str_addf(&conditions, " and (%s)", conf->sync.conditions);
	encoded = url_encode(conditions.at);
	call = cw_note(cw, VERB_COMPANIES, "GET",
		xasprintf("company/companies?conditions=%s&fields=%s&pageSize=%d&pageId=%" PRId64,
			encoded, COMPANY_FIELDS, page_size, after_id),
		NULL, done, owner);
	cw_call_header(call, "pagination-type: forward-only");
	return call;
}

struct cw_call *cw_my_member(struct cw *cw, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_MY_MEMBER, "GET", xstrdup("system/myMembers"), NULL, done, owner);
}

struct cw_call *cw_my_security(struct cw *cw, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_MY_SECURITY, "GET",
		xasprintf("system/mySecurity?pageSize=%d&fields=moduleName,moduleFunctionName,"
			  "addLevel,editLevel,inquireLevel",
			LIST_MAX),
		NULL, done, owner);
}

struct cw_call *cw_member(struct cw *cw, const char *identifier, cw_done *done, void *owner)
{
	CLEANUP(mem_free) char *literal = condition_string(identifier);
	CLEANUP(mem_free) char *encoded = url_encode(literal);

	return cw_note(cw, VERB_MEMBERS, "GET",
		xasprintf("system/members?conditions=identifier%%3D%s&pageSize=1", encoded), NULL,
		done, owner);
}

static bool is_number(const char *text)
{
	const char *at = text;

	while (*at >= '0' && *at <= '9')
		at++;
	return at != text && *at == '\0';
}

struct cw_call *cw_board(struct cw *cw, const char *name_or_id, cw_done *done, void *owner)
{
	CLEANUP(mem_free)
	char *literal = is_number(name_or_id) ? xstrdup(name_or_id) : condition_string(name_or_id);
	CLEANUP(mem_free) char *encoded = url_encode(literal);

	return cw_note(cw, VERB_BOARDS, "GET",
		xasprintf("service/boards?conditions=%s%%3D%s&pageSize=2&fields=id,name",
			is_number(name_or_id) ? "id" : "name", encoded),
		NULL, done, owner);
}

struct cw_call *cw_boards(struct cw *cw, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_BOARDS, "GET",
		xasprintf("service/boards?conditions=inactiveFlag%%3Dfalse&orderBy=name%%20asc"
			  "&pageSize=%d&fields=id,name",
			LIST_MAX),
		NULL, done, owner);
}

struct cw_call *cw_statuses(struct cw *cw, int64_t board, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_STATUSES, "GET",
		xasprintf("service/boards/%" PRId64 "/statuses?orderBy=sortOrder%%20asc&pageSize=%d"
			  "&fields=id,name,sortOrder,inactive,closedStatus,defaultFlag",
			board, LIST_MAX),
		NULL, done, owner);
}

struct cw_call *cw_ticket_read(struct cw *cw, int64_t ticket, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_TICKET_READ, "GET",
		xasprintf("service/tickets/%" PRId64 "?fields=" TICKET_FIELDS, ticket), NULL, done,
		owner);
}

struct cw_call *cw_ticket_find(struct cw *cw, const char *marker, cw_done *done, void *owner)
{
	CLEANUP(mem_free) char *literal = condition_string(marker);
	CLEANUP(mem_free) char *encoded = url_encode(literal);

	return cw_note(cw, VERB_TICKET_FIND, "GET",
		xasprintf("service/"
			  "tickets?conditions=externalXRef%%3D%s&orderBy=id%%20asc&pageSize=10"
			  "&fields=" TICKET_FIELDS,
			encoded),
		NULL, done, owner);
}

struct cw_call *cw_ticket_probe(struct cw *cw, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_TICKET_FIND, "GET",
		xstrdup("service/tickets?pageSize=1&page=1&fields=id"), NULL, done, owner);
}

struct cw_call *cw_notes(struct cw *cw, int64_t ticket, cw_done *done, void *owner)
{
	return cw_note(cw, VERB_NOTE_FIND, "GET",
		xasprintf("service/tickets/%" PRId64 "/notes?orderBy=id%%20desc&pageSize=%d"
			  "&fields=id,text",
			ticket, NOTES_LOOKED_AT),
		NULL, done, owner);
}
