#include "ctl/prompt.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"

bool prompt_possible(const struct ctl *ctl)
{
	return ctl->out.tty && !ctl->json && isatty(STDIN_FILENO);
}

static char *ask(const struct ctl *ctl, const char *question, const char *tail)
{
	CLEANUP(mem_free) char *safe = term_safe(question);
	CLEANUP(mem_free) char *line = NULL;
	size_t room = 0;

	fprintf(ctl->out.out, "%s%s", safe, tail);
	fflush(ctl->out.out);
	if (getline(&line, &room, stdin) < 0) {
		fputc('\n', ctl->out.out);
		return NULL;
	}
	str_trim(line);
	return TAKE(line);
}

static char *format(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

static char *format(const char *fmt, va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	return text;
}

char *prompt_line(const struct ctl *ctl, const char *fmt, ...)
{
	CLEANUP(mem_free) char *question = NULL;
	va_list ap;

	va_start(ap, fmt);
	question = format(fmt, ap);
	va_end(ap);
	return ask(ctl, question, " ");
}

bool prompt_yes(const struct ctl *ctl, const char *fmt, ...)
{
	CLEANUP(mem_free) char *question = NULL;
	CLEANUP(mem_free) char *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	question = format(fmt, ap);
	va_end(ap);
	line = ask(ctl, question, " [y/N] ");
	return line && (str_eq_nocase(line, "y") || str_eq_nocase(line, "yes"));
}
