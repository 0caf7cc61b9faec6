/* One run of the opbridge command: its settings, its calls to the daemon, its error sentences.
 * A sub-command returns its exit code; whoever finds a fault prints it once, by ctl_fail. */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <stdint.h>
#include "base/json.h"
#include "base/str.h"
#include "ctl/command.h"
#include "ctl/term.h"
#include "opbridge.h"

/* owned by main */
struct ctl {
	const char *socket; /* --socket, or NULL: each call's own */
	bool json; /* print the daemon's JSON instead of a text for people */
	struct term out;
	int64_t now_ms; /* wall clock at the start: what times are relative to */
};

enum channel { CHANNEL_EVENTS, CHANNEL_CONTROL };

struct call {
	enum channel channel;
	const char *method, *path;
	const cJSON *body; /* NULL: none */
	enum exit_code conflict_exit; /* for an answer 409 */
};

/* Print "opbridge: sentence" on stderr, escaped, and return code. */
int ctl_fail(enum exit_code code, const char *fmt, ...) PRINTF_LIKE(2, 3);
int ctl_fail_fault(enum exit_code code, const struct fault *f);

/* gives: opb_free; NULL with the sentence printed. */
struct opb *ctl_client(const struct ctl *ctl, enum channel channel) MUST_CHECK;
DEFINE_CLEANUP(opb_free, struct opb *);
/* The exit code for a negative result of the client library. */
enum exit_code ctl_exit_of_error(int opb_error);
/* The exit code for an answer that is no success. */
enum exit_code ctl_exit_of_status(int status, enum exit_code conflict_exit);
/* The sentence in an answer that is no success: its problem's detail or title, or the status.
 * gives: mem_free. */
char *ctl_problem(const struct opb_reply *reply) MUST_CHECK;
/* Read an answer's JSON. gives: json_free. */
int ctl_parse(const struct opb_reply *reply, cJSON **ret, struct fault *reterr) MUST_CHECK;

/* One call in its two halves, for whoever looks at the status first: send it (gives: *ret,
 * opb_reply_clear); then read the answer as ctl_call does. */
int ctl_send(const struct ctl *ctl, const struct call *call, struct opb_reply *ret) MUST_CHECK;
int ctl_answer(const struct call *call, const struct opb_reply *reply, cJSON **ret) MUST_CHECK;
/* One call with a JSON answer. Returns EXIT_OK with *ret set (gives: json_free), or prints why not
 * and returns the exit code. */
int ctl_call(const struct ctl *ctl, const struct call *call, cJSON **ret) MUST_CHECK;
/* GET from control.sock; the same. */
int ctl_get(const struct ctl *ctl, const char *path, cJSON **ret) MUST_CHECK;
/* The same, and with --json it prints the answer and sets *ret to NULL. */
int ctl_get_or_print(const struct ctl *ctl, const char *path, cJSON **ret) MUST_CHECK;

/* node as JSON: pretty on a terminal, one line otherwise. */
void ctl_print_json(const struct ctl *ctl, const cJSON *node);

/* Build a path: percent-encoded pieces and query members. NULL and "" add no member. */
void path_add(struct str *path, const char *text);
void path_query(struct str *path, const char *key, const char *value);

/* "label:  text", aligned and wrapped; text is escaped here. NULL or "" prints nothing. */
void ctl_line(const struct ctl *ctl, const char *label, enum tone tone, const char *text);
void ctl_linef(const struct ctl *ctl, const char *label, enum tone tone, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* Any text for people on stdout; what comes from the daemon in it is escaped. */
void ctl_say(const struct ctl *ctl, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Members of an answer with a fallback. */
int64_t ctl_int(const cJSON *object, const char *path); /* 0 if absent */
const char *ctl_str(const cJSON *object, const char *path, const char *fallback);
/* "Contoso Ltd", its domain or its id: the first that a TENANT has. lends. */
const char *ctl_tenant(const cJSON *tenant);
/* The first element of object's array key, whose ->next are the others; NULL: none, or no array. */
const cJSON *ctl_first(const cJSON *object, const char *key);
bool ctl_is_null(const cJSON *object, const char *key); /* absent or null */

void ctl_sleep_ms(long ms);

#endif
