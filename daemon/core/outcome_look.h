/* One reply while it is judged, and the sentences that come of it. Between outcome.c (how far it
 * got) and outcome_refusal.c (what ConnectWise refused). */
#ifndef CORE_OUTCOME_LOOK_H
#define CORE_OUTCOME_LOOK_H

#include "core/outcome.h"
#include "core/outcome_body.h"

struct look {
	const struct reply *reply;
	const char *site, *doing;
	struct error_body body;
	char heard[288]; /* "HTTP 403, Security: \"You do not have …\"", or libcurl's words */
};

/* Whatever is put into the sentence, it becomes one plain line. */
void look_say(struct outcome *ret, enum outcome_class class, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Nobody knows whether it was done: harmless for a question, never for a write. */
void look_unknown(struct outcome *ret, const struct look *look, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* ConnectWise's answer to a cloud host without the prefix "api-"; its status is not known. */
bool look_ssl_required(const struct look *look);
/* Texts that say more than their status; false if it is none of them. */
bool look_by_text(const struct look *look, struct outcome *ret);
void look_client_error(const struct look *look, struct outcome *ret); /* 4xx */

#endif
