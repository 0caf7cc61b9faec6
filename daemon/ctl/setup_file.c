#include "ctl/setup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"

#define TEXT_MAX (1024 * 1024) /* the daemon reads no larger configuration */

static int refuse(struct fault *reterr, const char *what, const char *path)
{
	int error = errno;

	(void)fault_set(reterr, FAULT_SYSTEM, "%s %s: %s%s", what, path, strerror(error),
		error == EACCES || error == EPERM ? "; run it as root (sudo)" : "");
	errno = error; /* for the caller's exit code */
	return -FAULT_SYSTEM;
}

int setup_file_read(const char *path, char **ret, struct fault *reterr)
{
	CLEANUP(mem_free) char *text = xcalloc(TEXT_MAX + 1, 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t got = -1;
	size_t n = 0;

	if (fd < 0)
		return refuse(reterr, "cannot open", path);
	while (n < TEXT_MAX && (got = read(fd, text + n, TEXT_MAX - n)) > 0)
		n += (size_t)got;
	if (got != 0) {
		if (n == TEXT_MAX)
			errno = EFBIG;
		(void)refuse(reterr, "cannot read", path);
		close(fd);
		return -FAULT_SYSTEM;
	}
	close(fd);
	*ret = TAKE(text);
	return 0;
}

/* ==== opening ==== */

/* What the new file is to have: what the old one has. Root gives it to root and the service's
 * group, unless somebody chose another group. */
static void choose_owner(struct setup_file *f, const struct stat *st)
{
	const struct group *group = geteuid() == 0 ? getgrnam(SETUP_GROUP) : NULL;

	f->uid = f->exists ? st->st_uid : geteuid();
	f->gid = f->exists ? st->st_gid : getegid();
	f->mode = f->exists ? st->st_mode & 0644 : 0600;
	if (!group || (f->exists && st->st_gid != 0 && st->st_gid != group->gr_gid))
		return;
	f->gid = group->gr_gid;
	f->mode = 0640;
}

static int open_folder(struct setup_file *f, struct fault *reterr)
{
	CLEANUP(mem_free) char *folder = xstrdup(f->path);
	char *slash = strrchr(folder, '/');

	if (slash)
		slash[slash == folder ? 1 : 0] = '\0';
	f->folder = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->folder < 0 && errno == ENOENT)
		return fault_set(reterr, FAULT_NOT_FOUND,
			"there is no folder %s: install opbridge first, or name another file "
			"(--config)",
			folder);
	if (f->folder < 0)
		return refuse(reterr, "cannot open", folder);
	return 0;
}

int setup_file_lock(struct setup_file *f, struct fault *reterr)
{
	if (flock(f->folder, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return fault_set(reterr, FAULT_BUSY,
			"another set-up of %s is under way: end that one first", f->path);
	return 0;
}

int setup_file_open(struct setup_file *f, const char *path, const char *old, struct fault *reterr)
{
	char *real = realpath(path, NULL);
	struct stat st = { 0 };
	int r;

	*f = (struct setup_file){ .path = real ? real : xstrdup(path), .folder = -1 };
	f->fresh = xasprintf("%s.new", f->path);
	f->old = xasprintf("%s%s", f->path, old);
	r = open_folder(f, reterr);
	if (r < 0)
		return r;
	f->exists = stat(f->path, &st) == 0;
	if (f->exists && !S_ISREG(st.st_mode))
		return fault_set(reterr, FAULT_SYSTEM, "%s is no regular file", f->path);
	choose_owner(f, &st);
	return 0;
}

/* ==== writing ==== */

static int write_all(int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t done = write(fd, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		text += done;
		n -= (size_t)done;
	}
	return 0;
}

int setup_file_put(struct setup_file *f, const char *text, size_t n, struct fault *reterr)
{
	int fd, r = 0;

	if (unlink(f->fresh) < 0 && errno != ENOENT)
		return refuse(reterr, "cannot write", f->fresh);
	fd = open(f->fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse(reterr, "cannot write", f->fresh);
	f->has_fresh = true;
	if (write_all(fd, text, n) < 0 ||
		((f->uid != geteuid() || f->gid != getegid()) && fchown(fd, f->uid, f->gid) < 0) ||
		fchmod(fd, f->mode) < 0 || fsync(fd) < 0)
		r = refuse(reterr, "cannot write", f->fresh);
	if (close(fd) < 0 && r == 0)
		r = refuse(reterr, "cannot write", f->fresh);
	return r;
}

int setup_file_swap(struct setup_file *f, struct fault *reterr)
{
	if (f->exists && ((unlink(f->old) < 0 && errno != ENOENT) || link(f->path, f->old) < 0))
		return refuse(reterr, "cannot keep the old file as", f->old);
	if (rename(f->fresh, f->path) < 0)
		return refuse(reterr, "cannot replace", f->path);
	f->has_fresh = false;
	f->replaced = true;
	if (fsync(f->folder) < 0)
		return refuse(reterr, "cannot put on disk", f->path);
	return 0;
}

int setup_file_retire(struct setup_file *f, struct fault *reterr)
{
	if (!f->exists)
		return 0;
	if (rename(f->path, f->old) < 0)
		return refuse(reterr, "cannot set aside", f->path);
	f->replaced = true;
	if (fsync(f->folder) < 0)
		return refuse(reterr, "cannot put on disk", f->path);
	return 0;
}

int setup_file_undo(struct setup_file *f, struct fault *reterr)
{
	if (!f->replaced)
		return 0;
	if (f->exists ? rename(f->old, f->path) < 0 : unlink(f->path) < 0)
		return refuse(reterr, "cannot put back", f->path);
	f->replaced = false;
	if (fsync(f->folder) < 0)
		return refuse(reterr, "cannot put on disk", f->path);
	return 0;
}

/* ==== the end ==== */

void setup_file_shred(const char *path)
{
	static const char nothing[4096];
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd >= 0) {
		if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
			st.st_size <= (off_t)sizeof(nothing) && st.st_nlink == 1 &&
			write_all(fd, nothing, (size_t)st.st_size) == 0)
			(void)fdatasync(fd);
		close(fd);
	}
	(void)unlink(path);
}

void setup_file_forget_old(struct setup_file *f)
{
	if (f->replaced && f->exists)
		setup_file_shred(f->old);
}

void setup_file_drop(struct setup_file *f)
{
	if (f->has_fresh)
		setup_file_shred(f->fresh);
	f->has_fresh = false;
}

void setup_file_close(struct setup_file *f)
{
	setup_file_drop(f);
	if (f->path && f->folder >= 0)
		close(f->folder);
	mem_free(f->path);
	mem_free(f->fresh);
	mem_free(f->old);
	*f = (struct setup_file){ .folder = -1 };
}
