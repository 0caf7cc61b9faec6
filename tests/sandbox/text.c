/*
 * text.c - small helpers on strings, times and identifiers.
 */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		abort();
	return p;
}

void *xrealloc(void *p, size_t n, size_t size)
{
	void *q = reallocarray(p, n ? n : 1, size);

	if (!q)
		abort();
	return q;
}

char *xstrndup(const char *s, size_t n)
{
	char *d = strndup(s, n);

	if (!d)
		abort();
	return d;
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *xprintf(const char *format, ...)
{
	va_list ap;
	char *s = NULL;

	va_start(ap, format);
	if (vasprintf(&s, format, ap) < 0 || !s)
		abort();
	va_end(ap);
	return s;
}

void text_set(char **s, const char *to)
{
	char *copy = to ? xstrdup(to) : NULL;

	free(*s);
	*s = copy;
}

size_t text_utf16_units(const char *s)
{
	size_t n = 0;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c & 0xc0) == 0x80)
			continue;
		n += c >= 0xf0 ? 2 : 1;
	}
	return n;
}

bool text_utf8_valid(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len) {
		unsigned char c = (unsigned char)s[i];
		size_t more = c < 0x80          ? 0
			: c >= 0xc2 && c < 0xe0 ? 1
			: (c & 0xf0) == 0xe0    ? 2
			: c >= 0xf0 && c < 0xf5 ? 3
						: 4;
		unsigned char next = i + 1 < len ? (unsigned char)s[i + 1] : 0;

		if (more == 4 || more >= len - i)
			return false;
		for (size_t k = 1; k <= more; k++)
			if (((unsigned char)s[i + k] & 0xc0) != 0x80)
				return false;
		/* overlong forms, surrogates and what lies beyond U+10FFFF */
		if ((c == 0xe0 && next < 0xa0) || (c == 0xed && next > 0x9f) ||
			(c == 0xf0 && next < 0x90) || (c == 0xf4 && next > 0x8f))
			return false;
		i += more + 1;
	}
	return true;
}

bool text_same_nocase(const char *a, size_t a_len, const char *b)
{
	return strlen(b) == a_len && strncasecmp(a, b, a_len) == 0;
}

bool text_to_long(const char *s, long *ret_n)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)*s) && *s != '-')
		return false;
	errno = 0;
	n = strtol(s, &end, 10);
	if (errno || *end || end == s)
		return false;
	*ret_n = n;
	return true;
}

static int64_t clock_ms(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts))
		abort();
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t time_wall(void)
{
	return clock_ms(CLOCK_REALTIME);
}

int64_t time_mono(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

void time_text(int64_t wall_ms, char out[TIME_TEXT_MAX])
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(out, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		abort();
}

/* The optional ".123" after the seconds, in ms. */
static const char *fraction(const char *s, int *ret_ms)
{
	int scale = 100, ms = 0;

	if (*s != '.')
		return s;
	for (s++; isdigit((unsigned char)*s); s++, scale /= 10)
		ms += (*s - '0') * scale;
	*ret_ms = ms;
	return s;
}

bool time_parse(const char *s, size_t len, int64_t *ret_wall_ms)
{
	char text[64];
	struct tm tm = { 0 };
	const char *p;
	time_t t;
	int ms = 0;

	if (len == 0 || len >= sizeof(text))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	p = strptime(text, "%Y-%m-%d", &tm);
	if (p && (*p == 'T' || *p == ' ')) {
		p = strptime(p + 1, "%H:%M:%S", &tm);
		if (p)
			p = fraction(p, &ms);
		if (p && *p == 'Z')
			p++;
	}
	if (!p || *p)
		return false;
	t = timegm(&tm);
	*ret_wall_ms = (int64_t)t * 1000 + ms;
	return true;
}

void guid_make(char out[GUID_TEXT_MAX])
{
	unsigned char b[16];

	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		abort();
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, GUID_TEXT_MAX,
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		b[15]);
}

bool guid_valid(const char *s)
{
	for (size_t i = 0; i < GUID_TEXT_MAX - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	}
	return s[GUID_TEXT_MAX - 1] == '\0';
}

int file_write_whole(const char *path, const char *text, unsigned mode)
{
	char *temporary = xprintf("%s.%ld.tmp", path, (long)getpid());
	size_t len = strlen(text);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
	int rc = -1;

	if (fd >= 0) {
		rc = write(fd, text, len) == (ssize_t)len ? 0 : -1;
		if (close(fd) || rc || rename(temporary, path))
			rc = -1;
	}
	free(temporary);
	return rc;
}
