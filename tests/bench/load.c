/* A load generator for the local API, and a yardstick of the disk. One JSON line each.
 *
 *   load disk FILE SECONDS                     appends of 1 KiB, each with fdatasync
 *   load events SOCKET CLIENTS BATCH SECONDS   CLIENTS connections, each waiting for the answer to
 *                                              its BATCH of events of about 1 KiB before the next
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES_MAX 2000000
#define EVENT_BYTES 1024

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct samples {
	double *at;
	size_t n;
};

static void report(const char *what, struct samples *s, double seconds, long done)
{
	qsort(s->at, s->n, sizeof(double), by_size);
	printf("{\"what\":\"%s\",\"per_s\":%.1f,\"p50_us\":%.0f,\"p99_us\":%.0f,\"max_us\":%.0f}\n",
		what, (double)done / seconds, s->n ? s->at[s->n / 2] * 1e6 : 0,
		s->n ? s->at[s->n * 99 / 100] * 1e6 : 0, s->n ? s->at[s->n - 1] * 1e6 : 0);
}

static int disk(const char *path, double seconds)
{
	static char block[EVENT_BYTES];
	struct samples s = { malloc(SAMPLES_MAX * sizeof(double)), 0 };
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
	double began = now_s(), end = began + seconds, t;

	if (fd < 0 || !s.at)
		return 1;
	memset(block, 'x', sizeof(block));
	while ((t = now_s()) < end && s.n < SAMPLES_MAX) {
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block) || fdatasync(fd) < 0)
			return 1;
		s.at[s.n++] = now_s() - t;
	}
	report("disk", &s, now_s() - began, (long)s.n);
	close(fd);
	unlink(path);
	free(s.at);
	return 0;
}

struct client {
	pthread_t thread;
	const char *socket;
	int number, batch;
	double end;
	long done;
	bool failed;
	struct samples s;
	size_t cap;
};

static int dial(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool send_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t done = write(fd, data, n);

		if (done <= 0)
			return false;
		data += done;
		n -= (size_t)done;
	}
	return true;
}

/* The whole answer; true if it begins with a 202. */
static bool answered(int fd, char *buf, size_t cap)
{
	size_t n = 0, want = 0;

	while (!want || n < want) {
		ssize_t got = read(fd, buf + n, cap - 1 - n);
		char *head, *length;

		if (got <= 0)
			return false;
		n += (size_t)got;
		buf[n] = '\0';
		if (want || !(head = strstr(buf, "\r\n\r\n")))
			continue;
		length = strcasestr(buf, "Content-Length:");
		if (!length)
			return false;
		want = (size_t)(head - buf) + 4 + strtoul(length + 15, NULL, 10);
	}
	return strncmp(buf, "HTTP/1.1 202", 12) == 0;
}

static size_t make_request(const struct client *c, long first, char *to, char *body, size_t room)
{
	static const char filler[] =
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	size_t n = 0, head;
	int i, f;

	for (i = 0; i < c->batch; i++) {
		n += (size_t)snprintf(body + n, room - n,
			"{\"id\":\"load-%d-%ld\",\"tenant\":{\"domain\":\"contoso.com\"},\"type\":"
			"\"Too Many "
			"Logins\",\"entities\":{\"user\":\"u%ld@contoso.com\"},\"description\":\"",
			c->number, first + i, (first + i) % 1000);
		for (f = 0; f < 13; f++)
			n += (size_t)snprintf(body + n, room - n, "%s", filler);
		n += (size_t)snprintf(body + n, room - n, "\"}\n");
	}
	head = (size_t)snprintf(to, room,
		"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
		"Content-Length: %zu\r\n\r\n",
		n);
	memcpy(to + head, body, n);
	return head + n;
}

static void keep(struct client *c, double took)
{
	if (c->s.n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 1024;
		c->s.at = realloc(c->s.at, c->cap * sizeof(double));
		if (!c->s.at)
			abort();
	}
	c->s.at[c->s.n++] = took;
}

static void *run_client(void *arg)
{
	struct client *c = arg;
	size_t room = (size_t)c->batch * (EVENT_BYTES + 512) + 4096;
	char *request = malloc(room), *body = malloc(room), *answer = malloc(room);
	int fd = dial(c->socket);
	double t;

	while (fd >= 0 && (t = now_s()) < c->end) {
		size_t n = make_request(c, c->done, request, body, room);

		t = now_s();
		if (!send_all(fd, request, n) || !answered(fd, answer, room)) {
			c->failed = true;
			break;
		}
		keep(c, now_s() - t);
		c->done += c->batch;
	}
	if (fd < 0)
		c->failed = true;
	else
		close(fd);
	free(request);
	free(body);
	free(answer);
	return NULL;
}

static int events(const char *path, int clients, int batch, double seconds)
{
	struct client *c = calloc((size_t)clients, sizeof(*c));
	struct samples all = { malloc(SAMPLES_MAX * sizeof(double)), 0 };
	double began = now_s();
	long done = 0;
	int i, bad = 0;
	size_t k;

	for (i = 0; i < clients; i++) {
		c[i] = (struct client){ .socket = path,
			.number = (int)getpid() * 100 + i,
			.batch = batch,
			.end = began + seconds };
		if (pthread_create(&c[i].thread, NULL, run_client, &c[i]) != 0)
			return 1;
	}
	for (i = 0; i < clients; i++) {
		pthread_join(c[i].thread, NULL);
		done += c[i].done;
		bad += c[i].failed;
		for (k = 0; k < c[i].s.n && all.n < SAMPLES_MAX; k++)
			all.at[all.n++] = c[i].s.at[k];
		free(c[i].s.at);
	}
	report("events", &all, now_s() - began, done);
	free(all.at);
	free(c);
	return bad ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "disk") == 0)
		return disk(argv[2], strtod(argv[3], NULL));
	if (argc == 6 && strcmp(argv[1], "events") == 0)
		return events(argv[2], (int)strtol(argv[3], NULL, 10),
			(int)strtol(argv[4], NULL, 10), strtod(argv[5], NULL));
	fprintf(stderr,
		"usage: load disk FILE SECONDS | load events SOCKET CLIENTS BATCH SECONDS\n");
	return 64;
}
