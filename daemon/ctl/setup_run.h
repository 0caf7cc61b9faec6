/* Programs that the set-up runs: found in PATH or by their path, told what to read, read line by
 * line. Never through a shell. A signal that asks the set-up to stop ends them too. */
#ifndef CTL_SETUP_RUN_H
#define CTL_SETUP_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include "base/secret.h"
#include "base/str.h"
#include "base/tidy.h"

struct program {
	const char *const *argv; /* ends with NULL; argv[0] is looked for in PATH */
	const struct secret *input; /* its standard input; NULL: none */
	const char *credentials; /* $CREDENTIALS_DIRECTORY; NULL: not set */
	int signals; /* a signalfd of what stops us; -1: none */
	bool both; /* standard error is read as well, not passed on */
	bool quiet; /* standard error is thrown away */
	void (*on_line)(void *arg, const char *line); /* each line, without its end; or NULL */
	void *arg;
};

#define RUN_STOPPED (-1) /* a signal came */
#define RUN_NO_PROGRAM 127
/* Run it to its end. Returns its exit code, 128 + signal, RUN_NO_PROGRAM or RUN_STOPPED. */
int setup_run(const struct program *program) MUST_CHECK;
/* The same, all that it printed kept as a secret (a decrypted key). *ret is set only with 0.
 * gives: secret_free. */
int setup_run_secret(const struct program *program, struct secret **ret) MUST_CHECK;

/* Is there such a program in PATH? */
bool setup_has_program(const char *name);

#endif
