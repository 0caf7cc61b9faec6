/* What a person reads: error sentences, labelled lines, JSON, and members of an answer. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/mem.h"
#include "ctl/ctl.h"

#define LABEL_COLUMNS 14

static char *format(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

static char *format(const char *fmt, va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	return text;
}

int ctl_fail(enum exit_code code, const char *fmt, ...)
{
	CLEANUP(mem_free) char *text = NULL;
	CLEANUP(mem_free) char *safe = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	safe = term_safe_lines(text);
	fflush(stdout); /* what was said before comes first where both go to one place */
	fprintf(stderr, "opbridge: %s\n", safe);
	return code;
}

int ctl_fail_fault(enum exit_code code, const struct fault *f)
{
	return ctl_fail(code, "%s", f->text);
}

void ctl_print_json(const struct ctl *ctl, const cJSON *node)
{
	CLEANUP(mem_free) char *text = ctl->out.tty ? json_text_pretty(node) : json_text(node);
	CLEANUP(mem_free) char *safe = term_safe_json(text);

	fprintf(ctl->out.out, "%s\n", safe);
}

void ctl_line(const struct ctl *ctl, const char *label, enum tone tone, const char *text)
{
	CLEANUP(mem_free) char *safe = term_safe(text);

	if (!*safe)
		return;
	fprintf(ctl->out.out, "%-*s%s", LABEL_COLUMNS, label, term_on(&ctl->out, tone));
	term_wrap(&ctl->out, safe, LABEL_COLUMNS, LABEL_COLUMNS);
	fputs(term_off(&ctl->out, tone), ctl->out.out);
}

void ctl_linef(const struct ctl *ctl, const char *label, enum tone tone, const char *fmt, ...)
{
	CLEANUP(mem_free) char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	ctl_line(ctl, label, tone, text);
}

void ctl_say(const struct ctl *ctl, const char *fmt, ...)
{
	CLEANUP(mem_free) char *text = NULL;
	CLEANUP(mem_free) char *safe = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	safe = term_safe(text);
	term_wrap(&ctl->out, safe, 0, 0);
}

int64_t ctl_int(const cJSON *object, const char *path)
{
	int64_t value = 0;

	return json_int_at(object, path, &value) ? value : 0;
}

const char *ctl_str(const cJSON *object, const char *path, const char *fallback)
{
	const char *text = json_str_at(object, path);

	return text && *text ? text : fallback;
}

const char *ctl_tenant(const cJSON *tenant)
{
	const char *text = ctl_str(tenant, "name", NULL);

	text = text ? text : ctl_str(tenant, "domain", NULL);
	return text ? text : ctl_str(tenant, "id", "?");
}

const cJSON *ctl_first(const cJSON *object, const char *key)
{
	const cJSON *array = json_get(object, key);

	return cJSON_IsArray(array) ? array->child : NULL;
}

bool ctl_is_null(const cJSON *object, const char *key)
{
	const cJSON *node = json_get(object, key);

	return !node || cJSON_IsNull(node);
}

void ctl_sleep_ms(long ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}
