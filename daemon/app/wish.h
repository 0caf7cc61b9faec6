/* What a person wants a tenant to be: read and checked as a whole first, carried out after. Reading
 * changes nothing; a wish that was read can be carried out in the same turn. */
#ifndef APP_WISH_H
#define APP_WISH_H

#include "app/audit.h"
#include "base/json.h"
#include "core/event.h"
#include "io/store_company.h"
#include "io/store_tenant.h"

/* owned by whoever declares it; {0} is empty. */
struct wish {
	struct op_event *names; /* id, domain and name as given; owned */
	struct tenant now; /* what it is; row 0: nobody knows it yet */
	struct company company; /* id 0: stays as it is */
	bool unmap;
	bool flow_given, flow;
};
void wish_clear(struct wish *w);

/* The tenant of one call: named by a GUID, a domain or "#row"; body may hold "domain" and "name".
 * -FAULT_INPUT, -FAULT_NOT_FOUND, -FAULT_CONFLICT. */
int wish_named(struct app *app, const char *named, const cJSON *body, struct wish *ret,
	struct fault *reterr) MUST_CHECK;
/* One row of a file: id, domain, name, company (its id), company_identifier, company_name (for
 * people only), flow; null or absent: as it is. may_unmap: a row without a company takes it away.
 */
int wish_row(struct app *app, const cJSON *row, bool may_unmap, struct wish *ret,
	struct fault *reterr) MUST_CHECK;

bool wish_is_new(const struct wish *w);
/* [{"what","from","to"}…]; empty: it is so already. gives: json_free. */
cJSON *wish_changes(const struct wish *w) MUST_CHECK;
/* Held events that it will release. */
int wish_releases(const struct wish *w);

/* Declare it, or add what was not known of it; w->now is what it is then. */
int wish_declare(struct app *app, const struct audit_who *who, struct wish *w,
	struct fault *reterr) MUST_CHECK;
struct wish_moved {
	int released, held, skipped;
};
/* All of it. */
int wish_carry_out(struct app *app, const struct audit_who *who, struct wish *w,
	struct wish_moved *ret, struct fault *reterr) MUST_CHECK;

#endif
