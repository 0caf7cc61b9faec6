/* Tenants and their mapping to companies. A tenant is known by its GUID; one that was only ever
 * named by its domain takes the GUID over when an event brings both. */
#ifndef IO_STORE_TENANT_H
#define IO_STORE_TENANT_H

#include <stddef.h>
#include "io/store.h"

struct tenant {
	int64_t row;
	char *guid, *domain, *name; /* or NULL */
	int64_t company; /* 0: not mapped */
	bool flow;
	int64_t mapped_at; /* when and by whom it was mapped, or unmapped; 0 and NULL: never */
	char *mapped_by;
	int64_t last_event_at;
	/* joined */
	char *company_identifier, *company_name;
	char *company_status; /* or NULL */
	bool company_known, company_gone, company_inactive;
	bool shared; /* known by its domain alone, which others have too */
	int held, events; /* filled by tenant_list and tenant_find only */
};
struct tenants {
	struct tenant *at;
	size_t n;
};
/* Is it mapped to a company that tickets may be made for? */
bool tenant_company_live(const struct tenant *t);
/* As a person knows it: its domain, else its id. lends */
const char *tenant_label(const struct tenant *t);
void tenant_clear(struct tenant *t);
void tenants_clear(struct tenants *list);

/* The tenant an event is about: by GUID; else by domain if exactly one tenant has it and it has no
 * other GUID; else a new row. Of several tenants with its domain an event without a GUID means
 * none: it has a row of its own, known by the domain alone, until a person maps that. Such a row
 * loses its mapping when one more tenant turns out to have the domain: a mapping made for one of
 * two must not serve both. The audit trail tells of it. event_at: 0 does not touch last_event_at.
 * guid or domain may be NULL, not both. */
int tenant_of(struct store *st, const char *guid, const char *domain, const char *name,
	int64_t event_at, struct tenant *ret, struct fault *reterr) MUST_CHECK;
/* "#1 (GUID), #4 (GUID)": who else has the domain of a tenant. gives: mem_free. */
int tenant_sharing(
	struct store *st, const struct tenant *t, char **ret, struct fault *reterr) MUST_CHECK;
int tenant_get(struct store *st, int64_t row, struct tenant *ret, struct fault *reterr) MUST_CHECK;
/* As a person names it: GUID, domain or "#row". -FAULT_NOT_FOUND; -FAULT_CONFLICT if ambiguous. */
int tenant_find(
	struct store *st, const char *text, struct tenant *ret, struct fault *reterr) MUST_CHECK;
/* Whom a person means by a row (0: not given), a GUID, a domain, or several of them; nothing is
 * changed. ret->row 0: nobody who is known yet. A domain alone means the tenant that is known by it
 * alone, else the only one that has it. -FAULT_CONFLICT: the domain is another tenant's, is not the
 * one that is known, or is that of several; -FAULT_NOT_FOUND: there is no such row. */
struct tenant_names {
	int64_t row;
	const char *guid, *domain; /* or NULL, not all three */
};
int tenant_meant(struct store *st, const struct tenant_names *names, struct tenant *ret,
	struct fault *reterr) MUST_CHECK;
/* Add a GUID and a domain that were not known (known ones stay), and set the name; each may be
 * NULL. */
int tenant_complete(struct store *st, int64_t row, const char *guid, const char *domain,
	const char *name, struct fault *reterr) MUST_CHECK;
int tenant_list(struct store *st, struct tenants *ret, struct fault *reterr) MUST_CHECK;
/* company 0: unmap. by: "uid 0". */
int tenant_map(struct store *st, int64_t row, int64_t company, const char *by, int64_t now,
	struct fault *reterr) MUST_CHECK;
int tenant_flow(struct store *st, int64_t row, bool on, struct fault *reterr) MUST_CHECK;
struct tenant_counts {
	int mapped, unmapped, off;
	int paused; /* mapped to a company that is gone or inactive */
};
int tenant_count(struct store *st, struct tenant_counts *ret, struct fault *reterr) MUST_CHECK;

#endif
