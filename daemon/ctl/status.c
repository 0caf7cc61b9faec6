/* `opbridge status`: a calm report. One line per matter; colour only where something is amiss. */
#include "base/mem.h"
#include "ctl/board.h"
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/when.h"

static const char *const account_states[] = { "queued", "sending", "held", "delivered", "skipped",
	"muted", "expired", "dead" };

static void say_daemon(const struct ctl *ctl, const cJSON *status)
{
	char since[WHEN_TEXT_MAX];

	ctl_linef(ctl, "daemon", TONE_PLAIN, "opbridged %s, pid %lld, started %s",
		ctl_str(status, "version", "?"), (long long)ctl_int(status, "pid"),
		when_full_text(json_str(status, "started_at"), ctl->now_ms, since));
}

static void say_connection(const struct ctl *ctl, const cJSON *status)
{
	const cJSON *c = json_get(status, "connection");
	const char *state = ctl_str(c, "state", "unknown");
	const char *where = ctl_str(c, "api", ctl_str(c, "site", "no site"));
	char checked[WHEN_TEXT_MAX], since[WHEN_TEXT_MAX];

	when_relative_text(json_str(c, "checked_at"), ctl->now_ms, checked);
	if (str_eq(state, "ok"))
		ctl_linef(ctl, "connection", TONE_PLAIN, "ok, last answer %s", checked);
	else if (str_eq(state, "failed"))
		ctl_linef(ctl, "connection", TONE_BAD, "failed, began %s: %s",
			when_relative_text(json_str(c, "since_at"), ctl->now_ms, since),
			ctl_str(c, "error", "no reason given"));
	else
		ctl_line(ctl, "connection", TONE_WARN, "not tried yet; try it now: opbridge check");
	ctl_linef(ctl, "", TONE_PLAIN,
		"%s, company %s, public key %s (private key's fingerprint %s)", where,
		ctl_str(c, "company", "?"), ctl_str(c, "public_key", "?"),
		ctl_str(c, "key_fingerprint", "?"));
}

/* The sum is made again here: the report does not take the daemon's word for it. */
static void say_account(const struct ctl *ctl, const cJSON *status)
{
	const cJSON *account = json_get(status, "account");
	int64_t accepted = ctl_int(account, "accepted"), sum = 0;
	bool balanced;
	STR_AUTO(parts);

	for (size_t i = 0; i < ARRAY_LEN(account_states); i++) {
		int64_t n = ctl_int(account, account_states[i]);

		sum += n;
		if (n)
			str_addf(&parts, "%s%lld %s", parts.len ? " + " : "", (long long)n,
				account_states[i]);
	}
	balanced = sum == accepted && json_bool(account, "balanced", false);
	ctl_linef(ctl, "events", TONE_PLAIN, "%lld accepted = %s", (long long)accepted,
		parts.len ? parts.at : "0");
	if (balanced)
		ctl_line(ctl, "", TONE_PLAIN, "the account balances");
	else
		ctl_linef(ctl, "", TONE_BAD,
			"the account does not balance: %lld accepted, %lld accounted for; this is "
			"a defect, please report it with the daemon's log",
			(long long)accepted, (long long)sum);
	if (ctl_int(account, "dead"))
		ctl_line(ctl, "", TONE_WARN, "refused for good: opbridge events --state dead");
	if (ctl_int(account, "held"))
		ctl_line(ctl, "", TONE_WARN, "waiting for a mapping: opbridge tenants");
}

static void say_board(const struct ctl *ctl, const cJSON *status)
{
	enum tone tone;
	CLEANUP(mem_free) char *text = board_sentence(json_get(status, "board"), &tone);

	ctl_line(ctl, "board", tone, text);
}

static void say_sync(const struct ctl *ctl, const cJSON *status)
{
	const cJSON *sync = json_get(status, "sync");
	char last[WHEN_TEXT_MAX], full[WHEN_TEXT_MAX], next[WHEN_TEXT_MAX];

	ctl_linef(ctl, "companies", TONE_PLAIN, "%lld known; read %s, fully %s%s%s",
		(long long)ctl_int(status, "companies"),
		when_relative_text(json_str(sync, "last_incremental_at"), ctl->now_ms, last),
		when_relative_text(json_str(sync, "last_full_at"), ctl->now_ms, full),
		ctl_is_null(sync, "next_at") ? "" : ", next ",
		ctl_is_null(sync, "next_at")
			? ""
			: when_relative_text(json_str(sync, "next_at"), ctl->now_ms, next));
	if (json_bool(sync, "running", false))
		ctl_linef(ctl, "", TONE_PLAIN, "being read now: %lld companies so far",
			(long long)ctl_int(sync, "companies"));
	ctl_line(ctl, "", TONE_BAD, json_str(sync, "error"));
	if (!ctl_is_null(sync, "refused"))
		ctl_linef(ctl, "", TONE_WARN,
			"%s; if that is right: opbridge sync --full --confirm",
			json_str(sync, "refused"));
}

static void say_tenants(const struct ctl *ctl, const cJSON *status)
{
	const cJSON *t = json_get(status, "tenants");
	char paused[64];

	snprintf(paused, sizeof(paused), ", %lld paused: company gone or inactive",
		(long long)ctl_int(t, "paused"));
	ctl_linef(ctl, "tenants", ctl_int(t, "paused") ? TONE_WARN : TONE_PLAIN,
		"%lld mapped, %lld not mapped, %lld switched off%s",
		(long long)ctl_int(t, "mapped"), (long long)ctl_int(t, "unmapped"),
		(long long)ctl_int(t, "off"), ctl_int(t, "paused") ? paused : "");
}

static void say_breaker(const struct ctl *ctl, const cJSON *status)
{
	const cJSON *b = json_get(status, "breaker");
	const char *state = ctl_str(b, "state", "?"), *why = ctl_str(b, "why", "no reason given");
	char next[WHEN_TEXT_MAX];

	if (str_eq(state, "closed"))
		ctl_line(ctl, "breaker", TONE_PLAIN, "closed: requests go out");
	else if (str_eq(state, "half_open"))
		ctl_linef(ctl, "breaker", TONE_WARN, "half open: one request tests the way (%s)",
			why);
	else
		ctl_linef(ctl, "breaker", TONE_BAD,
			"%s: nothing is sent, events are still taken: %s", state, why);
	if (!ctl_is_null(b, "next_probe_at"))
		ctl_linef(ctl, "", TONE_PLAIN, "next try %s",
			when_relative_text(json_str(b, "next_probe_at"), ctl->now_ms, next));
}

static void say_pace(const struct ctl *ctl, const cJSON *status)
{
	const cJSON *p = json_get(status, "pace");
	char until[WHEN_TEXT_MAX];

	ctl_linef(ctl, "pace", TONE_PLAIN, "%lld of %lld requests in flight, at most %lld a minute",
		(long long)ctl_int(p, "in_flight"), (long long)ctl_int(p, "slots"),
		(long long)ctl_int(p, "requests_per_minute"));
	if (!ctl_is_null(p, "paused_until"))
		ctl_linef(ctl, "", TONE_WARN, "ConnectWise asked for a pause; it ends %s",
			when_relative_text(json_str(p, "paused_until"), ctl->now_ms, until));
}

static void say_permission(const struct ctl *ctl, const cJSON *p, const char *label)
{
	bool required = json_bool(p, "required", false);

	ctl_linef(ctl, label, required ? TONE_BAD : TONE_WARN, "%s: %s > %s: set %s to All%s%s",
		required ? "missing" : "missing (optional)", ctl_str(p, "module", "?"),
		ctl_str(p, "function", "?"), ctl_str(p, "level", "?"),
		ctl_is_null(p, "lost") ? "" : "; without it: ", ctl_str(p, "lost", ""));
}

static void say_permissions(const struct ctl *ctl, const cJSON *status)
{
	const cJSON *p;
	const char *label = "permissions";
	int unknown = 0, missing = 0;

	for (p = ctl_first(status, "permissions"); p; p = p->next) {
		const char *state = ctl_str(p, "state", "unknown");

		if (str_eq(state, "missing")) {
			say_permission(ctl, p, label);
			label = "";
			missing++;
		} else if (!str_eq(state, "ok")) {
			unknown++;
		}
	}
	if (missing)
		ctl_line(ctl, "", TONE_PLAIN,
			"set them in ConnectWise under System > Security Roles, in the role of the "
			"API member; then: opbridge check");
	else if (!unknown)
		ctl_line(ctl, label, TONE_PLAIN, "none is missing");
	if (unknown)
		ctl_linef(ctl, missing ? "" : label, TONE_PLAIN,
			"%d not tried yet: shown by opbridge check, or by the first use", unknown);
}

static void say_waits(const struct ctl *ctl, const cJSON *status)
{
	const cJSON *w;
	const char *label = "waits for";

	for (w = ctl_first(status, "waits"); w; w = w->next) {
		ctl_line(ctl, label, TONE_WARN, cJSON_GetStringValue(w));
		label = "";
	}
	if (*label)
		ctl_line(ctl, label, TONE_PLAIN, "nothing");
}

static void say_alarm(const struct ctl *ctl, const cJSON *a, const char *label)
{
	char since[WHEN_TEXT_MAX], told[WHEN_TEXT_MAX];
	bool mailed = !ctl_is_null(a, "mailed_at"), hook = !ctl_is_null(a, "hook_at");

	ctl_linef(ctl, label, TONE_BAD, "%s, since %s", ctl_str(a, "title", "?"),
		when_relative_text(json_str(a, "since"), ctl->now_ms, since));
	if (mailed || hook)
		ctl_linef(ctl, "", TONE_PLAIN, "told %s",
			when_relative_text(
				json_str(a, mailed ? "mailed_at" : "hook_at"), ctl->now_ms, told));
	ctl_line(ctl, "", TONE_PLAIN, json_str(a, "remedy"));
}

static void say_alarms(const struct ctl *ctl, const cJSON *status)
{
	static const char *const ways[] = { "mail", "hook" };
	const cJSON *alarm = json_get(status, "alarm"), *a;
	const char *label = "alarm";

	for (a = ctl_first(alarm, "active"); a; a = a->next) {
		say_alarm(ctl, a, label);
		label = "";
	}
	if (*label && json_bool(alarm, "configured", false))
		ctl_line(ctl, label, TONE_PLAIN, "none; the emergency contact is set");
	else if (*label)
		ctl_line(ctl, label, TONE_PLAIN,
			"none; nobody would be told: set alarm.mail_to and alarm.smtp");
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		const char *error = json_str(json_get(alarm, ways[i]), "error");

		if (error)
			ctl_linef(ctl, "", TONE_WARN, "%s fails: %s; try it: opbridge check --mail",
				ways[i], error);
	}
}

int run_status(struct ctl *ctl, const struct args *args UNUSED)
{
	CLEANUP(json_free) cJSON *status = NULL;
	int r = ctl_get_or_print(ctl, "/v1/status", &status);

	if (r || !status)
		return r;
	say_daemon(ctl, status);
	say_connection(ctl, status);
	say_account(ctl, status);
	say_tenants(ctl, status);
	say_sync(ctl, status);
	say_board(ctl, status);
	say_permissions(ctl, status);
	say_breaker(ctl, status);
	say_pace(ctl, status);
	say_alarms(ctl, status);
	say_waits(ctl, status);
	return EXIT_OK;
}
