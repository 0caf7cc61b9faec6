/*
 * journal.h - what was asked: the last requests, a count per route, and the log file.
 * The value of Authorization never gets in here.
 */
#ifndef SANDBOX_JOURNAL_H
#define SANDBOX_JOURNAL_H

#include <cjson/cJSON.h>
#include <stdint.h>

struct call;
struct journal;

/* log: path of a file to append to, or NULL. gives: journal_free. NULL = cannot open. */
struct journal *journal_new(const char *log);
struct journal *journal_free(struct journal *j);
/* Forget requests and counts; the numbers go on. */
void journal_clear(struct journal *j);

/* A request came in: numbers it. Headers, body, route and fault are copied. */
void journal_begin(struct journal *j, struct call *c);
/* It was answered with c->reply.status (0: not answered). */
void journal_end(struct journal *j, const struct call *c);

cJSON *journal_requests(const struct journal *j, uint64_t since);
cJSON *journal_counts(const struct journal *j);

#endif
