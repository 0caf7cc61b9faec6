/* The inside of the configuration reader, shared by conf*.c alone: the key table, the tree that a
 * file is read into, and the report that collects every fault. No libconfig type is seen here. */
#ifndef IO_CONF_PARTS_H
#define IO_CONF_PARTS_H

#include "io/conf.h"

/* What the right-hand side of a key must be. */
enum conf_kind {
	CONF_TEXT, /* a text; min and max count its bytes */
	CONF_INT, /* a whole number */
	CONF_BOOL, /* true or false */
	CONF_DURATION, /* "30s": kept as ms */
	CONF_SIZE, /* "64KiB": kept as bytes */
	CONF_WORD, /* one of words */
};

struct conf_word {
	const char *word; /* NULL ends the list */
	int value;
};

struct conf_key {
	const char *path; /* "delivery.slots" */
	enum conf_kind kind;
	size_t offset; /* into struct conf: char *, int, bool, int64_t, or an enum */
	int64_t min, max; /* both allowed */
	const char *standard; /* the default as the file would say it, unquoted; NULL: required */
	bool restart; /* a reload does not take it */
	const char *unit; /* of a whole number, for people; else "" */
	const struct conf_word *words;
	const char *help; /* one line */
};

extern const struct conf_key conf_keys[];
extern const size_t conf_n_keys;
#define CONF_PATH_MAX 64 /* bytes of the longest key path, terminator included */
#define CONF_FORMAT_AUTO (-1) /* log.format as written; decided at load */

/* The index of a path in conf_keys; -1 if there is no such key. */
int conf_key_find(const char *path);
/* The key (or, with at_section, the section) that was probably meant: lends, or NULL. */
const char *conf_suggest(const char *path, bool at_section);

/* One setting of a file. owned by its parent; the root by whoever read it. */
enum node_kind { NODE_GROUP, NODE_LIST, NODE_TEXT, NODE_INT, NODE_BOOL, NODE_FLOAT };
struct conf_node {
	char *name; /* NULL in a list and at the root */
	enum node_kind kind;
	int line;
	char *text; /* NODE_TEXT */
	int64_t num; /* NODE_INT, NODE_BOOL */
	struct conf_node *kids;
	size_t n;
};
void conf_node_free(struct conf_node *root);
DEFINE_CLEANUP(conf_node_free, struct conf_node *);
const struct conf_node *conf_node_get(const struct conf_node *group, const char *name);
const char *node_kind_name(enum node_kind kind); /* "a whole number" */

/* Collects the faults of one file, in the order of their lines. */
struct conf_report {
	const char *file;
	struct conf_faults *faults; /* borrowed; what other files said stays in front */
	size_t before; /* how many lines others wrote */
	int *at; /* line numbers of our own */
};
void conf_report_init(struct conf_report *r, const char *file, struct conf_faults *faults);
void conf_report_clear(struct conf_report *r);
/* line 0: the file as a whole. */
void conf_say(struct conf_report *r, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* A file could not be opened or read, with this errno: note whether that may pass by itself. */
void conf_file_failed(struct conf_report *r, int error);

/* Read a file into a tree; false when the report has a new fault. gives: conf_node_free. */
bool conf_tree_read(const char *path, struct conf_report *r, struct conf_node **ret) MUST_CHECK;
/* What libconfig would read wrongly or not survive, found in the text before it sees it: NUL, bad
 * UTF-8, @include, numbers that it would cut to 32 bits. False when something was said. */
bool conf_scan(const char *text, size_t n, struct conf_report *r) MUST_CHECK;

/* Check a setting against its key and put it into c; a sentence about it (gives: mem_free), or NULL
 * when all is well. On a fault c keeps what it had. */
char *conf_value_put(
	const struct conf_key *key, const struct conf_node *node, struct conf *c) MUST_CHECK;
void conf_value_standard(const struct conf_key *key, struct conf *c);
bool conf_value_same(const struct conf_key *key, const struct conf *a, const struct conf *b);
/* As the file would say it, quotes included. gives: mem_free. */
char *conf_value_text(const struct conf_key *key, const struct conf *c) MUST_CHECK;
char *conf_range_text(const struct conf_key *key) MUST_CHECK; /* "1 to 16 requests"; gives */
bool duration_read(const char *text, int64_t *ret_ms);
bool size_read(const char *text, int64_t *ret_bytes);

/* A file being read: what the checks of whole configurations need. */
struct conf_reading {
	struct conf_report *report;
	const struct conf_node *root;
	struct conf *conf;
	bool *bad; /* per key: already spoken of */
};
/* Say something about a key at its line (or its section's); once per key. */
void conf_say_key(struct conf_reading *r, const char *path, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool conf_key_good(const struct conf_reading *r, const char *path);

void conf_check(struct conf_reading *r); /* what the keys say to each other, and the forms */
void conf_places(struct conf_reading *r); /* paths left out are made whole; log.format decided */
void conf_private_key(struct conf_reading *r);
void conf_smtp_password(struct conf_reading *r);
void conf_alarm(struct conf_reading *r); /* the forms of the section alarm */
void conf_types(struct conf_reading *r);
/* "DIR/name", DIR being where the configuration lies. gives: mem_free. */
char *conf_beside(const struct conf *c, const char *name) MUST_CHECK;

#endif
