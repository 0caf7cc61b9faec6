/*
 * fault.c - arming faults and finding the one that strikes a request.
 */
#include "fault.h"
#include "call.h"
#include "field.h"
#include "text.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* commit: is the request carried out unless the fault says otherwise? */
static const struct {
	const char *word;
	bool commit;
} kinds[] = {
	[FAULT_NONE] = { NULL, true },
	[FAULT_STATUS] = { "status", false },
	[FAULT_RATE_LIMIT] = { "rate_limit", false },
	[FAULT_HANG] = { "hang", false },
	[FAULT_DELAY] = { "delay", true },
	[FAULT_DRIP] = { "drip", true },
	[FAULT_DROP_BEFORE_COMMIT] = { "drop_before_commit", false },
	[FAULT_DROP_AFTER_COMMIT] = { "drop_after_commit", true },
	[FAULT_RESET_AFTER_COMMIT] = { "reset_after_commit", true },
	[FAULT_REPLY_500_AFTER_COMMIT] = { "reply_500_after_commit", true },
	[FAULT_BAD_JSON] = { "bad_json", true },
	[FAULT_TRUNCATED] = { "truncated", true },
	[FAULT_EMPTY_201] = { "empty_201", true },
	[FAULT_WRONG_TYPES] = { "wrong_types", true },
	[FAULT_HUGE] = { "huge", true },
	[FAULT_HTML] = { "html", false },
	[FAULT_REDIRECT] = { "redirect", false },
	[FAULT_FALSE_200] = { "false_200", false },
	[FAULT_NO_LINK] = { "no_link", true },
	[FAULT_CLOSE_IDLE] = { "close_idle", true },
	[FAULT_SHUT] = { "shut", false },
	[FAULT_CERT_BAD_HOST] = { "cert_bad_host", false },
	[FAULT_CERT_EXPIRED] = { "cert_expired", false },
	[FAULT_CERT_UNKNOWN_CA] = { "cert_unknown_ca", false },
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

const char *fault_word(enum fault_kind kind)
{
	return kinds[kind].word;
}

void fault_free(struct fault *f)
{
	free(f->method);
	free(f->path);
	free(f->query);
	free(f->retry_after);
	free(f->body);
	free(f->location);
	free(f->id);
	*f = (struct fault){ .kind = FAULT_NONE };
}

void faults_clear(struct faults *all)
{
	for (size_t i = 0; i < all->n; i++)
		fault_free(&all->v[i]);
	free(all->v);
	all->v = NULL;
	all->n = 0;
}

static bool take_number(const cJSON *item, int *ret)
{
	if (!cJSON_IsNumber(item) || item->valuedouble < 0 || item->valuedouble > 1e9 ||
		item->valuedouble != item->valueint)
		return false;
	*ret = item->valueint;
	return true;
}

/* A string as it is; a number or an object as its JSON. */
static bool take_text(const cJSON *item, char **ret)
{
	char *printed;

	if (cJSON_IsString(item)) {
		text_set(ret, item->valuestring);
	} else {
		printed = cJSON_PrintUnformatted(item);
		text_set(ret, printed);
		cJSON_free(printed);
	}
	return true;
}

static bool take_kind(const cJSON *item, struct fault *f)
{
	for (size_t i = 1; cJSON_IsString(item) && i < N_KINDS; i++)
		if (strcmp(kinds[i].word, item->valuestring) == 0) {
			f->kind = (enum fault_kind)i;
			f->commit = kinds[i].commit;
			return true;
		}
	return false;
}

static bool take_flag(const cJSON *item, bool *ret)
{
	*ret = cJSON_IsTrue(item);
	return cJSON_IsBool(item);
}

static bool take_member(const cJSON *item, struct fault *f)
{
	const char *name = item->string;
	const struct {
		const char *name;
		int *to;
	} numbers[] = {
		{ "after", &f->after },
		{ "times", &f->times },
		{ "status", &f->status },
		{ "delay_ms", &f->delay_ms },
		{ "mib", &f->mib },
	};
	const struct {
		const char *name;
		char **to;
	} texts[] = {
		{ "method", &f->method },
		{ "path", &f->path },
		{ "query", &f->query },
		{ "retry_after", &f->retry_after },
		{ "body", &f->body },
		{ "location", &f->location },
		{ "id", &f->id },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(numbers[i].name, name) == 0)
			return take_number(item, numbers[i].to);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].name, name) == 0)
			return take_text(item, texts[i].to);
	if (strcmp(name, "commit") == 0)
		return take_flag(item, &f->commit);
	if (strcmp(name, "late") == 0)
		return take_flag(item, &f->late);
	if (strcmp(name, "close_notify") == 0)
		return take_flag(item, &f->close_notify);
	return strcmp(name, "kind") == 0;
}

/* Does the reply under this fault consist of what the request brought about? */
static bool needs_commit(enum fault_kind kind)
{
	static const enum fault_kind all[] = { FAULT_DELAY, FAULT_DRIP, FAULT_BAD_JSON,
		FAULT_TRUNCATED, FAULT_WRONG_TYPES, FAULT_HUGE, FAULT_NO_LINK, FAULT_CLOSE_IDLE };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] == kind)
			return true;
	return false;
}

static bool sensible(const struct fault *f, char *error, size_t error_size)
{
	if (f->status && (f->status < 200 || f->status > 599)) {
		snprintf(error, error_size, "status is out of range");
		return false;
	}
	if (!f->commit && needs_commit(f->kind)) {
		snprintf(error, error_size, "%s is nothing without commit", fault_word(f->kind));
		return false;
	}
	return true;
}

int fault_arm(struct faults *all, const cJSON *wanted, char *error, size_t error_size)
{
	struct fault f = { .times = 1, .close_notify = true };
	const cJSON *item;

	if (!take_kind(cJSON_GetObjectItemCaseSensitive(wanted, "kind"), &f)) {
		snprintf(error, error_size, "kind is missing or unknown");
		return 0;
	}
	f.method = xstrdup("*");
	f.path = xstrdup("*");
	cJSON_ArrayForEach(item, wanted) if (!take_member(item, &f))
	{
		snprintf(error, error_size, "%s is unknown or wrong", item->string);
		fault_free(&f);
		return 0;
	}
	if (!sensible(&f, error, error_size)) {
		fault_free(&f);
		return 0;
	}
	f.number = ++all->next_number;
	all->v = xrealloc(all->v, all->n + 1, sizeof(f));
	all->v[all->n++] = f;
	return f.number;
}

static bool matches(const struct fault *f, const struct call *c)
{
	return f->kind < FAULT_SHUT && (f->times == 0 || f->hits < f->times) &&
		fnmatch(f->method, c->method, FNM_CASEFOLD) == 0 &&
		fnmatch(f->path, c->path ? c->path : "", FNM_CASEFOLD) == 0 &&
		(!f->query || fnmatch(f->query, c->query ? c->query : "", 0) == 0);
}

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

void fault_match(struct faults *all, struct call *c)
{
	for (size_t i = 0; i < all->n; i++) {
		struct fault *f = &all->v[i];

		if (!matches(f, c))
			continue;
		if (f->seen++ < f->after)
			continue;
		f->hits++;
		c->fault = *f;
		c->fault.method = c->fault.path = c->fault.query = NULL;
		c->fault.retry_after = copy(f->retry_after);
		c->fault.body = copy(f->body);
		c->fault.location = copy(f->location);
		c->fault.id = copy(f->id);
		return;
	}
}

enum fault_kind fault_of_listener(const struct faults *all)
{
	for (size_t i = all->n; i > 0; i--)
		if (all->v[i - 1].kind > FAULT_SHUT)
			return all->v[i - 1].kind;
	return FAULT_NONE;
}

bool fault_holds(const struct faults *all, enum fault_kind kind)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == kind)
			return true;
	return false;
}

bool faults_shut(const struct faults *all)
{
	return fault_holds(all, FAULT_SHUT);
}

cJSON *faults_json(const struct faults *all)
{
	cJSON *list = cJSON_CreateArray();

	for (size_t i = 0; i < all->n; i++) {
		const struct fault *f = &all->v[i];
		cJSON *o = cJSON_CreateObject();

		cJSON_AddNumberToObject(o, "fault", f->number);
		cJSON_AddStringToObject(o, "kind", fault_word(f->kind));
		cJSON_AddStringToObject(o, "method", f->method);
		cJSON_AddStringToObject(o, "path", f->path);
		cJSON_AddNumberToObject(o, "after", f->after);
		cJSON_AddNumberToObject(o, "times", f->times);
		cJSON_AddNumberToObject(o, "seen", f->seen);
		cJSON_AddNumberToObject(o, "hits", f->hits);
		cJSON_AddBoolToObject(o, "spent", f->times && f->hits >= f->times);
		cJSON_AddItemToArray(list, o);
	}
	return list;
}
