/*
 * reply.c - building replies, and the error bodies in the shapes the real API uses.
 */
#include "call.h"
#include "text.h"

#include <event2/http.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JSON_TYPE "application/json; charset=utf-8"

const char *call_header(const struct call *c, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(c->req), name);
}

const char *call_param(const struct call *c, const char *name)
{
	return evhttp_find_header(&c->params, name);
}

void reply_free(struct reply *r)
{
	free(r->body);
	free(r->link);
	free(r->retry_after);
	free(r->location);
	*r = (struct reply){ 0 };
}

void reply_text(struct call *c, int status, const char *type, const char *text)
{
	reply_free(&c->reply);
	c->reply.status = status;
	c->reply.type = type;
	c->reply.body = xstrdup(text);
	c->reply.len = strlen(text);
}

void reply_json(struct call *c, int status, cJSON *json)
{
	char *text = cJSON_PrintUnformatted(json);

	if (!text)
		abort();
	reply_text(c, status, JSON_TYPE, text);
	cJSON_free(text);
	cJSON_Delete(json);
}

static cJSON *error_body(const char *code, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));

static cJSON *error_body(const char *code, const char *format, va_list ap)
{
	cJSON *o = cJSON_CreateObject();
	char *message = NULL;

	if (vasprintf(&message, format, ap) < 0 || !message)
		abort();
	cJSON_AddStringToObject(o, "code", code);
	cJSON_AddStringToObject(o, "message", message);
	free(message);
	return o;
}

void refuse(struct call *c, int status, const char *code, const char *format, ...)
{
	cJSON *o;
	va_list ap;

	va_start(ap, format);
	o = error_body(code, format, ap);
	va_end(ap);
	cJSON_AddNullToObject(o, "errors");
	reply_json(c, status, o);
}

void refuse_field(struct call *c, const char *resource, const char *code, const char *field,
	const char *format, ...)
{
	char *message = xprintf("%s object is invalid", resource);
	cJSON *o = cJSON_CreateObject(), *item;
	va_list ap;

	cJSON_AddStringToObject(o, "code", "InvalidObject");
	cJSON_AddStringToObject(o, "message", message);
	free(message);
	va_start(ap, format);
	item = error_body(code, format, ap);
	va_end(ap);
	cJSON_AddStringToObject(item, "resource", resource);
	cJSON_AddStringToObject(item, "field", field);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(o, "errors"), item);
	reply_json(c, 400, o);
}

void refuse_security(struct call *c)
{
	refuse(c, 403, "Security", "You do not have security permission to perform this action.");
}

void refuse_missing(struct call *c, const char *what, int id)
{
	cJSON *o = cJSON_CreateObject();
	char *message = xprintf("%s %d not found", what, id);

	/* as recorded: no "errors" member in this one */
	cJSON_AddStringToObject(o, "code", "NotFound");
	cJSON_AddStringToObject(o, "message", message);
	free(message);
	reply_json(c, 404, o);
}
