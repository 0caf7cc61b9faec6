/* io/notify and io/journal: what is said to systemd, and how a line leaves when there is no
 * journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "io/journal.h"
#include "io/notify.h"

/* A stand-in for systemd's end of NOTIFY_SOCKET, in the abstract name space. */
static int notify_open(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char name[64];
	size_t n;

	snprintf(name, sizeof(name), "@opbridge-notify-%d", (int)getpid());
	n = strlen(name);
	memcpy(a.sun_path, name, n);
	a.sun_path[0] = '\0';
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)),
		0);
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static void assert_said(int fd, const char *start)
{
	char text[512] = "";
	ssize_t n = recv(fd, text, sizeof(text) - 1, 0);

	assert_true(n > 0);
	if (!str_starts(text, start))
		fail_msg("\"%s\" instead of \"%s\"", text, start);
}

static void each_word_to_systemd_is_one_datagram(void **state)
{
	int fd = notify_open();
	char rest[16];

	(void)state;
	notify_ready("running");
	assert_said(fd, "READY=1\nSTATUS=running");
	notify_reloading();
	assert_said(fd, "RELOADING=1\nMONOTONIC_USEC=");
	notify_stopping("bye");
	assert_said(fd, "STOPPING=1\nSTATUS=bye");
	notify_watchdog_ping();
	assert_said(fd, "WATCHDOG=1");
	assert_int_equal(recv(fd, rest, sizeof(rest), 0), -1);
	unsetenv("NOTIFY_SOCKET");
	notify_ready("nobody listens");
	assert_int_equal(recv(fd, rest, sizeof(rest), 0), -1);
	close(fd);
}

static void a_status_cannot_smuggle_in_another_word(void **state)
{
	int fd = notify_open();

	(void)state;
	notify_status("why:\nREADY=1");
	assert_said(fd, "STATUS=why: READY=1");
	unsetenv("NOTIFY_SOCKET");
	close(fd);
}

static void the_watchdog_is_fed_twice_as_often_as_it_bites(void **state)
{
	char pid[16];

	(void)state;
	unsetenv("WATCHDOG_USEC");
	assert_int_equal(notify_watchdog_ms(), 0);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(notify_watchdog_ms(), 15000);
	setenv("WATCHDOG_USEC", "1", 1);
	assert_int_equal(notify_watchdog_ms(), 1);
	setenv("WATCHDOG_PID", "1", 1); /* meant for another process */
	assert_int_equal(notify_watchdog_ms(), 0);
	unsetenv("WATCHDOG_PID");
	unsetenv("WATCHDOG_USEC");
}

/* Two descriptors as systemd would hand them over: 3 listens, 4 is a plain file. What stood there
 * before comes back afterwards. */
struct handed {
	int saved[2];
};

static int hand_over(void **state)
{
	struct handed *h = xcalloc(1, sizeof(*h));
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char pid[16];
	int at, file, high_at, high_file;

	h->saved[0] = fcntl(3, F_DUPFD_CLOEXEC, 20);
	h->saved[1] = fcntl(4, F_DUPFD_CLOEXEC, 20);
	at = socket(AF_UNIX, SOCK_STREAM, 0);
	file = open("/dev/null", O_RDONLY);
	if (at < 0 || file < 0 || bind(at, (struct sockaddr *)&a, sizeof(sa_family_t)) != 0 ||
		listen(at, 1) != 0)
		return -1;
	high_at = fcntl(at, F_DUPFD, 30); /* off 3 and 4, wherever they were opened */
	high_file = fcntl(file, F_DUPFD, 30);
	close(at);
	close(file);
	if (dup2(high_at, 3) != 3 || dup2(high_file, 4) != 4)
		return -1;
	close(high_at);
	close(high_file);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "2", 1);
	setenv("LISTEN_FDNAMES", "events.sock:control.sock", 1);
	*state = h;
	return 0;
}

static int take_back(void **state)
{
	struct handed *h = *state;
	int i;

	for (i = 0; i < 2; i++) {
		close(3 + i);
		if (h->saved[i] >= 0) {
			dup2(h->saved[i], 3 + i);
			close(h->saved[i]);
		}
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	mem_free(h);
	return 0;
}

static void a_socket_is_found_by_its_name(void **state)
{
	struct fault f = { 0 };
	int fd = -1;

	(void)state;
	assert_int_equal(notify_listen_fd("events.sock", &fd, &f), 0);
	assert_int_equal(fd, 3);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void what_is_no_listening_socket_is_refused(void **state)
{
	struct fault f = { 0 };
	int fd = -1;

	(void)state;
	assert_int_equal(notify_listen_fd("control.sock", &fd, &f), -FAULT_CONFIG);
	assert_non_null(strstr(f.text, "control.sock"));
	assert_int_equal(notify_listen_fd("other.sock", &fd, &f), -FAULT_NOT_FOUND);
	setenv("LISTEN_FDNAMES", "events.sock:events.sock", 1);
	assert_int_equal(notify_listen_fd("events.sock", &fd, &f), -FAULT_CONFIG);
	assert_non_null(strstr(f.text, "there must be one"));
	setenv("LISTEN_PID", "1", 1); /* meant for another process */
	assert_int_equal(notify_listen_fd("events.sock", &fd, &f), -FAULT_NOT_FOUND);
	assert_int_equal(fd, -1);
}

static void stderr_is_the_journal_only_when_it_is_that_very_stream(void **state)
{
	char stream[64];
	struct stat st;

	(void)state;
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	unsetenv("JOURNAL_STREAM");
	assert_false(journal_stderr_is_journal());
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	assert_true(journal_stderr_is_journal());
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino + 1);
	setenv("JOURNAL_STREAM", stream, 1);
	assert_false(journal_stderr_is_journal());
	setenv("JOURNAL_STREAM", "12", 1);
	assert_false(journal_stderr_is_journal());
	setenv("JOURNAL_STREAM", ":", 1);
	assert_false(journal_stderr_is_journal());
	unsetenv("JOURNAL_STREAM");
}

static void the_line_for_a_sink_hides_the_secret(void **state)
{
	const struct log_field fields[] = { F_INT("job", 42), F_STR("why", "a key s3cr3t in it"),
		F_STR("none", NULL), F_STR("tenant", "contoso.com") };
	CLEANUP(mem_free) char *line = NULL;

	(void)state;
	log_set_canary(0, "s3cr3t");
	log_set_canary(1, "of the mail server");
	line = log_text("delivered", fields, ARRAY_LEN(fields));
	assert_string_equal(line, "delivered job=42 why=*** tenant=contoso.com");
	assert_string_equal(log_safe("s3cr3t"), "***");
	assert_string_equal(log_safe("plain"), "plain");
	assert_string_equal(log_safe("535 no: that of the mail server's"), "***");
	log_set_canary(0, NULL);
	assert_string_equal(log_safe("s3cr3t"), "s3cr3t");
	log_set_canary(1, "short");
	assert_string_equal(log_safe("a short word"), "a short word");
	assert_string_equal(log_safe("of the mail server"), "of the mail server");
	log_set_canary(0, "s3cr3t");
	log_forget_canaries();
	assert_string_equal(log_safe("s3cr3t"), "s3cr3t");
}

static void without_a_journal_the_line_goes_to_stderr(void **state)
{
	const struct log_field fields[] = { F_INT("job", 42) };
	char text[512] = "";
	int ends[2], kept;

	(void)state;
	if (access("/run/systemd/journal/socket", F_OK) == 0)
		skip(); /* this machine has one */
	assert_int_equal(pipe(ends), 0);
	kept = dup(STDERR_FILENO);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	journal_sink(LEVEL_WARN, MSG_BREAKER_OPENED, fields, 1);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	close(kept);
	close(ends[1]);
	assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
	close(ends[0]);
	assert_non_null(strstr(text, " level=warn msg=\"breaker opened\" job=42\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_to_systemd_is_one_datagram),
		cmocka_unit_test(a_status_cannot_smuggle_in_another_word),
		cmocka_unit_test(the_watchdog_is_fed_twice_as_often_as_it_bites),
		cmocka_unit_test_setup_teardown(
			a_socket_is_found_by_its_name, hand_over, take_back),
		cmocka_unit_test_setup_teardown(
			what_is_no_listening_socket_is_refused, hand_over, take_back),
		cmocka_unit_test(stderr_is_the_journal_only_when_it_is_that_very_stream),
		cmocka_unit_test(the_line_for_a_sink_hides_the_secret),
		cmocka_unit_test(without_a_journal_the_line_goes_to_stderr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
