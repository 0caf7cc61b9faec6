/* What is said to systemd, and the sockets it hands over. Every call does nothing where there is
 * no systemd to talk to. With journal.c the only places that include systemd's headers. */
#ifndef IO_NOTIFY_H
#define IO_NOTIFY_H

#include <stdint.h>
#include "base/fault.h"
#include "base/tidy.h"

void notify_ready(const char *status); /* after start and at the end of each reload, good or bad */
void notify_reloading(void); /* with the monotonic time, in one datagram */
void notify_stopping(const char *status);
void notify_status(const char *status); /* one line, shown by `systemctl status` */

/* How often to ping, in ms: half of what WatchdogSec= allows; 0: no watchdog. */
int64_t notify_watchdog_ms(void);
void notify_watchdog_ping(void);

/* The listening Unix socket that systemd opened under this name (FileDescriptorName=):
 * "events.sock" or "control.sock". It is non-blocking and closed on exec; ask for each name once,
 * then it is the caller's. -FAULT_NOT_FOUND: none was handed over; -FAULT_CONFIG: it is not such a
 * socket, or there are two. */
int notify_listen_fd(const char *name, int *ret_fd, struct fault *reterr) MUST_CHECK;

#endif
