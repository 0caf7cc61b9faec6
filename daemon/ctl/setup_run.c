#include "ctl/setup_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/mem.h"

#define OUTPUT_MAX (1024 * 1024) /* bytes of one line, or of a secret */

struct child {
	pid_t pid;
	int out; /* what it prints */
	int in; /* what it reads; -1: nothing, or all was written */
	const char *left; /* of the input */
	size_t n_left;
};

bool setup_has_program(const char *name)
{
	CLEANUP(mem_free) char *path = xstrdup(getenv("PATH"));
	char *rest = path, *folder;

	if (strchr(name, '/'))
		return access(name, X_OK) == 0;
	while (path && (folder = strsep(&rest, ":"))) {
		CLEANUP(mem_free) char *file = xasprintf("%s/%s", folder, name);

		if (access(file, X_OK) == 0)
			return true;
	}
	return false;
}

/* ==== starting ==== */

static void become(const struct program *program, int in, int out)
{
	sigset_t none;
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(in >= 0 ? in : nowhere, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	if (program->both)
		dup2(out, STDERR_FILENO);
	else if (program->quiet)
		dup2(nowhere, STDERR_FILENO);
	if (program->credentials)
		setenv("CREDENTIALS_DIRECTORY", program->credentials, 1);
	else
		unsetenv("CREDENTIALS_DIRECTORY");
	execvp(program->argv[0], (char *const *)(uintptr_t)program->argv);
	_exit(RUN_NO_PROGRAM);
}

static bool start(const struct program *program, struct child *ret)
{
	int in[2] = { -1, -1 }, out[2];

	if (pipe2(out, O_CLOEXEC) < 0)
		return false;
	if (program->input && pipe2(in, O_CLOEXEC) < 0) {
		close(out[0]);
		close(out[1]);
		return false;
	}
	fflush(NULL);
	ret->pid = fork();
	if (ret->pid == 0)
		become(program, in[0], out[1]);
	close(out[1]);
	if (in[0] >= 0)
		close(in[0]);
	ret->out = out[0];
	ret->in = in[1];
	ret->left = program->input ? secret_text(program->input) : NULL;
	ret->n_left = program->input ? secret_len(program->input) : 0;
	if (ret->pid > 0)
		return true;
	close(ret->out);
	if (ret->in >= 0)
		close(ret->in);
	return false;
}

/* ==== while it runs ==== */

static void feed(struct child *child)
{
	ssize_t n = write(child->in, child->left, child->n_left);

	if (n > 0) {
		child->left += n;
		child->n_left -= (size_t)n;
	}
	if (child->n_left == 0 || (n < 0 && errno != EINTR)) {
		close(child->in);
		child->in = -1;
	}
}

/* Waits for what comes first. Returns bytes read, 0 at the end, RUN_STOPPED. */
static ssize_t next_bytes(const struct program *program, struct child *child, char *buf, size_t n)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = program->signals, .events = POLLIN },
			{ .fd = child->in, .events = POLLOUT },
			{ .fd = child->out, .events = POLLIN },
		};

		if (poll(fds, ARRAY_LEN(fds), -1) < 0) {
			if (errno == EINTR)
				continue;
			return 0;
		}
		if (fds[0].revents)
			return RUN_STOPPED;
		if (fds[1].revents)
			feed(child);
		if (fds[2].revents) {
			ssize_t got = read(child->out, buf, n);

			if (got >= 0 || errno != EINTR)
				return got < 0 ? 0 : got;
		}
	}
}

static int finish(struct child *child, bool stopped)
{
	int status = 0;

	close(child->out);
	if (child->in >= 0)
		close(child->in);
	if (stopped)
		kill(child->pid, SIGTERM);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (stopped)
		return RUN_STOPPED;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Hands each whole line on; what is left without an end stays in line. */
static void take_lines(const struct program *program, struct str *line, const char *buf, size_t n)
{
	const char *end;

	while ((end = memchr(buf, '\n', n))) {
		str_addn(line, buf, (size_t)(end - buf));
		if (program->on_line)
			program->on_line(program->arg, line->at ? line->at : "");
		str_free(line);
		n -= (size_t)(end - buf) + 1;
		buf = end + 1;
	}
	if (line->len + n <= OUTPUT_MAX)
		str_addn(line, buf, n);
}

int setup_run(const struct program *program)
{
	struct child child;
	char buf[4096];
	ssize_t n;
	STR_AUTO(line);

	if (!start(program, &child))
		return RUN_NO_PROGRAM;
	while ((n = next_bytes(program, &child, buf, sizeof(buf))) > 0)
		take_lines(program, &line, buf, (size_t)n);
	if (line.len && program->on_line && n == 0)
		program->on_line(program->arg, line.at);
	return finish(&child, n < 0);
}

int setup_run_secret(const struct program *program, struct secret **ret)
{
	struct child child;
	char buf[8192];
	size_t used = 0;
	ssize_t n;
	int code;

	if (!start(program, &child))
		return RUN_NO_PROGRAM;
	while ((n = next_bytes(program, &child, buf + used, sizeof(buf) - used)) > 0)
		used += (size_t)n;
	code = finish(&child, n < 0);
	if (code == 0)
		*ret = secret_new(buf, used);
	explicit_bzero(buf, sizeof(buf));
	return code;
}
