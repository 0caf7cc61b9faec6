/* The private key: from its file, from the credential that systemd hands to the service, or from
 * private.key beside the configuration. No sentence ever holds a byte of what was read, nor of a
 * setting that may be the key itself. */
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
#define KEY_PATH "connectwise.private_key_file"

struct key_source {
	char *path;
	bool credential;
};

static void source_of(const struct conf *c, struct key_source *ret)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	*ret = (struct key_source){ 0 };
	if (*c->cw.private_key_file) {
		ret->path = xstrdup(c->cw.private_key_file);
		return;
	}
	if (folder && *folder == '/') {
		ret->path = xasprintf("%s/cw_private_key", folder);
		ret->credential = true;
		if (access(ret->path, F_OK) == 0)
			return;
		mem_free(ret->path);
		ret->credential = false;
	}
	ret->path = conf_beside(c, "private.key");
}

/* systemd gives a credential to the service's user by an ACL, which shows as a group's right to
 * read in its mode; its folder keeps everybody else out. */
static bool file_is_safe(struct conf_reading *r, const struct key_source *source, int fd)
{
	mode_t open_to = source->credential ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO;
	struct stat st;

	if (fstat(fd, &st) != 0)
		conf_say_key(r, KEY_PATH, "%s: %s", source->path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		conf_say_key(r, KEY_PATH, "%s is not a regular file", source->path);
	else if (st.st_uid != 0 && st.st_uid != geteuid())
		conf_say_key(r, KEY_PATH,
			"%s belongs to uid %u: it must belong to root or to the service's user "
			"(chown)",
			source->path, (unsigned int)st.st_uid);
	else if (st.st_mode & open_to)
		conf_say_key(r, KEY_PATH,
			"%s is open to others (mode %04o), so the key may be known to them: "
			"chmod 600 %s, and better make a new key",
			source->path, (unsigned int)(st.st_mode & 07777), source->path);
	else
		return true;
	return false;
}

static void say_cannot_open(struct conf_reading *r, const struct key_source *source, int error)
{
	if (error == ENOENT && !*r->conf->cw.private_key_file)
		conf_say_key(r, KEY_PATH,
			"no private key: it is empty, the service has no credential "
			"cw_private_key, "
			"and there is no %s; write the key into that file (chmod 600)",
			source->path);
	else if (error == ELOOP)
		conf_say_key(
			r, KEY_PATH, "%s is a symbolic link: name the file itself", source->path);
	else
		conf_say_key(r, KEY_PATH, "%s cannot be opened: %s", source->path, strerror(error));
}

/* The key's bounds inside what was read; a sentence when that is no key. */
static const char *find_key(const char *text, size_t n, size_t *ret_from, size_t *ret_n)
{
	size_t from = 0, i;

	if (n > KEY_MAX)
		return "is larger than 4 KiB, which no ConnectWise key is";
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	while (from < n && isspace((unsigned char)text[from]))
		from++;
	if (from == n)
		return "is empty: write the private key into it";
	for (i = from; i < n; i++)
		if (!isgraph((unsigned char)text[i]))
			return "does not hold one key on one line: write into it only the private "
			       "key, "
			       "as ConnectWise showed it once beside the public one";
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

static void take_key(struct conf_reading *r, const struct key_source *source, int fd)
{
	char text[KEY_MAX + 1];
	size_t from = 0, n = 0;
	ssize_t got = read_all(fd, text, sizeof(text));
	const char *fault;

	if (got < 0) {
		conf_file_failed(r->report, errno);
		conf_say_key(r, KEY_PATH, "%s cannot be read: %s", source->path, strerror(errno));
	} else {
		fault = find_key(text, (size_t)got, &from, &n);
		if (fault)
			conf_say_key(r, KEY_PATH, "%s %s", source->path, fault);
		else
			r->conf->cw.private_key = secret_new(text + from, n);
	}
	explicit_bzero(text, sizeof(text));
}

void conf_private_key(struct conf_reading *r)
{
	struct key_source source;
	int fd;

	if (!conf_key_good(r, KEY_PATH))
		return;
	source_of(r->conf, &source);
	fd = open(source.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		conf_file_failed(r->report, errno);
		say_cannot_open(r, &source, errno);
	} else {
		if (file_is_safe(r, &source, fd))
			take_key(r, &source, fd);
		close(fd);
	}
	mem_free(source.path);
}
