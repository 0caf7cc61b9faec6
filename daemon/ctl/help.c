#include <string.h>
#include "base/mem.h"
#include "base/str.h"
#include "ctl/command.h"
#include "ctl/ctl.h"

#define LABEL_COLUMNS 26
#define PAGE_COLUMNS 90 /* longer lines of prose are hard to read, in a pager too */

static void print_item(const struct term *t, const char *label, const char *help)
{
	size_t indent = LABEL_COLUMNS;

	fprintf(t->out, "  %s%s%s", term_on(t, TONE_BOLD), label, term_off(t, TONE_BOLD));
	if (strlen(label) + 4 > indent)
		fprintf(t->out, "\n%*s", (int)indent, "");
	else
		fprintf(t->out, "%*s", (int)(indent - strlen(label) - 2), "");
	term_wrap(t, help, indent, indent);
}

static void print_heading(const struct term *t, const char *text)
{
	fprintf(t->out, "\n%s%s%s\n", term_on(t, TONE_BOLD), text, term_off(t, TONE_BOLD));
}

static void print_options(const struct term *t, const char *heading, const struct option_spec *list)
{
	if (!list)
		return;
	print_heading(t, heading);
	for (; list->name; list++) {
		CLEANUP(mem_free)
		char *label = xasprintf("--%s%s%s", list->name, list->value ? " " : "",
			list->value ? list->value : "");

		print_item(t, label, list->help);
	}
}

static struct term page_of(const struct term *t)
{
	struct term page = *t;

	if (page.width == 0 || page.width > PAGE_COLUMNS)
		page.width = PAGE_COLUMNS;
	return page;
}

/* Headings of the overview: above which command of the table each stands. */
static const struct {
	const char *first, *heading;
} groups[] = {
	{ "setup", "set up and look after" },
	{ "submit", "events and their tickets" },
	{ "tenants", "tenants and their companies" },
	{ "board", "what is read from ConnectWise" },
	{ "reload", "the daemon" },
};

static void print_command(const struct term *t, const struct command *c)
{
	CLEANUP(mem_free)
	char *label = xasprintf("%s%s%s", c->name, *c->operands ? " " : "", c->operands);

	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		if (str_eq(groups[i].first, c->name))
			print_heading(t, groups[i].heading);
	print_item(t, label, c->help);
}

void help_overview(const struct term *term)
{
	const struct term page = page_of(term), *t = &page;

	term_wrap(t,
		"opbridge: see and steer opbridged, which turns Office Protect events into "
		"ConnectWise tickets",
		0, 0);
	fputs("\nusage: opbridge [OPTIONS] COMMAND …\n", t->out);
	for (const struct command *c = commands; c->name; c++)
		print_command(t, c);
	print_options(t, "options of every command", global_options);
	fputs("\nMore on one command: opbridge help COMMAND; on all of them: man opbridge\n",
		t->out);
}

static void print_example(const struct term *t, const char *example)
{
	const char *end;

	print_heading(t, "example");
	for (; *example; example = *end ? end + 1 : end) {
		end = strchrnul(example, '\n');
		fprintf(t->out, "  %.*s\n", (int)(end - example), example);
	}
}

void help_command(const struct term *term, const struct command *c)
{
	const struct term page = page_of(term), *t = &page;

	fprintf(t->out, "usage: opbridge %s%s%s%s\n\n", c->name, c->options ? " [OPTIONS]" : "",
		*c->operands ? " " : "", c->operands);
	term_wrap(t, c->details, 0, 0);
	print_options(t, "options", c->options);
	print_options(t, "options of every command", global_options);
	print_example(t, c->example);
}

int run_help(struct ctl *ctl, const struct args *args)
{
	const char *name = args_operand(args, 0);
	const struct command *c;

	if (!name) {
		help_overview(&ctl->out);
		return EXIT_OK;
	}
	c = command_find(name);
	if (!c)
		return ctl_fail(EXIT_USAGE, "'%s' is no command; all of them: opbridge help", name);
	help_command(&ctl->out, c);
	return EXIT_OK;
}
