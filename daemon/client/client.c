/* The client library: one HTTP request over a Unix socket, by libcurl's blocking interface.
 * Owns no state but the socket's path, the time limit and the last error's sentence. It never
 * logs, retries, follows a redirect or uses a proxy. Includes nothing of the daemon, so that
 * libopbridge.a stands alone beside -lcurl. */
#include "opbridge.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>
#include <curl/curl.h>

#define TIMEOUT_DEFAULT_MS 30000L
#define REPLY_MAX ((size_t)64 << 20) /* bytes; the longest list a daemon sends is far below */
#define RETRY_AFTER_MAX 86400L /* seconds */
#define PATH_LEN_MAX 8192
#define METHOD_LEN_MAX 16
#define CONTENT_TYPE_MAX 96

/* owned by the program that called opb_new */
struct opb {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	long timeout_ms;
	char error[640];
};

/* One call under way; lives on opb_call's stack. */
struct exchange {
	CURL *easy;
	struct curl_slist *headers;
	char *url;
	char *body; /* what has arrived, terminated */
	size_t len, cap;
	bool too_long, no_memory;
	char detail[CURL_ERROR_SIZE];
};

static int fail(struct opb *o, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(struct opb *o, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->error, sizeof(o->error), fmt, ap);
	va_end(ap);
	return code;
}

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_start(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct opb *opb_new(const char *socket_path)
{
	struct opb *o;

	if (!socket_path)
		socket_path = secure_getenv("OPBRIDGE_SOCKET");
	if (!socket_path || !*socket_path)
		socket_path = OPB_EVENTS_SOCKET;
	if (strlen(socket_path) >= sizeof(o->path))
		return NULL;
	pthread_once(&curl_once, curl_start);
	o = calloc(1, sizeof(*o));
	if (!o)
		return NULL;
	snprintf(o->path, sizeof(o->path), "%s", socket_path);
	o->timeout_ms = TIMEOUT_DEFAULT_MS;
	return o;
}

void opb_free(struct opb *o)
{
	free(o);
}

void opb_set_timeout_ms(struct opb *o, long ms)
{
	o->timeout_ms = ms > 0 ? ms : TIMEOUT_DEFAULT_MS;
}

const char *opb_strerror(const struct opb *o)
{
	return o ? o->error : "no client object: out of memory, or its socket path is too long";
}

void opb_reply_clear(struct opb_reply *reply)
{
	free(reply->body);
	*reply = (struct opb_reply){ .retry_after = -1 };
}

static size_t take_body(char *data, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;
	size_t more = size * n;

	if (more > REPLY_MAX - x->len) {
		x->too_long = true;
		return 0;
	}
	if (x->len + more + 1 > x->cap) {
		size_t cap = x->cap * 2 > x->len + more + 1 ? x->cap * 2 : x->len + more + 1;
		char *grown = realloc(x->body, cap);

		if (!grown) {
			x->no_memory = true;
			return 0;
		}
		x->body = grown;
		x->cap = cap;
	}
	memcpy(x->body + x->len, data, more);
	x->len += more;
	x->body[x->len] = '\0';
	return more;
}

/* Printable ASCII only: nothing that could end a request line or a header early. */
static bool plain(const char *s, size_t max, bool space_allowed)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (s[i] < (space_allowed ? ' ' : '!') || s[i] > '~')
			return false;
	return n > 0 && n <= max;
}

static int check_arguments(struct opb *o, const char *method, const char *path,
	const char *content_type, const char *body, size_t n)
{
	if (!method || !plain(method, METHOD_LEN_MAX, false))
		return fail(o, OPB_ERR_ARGUMENT, "the method must be a word such as GET or POST");
	if (!path || *path != '/' || !plain(path, PATH_LEN_MAX, false))
		return fail(o, OPB_ERR_ARGUMENT,
			"the path must begin with '/', be at most %d bytes long and have its "
			"special characters percent-encoded",
			PATH_LEN_MAX);
	if (!body && (n > 0 || content_type))
		return fail(o, OPB_ERR_ARGUMENT, "a content type or a length without a body");
	if (body && (!content_type || !plain(content_type, CONTENT_TYPE_MAX, true)))
		return fail(o, OPB_ERR_ARGUMENT,
			"a body needs its content type, such as application/json");
	return OPB_OK;
}

static bool add_header(struct exchange *x, const char *name, const char *value)
{
	char line[CONTENT_TYPE_MAX + 32];
	struct curl_slist *list;

	snprintf(line, sizeof(line), "%s:%s%s", name, *value ? " " : "", value);
	list = curl_slist_append(x->headers, line);
	if (list)
		x->headers = list;
	return list != NULL;
}

/* A method other than GET always sends a Content-Length, be it 0. */
static void set_body(CURL *easy, const char *method, const char *body, size_t n)
{
	if (!body && strcasecmp(method, "GET") == 0)
		return;
	if (!body && strcasecmp(method, "HEAD") == 0) {
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(body ? n : 0));
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body ? body : "");
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_options(struct opb *o, struct exchange *x)
{
	CURL *e = x->easy;

	curl_easy_setopt(e, CURLOPT_UNIX_SOCKET_PATH, o->path);
	curl_easy_setopt(e, CURLOPT_URL, x->url);
	curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L); /* sockets are written with MSG_NOSIGNAL */
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, o->timeout_ms);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, o->timeout_ms);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, x->detail);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, x->headers);
}

/* False: out of memory. Expect: and Accept-Encoding stay away, the daemon answers at once. */
static bool prepare(struct opb *o, struct exchange *x, const char *method, const char *path,
	const char *content_type, const char *body, size_t n)
{
	x->easy = curl_easy_init();
	if (!x->easy || asprintf(&x->url, "http://localhost%s", path) < 0) {
		x->url = NULL;
		return false;
	}
	if (!add_header(x, "Expect", "") || !add_header(x, "Accept", "*/*"))
		return false;
	if (content_type && !add_header(x, "Content-Type", content_type))
		return false;
	set_options(o, x);
	set_body(x->easy, method, body, n);
	return true;
}

static int fail_connect(struct opb *o, long os_error)
{
	const char *name = strrchr(o->path, '/');

	if (os_error == EACCES || os_error == EPERM) {
		if (name && strcmp(name, "/control.sock") == 0)
			return fail(o, OPB_ERR_DENIED,
				"you may not use %s: it is for root and the service's own user; "
				"use sudo",
				o->path);
		return fail(o, OPB_ERR_DENIED,
			"you may not use %s: permission denied; add your user to the group "
			"opbridge (usermod -aG opbridge USER, then log in again) or use root",
			o->path);
	}
	return fail(o, OPB_ERR_SOCKET,
		"no daemon answers at %s: %s; see whether it runs: systemctl status opbridged",
		o->path, os_error ? strerror((int)os_error) : "the connection failed");
}

static int fail_write(struct opb *o, const struct exchange *x)
{
	if (x->no_memory)
		return fail(o, OPB_ERR_MEMORY, "no memory left for the answer from %s", o->path);
	if (x->too_long)
		return fail(o, OPB_ERR_PROTOCOL,
			"the answer from %s is longer than %zu MiB: ask for less at a time",
			o->path, REPLY_MAX >> 20);
	return fail(o, OPB_ERR_PROTOCOL, "the answer from %s could not be read: %s", o->path,
		x->detail);
}

static int fail_curl(struct opb *o, const struct exchange *x, CURLcode code)
{
	long os_error = 0;

	switch ((int)code) {
	case CURLE_COULDNT_CONNECT:
		curl_easy_getinfo(x->easy, CURLINFO_OS_ERRNO, &os_error);
		return fail_connect(o, os_error);
	case CURLE_OPERATION_TIMEDOUT:
		return fail(o, OPB_ERR_TIMEOUT,
			"no answer from %s within %ld ms: what was sent may or may not be "
			"accepted; send it again with the same id, it is not taken twice",
			o->path, o->timeout_ms);
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		return fail(o, OPB_ERR_SOCKET,
			"the daemon at %s hung up before it had answered: what was sent may or "
			"may not be accepted; see systemctl status opbridged, then send it again "
			"with the same id",
			o->path);
	case CURLE_WRITE_ERROR:
		return fail_write(o, x);
	case CURLE_OUT_OF_MEMORY:
		return fail(o, OPB_ERR_MEMORY, "no memory left for a call to %s", o->path);
	}
	return fail(o, OPB_ERR_PROTOCOL,
		"what answers at %s does not speak like opbridged (%s): check the socket's path",
		o->path, x->detail[0] ? x->detail : curl_easy_strerror(code));
}

/* -1 when the answer names no time; a date counts from now. */
static long retry_after(CURL *easy)
{
	struct curl_header *header = NULL;
	curl_off_t seconds = 0;

	if (curl_easy_header(easy, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return -1;
	if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) || seconds < 0)
		return -1;
	return seconds > RETRY_AFTER_MAX ? RETRY_AFTER_MAX : (long)seconds;
}

/* Hands the body over. False: out of memory (an answer without a body still gets a ""). */
static bool take_reply(struct exchange *x, struct opb_reply *ret)
{
	const char *type = NULL;
	long status = 0;

	if (!x->body)
		x->body = calloc(1, 1);
	if (!x->body)
		return false;
	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(x->easy, CURLINFO_CONTENT_TYPE, &type);
	ret->status = (int)status;
	ret->body = x->body;
	ret->body_len = x->len;
	ret->retry_after = retry_after(x->easy);
	snprintf(ret->content_type, sizeof(ret->content_type), "%s", type ? type : "");
	x->body = NULL;
	return true;
}

static void exchange_end(struct exchange *x)
{
	curl_easy_cleanup(x->easy);
	curl_slist_free_all(x->headers);
	free(x->url);
	free(x->body);
}

int opb_call(struct opb *o, const char *method, const char *path, const char *content_type,
	const char *body, size_t n, struct opb_reply *ret)
{
	struct exchange x = { 0 };
	CURLcode code;
	int r;

	if (ret)
		*ret = (struct opb_reply){ .retry_after = -1 };
	if (!o)
		return OPB_ERR_ARGUMENT;
	o->error[0] = '\0';
	if (!ret)
		return fail(o, OPB_ERR_ARGUMENT, "no place for the answer was given");
	r = check_arguments(o, method, path, content_type, body, n);
	if (r)
		return r;
	if (!prepare(o, &x, method, path, content_type, body, n)) {
		r = fail(o, OPB_ERR_MEMORY, "no memory left for a call to %s", o->path);
	} else {
		code = curl_easy_perform(x.easy);
		if (code)
			r = fail_curl(o, &x, code);
		else if (!take_reply(&x, ret))
			r = fail(o, OPB_ERR_MEMORY, "no memory left for the answer");
	}
	exchange_end(&x);
	return r;
}

int opb_submit(struct opb *o, const char *json, size_t n, struct opb_reply *ret)
{
	return opb_call(o, "POST", "/v1/events", "application/json", json, n, ret);
}
