/* The private key and the password of the mail server: from a file that is named, from the
 * credential that systemd hands to the service, or from a file beside the configuration. No
 * sentence ever holds a byte of what was read, nor of a setting that may be the secret itself. */
#include "io/conf_parts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"

#define KEY_MAX 4096 /* bytes of the file */

/* One secret and where it may be. */
struct key_kind {
	const char *setting; /* names a file */
	const char *what, *credential, *beside;
	const char *no_key; /* a sentence: what was read is none */
	bool spaces; /* it may hold some */
};

struct key_source {
	const struct key_kind *kind;
	const char *named; /* the setting's value */
	char *path;
	bool credential;
};

static void source_of(const struct conf *c, struct key_source *ret)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (*ret->named) {
		ret->path = xstrdup(ret->named);
		return;
	}
	if (folder && *folder == '/') {
		ret->path = xasprintf("%s/%s", folder, ret->kind->credential);
		ret->credential = true;
		if (access(ret->path, F_OK) == 0)
			return;
		mem_free(ret->path);
		ret->credential = false;
	}
	ret->path = conf_beside(c, ret->kind->beside);
}

/* systemd gives a credential to the service's user by an ACL, which shows as a group's right to
 * read in its mode; its folder keeps everybody else out. */
static bool file_is_safe(struct conf_reading *r, const struct key_source *source, int fd)
{
	mode_t open_to = source->credential ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO;
	struct stat st;

	if (fstat(fd, &st) != 0)
		conf_say_key(r, source->kind->setting, "%s: %s", source->path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		conf_say_key(r, source->kind->setting, "%s is not a regular file", source->path);
	else if (st.st_uid != 0 && st.st_uid != geteuid())
		conf_say_key(r, source->kind->setting,
			"%s belongs to uid %u: it must belong to root or to the service's user "
			"(chown)",
			source->path, (unsigned int)st.st_uid);
	else if (st.st_mode & open_to)
		conf_say_key(r, source->kind->setting,
			"%s is open to others (mode %04o), so the %s may be known to them: "
			"chmod 600 %s, and better make a new one",
			source->path, (unsigned int)(st.st_mode & 07777), source->kind->what,
			source->path);
	else
		return true;
	return false;
}

static void say_cannot_open(struct conf_reading *r, const struct key_source *source, int error)
{
	if (error == ENOENT && !*source->named)
		conf_say_key(r, source->kind->setting,
			"no %s: it is empty, the service has no credential %s, and there is no %s; "
			"write the %s into that file (chmod 600)",
			source->kind->what, source->kind->credential, source->path,
			source->kind->what);
	else if (error == ELOOP)
		conf_say_key(r, source->kind->setting,
			"%s is a symbolic link: name the file itself", source->path);
	else
		conf_say_key(r, source->kind->setting, "%s cannot be opened: %s", source->path,
			strerror(error));
}

/* The secret's bounds inside what was read; a sentence when that is none. */
static const char *find_key(
	const struct key_kind *kind, const char *text, size_t n, size_t *ret_from, size_t *ret_n)
{
	size_t from = 0, i;

	if (n > KEY_MAX)
		return "is larger than 4 KiB";
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	while (from < n && isspace((unsigned char)text[from]))
		from++;
	if (from == n)
		return "is empty";
	for (i = from; i < n; i++)
		if (kind->spaces ? iscntrl((unsigned char)text[i])
				 : !isgraph((unsigned char)text[i]))
			return kind->no_key;
	*ret_from = from;
	*ret_n = n - from;
	return NULL;
}

static ssize_t read_all(int fd, char *text, size_t room)
{
	size_t n = 0;
	ssize_t got;

	while (n < room && (got = read(fd, text + n, room - n)) != 0) {
		if (got < 0)
			return -1;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

/* gives: secret_free; NULL when something was said. */
static struct secret *take_key(struct conf_reading *r, const struct key_source *source, int fd)
{
	char text[KEY_MAX + 1];
	size_t from = 0, n = 0;
	ssize_t got = read_all(fd, text, sizeof(text));
	struct secret *secret = NULL;
	const char *fault;

	if (got < 0) {
		conf_file_failed(r->report, errno);
		conf_say_key(r, source->kind->setting, "%s cannot be read: %s", source->path,
			strerror(errno));
	} else {
		fault = find_key(source->kind, text, (size_t)got, &from, &n);
		if (fault)
			conf_say_key(r, source->kind->setting, "%s %s: write the %s into it",
				source->path, fault, source->kind->what);
		else
			secret = secret_new(text + from, n);
	}
	explicit_bzero(text, sizeof(text));
	return secret;
}

static struct secret *read_secret(
	struct conf_reading *r, const struct key_kind *kind, const char *named)
{
	struct key_source source = { .kind = kind, .named = named };
	struct secret *secret = NULL;
	int fd;

	if (!conf_key_good(r, kind->setting))
		return NULL;
	source_of(r->conf, &source);
	fd = open(source.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		conf_file_failed(r->report, errno);
		say_cannot_open(r, &source, errno);
	} else {
		if (file_is_safe(r, &source, fd))
			secret = take_key(r, &source, fd);
		close(fd);
	}
	mem_free(source.path);
	return secret;
}

void conf_private_key(struct conf_reading *r)
{
	static const struct key_kind kind = {
		.setting = "connectwise.private_key_file",
		.what = "private key",
		.credential = "cw_private_key",
		.beside = "private.key",
		.no_key = "does not hold one key on one line, as ConnectWise showed it once beside "
			  "the public one",
	};

	r->conf->cw.private_key = read_secret(r, &kind, r->conf->cw.private_key_file);
}

void conf_smtp_password(struct conf_reading *r)
{
	static const struct key_kind kind = {
		.setting = "alarm.smtp_password_file",
		.what = "password",
		.credential = "smtp_password",
		.beside = "smtp.password",
		.no_key = "does not hold one password on one line",
		.spaces = true,
	};

	if (*r->conf->alarm.smtp_user)
		r->conf->alarm.smtp_password =
			read_secret(r, &kind, r->conf->alarm.smtp_password_file);
}
