#include "io/mail.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "core/letter.h"
#include "core/plain.h"
#include "io/wire.h"

#define CONNECT_MAX_MS 10000
#define WORDS_MAX 256 /* bytes of a line of the server that are kept */
#define FORMS 3
#define CODE_LEN 3 /* of a line of the server */

/* One mail under way. owned by mail.now */
struct letter_out {
	struct transfer transfer;
	struct curl_slist *to;
	char *text;
	struct wire_text out; /* how much of it */
	bool smtps;
	char *secrets[FORMS]; /* the password, in each form that the server gets it in */
	char said[WORDS_MAX]; /* the server's last line */
	char refused[WORDS_MAX]; /* its last line of 400 and above */
};

struct mail {
	struct wire *wire;
	struct letter_out *now;
};

int mail_new(struct event_base *base, struct mail **ret, struct fault *reterr)
{
	struct mail *m = xcalloc(1, sizeof(*m));
	int r = wire_new(base, &m->wire, reterr);

	if (r < 0) {
		free(m);
		return r;
	}
	*ret = m;
	return 0;
}

static void letter_free(struct letter_out *l)
{
	int i;

	transfer_end(&l->transfer);
	curl_slist_free_all(l->to);
	for (i = 0; i < FORMS; i++)
		secret_wipe(l->secrets[i]);
	mem_free(l->text);
	free(l);
}

void mail_free(struct mail *m)
{
	if (!m)
		return;
	if (m->now && !m->now->transfer.finished)
		wire_hang_up(m->wire);
	if (m->now)
		letter_free(m->now);
	wire_free(m->wire);
	free(m);
}

/* Some servers repeat what they refuse. */
static bool tells_secret(const struct letter_out *l, const char *line, size_t len)
{
	int i;

	for (i = 0; i < FORMS; i++)
		if (l->secrets[i] && *l->secrets[i] &&
			memmem(line, len, l->secrets[i], strlen(l->secrets[i])))
			return true;
	return false;
}

/* As it is, and for AUTH LOGIN and AUTH PLAIN. */
static void keep_secrets(struct letter_out *l, const char *user, const char *password)
{
	char *both = xasprintf("_%s_%s", user, password);
	size_t n = strlen(both);

	both[0] = both[strlen(user) + 1] = '\0';
	l->secrets[0] = xstrdup(password);
	l->secrets[1] = base64(password, strlen(password));
	l->secrets[2] = base64(both, n);
	explicit_bzero(both, n);
	mem_free(both);
}

/* Every line of the server comes by here. */
static size_t take_line(char *line, size_t size, size_t n, void *arg)
{
	struct letter_out *l = arg;
	size_t len = size * n;

	if (len >= CODE_LEN && strncmp(line, "221", CODE_LEN) == 0)
		return len; /* its good-bye says nothing of the mail */
	if (len > CODE_LEN && tells_secret(l, line, len))
		len = CODE_LEN;
	plain_line(l->said, sizeof(l->said), line, len);
	if (l->said[0] == '4' || l->said[0] == '5')
		memcpy(l->refused, l->said, sizeof(l->refused));
	return size * n;
}

/* Good-bye is said, and not waited for. */
static int hear_talk(CURL *easy, curl_infotype type, char *text, size_t n, void *arg)
{
	struct letter_out *l = arg;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT && n >= 4 && strncmp(text, "QUIT", 4) == 0)
		wire_hang_up(l->transfer.wire);
	return 0;
}

static size_t take_nothing(char *from, size_t size, size_t n, void *arg)
{
	(void)from;
	(void)arg;
	return size * n;
}

static long tls_of(enum mail_tls tls)
{
	switch (tls) {
	case MAIL_TLS_REQUIRE:
		return CURLUSESSL_ALL;
	case MAIL_TLS_TRY:
		return CURLUSESSL_TRY;
	case MAIL_TLS_NONE:
		return CURLUSESSL_NONE;
	}
	abort();
}

static void set_to(struct letter_out *l, const char *list)
{
	char *to[LETTER_TO_MAX];
	int i, n = letter_addresses(list, to);

	for (i = 0; i < n; i++) {
		CLEANUP(mem_free) char *framed = xasprintf("<%s>", to[i]);

		wire_list_add(&l->to, framed);
		mem_free(to[i]);
	}
	wire_set(l->transfer.easy, CURLOPT_MAIL_RCPT, l->to);
	/* one wrong address must not keep the others from being told */
	wire_set(l->transfer.easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
}

static void set_server(struct letter_out *l, const struct mail_server *server)
{
	CURL *easy = l->transfer.easy;
	int64_t connect = server->timeout < CONNECT_MAX_MS ? server->timeout : CONNECT_MAX_MS;

	wire_set(easy, CURLOPT_URL, server->url);
	wire_set(easy, CURLOPT_USE_SSL, tls_of(server->tls));
	wire_set(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
	wire_set(easy, CURLOPT_TIMEOUT_MS, (long)server->timeout);
	wire_set(easy, CURLOPT_FRESH_CONNECT, 1L);
	wire_set(easy, CURLOPT_FORBID_REUSE, 1L);
	if (*server->user) {
		wire_set(easy, CURLOPT_USERNAME, server->user);
		wire_set(easy, CURLOPT_PASSWORD, secret_text(server->password));
		keep_secrets(l, server->user, secret_text(server->password));
	}
}

void mail_send(struct mail *m, const struct mail_server *server, const char *from, const char *to,
	const char *text)
{
	struct letter_out *l = xcalloc(1, sizeof(*l));
	CLEANUP(mem_free) char *framed = xasprintf("<%s>", from);
	CURL *easy;

	assert(!m->now);
	m->now = l;
	l->smtps = str_starts(server->url, "smtps:");
	l->text = xstrdup(text);
	transfer_init(m->wire, &l->transfer, "smtp,smtps", server->ca_file);
	easy = l->transfer.easy;
	set_server(l, server);
	set_to(l, to);
	wire_set(easy, CURLOPT_MAIL_FROM, framed);
	wire_set(easy, CURLOPT_UPLOAD, 1L);
	wire_give(easy, &l->out, l->text);
	wire_set(easy, CURLOPT_HEADERFUNCTION, take_line);
	wire_set(easy, CURLOPT_HEADERDATA, l);
	wire_set(easy, CURLOPT_WRITEFUNCTION, take_nothing);
	wire_set(easy, CURLOPT_DEBUGFUNCTION, hear_talk);
	wire_set(easy, CURLOPT_DEBUGDATA, l);
	wire_set(easy, CURLOPT_VERBOSE, 1L);
	transfer_start(&l->transfer);
}

/* What a person can do about it. */
static const char *remedy(const struct letter_out *l)
{
	switch (l->transfer.result) {
	case CURLE_LOGIN_DENIED:
		return "check alarm.smtp_user and its password";
	case CURLE_USE_SSL_FAILED:
		return "the server offers no STARTTLS, so nothing was sent: use smtps:// if it has "
		       "that, or ask who runs the server";
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return "its certificate is not trusted: check the name in alarm.smtp, or name its "
		       "authority in alarm.smtp_ca_file";
	case CURLE_SSL_CONNECT_ERROR:
		return l->smtps ? "there is no TLS at this port: smtps:// is usually port 465, "
				  "smtp:// 587"
				: "the server's TLS does not work: try smtps:// and port 465";
	case CURLE_COULDNT_RESOLVE_HOST:
		return "check the host in alarm.smtp, and this machine's name servers";
	case CURLE_COULDNT_CONNECT:
		return "check host and port in alarm.smtp, and whether a firewall stands in "
		       "between";
	case CURLE_OPERATION_TIMEDOUT:
		return "the server is slow or does not answer: check host and port in alarm.smtp";
	default: /* libcurl's list is open */
		return *l->refused ? "check alarm.mail_from, alarm.mail_to and whether the server "
				     "wants a login"
				   : "try it with: opbridge check --mail";
	}
}

static void hand_out(struct letter_out *l, mail_done *done, void *arg)
{
	char why[1024];
	struct mail_result result = {
		.sent = l->transfer.result == CURLE_OK,
		.reached = *l->said != '\0',
		.why = why,
		.refused_one = l->transfer.result == CURLE_OK && *l->refused,
	};

	if (result.sent)
		snprintf(why, sizeof(why), "%s", *l->refused ? l->refused : l->said);
	else if (*l->refused)
		snprintf(
			why, sizeof(why), "the mail server said \"%s\": %s", l->refused, remedy(l));
	else
		snprintf(why, sizeof(why), "%.300s: %s", transfer_words(&l->transfer), remedy(l));
	done(arg, &result);
}

void mail_drain(struct mail *m, mail_done *done, void *arg)
{
	struct letter_out *l;

	if (!wire_settle(m->wire) || !m->now || !m->now->transfer.finished)
		return;
	l = TAKE(m->now); /* the callback may send again */
	hand_out(l, done, arg);
	letter_free(l);
}
