/* opbridged: arguments, start, signals, the loop, exit status.
 *
 * A tour for newcomers: conf_load reads the settings; store_open opens the queue and puts right
 * what a crash left half-way; api_listen_* opens the local sockets (app/control.c routes their
 * requests, app/intake.c turns events into rows); then the loop runs libevent once and app/turn.c
 * ends the turn: replies of ConnectWise in, due incidents claimed (app/delivery.c, app/job.c,
 * core/decide.c), one commit, replies and requests out. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>
#include "app/alarm_alone.h"
#include "app/app.h"
#include "app/audit.h"
#include "app/check_alone.h"
#include "app/control.h"
#include "app/reload.h"
#include "app/restored.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/secret.h"
#include "base/str.h"
#include "core/site.h"
#include "io/http.h"
#include "io/journal.h"
#include "io/notify.h"

struct args {
	const char *conf_path;
	bool test, check, tell, json, foreground, verbose;
};

void app_quit(struct app *app, int exit_status)
{
	if (app->quit)
		return;
	app->quit = true;
	app->exit_status = exit_status;
	event_base_loopbreak(app->base);
}

/* ==== arguments ==== */

static void usage(FILE *to)
{
	fprintf(to,
		"usage: opbridged [-c FILE] [-f]      run (in the foreground always; -f: log to "
		"the terminal)\n"
		"       opbridged [-c FILE] -t [-v]   test the configuration; -v: list every key\n"
		"       opbridged [-c FILE] --check [--json]\n"
		"                                     try site, keys and permissions, then exit\n"
		"       opbridged [-c FILE] --tell-failure\n"
		"                                     tell the emergency contact that the service "
		"ended\n"
		"       opbridged -V | -h\n"
		"\n"
		"  -c, --config FILE   configuration (default " OPBRIDGE_SYSCONFDIR
		"/opbridge.conf)\n"
		"  -t, --test          read and check everything, say every fault, then exit: 0 "
		"good, 78 not\n"
		"  -k, --check         try the connection and each permission against ConnectWise, "
		"without the\n"
		"                      queue and beside a running service: 0 good, 69 not reached, "
		"78 to be mended\n"
		"  -j, --json          with --check: one JSON object a line\n"
		"      --tell-failure  for opbridged-failed.service: one message by the ways of "
		"the "
		"section alarm,\n"
		"                      without the queue: 0 told or nobody to tell, 69 not told\n"
		"  -f, --foreground    plain log lines on standard error, whatever log.format "
		"says\n"
		"  -v, --verbose       with -t: every key with its default and meaning\n"
		"  -V, --version       print the version\n"
		"  -h, --help          print this\n"
		"\n"
		"It asks nothing and forks never. SIGHUP reloads the configuration, SIGTERM stops "
		"it.\n"
		"See opbridged(8), opbridge.conf(5) and opbridge(1), the command to see and steer "
		"it.\n");
}

static void refuse(const char *why, const char *word)
{
	fprintf(stderr, "opbridged: %s%s\n", why, word);
	usage(stderr);
	exit(EX_USAGE);
}

enum { OPTION_TELL = 256 }; /* has no letter */

static void parse_args(int argc, char **argv, struct args *ret)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "test", no_argument, NULL, 't' },
		{ "check", no_argument, NULL, 'k' },
		{ "json", no_argument, NULL, 'j' },
		{ "tell-failure", no_argument, NULL, OPTION_TELL },
		{ "foreground", no_argument, NULL, 'f' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*ret = (struct args){ .conf_path = OPBRIDGE_SYSCONFDIR "/opbridge.conf" };
	while ((c = getopt_long(argc, argv, "c:tkjfvVh", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			ret->conf_path = optarg;
			break;
		case 't':
			ret->test = true;
			break;
		case 'k':
			ret->check = true;
			break;
		case 'j':
			ret->json = true;
			break;
		case OPTION_TELL:
			ret->tell = true;
			break;
		case 'f':
			ret->foreground = true;
			break;
		case 'v':
			ret->verbose = true;
			break;
		case 'V':
			puts("opbridged " OPBRIDGE_VERSION);
			exit(EX_OK);
		case 'h':
			usage(stdout);
			exit(EX_OK);
		default:
			usage(stderr);
			exit(EX_USAGE);
		}
	}
	if (ret->json && !ret->check)
		refuse("--json goes with --check only", "");
	if (ret->tell && (ret->test || ret->check))
		refuse("--tell-failure goes with no other task", "");
	if (optind != argc)
		refuse("unexpected argument: ", argv[optind]);
}

/* ==== configuration ==== */

/* 0, or the exit status: 78 keeps the service down until a person has changed something. */
static int load(const struct args *args, struct conf **ret)
{
	struct conf_faults faults = { 0 };
	struct fault f = { 0 };
	int r = conf_load(args->conf_path, ret, &faults, &f);
	size_t i;

	for (i = 0; i < faults.n; i++)
		fprintf(stderr, "%s\n", faults.lines[i]);
	if (r < 0 && faults.n == 0)
		fprintf(stderr, "opbridged: %s\n", f.text);
	if (r == -FAULT_SYSTEM)
		fprintf(stderr,
			"opbridged: the configuration could not be read; this may pass by "
			"itself, so start it again\n");
	else if (r < 0)
		fprintf(stderr,
			"opbridged: the configuration cannot be used; see opbridge.conf(5)\n");
	conf_faults_clear(&faults);
	if (r == 0)
		return EX_OK;
	return r == -FAULT_SYSTEM ? EX_OSERR : EX_CONFIG;
}

static int test_conf(const struct args *args)
{
	CLEANUP(conf_unref) struct conf *conf = NULL;
	int exit_status = load(args, &conf);

	if (exit_status) {
		if (args->verbose)
			conf_print_table(NULL);
		return exit_status;
	}
	if (args->verbose)
		conf_print_table(conf);
	printf("%s: good\n", args->conf_path);
	return EX_OK;
}

static int try_conf(const struct args *args)
{
	CLEANUP(conf_unref) struct conf *conf = NULL;
	int exit_status = load(args, &conf);

	return exit_status ? exit_status : check_alone(conf, args->json);
}

/* ==== start ==== */

/* The key must not get into a core dump, nor be read by another process of the same user. */
static void protect_process(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk, no reason to die */
}

static int exit_of(const struct fault *f)
{
	switch (f->code) {
	case FAULT_CONFIG:
	case FAULT_INPUT:
		return EX_CONFIG;
	case FAULT_CONFLICT:
	case FAULT_BUSY:
		return EX_TEMPFAIL;
	case FAULT_STORE:
	case FAULT_STORE_FULL:
		return EX_IOERR;
	case FAULT_SYSTEM:
		return EX_OSERR;
	case FAULT_NONE:
	case FAULT_NOT_FOUND:
	case FAULT_TOO_LARGE:
	case FAULT_NET:
	case FAULT_REMOTE:
		return EX_SOFTWARE;
	}
	abort();
}

/* Sockets handed over by systemd win over configured paths. */
static int listen_one(struct app *app, enum api_surface surface, const char *name, const char *path,
	mode_t mode, struct fault *reterr)
{
	int fd, r = notify_listen_fd(name, &fd, reterr);

	if (r == 0)
		return api_listen_fd(app->api, surface, fd, reterr);
	if (r != -FAULT_NOT_FOUND)
		return r;
	if (str_is_blank(path))
		return 0;
	return api_listen_unix(app->api, surface, path, mode,
		surface == API_EVENTS ? app->conf->intake.group : "", reterr);
}

static int open_api(struct app *app, struct fault *reterr)
{
	const struct conf *conf = app->conf;
	const struct api_limits limits = reload_limits(conf);
	int r;

	r = api_new(app->base, &limits, control_handle, app, &app->api, reterr);
	if (r == 0)
		r = listen_one(
			app, API_EVENTS, "events.sock", conf->intake.events_socket, 0660, reterr);
	if (r == 0)
		r = listen_one(app, API_CONTROL, "control.sock", conf->intake.control_socket, 0600,
			reterr);
	if (r == 0 && !str_is_blank(conf->intake.metrics_listen))
		r = api_listen_tcp(app->api, conf->intake.metrics_listen, reterr);
	return r;
}

#define MEMO_INSTANCE "cw.instance" /* "HOST COMPANY" */

/* Mappings, company list and ledger hold ids of one ConnectWise; in another they name strangers. */
static int check_instance(struct app *app, struct fault *reterr)
{
	CLEANUP(mem_free) char *host = site_api_host(cw_site(app->cw));
	CLEANUP(mem_free) char *now = xasprintf("%s %s", host, app->conf->cw.company);
	CLEANUP(mem_free) char *then = NULL;
	int r = store_memo_get(app->store, MEMO_INSTANCE, &then, reterr);

	if (r < 0)
		return r;
	if (!then)
		return store_memo_set(app->store, MEMO_INSTANCE, now, reterr);
	if (str_eq(then, now))
		return 0;
	return fault_set(reterr, FAULT_CONFIG,
		"%s belongs to another ConnectWise (host and company \"%s\", configured is "
		"\"%s\"): its "
		"mappings and tickets mean nothing there; set connectwise.site and company back, "
		"or name "
		"a new file in store.database and map the tenants anew",
		app->conf->store.database, then, now);
}

static int start(struct app *app, struct fault *reterr)
{
	int r = http_global_init(reterr);

	if (r == 0)
		r = store_open(
			app->conf->store.database, app->conf->store.max_bytes, &app->store, reterr);
	if (r == 0)
		r = cw_new(app->base, &app->cw, reterr);
	if (r < 0)
		return r;
	turn_init(app);
	cw_set_conf(app->cw, app->conf);
	r = check_instance(app, reterr);
	if (r == 0)
		r = restored_init(app, reterr);
	if (r < 0)
		return r;
	link_init(app);
	board_init(app);
	sync_init(app);
	r = alarm_init(app, reterr);
	if (r < 0)
		return r;
	r = open_api(app, reterr);
	if (r == 0 && app->turn.broken) {
		*reterr = app->turn.why;
		return -(int)reterr->code;
	}
	return r;
}

/* ==== signals ==== */

static void on_stop(evutil_socket_t signo, short what, void *arg)
{
	struct app *app = arg;

	(void)what;
	if (app->stop_by) { /* asked twice: at once */
		app_quit(app, EX_OK);
		return;
	}
	log_info("stopping: finishing what is in flight", F_INT("signal", signo),
		F_INT("requests", cw_in_flight(app->cw)));
	notify_stopping("finishing what is in flight");
	api_stop_listening(app->api);
	app->stop_by = now_mono_ms() + app->conf->delivery.stop_timeout;
}

static void on_reload(evutil_socket_t signo, short what, void *arg)
{
	const struct audit_who who = audit_who(NULL, AUDIT_SIGNAL);

	(void)signo;
	(void)what;
	reload(arg, &who);
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	notify_watchdog_ping();
}

enum { SIGNAL_TERM, SIGNAL_INT, SIGNAL_HUP, WATCHDOG, EVENTS_N };

static void watch(struct app *app, struct event *events[EVENTS_N])
{
	int64_t every = notify_watchdog_ms();
	struct timeval tv = { .tv_sec = every / 1000, .tv_usec = (every % 1000) * 1000 };
	int i;

	events[SIGNAL_TERM] = evsignal_new(app->base, SIGTERM, on_stop, app);
	events[SIGNAL_INT] = evsignal_new(app->base, SIGINT, on_stop, app);
	events[SIGNAL_HUP] = evsignal_new(app->base, SIGHUP, on_reload, app);
	events[WATCHDOG] = event_new(app->base, -1, EV_PERSIST, on_watchdog, NULL);
	for (i = 0; i < EVENTS_N; i++) {
		if (!events[i])
			abort();
		if (i != WATCHDOG && event_add(events[i], NULL) < 0)
			abort();
	}
	if (every > 0 && event_add(events[WATCHDOG], &tv) < 0)
		abort();
}

/* ==== the loop ==== */

static void run(struct app *app)
{
	struct event *events[EVENTS_N] = { 0 };
	char print[9];
	int i;

	secret_fingerprint(app->conf->cw.private_key, print);
	watch(app, events);
	log_info("started", F_STR("version", OPBRIDGE_VERSION), F_INT("pid", getpid()),
		F_STR("file", app->conf->path), F_STR("site", cw_site(app->cw)),
		F_STR("company", app->conf->cw.company), F_STR("key", print),
		F_STR("proxy", str_is_blank(app->conf->cw.proxy) ? "none" : app->conf->cw.proxy));
	notify_ready("running");
	while (!app->quit) {
		turn_end(app);
		if (!app->quit && event_base_loop(app->base, EVLOOP_ONCE) < 0)
			app_quit(app, EX_SOFTWARE);
	}
	for (i = 0; i < EVENTS_N; i++)
		event_free(events[i]);
}

static void stop(struct app *app)
{
	struct fault f = { 0 };

	if (app->store && app->cw) {
		delivery_free(app);
		sync_reset(app);
		board_reset(app);
		link_reset(app);
		if (store_commit(app->store, &f) < 0)
			log_error("last commit failed", F_STR("why", f.text));
	}
	if (app->cw)
		twins_free(app);
	copy_free(app);
	api_free(app->api);
	turn_free(app);
	if (app->check.call)
		cw_forget(app->cw, app->check.call);
	check_free(&app->check);
	alarm_free(app);
	reload_free(&app->reload);
	paused_free(&app->paused);
	board_free(&app->board);
	sync_free(&app->sync);
	cw_free(app->cw);
	store_close(app->store);
	conf_unref(app->conf);
	event_base_free(app->base);
}

int main(int argc, char **argv)
{
	struct app app = { .started_at = now_wall_ms() };
	struct fault f = { 0 };
	struct args args;

	parse_args(argc, argv, &args);
	protect_process();
	if (args.test)
		return test_conf(&args);
	if (args.check)
		return try_conf(&args);
	if (args.tell)
		return alarm_alone(args.conf_path);
	app.exit_status = load(&args, &app.conf);
	if (app.exit_status)
		return app.exit_status;
	reload_log(app.conf);
	if (args.foreground)
		log_set_format(LOG_LOGFMT, NULL);
	log_set_syslog_prefix(!args.foreground && journal_stderr_is_journal());
	app.base = event_base_new();
	if (!app.base)
		abort();
	app.prune_at = now_mono_ms();
	if (start(&app, &f) < 0) {
		log_error("cannot start", F_STR("why", f.text));
		app.exit_status = exit_of(&f);
	} else {
		run(&app);
		log_info("stopped", F_INT("exit", app.exit_status));
	}
	stop(&app);
	log_forget_canaries();
	return app.exit_status;
}
