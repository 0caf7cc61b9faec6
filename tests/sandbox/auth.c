/*
 * auth.c - checking Authorization, clientId and Accept.
 */
#include "auth.h"
#include "call.h"
#include "sandbox.h"
#include "text.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIRST_MODEL_YEAR 2020
#define LAST_MODEL_YEAR 2026
#define LAST_MODEL_MINOR 3

/* The text behind "Basic". gives: free; NULL when there is none. */
static char *credentials(const struct call *c)
{
	const char *header = call_header(c, "Authorization");
	unsigned char *out;
	size_t len;
	int n;

	if (!header || strncasecmp(header, "Basic ", 6) != 0)
		return NULL;
	header += 6;
	len = strlen(header);
	if (len % 4 || len > 4096)
		return NULL;
	out = xcalloc(len + 1, 1);
	n = EVP_DecodeBlock(out, (const unsigned char *)header, (int)len);
	if (n < 0) {
		free(out);
		return NULL;
	}
	/* what was padding came out as zero bytes, so the text ends by itself */
	out[n] = '\0';
	return (char *)out;
}

/* company+public:private */
static bool right_company(const struct call *c, const char *text)
{
	size_t n = strlen(LOGIN_COMPANY);

	return !c->sb->settings.unknown_company && strncasecmp(text, LOGIN_COMPANY, n) == 0 &&
		text[n] == '+';
}

static bool right_keys(const struct call *c, const char *text)
{
	char *want = xprintf("%s:%s", c->sb->settings.public_key, c->sb->settings.private_key);
	const char *plus = strchr(text, '+');
	bool same = plus && strcmp(plus + 1, want) == 0;

	free(want);
	return same;
}

bool auth_good(const struct call *c)
{
	char *text = credentials(c);
	bool good = text && right_company(c, text) && right_keys(c, text);

	free(text);
	return good;
}

static void refuse_keys(struct call *c, const char *message)
{
	if (c->sb->settings.auth_failure_status == 404)
		refuse(c, 404, "ConnectWiseApi", "The endpoint does not exist.");
	else
		refuse(c, 401, "Unauthorized", "%s", message);
}

static bool pass_keys(struct call *c)
{
	char *text = credentials(c);
	bool known = text && right_company(c, text);
	bool good = known && right_keys(c, text);

	if (!text)
		refuse_keys(c, "The supplied authentication is incorrect");
	else if (!known && c->sb->settings.auth_failure_status == 401)
		reply_text(c, 400, "text/plain; charset=utf-8",
			"Cannot route. Codebase/company is invalid");
	else if (!good)
		refuse_keys(c, "Incorrect public/private key");
	free(text);
	return good;
}

static bool pass_client(struct call *c)
{
	const char *id = call_header(c, "clientId"), *only = c->sb->settings.restrict_client_id;

	if (!c->sb->settings.require_client_id)
		return true;
	if (!id)
		refuse(c, 403, "Security", "The clientId header is required for all API calls.");
	else if (!guid_valid(id) || (only && strcasecmp(only, id) != 0))
		refuse(c, 403, "Security", "The clientId supplied is not valid.");
	else
		return true;
	return false;
}

static bool known_model(const char *version, size_t len)
{
	int year = 0, minor = 0, used = 0;
	char text[16];

	if (len == 0 || len >= sizeof(text))
		return false;
	memcpy(text, version, len);
	text[len] = '\0';
	if (sscanf(text, "%4d.%2d%n", &year, &minor, &used) != 2 || (size_t)used != len)
		return false;
	return year >= FIRST_MODEL_YEAR && minor >= 1 &&
		(year < LAST_MODEL_YEAR ? minor <= 16
					: year == LAST_MODEL_YEAR && minor <= LAST_MODEL_MINOR);
}

static bool pass_model(struct call *c)
{
	const char *accept = call_header(c, "Accept"), *version;
	size_t n;

	version = accept ? strcasestr(accept, "version=") : NULL;
	if (!version)
		return true;
	version += strlen("version=");
	n = strcspn(version, ",; \t");
	if (known_model(version, n))
		return true;
	refuse(c, 400, "ConnectWiseApi",
		"The HTTP resource that matches the request URI 'https://%s%s' does not support "
		"the API version '%.*s'.",
		call_header(c, "Host") ? call_header(c, "Host") : "", c->uri, (int)n, version);
	return false;
}

bool auth_pass(struct call *c)
{
	return pass_keys(c) && pass_client(c) && pass_model(c);
}
