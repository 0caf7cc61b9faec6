#include "core/match_domain.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <idn2.h>
#include <libpsl.h>
#include "base/str.h"
#include "base/tidy.h"
#include "base/unicode.h"
#include "core/match_words.h"

#define LABEL_BYTES_MAX 63 /* of RFC 1035 */
#define BETWEEN " \t\r\n,;|<>()[]\"'"

/* ==== from an address to a host ==== */

struct piece {
	const char *at;
	size_t n;
};

static void skip(struct piece *p, size_t n)
{
	p->at += n;
	p->n -= n;
}

/* "https://", and what fingers make of it: "http:/", "http//", "https:\\". */
static void skip_scheme(struct piece *p)
{
	size_t n = 0;

	if (p->n >= 4 && strncasecmp(p->at, "http", 4) == 0)
		n = 4 + (p->n > 4 && tolower((unsigned char)p->at[4]) == 's');
	else if (memmem(p->at, p->n, "://", 3))
		n = (size_t)((const char *)memmem(p->at, p->n, "://", 3) - p->at);
	if (n == 0 || n == p->n || !strchr(":/\\", p->at[n]))
		return;
	while (n < p->n && strchr(":/\\", p->at[n]))
		n++;
	skip(p, n);
}

static void cut_host(struct piece *p)
{
	size_t i;
	const char *sign;

	skip_scheme(p);
	for (i = 0; i < p->n && !strchr("/\\?#", p->at[i]); i++)
		;
	p->n = i;
	sign = memrchr(p->at, '@', p->n);
	if (sign)
		skip(p, (size_t)(sign - p->at) + 1);
	for (i = 0; i < p->n && p->at[i] != ':'; i++)
		;
	p->n = i;
	while (p->n && p->at[0] == '.')
		skip(p, 1);
	while (p->n && p->at[p->n - 1] == '.')
		p->n--;
}

static bool is_host(const char *host)
{
	const char *last = strrchr(host, '.');
	size_t i, label = 0;

	if (!last || !isalpha((unsigned char)last[1]) || !last[2])
		return false;
	for (i = 0; host[i]; i++) {
		unsigned char c = (unsigned char)host[i];

		if (c == '.' ? label == 0 : !isalnum(c) && c != '-' && c != '_')
			return false;
		label = c == '.' ? 0 : label + 1;
		if (label > LABEL_BYTES_MAX)
			return false;
	}
	return true;
}

static bool all_ascii(const struct piece *p)
{
	for (size_t i = 0; i < p->n; i++)
		if ((unsigned char)p->at[i] & 0x80)
			return false;
	return true;
}

/* Both spellings of a name in another script become its xn-- form. */
static bool to_ascii(const struct piece *p, char *to, size_t size)
{
	char raw[4 * DOMAIN_TEXT_MAX], *ascii = NULL;
	bool fits = false;

	if (p->n == 0 || p->n >= sizeof(raw))
		return false;
	memcpy(raw, p->at, p->n);
	raw[p->n] = '\0';
	if (all_ascii(p)) {
		fits = p->n < size;
		if (fits)
			memcpy(to, raw, p->n + 1);
		str_lower_ascii(to);
		return fits;
	}
	if (idn2_to_ascii_8z(raw, &ascii, IDN2_NONTRANSITIONAL) == IDN2_OK &&
		strlen(ascii) < size) {
		memcpy(to, ascii, strlen(ascii) + 1);
		str_lower_ascii(to);
		fits = true;
	}
	idn2_free(ascii);
	return fits;
}

/* ==== what it says ==== */

/* "www.", "www2." */
static void drop_www(char *host)
{
	size_t n = str_starts(host, "www") ? 3 : 0;

	while (n && isdigit((unsigned char)host[n]))
		n++;
	if (n && host[n] == '.' && strchr(host + n + 1, '.'))
		memmove(host, host + n + 1, strlen(host + n + 1) + 1);
}

/* The letters of a label that may be in its xn-- form. */
static void read_label(struct domain *d, const char *from)
{
	size_t n = strcspn(from, "."), len = 0;
	char ascii[DOMAIN_TEXT_MAX], plain[DOMAIN_LABEL_MAX], *letters = NULL;
	bool cut;

	memcpy(ascii, from, n);
	ascii[n] = '\0';
	if (str_starts(ascii, "xn--"))
		idn2_to_unicode_8z8z(ascii, &letters, 0);
	unicode_plain(letters ? letters : ascii, plain, sizeof(plain), &cut);
	idn2_free(letters);
	for (const char *c = plain; *c; c++)
		if (*c != '-' && *c != ' ' && *c != '_')
			d->label[len++] = *c;
	d->label[len] = '\0';
}

/* Of contoso.onmicrosoft.com and contoso.mail.onmicrosoft.com the first word is the customer's. */
static void read_generic(struct domain *d)
{
	const char *parent = d->host;

	for (; parent && !d->generic;
		parent = strchr(parent, '.'), parent = parent ? parent + 1 : NULL)
		if (words_generic_domain(parent)) {
			d->generic = true;
			if (parent != d->host && words_names_tenants(parent) &&
				!words_generic_label(d->host))
				read_label(d, d->host);
		}
}

bool domain_host(const char *text, size_t n, struct domain *ret)
{
	struct piece p = { text, n };

	cut_host(&p);
	if (!to_ascii(&p, ret->host, sizeof(ret->host)) || !is_host(ret->host))
		return false;
	drop_www(ret->host);
	return true;
}

bool domain_finish(struct domain *d)
{
	const char *registrable = psl_registrable_domain(psl_builtin(), d->host);

	if (!registrable)
		return false;
	d->registrable = (size_t)(registrable - d->host);
	d->generic = false;
	d->label[0] = '\0';
	read_generic(d);
	if (!d->generic)
		read_label(d, registrable);
	return true;
}

bool domain_parse(const char *text, size_t n, struct domain *ret)
{
	return domain_host(text, n, ret) && domain_finish(ret);
}

const char *domain_registrable(const struct domain *d)
{
	return d->host + d->registrable;
}

static bool known(const struct domains *list, const struct domain *d)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i].host, d->host))
			return true;
	return false;
}

void domains_hosts(const char *text, struct domains *ret)
{
	ret->n = 0;
	while (text && *text && ret->n < DOMAINS_MAX) {
		size_t n = strcspn(text, BETWEEN);
		struct domain *d = &ret->at[ret->n];

		if (n && n < 2048 && domain_host(text, n, d) && !known(ret, d))
			ret->n++;
		text += n + (text[n] != '\0');
	}
}

void domains_finish(struct domains *list)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++)
		if (domain_finish(&list->at[i])) {
			if (n != i)
				list->at[n] = list->at[i];
			n++;
		}
	list->n = n;
}
