#include "core/outcome.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/outcome_look.h"
#include "core/plain.h"
#include "core/verb.h"

/* A good reply that is longer is a page of records: it is not searched for an error. */
#define ERROR_BODY_MAX 4096

void look_say(struct outcome *ret, enum outcome_class class, const char *fmt, ...)
{
	char text[2048];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	ret->class = class;
	plain_line(ret->reason, sizeof(ret->reason), text, strlen(text));
}

void look_unknown(struct outcome *ret, const struct look *look, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	if (verb_writes(look->reply->verb))
		look_say(ret, OUTCOME_IN_DOUBT,
			"%s: it may have been done, so it is looked up before anything is sent "
			"again",
			text);
	else
		look_say(ret, OUTCOME_RETRY, "%s: it is tried again", text);
}

/* ==== no reply ==== */

static void without_reply(const struct look *look, struct outcome *ret)
{
	const char *doing = look->doing, *site = look->site, *heard = look->heard;

	switch (look->reply->transport) {
	case TRANSPORT_DNS:
		look_say(ret, OUTCOME_RETRY,
			"the name %s could not be resolved (%s) for %s: nothing was sent, it is "
			"tried again; if this lasts, check the site and this server's DNS",
			site, heard, doing);
		return;
	case TRANSPORT_CONNECT:
		look_say(ret, OUTCOME_RETRY,
			"%s could not be reached (%s) for %s: nothing was sent, it is tried again; "
			"if this lasts, check the site, the network and the firewall",
			site, heard, doing);
		return;
	case TRANSPORT_PROXY:
		look_say(ret, OUTCOME_RETRY,
			"the proxy gave no way to %s (%s) for %s: nothing was sent, it is tried "
			"again; if this lasts, check connectwise.proxy and the proxy itself",
			site, heard, doing);
		return;
	case TRANSPORT_TLS:
		look_say(ret, OUTCOME_RETRY,
			"no secure connection to %s came about (%s) for %s: nothing was sent, it "
			"is tried again; if this lasts, check what stands between (a proxy, an old "
			"TLS version)",
			site, heard, doing);
		return;
	case TRANSPORT_CERTIFICATE:
		look_say(ret, OUTCOME_STOP,
			"the certificate of %s is not trusted (%s), so nothing was sent; check "
			"that the site is the right host and, for a private authority, "
			"connectwise.ca_file",
			site, heard);
		return;
	case TRANSPORT_TIMEOUT:
		look_unknown(ret, look, "%s gave no answer in time (%s) to %s", site, heard, doing);
		return;
	case TRANSPORT_LOST:
		look_unknown(
			ret, look, "the connection to %s broke (%s) while %s", site, heard, doing);
		return;
	case TRANSPORT_TOO_LARGE:
		look_unknown(ret, look,
			"the answer of %s to %s is larger than connectwise.reply_max allows", site,
			doing);
		return;
	case TRANSPORT_INTERNAL:
		look_unknown(ret, look, "the HTTP library failed (%s) while %s", heard, doing);
		return;
	case TRANSPORT_OK:
		break;
	}
	abort();
}

/* ==== a good status ==== */

static void on_success(const struct look *look, struct outcome *ret)
{
	const struct reply *reply = look->reply;
	const char *site = look->site, *doing = look->doing;

	switch (body_fit(reply->verb, reply->body, reply->body_len)) {
	case BODY_FITS:
		ret->class = OUTCOME_DONE;
		return;
	case BODY_EMPTY:
		look_unknown(ret, look, "%s answered %s with HTTP %d and nothing else", site, doing,
			reply->status);
		return;
	case BODY_HTML:
		look_unknown(ret, look,
			"a web page answered %s with HTTP %d instead of ConnectWise (a login page "
			"or a proxy; if this lasts, check that %s is the ConnectWise host)",
			doing, reply->status, site);
		return;
	case BODY_BROKEN:
		look_unknown(ret, look,
			"%s answered %s with HTTP %d, but its text is cut off or no JSON", site,
			doing, reply->status);
		return;
	case BODY_STRANGE:
		look_unknown(ret, look,
			"%s answered %s with HTTP %d, but with something else than was asked for",
			site, doing, reply->status);
		return;
	}
	abort();
}

static void on_redirect(const struct look *look, struct outcome *ret)
{
	const char *to = look->reply->location;
	char where[160];

	plain_line(where, sizeof(where), to ? to : "", to ? strlen(to) : 0);
	look_say(ret, OUTCOME_STOP,
		"%s answered %s with a redirect (HTTP %d, Location: %s), and those are not "
		"followed, "
		"because the keys would go along: set connectwise.site to the host that answers "
		"itself",
		look->site, look->doing, look->reply->status, where[0] ? where : "none");
}

/* ==== all together ==== */

static void hear(struct look *look)
{
	const struct reply *reply = look->reply;
	const struct error_body *body = &look->body;
	const char *message = body->item_message[0] ? body->item_message : body->message;
	char text[160];

	if (reply->transport != TRANSPORT_OK) {
		plain_line(text, sizeof(text), reply->net_text,
			reply->net_text ? strlen(reply->net_text) : 0);
		snprintf(look->heard, sizeof(look->heard), "%s", text[0] ? text : "no details");
		return;
	}
	snprintf(look->heard, sizeof(look->heard), "HTTP %d%s%s%s%s%s%s", reply->status,
		body->code[0] ? ", " : "", body->code, message[0] ? ": \"" : "", message,
		message[0] ? "\"" : "", body->is_html ? ", a web page" : "");
}

static void by_status(const struct look *look, struct outcome *ret)
{
	int status = look->reply->status;

	if (status >= 200 && status < 300 && !look_ssl_required(look))
		on_success(look, ret);
	else if (status >= 300 && status < 400)
		on_redirect(look, ret);
	else if (status >= 200 && status < 600 && look_by_text(look, ret))
		return;
	else if (status >= 400 && status < 500)
		look_client_error(look, ret);
	else if (status >= 500 && status < 600)
		look_unknown(
			ret, look, "ConnectWise failed (%s) while %s", look->heard, look->doing);
	else
		look_unknown(ret, look, "%s answered %s with the odd HTTP status %d", look->site,
			look->doing, status);
}

void outcome_of(
	const struct reply *reply, const char *site, int64_t now_wall_ms, struct outcome *ret)
{
	struct look look = {
		.reply = reply,
		.site = site ? site : "ConnectWise",
		.doing = verb_doing(reply->verb),
	};

	*ret = (struct outcome){ .retry_after_ms = -1 };
	if (reply->transport != TRANSPORT_OK) {
		hear(&look);
		without_reply(&look, ret);
		return;
	}
	if (reply->status >= 300 || reply->body_len <= ERROR_BODY_MAX)
		error_body_read(reply->body, reply->body_len, &look.body);
	hear(&look);
	if (reply->status >= 400) {
		snprintf(ret->code, sizeof(ret->code), "%s",
			look.body.item_code[0] ? look.body.item_code : look.body.code);
		ret->retry_after_ms = retry_after_ms(reply->retry_after, now_wall_ms);
	}
	by_status(&look, ret);
}

int64_t retry_after_ms(const char *header, int64_t now_wall_ms)
{
	CLEANUP(mem_free) char *text = xstrdup(header ? header : "");
	size_t digits;
	int64_t at, ms;

	str_trim(text);
	digits = strspn(text, "0123456789");
	if (digits && text[digits] == '\0')
		ms = digits > 9 ? RETRY_AFTER_MAX_MS : strtoll(text, NULL, 10) * 1000;
	else if (time_parse_http(text, &at))
		ms = at > now_wall_ms ? at - now_wall_ms : 0;
	else
		return -1;
	return ms < RETRY_AFTER_MAX_MS ? ms : RETRY_AFTER_MAX_MS;
}
