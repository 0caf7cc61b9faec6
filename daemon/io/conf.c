/* A configuration file read into a tree of our own. The only file that includes libconfig's
 * header, and the only one that knows its traps: its look-ups by path convert, cut and fall back
 * in silence, so they are never used; the tree is walked and every type is kept as written. */
#include "io/conf_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"

#define FILE_MAX (1024 * 1024) /* bytes */
#define DEPTH_MAX 6 /* the deepest setting that means anything lies at 4 */

static enum node_kind kind_of(const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_GROUP:
		return NODE_GROUP;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return NODE_INT;
	case CONFIG_TYPE_FLOAT:
		return NODE_FLOAT;
	case CONFIG_TYPE_STRING:
		return NODE_TEXT;
	case CONFIG_TYPE_BOOL:
		return NODE_BOOL;
	case CONFIG_TYPE_ARRAY:
	case CONFIG_TYPE_LIST:
		return NODE_LIST;
	default: /* libconfig's types are ints */
		abort();
	}
}

static void copy_node(const config_setting_t *from, int depth, struct conf_node *to)
{
	int i, n;

	to->name = xstrdup(config_setting_name(from));
	to->kind = kind_of(from);
	to->line = (int)config_setting_source_line(from);
	if (to->kind == NODE_TEXT)
		to->text = xstrdup(config_setting_get_string(from));
	else if (to->kind == NODE_BOOL)
		to->num = config_setting_get_bool(from);
	else if (to->kind == NODE_INT)
		to->num = config_setting_get_int64(from);
	else if (to->kind == NODE_FLOAT || depth == DEPTH_MAX)
		return;
	else if ((n = config_setting_length(from)) > 0) {
		to->kids = xcalloc((size_t)n, sizeof(*to->kids));
		to->n = (size_t)n;
		for (i = 0; i < n; i++)
			copy_node(config_setting_get_elem(from, (unsigned int)i), depth + 1,
				&to->kids[i]);
	}
}

static void node_clear(struct conf_node *node)
{
	size_t i;

	for (i = 0; i < node->n; i++)
		node_clear(&node->kids[i]);
	free(node->kids);
	free(node->name);
	free(node->text);
}

void conf_node_free(struct conf_node *root)
{
	if (!root)
		return;
	node_clear(root);
	free(root);
}

const struct conf_node *conf_node_get(const struct conf_node *group, const char *name)
{
	size_t i;

	for (i = 0; group && i < group->n; i++)
		if (str_eq(group->kids[i].name, name))
			return &group->kids[i];
	return NULL;
}

const char *node_kind_name(enum node_kind kind)
{
	switch (kind) {
	case NODE_GROUP:
		return "a group { … }";
	case NODE_LIST:
		return "a list ( … )";
	case NODE_TEXT:
		return "a text";
	case NODE_INT:
		return "a whole number";
	case NODE_BOOL:
		return "true or false";
	case NODE_FLOAT:
		return "a number with a fraction";
	}
	abort();
}

/* Not left to libconfig, which ends the process when the name is that of a folder. */
static char *read_text(const char *path, struct conf_report *r, size_t *ret_n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	CLEANUP(mem_free) char *text = NULL;
	struct stat st;
	ssize_t got = 0;
	size_t n = 0;

	if (fd < 0) {
		conf_file_failed(r, errno);
		conf_say(r, 0, "cannot be opened: %s", strerror(errno));
		return NULL;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		conf_say(r, 0, "is not a regular file");
	else if (st.st_mode & S_IWOTH)
		conf_say(r, 0,
			"can be written by everybody, so anybody could send the API key "
			"elsewhere: chmod o-w it");
	else if (st.st_size > FILE_MAX)
		conf_say(r, 0, "is larger than 1 MiB, which no configuration is");
	else {
		text = xcalloc(FILE_MAX + 1, 1);
		while (n < FILE_MAX && (got = read(fd, text + n, FILE_MAX - n)) > 0)
			n += (size_t)got;
		if (got < 0) {
			conf_file_failed(r, errno);
			conf_say(r, 0, "cannot be read: %s", strerror(errno));
			mem_free(TAKE(text));
		}
	}
	close(fd);
	*ret_n = n;
	return TAKE(text);
}

static void say_syntax(struct conf_report *r, int line, const char *why)
{
	if (strstr(why, "duplicate"))
		conf_say(r, line,
			"this name stands here a second time; keep one of the two "
			"(what follows was not checked)");
	else
		conf_say(r, line,
			"this cannot be read (%s): look here and just above for a missing "
			"quote, brace or '=' (what follows was not checked)",
			why);
}

bool conf_tree_read(const char *path, struct conf_report *r, struct conf_node **ret)
{
	CLEANUP(mem_free) char *text = NULL;
	config_t config;
	size_t n = 0;
	bool ok;

	text = read_text(path, r, &n);
	if (!text || !conf_scan(text, n, r))
		return false;
	config_init(&config);
	ok = config_read_string(&config, text) == CONFIG_TRUE;
	if (ok) {
		*ret = xcalloc(1, sizeof(**ret));
		copy_node(config_root_setting(&config), 0, *ret);
	} else {
		say_syntax(r, config_error_line(&config), config_error_text(&config));
	}
	config_destroy(&config);
	return ok;
}
