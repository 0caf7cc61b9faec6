#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text that was cut to fit must not end inside a character: it goes into answers and logs. */
static void end_whole(char *text, size_t size)
{
	size_t n = strlen(text), at = n;

	if (n + 1 < size)
		return;
	while (at && ((unsigned char)text[at - 1] & 0xC0) == 0x80)
		at--;
	if (at && (unsigned char)text[at - 1] >= 0xC0)
		text[at - 1] = '\0';
}

int fault_set(struct fault *f, enum fault_code code, const char *fmt, ...)
{
	va_list ap;

	if (f) {
		f->code = code;
		va_start(ap, fmt);
		vsnprintf(f->text, sizeof(f->text), fmt, ap);
		va_end(ap);
		end_whole(f->text, sizeof(f->text));
	}
	return -(int)code;
}

void fault_wrap(struct fault *f, const char *fmt, ...)
{
	char old[sizeof(f->text)];
	va_list ap;
	size_t used;

	if (!f)
		return;
	memcpy(old, f->text, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	used = strlen(f->text);
	snprintf(f->text + used, sizeof(f->text) - used, ": %.*s", (int)(sizeof(f->text) - used),
		old);
}
