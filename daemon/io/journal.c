#include "io/journal.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#define SD_JOURNAL_SUPPRESS_LOCATION /* it would always name this file */
#include <systemd/sd-journal.h>
#include "base/mem.h"
#include "base/str.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define FIELDS_MAX 32 /* with the four of our own; a line has about ten */
#define KEY_MAX 64 /* the journal's limit for a field's name */

static const struct {
	const char *msg, *id;
} catalog[] = {
	{ MSG_KEYS_REFUSED, "937a4e756edd4410821ab4360994b092" },
	{ MSG_PERMISSION_MISSING, "c253d964b8814b36b6a257b47dc3f511" },
	{ MSG_BREAKER_OPENED, "3aa174d20b0a422c9a62ad05f8b5a0d4" },
	{ MSG_BREAKER_CLOSED, "e6e6fa0bf1be43d580fd7df25180860a" },
	{ MSG_HELD_UNMAPPED, "47baa0ed929c470184472dd8a7c3a58f" },
	{ MSG_SWEEP_REFUSED, "cbaee188a336418eb2f6dc0d36279fad" },
};

bool journal_stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	uintmax_t device, inode;
	struct stat st;
	char *end;

	if (!stream)
		return false;
	device = strtoumax(stream, &end, 10);
	if (end == stream || *end != ':')
		return false;
	stream = end + 1;
	inode = strtoumax(stream, &end, 10);
	if (end == stream || *end)
		return false;
	return fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

static const char *id_of(const char *msg)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(catalog); i++)
		if (str_eq(catalog[i].msg, msg))
			return catalog[i].id;
	return NULL;
}

/* syslog's numbers. */
static int priority_of(enum log_level level)
{
	switch (level) {
	case LEVEL_ERROR:
		return 3;
	case LEVEL_WARN:
		return 4;
	case LEVEL_INFO:
		return 6;
	case LEVEL_DEBUG:
		return 7;
	}
	abort();
}

/* What one line sends. The texts are owned by it. */
struct entry {
	struct iovec parts[FIELDS_MAX];
	int n;
};

static void entry_add(struct entry *e, char *text) /* takes text */
{
	assert(e->n < FIELDS_MAX);
	e->parts[e->n].iov_base = text;
	e->parts[e->n].iov_len = strlen(text);
	e->n++;
}

static void entry_clear(struct entry *e)
{
	int i;

	for (i = 0; i < e->n; i++)
		free(e->parts[i].iov_base);
}

static char *field_text(const struct log_field *f)
{
	char key[KEY_MAX - sizeof("OPB_") + 1];
	size_t i;

	for (i = 0; i < sizeof(key) - 1 && f->key[i]; i++)
		key[i] = (char)toupper((unsigned char)f->key[i]);
	key[i] = '\0';
	if (f->is_str)
		return xasprintf("OPB_%s=%s", key, log_safe(f->str));
	return xasprintf("OPB_%s=%" PRId64, key, f->num);
}

void journal_sink(enum log_level level, const char *msg, const struct log_field *fields, size_t n)
{
	CLEANUP(mem_free) char *text = NULL;
	const char *id = id_of(msg);
	struct entry e = { .n = 0 };
	size_t i;
	int sent = -1;

	/* Looked at first: the library takes a missing journal for success. */
	if (access(JOURNAL_SOCKET, W_OK) == 0) {
		text = log_text(msg, fields, n);
		entry_add(&e, xasprintf("MESSAGE=%s", text));
		entry_add(&e, xasprintf("PRIORITY=%d", priority_of(level)));
		entry_add(&e, xstrdup("SYSLOG_IDENTIFIER=opbridged"));
		if (id)
			entry_add(&e, xasprintf("MESSAGE_ID=%s", id));
		for (i = 0; i < n && e.n < FIELDS_MAX; i++)
			if (!fields[i].is_str || fields[i].str)
				entry_add(&e, field_text(&fields[i]));
		sent = sd_journal_sendv(e.parts, e.n);
		entry_clear(&e);
	}
	if (sent < 0)
		log_to_stderr(level, msg, fields, n);
}
