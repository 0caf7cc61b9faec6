#include "io/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <systemd/sd-daemon.h>
#include "base/mem.h"
#include "base/str.h"

/* A line of our own protocol with systemd: a line end in the text would begin another variable. */
static void send_status(const char *before, const char *status)
{
	CLEANUP(mem_free) char *plain = utf8_plain(status, false);

	(void)sd_notifyf(0, "%sSTATUS=%s", before, plain);
}

void notify_ready(const char *status)
{
	send_status("READY=1\n", status);
}

void notify_reloading(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t); /* in µs, as systemd compares it with its own */
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\nSTATUS=Reloading",
		(int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000);
}

void notify_stopping(const char *status)
{
	send_status("STOPPING=1\n", status);
}

void notify_status(const char *status)
{
	send_status("", status);
}

int64_t notify_watchdog_ms(void)
{
	uint64_t usec = 0;

	if (sd_watchdog_enabled(0, &usec) <= 0 || usec == 0)
		return 0;
	return usec < 2000 ? 1 : (int64_t)(usec / 2000);
}

void notify_watchdog_ping(void)
{
	(void)sd_notify(0, "WATCHDOG=1");
}

static void names_free(char **names, int n)
{
	int i;

	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

static int check_fd(int fd, const char *name, struct fault *reterr)
{
	int flags;

	if (sd_is_socket_unix(fd, SOCK_STREAM, 1, NULL, 0) <= 0)
		return fault_set(reterr, FAULT_CONFIG,
			"what systemd handed over as %s is not a listening Unix stream socket: "
			"look at "
			"ListenStream= and FileDescriptorName= of the socket unit",
			name);
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
		return fault_set(reterr, FAULT_SYSTEM, "the socket %s that systemd handed over: %s",
			name, strerror(errno));
	return 0;
}

int notify_listen_fd(const char *name, int *ret_fd, struct fault *reterr)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(0, &names), i, found = 0, fd = -1, result;

	for (i = 0; i < n; i++)
		if (str_eq(names[i], name)) {
			fd = SD_LISTEN_FDS_START + i;
			found++;
		}
	names_free(names, n);
	if (found == 0)
		return fault_set(reterr, FAULT_NOT_FOUND, "systemd handed over no socket %s", name);
	if (found > 1)
		return fault_set(reterr, FAULT_CONFIG,
			"systemd handed over %d sockets named %s; there must be one", found, name);
	result = check_fd(fd, name, reterr);
	if (result == 0)
		*ret_fd = fd;
	return result;
}
