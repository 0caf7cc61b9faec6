#include "core/plain.h"

#include <stdint.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"

#define ELLIPSIS "…"

/* Bytes of the well-formed character at s, 0 if it is none; s is terminated. */
static size_t char_at(const char *s)
{
	size_t n;

	for (n = 1; n <= 4 && s[n - 1]; n++)
		if (utf8_valid(s, n))
			return n;
	return 0;
}

static uint32_t code_point(const char *s, size_t n)
{
	static const unsigned char lead_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	uint32_t c = (unsigned char)s[0] & lead_bits[n];

	for (size_t i = 1; i < n; i++)
		c = (c << 6) | ((unsigned char)s[i] & 0x3F);
	return c;
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x2028 ||
		c == 0x2029;
}

/* Controls (C0, DEL, C1), zero-width marks, and the marks that turn the direction of writing:
 * with them a text can be made to look like another one. */
static bool is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x200B && c <= 0x200F) ||
		(c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

/* What is owed before the next visible character. */
struct gap {
	int line_ends;
	bool space;
};

static void pay(struct str *out, struct gap *gap)
{
	if (out->len && gap->line_ends)
		str_add(out, gap->line_ends > 1 ? "\n\n" : "\n");
	else if (out->len && gap->space)
		str_addc(out, ' ');
	*gap = (struct gap){ 0 };
}

char *plain_text(const char *s, bool lines)
{
	STR_AUTO(out);
	struct gap gap = { 0 };

	while (*s) {
		size_t n = char_at(s);
		uint32_t c = n ? code_point(s, n) : '?';

		if (lines && c == '\r' && s[1] == '\n') {
			gap.space = true;
		} else if (lines && (c == '\n' || c == '\r')) {
			gap.line_ends++;
		} else if (lines && c == '\t' && !gap.line_ends) {
			pay(&out, &gap);
			str_addc(&out, '\t');
		} else if (is_blank(c)) {
			gap.space = true;
		} else if (!is_hidden(c)) {
			pay(&out, &gap);
			str_addn(&out, n ? s : "?", n ? n : 1);
		}
		s += n ? n : 1;
	}
	while (out.len && out.at[out.len - 1] == '\t')
		out.at[--out.len] = '\0';
	return str_take(&out);
}

size_t plain_cut_at(const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	if (n <= max)
		return n;
	n = max;
	while (n && ((unsigned char)s[n] & 0xC0) == 0x80)
		n--;
	return n;
}

void plain_line(char *ret, size_t cap, const char *text, size_t n)
{
	CLEANUP(mem_free) char *some = xstrndup(text ? text : "", text ? n : 0);
	CLEANUP(mem_free) char *line = plain_text(some, false);
	size_t len = strlen(line);

	if (len < cap) {
		memcpy(ret, line, len + 1);
		return;
	}
	len = plain_cut_at(line, cap - sizeof(ELLIPSIS));
	memcpy(ret, line, len);
	memcpy(ret + len, ELLIPSIS, sizeof(ELLIPSIS));
}
