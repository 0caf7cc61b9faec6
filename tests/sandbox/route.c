/*
 * route.c - the table of endpoints, and the way through the gates in front of them.
 */
#include "route.h"
#include "auth.h"
#include "call.h"
#include "sandbox.h"
#include "text.h"

#include <ctype.h>
#include <event2/http.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define URL_MAX 2000
#define API_ROOT "apis/3.0/"
#define LOGIN_ROOT "/login/companyinfo/"

struct route {
	const char *method, *pattern;
	void (*handler)(struct call *);
	enum right right;
	enum action action;
};

static void company_info(struct call *c);

static const struct route login_route = { "GET", "login", company_info, RIGHT_FREE, 0 };

static const struct route routes[] = {
	{ "GET", "company/companies", company_list, RIGHT_COMPANY_MAINTENANCE, ACTION_INQUIRE },
	{ "GET", "company/companies/count", company_count, RIGHT_COMPANY_MAINTENANCE,
		ACTION_INQUIRE },
	{ "GET", "company/companies/statuses", company_statuses_list, RIGHT_COMPANY_MAINTENANCE,
		ACTION_INQUIRE },
	{ "GET", "company/companies/types", company_types_list, RIGHT_COMPANY_MAINTENANCE,
		ACTION_INQUIRE },
	{ "GET", "company/companies/{id}", company_get, RIGHT_COMPANY_MAINTENANCE, ACTION_INQUIRE },
	{ "GET", "service/boards", board_list, RIGHT_TABLE_SETUP, ACTION_INQUIRE },
	{ "GET", "service/boards/count", board_count, RIGHT_TABLE_SETUP, ACTION_INQUIRE },
	{ "GET", "service/boards/{id}", board_get, RIGHT_TABLE_SETUP, ACTION_INQUIRE },
	{ "GET", "service/boards/{id}/statuses", board_statuses_list, RIGHT_TABLE_SETUP,
		ACTION_INQUIRE },
	{ "GET", "service/boards/{id}/statuses/count", board_statuses_count, RIGHT_TABLE_SETUP,
		ACTION_INQUIRE },
	{ "GET", "service/boards/{id}/statuses/{nid}", board_status_get, RIGHT_TABLE_SETUP,
		ACTION_INQUIRE },
	{ "GET", "service/info/boards", board_info_list, RIGHT_SERVICE_TICKETS, ACTION_INQUIRE },
	{ "GET", "service/info/boards/{id}", board_info_get, RIGHT_SERVICE_TICKETS,
		ACTION_INQUIRE },
	{ "GET", "service/priorities", priority_list, RIGHT_TABLE_SETUP, ACTION_INQUIRE },
	{ "GET", "service/sources", source_list, RIGHT_TABLE_SETUP, ACTION_INQUIRE },
	{ "GET", "service/tickets", ticket_list, RIGHT_SERVICE_TICKETS, ACTION_INQUIRE },
	{ "POST", "service/tickets", ticket_post, RIGHT_SERVICE_TICKETS, ACTION_ADD },
	{ "GET", "service/tickets/count", ticket_count, RIGHT_SERVICE_TICKETS, ACTION_INQUIRE },
	{ "POST", "service/tickets/search", ticket_search, RIGHT_SERVICE_TICKETS, ACTION_INQUIRE },
	{ "GET", "service/tickets/{id}", ticket_get, RIGHT_SERVICE_TICKETS, ACTION_INQUIRE },
	{ "PATCH", "service/tickets/{id}", ticket_patch, RIGHT_SERVICE_TICKETS, ACTION_EDIT },
	{ "DELETE", "service/tickets/{id}", ticket_delete, RIGHT_SERVICE_TICKETS, ACTION_DELETE },
	{ "GET", "service/tickets/{id}/notes", note_list, RIGHT_SERVICE_TICKETS, ACTION_INQUIRE },
	{ "POST", "service/tickets/{id}/notes", note_post, RIGHT_SERVICE_TICKETS, ACTION_EDIT },
	{ "GET", "service/tickets/{id}/notes/count", note_count, RIGHT_SERVICE_TICKETS,
		ACTION_INQUIRE },
	{ "GET", "service/tickets/{id}/notes/{nid}", note_get, RIGHT_SERVICE_TICKETS,
		ACTION_INQUIRE },
	{ "PATCH", "service/tickets/{id}/notes/{nid}", note_patch, RIGHT_SERVICE_TICKETS,
		ACTION_EDIT },
	{ "GET", "system/myMembers", my_member_get, RIGHT_FREE, ACTION_INQUIRE },
	{ "GET", "system/myMembers/info", my_member_get, RIGHT_FREE, ACTION_INQUIRE },
	{ "GET", "system/mySecurity", my_security_list, RIGHT_FREE, ACTION_INQUIRE },
	{ "GET", "system/members", member_list, RIGHT_MEMBER_MAINTENANCE, ACTION_INQUIRE },
	{ "GET", "system/members/count", member_count, RIGHT_MEMBER_MAINTENANCE, ACTION_INQUIRE },
	{ "GET", "system/members/{id}", member_get, RIGHT_MEMBER_MAINTENANCE, ACTION_INQUIRE },
	{ "GET", "system/apiMembers", api_member_list, RIGHT_MEMBER_MAINTENANCE, ACTION_INQUIRE },
	{ "GET", "system/apiMembers/{id}", api_member_get, RIGHT_MEMBER_MAINTENANCE,
		ACTION_INQUIRE },
	{ "GET", "system/info", system_info_get, RIGHT_FREE, ACTION_INQUIRE },
};

#define N_ROUTES (sizeof(routes) / sizeof(routes[0]))

const char *route_pattern(const struct route *route)
{
	return route->pattern;
}

static bool take_id(const char *text, size_t len, int *ret)
{
	int n = 0;

	if (len == 0 || len > 9)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		n = n * 10 + (text[i] - '0');
	}
	*ret = n;
	return true;
}

bool route_matches(const char *pattern, const char *path, int *ret_id, int *ret_sub_id)
{
	for (;;) {
		size_t p = strcspn(pattern, "/"), n = strcspn(path, "/");
		bool is_id = p == 4 && memcmp(pattern, "{id}", 4) == 0;
		bool is_sub = p == 5 && memcmp(pattern, "{nid}", 5) == 0;

		if (is_id || is_sub) {
			if (!take_id(path, n, is_id ? ret_id : ret_sub_id))
				return false;
		} else if (p != n || strncasecmp(pattern, path, n) != 0) {
			return false;
		}
		if (!pattern[p] || !path[n])
			return pattern[p] == path[n];
		pattern += p + 1;
		path += n + 1;
	}
}

static const struct route *lookup(struct call *c, const char *method)
{
	for (size_t i = 0; i < N_ROUTES; i++)
		if ((!method || strcmp(routes[i].method, method) == 0) &&
			route_matches(routes[i].pattern, c->path, &c->id, &c->sub_id))
			return &routes[i];
	return NULL;
}

void route_find(struct call *c)
{
	size_t n = strcspn(c->uri, "?");
	char *path = xstrndup(c->uri, n);
	char *root = strstr(path, API_ROOT);

	if (c->uri[n]) {
		c->query = xstrdup(c->uri + n + 1);
		if (evhttp_parse_query_str(c->query, &c->params))
			evhttp_clear_headers(&c->params);
	}
	if (strncmp(path, LOGIN_ROOT, strlen(LOGIN_ROOT)) == 0) {
		c->path = xstrdup("login");
		c->route = &login_route;
	} else if (root && root > path && root[-1] == '/') {
		c->codebase = xstrndup(path + 1, (size_t)(root - path - 1));
		c->path = xstrdup(root + strlen(API_ROOT));
		c->route = lookup(c, c->method);
		if (!c->route)
			c->route = lookup(c, NULL);
	}
	free(path);
}

static void company_info(struct call *c)
{
	const struct settings *s = &c->sb->settings;
	char *wanted =
		xstrndup(c->uri + strlen(LOGIN_ROOT), strcspn(c->uri, "?") - strlen(LOGIN_ROOT));
	char *decoded = evhttp_uridecode(wanted, 0, NULL), *version;
	cJSON *o;

	free(wanted);
	if (s->unknown_company || !decoded || strcasecmp(decoded, LOGIN_COMPANY) != 0) {
		reply_json(c, 200, cJSON_CreateNull());
		free(decoded);
		return;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "CompanyName", "Acme Managed Services");
	cJSON_AddStringToObject(o, "Codebase", s->codebase);
	version = xstrndup(s->codebase, strcspn(s->codebase, "/"));
	for (char *p = version; *p; p++)
		if (*p == '_')
			*p = '.';
	cJSON_AddStringToObject(o, "VersionCode", version);
	free(version);
	cJSON_AddStringToObject(o, "VersionNumber", "v4.6.105333");
	cJSON_AddStringToObject(o, "CompanyID", LOGIN_COMPANY);
	if (s->is_cloud_string)
		cJSON_AddStringToObject(o, "IsCloud", s->is_cloud ? "True" : "False");
	else
		cJSON_AddBoolToObject(o, "IsCloud", s->is_cloud);
	cJSON_AddStringToObject(
		o, "SiteUrl", call_header(c, "Host") ? call_header(c, "Host") : "localhost");
	free(decoded);
	reply_json(c, 200, o);
}

static void cannot_route(struct call *c)
{
	reply_text(
		c, 400, "text/plain; charset=utf-8", "Cannot route. Codebase/company is invalid");
}

/* One that never was, or that was before an upgrade. */
static void refuse_codebase(struct call *c)
{
	if (c->sb->settings.wrong_codebase_status == 404)
		refuse(c, 404, "ConnectWiseApi", "The endpoint does not exist.");
	else
		cannot_route(c);
}

/* The gates that stand before authentication. */
static bool pass_router(struct call *c)
{
	const char *host = call_header(c, "Host");

	if (strlen("https://") + (host ? strlen(host) : 0) + strlen(c->uri) > URL_MAX) {
		reply_text(c, 400, "text/html; charset=us-ascii",
			"<html><head><title>Bad Request</title></head><body>"
			"<h2>Bad Request - Invalid URL</h2><p>HTTP Error 414. "
			"The request URL is too long.</p></body></html>");
		return false;
	}
	if (c->route == &login_route)
		return true;
	if (!c->codebase || !*c->codebase || strncmp(c->path, API_ROOT, strlen(API_ROOT)) == 0) {
		cannot_route(c);
		return false;
	}
	if (strcmp(c->codebase, c->sb->settings.codebase) != 0 &&
		strcmp(c->codebase, OLD_CODEBASE) != 0) {
		refuse_codebase(c);
		return false;
	}
	return true;
}

void route_perform(struct call *c)
{
	c->done = true;
	if (!pass_router(c))
		return;
	if (c->route != &login_route && !auth_pass(c))
		return;
	if (!c->route) {
		refuse(c, 404, "ConnectWiseApi", "The endpoint does not exist.");
		return;
	}
	if (strcmp(c->route->method, c->method) != 0) {
		refuse(c, 405, "ConnectWiseApi",
			"The requested resource does not support http method '%s'.", c->method);
		return;
	}
	if (role_require(c, c->route->right, c->route->action))
		c->route->handler(c);
}

void route_perform_get(struct call *c)
{
	const struct route *get = c->codebase ? lookup(c, "GET") : NULL;

	c->method = "GET";
	if (get)
		c->route = get;
	route_perform(c);
}
