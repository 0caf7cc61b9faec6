/* The systemd journal as a sink of the log: every field becomes one of the journal's own
 * (job → OPB_JOB), and the message repeats them so that plain `journalctl` shows everything.
 * With notify.c the only places that include systemd's headers. */
#ifndef IO_JOURNAL_H
#define IO_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include "base/log.h"

/* The messages that have an entry in the journal's catalog (systemd/opbridge.catalog), shown by
 * `journalctl -x`. Log them with these words: the sink adds the MESSAGE_ID. */
#define MSG_KEYS_REFUSED "ConnectWise refused the keys"
#define MSG_PERMISSION_MISSING "permission missing"
#define MSG_BREAKER_OPENED "breaker opened"
#define MSG_BREAKER_CLOSED "breaker closed"
#define MSG_HELD_UNMAPPED "event held: tenant not mapped"
#define MSG_SWEEP_REFUSED "sweep refused"

/* Does stderr lead to the journal? What systemd promises in $JOURNAL_STREAM (device:inode) is
 * compared with stderr itself, because the variable is inherited past a redirection. */
bool journal_stderr_is_journal(void);

/* A log_sink. Without a journal on this machine the line goes to stderr as logfmt. */
void journal_sink(enum log_level level, const char *msg, const struct log_field *fields, size_t n);

#endif
