/* Rows as JSON, in the forms of include/API.md. All gives: json_free (or handed on). */
#ifndef APP_VIEW_H
#define APP_VIEW_H

#include "base/json.h"
#include "io/store_company.h"
#include "io/store_event.h"
#include "io/store_incident.h"
#include "io/store_tenant.h"

struct app;

cJSON *view_event(const struct queue_row *row, bool with_body);
cJSON *view_tenant(const struct tenant *t);
cJSON *view_company(const struct company *c);
cJSON *view_incident(const struct incident *in, const struct tenant *t);
cJSON *view_status(struct app *app); /* STATUS */
char *view_metrics(struct app *app); /* Prometheus text; gives: mem_free */
void view_add_str(cJSON *object, const char *key, const char *value); /* NULL: null */

#endif
