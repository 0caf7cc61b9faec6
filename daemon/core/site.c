#include "core/site.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/mem.h"
#include "base/str.h"
#include "core/plain.h"

#define HOST_MAX 253
#define LABEL_MAX 63
#define SHOWN_MAX 80 /* bytes of a wrong text that are repeated in the sentence */

static int refuse(struct fault *reterr, const char *typed, const char *why)
{
	char shown[SHOWN_MAX];

	plain_line(shown, sizeof(shown), typed, strlen(typed));
	return fault_set(reterr, FAULT_INPUT,
		"\"%s\" is no ConnectWise site: %s; give the host that people log in to, such as "
		"na.myconnectwise.net",
		shown, why);
}

/* Skip "https://" (no scheme is as good); NULL for any other scheme. */
static const char *after_scheme(const char *s)
{
	const char *colon = strstr(s, "://");
	size_t end = strcspn(s, "/?#");

	if (!colon || (size_t)(colon - s) > end)
		return s;
	return strncasecmp(s, "https://", 8) == 0 ? s + 8 : NULL;
}

static bool label_valid(const char *label, size_t n)
{
	size_t i;

	if (n == 0 || n > LABEL_MAX || label[0] == '-' || label[n - 1] == '-')
		return false;
	for (i = 0; i < n; i++)
		if (!isascii((unsigned char)label[i]) ||
			(!isalnum((unsigned char)label[i]) && !strchr("-_", label[i])))
			return false;
	return true;
}

static bool name_valid(const char *name)
{
	if (strlen(name) > HOST_MAX)
		return false;
	for (;;) {
		size_t n = strcspn(name, ".");

		if (!label_valid(name, n))
			return false;
		if (name[n] == '\0')
			return true;
		name += n + 1;
	}
}

static bool address_valid(const char *host)
{
	char inner[INET6_ADDRSTRLEN];
	unsigned char address[sizeof(struct in6_addr)];
	size_t n = strlen(host);

	if (n < 4 || n - 2 >= sizeof(inner) || host[n - 1] != ']')
		return false;
	snprintf(inner, sizeof(inner), "%.*s", (int)(n - 2), host + 1);
	return inet_pton(AF_INET6, inner, address) == 1;
}

static bool port_valid(const char *port)
{
	long n = 0;
	const char *at;

	for (at = port; isdigit((unsigned char)*at) && at - port < 6; at++)
		n = n * 10 + (*at - '0');
	return at > port && *at == '\0' && port[0] != '0' && n <= 65535;
}

/* Cut ":port" off authority; NULL if there is none. */
static char *split_port(char *authority)
{
	char *end = authority[0] == '[' ? strchr(authority, ']') : authority;
	char *colon = end ? strchr(end, ':') : NULL;

	if (!colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

static int host_of(char *authority, const char *typed, char **ret_host, struct fault *reterr)
{
	char *port = split_port(authority);
	size_t n = strlen(authority);

	if (n > 1 && authority[n - 1] == '.') /* the root: the same host */
		authority[n - 1] = '\0';
	if (port && !port_valid(port))
		return refuse(reterr, typed, "what follows the colon is no port (1 to 65535)");
	if (authority[0] == '\0')
		return refuse(reterr, typed, "it names no host");
	if (authority[0] == '[' ? !address_valid(authority) : !name_valid(authority))
		return refuse(reterr, typed, "this is no host name");
	str_lower_ascii(authority);
	*ret_host = port ? xasprintf("%s:%s", authority, port) : xstrdup(authority);
	return 0;
}

int site_host(const char *typed, char **ret_host, struct fault *reterr)
{
	CLEANUP(mem_free) char *text = NULL;
	CLEANUP(mem_free) char *authority = NULL;
	const char *at;

	if (!typed)
		typed = "";
	text = xstrdup(typed);
	str_trim(text);
	if (text[0] == '\0')
		return fault_set(reterr, FAULT_INPUT,
			"the ConnectWise site is missing; give the host that people log in to, "
			"such as na.myconnectwise.net");
	if (strncasecmp(text, "http://", 7) == 0)
		return refuse(reterr, typed,
			"http:// would send the keys unprotected, and ConnectWise refuses it; "
			"write https:// or leave it out");
	at = after_scheme(text);
	if (!at)
		return refuse(reterr, typed, "it must begin with https:// or with the host");
	authority = xstrndup(at, strcspn(at, "/?#"));
	if (strchr(authority, '@')) /* not repeated: it may hold a password */
		return fault_set(reterr, FAULT_INPUT,
			"the ConnectWise site holds an @: a user name or password does not belong "
			"into it; give the host alone, such as na.myconnectwise.net");
	return host_of(authority, typed, ret_host, reterr);
}

char *site_api_host(const char *host)
{
	/* The cloud hosts that the developer guide lists; on-premise hosts take no prefix. */
	static const char *const cloud[] = {
		"na.myconnectwise.net",
		"eu.myconnectwise.net",
		"au.myconnectwise.net",
		"aus.myconnectwise.net",
		"za.myconnectwise.net",
		"staging.connectwisedev.com",
	};
	size_t n = strcspn(host, ":"), i;

	for (i = 0; i < ARRAY_LEN(cloud); i++)
		if (strlen(cloud[i]) == n && strncasecmp(host, cloud[i], n) == 0)
			return xasprintf("api-%s", host);
	return xstrdup(host);
}

char *site_base_url(const char *api_host, const char *codebase)
{
	return xasprintf("https://%s/%sapis/3.0/", api_host, codebase);
}

/* It becomes a part of every address: nothing that could lead elsewhere may be in it. */
static bool codebase_valid(const char *codebase)
{
	return codebase[0] != '\0' && strlen(codebase) <= 64 && !strstr(codebase, "..") &&
		!strstr(codebase, "//") &&
		codebase[strspn(codebase,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789._-/")] == '\0';
}

/* "/v2025_1", "v2025_1" and "v2025_1/" → "v2025_1/"; NULL if it cannot be one. */
static char *codebase_of(const char *text)
{
	CLEANUP(mem_free) char *codebase = xstrdup(text ? text : "");
	size_t n;

	str_trim(codebase);
	n = strlen(codebase);
	while (n && codebase[n - 1] == '/')
		codebase[--n] = '\0';
	memmove(codebase, codebase + strspn(codebase, "/"), n + 1 - strspn(codebase, "/"));
	return codebase_valid(codebase) ? xasprintf("%s/", codebase) : NULL;
}

int company_info_read(const cJSON *reply, struct company_info *ret, struct fault *reterr)
{
	CLEANUP(mem_free) char *codebase = NULL;
	const char *text;

	if (!reply || cJSON_IsNull(reply))
		return fault_set(reterr, FAULT_NOT_FOUND,
			"ConnectWise knows no company of this name at this site; check the company "
			"id (what is typed as company when logging in) and the site");
	text = json_str(reply, "Codebase");
	codebase = codebase_of(text ? text : json_str(reply, "codebase"));
	if (!codebase)
		return fault_set(reterr, FAULT_REMOTE,
			"the answer about the company names no usable codebase; check that the "
			"site is the ConnectWise host itself");
	ret->codebase = TAKE(codebase);
	ret->is_cloud = json_bool(reply, "IsCloud", false);
	text = json_str(reply, "VersionNumber");
	ret->version = text ? plain_text(text, false) : NULL;
	return 0;
}

void company_info_clear(struct company_info *info)
{
	mem_free(info->codebase);
	mem_free(info->version);
	*info = (struct company_info){ 0 };
}
