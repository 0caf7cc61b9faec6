/* What a sub-command is, and what it was given. The one table of them is in commands.c; the
 * parser (args.c), the overview and each --help (help.c) read nothing else. */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/tidy.h"
#include "ctl/term.h"

/* Exit codes, as in <sysexits.h>. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_USAGE = 64, /* the command line is wrong */
	EXIT_DATA = 65, /* what was given is wrong: a rejected event, an unknown company */
	EXIT_NO_INPUT = 66, /* the file or the event named does not exist */
	EXIT_UNAVAILABLE = 69, /* the daemon, or ConnectWise behind it, cannot be reached */
	EXIT_IO = 74, /* reading or writing failed */
	EXIT_TEMPORARY = 75, /* try again later */
	EXIT_PROTOCOL = 76, /* what answered does not speak like opbridged */
	EXIT_DENIED = 77, /* no permission for the socket */
	EXIT_CONFIG = 78, /* the configuration must be changed */
};

#define OPTIONS_MAX 128 /* options on one command line */

struct option_spec {
	const char *name; /* "limit"; NULL ends a list */
	const char *value; /* "N": takes a value; NULL: a switch */
	const char *help;
};

struct args;
struct ctl;

struct command {
	const char *name;
	const char *operands; /* "TENANT COMPANY", "[TEXT]"; "" */
	int operands_min, operands_max;
	const struct option_spec *options; /* beside the global ones */
	int (*run)(struct ctl *ctl, const struct args *args); /* returns an exit_code */
	const char *help; /* one line */
	const char *details; /* a paragraph for --help */
	const char *example;
};

extern const struct command commands[]; /* ends with a NULL name */
extern const struct option_spec global_options[];

const struct command *command_find(const char *name); /* NULL if there is none */
/* The command spelled most like name, or NULL if none is near. */
const struct command *command_near(const char *name);

/* One command line, split. owned by main; every string lends from argv. */
struct args {
	const struct command *command; /* NULL: none named */
	struct {
		const char *name, *value;
	} options[OPTIONS_MAX];
	size_t n_options;
	char **operands; /* within argv */
	int n_operands;
};

/* Split argv: options may stand anywhere, "--" ends them, "-" is an operand. Reorders argv.
 * -FAULT_INPUT with a sentence for what is unknown, missing or too much. */
int args_parse(int argc, char **argv, struct args *ret, struct fault *reterr) MUST_CHECK;
bool args_has(const struct args *args, const char *name);
const char *args_value(const struct args *args, const char *name); /* the last one; NULL */
/* A whole number of min..max, *ret untouched if the option was not given. */
int args_number(const struct args *args, const char *name, long min, long max, long *ret,
	struct fault *reterr) MUST_CHECK;
const char *args_operand(const struct args *args, int i); /* NULL if there are fewer */

/* The overview, and one command's page. */
void help_overview(const struct term *term);
void help_command(const struct term *term, const struct command *c);
int run_help(struct ctl *ctl, const struct args *args);

#endif
