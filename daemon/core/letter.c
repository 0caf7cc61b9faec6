#include "core/letter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/plain.h"

#define SUBJECT_MAX 160 /* UTF-16 units */
#define WORD_BYTES 42 /* of an encoded word: 56 in Base64, within the 75 that RFC 2047 allows */
#define LINE_MAX_QP 76 /* RFC 2045, 6.7: with the '=' of a soft break */
#define LINE_MAX_ASCII 60 /* of a subject that stays on its line */

/* ==== addresses ==== */

bool letter_address(const char *text)
{
	const char *at = strchr(text, '@');
	size_t local = at ? (size_t)(at - text) : 0, domain;

	if (local < 1 || local > 64)
		return false;
	if (strspn(text,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		    ".!#$%&'*+-/=?^_`{|}~") != local)
		return false;
	domain = strlen(at + 1);
	return domain >= 1 && domain <= 253 && at[1] != '-' && at[1] != '.' &&
		strspn(at + 1,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
		domain;
}

int letter_addresses(const char *list, char *ret[LETTER_TO_MAX])
{
	int n = 0;

	while (*list) {
		size_t len = strcspn(list, ",");
		CLEANUP(mem_free) char *one = xstrndup(list, len);

		str_trim(one);
		if (!letter_address(one) || n == LETTER_TO_MAX) {
			while (n > 0)
				mem_free(ret[--n]);
			return -1;
		}
		ret[n++] = TAKE(one);
		list += len + (list[len] == ',');
	}
	return n;
}

/* ==== headers ==== */

static bool is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* RFC 2047: words of whole characters, each on a line of its own. */
static void add_encoded(struct str *out, const char *text)
{
	bool first = true;

	while (*text) {
		size_t n = strlen(text);
		CLEANUP(mem_free) char *code = NULL;

		if (n > WORD_BYTES)
			n = plain_cut_at(text, WORD_BYTES);
		code = base64(text, n);
		str_addf(out, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", code);
		first = false;
		text += n;
	}
}

static void add_subject(struct str *out, const char *subject)
{
	CLEANUP(mem_free) char *line = plain_text(subject, false);
	CLEANUP(mem_free) char *cut = utf8_cut(line, SUBJECT_MAX);

	str_add(out, "Subject: ");
	if (is_ascii(cut) && strlen(cut) <= LINE_MAX_ASCII)
		str_add(out, cut);
	else
		add_encoded(out, cut);
	str_add(out, "\r\n");
}

static void add_date(struct str *out, int64_t at)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(at / 1000);
	struct tm tm = { 0 };

	gmtime_r(&seconds, &tm);
	str_addf(out, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday % 7],
		tm.tm_mday, months[tm.tm_mon % 12], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		tm.tm_sec);
}

static void add_to(struct str *out, const char *list)
{
	char *to[LETTER_TO_MAX];
	int i, n = letter_addresses(list, to);

	for (i = 0; i < n; i++) {
		str_addf(out, "%s%s", i ? ",\r\n " : "To: ", to[i]);
		mem_free(to[i]);
	}
	if (n > 0)
		str_add(out, "\r\n");
}

static void add_headers(struct str *out, const struct letter *l)
{
	const char *domain = strchr(l->from, '@');

	add_date(out, l->at);
	if (letter_address(l->from)) {
		str_addf(out, "From: opbridge <%s>\r\n", l->from);
		str_addf(out, "Message-ID: <%s%s>\r\n", l->id, domain);
	}
	add_to(out, l->to);
	add_subject(out, l->subject);
	str_add(out,
		"Auto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n");
}

/* ==== body ==== */

/* One byte as quoted-printable; last: it ends its line. */
static const char *quoted(unsigned char c, bool last, char buf[4])
{
	bool plain = (c >= 33 && c <= 126 && c != '=') || ((c == ' ' || c == '\t') && !last);

	if (plain)
		snprintf(buf, 4, "%c", c);
	else
		snprintf(buf, 4, "=%02X", c);
	return buf;
}

static void add_body(struct str *out, const char *text, size_t n)
{
	size_t i, column = 0;
	char buf[4];

	for (i = 0; i < n; i++) {
		const char *piece;

		if (text[i] == '\n') {
			str_add(out, "\r\n");
			column = 0;
			continue;
		}
		piece = quoted((unsigned char)text[i], i + 1 == n || text[i + 1] == '\n', buf);
		if (column + strlen(piece) > LINE_MAX_QP - 1) {
			str_add(out, "=\r\n");
			column = 0;
		}
		str_add(out, piece);
		column += strlen(piece);
	}
	if (column)
		str_add(out, "\r\n");
}

char *letter_text(const struct letter *l)
{
	CLEANUP(mem_free) char *plain = plain_text(l->text, true);
	STR_AUTO(out);

	add_headers(&out, l);
	add_body(&out, plain,
		strlen(plain) > LETTER_TEXT_MAX ? plain_cut_at(plain, LETTER_TEXT_MAX)
						: strlen(plain));
	return str_take(&out);
}
