/* The log: one line per fact, as key=value fields. base/, core/ and io/ do not log (debug
 * excepted); app/ logs each fault exactly once. Values are escaped, so a value never forges a line.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include "base/tidy.h"

enum log_level {
	LEVEL_ERROR, /* a person is needed */
	LEVEL_WARN, /* degraded, heals by itself */
	LEVEL_INFO, /* one line per event outcome; start, stop, reload, sync */
	LEVEL_DEBUG,
};

enum log_format { LOG_LOGFMT, LOG_JSON, LOG_JOURNAL };

struct log_field {
	const char *key; /* lower case, a-z and _ */
	const char *str; /* a text field without text is left out */
	int64_t num;
	bool is_str;
};

#define F_STR(k, v) ((struct log_field){ .key = (k), .str = (v), .is_str = true })
#define F_INT(k, v) ((struct log_field){ .key = (k), .num = (int64_t)(v) })

/* msg: a fixed English phrase, the same for each line of its kind. */
void log_write(enum log_level level, const char *msg, const struct log_field *fields, size_t n);

#define LOG_AT(level, msg, ...)                                                                    \
	do {                                                                                       \
		const struct log_field f_[] = { { 0 }, ##__VA_ARGS__ };                            \
		log_write((level), (msg), f_ + 1, sizeof(f_) / sizeof(f_[0]) - 1);                 \
	} while (0)
#define log_error(...) LOG_AT(LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) LOG_AT(LEVEL_WARN, __VA_ARGS__)
#define log_info(...) LOG_AT(LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) LOG_AT(LEVEL_DEBUG, __VA_ARGS__)

void log_set_level(enum log_level level);
enum log_level log_level(void);
/* LOG_JOURNAL needs a sink (io/journal.c); without one it falls back to logfmt on stderr. */
typedef void log_sink(
	enum log_level level, const char *msg, const struct log_field *fields, size_t n);
void log_set_format(enum log_format format, log_sink *sink);
/* For sinks. The line that log_write would put on stderr: where the sink cannot do better. */
void log_to_stderr(enum log_level level, const char *msg, const struct log_field *fields, size_t n);
/* For sinks. "msg key=value …" as logfmt, secrets replaced. gives: mem_free. */
char *log_text(const char *msg, const struct log_field *fields, size_t n) MUST_CHECK;
/* For sinks. The value, or "***" if it holds a canary. lends: as long as value lives. */
const char *log_safe(const char *value);
/* stderr is a journal stream or a pipe to one: leave time and level to it ("<6>" prefixes). */
void log_set_syslog_prefix(bool on);
/* Texts that must never appear (the private key, a password): any value that contains one is
 * replaced by "***". A last line of defence; nothing should ever get that far. Copied; NULL forgets
 * it; one of fewer than LOG_CANARY_MIN bytes is left out, as it would blank innocent words. */
#define LOG_CANARIES 2
#define LOG_CANARY_MIN 6
void log_set_canary(int slot, const char *secret); /* slot: 0..LOG_CANARIES - 1 */
void log_forget_canaries(void);

const char *log_level_name(enum log_level level);

#endif
