#include "io/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/mem.h"
#include "base/str.h"
#include "io/wire.h"

struct http_req {
	struct transfer transfer; /* first: the wire's list leads back to us */
	struct curl_slist *headers;
	void *owner;
	char *body; /* what is sent */
	struct wire_text out; /* how much of it */
	size_t reply_max;
	bool too_large;
	struct str reply;
	char *retry_after, *location, *link, *request_id, *date;
};

struct http {
	struct wire *wire;
};

int http_global_init(struct fault *reterr)
{
	return wire_global_init(reterr);
}

int http_new(struct event_base *base, struct http **ret, struct fault *reterr)
{
	struct http *h = xcalloc(1, sizeof(*h));
	int r = wire_new(base, &h->wire, reterr);

	if (r < 0) {
		free(h);
		return r;
	}
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
	transfer_end(&r->transfer);
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

static struct http_req *first(const struct http *h)
{
	return (struct http_req *)wire_first(h->wire);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	while (first(h))
		req_free(first(h));
	wire_free(h->wire);
	free(h);
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
	wire_give(r->transfer.easy, &r->out, r->body);
	wire_set(r->transfer.easy, CURLOPT_POST, 1L);
	wire_set(r->transfer.easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->out.len);
}

static void set_headers(struct http_req *r, const struct http_ask *ask)
{
	const char *const *at;

	for (at = ask->headers; at && *at; at++)
		wire_list_add(&r->headers, *at);
	if (ask->auth)
		wire_list_add(&r->headers, secret_text(ask->auth));
	wire_list_add(&r->headers, "Expect:");
	wire_set(r->transfer.easy, CURLOPT_HTTPHEADER, r->headers);
}

struct http_req *http_send(
	struct http *h, const struct http_ask *ask, const struct http_opts *opts, void *owner)
{
	struct http_req *r = xcalloc(1, sizeof(*r));
	CURL *easy;

	r->owner = owner;
	r->reply_max = (size_t)opts->reply_max;
	transfer_init(h->wire, &r->transfer, "https", opts->ca_file);
	easy = r->transfer.easy;
	wire_set(easy, CURLOPT_URL, ask->url);
	wire_set(easy, CURLOPT_PROXY, opts->proxy);
	wire_set(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	wire_set(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)opts->connect_timeout);
	wire_set(easy, CURLOPT_TIMEOUT_MS, (long)ask->timeout);
	wire_set(easy, CURLOPT_WRITEFUNCTION, take_body);
	wire_set(easy, CURLOPT_WRITEDATA, r);
	wire_set(easy, CURLOPT_HEADERFUNCTION, take_header);
	wire_set(easy, CURLOPT_HEADERDATA, r);
	set_headers(r, ask);
	if (ask->body)
		set_body(r, ask);
	if (strcmp(ask->method, "GET") != 0)
		wire_set(easy, CURLOPT_CUSTOMREQUEST, ask->method);
	if (ask->fresh || strcmp(ask->method, "GET") != 0) {
		wire_set(easy, CURLOPT_FRESH_CONNECT, 1L);
		wire_set(easy, CURLOPT_FORBID_REUSE, 1L);
	}
	transfer_start(&r->transfer);
	return r;
}

/* A failure before the request could leave is certain not to have done anything. */
static enum transport transport_of(const struct http_req *r)
{
	curl_off_t ready = 0;

	curl_easy_getinfo(r->transfer.easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
	switch (r->transfer.result) {
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

	curl_easy_getinfo(r->transfer.easy, CURLINFO_NAMELOOKUP_TIME_T, &name);
	curl_easy_getinfo(r->transfer.easy, CURLINFO_CONNECT_TIME_T, &host);
	curl_easy_getinfo(r->transfer.easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	if (r->transfer.result == CURLE_OK || tls > 0)
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

	curl_easy_getinfo(r->transfer.easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(r->transfer.easy, CURLINFO_TOTAL_TIME_T, &us);
	curl_easy_getinfo(r->transfer.easy, CURLINFO_PRIMARY_IP, &address);
	result.reach = reach_of(r, result.transport);
	result.address = address ? address : "";
	result.status = (int)status;
	result.ms = us / 1000;
	if (result.transport != TRANSPORT_OK)
		result.net_text = transfer_words(&r->transfer);
	if (r->owner)
		done(arg, r->owner, &result);
}

void http_drain(struct http *h, http_done *done, void *arg)
{
	struct http_req *r, *next;

	if (!wire_settle(h->wire))
		return;
	for (r = first(h); r; r = next) { /* the callback only adds at the head */
		if (r->transfer.finished)
			hand_out(r, done, arg);
		next = (struct http_req *)r->transfer.next;
		if (r->transfer.finished)
			req_free(r);
	}
}
