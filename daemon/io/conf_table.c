/* The one table of the configuration. Parsing, range checks, defaults, `opbridged -t -v`, the
 * reload rule, and the tests of conf/opbridge.conf and opbridge.conf(5) all follow it. */
#include "io/conf_parts.h"

#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define KIB INT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

static const struct conf_word note_words[] = {
	{ "internal", NOTE_INTERNAL },
	{ "discussion", NOTE_DISCUSSION },
	{ NULL, 0 },
};
static const struct conf_word language_words[] = {
	{ "en", LANGUAGE_EN },
	{ "fr", LANGUAGE_FR },
	{ NULL, 0 },
};
static const struct conf_word on_closed_words[] = {
	{ "new", ON_CLOSED_NEW },
	{ "reopen", ON_CLOSED_REOPEN },
	{ "note", ON_CLOSED_NOTE },
	{ NULL, 0 },
};
static const struct conf_word on_end_words[] = {
	{ "note", ON_END_NOTE },
	{ "close", ON_END_CLOSE },
	{ "nothing", ON_END_NOTHING },
	{ NULL, 0 },
};
static const struct conf_word on_unknown_end_words[] = {
	{ "skip", ON_UNKNOWN_END_SKIP },
	{ "create", ON_UNKNOWN_END_CREATE },
	{ NULL, 0 },
};
static const struct conf_word on_duplicate_words[] = {
	{ "report", ON_DUPLICATE_REPORT },
	{ "close", ON_DUPLICATE_CLOSE },
	{ NULL, 0 },
};
static const struct conf_word order_words[] = {
	{ "oldest", ORDER_OLDEST },
	{ "newest", ORDER_NEWEST },
	{ NULL, 0 },
};
static const struct conf_word smtp_tls_words[] = {
	{ "require", SMTP_TLS_REQUIRE },
	{ "try", SMTP_TLS_TRY },
	{ "none", SMTP_TLS_NONE },
	{ NULL, 0 },
};
static const struct conf_word level_words[] = {
	{ "error", LEVEL_ERROR },
	{ "warn", LEVEL_WARN },
	{ "info", LEVEL_INFO },
	{ "debug", LEVEL_DEBUG },
	{ NULL, 0 },
};
static const struct conf_word format_words[] = {
	{ "auto", CONF_FORMAT_AUTO },
	{ "journal", LOG_JOURNAL },
	{ "logfmt", LOG_LOGFMT },
	{ "json", LOG_JSON },
	{ NULL, 0 },
};

/* Each kind of row; at is a member of struct conf. */
#define AT(at) offsetof(struct conf, at)
#define TEXT(path, at, min, max, standard, restart, help)                                          \
	{                                                                                          \
		path, CONF_TEXT, AT(at), min, max, standard, restart, "", NULL, help               \
	}
#define NUMBER(path, at, min, max, standard, restart, unit, help)                                  \
	{                                                                                          \
		path, CONF_INT, AT(at), min, max, standard, restart, unit, NULL, help              \
	}
#define TIME(path, at, min, max, standard, restart, help)                                          \
	{                                                                                          \
		path, CONF_DURATION, AT(at), min, max, standard, restart, "", NULL, help           \
	}
#define SIZE(path, at, min, max, standard, restart, help)                                          \
	{                                                                                          \
		path, CONF_SIZE, AT(at), min, max, standard, restart, "", NULL, help               \
	}
#define SWITCH(path, at, standard, restart, help)                                                  \
	{                                                                                          \
		path, CONF_BOOL, AT(at), 0, 1, standard, restart, "", NULL, help                   \
	}
#define WORD(path, at, words, standard, restart, help)                                             \
	{                                                                                          \
		path, CONF_WORD, AT(at), 0, 0, standard, restart, "", words, help                  \
	}
#define RELOAD false
#define RESTART true
#define PATH_BYTES 4096
#define SOCKET_BYTES 107 /* sun_path without its terminator */
#define NAME_BYTES 200 /* ConnectWise names have at most 50 characters */

const struct conf_key conf_keys[] = {
	/* Another site or company is another ConnectWise; what the store knows belongs to the old.
	 */
	TEXT("connectwise.site", cw.site, 0, 253, "", RESTART,
		"the address in the browser when working in ConnectWise, e.g. "
		"na.myconnectwise.net"),
	TEXT("connectwise.company", cw.company, 1, 50, NULL, RESTART,
		"the company id typed at the ConnectWise login"),
	TEXT("connectwise.client_id", cw.client_id, 1, 100, NULL, RELOAD,
		"the GUID of this integration, free of charge at "
		"https://developer.connectwise.com/ClientID"),
	TEXT("connectwise.public_key", cw.public_key, 1, 100, NULL, RELOAD,
		"the API member's public key (System > Members > API Members > API Keys)"),
	TEXT("connectwise.private_key_file", cw.private_key_file, 0, PATH_BYTES, "", RELOAD,
		"file with the private key, mode 0600; empty: the credential cw_private_key of the "
		"service"),
	TEXT("connectwise.base_url", cw.base_url, 0, 500, "", RESTART,
		"https://HOST/CODEBASE/apis/3.0/ if it must not be found by itself"),
	TEXT("connectwise.model_version", cw.model_version, 1, 16, "2025.1", RELOAD,
		"version of the API's records that is asked for"),
	TEXT("connectwise.ca_file", cw.ca_file, 0, PATH_BYTES, "", RELOAD,
		"file of certificates to trust instead of the system's"),
	TEXT("connectwise.proxy", cw.proxy, 0, 300, "", RELOAD,
		"http://HOST:PORT to go through; empty: none, whatever the environment says"),
	TIME("connectwise.connect_timeout", cw.connect_timeout, 100, MINUTE, "10s", RELOAD,
		"time to reach the server"),
	TIME("connectwise.read_timeout", cw.read_timeout, 100, 10 * MINUTE, "60s", RELOAD,
		"time for one whole reading request"),
	TIME("connectwise.write_timeout", cw.write_timeout, 100, 15 * MINUTE, "120s", RELOAD,
		"time for one whole writing request; ConnectWise sometimes needs minutes"),
	SIZE("connectwise.reply_max", cw.reply_max, MIB, 64 * MIB, "8MiB", RELOAD,
		"largest reply that is read"),
	SWITCH("connectwise.self_check", cw.self_check, "true", RELOAD,
		"try keys and permissions once connected and again after a refusal, as `opbridge "
		"check` does"),

	TEXT("board.member", board.member, 0, NAME_BYTES, "", RELOAD,
		"identifier of the API member, to find its default board; empty: only ask who we "
		"are"),
	TEXT("board.board", board.board, 0, NAME_BYTES, "", RELOAD,
		"name or id of the board for tickets; empty: the API member's default board"),
	TEXT("board.status", board.status, 0, NAME_BYTES, "", RELOAD,
		"name or id of the status of new tickets, not a closed one; empty: the board's "
		"default"),
	TEXT("board.closed_status", board.closed_status, 0, NAME_BYTES, "", RELOAD,
		"name or id of the status for \"close\"; empty: the board's first closed status"),
	TEXT("board.reopen_status", board.reopen_status, 0, NAME_BYTES, "", RELOAD,
		"name or id of the status for \"reopen\"; empty: the board's default"),
	TIME("board.refresh", board.refresh, SECOND, DAY, "15min", RELOAD,
		"time between readings of the board and its statuses"),

	WORD("ticket.language", ticket.style.language, language_words, "en", RELOAD,
		"language of tickets and notes"),
	TEXT("ticket.time_zone", ticket.time_zone, 1, 64, "UTC", RELOAD,
		"time zone in which tickets and notes tell times, e.g. America/Toronto"),
	TEXT("ticket.summary_prefix", ticket.prefix, 0, 160, "[Office Protect] ", RELOAD,
		"what every ticket's summary begins with, at most 40 of its 100 characters"),
	WORD("ticket.note", ticket.note_kind, note_words, "internal", RELOAD,
		"where notes go: the internal analysis, or the discussion that the client may see"),
	SWITCH("ticket.notify", ticket.notify, "true", RELOAD,
		"let ConnectWise send the mails that its board asks for"),
	WORD("ticket.on_closed", ticket.policy.on_closed, on_closed_words, "new", RELOAD,
		"a new event of an incident whose ticket is closed: new ticket, reopen it, or only "
		"a note"),
	WORD("ticket.on_resolved", ticket.policy.on_resolved, on_end_words, "note", RELOAD,
		"a resolved event: write a note, close the ticket as well, or nothing"),
	WORD("ticket.on_ignored", ticket.policy.on_ignored, on_end_words, "note", RELOAD,
		"an ignored event: write a note, close the ticket as well, or nothing"),
	WORD("ticket.on_unknown_end", ticket.policy.on_unknown_end, on_unknown_end_words, "skip",
		RELOAD, "the end of an incident that never had a ticket: skip it, or create one"),

	WORD("ticket.on_duplicate", ticket.on_duplicate, on_duplicate_words, "report", RELOAD,
		"two tickets of one incident were found, for ConnectWise carried a request out "
		"late: "
		"only report it, or also note and close the younger one"),

	TIME("sync.every", sync.every, SECOND, DAY, "15min", RELOAD,
		"time between readings of changed companies"),
	TIME("sync.full_every", sync.full_every, SECOND, 30 * DAY, "24h", RELOAD,
		"time between readings of all companies, which also find deleted ones"),
	NUMBER("sync.page_size", sync.page_size, 1, 1000, "1000", RELOAD, "companies",
		"companies asked for at once"),
	TEXT("sync.conditions", sync.conditions, 0, 1000, "", RELOAD,
		"a ConnectWise condition that companies must also meet; empty: none"),
	TEXT("sync.inactive_statuses", sync.inactive_statuses, 0, 1000, "Inactive", RELOAD,
		"company statuses, separated by commas, that get no tickets; their tenants' events "
		"are held"),
	NUMBER("sync.remove_max", sync.remove_max, 0, 100, "10", RELOAD, "percent",
		"largest part of the companies that a full reading may mark as gone unconfirmed"),

	NUMBER("delivery.slots", delivery.slots, 1, 16, "4", RELOAD, "requests",
		"requests in flight at once"),
	NUMBER("delivery.per_minute", delivery.per_minute, 1, 6000, "300", RELOAD, "requests",
		"requests in a minute"),
	TIME("delivery.backoff_base", delivery.backoff_base, 10, MINUTE, "1s", RELOAD,
		"longest wait after the first failure; doubled with each further one"),
	TIME("delivery.backoff_cap", delivery.backoff_cap, 10, HOUR, "5min", RELOAD,
		"longest wait between two tries"),
	TIME("delivery.doubt_wait", delivery.doubt_wait, 10, HOUR, "60s", RELOAD,
		"wait before a request of unknown result is looked up"),
	TIME("delivery.queue_max_age", delivery.queue_max_age, 0, 365 * DAY, "0s", RELOAD,
		"time a queued event may wait for ConnectWise; then it expires; 0s: never"),
	WORD("delivery.order", delivery.order, order_words, "oldest", RELOAD,
		"which waiting incident of a tenant goes first; tenants take turns in any case"),
	NUMBER("delivery.flood_limit", delivery.flood_limit, 0, 10000, "30", RELOAD, "tickets",
		"new tickets for one tenant in an hour; further incidents share one roll-up "
		"ticket; 0: no limit"),
	TIME("delivery.hold_max_age", delivery.hold_max_age, SECOND, 365 * DAY, "48h", RELOAD,
		"time an event waits for its tenant to be mapped; then it expires"),
	NUMBER("delivery.breaker_failures", delivery.breaker_failures, 1, 100, "5", RELOAD,
		"failures", "failures in a row after which only single probes are sent"),
	TIME("delivery.breaker_wait", delivery.breaker_wait, 10, HOUR, "15s", RELOAD,
		"wait before the first probe; doubled with each failed one"),
	TIME("delivery.breaker_wait_max", delivery.breaker_wait_max, 10, DAY, "5min", RELOAD,
		"longest wait between two probes"),
	NUMBER("delivery.fold_max", delivery.fold_max, 1, 500, "50", RELOAD, "events",
		"events of one incident put into one ticket text or note"),
	TIME("delivery.stop_timeout", delivery.stop_timeout, 0, MINUTE, "10s", RELOAD,
		"time that requests in flight get when the service is stopped"),

	TEXT("intake.events_socket", intake.events_socket, 0, SOCKET_BYTES,
		"/run/opbridge/events.sock", RESTART, "socket that takes events; empty: none"),
	TEXT("intake.control_socket", intake.control_socket, 0, SOCKET_BYTES,
		"/run/opbridge/control.sock", RESTART,
		"socket of the opbridge command; empty: none"),
	TEXT("intake.group", intake.group, 0, 32, "", RESTART,
		"group that may use the events socket; empty: the service's own"),
	TEXT("intake.metrics_listen", intake.metrics_listen, 0, 64, "", RESTART,
		"127.0.0.1:PORT or [::1]:PORT for /metrics and /healthz; empty: only on the "
		"sockets"),
	NUMBER("intake.connections", intake.connections, 1, 1000, "64", RELOAD, "connections",
		"connections to each socket at once"),
	TIME("intake.client_timeout", intake.client_timeout, 100, 10 * MINUTE, "30s", RELOAD,
		"time for one request to arrive"),
	SIZE("intake.event_max", intake.event_max, KIB, MIB, "64KiB", RELOAD, "largest event"),
	SIZE("intake.body_max", intake.body_max, KIB, 64 * MIB, "1MiB", RELOAD, "largest request"),
	NUMBER("intake.batch_max", intake.batch_max, 1, 10000, "1000", RELOAD, "events",
		"events in one request"),

	TEXT("store.database", store.database, 0, PATH_BYTES, "", RESTART,
		"the queue's file; empty: queue.db in the state directory, /var/lib/opbridge"),
	SIZE("store.max_bytes", store.max_bytes, 8 * MIB, 1024 * GIB, "2GiB", RESTART,
		"largest size of the queue's file; when full, new events are refused and may be "
		"sent again"),
	TIME("store.history", store.history, SECOND, 3650 * DAY, "30d", RELOAD,
		"time that finished events are kept, and an event sent again is known as a "
		"duplicate"),
	NUMBER("store.audit_max", store.audit_max, 100, 10000000, "100000", RELOAD, "changes",
		"changes by people that the audit trail keeps; beyond them the oldest go"),

	TEXT("alarm.mail_to", alarm.mail_to, 0, 2000, "", RELOAD,
		"addresses that are told when opbridge needs a person, with commas between them; "
		"empty: no mail"),
	TEXT("alarm.mail_from", alarm.mail_from, 0, 254, "", RELOAD,
		"address that these mails come from; empty: opbridge@HOST"),
	TEXT("alarm.smtp", alarm.smtp, 0, 300, "", RELOAD,
		"the mail server: smtp://HOST:587 or smtps://HOST:465"),
	TEXT("alarm.smtp_user", alarm.smtp_user, 0, 254, "", RELOAD,
		"user of the mail server; empty: no login"),
	TEXT("alarm.smtp_password_file", alarm.smtp_password_file, 0, PATH_BYTES, "", RELOAD,
		"file with that user's password, mode 0600; empty: the credential smtp_password of "
		"the service"),
	WORD("alarm.smtp_tls", alarm.smtp_tls, smtp_tls_words, "require", RELOAD,
		"STARTTLS with smtp://: required, used where offered, or never (only on this "
		"machine)"),
	TEXT("alarm.smtp_ca_file", alarm.smtp_ca_file, 0, PATH_BYTES, "", RELOAD,
		"file of certificates to trust instead of the system's"),
	TIME("alarm.smtp_timeout", alarm.smtp_timeout, 100, 10 * MINUTE, "60s", RELOAD,
		"time for one whole mail"),
	TEXT("alarm.hook", alarm.hook, 0, PATH_BYTES, "", RELOAD,
		"command that is told as well, or instead: a whole path, without arguments"),
	TIME("alarm.hook_timeout", alarm.hook_timeout, 100, 10 * MINUTE, "30s", RELOAD,
		"time for the command; then it is ended"),
	TIME("alarm.hold", alarm.hold, 10, HOUR, "1min", RELOAD,
		"time that a change must last before it is told"),
	TIME("alarm.breaker_after", alarm.breaker_after, 0, 30 * DAY, "15min", RELOAD,
		"time without a working ConnectWise before it is told; 0s: never"),
	TIME("alarm.undelivered_after", alarm.undelivered_after, 0, 30 * DAY, "1h", RELOAD,
		"time an event waits for ConnectWise before it is told; 0s: never"),
	TIME("alarm.held_after", alarm.held_after, 0, 30 * DAY, "4h", RELOAD,
		"time an event waits for its mapping before it is told; 0s: never"),
	TIME("alarm.silence_after", alarm.silence_after, 0, 30 * DAY, "0s", RELOAD,
		"time without any event before it is told; 0s: never"),
	TEXT("alarm.disk_free", alarm.disk_free, 0, 20, "5%", RELOAD,
		"free room on the queue's disk below which it is told, in percent or as a size; "
		"\"0%\": never"),
	TIME("alarm.remind_every", alarm.remind_every, 0, 30 * DAY, "24h", RELOAD,
		"time between reminders while something lasts; 0s: none"),
	NUMBER("alarm.per_hour", alarm.per_hour, 1, 60, "10", RELOAD, "messages",
		"messages in an hour; what is more goes into the next one"),

	WORD("log.level", log.level, level_words, "info", RELOAD, "what is logged"),
	WORD("log.format", log.format, format_words, "auto", RELOAD,
		"how: journal fields, logfmt or JSON lines; auto: the journal if stderr leads "
		"there"),

	TEXT("types_file", types_file, 0, PATH_BYTES, "", RELOAD,
		"the event types; empty: event-types.conf beside this file, else the one that came "
		"along"),
};
const size_t conf_n_keys = ARRAY_LEN(conf_keys);

int conf_key_find(const char *path)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		if (str_eq(conf_keys[i].path, path))
			return (int)i;
	return -1;
}

static void print_key(const struct conf_key *key, const struct conf *c)
{
	CLEANUP(mem_free) char *range = conf_range_text(key);
	CLEANUP(mem_free) char *value = c ? conf_value_text(key, c) : NULL;
	bool quoted = key->kind != CONF_INT && key->kind != CONF_BOOL;
	const char *q = quoted ? "\"" : "";

	if (value && str_eq(key->path, "connectwise.public_key"))
		printf("%s = \"%.4s…\"\n", key->path, c->cw.public_key);
	else if (value)
		printf("%s = %s\n", key->path, value);
	else
		printf("%s\n", key->path);
	printf("    %s\n", key->help);
	if (key->standard)
		printf("    default %s%s%s; %s; ", q, key->standard, q, range);
	else
		printf("    required; %s; ", range);
	printf("%s\n", key->restart ? "needs a restart" : "taken by a reload");
}

void conf_print_table(const struct conf *c)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		print_key(&conf_keys[i], c);
}
