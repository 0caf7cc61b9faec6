/* The audit trail: what people changed, when, and for which tenant. Rows are only ever added; the
 * store itself refuses to change one, and to delete any but the oldest. A row is written in the
 * transaction of the change that it tells of, so neither is ever there without the other. */
#ifndef IO_STORE_AUDIT_H
#define IO_STORE_AUDIT_H

#include <stddef.h>
#include "io/store.h"

enum audit_action {
	AUDIT_DECLARE, /* a tenant that no event had named yet */
	AUDIT_IDENTIFY, /* an id, or a domain, that was not known of a tenant */
	AUDIT_RENAME,
	AUDIT_MAP,
	AUDIT_UNMAP,
	AUDIT_FLOW_ON,
	AUDIT_FLOW_OFF,
	AUDIT_RETRY,
	AUDIT_SYNC,
	AUDIT_RELOAD,
	AUDIT_BACKUP,
};
enum audit_how {
	AUDIT_COMMAND, /* one call of the local API */
	AUDIT_IMPORT, /* a row of a file of tenants */
	AUDIT_SIGNAL, /* SIGHUP: nobody knows from whom */
	AUDIT_AUTO, /* the daemon by itself, as it is configured to */
};
const char *audit_action_name(enum audit_action action); /* lends: "flow_on" */
const char *audit_how_name(enum audit_how how);

struct audit_company {
	int64_t id; /* 0: none */
	char *name; /* or NULL */
};
struct audit {
	int64_t id; /* given by audit_put, ascending */
	int64_t at; /* wall ms */
	int64_t uid; /* -1: not known */
	char *user; /* its name then, or NULL */
	char *login; /* for whom that user says to act, or NULL */
	enum audit_action action;
	enum audit_how how;
	int64_t tenant; /* its row; 0: about no tenant */
	char *label; /* its domain, id or name then; or NULL */
	struct audit_company from, to;
	int released, held, skipped; /* events that this moved */
	char *detail; /* or NULL */
};
struct audits {
	struct audit *at;
	size_t n;
};
void audits_clear(struct audits *list);

/* Add a row and let the oldest go beyond keep (>= 1) rows, 200 of them at a time. a->id is not
 * read. borrows: all of a. */
int audit_put(
	struct store *st, const struct audit *a, int64_t keep, struct fault *reterr) MUST_CHECK;
/* Newest first. before: only rows with a lower id; 0: all. tenant: 0: of all. limit >= 1. */
int audit_list(struct store *st, int64_t before, int64_t tenant, int limit, struct audits *ret,
	struct fault *reterr) MUST_CHECK;
/* How many rows have gone since the first. */
int audit_dropped(struct store *st, int64_t *ret, struct fault *reterr) MUST_CHECK;

#endif
