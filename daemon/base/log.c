#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/secret.h"
#include "base/str.h"

/* The one global of the program. */
static struct {
	enum log_level level;
	enum log_format format;
	log_sink *sink;
	bool syslog_prefix;
	char *canaries[LOG_CANARIES];
} the_log = { .level = LEVEL_INFO };

void log_set_level(enum log_level level)
{
	the_log.level = level;
}

enum log_level log_level(void)
{
	return the_log.level;
}

void log_set_format(enum log_format format, log_sink *sink)
{
	the_log.format = format;
	the_log.sink = sink;
}

void log_set_syslog_prefix(bool on)
{
	the_log.syslog_prefix = on;
}

void log_set_canary(int slot, const char *secret)
{
	secret_wipe(the_log.canaries[slot]);
	the_log.canaries[slot] =
		secret && strlen(secret) >= LOG_CANARY_MIN ? xstrdup(secret) : NULL;
}

void log_forget_canaries(void)
{
	int i;

	for (i = 0; i < LOG_CANARIES; i++)
		log_set_canary(i, NULL);
}

const char *log_level_name(enum log_level level)
{
	switch (level) {
	case LEVEL_ERROR:
		return "error";
	case LEVEL_WARN:
		return "warn";
	case LEVEL_INFO:
		return "info";
	case LEVEL_DEBUG:
		return "debug";
	}
	abort();
}

static bool is_secret(const char *value)
{
	int i;

	for (i = 0; i < LOG_CANARIES; i++)
		if (the_log.canaries[i] && strstr(value, the_log.canaries[i]))
			return true;
	return false;
}

const char *log_safe(const char *value)
{
	return is_secret(value) ? "***" : value;
}

struct range {
	uint32_t from, to;
};

/* Beyond ASCII: control characters, line separators, and marks that turn the direction of writing,
 * which could make a line look like another. */
static const struct range tricky_ranges[] = { { 0x80, 0x9F }, { 0x61C, 0x61C }, { 0x200E, 0x200F },
	{ 0x2028, 0x202E }, { 0x2066, 0x2069 } };

/* The tricky character that a text begins with: its bytes, or 0. All of them have two or three. */
static size_t tricky(const char *text, uint32_t *ret_character)
{
	const unsigned char *at = (const unsigned char *)text;
	uint32_t c = 0;
	size_t n = 0, i;

	if ((at[0] & 0xE0) == 0xC0 && (at[1] & 0xC0) == 0x80) {
		c = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
		n = 2;
	} else if ((at[0] & 0xF0) == 0xE0 && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80) {
		c = (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
		n = 3;
	}
	for (i = 0; n && i < ARRAY_LEN(tricky_ranges); i++)
		if (c >= tricky_ranges[i].from && c <= tricky_ranges[i].to) {
			*ret_character = c;
			return n;
		}
	return 0;
}

static void add_quoted(struct str *line, const char *value)
{
	uint32_t character = 0;

	str_addc(line, '"');
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;
		size_t n = tricky(value, &character);

		if (n) {
			str_addf(line, "\\u%04x", (unsigned int)character);
			value += n - 1;
		} else if (c == '"' || c == '\\')
			str_addf(line, "\\%c", c);
		else if (c == '\n')
			str_add(line, "\\n");
		else if (c < 0x20 || c == 0x7F)
			str_addf(line, "\\u%04x", c);
		else
			str_addc(line, (char)c);
	}
	str_addc(line, '"');
}

static bool is_bare(const char *value)
{
	uint32_t character;

	if (!*value)
		return false;
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c <= 0x20 || c == '"' || c == '=' || c == '\\' || c == 0x7F ||
			tricky(value, &character))
			return false;
	}
	return true;
}

static void add_value(struct str *line, const struct log_field *f, bool json)
{
	const char *value = f->str;

	if (!f->is_str) {
		str_addf(line, "%" PRId64, f->num);
		return;
	}
	value = log_safe(value);
	if (!json && is_bare(value))
		str_add(line, value);
	else
		add_quoted(line, value);
}

static void add_pair(struct str *line, const struct log_field *f, bool json)
{
	if (json) {
		if (line->len > 1)
			str_addc(line, ',');
		add_quoted(line, f->key);
		str_addc(line, ':');
	} else {
		if (line->len)
			str_addc(line, ' ');
		str_addf(line, "%s=", f->key);
	}
	add_value(line, f, json);
}

static void write_all(const char *text, size_t n)
{
	while (n) {
		ssize_t done = write(STDERR_FILENO, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return; /* nowhere left to complain */
		text += done;
		n -= (size_t)done;
	}
}

static void add_fields(struct str *line, const struct log_field *fields, size_t n, bool json)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!fields[i].is_str || fields[i].str)
			add_pair(line, &fields[i], json);
}

char *log_text(const char *msg, const struct log_field *fields, size_t n)
{
	STR_AUTO(line);

	str_add(&line, log_safe(msg));
	add_fields(&line, fields, n, false);
	return str_take(&line);
}

void log_to_stderr(enum log_level level, const char *msg, const struct log_field *fields, size_t n)
{
	static const char prefix[] = {
		[LEVEL_ERROR] = '3', [LEVEL_WARN] = '4', [LEVEL_INFO] = '6', [LEVEL_DEBUG] = '7'
	};
	bool json = the_log.format == LOG_JSON, bare = the_log.syslog_prefix && !json;
	char when[TIME_TEXT_MAX];
	STR_AUTO(line);
	STR_AUTO(out);

	if (json)
		str_addc(&line, '{');
	if (!bare) {
		time_text(now_wall_ms(), when);
		add_pair(&line, &F_STR("time", when), json);
		add_pair(&line, &F_STR("level", log_level_name(level)), json);
	}
	add_pair(&line, &F_STR("msg", msg), json);
	add_fields(&line, fields, n, json);
	if (json)
		str_addc(&line, '}');
	if (bare)
		str_addf(&out, "<%c>", prefix[level]);
	str_addn(&out, line.at, line.len);
	str_addc(&out, '\n');
	write_all(out.at, out.len);
}

void log_write(enum log_level level, const char *msg, const struct log_field *fields, size_t n)
{
	if (level > the_log.level)
		return;
	if (the_log.format == LOG_JOURNAL && the_log.sink)
		the_log.sink(level, log_safe(msg), fields, n);
	else
		log_to_stderr(level, msg, fields, n);
}
