/*
 * paging.c - lists: conditions, order, page, Link header, fields=.
 * Two ways through a list, as in the real API: navigable pages (page, rels first/prev/next/last)
 * and forward-only pages (pageId; the Link header is always there and empty at the end).
 */
#include "paging.h"
#include "call.h"
#include "condition.h"
#include "sandbox.h"
#include "text.h"
#include "trim.h"

#include <event2/http.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAGE_DEFAULT 25
#define PAGE_MAX 1000

/* What the caller asked for; texts borrowed from the call or from `body`. */
struct query {
	const char *conditions, *child, *order, *fields;
	long page, size, page_id;
	bool forward;
	cJSON *body; /* of a search; owned */
};

static bool number(struct call *c, const char *name, long fallback, long *ret)
{
	const char *text = call_param(c, name);

	*ret = fallback;
	if (!text || !*text)
		return true;
	if (text_to_long(text, ret) && *ret >= 0)
		return true;
	refuse(c, 400, "ApiFindCondition", "%s must be a positive integer.", name);
	return false;
}

static const char *body_text(const cJSON *body, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(body, name));
}

/* POST …/search: the same filter, in the body. */
static bool read_search(struct call *c, struct query *q)
{
	static const char known[] = "conditions,orderBy,childConditions,customFieldConditions";
	const cJSON *item;

	q->body = cJSON_ParseWithLengthOpts(c->body, c->body_len + 1, NULL, true);
	if (!cJSON_IsObject(q->body)) {
		refuse(c, 400, "InvalidObject", "filterValues object is invalid");
		return false;
	}
	cJSON_ArrayForEach(item, q->body)
	{
		if (field_word_in(known, item->string, strlen(item->string)) &&
			(cJSON_IsString(item) || cJSON_IsNull(item)))
			continue;
		refuse(c, 400, "InvalidObject",
			"Could not find member '%s' on object of type 'FilterValues'.",
			item->string);
		return false;
	}
	q->conditions = body_text(q->body, "conditions");
	q->order = body_text(q->body, "orderBy");
	q->child = body_text(q->body, "childConditions");
	return true;
}

static bool read_query(struct call *c, enum list_form form, struct query *q)
{
	const char *type = call_header(c, "pagination-type");

	q->conditions = call_param(c, "conditions");
	q->child = call_param(c, "childConditions");
	q->order = call_param(c, "orderBy");
	q->fields = call_param(c, "fields");
	q->forward = type && strcasecmp(type, "forward-only") == 0;
	if (!number(c, "page", 1, &q->page) || !number(c, "pageSize", PAGE_DEFAULT, &q->size) ||
		!number(c, "pageId", 0, &q->page_id))
		return false;
	if (q->page < 1)
		q->page = 1;
	if (q->size < 1)
		q->size = PAGE_DEFAULT;
	if (q->size > PAGE_MAX)
		q->size = PAGE_MAX;
	if (form == LIST_SEARCH && !read_search(c, q))
		return false;
	if (q->forward && q->order && *q->order) {
		refuse(c, 400, "ApiFindCondition",
			"orderBy is not supported with forward-only pagination.");
		return false;
	}
	if (call_param(c, "customFieldConditions")) {
		refuse(c, 400, "ApiFindCondition", "customFieldConditions names no custom field.");
		return false;
	}
	return true;
}

/* Keep the rows for which the conditions hold. False: refused. */
static bool filter(
	struct call *c, const struct kind *kind, const char *text, const void **rows, size_t *n)
{
	char error[CONDITION_ERROR_MAX];
	struct condition *cond;
	size_t kept = 0;

	if (!text || !*text)
		return true;
	cond = condition_parse(kind->fields, text, error);
	if (!cond) {
		refuse(c, 400, "ApiFindCondition", "%s", error);
		return false;
	}
	for (size_t i = 0; i < *n; i++) {
		struct row row = { c->sb, kind, rows[i], NULL };

		if (condition_true(cond, &row))
			rows[kept++] = rows[i];
		row_done(&row);
	}
	*n = kept;
	condition_free(cond);
	return true;
}

/* childConditions: types/name="X" looks into the list `types`. */
static bool filter_children(
	struct call *c, const struct kind *kind, const char *text, const void **rows, size_t *n)
{
	struct field child[] = { { NULL, FIELD_REF, 0, 0, NULL }, { NULL, FIELD_INT, 0, 0, NULL } };
	char error[CONDITION_ERROR_MAX];
	const struct field *f;
	struct condition *cond;
	size_t kept = 0;

	if (!text || !*text)
		return true;
	f = field_find(kind->fields, text, strcspn(text, "/ "));
	if (!f || f->type != FIELD_LIST) {
		refuse(c, 400, "ApiFindCondition", "%.*s is not a recognized name.",
			(int)strcspn(text, " =<>!"), text);
		return false;
	}
	child[0].name = f->name;
	child[0].sub = f->sub;
	cond = condition_parse(child, text, error);
	if (!cond) {
		refuse(c, 400, "ApiFindCondition", "%s", error);
		return false;
	}
	for (size_t i = 0; i < *n; i++) {
		cJSON *o = kind->render(c->sb, rows[i]);

		if (condition_true_of_child(cond, cJSON_GetObjectItemCaseSensitive(o, f->name)))
			rows[kept++] = rows[i];
		cJSON_Delete(o);
	}
	*n = kept;
	condition_free(cond);
	return true;
}

static bool sort(
	struct call *c, const struct kind *kind, const char *text, const void **rows, size_t n)
{
	char error[CONDITION_ERROR_MAX];
	struct order *order;

	if (!text || !*text)
		return true;
	order = order_parse(kind->fields, text, error);
	if (!order) {
		refuse(c, 400, "ApiFindCondition", "%s", error);
		return false;
	}
	order_rows(order, c->sb, kind, rows, n);
	order_free(order);
	return true;
}

/* The address of this request with one parameter of the query replaced. gives: free. */
static char *address(const struct call *c, const char *name, long value)
{
	const char *host = call_header(c, "Host"), *at = c->query ? c->query : "";
	char *full,
		*url = xprintf("https://%s/%sapis/3.0/%s?", host ? host : "localhost", c->codebase,
			c->path);
	size_t name_len = strlen(name);

	for (; *at; at += *at == '&') {
		size_t n = strcspn(at, "&");

		if (n && !(strncasecmp(at, name, name_len) == 0 && at[name_len] == '=')) {
			char *more = xprintf("%s%.*s&", url, (int)n, at);

			free(url);
			url = more;
		}
		at += n;
	}
	full = xprintf("%s%s=%ld", url, name, value);
	free(url);
	return full;
}

static void add_link(struct call *c, const char *rel, const char *name, long value)
{
	char *url = address(c, name, value), *old = c->reply.link;

	c->reply.link = xprintf("%s%s<%s>; rel=\"%s\"", old ? old : "", old ? ", " : "", url, rel);
	free(old);
	free(url);
}

static void navigable_links(struct call *c, const struct query *q, size_t n)
{
	long last = n ? (long)((n - 1) / (size_t)q->size) + 1 : 1;

	if (q->page > 1) {
		add_link(c, "first", "page", 1);
		add_link(c, "prev", "page", q->page - 1);
	}
	if (q->page < last) {
		add_link(c, "next", "page", q->page + 1);
		add_link(c, "last", "page", last);
	}
}

static int compare_number(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Forward-only: ordered by id, those above pageId. */
static size_t forward_from(const struct kind *kind, const struct query *q, const void **rows,
	size_t n, const void **page)
{
	struct {
		int id;
		const void *row;
	} *s = xcalloc(n, sizeof(*s));
	size_t kept = 0, taken;

	for (size_t i = 0; i < n; i++)
		if (kind->id(rows[i]) > q->page_id) {
			s[kept].id = kind->id(rows[i]);
			s[kept++].row = rows[i];
		}
	qsort(s, kept, sizeof(*s), compare_number);
	taken = kept < (size_t)q->size ? kept : (size_t)q->size;
	for (size_t i = 0; i < taken; i++)
		page[i] = s[i].row;
	free(s);
	return taken;
}

static cJSON *render(
	struct call *c, const struct kind *kind, const struct query *q, const void *row)
{
	cJSON *o = kind->render(c->sb, row);

	return q->fields && *q->fields ? trim(o, q->fields) : o;
}

static void page_reply(
	struct call *c, const struct kind *kind, const struct query *q, const void **rows, size_t n)
{
	const void *forward[PAGE_MAX];
	size_t from = (size_t)(q->page - 1) * (size_t)q->size, taken = 0;
	const void **page = rows;
	cJSON *list = cJSON_CreateArray();

	if (q->forward) {
		taken = forward_from(kind, q, rows, n, forward);
		page = forward;
	} else if (from < n) {
		page = rows + from;
		taken = n - from < (size_t)q->size ? n - from : (size_t)q->size;
	}
	for (size_t i = 0; i < taken; i++)
		cJSON_AddItemToArray(list, render(c, kind, q, page[i]));
	reply_json(c, 200, list);
	if (!q->forward)
		navigable_links(c, q, n);
	else if (taken < (size_t)q->size)
		c->reply.link = xstrdup("");
	else
		add_link(c, "next", "pageId", kind->id(page[taken - 1]));
}

bool fields_check(struct call *c, const struct kind *kind)
{
	const char *fields = call_param(c, "fields");
	char bad[100];

	if (!fields || trim_check(kind->fields, fields, bad, sizeof(bad)))
		return true;
	refuse(c, 400, "InvalidObject", "fields: %s is not a recognized name on %s.", bad,
		kind->type);
	return false;
}

void list_reply(
	struct call *c, const struct kind *kind, const void **rows, size_t n, enum list_form form)
{
	struct query q = { 0 };
	cJSON *count;

	if (read_query(c, form, &q) && fields_check(c, kind) &&
		filter(c, kind, q.conditions, rows, &n) &&
		filter_children(c, kind, q.child, rows, &n)) {
		if (form == LIST_COUNT) {
			count = cJSON_CreateObject();
			cJSON_AddNumberToObject(count, "count", (double)n);
			reply_json(c, 200, count);
		} else if (sort(c, kind, q.order, rows, n)) {
			page_reply(c, kind, &q, rows, n);
		}
	}
	cJSON_Delete(q.body);
}

void object_reply(struct call *c, int status, cJSON *object)
{
	const char *fields = call_param(c, "fields");

	if (fields && *fields)
		object = trim(object, fields);
	reply_json(c, status, object);
}
