/* Calls to the daemon, and what their failures mean as exit codes. */
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "ctl/ctl.h"

/* The longest answer the client library takes; a full page of events is far below the counts. */
static const struct json_limits answer_limits = {
	.max_bytes = (size_t)64 << 20, .max_depth = 32, .max_tokens = 4000000
};

static const char *channel_socket(const struct ctl *ctl, enum channel channel)
{
	const char *path;

	if (ctl->socket)
		return ctl->socket;
	if (channel == CHANNEL_EVENTS)
		return NULL; /* the library's own choice */
	path = getenv("OPBRIDGE_CONTROL_SOCKET");
	return path && *path ? path : OPB_CONTROL_SOCKET;
}

struct opb *ctl_client(const struct ctl *ctl, enum channel channel)
{
	struct opb *o = opb_new(channel_socket(ctl, channel));

	if (!o)
		ctl_fail(EXIT_USAGE,
			"the socket's path is too long: a socket's path has at most 107 bytes");
	return o;
}

enum exit_code ctl_exit_of_error(int opb_error)
{
	switch (opb_error) {
	case OPB_ERR_DENIED:
		return EXIT_DENIED;
	case OPB_ERR_TIMEOUT:
		return EXIT_TEMPORARY;
	case OPB_ERR_PROTOCOL:
		return EXIT_PROTOCOL;
	case OPB_ERR_ARGUMENT:
		return EXIT_USAGE;
	case OPB_ERR_MEMORY:
		return EXIT_IO;
	}
	return EXIT_UNAVAILABLE;
}

enum exit_code ctl_exit_of_status(int status, enum exit_code conflict_exit)
{
	switch (status) {
	case 401:
	case 403:
		return EXIT_DENIED;
	case 404:
		return EXIT_NO_INPUT;
	case 409:
		return conflict_exit;
	case 400:
	case 413:
	case 415:
	case 422:
		return EXIT_DATA;
	case 408:
	case 429:
	case 503:
		return EXIT_TEMPORARY;
	}
	return status >= 500 && status != 501 ? EXIT_UNAVAILABLE : EXIT_PROTOCOL;
}

char *ctl_problem(const struct opb_reply *reply)
{
	CLEANUP(json_free) cJSON *node = NULL;
	const char *text = NULL;

	if (ctl_parse(reply, &node, NULL) == 0) {
		text = json_str(node, "detail");
		text = text ? text : json_str(node, "title");
	}
	if (text)
		return xstrdup(text);
	return xasprintf("the daemon answered with HTTP status %d and no reason; see its log: "
			 "journalctl -u opbridged",
		reply->status);
}

int ctl_parse(const struct opb_reply *reply, cJSON **ret, struct fault *reterr)
{
	return json_parse(reply->body, reply->body_len, &answer_limits, ret, reterr);
}

int ctl_answer(const struct call *call, const struct opb_reply *reply, cJSON **ret)
{
	struct fault f = { 0 };

	if (reply->status < 200 || reply->status > 299) {
		CLEANUP(mem_free) char *why = ctl_problem(reply);

		return ctl_fail(ctl_exit_of_status(reply->status, call->conflict_exit), "%s", why);
	}
	if (ctl_parse(reply, ret, &f))
		return ctl_fail(EXIT_PROTOCOL,
			"the daemon's answer to %s %s is no JSON: %s; is that the socket of "
			"opbridged, in the same version?",
			call->method, call->path, f.text);
	return EXIT_OK;
}

/* Who logged in, where root calls: the kernel keeps it over sudo and su; where it does not, sudo
 * says so. gives: mem_free; NULL: nobody else. */
static char *caller(void)
{
	CLEANUP(mem_free) char *line = NULL;
	FILE *f = geteuid() == 0 ? fopen("/proc/self/loginuid", "re") : NULL;
	const struct passwd *entry = NULL;
	unsigned long uid = 0;
	size_t cap = 0;

	if (f && getline(&line, &cap, f) > 0)
		uid = strtoul(line, NULL, 10);
	if (f)
		fclose(f);
	if (uid && uid < UINT32_MAX)
		entry = getpwuid((uid_t)uid);
	if (entry)
		return xstrdup(entry->pw_name);
	return geteuid() == 0 ? xstrdup(getenv("SUDO_USER")) : NULL;
}

/* What changes something is noted in the audit trail, with for whom root did it. */
static void add_path(struct str *path, const struct call *call)
{
	CLEANUP(mem_free) char *login = NULL;

	str_add(path, call->path);
	if (call->channel == CHANNEL_EVENTS || str_eq(call->method, "GET"))
		return;
	login = caller();
	path_query(path, "for", login);
}

int ctl_send(const struct ctl *ctl, const struct call *call, struct opb_reply *ret)
{
	CLEANUP(opb_free) struct opb *o = ctl_client(ctl, call->channel);
	CLEANUP(mem_free) char *body = call->body ? json_text(call->body) : NULL;
	STR_AUTO(path);
	int r;

	if (!o)
		return EXIT_USAGE;
	add_path(&path, call);
	r = opb_call(o, call->method, path.at, body ? "application/json" : NULL, body,
		body ? strlen(body) : 0, ret);
	if (r)
		return ctl_fail(ctl_exit_of_error(r), "%s", opb_strerror(o));
	return EXIT_OK;
}

int ctl_call(const struct ctl *ctl, const struct call *call, cJSON **ret)
{
	struct opb_reply reply;
	int r = ctl_send(ctl, call, &reply);

	if (r)
		return r;
	r = ctl_answer(call, &reply, ret);
	opb_reply_clear(&reply);
	return r;
}

int ctl_get(const struct ctl *ctl, const char *path, cJSON **ret)
{
	const struct call call = { .channel = CHANNEL_CONTROL,
		.method = "GET",
		.path = path,
		.conflict_exit = EXIT_TEMPORARY };

	return ctl_call(ctl, &call, ret);
}

int ctl_get_or_print(const struct ctl *ctl, const char *path, cJSON **ret)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	int r = ctl_get(ctl, path, &answer);

	if (r)
		return r;
	if (ctl->json)
		ctl_print_json(ctl, answer);
	*ret = ctl->json ? NULL : TAKE(answer);
	return EXIT_OK;
}
