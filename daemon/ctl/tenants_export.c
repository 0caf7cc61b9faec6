/* `opbridge tenants export`. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "ctl/ctl.h"
#include "ctl/roster.h"
#include "ctl/tenants_file.h"

static int by_row(const void *a, const void *b)
{
	const struct roster_item *left = a, *right = b;
	int64_t x = ctl_int(left->tenant, "row"), y = ctl_int(right->tenant, "row");

	return x < y ? -1 : x > y;
}

/* In the order in which they came to be known, so that two exports can be compared. gives: free */
static struct roster_item *in_order(const cJSON *answer, size_t *ret_n)
{
	struct roster_item *list =
		xcalloc(1 + (size_t)cJSON_GetArraySize(json_get(answer, "tenants")), sizeof(*list));
	size_t n = 0;

	for (const cJSON *t = ctl_first(answer, "tenants"); t; t = t->next)
		list[n++].tenant = t;
	qsort(list, n, sizeof(*list), by_row);
	*ret_n = n;
	return list;
}

static bool write_whole(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		left -= (size_t)n;
	}
	return true;
}

/* Of what is replaced, else as usual. */
static mode_t mode_of(const char *path)
{
	struct stat about;
	mode_t mask;

	if (stat(path, &about) == 0)
		return about.st_mode & 0666;
	mask = umask(0);
	(void)umask(mask);
	return 0640 & ~mask;
}

/* What stands there is replaced only when all of the new is on the disk. The new one's name is
 * nobody's before: in a folder of many users it could be a trap. A link stays one. */
static int write_file(const char *path, const char *text)
{
	CLEANUP(mem_free) char *real = realpath(path, NULL);
	const char *target = real ? real : path;
	CLEANUP(mem_free) char *fresh = xasprintf("%s.XXXXXX", target);
	int fd = mkostemp(fresh, O_CLOEXEC);
	bool whole;

	if (fd < 0)
		return ctl_fail(errno == EACCES ? EXIT_DENIED : EXIT_IO, "%s cannot be written: %s",
			path, strerror(errno));
	whole = write_whole(fd, text) && fchmod(fd, mode_of(target)) == 0 && fsync(fd) == 0;
	whole = close(fd) == 0 && whole;
	if (whole && rename(fresh, target) == 0)
		return EXIT_OK;
	ctl_fail(EXIT_IO, "%s could not be written: %s", path, strerror(errno));
	unlink(fresh);
	return EXIT_IO;
}

/* A terminal would obey what a tenant's name may hold; for it, lines end as it has them. */
static void show(const struct ctl *ctl, const char *text)
{
	CLEANUP(mem_free) char *plain = xstrdup(text);
	CLEANUP(mem_free) char *safe = NULL;
	char *to = plain;

	for (const char *at = text; *at; at++)
		if (at[0] != '\r' || at[1] != '\n')
			*to++ = *at;
	*to = '\0';
	safe = term_safe_lines(plain);
	fputs(safe, ctl->out.out);
}

static bool is_special(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

static int put(struct ctl *ctl, const char *path, const char *text, size_t n)
{
	int r;

	if (!path || str_eq(path, "-")) {
		if (ctl->out.tty)
			show(ctl, text);
		else
			fputs(text, ctl->out.out);
		return EXIT_OK;
	}
	if (is_special(path))
		return ctl_fail(EXIT_USAGE, "%s is no file", path);
	r = write_file(path, text);
	if (r == EXIT_OK)
		fprintf(stderr, "%zu tenants written to %s\n", n, path);
	return r;
}

int tenants_export(struct ctl *ctl, const struct args *args)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(mem_free) char *text = NULL;
	struct roster_item *list;
	size_t n;
	int r;

	if (ctl->json && args_has(args, "csv"))
		return ctl_fail(EXIT_USAGE, "--csv or --json, not both");
	r = ctl_get(ctl, "/v1/tenants", &answer);
	if (r)
		return r;
	list = in_order(answer, &n);
	text = ctl->json ? roster_json(list, n) : roster_csv(list, n);
	free(list);
	return put(ctl, args_operand(args, 1), text, n);
}
