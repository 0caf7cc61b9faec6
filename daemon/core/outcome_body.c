#include "core/outcome_body.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "core/plain.h"

/* White space and a byte order mark in front. */
static void skip_blanks(const char **body, size_t *n)
{
	if (*n >= 3 && memcmp(*body, "\xEF\xBB\xBF", 3) == 0) {
		*body += 3;
		*n -= 3;
	}
	while (*n && isspace((unsigned char)**body)) {
		(*body)++;
		(*n)--;
	}
}

/* Every web page begins so, and no JSON does. */
static bool looks_like_html(const char *body, size_t n)
{
	skip_blanks(&body, &n);
	return n > 0 && *body == '<';
}

static void take(char *ret, size_t cap, const char *text)
{
	plain_line(ret, cap, text, text ? strlen(text) : 0);
}

static void take_items(const cJSON *errors, struct error_body *ret)
{
	const cJSON *item = cJSON_IsArray(errors) ? cJSON_GetArrayItem(errors, 0) : NULL;

	if (!item)
		return;
	ret->n_items = cJSON_GetArraySize(errors);
	take(ret->item_code, sizeof(ret->item_code), json_str(item, "code"));
	take(ret->field, sizeof(ret->field), json_str(item, "field"));
	take(ret->item_message, sizeof(ret->item_message), json_str(item, "message"));
}

void error_body_read(const char *body, size_t n, struct error_body *ret)
{
	CLEANUP(json_free) cJSON *node = NULL;
	const char *code;

	*ret = (struct error_body){ 0 };
	if (!body || n == 0)
		return;
	if (looks_like_html(body, n)) {
		ret->is_html = true;
		return;
	}
	skip_blanks(&body, &n);
	if (json_parse_reply(body, n, &node, NULL) < 0) {
		plain_line(ret->message, sizeof(ret->message), body, n);
		return;
	}
	if (cJSON_IsString(node))
		take(ret->message, sizeof(ret->message), node->valuestring);
	if (!cJSON_IsObject(node))
		return;
	ret->is_json = true;
	code = json_str(node, "code");
	take(ret->code, sizeof(ret->code), code ? code : json_str(node, "error"));
	take(ret->message, sizeof(ret->message), json_str(node, "message"));
	take_items(json_get(node, "errors"), ret);
}

/* Without its id a new record is as good as unknown. */
static bool has_id(const cJSON *node)
{
	int64_t id;

	return json_int(node, "id", &id) && id > 0;
}

static bool shape_fits(enum verb verb, const cJSON *node)
{
	switch (verb) {
	case VERB_LOGIN: /* null: the company is unknown; company_info_read says so */
		return cJSON_IsObject(node) || cJSON_IsNull(node);
	case VERB_MY_MEMBER: /* one object; some lists of one come as an array */
		return cJSON_IsObject(node) || cJSON_IsArray(node);
	case VERB_COMPANIES:
	case VERB_MY_SECURITY:
	case VERB_MEMBERS:
	case VERB_BOARDS:
	case VERB_STATUSES:
	case VERB_TICKET_FIND:
	case VERB_NOTE_FIND:
		return cJSON_IsArray(node);
	case VERB_TICKET_READ:
	case VERB_TICKET_PATCH:
		return cJSON_IsObject(node);
	case VERB_TICKET_CREATE:
	case VERB_NOTE_CREATE:
		return cJSON_IsObject(node) && has_id(node);
	case VERB_COUNT:
		break;
	}
	abort();
}

enum body_fit body_fit(enum verb verb, const char *body, size_t n)
{
	CLEANUP(json_free) cJSON *node = NULL;
	const char *at = body;
	size_t left = body ? n : 0;

	if (left)
		skip_blanks(&at, &left);
	if (left == 0)
		return BODY_EMPTY;
	if (*at == '<')
		return BODY_HTML;
	if (json_parse_reply(body, n, &node, NULL) < 0)
		return BODY_BROKEN;
	return shape_fits(verb, node) ? BODY_FITS : BODY_STRANGE;
}
