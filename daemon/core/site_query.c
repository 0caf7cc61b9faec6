/* What goes into and comes out of query strings: encoding, condition literals, the Link header. */
#include "core/site.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include "base/mem.h"
#include "base/str.h"

char *url_encode(const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	STR_AUTO(out);

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (isascii(c) && (isalnum(c) || strchr("-._~", c))) {
			str_addc(&out, (char)c);
		} else {
			str_addc(&out, '%');
			str_addc(&out, hex[c >> 4]);
			str_addc(&out, hex[c & 15]);
		}
	}
	return str_take(&out);
}

/* No escape for a quote is documented, but both kinds of quotes delimit. A text with both kinds
 * loses its double ones: the condition then finds too little, and can never say something else. */
char *condition_string(const char *text)
{
	char quote = strchr(text, '"') && !strchr(text, '\'') ? '\'' : '"';
	STR_AUTO(out);

	str_addc(&out, quote);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '[')
			str_add(&out, "[[]"); /* a bare [ begins a date or a pattern */
		else if (c < 0x20 || c == 0x7F)
			str_addc(&out, ' ');
		else if (*text != quote)
			str_addc(&out, *text);
	}
	str_addc(&out, quote);
	return str_take(&out);
}

/* One <URL>; name=value; … of a Link header. */
struct link {
	const char *url;
	size_t url_len;
	bool is_next;
};

static const char *skip_blanks(const char *at)
{
	while (isspace((unsigned char)*at))
		at++;
	return at;
}

/* The '>' that ends a URL. Conditions stand in it as they were sent, so it may hold < > and
 * commas: the real end is the one with a parameter behind it. */
static const char *url_end(const char *at)
{
	for (at = strchr(at, '>'); at; at = strchr(at + 1, '>'))
		if (*skip_blanks(at + 1) == ';')
			return at;
	return NULL;
}

/* A parameter's value, quoted or bare; *at moves behind it. */
static void take_value(const char **at, const char **ret_value, size_t *ret_n)
{
	if (**at == '"') {
		*ret_value = *at + 1;
		*ret_n = strcspn(*ret_value, "\"");
		*at = *ret_value + *ret_n;
		*at += **at == '"';
	} else {
		*ret_value = *at;
		*ret_n = strcspn(*at, ",; \t");
		*at += *ret_n;
	}
}

/* rel may hold several words. */
static bool has_word(const char *value, size_t n, const char *word)
{
	while (n) {
		size_t blanks = strspn(value, " \t"), len;

		blanks = blanks < n ? blanks : n;
		value += blanks;
		n -= blanks;
		len = strcspn(value, " \t\"");
		len = len < n ? len : n;
		if (len == strlen(word) && strncasecmp(value, word, len) == 0)
			return true;
		value += len;
		n -= len;
		if (len == 0)
			return false;
	}
	return false;
}

/* The parameters behind a URL, up to the comma that ends the link. */
static const char *take_parameters(const char *at, struct link *link)
{
	for (at = skip_blanks(at); *at == ';'; at = skip_blanks(at)) {
		const char *name = at = skip_blanks(at + 1), *value = "";
		size_t name_len = strcspn(at, "=;, \t"), n = 0;

		at = skip_blanks(at + name_len);
		if (*at == '=') {
			at = skip_blanks(at + 1);
			take_value(&at, &value, &n);
		}
		if (name_len == 3 && strncasecmp(name, "rel", 3) == 0 && has_word(value, n, "next"))
			link->is_next = true;
	}
	return at;
}

static const char *take_link(const char *at, struct link *ret)
{
	const char *start = strchr(at, '<'), *end = start ? url_end(start) : NULL;

	if (!end)
		return NULL;
	*ret = (struct link){ .url = start + 1, .url_len = (size_t)(end - start - 1) };
	return take_parameters(end + 1, ret);
}

static bool whole_number(const char *at, const char *end, int64_t *ret)
{
	int64_t v = 0;

	if (at == end)
		return false;
	for (; at < end; at++) {
		if (!isdigit((unsigned char)*at) || __builtin_mul_overflow(v, 10, &v) ||
			__builtin_add_overflow(v, *at - '0', &v))
			return false;
	}
	*ret = v;
	return v > 0;
}

/* The value of pageId; the name's case does not matter. */
static bool page_id(const struct link *link, int64_t *ret)
{
	static const char name[] = "pageid=";
	const char *end = link->url + link->url_len;
	const char *at = memchr(link->url, '?', link->url_len);

	while (at && at < end) {
		const char *next = memchr(at + 1, '&', (size_t)(end - at - 1));
		const char *stop = next ? next : end;

		at++;
		if ((size_t)(stop - at) >= sizeof(name) - 1 &&
			strncasecmp(at, name, sizeof(name) - 1) == 0)
			return whole_number(at + sizeof(name) - 1, stop, ret);
		at = next;
	}
	return false;
}

enum link_next link_next_page(const char *header, int64_t *ret_page_id)
{
	const char *at = header;
	struct link link;
	bool any = false;

	if (!header)
		return LINK_ABSENT;
	if (str_is_blank(header))
		return LINK_END;
	while ((at = take_link(at, &link)) != NULL) {
		any = true;
		if (link.is_next)
			return page_id(&link, ret_page_id) ? LINK_NEXT : LINK_ABSENT;
	}
	return any ? LINK_END : LINK_ABSENT;
}
