#include "base/str.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/mem.h"

static void str_room(struct str *s, size_t more)
{
	size_t need = s->len + more + 1;

	if (need <= s->cap)
		return;
	s->cap = s->cap ? s->cap : 64;
	while (s->cap < need)
		s->cap *= 2;
	s->at = xrealloc(s->at, s->cap);
}

void str_addn(struct str *s, const char *text, size_t n)
{
	str_room(s, n);
	memcpy(s->at + s->len, text, n);
	s->len += n;
	s->at[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
	str_addn(s, &c, 1);
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	str_room(s, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(s->at + s->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	s->len += (size_t)n;
}

char *str_take(struct str *s)
{
	char *text = s->at ? s->at : xstrdup("");

	*s = (struct str){ 0 };
	return text;
}

void str_free(struct str *s)
{
	free(s->at);
	*s = (struct str){ 0 };
}

bool str_eq(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_eq_nocase(const char *a, const char *b)
{
	return a == b || (a && b && strcasecmp(a, b) == 0);
}

bool str_eq_but_numbers(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	for (;; a++, b++) {
		a += strspn(a, "0123456789");
		b += strspn(b, "0123456789");
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

bool str_starts(const char *s, const char *prefix)
{
	return s && strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_is_blank(const char *s)
{
	if (!s)
		return true;
	while (isspace((unsigned char)*s))
		s++;
	return *s == '\0';
}

void str_lower_ascii(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

void str_trim(char *s)
{
	size_t n = strlen(s), lead = 0;

	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	while (lead < n && isspace((unsigned char)s[lead]))
		lead++;
	memmove(s, s + lead, n - lead);
	s[n - lead] = '\0';
}

/* Bytes of the character at s (n bytes left), or 0 if it is not well-formed UTF-8. */
static size_t utf8_char(const unsigned char *s, size_t n)
{
	uint32_t c;
	size_t need, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xC2 && s[0] <= 0xDF)
		need = 2, c = s[0] & 0x1F;
	else if (s[0] >= 0xE0 && s[0] <= 0xEF)
		need = 3, c = s[0] & 0x0F;
	else if (s[0] >= 0xF0 && s[0] <= 0xF4)
		need = 4, c = s[0] & 0x07;
	else
		return 0;
	if (need > n)
		return 0;
	for (i = 1; i < need; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		c = (c << 6) | (s[i] & 0x3F);
	}
	if ((need == 3 && c < 0x800) || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	if (need == 4 && (c < 0x10000 || c > 0x10FFFF))
		return 0;
	return need;
}

bool utf8_valid(const char *s, size_t n)
{
	const unsigned char *at = (const unsigned char *)s;

	while (n) {
		size_t step = utf8_char(at, n);

		if (!step)
			return false;
		at += step;
		n -= step;
	}
	return true;
}

size_t utf8_utf16_len(const char *s)
{
	size_t units = 0;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c & 0xC0) != 0x80)
			units += c >= 0xF0 ? 2 : 1;
	}
	return units;
}

char *utf8_cut(const char *s, size_t max)
{
	size_t units = 0, at = 0, n = strlen(s);
	char *out;

	if (utf8_utf16_len(s) <= max)
		return xstrdup(s);
	if (max == 0)
		return xstrdup("");
	while (at < n) { /* leave one unit for the ellipsis */
		size_t step = utf8_char((const unsigned char *)s + at, n - at);
		size_t cost = step == 4 ? 2 : 1;

		if (!step || units + cost > max - 1)
			break;
		units += cost;
		at += step;
	}
	out = xcalloc(at + sizeof("…"), 1);
	memcpy(out, s, at);
	memcpy(out + at, "…", sizeof("…"));
	return out;
}

char *utf8_plain(const char *s, bool keep_lines)
{
	char *out = xstrdup(s), *at;

	for (at = out; *at; at++) {
		unsigned char c = (unsigned char)*at;

		if (c >= 0x20 && c != 0x7F)
			continue;
		if (!(keep_lines && (c == '\n' || c == '\t')))
			*at = ' ';
	}
	return out;
}
