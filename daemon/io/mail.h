/* Mail by SMTP, through libcurl on the loop (io/wire.c). Knows nothing of alarms; decides nothing.
 *
 * Certificates are always checked. libcurl keeps a copy of the password of its own while a mail is
 * under way. */
#ifndef IO_MAIL_H
#define IO_MAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <event2/event.h>
#include "base/fault.h"
#include "base/secret.h"
#include "base/tidy.h"

struct mail;

/* Of smtp://: STARTTLS or nothing, STARTTLS where the server offers it, never. */
enum mail_tls { MAIL_TLS_REQUIRE, MAIL_TLS_TRY, MAIL_TLS_NONE };

/* All borrowed for the call. */
struct mail_server {
	const char *url; /* "smtp://HOST:PORT", "smtps://HOST:PORT" */
	const char *user; /* "" = no login */
	const struct secret *password; /* NULL with user "" */
	enum mail_tls tls;
	const char *ca_file; /* "" = the system's */
	int64_t timeout; /* ms for the whole exchange */
};

/* lends: valid inside the callback only. */
struct mail_result {
	bool sent; /* the server took it for at least one address */
	bool reached; /* the server said something */
	/* Of a failure, a sentence: what happened, with the server's own words, and what to do.
	 * Sent: the server's last words; if it refused an address, those. */
	const char *why;
	bool refused_one; /* sent, but not to every address */
};

int mail_new(struct event_base *base, struct mail **ret, struct fault *reterr) MUST_CHECK;
void mail_free(struct mail *m); /* before the event base; what is under way is dropped */

/* from, to: as letter.h takes them; text: a whole message with CRLF line ends. One at a time.
 * Never fails: what cannot start ends as a result. */
void mail_send(struct mail *m, const struct mail_server *server, const char *from, const char *to,
	const char *text);

typedef void mail_done(void *arg, const struct mail_result *result);
/* Hand the result out if there is one. The callback may send again. */
void mail_drain(struct mail *m, mail_done *done, void *arg);

#endif
