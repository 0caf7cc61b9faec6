#include "io/hook.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"
#include "core/plain.h"

#define OUTPUT_MAX 1024 /* bytes that are kept; the rest is read and thrown away */
#define READ_ROUNDS 16 /* of one callback: a chatterbox must not hold the loop */
#define ENVIRONMENT_MAX 16
#define GRACE_PART 6

enum hook_phase { HOOK_IDLE, HOOK_RUNNING, HOOK_TERMINATED, HOOK_KILLED, HOOK_ENDED };

struct hook {
	struct event_base *base;
	struct event *child, *timer;
	struct event *reader; /* or NULL */
	enum hook_phase phase;
	pid_t pid;
	int status; /* of waitpid, with HOOK_ENDED */
	int error; /* errno: it could not be started */
	bool timed_out;
	int64_t timeout;
	struct str output;
};

static void close_reader(struct hook *h)
{
	if (!h->reader)
		return;
	close(event_get_fd(h->reader));
	event_free(h->reader);
	h->reader = NULL;
}

static void read_output(struct hook *h)
{
	char buf[1024];
	ssize_t n = 0;
	int i;

	for (i = 0; h->reader && i < READ_ROUNDS; i++) {
		n = read(event_get_fd(h->reader), buf, sizeof(buf));
		if (n <= 0)
			break;
		if (h->output.len < OUTPUT_MAX) {
			size_t room = OUTPUT_MAX - h->output.len;

			str_addn(&h->output, buf, (size_t)n < room ? (size_t)n : room);
		}
	}
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_reader(h);
}

static void on_output(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	read_output(arg);
}

static void arm(struct hook *h, int64_t ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000 };

	if (evtimer_add(h->timer, &tv) < 0)
		abort();
}

/* What the command started goes with it: it leads a group of its own. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct hook *h = arg;

	(void)fd;
	(void)what;
	if (h->phase == HOOK_RUNNING) {
		h->phase = HOOK_TERMINATED;
		h->timed_out = true;
		kill(-h->pid, SIGTERM);
		arm(h, h->timeout / GRACE_PART + 1);
	} else if (h->phase == HOOK_TERMINATED) {
		h->phase = HOOK_KILLED;
		kill(-h->pid, SIGKILL);
	}
}

static void on_child(evutil_socket_t signo, short what, void *arg)
{
	struct hook *h = arg;

	(void)signo;
	(void)what;
	if (h->phase == HOOK_IDLE || h->phase == HOOK_ENDED)
		return;
	if (waitpid(h->pid, &h->status, WNOHANG) != h->pid)
		return;
	if (h->timed_out)
		kill(-h->pid, SIGKILL); /* whatever it left behind */
	read_output(h); /* all that is there; who holds the pipe open is not waited for */
	close_reader(h);
	evtimer_del(h->timer);
	h->phase = HOOK_ENDED;
}

int hook_new(struct event_base *base, struct hook **ret, struct fault *reterr)
{
	struct hook *h = xcalloc(1, sizeof(*h));

	h->base = base;
	h->child = evsignal_new(base, SIGCHLD, on_child, h);
	h->timer = evtimer_new(base, on_timer, h);
	if (!h->child || !h->timer || event_add(h->child, NULL) < 0) {
		hook_free(h);
		return fault_set(reterr, FAULT_SYSTEM, "libevent refused a signal or a timer");
	}
	*ret = h;
	return 0;
}

void hook_free(struct hook *h)
{
	if (!h)
		return;
	if (h->phase != HOOK_IDLE && h->phase != HOOK_ENDED) {
		kill(-h->pid, SIGKILL);
		(void)waitpid(h->pid, NULL, 0);
	}
	close_reader(h);
	if (h->child)
		event_free(h->child);
	if (h->timer)
		event_free(h->timer);
	str_free(&h->output);
	free(h);
}

/* ==== starting ==== */

/* The input as a file that has no name, so that nobody waits for it to be read. */
static int input_file(const char *text)
{
	size_t len = strlen(text), at = 0;
	int fd = memfd_create("alarm", MFD_CLOEXEC);

	while (fd >= 0 && at < len) {
		ssize_t n = write(fd, text + at, len - at);

		if (n <= 0) {
			close(fd);
			return -1;
		}
		at += (size_t)n;
	}
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int spawn(
	struct hook *h, const struct hook_ask *ask, char *const *environment, int in, int out)
{
	char *const argv[] = { (char *)(uintptr_t)ask->command, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	if (posix_spawn_file_actions_init(&files) || posix_spawnattr_init(&attr))
		abort();
	r = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	if (!r)
		r = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	if (!r)
		r = posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
	if (!r)
		r = posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	if (!r)
		r = posix_spawn_file_actions_addchdir_np(&files, "/");
	if (!r)
		r = posix_spawnattr_setsigdefault(&attr, &all);
	if (!r)
		r = posix_spawnattr_setsigmask(&attr, &none);
	if (!r)
		r = posix_spawnattr_setpgroup(&attr, 0);
	if (!r)
		r = posix_spawnattr_setflags(&attr,
			POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	if (!r)
		r = posix_spawn(&h->pid, ask->command, &files, &attr, argv, environment);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return r;
}

static int start(struct hook *h, const struct hook_ask *ask)
{
	char *environment[ENVIRONMENT_MAX + 3] = {
		(char *)(uintptr_t) "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/"
				    "bin",
		(char *)(uintptr_t) "LANG=C.UTF-8",
	};
	int in, pipes[2], r, n = 0;

	for (; n < ENVIRONMENT_MAX && ask->environment[n]; n++)
		environment[n + 2] = (char *)(uintptr_t)ask->environment[n];
	in = input_file(ask->input);
	if (in < 0)
		return errno;
	if (pipe2(pipes, O_CLOEXEC) < 0) {
		r = errno;
		close(in);
		return r;
	}
	r = spawn(h, ask, environment, in, pipes[1]);
	close(in);
	close(pipes[1]);
	if (!r && fcntl(pipes[0], F_SETFL, O_NONBLOCK) == 0)
		h->reader = event_new(h->base, pipes[0], EV_READ | EV_PERSIST, on_output, h);
	if (!h->reader)
		close(pipes[0]);
	else if (event_add(h->reader, NULL) < 0)
		abort();
	return r;
}

void hook_run(struct hook *h, const struct hook_ask *ask)
{
	assert(h->phase == HOOK_IDLE);
	h->timeout = ask->timeout;
	h->timed_out = false;
	h->error = start(h, ask);
	if (h->error) {
		h->phase = HOOK_ENDED;
		event_active(h->timer, EV_TIMEOUT, 0); /* the loop must come round for it */
		return;
	}
	h->phase = HOOK_RUNNING;
	arm(h, ask->timeout);
}

/* ==== results ==== */

static void say_end(const struct hook *h, char *why, size_t cap)
{
	*why = '\0';
	if (h->error == EACCES || h->error == ENOENT || h->error == EPERM)
		snprintf(why, cap,
			"alarm.hook cannot be run: %s: it must exist, be executable, and the "
			"service "
			"unit must allow it and its interpreter (ExecPaths=; see opbridge.conf(5))",
			strerror(h->error));
	else if (h->error)
		snprintf(why, cap, "alarm.hook cannot be run: %s", strerror(h->error));
	else if (h->timed_out)
		snprintf(why, cap,
			"alarm.hook was killed after alarm.hook_timeout: find out what it waits "
			"for, "
			"or let it do that in the background");
	else if (WIFSIGNALED(h->status))
		snprintf(why, cap, "alarm.hook was ended by signal %d", WTERMSIG(h->status));
	else if (WEXITSTATUS(h->status))
		snprintf(why, cap, "alarm.hook ended with status %d", WEXITSTATUS(h->status));
}

void hook_drain(struct hook *h, hook_done *done, void *arg)
{
	char why[512], output[OUTPUT_MAX + 8];
	struct hook_result result = { .why = why, .output = output };

	if (h->phase != HOOK_ENDED)
		return;
	say_end(h, why, sizeof(why));
	plain_line(output, sizeof(output), h->output.at, h->output.len);
	result.ran = !h->error;
	result.done = !*why;
	str_free(&h->output);
	h->phase = HOOK_IDLE;
	done(arg, &result);
}
