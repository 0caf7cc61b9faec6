/* Sending and receiving: headers, pace, outcome. */
#include "io/cw_private.h"

#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/pace.h"

#define EXTRA_HEADERS_MAX 2
#define BURST 20 /* requests that may leave at once after a quiet time */

struct cw_call {
	struct cw_call *next, *prev; /* in cw.noted or cw.sent */
	struct cw *cw;
	enum verb verb;
	const char *method;
	char *path, *url, *body;
	const char *extra[EXTRA_HEADERS_MAX + 1];
	int n_extra;
	struct conf *conf; /* owned: a reference */
	cw_done *done;
	void *owner; /* NULL: forgotten */
	struct http_req *req;
	bool fresh;
};

struct call_list {
	struct cw_call *first, *last;
	int n;
};

struct cw {
	struct http *http;
	struct conf *conf;
	struct secret *auth; /* the whole Authorization header */
	char *site, *base_url;
	char *accept, *client_id;
	struct bucket bucket;
	int64_t paused_until;
	struct call_list noted, sent;
};

static void list_add(struct call_list *list, struct cw_call *c)
{
	c->prev = list->last;
	c->next = NULL;
	if (list->last)
		list->last->next = c;
	else
		list->first = c;
	list->last = c;
	list->n++;
}

static void list_remove(struct call_list *list, struct cw_call *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		list->first = c->next;
	if (c->next)
		c->next->prev = c->prev;
	else
		list->last = c->prev;
	list->n--;
}

static void call_free(struct cw_call *c)
{
	mem_free(c->path);
	mem_free(c->url);
	mem_free(c->body);
	conf_unref(c->conf);
	free(c);
}

int cw_new(struct event_base *base, struct cw **ret, struct fault *reterr)
{
	struct cw *cw = xcalloc(1, sizeof(*cw));
	int r = http_new(base, &cw->http, reterr);

	if (r < 0) {
		free(cw);
		return r;
	}
	*ret = cw;
	return 0;
}

static void list_clear(struct call_list *list)
{
	struct cw_call *c;

	while ((c = list->first)) {
		list_remove(list, c);
		call_free(c);
	}
}

void cw_free(struct cw *cw)
{
	if (!cw)
		return;
	http_free(cw->http);
	list_clear(&cw->noted);
	list_clear(&cw->sent);
	secret_free(cw->auth);
	mem_free(cw->site);
	mem_free(cw->base_url);
	mem_free(cw->accept);
	mem_free(cw->client_id);
	conf_unref(cw->conf);
	free(cw);
}

/* "Authorization: Basic base64(company+public:private)" */
static struct secret *auth_header(const struct conf *conf)
{
	char *plain = xasprintf("%s+%s:%s", conf->cw.company, conf->cw.public_key,
		secret_text(conf->cw.private_key));
	char *encoded = base64(plain, strlen(plain));
	char *line = xasprintf("Authorization: Basic %s", encoded);
	struct secret *auth = secret_new(line, strlen(line));

	secret_wipe(plain);
	secret_wipe(encoded);
	secret_wipe(line);
	return auth;
}

static char *site_of(const struct conf *conf)
{
	const char *typed = str_is_blank(conf->cw.site) ? conf->cw.base_url : conf->cw.site;
	struct fault ignored = { 0 };
	char *host = NULL;

	if (site_host(typed, &host, &ignored) < 0)
		host = xstrdup(typed); /* conf_load has checked it; for sentences only */
	return host;
}

void cw_set_conf(struct cw *cw, struct conf *conf)
{
	conf_unref(cw->conf);
	cw->conf = conf_ref(conf);
	secret_free(cw->auth);
	cw->auth = auth_header(conf);
	mem_free(cw->site);
	cw->site = site_of(conf);
	mem_free(cw->accept);
	cw->accept = xasprintf(
		"Accept: application/vnd.connectwise.com+json; version=%s", conf->cw.model_version);
	mem_free(cw->client_id);
	cw->client_id = xasprintf("clientId: %s", conf->cw.client_id);
	bucket_init(&cw->bucket, conf->delivery.per_minute,
		conf->delivery.per_minute < BURST ? conf->delivery.per_minute : BURST,
		now_mono_ms());
}

void cw_set_base(struct cw *cw, const char *base_url)
{
	char *copy = xstrdup(base_url);

	mem_free(cw->base_url);
	cw->base_url = copy;
}

const char *cw_base(const struct cw *cw)
{
	return cw->base_url;
}

const char *cw_site(const struct cw *cw)
{
	return cw->site;
}

const struct conf *cw_conf(const struct cw *cw)
{
	return cw->conf;
}

/* ==== noting ==== */

struct cw_call *cw_note(struct cw *cw, enum verb verb, const char *method, char *path, char *body,
	cw_done *done, void *owner)
{
	struct cw_call *c = xcalloc(1, sizeof(*c));

	c->cw = cw;
	c->verb = verb;
	c->method = method;
	c->path = path;
	c->body = body;
	c->conf = conf_ref(cw->conf);
	c->done = done;
	c->owner = owner;
	list_add(&cw->noted, c);
	return c;
}

void cw_call_header(struct cw_call *call, const char *line)
{
	if (call->n_extra >= EXTRA_HEADERS_MAX)
		abort();
	call->extra[call->n_extra++] = line;
}

void cw_call_url(struct cw_call *call, char *url)
{
	mem_free(call->url);
	call->url = url;
}

void cw_fresh(struct cw_call *call)
{
	call->fresh = true;
}

void cw_forget(struct cw *cw, struct cw_call *call)
{
	call->owner = NULL;
	if (call->req)
		return; /* its result comes and is thrown away */
	list_remove(&cw->noted, call);
	call_free(call);
}

void cw_drop_unsent(struct cw *cw)
{
	list_clear(&cw->noted);
}

/* ==== sending ==== */

static int64_t timeout_of(const struct cw_call *c)
{
	return verb_writes(c->verb) ? c->conf->cw.write_timeout : c->conf->cw.read_timeout;
}

static void send_call(struct cw *cw, struct cw_call *c)
{
	const char *headers[5 + EXTRA_HEADERS_MAX];
	const struct http_opts opts = {
		.ca_file = c->conf->cw.ca_file,
		.proxy = c->conf->cw.proxy,
		.connect_timeout = c->conf->cw.connect_timeout,
		.reply_max = c->conf->cw.reply_max,
	};
	CLEANUP(mem_free)
	char *url = c->url ? xstrdup(c->url) : xasprintf("%s%s", cw->base_url, c->path);
	struct http_ask ask = { .method = c->method,
		.url = url,
		.headers = headers,
		.body = c->body,
		.timeout = timeout_of(c),
		.fresh = c->fresh };
	int n = 0, i;

	headers[n++] = "User-Agent: opbridge/" OPBRIDGE_VERSION;
	if (c->verb ==
		VERB_LOGIN) { /* asked before anything is known of the site: no credentials */
		headers[n++] = "Accept: application/json";
	} else {
		headers[n++] = cw->accept;
		headers[n++] = cw->client_id;
		ask.auth = cw->auth;
	}
	if (c->body)
		headers[n++] = "Content-Type: application/json";
	for (i = 0; i < c->n_extra; i++)
		headers[n++] = c->extra[i];
	headers[n] = NULL;
	list_remove(&cw->noted, c);
	list_add(&cw->sent, c);
	c->req = http_send(cw->http, &ask, &opts, c);
}

int64_t cw_release(struct cw *cw, int64_t now_mono)
{
	struct cw_call *c, *next;

	for (c = cw->noted.first; c; c = next) {
		next = c->next;
		if (!c->url && !cw->base_url)
			continue; /* only the login can be asked before the base address is known */
		if (cw->paused_until > now_mono)
			return cw->paused_until - now_mono;
		if (!bucket_take(&cw->bucket, now_mono))
			return bucket_wait_ms(&cw->bucket, now_mono);
		send_call(cw, c);
	}
	return -1;
}

/* ==== receiving ==== */

static void pause_for(struct cw *cw, const struct outcome *outcome)
{
	int64_t until;

	if (!outcome->rate_limited && outcome->retry_after_ms < 0)
		return;
	until = now_mono_ms() +
		(outcome->retry_after_ms >= 0 ? outcome->retry_after_ms : 30 * 1000);
	if (until > cw->paused_until)
		cw->paused_until = until;
}

static void on_result(void *arg, void *owner, const struct http_result *result)
{
	struct cw *cw = arg;
	struct cw_call *c = owner;
	const struct reply reply = {
		.verb = c->verb,
		.transport = result->transport,
		.status = result->status,
		.body = result->body,
		.body_len = result->body_len,
		.retry_after = result->retry_after,
		.location = result->location,
		.net_text = result->net_text,
	};
	struct cw_answer answer = { .verb = c->verb,
		.status = result->status,
		.ms = result->ms,
		.request_id = result->request_id,
		.transport = result->transport,
		.reach = result->reach,
		.address = result->address };
	CLEANUP(json_free) cJSON *body = NULL;
	struct fault ignored = { 0 };

	outcome_of(&reply, cw->site, now_wall_ms(), &answer.outcome);
	pause_for(cw, &answer.outcome);
	if (answer.outcome.class == OUTCOME_DONE && result->body_len &&
		json_parse_reply(result->body, result->body_len, &body, &ignored) == 0)
		answer.body = body;
	answer.link = link_next_page(result->link, &answer.next_page);
	if (!result->date || !time_parse_http(result->date, &answer.date_at))
		answer.date_at = 0;
	list_remove(&cw->sent, c);
	if (c->owner)
		c->done(c->owner, &answer);
	call_free(c);
}

void cw_drain(struct cw *cw)
{
	http_drain(cw->http, on_result, cw);
}

int64_t cw_wait_ms(const struct cw *cw, int64_t now_mono)
{
	return cw->paused_until > now_mono ? cw->paused_until - now_mono : 0;
}

int cw_in_flight(const struct cw *cw)
{
	return cw->noted.n + cw->sent.n;
}

int64_t cw_paused_until(const struct cw *cw)
{
	return cw->paused_until;
}
