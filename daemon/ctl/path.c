/* Request paths: everything but the unreserved characters of RFC 3986 is percent-encoded. */
#include <ctype.h>
#include <string.h>
#include "ctl/ctl.h"

void path_add(struct str *path, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x80 && (isalnum(c) || strchr("-._~", c)))
			str_addc(path, *text);
		else
			str_addf(path, "%%%02X", c);
	}
}

void path_query(struct str *path, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	str_addc(path, strchr(path->at, '?') ? '&' : '?');
	str_addf(path, "%s=", key);
	path_add(path, value);
}
