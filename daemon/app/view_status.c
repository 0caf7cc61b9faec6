/* How the daemon is: the answer of GET /v1/status, and the same as metrics. */
#include "app/view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "app/app.h"
#include "app/flood.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/secret.h"
#include "base/str.h"
#include "io/store_flood.h"
#include "io/store_watch.h"

static void add_connection(struct app *app, cJSON *node)
{
	const struct conf *conf = app->conf;
	cJSON *c = json_add_object(node, "connection");
	char head[8], print[9];

	json_add_str(c, "state",
		link_state_name(app->link.state == LINK_OK && !link_open(app) ? LINK_FAILED
									      : app->link.state));
	json_add_str(c, "site", cw_site(app->cw));
	view_add_str(c, "api", cw_base(app->cw));
	json_add_str(c, "company", conf->cw.company);
	snprintf(head, sizeof(head), "%.4s…", conf->cw.public_key);
	json_add_str(c, "public_key", head);
	secret_fingerprint(conf->cw.private_key, print);
	json_add_str(c, "key_fingerprint", print);
	json_add_time(c, "checked_at", app->link.checked_at);
	json_add_time(c, "since_at", app->link.since_at);
	if (app->link.state == LINK_OK && !link_open(app))
		json_add_str(c, "error", app->link.breaker.why);
	else
		view_add_str(c, "error", app->link.state == LINK_FAILED ? app->link.error : NULL);
}

static const struct {
	const char *name;
	size_t offset;
} account_rows[] = {
	{ "accepted", offsetof(struct account, accepted) },
	{ "queued", offsetof(struct account, queued) },
	{ "sending", offsetof(struct account, sending) },
	{ "held", offsetof(struct account, held) },
	{ "delivered", offsetof(struct account, delivered) },
	{ "skipped", offsetof(struct account, skipped) },
	{ "muted", offsetof(struct account, muted) },
	{ "expired", offsetof(struct account, expired) },
	{ "dead", offsetof(struct account, dead) },
};

static int64_t account_row(const struct account *a, size_t i)
{
	int64_t n;

	memcpy(&n, (const char *)a + account_rows[i].offset, sizeof(n));
	return n;
}

static void add_account(const struct account *a, cJSON *node)
{
	cJSON *sub = json_add_object(node, "account");
	size_t i;

	for (i = 0; i < ARRAY_LEN(account_rows); i++)
		json_add_int(sub, account_rows[i].name, account_row(a, i));
	json_add_bool(sub, "balanced", account_balances(a));
}

static int64_t wall_of(int64_t mono)
{
	return mono > now_mono_ms() ? now_wall_ms() + mono - now_mono_ms() : 0;
}

static void add_pace(struct app *app, cJSON *node)
{
	const struct breaker *b = &app->link.breaker;
	cJSON *sub = json_add_object(node, "breaker");

	json_add_str(sub, "state", breaker_name(b->state));
	view_add_str(sub, "why", b->state == BREAKER_CLOSED ? NULL : b->why);
	json_add_time(sub, "next_probe_at", b->state == BREAKER_OPEN ? wall_of(b->probe_at) : 0);
	sub = json_add_object(node, "pace");
	json_add_int(sub, "slots", app->link.slots.now);
	json_add_int(sub, "in_flight", cw_in_flight(app->cw));
	json_add_int(sub, "requests_per_minute", app->conf->delivery.per_minute);
	json_add_time(sub, "paused_until", wall_of(cw_paused_until(app->cw)));
}

static void add_permissions(struct app *app, cJSON *node)
{
	static const char *const names[] = {
		[SEEN_NOT] = "unknown",
		[SEEN_OK] = "ok",
		[SEEN_MISSING] = "missing",
	};
	cJSON *array = json_add_array(node, "permissions");
	int i;

	for (i = 0; i < PERMISSION_COUNT; i++) {
		cJSON *row = json_object();

		json_add_str(row, "module", permissions[i].module);
		json_add_str(row, "function", permissions[i].function);
		json_add_str(row, "level", permissions[i].level);
		json_add_bool(row, "required", permissions[i].required);
		json_add_str(row, "state", names[app->link.permissions[i]]);
		json_add_str(row, "lost", permissions[i].lost);
		json_push(array, row);
	}
}

static PRINTF_LIKE(2, 3) void add_wait(cJSON *waits, const char *fmt, ...)
{
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_push_str(waits, text);
}

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

static void add_waits_of_queue(struct app *app, const struct account *a, cJSON *waits)
{
	struct fault f = { 0 };
	int64_t due = 0;

	if (a->queued && link_open(app) && incident_next_due(app->store, &due, &f) == 0 && due)
		add_wait(waits,
			"%" PRId64 " queued event%s, the next in %" PRId64
			" s: `opbridge events --state queued` says why",
			a->queued, plural(a->queued),
			due > now_wall_ms() ? (due - now_wall_ms() + 999) / 1000 : 0);
	if (a->dead)
		add_wait(waits, "%" PRId64 " dead event%s: `opbridge events --state dead` says why",
			a->dead, plural(a->dead));
}

/* Why something does not move, each as a sentence. */
static void add_waits(struct app *app, const struct account *a, const struct tenant_counts *t,
	const struct flood_counts *floods, cJSON *node)
{
	cJSON *waits = json_add_array(node, "waits");
	const struct breaker *b = &app->link.breaker;
	struct fault f = { 0 };
	const char *why;

	if (!turn_may_write(app, &why))
		add_wait(waits, "the queue cannot be written: %s", why);
	else if (store_room(app->store, &f) < 0)
		add_wait(waits, "new events are refused, clients keep them: %s", f.text);
	if (app->link.state == LINK_UNKNOWN)
		add_wait(waits, "the first connection to ConnectWise");
	else if (b->state != BREAKER_CLOSED)
		add_wait(waits, "ConnectWise: %s", b->why);
	if (cw_paused_until(app->cw) > now_mono_ms())
		add_wait(waits, "ConnectWise asked for a pause (Retry-After)");
	if (a->held)
		add_wait(waits,
			"%" PRId64 " held event%s: %d tenant%s not mapped, %d paused because the "
			"company is gone from ConnectWise or inactive there; `opbridge tenants` "
			"shows which",
			a->held, plural(a->held), t->unmapped, plural(t->unmapped), t->paused);
	add_waits_of_queue(app, a, waits);
	if (floods->rolled)
		add_wait(waits,
			"%d tenant%s over the limit of new tickets in this hour "
			"(delivery.flood_limit): %" PRId64 " incidents went into roll-up tickets",
			floods->tenants, plural(floods->tenants), floods->rolled);
	if (app->sync.refused)
		json_push_str(waits, app->sync.refused);
}

cJSON *view_status(struct app *app)
{
	cJSON *node = json_object(), *sub;
	struct tenant_counts tenants = { 0 };
	struct flood_counts floods = { 0 };
	struct account account = { 0 };
	struct fault f = { 0 };
	int64_t companies = 0;

	if (flood_now(app->store, flood_hour(now_wall_ms()), &floods, &f) < 0 ||
		store_account(app->store, &account, &f) < 0 ||
		tenant_count(app->store, &tenants, &f) < 0 ||
		company_count(app->store, &companies, &f) < 0)
		turn_fail(app, &f);
	json_add_str(node, "version", OPBRIDGE_VERSION);
	json_add_int(node, "pid", getpid());
	json_add_time(node, "started_at", app->started_at);
	add_connection(app, node);
	add_account(&account, node);
	json_add_node(node, "sync", sync_json(app));
	json_add_node(node, "board", board_json(app));
	add_pace(app, node);
	add_permissions(app, node);
	json_add_int(node, "companies", companies);
	sub = json_add_object(node, "tenants");
	json_add_int(sub, "mapped", tenants.mapped);
	json_add_int(sub, "unmapped", tenants.unmapped);
	json_add_int(sub, "off", tenants.off);
	json_add_int(sub, "paused", tenants.paused);
	json_add_node(node, "alarm", alarm_json(app));
	add_waits(app, &account, &tenants, &floods, node);
	return node;
}

static void gauge(struct str *out, const char *name, const char *help, int64_t value)
{
	str_addf(out, "# HELP opbridge_%s %s\n# TYPE opbridge_%s gauge\nopbridge_%s %" PRId64 "\n",
		name, help, name, name, value);
}

static int64_t age_s(int64_t since_at)
{
	int64_t ms = since_at ? now_wall_ms() - since_at : 0;

	return ms > 0 ? ms / 1000 : 0;
}

static void age_metrics(struct app *app, struct str *out)
{
	struct store_watch watch = { 0 };
	struct fault f = { 0 };

	if (store_watch(app->store, &watch, &f) < 0) {
		turn_fail(app, &f);
		return;
	}
	gauge(out, "oldest_undelivered_seconds", "How long the oldest event waits for ConnectWise.",
		age_s(watch.undelivered_at));
	gauge(out, "oldest_held_seconds", "How long the oldest event waits for its mapping.",
		age_s(watch.held_at));
	gauge(out, "queue_bytes", "Size of the queue's file.", watch.used);
	gauge(out, "queue_max_bytes", "The limit of that size.", watch.max_bytes);
	store_watch_clear(&watch);
}

static void permission_metrics(const struct app *app, struct str *out)
{
	size_t i;

	str_add(out,
		"# HELP opbridge_permission 1 if the role has it, 0 if it was missing; absent "
		"while "
		"not known.\n"
		"# TYPE opbridge_permission gauge\n");
	for (i = 0; i < PERMISSION_COUNT; i++)
		if (app->link.permissions[i] != SEEN_NOT)
			str_addf(out,
				"opbridge_permission{module=\"%s\",function=\"%s\",level=\"%s\","
				"required=\"%s\"} %d\n",
				permissions[i].module, permissions[i].function,
				permissions[i].level, permissions[i].required ? "yes" : "no",
				app->link.permissions[i] == SEEN_OK);
}

char *view_metrics(struct app *app)
{
	struct account account = { 0 };
	struct tenant_counts tenants = { 0 };
	struct fault f = { 0 };
	int64_t companies = 0;
	STR_AUTO(out);
	size_t i;

	if (store_account(app->store, &account, &f) < 0 ||
		tenant_count(app->store, &tenants, &f) < 0 ||
		company_count(app->store, &companies, &f) < 0)
		turn_fail(app, &f);
	str_add(&out,
		"# HELP opbridge_events Events by state; accepted is the sum of all others.\n"
		"# TYPE opbridge_events gauge\n");
	for (i = 0; i < ARRAY_LEN(account_rows); i++)
		str_addf(&out, "opbridge_events{state=\"%s\"} %" PRId64 "\n", account_rows[i].name,
			account_row(&account, i));
	gauge(&out, "account_balanced", "1 if accepted equals the sum of the other states.",
		account_balances(&account));
	gauge(&out, "connected", "1 while ConnectWise answers and accepts the keys.",
		link_open(app));
	gauge(&out, "breaker_open", "1 while delivery waits for ConnectWise to be reachable.",
		app->link.breaker.state != BREAKER_CLOSED);
	gauge(&out, "requests_in_flight", "Requests to ConnectWise under way.",
		cw_in_flight(app->cw));
	gauge(&out, "companies", "Live companies in the list.", companies);
	gauge(&out, "tenants_mapped", "Tenants mapped to a company, flow on.", tenants.mapped);
	gauge(&out, "tenants_paused", "Tenants whose company is gone or inactive.", tenants.paused);
	gauge(&out, "tenants_unmapped", "Tenants that wait for a mapping.", tenants.unmapped);
	gauge(&out, "last_sync_timestamp_seconds", "Start of the last good company sync.",
		app->sync.last_incremental_at / 1000);
	gauge(&out, "start_timestamp_seconds", "When the daemon started.", app->started_at / 1000);
	age_metrics(app, &out);
	permission_metrics(app, &out);
	alarm_metrics(app, &out);
	return str_take(&out);
}
