/* include/opbridge.h against a canned server: one thread, one connection, one fixed answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "opbridge.h"

struct server {
	char dir[64], path[96];
	const char *answer;
	size_t pad; /* bytes of 'x' sent after the answer */
	int fd;
	bool hold; /* keep the connection open without an answer */
	char request[4096];
	pthread_t thread;
};

static bool request_ends(const char *request)
{
	const char *head = strstr(request, "\r\n\r\n"), *at = strstr(request, "Content-Length: ");

	if (!head)
		return false;
	return !at || strlen(head + 4) >= strtoul(at + 16, NULL, 10);
}

static void *serve(void *arg)
{
	struct server *s = arg;
	static char pad[65536];
	size_t n = 0;
	ssize_t got = 1;
	int fd = accept(s->fd, NULL, NULL);

	while (fd >= 0 && got > 0 && !request_ends(s->request)) {
		got = recv(fd, s->request + n, sizeof(s->request) - n - 1, 0);
		n += got > 0 ? (size_t)got : 0;
	}
	while (s->hold && recv(fd, pad, sizeof(pad), 0) > 0)
		;
	if (s->answer)
		send(fd, s->answer, strlen(s->answer), MSG_NOSIGNAL);
	for (; s->pad; s->pad -= sizeof(pad))
		if (send(fd, pad, sizeof(pad), MSG_NOSIGNAL) < 0)
			break;
	close(fd);
	return NULL;
}

static void server_start(struct server *s, const char *answer)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	snprintf(s->dir, sizeof(s->dir), "/tmp/opb-client-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->path, sizeof(s->path), "%s/events.sock", s->dir);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", s->path);
	s->answer = answer;
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->fd, 4), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_stop(struct server *s)
{
	pthread_join(s->thread, NULL);
	close(s->fd);
	unlink(s->path);
	rmdir(s->dir);
}

/* One call to a server that answers so. The caller clears the reply. */
static int ask(struct server *s, const char *answer, struct opb_reply *ret, char error[640])
{
	struct opb *o;
	int r;

	server_start(s, answer);
	o = opb_new(s->path);
	assert_non_null(o);
	r = opb_submit(o, "{\"id\":\"e\"}", 10, ret);
	snprintf(error, 640, "%s", opb_strerror(o));
	opb_free(o);
	server_stop(s);
	return r;
}

static void an_event_is_posted_whole_and_the_answer_comes_back(void **state)
{
	struct server s = { 0 };
	struct opb_reply reply;
	char error[640];

	(void)state;
	assert_int_equal(ask(&s,
				 "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n"
				 "Content-Length: 14\r\n\r\n{\"accepted\":1}",
				 &reply, error),
		OPB_OK);
	assert_int_equal(reply.status, 202);
	assert_string_equal(reply.body, "{\"accepted\":1}");
	assert_int_equal(reply.body_len, 14);
	assert_string_equal(reply.content_type, "application/json");
	assert_int_equal(reply.retry_after, -1);
	assert_string_equal(error, "");
	assert_non_null(strstr(s.request, "POST /v1/events HTTP/1.1\r\n"));
	assert_non_null(strstr(s.request, "Content-Type: application/json\r\n"));
	assert_null(strstr(s.request, "Expect"));
	assert_non_null(strstr(s.request, "\r\n\r\n{\"id\":\"e\"}"));
	opb_reply_clear(&reply);
	assert_null(reply.body);
}

static void a_busy_daemon_names_its_seconds(void **state)
{
	struct server s = { 0 }, none = { 0 }, huge = { 0 };
	struct opb_reply reply;
	char error[640];

	(void)state;
	assert_int_equal(ask(&s, "HTTP/1.1 503 Full\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
				 &reply, error),
		OPB_OK);
	assert_int_equal(reply.status, 503);
	assert_int_equal(reply.retry_after, 7);
	assert_string_equal(reply.body, "");
	opb_reply_clear(&reply);
	assert_int_equal(
		ask(&none, "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", &reply, error),
		OPB_OK);
	assert_int_equal(reply.retry_after, -1);
	opb_reply_clear(&reply);
	assert_int_equal(
		ask(&huge, "HTTP/1.1 429 Slow\r\nRetry-After: 999999\r\nContent-Length: 0\r\n\r\n",
			&reply, error),
		OPB_OK);
	assert_int_equal(reply.retry_after, 86400);
	opb_reply_clear(&reply);
}

static void a_redirect_is_an_answer_and_not_followed(void **state)
{
	struct server s = { 0 };
	struct opb_reply reply;
	char error[640];

	(void)state;
	assert_int_equal(ask(&s,
				 "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n"
				 "Content-Length: 0\r\n\r\n",
				 &reply, error),
		OPB_OK);
	assert_int_equal(reply.status, 302);
	opb_reply_clear(&reply);
}

static void what_does_not_speak_http_is_a_protocol_error(void **state)
{
	struct server s = { 0 };
	struct opb_reply reply;
	char error[640];

	(void)state;
	assert_int_equal(ask(&s, "220 mail ready\r\n", &reply, error), OPB_ERR_PROTOCOL);
	assert_non_null(strstr(error, "does not speak like opbridged"));
	assert_null(reply.body);
	opb_reply_clear(&reply);
}

static void a_hang_up_before_or_within_the_answer_is_told(void **state)
{
	struct server before = { 0 }, within = { 0 };
	struct opb_reply reply;
	char error[640];

	(void)state;
	assert_int_equal(ask(&before, NULL, &reply, error), OPB_ERR_SOCKET);
	assert_non_null(strstr(error, "hung up"));
	assert_int_equal(
		ask(&within, "HTTP/1.1 202 OK\r\nContent-Length: 99\r\n\r\n{", &reply, error),
		OPB_ERR_SOCKET);
	assert_null(reply.body);
	assert_int_equal(reply.status, 0);
}

static void an_answer_over_the_cap_is_refused(void **state)
{
	struct server s = { .pad = (size_t)65 << 20 };
	struct opb_reply reply;
	char error[640];

	(void)state;
	assert_int_equal(ask(&s, "HTTP/1.1 200 OK\r\n\r\n", &reply, error), OPB_ERR_PROTOCOL);
	assert_non_null(strstr(error, "longer than 64 MiB"));
	assert_null(reply.body);
}

static void silence_ends_in_a_timeout(void **state)
{
	struct server s = { .hold = true };
	struct opb_reply reply;
	struct opb *o;

	(void)state;
	server_start(&s, NULL);
	o = opb_new(s.path);
	opb_set_timeout_ms(o, 60);
	assert_int_equal(opb_call(o, "GET", "/healthz", NULL, NULL, 0, &reply), OPB_ERR_TIMEOUT);
	assert_non_null(strstr(opb_strerror(o), "within 60 ms"));
	opb_free(o);
	server_stop(&s);
}

static void no_daemon_is_told_with_the_socket_and_the_remedy(void **state)
{
	struct opb_reply reply;
	struct opb *o = opb_new("/nonexistent/events.sock");

	(void)state;
	assert_int_equal(opb_call(o, "GET", "/healthz", NULL, NULL, 0, &reply), OPB_ERR_SOCKET);
	assert_non_null(strstr(opb_strerror(o), "/nonexistent/events.sock"));
	assert_non_null(strstr(opb_strerror(o), "No such file"));
	assert_non_null(strstr(opb_strerror(o), "systemctl status opbridged"));
	opb_free(o);
}

static void arguments_that_could_forge_a_request_are_refused(void **state)
{
	struct opb_reply reply;
	struct opb *o = opb_new("/nonexistent");

	(void)state;
	assert_int_equal(opb_call(o, "GET", "/a b", NULL, NULL, 0, &reply), OPB_ERR_ARGUMENT);
	assert_int_equal(opb_call(o, "GET", "/a\r\nX: y", NULL, NULL, 0, &reply), OPB_ERR_ARGUMENT);
	assert_int_equal(opb_call(o, "GET", "no-slash", NULL, NULL, 0, &reply), OPB_ERR_ARGUMENT);
	assert_int_equal(opb_call(o, "GE T", "/", NULL, NULL, 0, &reply), OPB_ERR_ARGUMENT);
	assert_int_equal(opb_call(o, "POST", "/", "a\r\nb: c", "{}", 2, &reply), OPB_ERR_ARGUMENT);
	assert_int_equal(opb_call(o, "POST", "/", NULL, "{}", 2, &reply), OPB_ERR_ARGUMENT);
	assert_int_equal(opb_call(o, "POST", "/", NULL, NULL, 2, &reply), OPB_ERR_ARGUMENT);
	assert_int_equal(opb_call(o, "GET", "/", NULL, NULL, 0, NULL), OPB_ERR_ARGUMENT);
	assert_int_equal(opb_call(NULL, "GET", "/", NULL, NULL, 0, &reply), OPB_ERR_ARGUMENT);
	opb_free(o);
}

static void a_socket_path_has_a_longest_length(void **state)
{
	char path[109];
	struct opb *o;

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[108] = '\0';
	assert_null(opb_new(path));
	assert_non_null(strstr(opb_strerror(NULL), "too long"));
	path[107] = '\0';
	o = opb_new(path);
	assert_non_null(o);
	opb_free(o);
}

static void the_environment_names_the_socket_and_empty_means_unset(void **state)
{
	struct opb_reply reply;
	struct opb *o;

	(void)state;
	setenv("OPBRIDGE_SOCKET", "/nonexistent/elsewhere", 1);
	setenv("http_proxy", "http://192.0.2.1:9", 1);
	o = opb_new(NULL);
	assert_int_equal(opb_call(o, "GET", "/healthz", NULL, NULL, 0, &reply), OPB_ERR_SOCKET);
	assert_non_null(strstr(opb_strerror(o), "/nonexistent/elsewhere"));
	opb_free(o);
	setenv("OPBRIDGE_SOCKET", "", 1);
	o = opb_new(NULL);
	assert_non_null(o);
	opb_free(o);
	unsetenv("OPBRIDGE_SOCKET");
	unsetenv("http_proxy");
}

static void a_socket_that_is_not_ours_says_which_group_to_join(void **state)
{
	struct server s = { 0 };
	struct opb_reply reply;
	struct opb *o;

	(void)state;
	server_start(&s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	o = opb_new(s.path);
	chmod(s.path, 0600);
	if (geteuid() == 0) {
		chmod(s.dir, 0755);
		assert_int_equal(seteuid(65534), 0);
	} else {
		chmod(s.path, 0);
	}
	assert_int_equal(opb_call(o, "GET", "/healthz", NULL, NULL, 0, &reply), OPB_ERR_DENIED);
	assert_non_null(strstr(opb_strerror(o), "usermod -aG opbridge"));
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	chmod(s.path, 0600);
	assert_int_equal(opb_call(o, "GET", "/healthz", NULL, NULL, 0, &reply), OPB_OK);
	opb_reply_clear(&reply);
	opb_free(o);
	server_stop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_posted_whole_and_the_answer_comes_back),
		cmocka_unit_test(a_busy_daemon_names_its_seconds),
		cmocka_unit_test(a_redirect_is_an_answer_and_not_followed),
		cmocka_unit_test(what_does_not_speak_http_is_a_protocol_error),
		cmocka_unit_test(a_hang_up_before_or_within_the_answer_is_told),
		cmocka_unit_test(an_answer_over_the_cap_is_refused),
		cmocka_unit_test(silence_ends_in_a_timeout),
		cmocka_unit_test(no_daemon_is_told_with_the_socket_and_the_remedy),
		cmocka_unit_test(arguments_that_could_forge_a_request_are_refused),
		cmocka_unit_test(a_socket_path_has_a_longest_length),
		cmocka_unit_test(the_environment_names_the_socket_and_empty_means_unset),
		cmocka_unit_test(a_socket_that_is_not_ours_says_which_group_to_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
