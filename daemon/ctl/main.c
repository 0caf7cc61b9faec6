/* The opbridge command: reads the command line, runs one sub-command, returns its exit code.
 * It talks to the daemon through opbridge.h only; the sub-commands are listed in commands.c. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/now.h"
#include "ctl/ctl.h"

static int run_global(struct ctl *ctl, const struct args *args)
{
	if (args_has(args, "version")) {
		fprintf(ctl->out.out, "opbridge %s\n", OPBRIDGE_VERSION);
		return EXIT_OK;
	}
	if (args_has(args, "help")) {
		if (args->command)
			help_command(&ctl->out, args->command);
		else
			help_overview(&ctl->out);
		return EXIT_OK;
	}
	if (args->command)
		return args->command->run(ctl, args);
	ctl->out = term_of(stderr, ctl->out.color);
	help_overview(&ctl->out);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct args args;
	struct fault f = { 0 };
	struct ctl ctl = { 0 };
	const char *no_color = getenv("NO_COLOR");
	int code;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (args_parse(argc, argv, &args, &f) < 0)
		return ctl_fail_fault(EXIT_USAGE, &f);
	ctl.socket = args_value(&args, "socket");
	ctl.json = args_has(&args, "json");
	ctl.out = term_of(stdout, !args_has(&args, "no-color") && !(no_color && *no_color));
	ctl.now_ms = now_wall_ms();
	code = run_global(&ctl, &args);
	if ((fflush(stdout) || ferror(stdout)) && code == EXIT_OK)
		return ctl_fail(EXIT_IO, "the output could not be written: is the disk full?");
	return code;
}
