#include "ctl/term.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include "base/mem.h"

#define SGR_OFF "\033[0m"

struct term term_of(FILE *out, bool color_allowed)
{
	struct term t = { .out = out, .tty = isatty(fileno(out)) };
	const char *kind = getenv("TERM");
	struct winsize size;

	t.color = t.tty && color_allowed && kind && strcmp(kind, "dumb") != 0;
	if (!t.tty)
		return t;
	t.width = ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
	if (t.width < TERM_WIDTH_MIN)
		t.width = TERM_WIDTH_MIN;
	return t;
}

/* One character of s: its code, and its bytes as the result; 1 and WEOF for a byte that is no
 * UTF-8. s is not at its end. */
static size_t next_char(const char *s, wint_t *ret_c)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n = mbrtowc(&c, s, strnlen(s, MB_LEN_MAX), &state);

	if (n == 0 || n == (size_t)-1 || n == (size_t)-2) {
		*ret_c = WEOF;
		return 1;
	}
	*ret_c = (wint_t)c;
	return n;
}

/* Invisible or reordering: zero width spaces, line separators, direction marks, tags. */
static bool hides(wint_t c)
{
	return c == 0x00AD || c == 0x200B || (c >= 0x200E && c <= 0x200F) ||
		(c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
		(c >= 0xE0000 && c <= 0xE0FFF);
}

static bool unsafe(wint_t c)
{
	return c == WEOF || c < 0x20 || (c >= 0x7F && c <= 0x9F) || hides(c) ||
		wcwidth((wchar_t)c) < 0;
}

static void add_escape(struct str *out, wint_t c, unsigned char byte)
{
	if (c == '\n')
		str_add(out, "\\n");
	else if (c == '\t')
		str_add(out, "\\t");
	else if (c == WEOF || c < 0x80)
		str_addf(out, "\\x%02x", byte);
	else
		str_addf(out, "\\u{%x}", c);
}

static char *safe_text(const char *s, bool lines)
{
	STR_AUTO(out);
	wint_t c;

	while (s && *s) {
		size_t n = next_char(s, &c);

		if (!unsafe(c) || (lines && (c == '\n' || c == '\t')))
			str_addn(&out, s, n);
		else
			add_escape(&out, c, (unsigned char)*s);
		s += n;
	}
	return str_take(&out);
}

char *term_safe(const char *s)
{
	return safe_text(s, false);
}

char *term_safe_lines(const char *s)
{
	return safe_text(s, true);
}

char *term_safe_json(const char *json)
{
	STR_AUTO(out);
	wint_t c;

	while (*json) {
		size_t n = next_char(json, &c);

		if (c == WEOF)
			str_add(&out, "\\ufffd");
		else if (c < 0x20 || !unsafe(c))
			str_addn(&out, json, n);
		else if (c < 0x10000)
			str_addf(&out, "\\u%04x", c);
		else
			str_addf(&out, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10),
				0xDC00 + ((c - 0x10000) & 0x3FF));
		json += n;
	}
	return str_take(&out);
}

static size_t char_columns(wint_t c)
{
	int w = c == WEOF ? 1 : wcwidth((wchar_t)c);

	return w < 0 ? 1 : (size_t)w;
}

size_t term_columns(const char *safe)
{
	size_t columns = 0;
	wint_t c;

	while (*safe) {
		safe += next_char(safe, &c);
		columns += char_columns(c);
	}
	return columns;
}

char *term_cut(const char *safe, size_t columns)
{
	size_t at = 0, used = 0;
	wint_t c;

	if (term_columns(safe) <= columns)
		return xstrdup(safe);
	while (safe[at]) {
		size_t n = next_char(safe + at, &c);

		if (used + char_columns(c) > columns - 1)
			break;
		used += char_columns(c);
		at += n;
	}
	while (at && safe[at - 1] == ' ')
		at--;
	return xasprintf("%.*s…", (int)at, safe);
}

void term_wrap(const struct term *t, const char *safe, size_t at, size_t indent)
{
	size_t limit = t->width ? (size_t)t->width : (size_t)-1;
	bool first = true;

	while (*safe) {
		size_t gap = strspn(safe, " "), n = strcspn(safe + gap, " ");
		CLEANUP(mem_free) char *word = xstrndup(safe + gap, n);
		size_t w = term_columns(word);

		if (!first && at + gap + w > limit) {
			fprintf(t->out, "\n%*s", (int)indent, "");
			at = indent;
			gap = 0;
		}
		fprintf(t->out, "%*s%s", (int)gap, "", word);
		at += gap + w;
		safe += strspn(safe, " ") + n;
		first = false;
	}
	fputc('\n', t->out);
}

const char *term_on(const struct term *t, enum tone tone)
{
	if (!t->color)
		return "";
	switch (tone) {
	case TONE_PLAIN:
		return "";
	case TONE_BOLD:
		return "\033[1m";
	case TONE_GOOD:
		return "\033[32m";
	case TONE_WARN:
		return "\033[33m";
	case TONE_BAD:
		return "\033[31m";
	case TONE_DIM:
		return "\033[2m";
	}
	abort();
}

const char *term_off(const struct term *t, enum tone tone)
{
	return t->color && tone != TONE_PLAIN ? SGR_OFF : "";
}
