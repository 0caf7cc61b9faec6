#include "base/json_scan.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/json_key.h"
#include "base/mem.h"
#include "base/str.h"

struct scan {
	const unsigned char *text;
	size_t n, at;
	const struct json_limits *limits;
	enum json_mode mode;
	int depth, tokens;
	struct json_key *keys; /* those of the open objects, the innermost object's last */
	size_t n_keys, cap_keys;
	char *mended;
	struct fault *reterr;
};

static int scan_value(struct scan *s) MUST_CHECK;

static int wrong(struct scan *s, size_t at, const char *what)
{
	return fault_set(s->reterr, FAULT_INPUT, "JSON, byte %zu: %s", at + 1, what);
}

/* The byte at hand, or -1 at the end of the text. */
static int peek(const struct scan *s)
{
	return s->at < s->n ? s->text[s->at] : -1;
}

static void skip_space(struct scan *s)
{
	int c = peek(s);

	while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		s->at++;
		c = peek(s);
	}
}

static int count_token(struct scan *s)
{
	if (++s->tokens <= s->limits->max_tokens)
		return 0;
	return fault_set(s->reterr, FAULT_INPUT,
		"JSON, byte %zu: more than %d values and keys; send less at once", s->at + 1,
		s->limits->max_tokens);
}

/* Strings. */

/* Put four other digits behind the "\u" at `at` of the mended copy: its length stays. */
static void mend(struct scan *s, size_t at, const char digits[5])
{
	if (!s->mended)
		s->mended = xstrndup((const char *)s->text, s->n);
	memcpy(s->mended + at + 2, digits, 4);
}

/* "\uXXXX" at s->at, perhaps with a second one that completes a surrogate pair. */
static int scan_unicode(struct scan *s)
{
	const unsigned char *at = s->text + s->at;
	size_t left = s->n - s->at;
	long unit = json_hex4(at + 2, left - 2);
	bool reply = s->mode == JSON_REPLY;

	if (unit < 0)
		return wrong(s, s->at, "four hex digits must follow \\u");
	if (unit == 0 && !reply)
		return wrong(s, s->at, "\\u0000 is not taken in a string");
	if (unit == 0)
		mend(s, s->at, "0020");
	if (json_is_high(unit) && left >= 12 && at[6] == '\\' && at[7] == 'u' &&
		json_is_low(json_hex4(at + 8, left - 8))) {
		s->at += 12;
		return 0;
	}
	if ((json_is_high(unit) || json_is_low(unit)) && !reply)
		return wrong(s, s->at, "half of a surrogate pair without the other half");
	if (json_is_high(unit) || json_is_low(unit))
		mend(s, s->at, "FFFD");
	s->at += 6;
	return 0;
}

static int scan_escape(struct scan *s)
{
	if (s->n - s->at < 2)
		return wrong(s, s->at, "the text ends inside a string");
	if (s->text[s->at + 1] == 'u')
		return scan_unicode(s);
	if (s->text[s->at + 1] == '\0' || !strchr("\"\\/bfnrt", s->text[s->at + 1]))
		return wrong(s, s->at,
			"an unknown escape; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r "
			"\\t and \\uXXXX");
	s->at += 2;
	return 0;
}

static int scan_utf8(struct scan *s)
{
	unsigned char lead = s->text[s->at];
	size_t step = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;

	if (step > s->n - s->at || !utf8_valid((const char *)s->text + s->at, step))
		return wrong(s, s->at, "not valid UTF-8");
	s->at += step;
	return 0;
}

/* A string whose opening quote is at hand; ret_key may be NULL. */
static int scan_string(struct scan *s, struct json_key *ret_key)
{
	size_t start = ++s->at;
	bool escaped = false;
	int r;

	for (;;) {
		int c = peek(s);

		if (c == '"')
			break;
		if (c < 0)
			return wrong(s, s->at, "the text ends inside a string");
		if (c == 0)
			return wrong(s, s->at, "a NUL byte in a string");
		if (c < 0x20)
			return wrong(s, s->at,
				"a raw control character in a string; escape it (\\n, \\t, "
				"\\u001F)");
		escaped |= c == '\\';
		r = 0;
		if (c == '\\')
			r = scan_escape(s);
		else if (c >= 0x80)
			r = scan_utf8(s);
		else
			s->at++;
		if (r < 0)
			return r;
	}
	if (ret_key)
		*ret_key = (struct json_key){ s->text + start, s->at - start, escaped };
	s->at++;
	return 0;
}

/* Numbers and words. */

static size_t skip_digits(struct scan *s)
{
	size_t start = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at - start;
}

/* Fraction and exponent, if there; *ret_whole: neither was. */
static int scan_fraction(struct scan *s, bool *ret_whole)
{
	size_t start = s->at;

	if (peek(s) == '.') {
		s->at++;
		if (!skip_digits(s))
			return wrong(s, s->at, "a digit must follow the decimal point");
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		if (!skip_digits(s))
			return wrong(s, s->at, "a digit must follow the exponent's sign");
	}
	*ret_whole = s->at == start;
	return 0;
}

static int check_value(struct scan *s, size_t start, bool whole)
{
	char buf[JSON_NUMBER_MAX + 1] = { 0 };
	size_t n = s->at - start;
	const char *digits = buf;

	if (n > JSON_NUMBER_MAX)
		return wrong(s, start, "a number of more than 63 characters");
	memcpy(buf, s->text + start, n);
	if (!isfinite(strtod(buf, NULL)))
		return wrong(s, start, "a number too large for a double");
	if (!whole || s->mode == JSON_REPLY)
		return 0;
	if (*digits == '-')
		digits++;
	if (strlen(digits) > 16 || strtoull(digits, NULL, 10) > UINT64_C(1) << 53)
		return wrong(s, start,
			"a whole number beyond 2^53 would be rounded; send it as a string");
	return 0;
}

static int scan_number(struct scan *s)
{
	size_t start = s->at;
	bool whole = true;
	int r;

	if (peek(s) == '-')
		s->at++;
	if (peek(s) == '0' && s->at + 1 < s->n && s->text[s->at + 1] >= '0' &&
		s->text[s->at + 1] <= '9')
		return wrong(s, s->at, "a number may not begin with 0");
	if (!skip_digits(s))
		return wrong(s, s->at, "a digit must follow the minus sign");
	r = scan_fraction(s, &whole);
	if (r < 0)
		return r;
	return check_value(s, start, whole);
}

static int scan_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = strlen(words[i]);

		if (s->n - s->at >= n && memcmp(s->text + s->at, words[i], n) == 0) {
			s->at += n;
			return 0;
		}
	}
	return wrong(s, s->at,
		"a value must stand here: an object, a list, a string in double "
		"quotes, a number, true, false or null");
}

/* Keys. */

static int twice(struct scan *s, const struct json_key *key)
{
	size_t n = key->n < 64 ? key->n : 64;

	while (n < key->n && n > 0 && (key->at[n] & 0xC0) == 0x80)
		n--;
	return fault_set(s->reterr, FAULT_INPUT,
		"JSON, byte %zu: the member \"%.*s\" is there twice in one object",
		(size_t)(key->at - s->text), (int)n, (const char *)key->at);
}

/* The object whose keys begin at `first` closes. Sorting its keys costs n log n whatever they are,
 * where comparing each with each would let one hostile megabyte stop the loop. */
static int check_keys(struct scan *s, size_t first)
{
	struct json_key *keys;
	size_t i, n = s->n_keys - first;

	s->n_keys = first;
	if (n < 2)
		return 0;
	keys = s->keys + first;
	qsort(keys, n, sizeof(*keys), json_key_order);
	for (i = 1; i < n; i++)
		if (json_key_compare(&keys[i - 1], &keys[i]) == 0)
			return twice(s, &keys[i]);
	return 0;
}

static int scan_key(struct scan *s)
{
	struct json_key key;
	int r;

	if (peek(s) != '"')
		return wrong(s, s->at, "a member's name in double quotes must stand here");
	r = count_token(s);
	if (r == 0)
		r = scan_string(s, &key);
	if (r < 0)
		return r;
	if (s->mode == JSON_REPLY)
		return 0;
	if (s->n_keys == s->cap_keys) {
		s->cap_keys = s->cap_keys ? s->cap_keys * 2 : 32;
		s->keys = xrealloc(s->keys, s->cap_keys * sizeof(*s->keys));
	}
	s->keys[s->n_keys++] = key;
	return 0;
}

/* Containers. */

static int scan_member(struct scan *s, bool is_object)
{
	int r;

	if (!is_object)
		return scan_value(s);
	r = scan_key(s);
	if (r < 0)
		return r;
	skip_space(s);
	if (peek(s) != ':')
		return wrong(s, s->at, "a colon must follow a member's name");
	s->at++;
	return scan_value(s);
}

static int scan_members(struct scan *s, bool is_object)
{
	int r, close = is_object ? '}' : ']';

	s->at++;
	skip_space(s);
	if (peek(s) == close) {
		s->at++;
		return 0;
	}
	for (;;) {
		skip_space(s);
		r = scan_member(s, is_object);
		if (r < 0)
			return r;
		skip_space(s);
		if (peek(s) == close)
			break;
		if (peek(s) != ',')
			return wrong(s, s->at,
				peek(s) < 0         ? "the text ends before it is complete"
					: is_object ? "a comma or } must stand here"
						    : "a comma or ] must stand here");
		s->at++;
	}
	s->at++;
	return 0;
}

static int scan_container(struct scan *s, bool is_object)
{
	size_t first = s->n_keys;
	int r;

	if (++s->depth > s->limits->max_depth)
		return fault_set(s->reterr, FAULT_INPUT,
			"JSON, byte %zu: objects and lists are nested more than %d deep", s->at + 1,
			s->limits->max_depth);
	r = scan_members(s, is_object);
	s->depth--;
	if (r < 0)
		return r;
	return check_keys(s, first);
}

static int scan_value(struct scan *s)
{
	int r, c;

	skip_space(s);
	c = peek(s);
	if (c < 0)
		return wrong(s, s->at, "the text ends where a value must stand");
	r = count_token(s);
	if (r < 0)
		return r;
	if (c == '{' || c == '[')
		return scan_container(s, c == '{');
	if (c == '"')
		return scan_string(s, NULL);
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(s);
	return scan_word(s);
}

static int scan_text(struct scan *s)
{
	int r;

	if (s->n >= 3 && memcmp(s->text, "\xEF\xBB\xBF", 3) == 0)
		return wrong(s, 0, "a byte order mark; send plain UTF-8 without one");
	skip_space(s);
	if (s->at == s->n)
		return fault_set(s->reterr, FAULT_INPUT, "there is no JSON: the text is empty");
	r = scan_value(s);
	if (r < 0)
		return r;
	skip_space(s);
	if (s->at < s->n)
		return wrong(s, s->at, "something follows the end of the JSON text");
	return 0;
}

int json_scan(const char *text, size_t n, const struct json_limits *limits, enum json_mode mode,
	char **ret_mended, struct fault *reterr)
{
	struct scan s = { .text = (const unsigned char *)text,
		.n = n,
		.limits = limits,
		.mode = mode,
		.reterr = reterr };
	int r;

	assert(limits->max_depth <= JSON_DEPTH_LIMIT);
	if (n > limits->max_bytes)
		return fault_set(reterr, FAULT_TOO_LARGE,
			"the JSON is %zu bytes long; at most %zu are taken", n, limits->max_bytes);
	r = scan_text(&s);
	free(s.keys);
	if (r == 0 && mode == JSON_REPLY)
		*ret_mended = s.mended;
	else
		mem_free(s.mended);
	return r;
}
