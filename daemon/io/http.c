#include "io/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <curl/curl.h>
#include "base/mem.h"
#include "base/str.h"

/* One socket libcurl wants watched; keyed by fd, since libcurl may name transfers we never made. */
struct watch {
	struct watch *next;
	curl_socket_t fd;
	struct event *event;
};

struct http_req {
	struct http *http;
	struct http_req *next, *prev; /* in http.reqs */
	CURL *easy;
	struct curl_slist *headers;
	void *owner;
	char *body; /* what is sent */
	size_t body_len, body_at;
	size_t reply_max;
	bool too_large, finished;
	CURLcode result;
	struct str reply;
	char *retry_after, *location, *link, *request_id, *date;
	char errors[CURL_ERROR_SIZE];
};

struct http {
	struct event_base *base;
	struct event *timer;
	CURLM *multi;
	struct watch *watches;
	struct http_req *reqs; /* all that are not yet handed out */
	int in_flight;
	bool broken; /* libcurl gave up on the whole multi handle */
	bool dirty; /* something may have finished */
};

int http_global_init(struct fault *reterr)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fault_set(reterr, FAULT_SYSTEM, "libcurl could not be initialised");
	return 0;
}

static void step(struct http *h, curl_socket_t fd, int what)
{
	int running;

	if (h->multi && curl_multi_socket_action(h->multi, fd, what, &running) != CURLM_OK)
		h->broken = true;
	h->dirty = true;
}

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
	step(arg, fd,
		(what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0));
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	step(arg, CURL_SOCKET_TIMEOUT, 0);
}

static void unwatch(struct http *h, curl_socket_t fd)
{
	struct watch **at, *w;

	for (at = &h->watches; (w = *at); at = &w->next) {
		if (w->fd != fd)
			continue;
		*at = w->next;
		event_free(w->event);
		free(w);
		return;
	}
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *per_socket)
{
	struct http *h = arg;
	struct watch *w;
	short events = EV_PERSIST;

	(void)easy;
	(void)per_socket;
	unwatch(h, fd);
	if (what == CURL_POLL_REMOVE)
		return 0;
	if (what & CURL_POLL_IN)
		events |= EV_READ;
	if (what & CURL_POLL_OUT)
		events |= EV_WRITE;
	w = xcalloc(1, sizeof(*w));
	w->fd = fd;
	w->event = event_new(h->base, fd, events, on_socket, h);
	if (!w->event || event_add(w->event, NULL) < 0)
		abort();
	w->next = h->watches;
	h->watches = w;
	return 0;
}

static int want_timer(CURLM *multi, long ms, void *arg)
{
	struct http *h = arg;
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000 };

	(void)multi;
	if (ms < 0)
		evtimer_del(h->timer);
	else
		evtimer_add(h->timer, &tv);
	return 0;
}

static CURLM *multi_new(struct http *h)
{
	CURLM *m = curl_multi_init();

	if (!m)
		abort();
	curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(m, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(m, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(m, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	return m;
}

int http_new(struct event_base *base, struct http **ret, struct fault *reterr)
{
	struct http *h = xcalloc(1, sizeof(*h));

	h->base = base;
	h->timer = evtimer_new(base, on_timer, h);
	if (!h->timer) {
		free(h);
		return fault_set(reterr, FAULT_SYSTEM, "libevent refused a timer");
	}
	h->multi = multi_new(h);
	*ret = h;
	return 0;
}

static void headers_free(struct curl_slist *list)
{
	struct curl_slist *at;

	for (at = list; at; at = at->next) /* one of them holds the private key */
		explicit_bzero(at->data, strlen(at->data));
	curl_slist_free_all(list);
}

static void req_free(struct http_req *r)
{
	struct http *h = r->http;

	if (r->easy) {
		if (h->multi)
			curl_multi_remove_handle(h->multi, r->easy);
		curl_easy_cleanup(r->easy);
	}
	if (r->prev)
		r->prev->next = r->next;
	else
		h->reqs = r->next;
	if (r->next)
		r->next->prev = r->prev;
	h->in_flight--;
	headers_free(r->headers);
	str_free(&r->reply);
	mem_free(r->body);
	mem_free(r->retry_after);
	mem_free(r->location);
	mem_free(r->link);
	mem_free(r->request_id);
	mem_free(r->date);
	free(r);
}

static void multi_drop(struct http *h)
{
	struct http_req *r;

	for (r = h->reqs; r; r = r->next) {
		if (!r->easy)
			continue;
		curl_multi_remove_handle(h->multi, r->easy);
		if (!r->finished) { /* nobody knows how far it got */
			r->finished = true;
			r->result = CURLE_RECV_ERROR;
		}
	}
	curl_multi_cleanup(h->multi);
	h->multi = NULL;
	while (h->watches)
		unwatch(h, h->watches->fd);
	evtimer_del(h->timer);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	while (h->reqs)
		req_free(h->reqs);
	multi_drop(h);
	event_free(h->timer);
	free(h);
}

static size_t give_body(char *to, size_t size, size_t n, void *arg)
{
	struct http_req *r = arg;
	size_t room = size * n, left = r->body_len - r->body_at;

	if (room > left)
		room = left;
	memcpy(to, r->body + r->body_at, room);
	r->body_at += room;
	return room;
}

static size_t take_body(char *from, size_t size, size_t n, void *arg)
{
	struct http_req *r = arg;
	size_t len = size * n;

	if (len > r->reply_max - r->reply.len) {
		r->too_large = true;
		return 0;
	}
	str_addn(&r->reply, from, len);
	return len;
}

/* Keep the value of "Name: value\r\n" if that is the header's name. */
static void keep_header(const char *line, size_t n, const char *name, char **to)
{
	size_t len = strlen(name);

	if (n <= len || strncasecmp(line, name, len) != 0 || line[len] != ':')
		return;
	mem_free(*to);
	*to = xstrndup(line + len + 1, n - len - 1);
	str_trim(*to);
}

static size_t take_header(char *line, size_t size, size_t n, void *arg)
{
	struct http_req *r = arg;
	size_t len = size * n;

	keep_header(line, len, "Retry-After", &r->retry_after);
	keep_header(line, len, "Location", &r->location);
	keep_header(line, len, "Link", &r->link);
	keep_header(line, len, "x-cw-request-id", &r->request_id);
	keep_header(line, len, "Date", &r->date);
	return len;
}

static void set_body(struct http_req *r, const struct http_ask *ask)
{
	r->body = xstrdup(ask->body);
	r->body_len = strlen(r->body);
	curl_easy_setopt(r->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(r->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
	curl_easy_setopt(r->easy, CURLOPT_READFUNCTION, give_body); /* and no SEEKFUNCTION */
	curl_easy_setopt(r->easy, CURLOPT_READDATA, r);
}

static void set_safety(CURL *easy, const struct http_opts *opts)
{
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (*opts->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, opts->ca_file);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, opts->proxy);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a dead resolver must not hold the loop */
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)opts->connect_timeout);
}

static void set_headers(struct http_req *r, const struct http_ask *ask)
{
	const char *const *at;

	for (at = ask->headers; at && *at; at++)
		r->headers = curl_slist_append(r->headers, *at);
	if (ask->auth)
		r->headers = curl_slist_append(r->headers, secret_text(ask->auth));
	r->headers = curl_slist_append(r->headers, "Expect:");
	curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
}

static struct http_req *req_new(struct http *h, void *owner, size_t reply_max)
{
	struct http_req *r = xcalloc(1, sizeof(*r));

	r->http = h;
	r->owner = owner;
	r->reply_max = reply_max;
	r->next = h->reqs;
	if (h->reqs)
		h->reqs->prev = r;
	h->reqs = r;
	h->in_flight++;
	r->easy = curl_easy_init();
	if (!r->easy)
		abort();
	return r;
}

struct http_req *http_send(
	struct http *h, const struct http_ask *ask, const struct http_opts *opts, void *owner)
{
	struct http_req *r = req_new(h, owner, (size_t)opts->reply_max);

	curl_easy_setopt(r->easy, CURLOPT_PRIVATE, r);
	curl_easy_setopt(r->easy, CURLOPT_URL, ask->url);
	curl_easy_setopt(r->easy, CURLOPT_ERRORBUFFER, r->errors);
	curl_easy_setopt(r->easy, CURLOPT_TIMEOUT_MS, (long)ask->timeout);
	curl_easy_setopt(r->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(r->easy, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(r->easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(r->easy, CURLOPT_HEADERDATA, r);
	set_safety(r->easy, opts);
	set_headers(r, ask);
	if (ask->body)
		set_body(r, ask);
	if (strcmp(ask->method, "GET") != 0)
		curl_easy_setopt(r->easy, CURLOPT_CUSTOMREQUEST, ask->method);
	if (ask->fresh || strcmp(ask->method, "GET") != 0) {
		curl_easy_setopt(r->easy, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(r->easy, CURLOPT_FORBID_REUSE, 1L);
	}
	if (!h->multi)
		h->multi = multi_new(h);
	if (curl_multi_add_handle(h->multi, r->easy) != CURLM_OK) {
		r->finished = true;
		r->result = CURLE_FAILED_INIT;
		h->dirty = true;
		event_active(h->timer, EV_TIMEOUT, 0);
	}
	return r;
}

void http_abandon(struct http_req *req)
{
	req->owner = NULL;
}

/* A failure before the request could leave is certain not to have done anything. */
static enum transport transport_of(const struct http_req *r)
{
	curl_off_t ready = 0;

	curl_easy_getinfo(r->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
	switch (r->result) {
	case CURLE_OK:
		return TRANSPORT_OK;
	case CURLE_COULDNT_RESOLVE_HOST:
		return TRANSPORT_DNS;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_PROXY:
		return TRANSPORT_PROXY;
	case CURLE_COULDNT_CONNECT:
		return TRANSPORT_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
		return TRANSPORT_TLS;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return TRANSPORT_CERTIFICATE;
	case CURLE_OPERATION_TIMEDOUT:
		return ready > 0 ? TRANSPORT_TIMEOUT : TRANSPORT_CONNECT;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_SEND_FAIL_REWIND:
		return ready > 0 ? TRANSPORT_LOST : TRANSPORT_CONNECT;
	default: /* libcurl's list is open: what we do not know is unknown */
		return r->too_large ? TRANSPORT_TOO_LARGE : TRANSPORT_INTERNAL;
	}
}

static enum reach reach_of(const struct http_req *r, enum transport transport)
{
	curl_off_t name = 0, host = 0, tls = 0;

	curl_easy_getinfo(r->easy, CURLINFO_NAMELOOKUP_TIME_T, &name);
	curl_easy_getinfo(r->easy, CURLINFO_CONNECT_TIME_T, &host);
	curl_easy_getinfo(r->easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	if (r->result == CURLE_OK || tls > 0)
		return REACH_TLS;
	if (host > 0 || transport == TRANSPORT_TLS || transport == TRANSPORT_CERTIFICATE)
		return REACH_HOST;
	return name > 0 ? REACH_NAME : REACH_NOTHING;
}

static void hand_out(struct http_req *r, http_done *done, void *arg)
{
	struct http_result result = {
		.transport = transport_of(r),
		.body = r->reply.at ? r->reply.at : "",
		.body_len = r->reply.len,
		.retry_after = r->retry_after,
		.location = r->location,
		.link = r->link,
		.request_id = r->request_id,
		.date = r->date,
	};
	curl_off_t us = 0;
	const char *address = NULL;
	long status = 0;

	curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(r->easy, CURLINFO_TOTAL_TIME_T, &us);
	curl_easy_getinfo(r->easy, CURLINFO_PRIMARY_IP, &address);
	result.reach = reach_of(r, result.transport);
	result.address = address ? address : "";
	result.status = (int)status;
	result.ms = us / 1000;
	if (result.transport != TRANSPORT_OK)
		result.net_text = *r->errors ? r->errors : curl_easy_strerror(r->result);
	if (r->owner)
		done(arg, r->owner, &result);
}

static void note_finished(struct http *h)
{
	struct http_req *r;
	CURLMsg *msg;
	int left;

	while (h->multi && (msg = curl_multi_info_read(h->multi, &left))) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		if (curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &r) != CURLE_OK)
			abort();
		r->finished = true;
		r->result = msg->data.result;
	}
}

void http_drain(struct http *h, http_done *done, void *arg)
{
	struct http_req *r, *next;

	if (!h->dirty)
		return;
	h->dirty = false;
	note_finished(h);
	if (h->broken)
		multi_drop(h);
	h->broken = false;
	for (r = h->reqs; r; r = next) { /* the callback only adds at the head */
		next = r->next;
		if (!r->finished)
			continue;
		hand_out(r, done, arg);
		next = r->next;
		req_free(r);
	}
}

bool http_has_results(const struct http *h)
{
	return h->dirty;
}

int http_in_flight(const struct http *h)
{
	return h->in_flight;
}
