/* `opbridge submit`: one event from the options, or a stream of them from a file or standard
 * input. A stream is passed on batch by batch, and at once whenever the input pauses. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/sender.h"
#include "ctl/split.h"
#include "ctl/when.h"

#define READ_BYTES 65536
#define PAUSE_MS 100 /* an input silent for so long is passed on as it is */
#define WAIT_DEFAULT_S 30
#define WAIT_MAX_S 86400

static const char *const event_options[] = { "id", "tenant", "domain", "name", "type", "state",
	"time", "title", "description", "severity", "entity", "view", "ignore" };

static bool has_event_options(const struct args *args)
{
	for (size_t i = 0; i < ARRAY_LEN(event_options); i++)
		if (args_has(args, event_options[i]))
			return true;
	return false;
}

/* A key given again makes a list of its values. */
static void add_entity(cJSON *entities, const char *key, const char *value)
{
	cJSON *there = cJSON_GetObjectItemCaseSensitive(entities, key);
	cJSON *list;

	if (!there) {
		json_add_str(entities, key, value);
		return;
	}
	if (cJSON_IsArray(there)) {
		json_push_str(there, value);
		return;
	}
	list = json_array();
	json_push_str(list, there->valuestring);
	json_push_str(list, value);
	cJSON_DeleteItemFromObjectCaseSensitive(entities, key);
	json_add_node(entities, key, list);
}

static int add_entities(cJSON *event, const struct args *args, struct fault *reterr)
{
	cJSON *entities = NULL;

	for (size_t i = 0; i < args->n_options; i++) {
		const char *pair = args->options[i].value, *eq;
		CLEANUP(mem_free) char *key = NULL;

		if (!str_eq(args->options[i].name, "entity"))
			continue;
		eq = strchr(pair, '=');
		if (!eq || eq == pair)
			return fault_set(reterr, FAULT_INPUT,
				"--entity needs a name and a value, such as --entity "
				"user=anna@contoso.com, not '%s'",
				pair);
		if (!entities)
			entities = json_add_object(event, "entities");
		key = xstrndup(pair, (size_t)(eq - pair));
		add_entity(entities, key, eq + 1);
	}
	return 0;
}

static void add_group(cJSON *event, const struct args *args, const char *group,
	const char *const (*members)[2], size_t n)
{
	cJSON *object = NULL;

	for (size_t i = 0; i < n; i++) {
		const char *value = args_value(args, members[i][1]);

		if (!value)
			continue;
		if (!object)
			object = json_add_object(event, group);
		json_add_str(object, members[i][0], value);
	}
}

static int check_options(const struct args *args, struct fault *reterr)
{
	if (!args_value(args, "id"))
		return fault_set(reterr, FAULT_INPUT,
			"--id is missing: choose one of your own and use it again when you submit "
			"the event again, so that it is never taken twice");
	if (!args_value(args, "tenant") && !args_value(args, "domain"))
		return fault_set(
			reterr, FAULT_INPUT, "the tenant is missing: --tenant or --domain");
	if (!args_value(args, "type"))
		return fault_set(reterr, FAULT_INPUT, "--type is missing");
	return 0;
}

/* gives: the event as JSON on one line; NULL with *reterr set. */
static char *event_of_options(const struct args *args, struct fault *reterr)
{
	static const char *const plain[] = { "id", "type", "state", "time", "title", "description",
		"severity" };
	static const char *const tenant[][2] = { { "id", "tenant" }, { "domain", "domain" },
		{ "name", "name" } };
	static const char *const links[][2] = { { "view", "view" }, { "ignore", "ignore" } };
	CLEANUP(json_free) cJSON *event = json_object();

	if (check_options(args, reterr))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		json_add_str(event, plain[i], args_value(args, plain[i]));
	add_group(event, args, "tenant", tenant, ARRAY_LEN(tenant));
	add_group(event, args, "links", links, ARRAY_LEN(links));
	return add_entities(event, args, reterr) ? NULL : json_text(event);
}

static int submit_options_event(struct sender *s, const struct args *args)
{
	CLEANUP(mem_free) char *text = NULL;
	struct fault f = { 0 };
	int r;

	if (args_operand(args, 0))
		return ctl_fail(EXIT_USAGE,
			"an event comes from the options or from a file, not from both: leave out "
			"'%s' or the options",
			args_operand(args, 0));
	text = event_of_options(args, &f);
	if (!text)
		return ctl_fail_fault(EXIT_USAGE, &f);
	if (strlen(text) > SENDER_EVENT_MAX)
		return ctl_fail(EXIT_DATA, "the event is longer than a request may be: %d bytes",
			OPB_BODY_MAX);
	r = sender_add(s, text, strlen(text), 1, NULL);
	return r ? r : sender_flush(s);
}

/* Nothing to read for a moment: do not keep what is there waiting for a batch to fill up. */
static int flush_in_a_pause(struct sender *s, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (s->n == 0 || poll(&p, 1, PAUSE_MS) != 0)
		return EXIT_OK;
	return sender_flush(s);
}

static int read_some(int fd, char *buf, const char *name, ssize_t *ret_n)
{
	do
		*ret_n = read(fd, buf, READ_BYTES);
	while (*ret_n < 0 && errno == EINTR);
	if (*ret_n < 0)
		return ctl_fail(errno == EISDIR ? EXIT_NO_INPUT : EXIT_IO,
			"%s could not be read: %s", name, strerror(errno));
	return EXIT_OK;
}

static int submit_stream(struct sender *s, struct split *split, int fd, const char *name)
{
	char buf[READ_BYTES];
	struct fault f = { 0 };
	ssize_t n = 1;
	int r = EXIT_OK;

	while (r == EXIT_OK && n > 0) {
		r = flush_in_a_pause(s, fd);
		if (r == EXIT_OK)
			r = read_some(fd, buf, name, &n);
		if (r == EXIT_OK && n > 0)
			r = split_feed(split, buf, (size_t)n, &f);
	}
	if (r == EXIT_OK)
		r = split_end(split, &f);
	if (r > 0)
		return r;
	if (r < 0) { /* what was whole before that is handed over all the same */
		int sent = sender_flush(s);

		return sent ? sent : ctl_fail(EXIT_DATA, "%s: %s", name, f.text);
	}
	return sender_flush(s);
}

static int submit_file(struct sender *s, const char *name)
{
	struct split split;
	bool standard = !name || str_eq(name, "-");
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return ctl_fail(errno == EACCES ? EXIT_DENIED : EXIT_NO_INPUT,
			"%s cannot be opened: %s", name, strerror(errno));
	if (standard && isatty(fd))
		fputs("Reading events from the terminal; Ctrl-D ends them.\n", stderr);
	split_init(&split, SENDER_EVENT_MAX, sender_add, s);
	r = submit_stream(s, &split, fd, standard ? "standard input" : name);
	split_free(&split);
	if (!standard)
		close(fd);
	return r;
}

int run_submit(struct ctl *ctl, const struct args *args)
{
	CLEANUP(opb_free) struct opb *opb = NULL;
	struct sender s = { .ctl = ctl, .quiet = args_has(args, "quiet") };
	const char *wait = args_value(args, "wait");
	long wait_s = WAIT_DEFAULT_S;
	int r, summary;

	if (wait && !duration_parse(wait, WAIT_MAX_S, &wait_s))
		return ctl_fail(EXIT_USAGE,
			"--wait must be a time such as 30s, 5m or 0, at most 24h, not '%s'", wait);
	s.wait_ms = wait_s * 1000;
	opb = s.opb = ctl_client(ctl, CHANNEL_EVENTS);
	if (!opb)
		return EXIT_USAGE;
	r = has_event_options(args) ? submit_options_event(&s, args)
				    : submit_file(&s, args_operand(args, 0));
	if (r == EXIT_OK || s.accepted + s.duplicates + s.rejected > 0) {
		summary = sender_summary(&s);
		r = r ? r : summary;
	}
	sender_free(&s);
	return r;
}
