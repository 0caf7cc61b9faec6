/*
 * disguise.c - replies that are wrong in what they say: another status, broken JSON, other types.
 */
#include "answer.h"
#include "call.h"
#include "http.h"
#include "route.h"
#include "sandbox.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* A proxy in between speaks HTML. */
static const char html_page[] =
	"<!DOCTYPE html>\n<html><head><title>Service unavailable</title></head>\n"
	"<body><h1>We will be back soon</h1><p>The service is under "
	"maintenance.</p></body></html>\n";

static const char *or_else(const char *text, const char *fallback)
{
	return text ? text : fallback;
}

static void default_error(struct call *c, int status)
{
	switch (status) {
	case 401:
		refuse(c, 401, "Unauthorized", "The supplied authentication is incorrect");
		break;
	case 403:
		refuse_security(c);
		break;
	case 404:
		refuse(c, 404, "NotFound", "The record was not found");
		break;
	case 409:
		refuse(c, 409, "Conflict", "The record is in use.");
		break;
	case 500:
		refuse(c, 500, "ConnectWiseApi", "A timeout has occured. Please try again.");
		break;
	default:
		refuse(c, status, status < 500 ? "InvalidObject" : "ConnectWiseApi",
			"The request could not be completed.");
	}
}

static void put_status(struct call *c, int status)
{
	const char *body = c->fault.body;

	default_error(c, status);
	if (body)
		reply_text(c, status,
			*body == '{' || *body == '[' ? "application/json; charset=utf-8"
						     : "text/plain; charset=utf-8",
			body);
	text_set(&c->reply.retry_after, c->fault.retry_after);
}

/* The one error body that says "error" instead of "code". */
static void put_rate_limit(struct call *c)
{
	const char *after = or_else(c->fault.retry_after, "30");
	char *message = xprintf("Too many requests. Please try again in %s seconds.", after);
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "error", "ConnectWiseAPI");
	cJSON_AddStringToObject(o, "message", message);
	free(message);
	reply_json(c, 429, o);
	text_set(&c->reply.retry_after, after);
}

static void put_body(struct call *c, const char *body)
{
	char *copy = xstrdup(body);

	free(c->reply.body);
	c->reply.body = copy;
	c->reply.len = strlen(copy);
}

static void put_bad_json(struct call *c)
{
	char *half = xstrndup(c->reply.body, c->reply.len / 2);
	char *bad = xprintf("%s,]{", half);

	free(half);
	put_body(c, or_else(c->fault.body, bad));
	free(bad);
}

/* A value of another type that could be meant. */
static cJSON *other_type(const cJSON *item)
{
	char *text;
	cJSON *o;

	if (cJSON_IsNumber(item)) {
		text = xprintf("%.0f", item->valuedouble);
		o = cJSON_CreateString(text);
		free(text);
		return o;
	}
	if (cJSON_IsString(item))
		return cJSON_CreateNumber(17);
	if (cJSON_IsBool(item))
		return cJSON_CreateString(cJSON_IsTrue(item) ? "yes" : "no");
	if (cJSON_IsNull(item))
		return cJSON_CreateArray();
	return cJSON_CreateString("see attachment");
}

static void twist(cJSON *object, const char *id)
{
	cJSON *next, *other;

	for (cJSON *item = object->child; item; item = next) {
		next = item->next;
		if (id && strcmp(or_else(item->string, ""), "id") != 0)
			continue;
		other = id ? cJSON_Parse(id) : other_type(item);
		if (!other)
			other = cJSON_CreateString(id);
		other->string = NULL;
		if (item->string)
			other->string = strdup(item->string);
		cJSON_ReplaceItemViaPointer(object, item, other);
	}
}

/* Every member of each object; with `id` in the fault only that, made what it says. */
static void put_wrong_types(struct call *c)
{
	cJSON *json = cJSON_Parse(c->reply.body), *item;

	if (cJSON_IsArray(json))
		cJSON_ArrayForEach(item, json) twist(item, c->fault.id);
	else if (cJSON_IsObject(json))
		twist(json, c->fault.id);
	else
		json = cJSON_CreateObject();
	reply_json(c, c->reply.status, json);
}

static void put_empty(struct call *c)
{
	reply_text(c, 201, "application/json; charset=utf-8", "");
}

static void put_html(struct call *c)
{
	reply_text(c, c->fault.status ? c->fault.status : 502, "text/html; charset=utf-8",
		or_else(c->fault.body, html_page));
	text_set(&c->reply.retry_after, c->fault.retry_after);
}

static void put_redirect(struct call *c)
{
	char *elsewhere = xprintf("https://localhost:%d/maintenance", http_port(c->sb->http));

	reply_text(c, c->fault.status ? c->fault.status : 302, "text/html; charset=utf-8", "");
	text_set(&c->reply.location, or_else(c->fault.location, elsewhere));
	free(elsewhere);
}

/* Nothing was changed, yet all seems well. */
static void put_false_200(struct call *c)
{
	const char *method = c->method;
	const struct route *route = c->route;

	route_perform_get(c);
	c->method = method;
	c->route = route;
	if (c->reply.status != 200)
		reply_json(c, 200, cJSON_CreateObject());
}

static void put_armed_status(struct call *c)
{
	put_status(c, c->fault.status ? c->fault.status : 500);
}

static void put_500(struct call *c)
{
	put_status(c, 500);
}

static void drop_link(struct call *c)
{
	text_set(&c->reply.link, NULL);
}

/* Kinds that are not in here leave the content as it is. */
static void (*const masks[])(struct call *) = {
	[FAULT_STATUS] = put_armed_status,
	[FAULT_REPLY_500_AFTER_COMMIT] = put_500,
	[FAULT_RATE_LIMIT] = put_rate_limit,
	[FAULT_BAD_JSON] = put_bad_json,
	[FAULT_EMPTY_201] = put_empty,
	[FAULT_WRONG_TYPES] = put_wrong_types,
	[FAULT_HTML] = put_html,
	[FAULT_REDIRECT] = put_redirect,
	[FAULT_FALSE_200] = put_false_200,
	[FAULT_NO_LINK] = drop_link,
};

void disguise(struct call *c)
{
	size_t kind = (size_t)c->fault.kind;

	if (kind < sizeof(masks) / sizeof(masks[0]) && masks[kind])
		masks[kind](c);
}
