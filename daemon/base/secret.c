#include "base/secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "base/digest.h"
#include "base/mem.h"

struct secret {
	size_t len;
	char *text; /* owned; locked when the limits allow it */
};

struct secret *secret_new(const char *text, size_t n)
{
	struct secret *s = xcalloc(1, sizeof(*s));

	s->len = n;
	s->text = xcalloc(n + 1, 1);
	(void)mlock(s->text, n + 1); /* a limit of 0 is no reason to refuse service */
	memcpy(s->text, text, n);
	return s;
}

void secret_free(struct secret *s)
{
	if (!s)
		return;
	explicit_bzero(s->text, s->len);
	(void)munlock(s->text, s->len + 1);
	free(s->text);
	free(s);
}

const char *secret_text(const struct secret *s)
{
	return s->text;
}

size_t secret_len(const struct secret *s)
{
	return s->len;
}

bool secret_same(const struct secret *a, const struct secret *b)
{
	if (!a || !b)
		return a == b;
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

void secret_fingerprint(const struct secret *s, char ret[9])
{
	char hex[DIGEST_HEX_MAX];

	digest_hex(s->text, s->len, hex);
	memcpy(ret, hex, 8);
	ret[8] = '\0';
}

void secret_wipe(char *text)
{
	if (!text)
		return;
	explicit_bzero(text, strlen(text));
	free(text);
}
