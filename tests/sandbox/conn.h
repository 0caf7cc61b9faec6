/*
 * conn.h - the connections that have asked something, and the call each is busy with.
 * evhttp owns the connections; a call lives from its request until its reply is handed over, or
 * until its connection goes.
 */
#ifndef SANDBOX_CONN_H
#define SANDBOX_CONN_H

#include <stdbool.h>

struct call;
struct conn;
struct conns;
struct evhttp_request;
struct sandbox;

enum drop {
	DROP_CLEAN, /* the TLS session ends, then TCP */
	DROP_SILENT, /* TCP ends in the middle of the TLS session */
	DROP_RESET, /* a TCP reset */
};

/* gives: conns_free, after evhttp_free. */
struct conns *conns_new(struct sandbox *sb);
struct conns *conns_free(struct conns *all);

/* A new call for a request that came in, its path already understood. Owned by its connection. */
struct call *call_begin(struct conns *all, struct evhttp_request *req);
/* Run next(c) in ms; one thing at a time. Never runs it at once. */
void call_later(struct call *c, int ms, void (*next)(struct call *));
/* The call is over: written to the journal and freed. Its request belongs to evhttp again. */
void call_end(struct call *c);

/* Close the connection of a call, which is thereby over. */
void conn_drop(struct call *c, enum drop how);
/* The next request on this connection is met by its end; or its end comes in ms, when ms > 0. */
void conn_doom(struct call *c, int ms);
bool conn_doomed(const struct call *c);
/* Close connections: those whose calls hang; those with any call; or every one. */
void conns_drop_hanging(struct conns *all);
void conns_drop_busy(struct conns *all);
void conns_drop_all(struct conns *all);
/* Close those that are busy with nothing, so that their clients shake hands anew. */
void conns_drop_idle(struct conns *all);

#endif
