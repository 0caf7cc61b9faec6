/*
 * fault.h - faults armed over the admin socket, each for the next n matching requests.
 */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct call;

enum fault_kind {
	FAULT_NONE,
	FAULT_STATUS,
	FAULT_RATE_LIMIT,
	FAULT_HANG,
	FAULT_DELAY,
	FAULT_DRIP,
	FAULT_DROP_BEFORE_COMMIT,
	FAULT_DROP_AFTER_COMMIT,
	FAULT_RESET_AFTER_COMMIT,
	FAULT_REPLY_500_AFTER_COMMIT,
	FAULT_BAD_JSON,
	FAULT_TRUNCATED,
	FAULT_EMPTY_201,
	FAULT_WRONG_TYPES,
	FAULT_HUGE,
	FAULT_HTML,
	FAULT_REDIRECT,
	FAULT_FALSE_200,
	FAULT_NO_LINK,
	FAULT_CLOSE_IDLE,
	/* of the listener, not of a request */
	FAULT_SHUT,
	FAULT_CERT_BAD_HOST,
	FAULT_CERT_EXPIRED,
	FAULT_CERT_UNKNOWN_CA,
};

struct fault {
	enum fault_kind kind;
	int number;
	char *method, *path, *query; /* globs; query NULL = any */
	int after, times; /* skip so many matches; then so many, 0 = until cleared */
	int seen, hits;
	int status, delay_ms, mib;
	bool commit; /* the request is carried out, whatever the reply */
	bool late; /* … only after the delay */
	bool close_notify; /* a dropped connection ends the TLS session properly */
	char *retry_after, *body, *location, *id;
};

struct faults {
	struct fault *v;
	size_t n;
	int next_number;
};

/* Arm from the JSON of POST /fault. Returns the number, or 0 with the sentence in error[]. */
int fault_arm(struct faults *all, const cJSON *wanted, char *error, size_t error_size);
void faults_clear(struct faults *all);
/* The first fault that matches the call counts it, and c->fault is a copy when it strikes. */
void fault_match(struct faults *all, struct call *c);
void fault_free(struct fault *f);
/* The newest armed fault of a listener, or FAULT_NONE. */
enum fault_kind fault_of_listener(const struct faults *all);
/* Is the listener shut? */
bool faults_shut(const struct faults *all);
/* Is a fault of this kind armed, spent or not? */
bool fault_holds(const struct faults *all, enum fault_kind kind);
cJSON *faults_json(const struct faults *all);
/* "drop_after_commit"; NULL for none. */
const char *fault_word(enum fault_kind kind);

#endif
