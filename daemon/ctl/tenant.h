/* Calls about one tenant, for the commands that change it. */
#ifndef CTL_TENANT_H
#define CTL_TENANT_H

#include "base/json.h"
#include "ctl/ctl.h"

/* "/v1/tenants/TENANT" and a tail. */
void tenant_path(struct str *path, const char *tenant, const char *tail);
/* One change; prints the JSON if that is wanted and leaves *ret NULL then. */
int tenant_change(const struct ctl *ctl, const char *method, const char *path, const cJSON *body,
	cJSON **ret) MUST_CHECK;

/* owned by its caller; all borrowed */
struct mapping {
	const char *tenant;
	const char *company; /* as a person names it; NULL: id */
	int64_t id;
	const char *name, *domain; /* of the tenant; or NULL */
	bool only_new; /* not if a person has ever decided about it */
	bool any_number; /* however many held events are released */
};
#define MAPPING_RELEASE_MAX 20 /* held events; more are released only after a question */
/* *ret: the answer (gives: json_free), or NULL with *ret_would_release set: too many, nothing was
 * changed. Returns an exit code, having said why if it is not EXIT_OK. */
int mapping_put(const struct ctl *ctl, const struct mapping *m, cJSON **ret,
	int64_t *ret_would_release) MUST_CHECK;
/* The same, but it asks a person if there are too many, or fails with EXIT_USAGE where there is
 * nobody to ask. *ret NULL: the person declined. */
int mapping_put_asking(const struct ctl *ctl, const struct mapping *m, cJSON **ret) MUST_CHECK;
void mapping_say(const struct ctl *ctl, const cJSON *answer); /* what came of it */

/* map_auto.c, map_walk.c */
int map_auto(const struct ctl *ctl, bool dry_run, bool yes);
/* tenant NULL: all that have no company. */
int map_walk(const struct ctl *ctl, const char *tenant);
/* GET /v1/tenants/T/candidates. gives: json_free. */
int map_candidates(const struct ctl *ctl, const char *tenant, cJSON **ret) MUST_CHECK;
/* "#7" */
#define TENANT_ROW_TEXT_MAX 24
const char *tenant_row(const cJSON *tenant, char buf[TENANT_ROW_TEXT_MAX]);
/* What a person knows it by: its domain, id or name. lends. */
const char *tenant_label(const cJSON *tenant);

#endif
