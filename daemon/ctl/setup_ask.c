#include "ctl/setup_ask.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"

#define TYPED_MAX 4096 /* bytes of a line: a terminal gives no longer one */

/* ==== signals ==== */

static void enders(sigset_t *set)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

	sigemptyset(set);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaddset(set, signals[i]);
}

void ask_open(struct ask *ask, const struct ctl *ctl, bool may_ask)
{
	sigset_t set;

	*ask = (struct ask){ .ctl = ctl };
	ask->interactive = may_ask && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	enders(&set);
	sigprocmask(SIG_BLOCK, &set, &ask->old_mask);
	ask->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	signal(SIGPIPE, SIG_IGN);
}

static void take_signal(struct ask *ask)
{
	struct signalfd_siginfo info;

	if (ask->signals >= 0 && read(ask->signals, &info, sizeof(info)) == sizeof(info))
		ask->stopped_by = (int)info.ssi_signo;
}

bool ask_stopped(struct ask *ask)
{
	if (!ask->stopped_by)
		take_signal(ask);
	return ask->stopped_by != 0;
}

void ask_pause(const struct ask *ask)
{
	sigprocmask(SIG_SETMASK, &ask->old_mask, NULL);
}

void ask_close(struct ask *ask)
{
	if (ask->signals >= 0)
		close(ask->signals);
	ask->signals = -1;
	ask_pause(ask);
	if (!ask->stopped_by)
		return;
	fflush(NULL);
	signal(ask->stopped_by, SIG_DFL);
	raise(ask->stopped_by);
}

/* ==== reading ==== */

/* Until fd has something to read: 0, or ASK_STOPPED. */
static int wait_for(struct ask *ask, int fd)
{
	struct pollfd fds[] = { { .fd = ask->signals, .events = POLLIN },
		{ .fd = fd, .events = POLLIN } };

	for (;;) {
		if (ask_stopped(ask))
			return ASK_STOPPED;
		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return 0;
		if (fds[1].revents && !fds[0].revents)
			return 0;
	}
}

/* One line of the terminal into buf, its end cut off: a terminal hands over a line at a time. */
static int read_line(struct ask *ask, char *buf, size_t room)
{
	size_t n = 0;
	ssize_t got;
	int r;

	while (n + 1 < room) {
		r = wait_for(ask, STDIN_FILENO);
		if (r < 0)
			return r;
		got = read(STDIN_FILENO, buf + n, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return n ? 0 : ASK_ENDED;
		if (buf[n] == '\n')
			break;
		n++;
	}
	buf[n] = '\0';
	return 0;
}

/* Where a person sees a question, whatever the output is for. */
static struct term shown_on(const struct ask *ask)
{
	return ask->interactive ? ask->ctl->out : term_of(stderr, ask->ctl->out.color);
}

static void prompt(const struct ask *ask, const char *question, const char *standard)
{
	const struct term term = shown_on(ask), *t = &term;
	CLEANUP(mem_free) char *safe = term_safe(standard);

	fprintf(t->out, "%s%s%s", term_on(t, TONE_BOLD), question, term_off(t, TONE_BOLD));
	if (*safe)
		fprintf(t->out, " [%s]", safe);
	fputs(": ", t->out);
	fflush(t->out);
}

/* After an answer that ended without its line end. */
static int told(const struct ask *ask, int r)
{
	if (r < 0)
		fputc('\n', shown_on(ask).out);
	return r;
}

int ask_line(struct ask *ask, const char *question, const char *standard, char **ret)
{
	char typed[TYPED_MAX];
	int r;

	prompt(ask, question, standard);
	r = told(ask, read_line(ask, typed, sizeof(typed)));
	if (r < 0)
		return r;
	str_trim(typed);
	*ret = xstrdup(*typed || !standard ? typed : standard);
	return 0;
}

/* ==== secrets ==== */

/* Where `text` begins and ends without the white space around it. */
static struct secret *trimmed(const char *text, size_t n)
{
	size_t from = 0;

	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	while (from < n && isspace((unsigned char)text[from]))
		from++;
	return from < n ? secret_new(text + from, n - from) : NULL;
}

/* Neither echo nor ^Z, after which the shell would show what is typed. */
static bool hide(struct termios *old)
{
	struct termios hidden;

	if (tcgetattr(STDIN_FILENO, old) < 0)
		return false;
	hidden = *old;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
	return tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
}

int ask_secret(struct ask *ask, const char *question, const char *standard, struct secret **ret)
{
	char typed[TYPED_MAX];
	struct termios old;
	bool hidden;
	int r;

	hidden = hide(&old); /* first: who sees the question may type at once */
	prompt(ask, question, standard);
	r = read_line(ask, typed, sizeof(typed));
	if (hidden) {
		tcsetattr(STDIN_FILENO, r < 0 ? TCSAFLUSH : TCSADRAIN, &old);
		fputc('\n', shown_on(ask).out);
	}
	*ret = r < 0 ? NULL : trimmed(typed, strlen(typed));
	explicit_bzero(typed, sizeof(typed));
	return r;
}

/* Until fd has something to read; false: something asked to stop. */
static bool wait_readable(int fd, int signals)
{
	struct pollfd fds[] = { { .fd = signals, .events = POLLIN },
		{ .fd = fd, .events = POLLIN } };

	while (poll(fds, ARRAY_LEN(fds), -1) < 0)
		if (errno != EINTR)
			return true; /* then read says why */
	return !fds[0].revents;
}

struct secret *ask_read_secret(int fd, int signals)
{
	char text[SETUP_SECRET_MAX + 1];
	struct secret *s = NULL;
	ssize_t got = 1;
	size_t n = 0;

	while (n < sizeof(text) && got != 0) {
		bool may = wait_readable(fd, signals);

		got = may ? read(fd, text + n, sizeof(text) - n) : -1;
		if (!may)
			errno = ECANCELED;
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			break;
		n += got > 0 ? (size_t)got : 0;
	}
	if (n == sizeof(text))
		errno = EFBIG;
	else if (got == 0) {
		s = trimmed(text, n);
		errno = s ? 0 : ENODATA;
	}
	explicit_bzero(text, sizeof(text));
	return s;
}

/* ==== choices ==== */

static bool is_number(const char *text, size_t n, size_t *ret)
{
	char *end;
	unsigned long number;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || number < 1 || number > n)
		return false;
	*ret = number - 1;
	return true;
}

/* The whole name, or what only one begins with. */
static bool is_name(const char *text, const char *const *lines, size_t n, size_t *ret)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(lines[i], text)) {
			*ret = i;
			return true;
		}
	for (size_t i = 0; i < n; i++)
		if (strncasecmp(lines[i], text, strlen(text)) == 0 && found++ == 0)
			*ret = i;
	return found == 1;
}

int ask_choice(
	struct ask *ask, const char *question, const char *const *lines, size_t n, size_t *at)
{
	const struct ctl *ctl = ask->ctl;
	char standard[24];
	int r;

	for (size_t i = 0; i < n; i++) {
		CLEANUP(mem_free) char *safe = term_safe(lines[i]);

		fprintf(ctl->out.out, "  %2zu  %s\n", i + 1, safe);
	}
	snprintf(standard, sizeof(standard), "%zu", *at + 1);
	for (;;) {
		CLEANUP(mem_free) char *typed = NULL;

		r = ask_line(ask, question, standard, &typed);
		if (r < 0 || is_number(typed, n, at) || is_name(typed, lines, n, at))
			return r;
		ctl_say(ctl, "  Type a number of 1 to %zu.", n);
	}
}

int ask_yes(struct ask *ask, const char *question, bool standard, bool *ret)
{
	for (;;) {
		CLEANUP(mem_free) char *typed = NULL;
		int r = ask_line(ask, question, standard ? "yes" : "no", &typed);

		if (r < 0)
			return r;
		*ret = str_eq_nocase(typed, "yes") || str_eq_nocase(typed, "y");
		if (*ret || str_eq_nocase(typed, "no") || str_eq_nocase(typed, "n"))
			return 0;
		ctl_say(ask->ctl, "  Type yes or no.");
	}
}
