/* The durable store: one SQLite file, one connection, inline. Owns transactions, migrations, the
 * account and the small key/value memory. No SQLite type shows here or in the nouns above it
 * (store_event, store_incident, store_tenant, store_company, store_status), because a second store
 * for several hosts will come to stand behind the same faces.
 *
 * Turn rule: the first write of a loop turn opens a transaction by itself (BEGIN IMMEDIATE), and
 * store_commit at the turn's end makes all of it durable at once (WAL, synchronous=FULL).
 * Times are wall ms. All functions: 0, or -FAULT_STORE / -FAULT_STORE_FULL / -FAULT_NOT_FOUND. */
#ifndef IO_STORE_H
#define IO_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/tidy.h"

struct store;

/* Open or create. Refuses, with the remedy in the sentence: a file that is not a database, one of
 * another program, one written by a newer version, a corrupt one, one in use by another daemon
 * (-FAULT_BUSY), a symbolic link, a directory that cannot be written. Never recreates over
 * anything. gives: store_close. At open, what was sending goes back to queued and incidents with an
 * operation are put in doubt.
 */
int store_open(
	const char *path, int64_t max_bytes, struct store **ret, struct fault *reterr) MUST_CHECK;
void store_close(struct store *st); /* checkpoints; NULL is allowed */
DEFINE_CLEANUP(store_close, struct store *);

bool store_in_turn(const struct store *st); /* is a transaction open? */
int store_commit(struct store *st, struct fault *reterr) MUST_CHECK; /* nothing open: 0 at once */
void store_rollback(struct store *st);
/* What store_open does for rows that a crash left half-way, on a running store: SENDING back to
 * QUEUED, operations under way put in doubt, claims forgotten. After a failed commit, when the
 * memory of what was under way is no longer to be trusted. Inside a turn. */
int store_recover(struct store *st, struct fault *reterr) MUST_CHECK;
/* Nothing can be written any more until a restart: a sync failed, or the file is damaged. */
bool store_lost(const struct store *st);
/* May more be accepted? -FAULT_STORE_FULL once the file has grown to max_bytes (or the disk below
 * it has less than STORE_DISK_RESERVE free); delivery may still write then: the hard cap lies
 * STORE_RESERVE above. */
#define STORE_RESERVE (16 * 1024 * 1024)
#define STORE_DISK_RESERVE (16 * 1024 * 1024)
int store_room(struct store *st, struct fault *reterr) MUST_CHECK;
/* When idle: give free pages back and shorten the log. Bounded work; not inside a turn. */
void store_idle(struct store *st);
/* Delete finished events older than before_at, at most max; incidents without events go as well:
 * those that have a ticket a year later, as it may still be open. The account keeps their counts.
 */
int store_prune(
	struct store *st, int64_t before_at, int max, int *ret_n, struct fault *reterr) MUST_CHECK;

/* accepted = sum of the others, at every commit (kept by triggers, so it costs nothing to ask). */
struct account {
	int64_t accepted, queued, sending, held, delivered, skipped, muted, expired, dead;
};
int store_account(struct store *st, struct account *ret, struct fault *reterr) MUST_CHECK;
bool account_balances(const struct account *a);
/* Count the rows and compare with what the triggers kept: slow, for tests and debug builds. */
int store_account_verify(struct store *st, struct fault *reterr) MUST_CHECK;

/* Small facts that survive a restart (sync times, board, codebase). get: *ret NULL if unknown;
 * gives: mem_free. set with value NULL forgets. */
int store_memo_get(struct store *st, const char *key, char **ret, struct fault *reterr) MUST_CHECK;
int store_memo_set(
	struct store *st, const char *key, const char *value, struct fault *reterr) MUST_CHECK;

#endif
