/* A black hole: an address and port of this host where connections neither come about nor are
 * refused. usage: hole ADDRESS PORT   Prints "ready", then waits to be ended.
 *
 * The queue of a listening socket that nobody accepts from is filled; the kernel then drops further
 * SYNs without a word, as a firewall does. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILLERS_MAX 8
#define HANGS_MS 300

static socklen_t address(const char *text, const char *port, struct sockaddr_storage *ret)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;

	*ret = (struct sockaddr_storage){ 0 };
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)strtoul(port, NULL, 10));
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return 0;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)strtoul(port, NULL, 10));
	return sizeof(*v6);
}

static int open_socket(int family)
{
	return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Does a connection hang? */
static int hangs(const struct sockaddr_storage *addr, socklen_t n)
{
	int fd = open_socket(addr->ss_family);
	struct pollfd one = { .fd = fd, .events = POLLOUT };

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)addr, n) < 0 && errno != EINPROGRESS)
		return -1;
	return poll(&one, 1, HANGS_MS) == 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage addr;
	socklen_t n;
	int fd, one = 1, i, r = 0;

	if (argc != 3 || !(n = address(argv[1], argv[2], &addr))) {
		fprintf(stderr, "usage: hole ADDRESS PORT\n");
		return 64;
	}
	fd = open_socket(addr.ss_family);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
		bind(fd, (struct sockaddr *)&addr, n) < 0 || listen(fd, 0) < 0) {
		fprintf(stderr, "hole: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	for (i = 0; i < FILLERS_MAX && r == 0; i++)
		r = hangs(&addr, n);
	if (r != 1) {
		fprintf(stderr, "hole: connections to %s still come about\n", argv[1]);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
