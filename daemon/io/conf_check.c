/* The forms of the texts, and what the keys say to each other. */
#include "io/conf_parts.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"
#include "base/zone.h"
#include "core/site.h"

#define PREFIX_MAX 40 /* UTF-16 units of the 100 that ConnectWise allows a summary */

static bool only(const char *text, const char *also)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(also, *text))
			return false;
	return true;
}

static bool is_guid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	if (strlen(text) != strlen(form))
		return false;
	for (i = 0; form[i]; i++)
		if (form[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

static bool is_version(const char *text)
{
	size_t year = strspn(text, "0123456789"), minor;

	if (year != 4 || text[year] != '.')
		return false;
	minor = strspn(text + year + 1, "0123456789");
	return minor >= 1 && minor <= 2 && text[year + 1 + minor] == '\0';
}

static long port_of(const char *digits)
{
	return strtol(digits, NULL, 10);
}

/* "HOST:PORT", the host a name, an IPv4 address or an IPv6 address in brackets. */
static bool is_host_port(const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t digits, host;

	if (!colon || colon == text)
		return false;
	digits = strspn(colon + 1, "0123456789");
	if (digits < 1 || digits > 5 || colon[1 + digits] != '\0' || port_of(colon + 1) < 1 ||
		port_of(colon + 1) > 65535)
		return false;
	host = (size_t)(colon - text);
	if (text[0] == '[')
		return host > 3 && text[host - 1] == ']' &&
			strspn(text + 1, "0123456789abcdefABCDEF:.") == host - 2;
	return strcspn(text, ":/@[]?# ") == host;
}

static void check_site(struct conf_reading *r)
{
	const struct conf *c = r->conf;
	CLEANUP(mem_free) char *host = NULL;
	struct fault fault = { 0 };
	const char *base = c->cw.base_url;
	size_t n = strlen(base);

	if (*c->cw.site && site_host(c->cw.site, &host, &fault) != 0)
		conf_say_key(r, "connectwise.site", "%s", fault.text);
	if (n &&
		(!str_starts(base, "https://") || strpbrk(base, "@?# ") ||
			n < strlen("/apis/3.0/") ||
			!str_eq(base + n - strlen("/apis/3.0/"), "/apis/3.0/")))
		conf_say_key(r, "connectwise.base_url",
			"must have the form https://HOST/CODEBASE/apis/3.0/ (https only, no user, "
			"no "
			"query, the slash at its end)");
}

/* None of these values is repeated: somebody may have pasted the private key into the wrong line.
 */
static void check_login(struct conf_reading *r)
{
	const struct conf *c = r->conf;

	if (!only(c->cw.company, "_-."))
		conf_say_key(r, "connectwise.company",
			"is the short id typed at the login (letters, digits, - _ .), not the "
			"company's name");
	if (*c->cw.client_id && !is_guid(c->cw.client_id))
		conf_say_key(r, "connectwise.client_id",
			"is not a GUID such as 01234567-89ab-cdef-0123-456789abcdef; ConnectWise "
			"gives one at https://developer.connectwise.com/ClientID");
	if (!only(c->cw.public_key, "_-."))
		conf_say_key(r, "connectwise.public_key",
			"must be the key as ConnectWise shows it: letters and digits only");
	if (!is_version(c->cw.model_version))
		conf_say_key(r, "connectwise.model_version", "must look like \"2025.1\"");
	if (*c->cw.private_key_file && *c->cw.private_key_file != '/')
		conf_say_key(r, "connectwise.private_key_file",
			"must be the path of a file, from / on (what was written is not repeated "
			"here: it may be the key itself; keys never stand in this file)");
}

static void check_way(struct conf_reading *r)
{
	const struct conf *c = r->conf;
	const char *proxy = c->cw.proxy, *rest = NULL;

	if (str_starts(proxy, "http://"))
		rest = proxy + strlen("http://");
	else if (str_starts(proxy, "https://"))
		rest = proxy + strlen("https://");
	if (*proxy && (!rest || !is_host_port(rest)))
		conf_say_key(r, "connectwise.proxy",
			"must have the form http://HOST:PORT or https://HOST:PORT, without a user "
			"and "
			"password, and with nothing behind the port");
	if (*c->cw.ca_file == '/' && access(c->cw.ca_file, R_OK) != 0)
		conf_say_key(r, "connectwise.ca_file", "%s cannot be read: %s", c->cw.ca_file,
			strerror(errno));
}

static void check_paths(struct conf_reading *r)
{
	const struct conf *c = r->conf;
	const struct {
		const char *key, *path;
	} paths[] = {
		{ "connectwise.ca_file", c->cw.ca_file },
		{ "intake.events_socket", c->intake.events_socket },
		{ "intake.control_socket", c->intake.control_socket },
		{ "store.database", c->store.database },
		{ "types_file", c->types_file },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(paths); i++)
		if (*paths[i].path && *paths[i].path != '/')
			conf_say_key(r, paths[i].key, "must be a whole path, from / on");
}

static void check_intake(struct conf_reading *r)
{
	const struct conf *c = r->conf;
	const char *listen = c->intake.metrics_listen;

	if (*c->intake.events_socket && str_eq(c->intake.events_socket, c->intake.control_socket))
		conf_say_key(r, "intake.control_socket",
			"is the same as intake.events_socket; they need two paths");
	if (!only(c->intake.group, "_-."))
		conf_say_key(r, "intake.group", "is not the name of a group");
	if (*listen &&
		(!is_host_port(listen) ||
			!(str_starts(listen, "127.0.0.1:") || str_starts(listen, "[::1]:"))))
		conf_say_key(r, "intake.metrics_listen",
			"must be 127.0.0.1:PORT or [::1]:PORT: /metrics has no login, so it stays "
			"on "
			"this machine");
	if (utf8_utf16_len(c->ticket.prefix) > PREFIX_MAX)
		conf_say_key(r, "ticket.summary_prefix",
			"has more than %d characters, which leaves too few of a summary's 100",
			PREFIX_MAX);
}

/* small must not be larger than large; silent when one of them is at fault itself. */
static void check_order(struct conf_reading *r, const char *small, int64_t small_value,
	const char *large, int64_t large_value)
{
	CLEANUP(mem_free) char *a = NULL;
	CLEANUP(mem_free) char *b = NULL;

	if (small_value <= large_value || !conf_key_good(r, small) || !conf_key_good(r, large))
		return;
	a = conf_value_text(&conf_keys[conf_key_find(small)], r->conf);
	b = conf_value_text(&conf_keys[conf_key_find(large)], r->conf);
	conf_say_key(r, small, "%s is more than %s = %s", a, large, b);
}

static void check_orders(struct conf_reading *r)
{
	const struct conf *c = r->conf;

	check_order(r, "connectwise.connect_timeout", c->cw.connect_timeout,
		"connectwise.read_timeout", c->cw.read_timeout);
	check_order(r, "connectwise.connect_timeout", c->cw.connect_timeout,
		"connectwise.write_timeout", c->cw.write_timeout);
	check_order(r, "sync.every", c->sync.every, "sync.full_every", c->sync.full_every);
	check_order(r, "delivery.backoff_base", c->delivery.backoff_base, "delivery.backoff_cap",
		c->delivery.backoff_cap);
	check_order(r, "delivery.breaker_wait", c->delivery.breaker_wait,
		"delivery.breaker_wait_max", c->delivery.breaker_wait_max);
	check_order(
		r, "intake.event_max", c->intake.event_max, "intake.body_max", c->intake.body_max);
}

static void check_zone(struct conf_reading *r)
{
	struct conf *c = r->conf;

	c->ticket.zone = zone_new(c->ticket.time_zone);
	if (!c->ticket.zone && conf_key_good(r, "ticket.time_zone"))
		conf_say_key(r, "ticket.time_zone",
			"is no time zone that this system knows; give a name such as "
			"America/Toronto or Europe/Zurich (`timedatectl list-timezones` lists "
			"them; the package tzdata brings them)");
}

void conf_check(struct conf_reading *r)
{
	check_site(r);
	check_login(r);
	check_way(r);
	check_paths(r);
	check_intake(r);
	check_zone(r);
	check_orders(r);
}
