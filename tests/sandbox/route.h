/*
 * route.h - from a request's path to its handler.
 */
#ifndef SANDBOX_ROUTE_H
#define SANDBOX_ROUTE_H

#include <stdbool.h>

struct call;
struct route;

/* Fill c->path, codebase, query, params, route, id and sub_id from c->uri. Refuses nothing yet. */
void route_find(struct call *c);
/* Authenticate, check rights and run the handler; c->reply is set afterwards. */
void route_perform(struct call *c);
/* Run the GET of the same path, whatever the method was: what a false 200 answers. */
void route_perform_get(struct call *c);
/* "service/tickets/{id}" */
const char *route_pattern(const struct route *route);

/* Does the path match, segment by segment and without regard to case? {id} and {nid} are numbers.
 */
bool route_matches(const char *pattern, const char *path, int *ret_id, int *ret_sub_id);

#endif
