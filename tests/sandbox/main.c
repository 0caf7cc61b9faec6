/*
 * main.c - options, start and end of the sandbox.
 * Everything hangs off struct sandbox; one thread, one libevent loop. Files in DIR: ca.pem,
 * keys.json, admin.sock (or --admin), and last of all port, once both sockets listen.
 */
#include "admin.h"
#include "http.h"
#include "journal.h"
#include "sandbox.h"
#include "text.h"
#include "tls.h"

#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMPANIES 40
#define COMPANIES_MAX 200000
#define CLOUD_CODEBASE "v2025_1/"

static const char usage[] =
	"usage: sandbox --dir DIR [--admin PATH] [--port N] [--companies N] [--cloud]\n"
	"               [--codebase C] [--iscloud-string] [--log FILE]\n"
	"A ConnectWise PSA look-alike for tests, on 127.0.0.1 with a certificate of its own.\n";

enum option_code {
	OPT_DIR = 1,
	OPT_ADMIN,
	OPT_PORT,
	OPT_COMPANIES,
	OPT_CLOUD,
	OPT_CODEBASE,
	OPT_ISCLOUD,
	OPT_LOG
};

static const struct option long_options[] = {
	{ "dir", required_argument, NULL, OPT_DIR },
	{ "admin", required_argument, NULL, OPT_ADMIN },
	{ "port", required_argument, NULL, OPT_PORT },
	{ "companies", required_argument, NULL, OPT_COMPANIES },
	{ "cloud", no_argument, NULL, OPT_CLOUD },
	{ "codebase", required_argument, NULL, OPT_CODEBASE },
	{ "iscloud-string", no_argument, NULL, OPT_ISCLOUD },
	{ "log", required_argument, NULL, OPT_LOG },
	{ NULL, 0, NULL, 0 },
};

static bool number(const char *text, long max, int *ret)
{
	long n;

	if (!text_to_long(text, &n) || n < 0 || n > max)
		return false;
	*ret = (int)n;
	return true;
}

static bool take_option(struct options *o, int code)
{
	switch (code) {
	case OPT_DIR:
		o->dir = optarg;
		return true;
	case OPT_ADMIN:
		text_set(&o->admin, optarg);
		return true;
	case OPT_PORT:
		return number(optarg, 65535, &o->port);
	case OPT_COMPANIES:
		return number(optarg, COMPANIES_MAX, &o->companies);
	case OPT_CLOUD:
		o->cloud = true;
		return true;
	case OPT_CODEBASE:
		text_set(&o->codebase, optarg);
		return *optarg != '\0';
	case OPT_ISCLOUD:
		o->iscloud_string = true;
		return true;
	case OPT_LOG:
		o->log = optarg;
		return true;
	default:
		return false;
	}
}

static bool read_options(struct options *o, int argc, char **argv)
{
	int code;

	o->companies = COMPANIES;
	while ((code = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!take_option(o, code))
			return false;
	if (!o->dir || optind != argc)
		return false;
	if (!o->admin)
		o->admin = xprintf("%s/admin.sock", o->dir);
	if (!o->codebase)
		o->codebase = xstrdup(o->cloud ? CLOUD_CODEBASE : OLD_CODEBASE);
	if (o->codebase[strlen(o->codebase) - 1] != '/') {
		char *longer = xprintf("%s/", o->codebase);

		free(o->codebase);
		o->codebase = longer;
	}
	return true;
}

static int write_file(const struct sandbox *sb, const char *name, const char *text)
{
	char *path = xprintf("%s/%s", sb->options.dir, name);
	int rc = file_write_whole(path, text, 0600);

	if (rc)
		perror(path);
	free(path);
	return rc;
}

static int write_files(const struct sandbox *sb)
{
	char *port = xprintf("%d\n", http_port(sb->http));
	int rc = write_file(sb, "ca.pem", tls_ca_pem(sb->tls)) ||
			write_file(sb, "keys.json",
				"{\"company\":\"" LOGIN_COMPANY
				"\",\"public_key\":\"" TEST_PUBLIC_KEY
				"\",\"private_key\":\"" TEST_PRIVATE_KEY
				"\",\"client_id\":\"" TEST_CLIENT_ID "\"}\n") ||
			write_file(sb, "port", port)
		? -1
		: 0;

	free(port);
	return rc;
}

static void on_signal(evutil_socket_t signal_number, short what, void *arg)
{
	(void)signal_number;
	(void)what;
	event_base_loopexit(arg, NULL);
}

/* Serve until a signal says to stop. */
static int run(struct sandbox *sb)
{
	struct event *term = evsignal_new(sb->base, SIGTERM, on_signal, sb->base);
	struct event *intr = evsignal_new(sb->base, SIGINT, on_signal, sb->base);
	int rc;

	if (!term || !intr || event_add(term, NULL) || event_add(intr, NULL))
		abort();
	rc = write_files(sb);
	if (rc == 0)
		rc = event_base_dispatch(sb->base);
	event_free(term);
	event_free(intr);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int serve(struct sandbox *sb)
{
	struct admin *admin = NULL;
	int rc = EXIT_FAILURE;

	sb->base = event_base_new();
	sb->journal = journal_new(sb->options.log);
	sb->tls = tls_new();
	if (!sb->base || !sb->journal || !sb->tls) {
		fprintf(stderr, "sandbox: cannot make the loop, the log or the certificates\n");
		return rc;
	}
	sandbox_reset(sb);
	sb->http = http_new(sb, sb->options.port);
	if (sb->http)
		admin = admin_new(sb, sb->options.admin);
	if (admin)
		rc = run(sb);
	else
		fprintf(stderr, "sandbox: cannot listen on port %d or at %s\n", sb->options.port,
			sb->options.admin);
	admin_free(admin);
	return rc;
}

static void tear_down(struct sandbox *sb)
{
	http_free(sb->http);
	if (sb->base)
		event_base_free(sb->base);
	tls_free(sb->tls);
	journal_free(sb->journal);
	faults_clear(&sb->faults);
	companies_free(&sb->companies);
	boards_free(&sb->boards);
	tickets_free(&sb->tickets);
	settings_free(&sb->settings);
	free(sb->options.admin);
	free(sb->options.codebase);
}

int main(int argc, char **argv)
{
	struct sandbox sb = { 0 };
	int rc = EXIT_FAILURE;

	signal(SIGPIPE, SIG_IGN);
	if (read_options(&sb.options, argc, argv))
		rc = serve(&sb);
	else
		fputs(usage, stderr);
	tear_down(&sb);
	libevent_global_shutdown();
	return rc;
}
