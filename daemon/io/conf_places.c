/* Where things are: paths that the file leaves out are made whole from the environment that
 * systemd gives (RUNTIME_DIRECTORY, STATE_DIRECTORY), and log.format = "auto" is decided. */
#include "io/conf_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"
#include "io/journal.h"

/* systemd's variables may name several folders, with colons between them: the first is ours. */
static char *in_folder(const char *variable, const char *fallback, const char *name)
{
	const char *folder = getenv(variable);

	if (!folder || *folder != '/')
		folder = fallback;
	return xasprintf("%.*s/%s", (int)strcspn(folder, ":"), folder, name);
}

char *conf_beside(const struct conf *c, const char *name)
{
	const char *slash = strrchr(c->path, '/');
	int n = slash ? (int)(slash - c->path + 1) : 0;
	char *here, *path;

	if (c->path[0] == '/')
		return xasprintf("%.*s%s", n, c->path, name);
	here = getcwd(NULL, 0);
	path = xasprintf("%s/%.*s%s", here ? here : "", n, c->path, name);
	free(here);
	return path;
}

static bool is_written(const struct conf_reading *r, const char *section, const char *name)
{
	return conf_node_get(conf_node_get(r->root, section), name) != NULL;
}

static void replace(char **at, char *text)
{
	mem_free(*at);
	*at = text;
}

static void place_sockets(struct conf_reading *r)
{
	static const char run[] = "/run/opbridge";
	struct conf *c = r->conf;

	if (!is_written(r, "intake", "events_socket"))
		replace(&c->intake.events_socket,
			in_folder("RUNTIME_DIRECTORY", run, "events.sock"));
	if (!is_written(r, "intake", "control_socket"))
		replace(&c->intake.control_socket,
			in_folder("RUNTIME_DIRECTORY", run, "control.sock"));
}

static void place_types(struct conf_reading *r)
{
	CLEANUP(mem_free) char *beside = conf_beside(r->conf, "event-types.conf");

	if (*r->conf->types_file || !conf_key_good(r, "types_file"))
		return;
	if (access(beside, F_OK) == 0)
		replace(&r->conf->types_file, TAKE(beside));
	else
		replace(&r->conf->types_file, xstrdup(OPBRIDGE_DATADIR "/event-types.conf"));
}

void conf_places(struct conf_reading *r)
{
	struct conf *c = r->conf;

	place_sockets(r);
	place_types(r);
	if (!*c->store.database)
		replace(&c->store.database,
			in_folder("STATE_DIRECTORY", "/var/lib/opbridge", "queue.db"));
	if ((int)c->log.format == CONF_FORMAT_AUTO)
		c->log.format = journal_stderr_is_journal() ? LOG_JOURNAL : LOG_LOGFMT;
}
