#include "app/control.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "app/app.h"
#include "app/intake.h"
#include "base/str.h"

#define EVERY (1 << API_EVENTS | 1 << API_CONTROL | 1 << API_METRICS)
#define LOCAL (1 << API_EVENTS | 1 << API_CONTROL)
#define CONTROL (1 << API_CONTROL)
#define MONITOR (1 << API_CONTROL | 1 << API_METRICS)

typedef void control_fn(struct app *app, struct api_req *req);

/* "*" stands for one part of any text. */
static const struct route {
	enum api_method method;
	const char *path;
	int surfaces;
	control_fn *fn;
} routes[] = {
	{ API_POST, "v1/events", LOCAL, intake_post },
	{ API_GET, "v1/events", CONTROL, control_events },
	{ API_GET, "v1/events/*", LOCAL, control_event },
	{ API_POST, "v1/events/*/retry", CONTROL, control_event_retry },
	{ API_POST, "v1/retry", CONTROL, control_retry_all },
	{ API_GET, "v1/backup", CONTROL, control_backup_get },
	{ API_POST, "v1/backup", CONTROL, control_backup },
	{ API_GET, "v1/incidents", CONTROL, control_incidents },
	{ API_GET, "v1/tenants", CONTROL, control_tenants },
	{ API_POST, "v1/tenants", CONTROL, control_tenants_post },
	{ API_GET, "v1/tenants/*/candidates", CONTROL, control_candidates },
	{ API_PUT, "v1/tenants/*", CONTROL, control_tenant_put },
	{ API_DELETE, "v1/tenants/*/company", CONTROL, control_tenant_unmap },
	{ API_PUT, "v1/tenants/*/flow", CONTROL, control_tenant_flow },
	{ API_GET, "v1/audit", CONTROL, control_audit },
	{ API_GET, "v1/companies", CONTROL, control_companies },
	{ API_GET, "v1/board", CONTROL, control_board },
	{ API_GET, "v1/statuses", CONTROL, control_statuses },
	{ API_GET, "v1/status", CONTROL, control_status },
	{ API_GET, "v1/sync", CONTROL, control_sync_get },
	{ API_POST, "v1/sync", CONTROL, control_sync_post },
	{ API_GET, "v1/check", CONTROL, control_check_get },
	{ API_POST, "v1/check", CONTROL, control_check_post },
	{ API_GET, "v1/test-alarm", CONTROL, control_test_alarm_get },
	{ API_POST, "v1/test-alarm", CONTROL, control_test_alarm_post },
	{ API_GET, "v1/reload", CONTROL, control_reload_get },
	{ API_POST, "v1/reload", CONTROL, control_reload },
	{ API_GET, "metrics", MONITOR, control_metrics },
	{ API_GET, "healthz", EVERY, control_healthz },
};

static bool path_matches(const struct route *route, const struct api_req *req)
{
	const char *at = route->path;
	int n;

	for (n = 0; *at; n++) {
		size_t len = strcspn(at, "/");
		const char *part = api_part(req, n);

		if (!part)
			return false;
		if (!(len == 1 && *at == '*') &&
			(strlen(part) != len || strncmp(part, at, len) != 0))
			return false;
		at += len + (at[len] == '/');
	}
	return !api_part(req, n);
}

static void no_route(struct api_req *req, bool path_known, bool elsewhere)
{
	if (elsewhere)
		api_problem(req, 403, "%s is not served on this socket; use control.sock",
			api_path(req));
	else if (path_known)
		api_problem(req, 405, "%s does not take this method", api_path(req));
	else
		api_problem(req, 404, "there is no %s here", api_path(req));
}

void control_handle(void *arg, struct api_req *req)
{
	struct app *app = arg;
	bool path_known = false, elsewhere = false;
	size_t i;

	for (i = 0; i < ARRAY_LEN(routes); i++) {
		if (!path_matches(&routes[i], req))
			continue;
		path_known = true;
		if (routes[i].method != api_method(req))
			continue;
		if (routes[i].surfaces & 1 << api_surface(req)) {
			routes[i].fn(app, req);
			return;
		}
		elsewhere = true;
	}
	no_route(req, path_known, elsewhere);
}

void control_fault(struct app *app, struct api_req *req, const struct fault *f)
{
	switch (f->code) {
	case FAULT_NONE:
		break;
	case FAULT_INPUT:
	case FAULT_CONFIG:
		api_problem(req, 400, "%s", f->text);
		return;
	case FAULT_NOT_FOUND:
		api_problem(req, 404, "%s", f->text);
		return;
	case FAULT_CONFLICT:
		api_problem(req, 409, "%s", f->text);
		return;
	case FAULT_TOO_LARGE:
		api_problem(req, 413, "%s", f->text);
		return;
	case FAULT_NET:
	case FAULT_REMOTE:
	case FAULT_BUSY:
		api_problem(req, 503, "%s", f->text);
		return;
	case FAULT_STORE:
	case FAULT_STORE_FULL:
	case FAULT_SYSTEM:
		turn_fail(app, f);
		api_problem(req, 503, "%s", f->text);
		return;
	}
	abort();
}

bool control_may_write(struct app *app, struct api_req *req)
{
	const char *why;

	if (turn_may_write(app, &why))
		return true;
	api_problem(req, 503, "the queue cannot be written: %s", why);
	api_retry_after(req, 5);
	return false;
}

int control_number(const struct api_req *req, const char *name, int64_t fallback, int64_t min,
	int64_t max, int64_t *ret, struct fault *reterr)
{
	const char *text = api_query(req, name);
	char *end;
	long long n;

	if (!text) {
		*ret = fallback;
		return 0;
	}
	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n < min || n > max)
		return fault_set(reterr, FAULT_INPUT,
			"%s must be a whole number from %" PRId64 " to %" PRId64, name, min, max);
	*ret = n;
	return 0;
}

int control_body(struct api_req *req, cJSON **ret, struct fault *reterr)
{
	const struct json_limits limits = { .max_bytes = 16384, .max_depth = 4, .max_tokens = 64 };
	size_t n;
	const char *body = api_body(req, &n);
	int r = json_parse(body, n, &limits, ret, reterr);

	if (r < 0)
		return r;
	if (cJSON_IsObject(*ret))
		return 0;
	json_free(*ret);
	*ret = NULL;
	return fault_set(reterr, FAULT_INPUT, "the body must be a JSON object");
}
