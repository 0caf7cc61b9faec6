/* Asking a person at the terminal: a line, a secret that is not shown, a number of a list, yes or
 * no. While it asks, signals that would end the command are kept back and end the question instead,
 * so that whoever asked can put everything back; the terminal is as before after each question. */
#ifndef CTL_SETUP_ASK_H
#define CTL_SETUP_ASK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/secret.h"
#include "base/tidy.h"
#include "ctl/ctl.h"

/* What a question comes back with beside 0; both end the set-up. */
enum { ASK_STOPPED = -1, ASK_ENDED = -2 }; /* a signal; the end of the input */

/* owned by run_setup */
struct ask {
	const struct ctl *ctl;
	bool interactive; /* a person is there */
	int signals; /* a signalfd */
	int stopped_by; /* the signal that came; 0: none */
	sigset_t old_mask;
};

/* interactive: unless the caller says no, if input and output are a terminal. */
void ask_open(struct ask *ask, const struct ctl *ctl, bool may_ask);
/* Ends the process by the signal that stopped it, if one did, as if it had never been kept back. */
void ask_close(struct ask *ask);
/* Has a signal come meanwhile? */
bool ask_stopped(struct ask *ask);
/* For what runs without questions for a while, such as another command: signals work as usual. */
void ask_pause(const struct ask *ask);

/* "question [standard]: " and what was typed, trimmed; standard (may be NULL) if that is nothing.
 * gives: mem_free. */
int ask_line(struct ask *ask, const char *question, const char *standard, char **ret) MUST_CHECK;
/* The same, not echoed; *ret is NULL if nothing was typed. gives: secret_free. */
int ask_secret(struct ask *ask, const char *question, const char *standard,
	struct secret **ret) MUST_CHECK;
/* One of n lines, numbered from 1; *at is the default and becomes the choice, from 0. A name, or
 * its beginning, is as good as its number. */
int ask_choice(struct ask *ask, const char *question, const char *const *lines, size_t n,
	size_t *at) MUST_CHECK;
int ask_yes(struct ask *ask, const char *question, bool standard, bool *ret) MUST_CHECK;

/* All of a file descriptor that holds a secret, white space at both ends left out. NULL with errno
 * set, EFBIG over SETUP_SECRET_MAX, ECANCELED if a signal came by `signals` (-1: none can). gives:
 * secret_free. */
struct secret *ask_read_secret(int fd, int signals) MUST_CHECK;
#define SETUP_SECRET_MAX 4096 /* bytes: the daemon reads no longer key */

#endif
