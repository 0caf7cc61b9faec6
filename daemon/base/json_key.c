#include "base/json_key.h"

#include <stdint.h>
#include <string.h>

static int hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

long json_hex4(const unsigned char *at, size_t n)
{
	long v = 0;
	int i;

	if (n < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		int digit = hex_digit(at[i]);

		if (digit < 0)
			return -1;
		v = v * 16 + digit;
	}
	return v;
}

bool json_is_high(long unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

bool json_is_low(long unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

static uint32_t utf8_next(const unsigned char **at)
{
	const unsigned char *c = *at;
	size_t i, step = *c < 0x80 ? 1 : *c < 0xE0 ? 2 : *c < 0xF0 ? 3 : 4;
	uint32_t v = step == 1 ? *c : *c & (0x7Fu >> step);

	for (i = 1; i < step; i++)
		v = v << 6 | (c[i] & 0x3F);
	*at += step;
	return v;
}

static uint32_t unicode_next(const unsigned char **at)
{
	const unsigned char *c = *at;
	long unit = json_hex4(c + 2, 4);

	*at += 6;
	if (!json_is_high(unit))
		return (uint32_t)unit;
	*at += 6;
	return (uint32_t)(((unit - 0xD800) << 10) + (json_hex4(c + 8, 4) - 0xDC00) + 0x10000);
}

/* The character at *at, its escape undone; moves *at on. */
static uint32_t key_next(const unsigned char **at)
{
	static const char plain[] = "bfnrt", meant[] = "\b\f\n\r\t";
	const unsigned char *c = *at;
	const char *found;

	if (*c != '\\')
		return utf8_next(at);
	if (c[1] == 'u')
		return unicode_next(at);
	found = strchr(plain, c[1]);
	*at += 2;
	return found ? (unsigned char)meant[found - plain] : c[1];
}

int json_key_compare(const struct json_key *a, const struct json_key *b)
{
	const unsigned char *x = a->at, *y = b->at;
	const unsigned char *x_end = x + a->n, *y_end = y + b->n;

	if (!a->escaped && !b->escaped) { /* bytes of UTF-8 sort as the characters do */
		int d = memcmp(x, y, a->n < b->n ? a->n : b->n);

		return d ? d : (a->n > b->n) - (a->n < b->n);
	}
	while (x < x_end && y < y_end) {
		uint32_t c = key_next(&x), e = key_next(&y);

		if (c != e)
			return c < e ? -1 : 1;
	}
	return (x < x_end) - (y < y_end);
}

int json_key_order(const void *a, const void *b)
{
	const struct json_key *x = a, *y = b;
	int d = json_key_compare(x, y);

	return d ? d : (x->at > y->at) - (x->at < y->at);
}
