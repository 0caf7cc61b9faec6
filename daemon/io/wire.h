/* libcurl's multi interface on the daemon's loop: sockets and timers between libcurl and libevent,
 * and which transfers have ended. Knows nothing of HTTP or mail. The only file that includes
 * libcurl's header; http.c and mail.c set their transfers up with it.
 *
 * libcurl's callbacks only note facts: results are looked for with wire_settle, outside of them. */
#ifndef IO_WIRE_H
#define IO_WIRE_H

#include <stdbool.h>
#include <stdlib.h>
#include <curl/curl.h>
#include <event2/event.h>
#include "base/fault.h"
#include "base/tidy.h"

struct wire;

/* One transfer. owned by whoever embeds it; it must not move between transfer_init and
 * transfer_end. */
struct transfer {
	struct transfer *next, *prev; /* in wire.all: the newest first */
	struct wire *wire;
	CURL *easy;
	bool finished;
	CURLcode result; /* once finished */
	char errors[CURL_ERROR_SIZE];
};

int wire_global_init(struct fault *reterr) MUST_CHECK; /* once, before any thread */
int wire_new(struct event_base *base, struct wire **ret, struct fault *reterr) MUST_CHECK;
/* Before the event base, and after transfer_end of every transfer. NULL is allowed. */
void wire_free(struct wire *w);

/* Make the easy handle, with what no transfer may be without: no signals, no environment, no
 * .netrc, a resolver that cannot hold the loop, certificates checked. schemes: "https". */
void transfer_init(struct wire *w, struct transfer *t, const char *schemes, const char *ca_file);
/* An option fails for want of memory only, and a transfer that lacks one is another: without its
 * authority, through the environment's proxy, without its content type. The same for a header. */
#define wire_set(easy, option, value)                                                              \
	do {                                                                                       \
		if (curl_easy_setopt(easy, option, value) != CURLE_OK)                             \
			abort();                                                                   \
	} while (0)
/* A text to send. owned by whoever embeds it; borrows the text. */
struct wire_text {
	const char *text;
	size_t len, at;
};
/* It cannot be rewound: nothing is ever sent twice by libcurl itself. */
void wire_give(CURL *easy, struct wire_text *t, const char *text);
void wire_list_add(struct curl_slist **list, const char *line);
/* Never fails: what cannot even start is finished with CURLE_FAILED_INIT. */
void transfer_start(struct transfer *t);
/* Take it out, whatever its state. */
void transfer_end(struct transfer *t);
/* Nothing more comes or goes on any of its connections. libcurl waits for a mail server's last
 * words whatever its time limits say, and would hold the loop meanwhile. */
void wire_hang_up(struct wire *w);
const char *transfer_words(const struct transfer *t); /* libcurl's, of a failure; lends */

/* Mark what has finished. False: nothing can have. */
bool wire_settle(struct wire *w);
struct transfer *wire_first(const struct wire *w);

#endif
