/* The configuration: one table (conf_table.c) drives parsing, range checks, `opbridged -t`,
 * conf/opbridge.conf and the reload rule. libconfig's header stays inside conf.c.
 *
 * A struct conf is made whole or not at all, never changed after, and shared by reference count:
 * a job keeps the one it began with over a reload. */
#ifndef IO_CONF_H
#define IO_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/fault.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/tidy.h"
#include "core/decide.h"
#include "core/identity.h"
#include "core/ticket.h"

enum delivery_order { ORDER_OLDEST, ORDER_NEWEST };
/* Two tickets with one marker: only said, or the younger ones noted and closed as well. */
enum on_duplicate { ON_DUPLICATE_REPORT, ON_DUPLICATE_CLOSE };
/* Of the mail server: STARTTLS or nothing, STARTTLS where there is any, never (loopback only). */
enum smtp_tls { SMTP_TLS_REQUIRE, SMTP_TLS_TRY, SMTP_TLS_NONE };
enum note_kind { NOTE_INTERNAL, NOTE_DISCUSSION };

struct zone;

struct conf {
	int refs;
	char *path; /* the file it came from */

	struct {
		char *site; /* as typed; required unless base_url */
		char *company; /* login company id; required */
		char *client_id; /* GUID; required */
		char *public_key; /* required */
		/* "" = the credential cw_private_key of $CREDENTIALS_DIRECTORY; where there is none
		 * (`opbridged -t` by hand) the file private.key beside the configuration. */
		char *private_key_file;
		struct secret *private_key; /* read at load; owned */
		char *base_url; /* "" = found by companyinfo; else "https://…/apis/3.0/" */
		char *model_version; /* "2025.1" */
		char *ca_file; /* "" = the system's */
		char *proxy; /* "" = none (the environment is never asked) */
		int64_t connect_timeout; /* ms */
		int64_t read_timeout; /* ms, whole GET */
		int64_t write_timeout; /* ms, whole POST or PATCH */
		int64_t reply_max; /* bytes */
		bool self_check; /* climb the check's ladder once connected, and after a refusal */
	} cw;
	struct {
		char *member; /* identifier of the API member; "" = ask myMembers only */
		char *board; /* name or id; "" = the API member's default */
		char *status; /* creation status, name or id; "" = the board's default */
		char *closed_status; /* for on_resolved = "close": name or id; "" = first closed one
				      */
		char *reopen_status; /* for on_closed = "reopen"; "" = the board's default */
		int64_t refresh; /* ms between reads of board and statuses */
	} board;
	struct {
		struct ticket_style style; /* language, summary_prefix (owned by prefix below) */
		char *prefix;
		char *time_zone; /* IANA name */
		struct zone *zone; /* of that name; owned */
		enum note_kind note_kind;
		bool notify; /* processNotifications */
		enum on_duplicate on_duplicate;
		struct policy policy;
	} ticket;
	struct {
		int64_t every; /* ms between incremental syncs */
		int64_t full_every; /* ms between full sweeps */
		int page_size; /* 1..1000 */
		char *inactive_statuses; /* names, joined by commas */
		char *conditions; /* extra, joined with and; "" = none */
		int remove_max; /* percent of companies a sweep may mark gone unconfirmed */
	} sync;
	struct {
		int slots; /* requests in flight */
		int per_minute; /* token bucket */
		int64_t backoff_base, backoff_cap; /* ms */
		int64_t doubt_wait; /* ms before a request in doubt is looked up */
		int64_t queue_max_age; /* ms a queued event may wait, then it expires; 0: for ever
					*/
		enum delivery_order order; /* within a tenant */
		int flood_limit; /* new tickets for a tenant in one hour; 0: no limit */
		int64_t hold_max_age; /* ms an event waits for its tenant's mapping, then it expires
				       */
		int breaker_failures;
		int64_t breaker_wait, breaker_wait_max; /* ms */
		int fold_max; /* events in one ticket text or note */
		int64_t stop_timeout; /* ms for what is in flight at SIGTERM */
	} delivery;
	struct {
		/* Paths, made whole at load: what is left out stands in $RUNTIME_DIRECTORY or
		 * /run/opbridge. "" (only when written so) = none. */
		char *events_socket, *control_socket;
		char *group; /* of events.sock; "" = the process's own */
		char *metrics_listen; /* "" or "127.0.0.1:PORT" */
		int connections; /* per socket */
		int64_t client_timeout; /* ms for one request to arrive */
		int64_t event_max, body_max; /* bytes */
		int batch_max;
	} intake;
	struct {
		/* Path, made whole at load: "" = $STATE_DIRECTORY/queue.db, or
		 * /var/lib/opbridge/queue.db. */
		char *database;
		int64_t max_bytes; /* cap of the file */
		int64_t history; /* ms that finished events are kept */
		int audit_max; /* rows of the audit trail */
	} store;
	struct {
		char *mail_to; /* addresses, with commas between them; "" = no mail */
		char *mail_from; /* "" = opbridge@HOST, made whole at load */
		char *smtp; /* "smtp://HOST[:PORT]" or "smtps://HOST[:PORT]" */
		char *smtp_user; /* "" = no login */
		char *smtp_password_file; /* "" = as private_key_file: credential smtp_password */
		struct secret *smtp_password; /* read at load with a smtp_user; owned; or NULL */
		enum smtp_tls smtp_tls;
		char *smtp_ca_file; /* "" = the system's */
		int64_t smtp_timeout; /* ms, one whole mail */
		char *hook; /* path of a command; "" = none */
		int64_t hook_timeout; /* ms */
		int64_t hold; /* ms that a change must last before it is told */
		/* ms; 0: never */
		int64_t breaker_after, undelivered_after, held_after, silence_after, remind_every;
		char *disk_free; /* "5%" or "500MiB" */
		int disk_free_percent; /* of it; 0 if it is a size */
		int64_t disk_free_bytes; /* of it; 0 if it is a percentage */
		int per_hour; /* messages */
	} alarm;
	struct {
		enum log_level level;
		enum log_format format; /* "auto" is decided at load */
	} log;
	/* Path, made whole at load: "" = event-types.conf beside the configuration, else in
	 * PREFIX/share/opbridge. */
	char *types_file;
	struct type_table types;
};

/* Every fault of a file, not only the first. owned by the caller; free with conf_faults_clear. */
struct conf_faults {
	char **lines; /* "FILE:LINE: sentence" */
	size_t n;
	bool passing; /* the system failed, not a person: another try may find all well */
};
void conf_faults_clear(struct conf_faults *faults);

/* Read and check the file, the key and the types. gives: conf_unref.
 * -FAULT_CONFIG, or -FAULT_SYSTEM if one of them is passing: *ret_faults holds one line for each
 * fault, reterr the first of them. */
int conf_load(const char *path, struct conf **ret, struct conf_faults *ret_faults,
	struct fault *reterr) MUST_CHECK;
/* For telling a person that the file keeps the daemon from running: faults in it are listed in
 * *ret_faults, and hold up nothing. Only alarm, log, ticket.style.language, cw.site and cw.company
 * may be used of the result; a way of telling with a fault in it is left out. gives: conf_unref.
 * -FAULT_CONFIG or -FAULT_SYSTEM: it cannot be read at all. */
int conf_load_alarm(const char *path, struct conf **ret, struct conf_faults *ret_faults,
	struct fault *reterr) MUST_CHECK;
struct conf *conf_ref(struct conf *c) MUST_CHECK;
void conf_unref(struct conf *c); /* NULL is allowed; the last one wipes the key */
DEFINE_CLEANUP(conf_unref, struct conf *);

/* May `next` take over from `now` without a restart? Names of changed keys are put into
 * *ret_changed (comma-separated; gives: mem_free). -FAULT_CONFIG names the keys that need a
 * restart. */
int conf_may_replace(const struct conf *now, const struct conf *next, char **ret_changed,
	struct fault *reterr) MUST_CHECK;

/* Print all keys with value, default and meaning to stdout: for `opbridged -t -v`. c NULL: without
 * values. Of the public key only the first characters are shown, of the private key nothing. */
void conf_print_table(const struct conf *c);

#endif
