/* The forms of the section alarm, and what its keys say to each other. */
#include "io/conf_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"
#include "core/letter.h"

static const char *after_scheme(const char *url)
{
	if (str_starts(url, "smtp://"))
		return url + strlen("smtp://");
	if (str_starts(url, "smtps://"))
		return url + strlen("smtps://");
	return NULL;
}

/* "HOST" or "HOST:PORT"; the host a name, an IPv4 address or an IPv6 address in brackets. */
static bool is_server(const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	size_t host, digits;
	long port;

	if (*text == '[') {
		host = strspn(text + 1, "0123456789abcdefABCDEF:.");
		if (host < 2 || text[1 + host] != ']')
			return false;
		host += 2;
	} else {
		host = strspn(text, letters);
	}
	if (host == 0 || text[host] == '\0')
		return host > 0;
	if (text[host] != ':')
		return false;
	digits = strspn(text + host + 1, "0123456789");
	port = strtol(text + host + 1, NULL, 10);
	return digits >= 1 && digits <= 5 && text[host + 1 + digits] == '\0' && port >= 1 &&
		port <= 65535;
}

static bool is_loopback(const char *server)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		size_t n = strlen(names[i]);

		if (str_starts(server, names[i]) && (server[n] == '\0' || server[n] == ':'))
			return true;
	}
	return false;
}

static void check_addresses(struct conf_reading *r)
{
	const struct conf *c = r->conf;
	char *to[LETTER_TO_MAX];
	int n = letter_addresses(c->alarm.mail_to, to);

	if (n < 0)
		conf_say_key(r, "alarm.mail_to",
			"must be addresses such as it@example.com, at most %d, with commas between "
			"them and no names",
			LETTER_TO_MAX);
	while (n > 0)
		mem_free(to[--n]);
	if (!letter_address(c->alarm.mail_from))
		conf_say_key(
			r, "alarm.mail_from", "must be one address such as opbridge@example.com");
}

static void check_server(struct conf_reading *r)
{
	const struct conf *c = r->conf;
	const char *server = after_scheme(c->alarm.smtp);
	bool plain = str_starts(c->alarm.smtp, "smtp://") && c->alarm.smtp_tls != SMTP_TLS_REQUIRE;

	if (*c->alarm.smtp && (!server || !is_server(server))) {
		conf_say_key(r, "alarm.smtp",
			"must have the form smtp://HOST:587 or smtps://HOST:465, without a user "
			"and "
			"with nothing behind the port");
		return;
	}
	if (*c->alarm.mail_to && !*c->alarm.smtp)
		conf_say_key(r, "alarm.smtp",
			"is missing: alarm.mail_to names whom to tell, this the mail server, such "
			"as "
			"smtp://HOST:587");
	if (*c->alarm.smtp && !*c->alarm.mail_to)
		conf_say_key(
			r, "alarm.mail_to", "is missing: alarm.smtp is set, but nobody to tell");
	if (!server || is_loopback(server))
		return;
	if (plain && c->alarm.smtp_tls == SMTP_TLS_NONE)
		conf_say_key(r, "alarm.smtp_tls",
			"may be \"none\" only for a mail server on this machine (localhost)");
	else if (plain && *c->alarm.smtp_user)
		conf_say_key(r, "alarm.smtp_tls",
			"must be \"require\" with a smtp_user: else whoever stands in between "
			"could "
			"have the password sent in the clear");
}

/* Whether the service may run it shows only there: its unit may keep files from being run. */
static void check_hook(struct conf_reading *r)
{
	const char *path = r->conf->alarm.hook;
	struct stat st;

	if (!*path)
		return;
	if (*path != '/')
		conf_say_key(r, "alarm.hook",
			"must be a whole path, from / on, without arguments (a script can add "
			"them)");
	else if (stat(path, &st) != 0)
		conf_say_key(r, "alarm.hook", "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode) || !(st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)))
		conf_say_key(r, "alarm.hook", "%s is not an executable file (chmod 755)", path);
	else if (st.st_mode & S_IWOTH)
		conf_say_key(r, "alarm.hook",
			"%s may be written by everybody, who could have the service run anything: "
			"chmod o-w %s",
			path, path);
}

static void check_files(struct conf_reading *r)
{
	const struct conf *c = r->conf;

	if (*c->alarm.smtp_ca_file && *c->alarm.smtp_ca_file != '/')
		conf_say_key(r, "alarm.smtp_ca_file", "must be a whole path, from / on");
	else if (*c->alarm.smtp_ca_file && access(c->alarm.smtp_ca_file, R_OK) != 0)
		conf_say_key(r, "alarm.smtp_ca_file", "%s cannot be read: %s",
			c->alarm.smtp_ca_file, strerror(errno));
	if (*c->alarm.smtp_password_file && *c->alarm.smtp_password_file != '/')
		conf_say_key(r, "alarm.smtp_password_file",
			"must be the path of a file, from / on (what was written is not repeated "
			"here: it may be the password itself; passwords never stand in this file)");
}

static void take_disk_free(struct conf_reading *r)
{
	struct conf *c = r->conf;
	const char *text = c->alarm.disk_free;
	size_t digits = strspn(text, "0123456789");

	if (digits >= 1 && digits <= 2 && str_eq(text + digits, "%"))
		c->alarm.disk_free_percent = (int)strtol(text, NULL, 10);
	else if (!size_read(text, &c->alarm.disk_free_bytes))
		conf_say_key(r, "alarm.disk_free",
			"must be a percentage such as \"5%%\" or a size such as \"500MiB\"");
}

static void place_from(struct conf *c)
{
	char host[256] = "";

	if (*c->alarm.mail_from)
		return;
	if (gethostname(host, sizeof(host) - 1) != 0 || !*host)
		memcpy(host, "localhost", sizeof("localhost"));
	mem_free(c->alarm.mail_from);
	c->alarm.mail_from = xasprintf("opbridge@%s", host);
	if (letter_address(c->alarm.mail_from))
		return;
	mem_free(c->alarm.mail_from);
	c->alarm.mail_from = xstrdup("opbridge@localhost");
}

void conf_alarm(struct conf_reading *r)
{
	place_from(r->conf);
	check_addresses(r);
	check_server(r);
	check_files(r);
	check_hook(r);
	take_disk_free(r);
}
