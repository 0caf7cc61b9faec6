#include "base/unicode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include "base/mem.h"
#include "base/tidy.h"

/* Letters that are no other letter with a mark on it, but are written as one where it is missing.
 */
static const struct {
	ucs4_t from;
	const char *to;
} letters[] = {
	{ 0x00E6, "ae" },
	{ 0x00F0, "d" },
	{ 0x00F8, "o" },
	{ 0x00FE, "th" },
	{ 0x0111, "d" },
	{ 0x0127, "h" },
	{ 0x0131, "i" },
	{ 0x0142, "l" },
	{ 0x0153, "oe" },
	{ 0x2018, "'" },
	{ 0x2019, "'" },
	{ 0x02BC, "'" },
};

static const char *spelled(ucs4_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i].from == c)
			return letters[i].to;
	return NULL;
}

static char plain_ascii(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + ('a' - 'A'));
	return c < ' ' || c == 0x7f ? ' ' : (char)c;
}

/* Bytes that begin no character become spaces, so that the library takes the whole. */
static void mend(uint8_t *s, size_t n)
{
	const uint8_t *bad;

	while ((bad = u8_check(s, n)) != NULL) {
		size_t at = (size_t)(bad - s);

		s[at] = ' ';
		s += at;
		n -= at;
	}
}

static bool has_no_width(ucs4_t c)
{
	return uc_is_general_category(c, UC_CATEGORY_M) ||
		uc_is_general_category(c, UC_CATEGORY_Cf);
}

static bool is_word(ucs4_t c)
{
	return uc_is_general_category(c, UC_CATEGORY_L) || uc_is_general_category(c, UC_CATEGORY_N);
}

/* One character as it is written, at most 8 bytes. Returns how many. */
static size_t write_char(ucs4_t c, char to[8])
{
	const char *other = spelled(c);
	int n;

	if (c < 0x80) {
		to[0] = plain_ascii((unsigned char)c);
		return 1;
	}
	if (other) {
		memcpy(to, other, strlen(other));
		return strlen(other);
	}
	if (has_no_width(c))
		return 0;
	n = is_word(c) ? u8_uctomb((uint8_t *)to, c, 8) : 0;
	if (n > 0)
		return (size_t)n;
	to[0] = ' ';
	return 1;
}

static size_t write_folded(const uint8_t *s, size_t n, char *to, size_t size, bool *ret_cut)
{
	size_t len = 0, at = 0;

	while (at < n) {
		char piece[8];
		size_t m;
		ucs4_t c;

		at += (size_t)u8_mbtouc(&c, s + at, n - at);
		m = write_char(c, piece);
		if (len + m >= size) {
			*ret_cut = true;
			break;
		}
		memcpy(to + len, piece, m);
		len += m;
	}
	to[len] = '\0';
	return len;
}

/* Case folding may need the normal form and make it anew: the library does both in one call. */
static size_t fold(const char *s, size_t n, char *to, size_t size, bool *ret_cut)
{
	CLEANUP(mem_free) char *copy = xstrndup(s, n);
	uint8_t *bytes = (uint8_t *)copy, *folded;
	size_t m = 0, len;

	mend(bytes, n);
	folded = u8_casefold(bytes, n, NULL, UNINORM_NFKD, NULL, &m);
	if (!folded)
		abort();
	len = write_folded(folded, m, to, size, ret_cut);
	free(folded);
	return len;
}

size_t unicode_plain(const char *s, char *to, size_t size, bool *ret_cut)
{
	size_t n = strnlen(s, size), i;

	*ret_cut = n == size;
	if (*ret_cut)
		for (n = size - 1; n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80; n--)
			;
	for (i = 0; i < n && !((unsigned char)s[i] & 0x80); i++)
		to[i] = plain_ascii((unsigned char)s[i]);
	if (i < n)
		return fold(s, n, to, size, ret_cut);
	to[n] = '\0';
	return n;
}
