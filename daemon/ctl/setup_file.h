/* Files that the set-up writes: made beside their place, put on disk, then renamed over it, so that
 * at every moment the old or the new one is whole. */
#ifndef CTL_SETUP_FILE_H
#define CTL_SETUP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "base/fault.h"
#include "base/tidy.h"

/* A file to be replaced. owned by its user; setup_file_close */
struct setup_file {
	char *path; /* links followed */
	char *fresh; /* "PATH.new": what is not decided yet */
	char *old; /* "PATH.bak" or what the opener called it */
	int folder; /* held open */
	bool exists, has_fresh, replaced;
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

#define SETUP_GROUP "opbridge" /* of the service: it must read its configuration */

/* Nothing is written yet. old: the ending that the replaced one gets, ".bak". -FAULT_NOT_FOUND:
 * there is no such folder; else -FAULT_SYSTEM. mode, uid and gid may be changed after. */
int setup_file_open(
	struct setup_file *f, const char *path, const char *old, struct fault *reterr) MUST_CHECK;
/* Keep other set-ups out of its folder until it is closed. -FAULT_BUSY: one is at work there. */
int setup_file_lock(struct setup_file *f, struct fault *reterr) MUST_CHECK;
/* Write PATH.new anew, whole, with the mode and the owner that PATH is to have. */
int setup_file_put(
	struct setup_file *f, const char *text, size_t n, struct fault *reterr) MUST_CHECK;
/* PATH.new becomes PATH, what was there PATH.bak; on disk when it returns. */
int setup_file_swap(struct setup_file *f, struct fault *reterr) MUST_CHECK;
/* PATH goes without a new one in its place; it stays as PATH.bak for now. */
int setup_file_retire(struct setup_file *f, struct fault *reterr) MUST_CHECK;
/* The old one back in its place, or none if there was none. */
int setup_file_undo(struct setup_file *f, struct fault *reterr) MUST_CHECK;
/* The old one is needed no longer: wiped as far as a file system lets one, and removed. */
void setup_file_forget_old(struct setup_file *f);
void setup_file_drop(struct setup_file *f); /* PATH.new goes if it is still there */
void setup_file_close(struct setup_file *f);

/* Overwrite and remove a file that held a secret. */
void setup_file_shred(const char *path);
/* The whole text of a file below 1 MiB. gives: mem_free. */
int setup_file_read(const char *path, char **ret, struct fault *reterr) MUST_CHECK;

#endif
