/* What ConnectWise's records say, read tolerantly: unknown members are ignored, references may be
 * null or point at nothing. Shapes: Ticket, Company, Member, Board, BoardStatus of the public API.
 */
#ifndef IO_CW_VIEW_H
#define IO_CW_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include "base/json.h"
#include "io/store_company.h"
#include "io/store_status.h"

/* lends: texts live as long as the node. */
struct cw_ticket {
	int64_t id; /* > 0 */
	int64_t company; /* 0: none named */
	int64_t board, status;
	const char *board_name, *status_name; /* or NULL */
	const char *marker; /* externalXRef; or NULL */
	bool closed;
	bool merged; /* into another ticket */
};
bool cw_ticket_view(const cJSON *node, struct cw_ticket *ret);

/* gives: company_clear. *ret_deleted: in the recycle bin. */
bool cw_company_view(const cJSON *node, struct company *ret, bool *ret_deleted);

struct cw_ref {
	int64_t id; /* 0: none */
	const char *name; /* or NULL */
};
/* Member.serviceDefaultBoard */
struct cw_ref cw_default_board(const cJSON *member);
/* gives: statuses_clear. Entries without an id are left out. */
void cw_statuses_view(const cJSON *array, struct statuses *ret);

#endif
