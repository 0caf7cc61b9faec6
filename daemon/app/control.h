/* The local API: from a request to its handler, one table. */
#ifndef APP_CONTROL_H
#define APP_CONTROL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/json.h"
#include "base/tidy.h"

struct app;
struct api_req;
struct company;
struct tenant;

void control_handle(void *app, struct api_req *req); /* an api_handler */

/* ==== helpers of the handlers ==== */
/* A store fault or a person's mistake, as a problem. */
void control_fault(struct app *app, struct api_req *req, const struct fault *f);
/* False (and answered with 503) while rows cannot be written. */
bool control_may_write(struct app *app, struct api_req *req);
/* A whole number of the query, min..max; the fallback if it is not given. -FAULT_INPUT names it. */
int control_number(const struct api_req *req, const char *name, int64_t fallback, int64_t min,
	int64_t max, int64_t *ret, struct fault *reterr) MUST_CHECK;

/* The request's body as a JSON object; gives: json_free. */
int control_body(struct api_req *req, cJSON **ret, struct fault *reterr) MUST_CHECK;

/* ==== changes of a tenant, noted in the audit trail and the log (control_tenants.c) ==== */
struct audit_who;
/* t: as it is before. The counts are written only when there is something to count. */
int control_map(struct app *app, const struct audit_who *who, const struct tenant *t,
	const struct company *c, int *ret_released, struct fault *reterr) MUST_CHECK;
int control_unmap(struct app *app, const struct audit_who *who, const struct tenant *t,
	int *ret_held, struct fault *reterr) MUST_CHECK;
int control_flow(struct app *app, const struct audit_who *who, const struct tenant *t, bool on,
	int *ret_released, int *ret_skipped, struct fault *reterr) MUST_CHECK;

/* ==== handlers, by file ==== */
/* control_events.c */
void control_events(struct app *app, struct api_req *req);
void control_event(struct app *app, struct api_req *req);
void control_event_retry(struct app *app, struct api_req *req);
void control_retry_all(struct app *app, struct api_req *req);
void control_incidents(struct app *app, struct api_req *req);
/* control_tenants.c */
void control_tenants(struct app *app, struct api_req *req);
void control_tenant_put(struct app *app, struct api_req *req);
void control_tenant_unmap(struct app *app, struct api_req *req);
void control_tenant_flow(struct app *app, struct api_req *req);
void control_companies(struct app *app, struct api_req *req);
/* control_import.c */
void control_tenants_post(struct app *app, struct api_req *req);
/* audit.c */
void control_audit(struct app *app, struct api_req *req);
/* alarm_view.c */
void control_test_alarm_get(struct app *app, struct api_req *req);
void control_test_alarm_post(struct app *app, struct api_req *req);
/* control_match.c */
void control_candidates(struct app *app, struct api_req *req);
/* The conditions that a mapping's body makes: "only_new" and "release_max". False, and answered
 * with 409, if one is not met. t: as it is before; c: what it would be mapped to. */
bool control_map_allowed(
	struct api_req *req, const cJSON *body, const struct tenant *t, const struct company *c);
/* control_daemon.c */
void control_status(struct app *app, struct api_req *req);
void control_board(struct app *app, struct api_req *req);
void control_statuses(struct app *app, struct api_req *req);
void control_sync_get(struct app *app, struct api_req *req);
void control_sync_post(struct app *app, struct api_req *req);
void control_check_get(struct app *app, struct api_req *req);
void control_check_post(struct app *app, struct api_req *req);
void control_backup(struct app *app, struct api_req *req);
void control_backup_get(struct app *app, struct api_req *req);
void control_reload(struct app *app, struct api_req *req);
void control_reload_get(struct app *app, struct api_req *req);
void control_metrics(struct app *app, struct api_req *req);
void control_healthz(struct app *app, struct api_req *req);

#endif
