#include "io/wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "base/mem.h"

/* One socket libcurl wants watched; keyed by fd, since libcurl may name transfers we never made. */
struct watch {
	struct watch *next;
	curl_socket_t fd;
	struct event *event;
};

struct wire {
	struct event_base *base;
	struct event *timer;
	CURLM *multi;
	struct watch *watches;
	struct transfer *all;
	bool broken; /* libcurl gave up on the whole multi handle */
	bool dirty;
};

int wire_global_init(struct fault *reterr)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fault_set(reterr, FAULT_SYSTEM, "libcurl could not be initialised");
	return 0;
}

static void step(struct wire *w, curl_socket_t fd, int what)
{
	int running;

	if (w->multi && curl_multi_socket_action(w->multi, fd, what, &running) != CURLM_OK)
		w->broken = true;
	w->dirty = true;
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

static void unwatch(struct wire *w, curl_socket_t fd)
{
	struct watch **at, *watch;

	for (at = &w->watches; (watch = *at); at = &watch->next) {
		if (watch->fd != fd)
			continue;
		*at = watch->next;
		event_free(watch->event);
		free(watch);
		return;
	}
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *per_socket)
{
	struct wire *w = arg;
	struct watch *watch;
	short events = EV_PERSIST;

	(void)easy;
	(void)per_socket;
	unwatch(w, fd);
	if (what == CURL_POLL_REMOVE)
		return 0;
	if (what & CURL_POLL_IN)
		events |= EV_READ;
	if (what & CURL_POLL_OUT)
		events |= EV_WRITE;
	watch = xcalloc(1, sizeof(*watch));
	watch->fd = fd;
	watch->event = event_new(w->base, fd, events, on_socket, w);
	if (!watch->event || event_add(watch->event, NULL) < 0)
		abort();
	watch->next = w->watches;
	w->watches = watch;
	return 0;
}

static int want_timer(CURLM *multi, long ms, void *arg)
{
	struct wire *w = arg;
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000 };

	(void)multi;
	if (ms < 0)
		evtimer_del(w->timer);
	else
		evtimer_add(w->timer, &tv);
	return 0;
}

static CURLM *multi_new(struct wire *w)
{
	CURLM *m = curl_multi_init();

	if (!m)
		abort();
	curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(m, CURLMOPT_SOCKETDATA, w);
	curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(m, CURLMOPT_TIMERDATA, w);
	curl_multi_setopt(m, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	return m;
}

int wire_new(struct event_base *base, struct wire **ret, struct fault *reterr)
{
	struct wire *w = xcalloc(1, sizeof(*w));

	w->base = base;
	w->timer = evtimer_new(base, on_timer, w);
	if (!w->timer) {
		free(w);
		return fault_set(reterr, FAULT_SYSTEM, "libevent refused a timer");
	}
	w->multi = multi_new(w);
	*ret = w;
	return 0;
}

void wire_hang_up(struct wire *w)
{
	const struct watch *watch;

	for (watch = w->watches; watch; watch = watch->next)
		(void)shutdown(watch->fd, SHUT_RDWR);
}

static void multi_drop(struct wire *w)
{
	struct transfer *t;

	if (w->all)
		wire_hang_up(w);
	for (t = w->all; t; t = t->next) {
		curl_multi_remove_handle(w->multi, t->easy);
		if (!t->finished) { /* nobody knows how far it got */
			t->finished = true;
			t->result = CURLE_RECV_ERROR;
		}
	}
	curl_multi_cleanup(w->multi);
	w->multi = NULL;
	while (w->watches)
		unwatch(w, w->watches->fd);
	evtimer_del(w->timer);
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	assert(!w->all);
	if (w->multi)
		multi_drop(w);
	event_free(w->timer);
	free(w);
}

static void set_safety(CURL *easy, const char *schemes, const char *ca_file)
{
	wire_set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	wire_set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	wire_set(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (*ca_file)
		wire_set(easy, CURLOPT_CAINFO, ca_file);
	wire_set(easy, CURLOPT_PROTOCOLS_STR, schemes);
	wire_set(easy, CURLOPT_REDIR_PROTOCOLS_STR, schemes); /* "" is refused; none is followed */
	wire_set(easy, CURLOPT_FOLLOWLOCATION, 0L);
	wire_set(easy, CURLOPT_PROXY, "");
	wire_set(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	wire_set(easy, CURLOPT_NOSIGNAL, 1L);
	wire_set(easy, CURLOPT_QUICK_EXIT, 1L); /* a dead resolver must not hold the loop */
}

void transfer_init(struct wire *w, struct transfer *t, const char *schemes, const char *ca_file)
{
	t->wire = w;
	t->next = w->all;
	if (w->all)
		w->all->prev = t;
	w->all = t;
	t->easy = curl_easy_init();
	if (!t->easy)
		abort();
	wire_set(t->easy, CURLOPT_PRIVATE, t);
	wire_set(t->easy, CURLOPT_ERRORBUFFER, t->errors);
	set_safety(t->easy, schemes, ca_file);
}

static size_t give(char *to, size_t size, size_t n, void *arg)
{
	struct wire_text *t = arg;
	size_t room = size * n, left = t->len - t->at;

	if (room > left)
		room = left;
	memcpy(to, t->text + t->at, room);
	t->at += room;
	return room;
}

void wire_give(CURL *easy, struct wire_text *t, const char *text)
{
	*t = (struct wire_text){ .text = text, .len = strlen(text) };
	wire_set(easy, CURLOPT_READFUNCTION, give); /* and no SEEKFUNCTION */
	wire_set(easy, CURLOPT_READDATA, t);
}

void wire_list_add(struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl_slist_append(*list, line);

	if (!more)
		abort();
	*list = more;
}

void transfer_start(struct transfer *t)
{
	struct wire *w = t->wire;

	if (!w->multi)
		w->multi = multi_new(w);
	if (curl_multi_add_handle(w->multi, t->easy) == CURLM_OK)
		return;
	t->finished = true;
	t->result = CURLE_FAILED_INIT;
	w->dirty = true;
	event_active(w->timer, EV_TIMEOUT, 0);
}

void transfer_end(struct transfer *t)
{
	struct wire *w = t->wire;

	if (w->multi)
		curl_multi_remove_handle(w->multi, t->easy);
	curl_easy_cleanup(t->easy);
	t->easy = NULL;
	if (t->prev)
		t->prev->next = t->next;
	else
		w->all = t->next;
	if (t->next)
		t->next->prev = t->prev;
}

const char *transfer_words(const struct transfer *t)
{
	return *t->errors ? t->errors : curl_easy_strerror(t->result);
}

static void note_finished(struct wire *w)
{
	struct transfer *t;
	CURLMsg *msg;
	int left;

	while (w->multi && (msg = curl_multi_info_read(w->multi, &left))) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		if (curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t) != CURLE_OK)
			abort();
		t->finished = true;
		t->result = msg->data.result;
	}
}

bool wire_settle(struct wire *w)
{
	if (!w->dirty)
		return false;
	w->dirty = false;
	note_finished(w);
	if (w->broken)
		multi_drop(w);
	w->broken = false;
	return true;
}

struct transfer *wire_first(const struct wire *w)
{
	return w->all;
}
