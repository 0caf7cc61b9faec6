#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"
#include "ctl/command.h"

static const struct option_spec *find_in(const struct option_spec *list, const char *name, size_t n)
{
	for (; list && list->name; list++)
		if (strlen(list->name) == n && strncmp(list->name, name, n) == 0)
			return list;
	return NULL;
}

/* The command is the first word that is no option and no option's value, so it is found before
 * its own options are known: an unknown option then keeps no value and is refused later. */
static const struct option_spec *find_option(
	const struct command *command, const char *name, size_t n)
{
	const struct option_spec *spec = find_in(global_options, name, n);

	if (!spec && command)
		spec = find_in(command->options, name, n);
	return spec;
}

static int refuse_option(const struct command *command, const char *word, struct fault *reterr)
{
	if (command)
		return fault_set(reterr, FAULT_INPUT,
			"%s is no option of '%s'; see: opbridge help %s", word, command->name,
			command->name);
	return fault_set(reterr, FAULT_INPUT,
		"%s is no option that may stand before a command; see: opbridge help", word);
}

/* word is argv[i], "--name" or "--name=value". Returns how many words it took. */
static int take_option(const char *word, const char *next, struct args *args, struct fault *reterr)
{
	bool is_short = str_eq(word, "-h") || str_eq(word, "-V");
	const char *name = !is_short ? word + 2 : word[1] == 'h' ? "help" : "version";
	const char *eq = strchr(name, '=');
	size_t n = eq ? (size_t)(eq - name) : strlen(name);
	const struct option_spec *spec = find_option(args->command, name, n);

	if (!spec || (word[1] != '-' && !is_short))
		return refuse_option(args->command, word, reterr);
	if (args->n_options == OPTIONS_MAX)
		return fault_set(reterr, FAULT_INPUT, "more than %d options", OPTIONS_MAX);
	if (!spec->value && eq)
		return fault_set(reterr, FAULT_INPUT, "--%s takes no value", spec->name);
	if (spec->value && !eq && !next)
		return fault_set(reterr, FAULT_INPUT, "--%s needs a value: --%s %s", spec->name,
			spec->name, spec->value);
	args->options[args->n_options].name = spec->name;
	args->options[args->n_options].value = eq ? eq + 1 : spec->value ? next : NULL;
	args->n_options++;
	return spec->value && !eq ? 2 : 1;
}

static int take_command(const char *word, struct args *args, struct fault *reterr)
{
	const struct command *near;

	args->command = command_find(word);
	if (args->command)
		return 0;
	near = command_near(word);
	if (near)
		return fault_set(reterr, FAULT_INPUT,
			"'%s' is no command; did you mean '%s'? All of them: opbridge help", word,
			near->name);
	return fault_set(
		reterr, FAULT_INPUT, "'%s' is no command; all of them: opbridge help", word);
}

static int check_operands(const struct args *args, struct fault *reterr)
{
	const struct command *c = args->command;

	if (!c || args_has(args, "help"))
		return 0;
	if (args->n_operands > c->operands_max)
		return fault_set(reterr, FAULT_INPUT,
			"'%s' is one word too many; it reads: opbridge %s%s%s",
			args->operands[c->operands_max], c->name, *c->operands ? " " : "",
			c->operands);
	if (args->n_operands < c->operands_min)
		return fault_set(reterr, FAULT_INPUT, "'%s' needs more words: opbridge %s %s",
			c->name, c->name, c->operands);
	return 0;
}

int args_parse(int argc, char **argv, struct args *ret, struct fault *reterr)
{
	struct args args = { .operands = argv };
	bool ended = false;
	int r;

	for (int i = 1; i < argc; i++) {
		char *word = argv[i];

		if (!ended && strcmp(word, "--") == 0) {
			ended = true;
		} else if (!ended && word[0] == '-' && word[1]) {
			r = take_option(word, argv[i + 1], &args, reterr);
			if (r < 0)
				return r;
			i += r - 1;
		} else if (!args.command) {
			r = take_command(word, &args, reterr);
			if (r < 0)
				return r;
		} else {
			args.operands[args.n_operands++] = word; /* always behind i */
		}
	}
	r = check_operands(&args, reterr);
	if (r < 0)
		return r;
	*ret = args;
	return 0;
}

bool args_has(const struct args *args, const char *name)
{
	for (size_t i = 0; i < args->n_options; i++)
		if (strcmp(args->options[i].name, name) == 0)
			return true;
	return false;
}

const char *args_value(const struct args *args, const char *name)
{
	for (size_t i = args->n_options; i-- > 0;)
		if (strcmp(args->options[i].name, name) == 0)
			return args->options[i].value;
	return NULL;
}

int args_number(const struct args *args, const char *name, long min, long max, long *ret,
	struct fault *reterr)
{
	const char *text = args_value(args, name);
	char *end = NULL;
	long value;

	if (!text)
		return 0;
	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < min || value > max)
		return fault_set(reterr, FAULT_INPUT,
			"--%s must be a whole number of %ld to %ld, not '%s'", name, min, max,
			text);
	*ret = value;
	return 0;
}

const char *args_operand(const struct args *args, int i)
{
	return i < args->n_operands ? args->operands[i] : NULL;
}
