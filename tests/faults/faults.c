/* Preloaded into the daemon (LD_PRELOAD): lets one kind of call to the C library fail as the kernel
 * would let it fail, at a given occurrence. The rule stands in a small file that is mapped here and
 * can be changed while the daemon runs:
 *
 *     byte 0      1 = armed, 0 = every call goes through
 *     bytes 1…    CALL HOW FROM TIMES [ONLY], as words, ended by a NUL
 *     byte 1024   two 64-bit counters: calls that fit the rule, calls that failed
 *
 * CALL   open read write sync truncate unlink statvfs malloc accept wait watch getrandom socket
 *        connect send recv thread
 * HOW    a name of errno, or "short": half of what was to be written is written
 * FROM   the first occurrence that fails, from 1; TIMES how many in a row, 0 = all from there on
 * ONLY   a part of the file's path; for sockets unix, inet or inet6
 *
 * The calls go through the C library's names, so libraries are met as well (SQLite, libcurl,
 * libevent); what the C library calls inside itself is not. The memory that fails is that of the
 * whole process, at any depth of any library. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#define RULE_MAX 1023
#define SHORT (-1)

struct page {
	char state;
	char rule[RULE_MAX];
	uint64_t seen, struck;
};
static struct page *page;

static const struct {
	const char *name;
	int code;
} errors[] = {
	{ "short", SHORT },
	{ "EACCES", EACCES },
	{ "EADDRNOTAVAIL", EADDRNOTAVAIL },
	{ "EAGAIN", EAGAIN },
	{ "EBADF", EBADF },
	{ "ECONNABORTED", ECONNABORTED },
	{ "ECONNREFUSED", ECONNREFUSED },
	{ "ECONNRESET", ECONNRESET },
	{ "EDQUOT", EDQUOT },
	{ "EFBIG", EFBIG },
	{ "EHOSTUNREACH", EHOSTUNREACH },
	{ "EINTR", EINTR },
	{ "EIO", EIO },
	{ "EMFILE", EMFILE },
	{ "ENETDOWN", ENETDOWN },
	{ "ENETUNREACH", ENETUNREACH },
	{ "ENFILE", ENFILE },
	{ "ENOBUFS", ENOBUFS },
	{ "ENOMEM", ENOMEM },
	{ "ENOSPC", ENOSPC },
	{ "ENOSYS", ENOSYS },
	{ "EPERM", EPERM },
	{ "EPIPE", EPIPE },
	{ "EROFS", EROFS },
	{ "ETIMEDOUT", ETIMEDOUT },
};

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("OPBRIDGE_FAULTS");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *at;

	if (fd < 0)
		return;
	at = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (at != MAP_FAILED)
		page = at;
}

/* ==== the rule ==== */

static int code_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].code;
	abort(); /* a test that names no error tests nothing */
}

static bool path_has(int fd, const char *path, const char *only)
{
	char link[32], of_fd[512];
	ssize_t n;

	if (path)
		return strstr(path, only);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, of_fd, sizeof(of_fd) - 1);
	of_fd[n > 0 ? n : 0] = '\0';
	return strstr(of_fd, only);
}

/* family: of a socket that is asked for; 0: that of fd counts. */
static bool family_is(int fd, int family, const char *only)
{
	socklen_t n = sizeof(family);

	if (!family && getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &n) < 0)
		return false;
	return strcmp(only, family == AF_UNIX ? "unix" : family == AF_INET ? "inet" : "inet6") == 0;
}

struct place {
	int fd;
	const char *path;
	int family;
	bool socket;
};

/* 0: the call goes through. Otherwise the code of how it fails, SHORT included. */
static int strikes(const char *call, const struct place *at)
{
	char word[16], how[20], only[256] = "";
	unsigned long from, times, n;
	int saved = errno, code;

	if (!page || page->state != '1' || strncmp(page->rule, call, strlen(call)) != 0)
		return 0;
	if (page->rule[RULE_MAX - 1] != '\0')
		abort();
	if (sscanf(page->rule, "%15s %19s %lu %lu %255s", word, how, &from, &times, only) < 4 ||
		strcmp(word, call) != 0)
		return 0;
	if (*only &&
		!(at->socket ? family_is(at->fd, at->family, only)
			     : path_has(at->fd, at->path, only))) {
		errno = saved;
		return 0;
	}
	n = __atomic_add_fetch(&page->seen, 1, __ATOMIC_SEQ_CST);
	errno = saved;
	if (n < from || (times && n >= from + times))
		return 0;
	__atomic_add_fetch(&page->struck, 1, __ATOMIC_SEQ_CST);
	code = code_of(how);
	if (code != SHORT)
		errno = code;
	return code;
}

#define ON_FILE(descriptor) (&(struct place){ .fd = (descriptor) })
#define ON_PATH(name) (&(struct place){ .fd = -1, .path = (name) })
#define ON_SOCKET(descriptor) (&(struct place){ .fd = (descriptor), .socket = true })
#define ON_FAMILY(of) (&(struct place){ .fd = -1, .family = (of), .socket = true })
#define ANYWHERE (&(struct place){ .fd = -1, .path = "" })

/* REAL(f): the function behind this one. */
#define REAL(f)                                                                                    \
	({                                                                                         \
		static __typeof__(&f) real;                                                        \
		if (!real)                                                                         \
			*(void **)&real = dlsym(RTLD_NEXT, #f);                                    \
		if (!real)                                                                         \
			abort();                                                                   \
		real;                                                                              \
	})

/* ==== files ==== */

#define OPEN(f)                                                                                    \
	int f(const char *path, int flags, ...)                                                    \
	{                                                                                          \
		mode_t mode = 0;                                                                   \
		va_list ap;                                                                        \
                                                                                                   \
		if (flags & (O_CREAT | O_TMPFILE)) {                                               \
			va_start(ap, flags);                                                       \
			mode = va_arg(ap, mode_t);                                                 \
			va_end(ap);                                                                \
		}                                                                                  \
		return strikes("open", ON_PATH(path)) ? -1 : REAL(f)(path, flags, mode);           \
	}
OPEN(open)
OPEN(open64)

#define FOPEN(f)                                                                                   \
	FILE *f(const char *path, const char *mode)                                                \
	{                                                                                          \
		return strikes("open", ON_PATH(path)) ? NULL : REAL(f)(path, mode);                \
	}
FOPEN(fopen)
FOPEN(fopen64)

ssize_t read(int fd, void *to, size_t n)
{
	return strikes("read", ON_FILE(fd)) ? -1 : REAL(read)(fd, to, n);
}

#define PREAD(f, off)                                                                              \
	ssize_t f(int fd, void *to, size_t n, off at)                                              \
	{                                                                                          \
		return strikes("read", ON_FILE(fd)) ? -1 : REAL(f)(fd, to, n, at);                 \
	}
PREAD(pread, off_t)
PREAD(pread64, off64_t)

/* The length that is written: half of it when the rule says so. */
static size_t cut(int how, size_t n)
{
	return how == SHORT && n > 1 ? n / 2 : n;
}

ssize_t write(int fd, const void *from, size_t n)
{
	int how = strikes("write", ON_FILE(fd));

	return how > 0 ? -1 : REAL(write)(fd, from, cut(how, n));
}

#define PWRITE(f, off)                                                                             \
	ssize_t f(int fd, const void *from, size_t n, off at)                                      \
	{                                                                                          \
		int how = strikes("write", ON_FILE(fd));                                           \
                                                                                                   \
		return how > 0 ? -1 : REAL(f)(fd, from, cut(how, n), at);                          \
	}
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int fsync(int fd)
{
	return strikes("sync", ON_FILE(fd)) ? -1 : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
	return strikes("sync", ON_FILE(fd)) ? -1 : REAL(fdatasync)(fd);
}

#define TRUNCATE(f, off)                                                                           \
	int f(int fd, off size)                                                                    \
	{                                                                                          \
		return strikes("truncate", ON_FILE(fd)) ? -1 : REAL(f)(fd, size);                  \
	}
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int unlink(const char *path)
{
	return strikes("unlink", ON_PATH(path)) ? -1 : REAL(unlink)(path);
}

int statvfs(const char *path, struct statvfs *ret)
{
	return strikes("statvfs", ON_PATH(path)) ? -1 : REAL(statvfs)(path, ret);
}

/* ==== memory: by the C library's own names, as dlsym needs memory itself ==== */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

#ifndef FAULTS_WITHOUT_MEMORY /* a sanitizer has its own */
void *malloc(size_t size)
{
	return strikes("malloc", ANYWHERE) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return strikes("malloc", ANYWHERE) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return strikes("malloc", ANYWHERE) ? NULL : __libc_realloc(p, size);
}
#endif

/* ==== sockets, waiting, the rest ==== */

int accept4(int fd, struct sockaddr *addr, socklen_t *n, int flags)
{
	return strikes("accept", ON_SOCKET(fd)) ? -1 : REAL(accept4)(fd, addr, n, flags);
}

int epoll_wait(int fd, struct epoll_event *events, int n, int timeout)
{
	return strikes("wait", ANYWHERE) ? -1 : REAL(epoll_wait)(fd, events, n, timeout);
}

int epoll_ctl(int epoll, int what, int fd, struct epoll_event *event)
{
	return strikes("watch", ON_SOCKET(fd)) ? -1 : REAL(epoll_ctl)(epoll, what, fd, event);
}

ssize_t getrandom(void *to, size_t n, unsigned int flags)
{
	int how = strikes("getrandom", ANYWHERE);

	return how > 0 ? -1 : REAL(getrandom)(to, cut(how, n), flags);
}

int socket(int family, int type, int protocol)
{
	return strikes("socket", ON_FAMILY(family)) ? -1 : REAL(socket)(family, type, protocol);
}

int connect(int fd, const struct sockaddr *addr, socklen_t n)
{
	return strikes("connect", ON_SOCKET(fd)) ? -1 : REAL(connect)(fd, addr, n);
}

ssize_t send(int fd, const void *from, size_t n, int flags)
{
	int how = strikes("send", ON_SOCKET(fd));

	return how > 0 ? -1 : REAL(send)(fd, from, cut(how, n), flags);
}

ssize_t writev(int fd, const struct iovec *iov, int n)
{
	int how = strikes("send", ON_SOCKET(fd));

	if (how == SHORT)
		return REAL(write)(fd, iov[0].iov_base, cut(how, iov[0].iov_len));
	return how ? -1 : REAL(writev)(fd, iov, n);
}

ssize_t recv(int fd, void *to, size_t n, int flags)
{
	return strikes("recv", ON_SOCKET(fd)) ? -1 : REAL(recv)(fd, to, n, flags);
}

ssize_t readv(int fd, const struct iovec *iov, int n)
{
	return strikes("recv", ON_SOCKET(fd)) ? -1 : REAL(readv)(fd, iov, n);
}

int pthread_create(pthread_t *ret, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	int code = strikes("thread", ANYWHERE);

	return code > 0 ? code : REAL(pthread_create)(ret, attr, run, arg);
}
