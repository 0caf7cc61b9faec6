/* A copy of the queue while it runs, a slice at a time. What is written meanwhile is in the copy as
 * well: it is that of the moment when it ends. */
#ifndef IO_STORE_BACKUP_H
#define IO_STORE_BACKUP_H

#include "io/store.h"

struct backup;

/* A new file of mode 0600, which has its name only when it is whole: until then, and for ever if
 * the process is killed, it is PATH.opbridge-part. -FAULT_CONFLICT: it exists; -FAULT_SYSTEM: it
 * cannot be made. gives: backup_end, before store_close. */
int backup_begin(
	struct store *st, const char *path, struct backup **ret, struct fault *reterr) MUST_CHECK;
/* Some more pages; not inside a turn. *ret_done: the copy is whole and on disk. Whatever befalls
 * the copy is no fault of the store. */
int backup_step(struct backup *b, bool *ret_done, struct fault *reterr) MUST_CHECK;
int backup_percent(const struct backup *b); /* 0..100 */
/* One that is not done is removed, with all that lies beside it. NULL is allowed. */
void backup_end(struct backup *b);
DEFINE_CLEANUP(backup_end, struct backup *);

#endif
