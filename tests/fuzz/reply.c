/* Replies of ConnectWise: one byte of verb, two of status, then the body; also Link, Retry-After,
 * companyinfo, tickets, companies, statuses. */
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/outcome.h"
#include "core/site.h"
#include "io/cw_view.h"
#include "fuzz.h"

#define NOW 1795000000000

static void views(const cJSON *body)
{
	struct company_info info = { 0 };
	struct statuses statuses = { 0 };
	struct company company = { 0 };
	struct cw_ticket ticket;
	struct fault f = { 0 };
	bool deleted;

	if (company_info_read(body, &info, &f) == 0)
		company_info_clear(&info);
	(void)cw_ticket_view(body, &ticket);
	if (cw_company_view(body, &company, &deleted))
		company_clear(&company);
	cw_statuses_view(body, &statuses);
	statuses_clear(&statuses);
	(void)cw_default_board(body);
}

static void headers(const char *text)
{
	int64_t page;

	(void)retry_after_ms(text, NOW);
	(void)link_next_page(text, &page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply reply = { 0 };
	struct outcome outcome;
	struct fault f = { 0 };
	CLEANUP(json_free) cJSON *body = NULL;
	CLEANUP(mem_free) char *text = NULL;

	if (size < 4)
		return 0;
	text = xcalloc(size - 2, 1);
	memcpy(text, data + 3, size - 3);
	reply.verb = data[0] % VERB_COUNT;
	reply.transport = data[1] & 0x80 ? data[1] % (TRANSPORT_INTERNAL + 1) : TRANSPORT_OK;
	reply.status = 100 + ((data[1] & 0x7F) << 8 | data[2]) % 500;
	reply.body = text;
	reply.body_len = size - 3;
	reply.retry_after = reply.location = text;
	outcome_of(&reply, "na.example", NOW, &outcome);
	if (!utf8_valid(outcome.reason, strlen(outcome.reason)))
		abort(); /* it goes into logs and answers */
	headers(text);
	if (json_parse_reply(text, size - 3, &body, &f) == 0)
		views(body);
	return 0;
}
