/* A look at the text of a configuration before libconfig 1.5 reads it, because that
 * - cuts a number over 32 bits to its low bits without a word (5000000000 becomes 705032704),
 * - takes an unclosed comment for the end of the file,
 * - ends the process when an @include names a folder,
 * - reports a missing quote at the end of the file instead of where the text began.
 * It never changes the text; whatever it lets through, libconfig reads as it was meant. */
#include "io/conf_parts.h"

#include <ctype.h>
#include <string.h>
#include "base/str.h"

struct scan {
	const char *at, *end;
	int line;
	bool line_start; /* only white space so far */
	struct conf_report *report;
	bool ok;
};

static void scan_fault(struct scan *s, int line, const char *sentence)
{
	conf_say(s->report, line, "%s", sentence);
	s->ok = false;
}

static void scan_text(struct scan *s)
{
	for (s->at++; s->at < s->end && *s->at != '\n'; s->at++) {
		if (*s->at == '"') {
			s->at++;
			return;
		}
		if (*s->at == '\\' && s->at + 1 < s->end && s->at[1] != '\n')
			s->at++;
	}
	scan_fault(s, s->line, "the text that begins here has no closing quote on its line");
}

static void scan_comment(struct scan *s)
{
	int began = s->line;

	for (s->at += 2; s->at < s->end; s->at++) {
		if (*s->at == '\n')
			s->line++;
		if (*s->at == '*' && s->at + 1 < s->end && s->at[1] == '/') {
			s->at += 2;
			return;
		}
	}
	scan_fault(s, began, "the comment that begins here is never closed");
}

static void scan_number(struct scan *s)
{
	const char *from = s->at;
	size_t digits = 0;
	bool whole = true;

	for (; s->at < s->end && (isalnum((unsigned char)*s->at) || strchr("+-.", *s->at));
		s->at++) {
		digits += isdigit((unsigned char)*s->at) != 0;
		whole = whole && !strchr(".eE", *s->at);
	}
	if (s->at - from > 1 && from[0] == '0' && (from[1] == 'x' || from[1] == 'X'))
		scan_fault(s, s->line, "write numbers in decimal, not as 0x…");
	else if (whole && digits > 9)
		scan_fault(s, s->line,
			"this number has more than 9 digits; no setting takes such a "
			"one (sizes and times are texts such as \"2GiB\" and \"30d\")");
}

static void scan_name(struct scan *s)
{
	while (s->at < s->end && (isalnum((unsigned char)*s->at) || strchr("-_*", *s->at)))
		s->at++;
}

static void skip_line(struct scan *s)
{
	while (s->at < s->end && *s->at != '\n')
		s->at++;
}

static void scan_step(struct scan *s)
{
	char c = *s->at, next = s->at + 1 < s->end ? s->at[1] : '\0';
	bool line_start = s->line_start;

	s->line_start = line_start && isspace((unsigned char)c);
	if (c == '\n') {
		s->line++;
		s->line_start = true;
		s->at++;
	} else if (c == '#' || (c == '/' && next == '/')) {
		skip_line(s);
	} else if (c == '/' && next == '*') {
		scan_comment(s);
	} else if (c == '"') {
		scan_text(s);
	} else if (c == '@' && line_start) {
		scan_fault(s, s->line, "@include is not supported: put everything into this file");
		skip_line(s);
	} else if (isdigit((unsigned char)c)) {
		scan_number(s);
	} else if (isalpha((unsigned char)c) || c == '*') {
		scan_name(s);
	} else {
		s->at++;
	}
}

/* The line of the first byte that is no text in UTF-8; 0 if there is none. */
static int bad_byte_line(const char *text, size_t n)
{
	size_t from = 0, to;
	int line = 1;

	for (; from < n; from = to + 1, line++) {
		const char *end = memchr(text + from, '\n', n - from);

		to = end ? (size_t)(end - text) : n;
		if (memchr(text + from, '\0', to - from) || !utf8_valid(text + from, to - from))
			return line;
	}
	return 0;
}

bool conf_scan(const char *text, size_t n, struct conf_report *r)
{
	struct scan s = {
		.at = text, .end = text + n, .line = 1, .line_start = true, .report = r, .ok = true
	};
	int line = bad_byte_line(text, n);

	if (line) {
		conf_say(r, line, "this line is not text in UTF-8; save the file as UTF-8");
		return false;
	}
	while (s.at < s.end)
		scan_step(&s);
	return s.ok;
}
