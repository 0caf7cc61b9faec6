/* Shared by api.c (requests and replies) and api_listen.c (sockets and connections); nobody else
 * includes it. */
#ifndef IO_API_PRIVATE_H
#define IO_API_PRIVATE_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include "io/api.h"
#include "io/api_guests.h"

#define API_PARTS_MAX 8

/* One listening socket, its HTTP server and those who came in through it. owned by struct api */
struct door {
	struct door *next;
	struct api *api;
	enum api_surface surface;
	struct evhttp *http;
	struct evconnlistener *listener;
	char *path; /* to unlink, or NULL */
	struct guests guests;
	struct bufferevent *
		*newcomers; /* accepted in this pass; their descriptors are not known yet */
	int n_newcomers, cap_newcomers;
	struct event *settle; /* right after accepting */
	struct event *deadline; /* the next guest's time, or a look whether there is room again */
	bool closed; /* full, or out of descriptors: not accepting just now */
};

struct api {
	struct event_base *base;
	bool stopping; /* no door opens again */
	struct api_limits limits;
	api_handler *handler;
	void *arg;
	struct door *doors;
	struct api_req *reqs; /* not yet replied to, or replies not yet sent; newest first */
};

struct api_req {
	struct api_req *next;
	struct door *door;
	struct evhttp_request *http;
	struct evkeyvalq query;
	bool has_query, bad_query;
	char *path;
	char *parts[API_PARTS_MAX];
	char *content_type;
	const char *body;
	size_t body_len;
	int64_t uid;
	/* the reply */
	int status; /* 0: none yet */
	const char *reply_type;
	char *reply;
	int retry_after; /* 0: none */
};

void door_free(struct door *door);
/* Take over the present limits. */
void door_limit(struct door *door);
/* evhttp's callback for every request: api.c. */
void api_on_request(struct evhttp_request *http, void *door);
/* A request of this connection is done: give it its time for the next. */
void door_served(struct door *door, int fd);

#endif
