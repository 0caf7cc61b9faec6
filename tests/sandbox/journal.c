/*
 * journal.c - a ring of the last requests.
 */
#include "journal.h"
#include "call.h"
#include "route.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RING 5000
#define ROUTES_MAX 256

struct entry {
	uint64_t seq; /* 0 = free */
	char *method, *uri, *path, *query, *body, *agent, *accept, *pagination;
	const char *fault, *auth;
	int status;
	int64_t at, ms;
};

struct journal {
	FILE *log;
	uint64_t seq;
	struct entry ring[RING];
	struct {
		char *name;
		unsigned n;
	} counts[ROUTES_MAX];
	size_t n_counts;
};

struct journal *journal_new(const char *log)
{
	struct journal *j = xcalloc(1, sizeof(*j));

	if (!log)
		return j;
	j->log = fopen(log, "ae");
	if (!j->log)
		return journal_free(j);
	setvbuf(j->log, NULL, _IOLBF, 0);
	return j;
}

static void entry_clear(struct entry *e)
{
	free(e->method);
	free(e->uri);
	free(e->path);
	free(e->query);
	free(e->body);
	free(e->agent);
	free(e->accept);
	free(e->pagination);
	*e = (struct entry){ 0 };
}

void journal_clear(struct journal *j)
{
	for (size_t i = 0; i < RING; i++)
		entry_clear(&j->ring[i]);
	for (size_t i = 0; i < j->n_counts; i++)
		free(j->counts[i].name);
	j->n_counts = 0;
}

struct journal *journal_free(struct journal *j)
{
	if (!j)
		return NULL;
	journal_clear(j);
	if (j->log)
		fclose(j->log);
	free(j);
	return NULL;
}

static void count(struct journal *j, const struct call *c)
{
	char *name = xprintf("%s %s", c->method, c->route ? route_pattern(c->route) : "(unknown)");

	for (size_t i = 0; i < j->n_counts; i++)
		if (strcmp(j->counts[i].name, name) == 0) {
			j->counts[i].n++;
			free(name);
			return;
		}
	if (j->n_counts == ROUTES_MAX) {
		free(name);
		return;
	}
	j->counts[j->n_counts].name = name;
	j->counts[j->n_counts++].n = 1;
}

void journal_begin(struct journal *j, struct call *c)
{
	struct entry *e = &j->ring[++j->seq % RING];

	c->seq = j->seq;
	entry_clear(e);
	e->seq = c->seq;
	e->method = xstrdup(c->method);
	e->uri = xstrdup(c->uri);
	text_set(&e->path, c->path);
	text_set(&e->query, c->query);
	if (c->body_len)
		e->body = xstrdup(c->body);
	text_set(&e->agent, call_header(c, "User-Agent"));
	text_set(&e->accept, call_header(c, "Accept"));
	text_set(&e->pagination, call_header(c, "pagination-type"));
	e->at = time_wall();
	e->auth = !call_header(c, "Authorization") ? "none" : c->auth_ok ? "ok" : "bad";
	e->fault = fault_word(c->fault.kind);
	count(j, c);
}

void journal_end(struct journal *j, const struct call *c)
{
	struct entry *e = &j->ring[c->seq % RING];
	const char *fault = fault_word(c->fault.kind);
	int64_t ms = time_mono() - c->began;

	if (e->seq == c->seq) {
		e->status = c->reply.status;
		e->ms = ms;
	}
	if (j->log)
		fprintf(j->log, "%" PRIu64 " %s %s %d %s %" PRId64 "\n", c->seq, c->method, c->uri,
			c->reply.status, fault ? fault : "-", ms);
}

static void add(cJSON *o, const char *name, const char *text)
{
	if (text)
		cJSON_AddStringToObject(o, name, text);
	else
		cJSON_AddNullToObject(o, name);
}

static cJSON *entry_json(const struct entry *e)
{
	cJSON *o = cJSON_CreateObject();
	char at[TIME_TEXT_MAX];

	time_text(e->at, at);
	cJSON_AddNumberToObject(o, "seq", (double)e->seq);
	cJSON_AddStringToObject(o, "at", at);
	cJSON_AddNumberToObject(o, "atMs", (double)e->at);
	cJSON_AddStringToObject(o, "method", e->method);
	cJSON_AddStringToObject(o, "uri", e->uri);
	add(o, "path", e->path);
	add(o, "query", e->query);
	cJSON_AddNumberToObject(o, "status", e->status);
	add(o, "fault", e->fault);
	cJSON_AddNumberToObject(o, "ms", (double)e->ms);
	cJSON_AddStringToObject(o, "auth", e->auth);
	add(o, "userAgent", e->agent);
	add(o, "accept", e->accept);
	add(o, "paginationType", e->pagination);
	add(o, "body", e->body);
	return o;
}

cJSON *journal_requests(const struct journal *j, uint64_t since)
{
	cJSON *list = cJSON_CreateArray();
	uint64_t first = j->seq > RING ? j->seq - RING + 1 : 1;

	if (since + 1 > first)
		first = since + 1;
	for (uint64_t seq = first; seq <= j->seq; seq++)
		if (j->ring[seq % RING].seq == seq)
			cJSON_AddItemToArray(list, entry_json(&j->ring[seq % RING]));
	return list;
}

cJSON *journal_counts(const struct journal *j)
{
	cJSON *o = cJSON_CreateObject();

	for (size_t i = 0; i < j->n_counts; i++)
		cJSON_AddNumberToObject(o, j->counts[i].name, j->counts[i].n);
	return o;
}
