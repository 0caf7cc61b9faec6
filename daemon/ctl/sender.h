/* Hands events over in batches: collects, posts, waits while the daemon is full, reports each
 * result. Memory is one batch, however long the input. */
#ifndef CTL_SENDER_H
#define CTL_SENDER_H

#include "ctl/ctl.h"

/* One event as JSON that still fits a request together with its line feed. */
#define SENDER_EVENT_MAX (OPB_BODY_MAX - 1)

/* owned by run_submit; released with sender_free. */
struct sender {
	const struct ctl *ctl;
	struct opb *opb; /* borrows */
	int64_t wait_ms; /* how long a batch may wait for a daemon that is full */
	bool quiet;

	struct str text; /* the batch: one event a line */
	size_t ends[OPB_BATCH_MAX]; /* where each ends in text, behind its line feed */
	int64_t lines[OPB_BATCH_MAX]; /* where each began in the input */
	size_t n;

	int64_t accepted, duplicates, rejected; /* over all batches */
	bool answered; /* the daemon has answered at least once */
};

void sender_free(struct sender *s);
/* A split_fn: take one event into the batch, posting what is there when it is full. Returns
 * EXIT_OK, or an exit code with the sentence printed. */
int sender_add(void *sender, const char *text, size_t n, int64_t line, const char *bad);
/* Post what is there. The same results. */
int sender_flush(struct sender *s) MUST_CHECK;
/* Print the count, unless a single event was reported on its own line already. Returns EXIT_OK,
 * or EXIT_DATA if any event was rejected. */
int sender_summary(const struct sender *s) MUST_CHECK;

#endif
