/* The rungs of the way to ConnectWise: address, company id, clientId, keys. */
#include "app/check_steps.h"

#include <inttypes.h>
#include <stdio.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/secret.h"
#include "base/str.h"

#define CLOCK_SKEW_MAX_MS (5 * 60 * 1000)

/* ==== the way there ==== */

/* Whose name and port the connection goes to first. */
static const char *first_host(const struct app *app)
{
	return str_is_blank(app->conf->cw.proxy) ? cw_site(app->cw) : app->conf->cw.proxy;
}

static void add_stage(struct app *app, const char *name, const struct cw_answer *answer,
	enum reach needed, const char *saw, const char *remedy)
{
	if (answer->reach >= needed)
		check_add(app, name, STEP_OK, saw, NULL);
	else if (answer->reach + 1 == needed)
		check_add(app, name, STEP_FAILED, answer->outcome.reason, remedy);
	else
		check_add(app, name, STEP_SKIPPED, NULL, NULL);
}

/* The first answer of a run came on a connection of its own and shows how far that went. */
static bool add_way(struct app *app, const struct cw_answer *answer)
{
	CLEANUP(mem_free)
	char *name = xasprintf("%s is %s", first_host(app),
		str_is_blank(answer->address) ? "a known name" : answer->address);

	if (app->check.reached)
		return true;
	app->check.reached = true;
	add_stage(app, "DNS", answer, REACH_NAME, name,
		"check the name of the site, and this host's resolver (resolvectl status)");
	add_stage(app, "TCP", answer, REACH_HOST, "a connection is made",
		"let HTTPS (TCP port 443) out from this host to ConnectWise, or set "
		"connectwise.proxy");
	add_stage(app, "TLS", answer, REACH_TLS, "the certificate is trusted",
		"check the clock and ca-certificates of this host, and whether a proxy opens TLS "
		"(then give its certificate in connectwise.ca_file)");
	app->check.reached_all = answer->reach == REACH_TLS;
	if (app->check.reached_all)
		return true;
	check_add(app, "keys", STEP_SKIPPED, "ConnectWise must be reached first", NULL);
	check_end(app);
	return false;
}

static void add_address(struct app *app, const struct company_info *info)
{
	CLEANUP(mem_free) char *host = site_api_host(cw_site(app->cw));
	CLEANUP(mem_free) char *base = site_base_url(host, info->codebase);
	const char *known = cw_base(app->cw);
	char saw[256];

	snprintf(saw, sizeof(saw), "\"%.100s\", %.100s", app->conf->cw.company,
		info->version ? info->version : "version unknown");
	check_add(app, "company id", STEP_OK, saw, NULL);
	snprintf(saw, sizeof(saw), "%.120s%s%.120s", info->codebase,
		known && !str_eq(known, base) ? "; until now " : "",
		known && !str_eq(known, base) ? known : "");
	check_add(app, "codebase", STEP_OK, saw, NULL);
	if (!known)
		cw_set_base(app->cw, base);
}

static void on_login(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;
	struct company_info info = { 0 };
	struct fault f = { 0 };

	app->check.call = NULL;
	if (add_way(app, answer)) {
		if (answer->outcome.class != OUTCOME_DONE)
			check_add(app, "company id", STEP_FAILED, answer->outcome.reason, NULL);
		else if (company_info_read(answer->body, &info, &f) < 0)
			check_add(app, "company id", STEP_FAILED, f.text, NULL);
		else
			add_address(app, &info);
		company_info_clear(&info);
	}
	check_next_step(app);
}

bool rung_login(struct app *app)
{
	if (!str_is_blank(app->conf->cw.base_url)) {
		check_add(app, "company id", STEP_SKIPPED, "connectwise.base_url is pinned", NULL);
		return false;
	}
	app->check.call = cw_login(app->cw, on_login, app);
	cw_fresh(app->check.call);
	return true;
}

/* ==== keys ==== */

static void add_clock(struct app *app, const struct cw_answer *answer)
{
	int64_t skew = answer->date_at ? now_wall_ms() - answer->date_at : 0;
	char saw[128];

	if (!answer->date_at)
		return;
	snprintf(saw, sizeof(saw), "this host's clock is %" PRId64 " s %s ConnectWise's",
		(skew < 0 ? -skew : skew) / 1000, skew < 0 ? "behind" : "ahead of");
	if (skew > CLOCK_SKEW_MAX_MS || skew < -CLOCK_SKEW_MAX_MS)
		check_add(app, "clock", STEP_WARNING, saw,
			"set the clock (timedatectl set-ntp true)");
	else
		check_add(app, "clock", STEP_OK, saw, NULL);
}

/* ConnectWise looks at the clientId first, then at the keys. */
static bool add_keys(struct app *app, const struct cw_answer *answer)
{
	enum outcome_class class = answer->outcome.class;
	char print[9], saw[64];

	secret_fingerprint(app->conf->cw.private_key, print);
	snprintf(saw, sizeof(saw), "accepted (private key %s)", print);
	if (class == OUTCOME_DONE || class == OUTCOME_DENIED) {
		check_add(app, "clientId", STEP_OK, "accepted", NULL);
		check_add(app, "keys", STEP_OK, saw, NULL);
		return true;
	}
	if (class == OUTCOME_STOP && answer->status == 403) {
		check_add(app, "clientId", STEP_FAILED, answer->outcome.reason,
			"take the GUID from https://developer.connectwise.com/ClientID");
		check_add(app, "keys", STEP_SKIPPED, "the clientId must be accepted first", NULL);
	} else {
		check_add(app, "keys", STEP_FAILED, answer->outcome.reason, NULL);
	}
	return false;
}

static void on_keys(void *owner, const struct cw_answer *answer)
{
	struct app *app = owner;

	app->check.call = NULL;
	if (!add_way(app, answer)) {
		check_next_step(app);
		return;
	}
	if (add_keys(app, answer))
		add_clock(app, answer);
	else
		check_end(app);
	check_next_step(app);
}

bool rung_keys(struct app *app)
{
	if (!app->check.ok || !cw_base(app->cw)) {
		check_add(app, "keys", STEP_SKIPPED, "the company id must be found first", NULL);
		app->check.ok = false;
		check_end(app);
		return false;
	}
	app->check.call = cw_probe(app->cw, on_keys, app);
	if (!app->check.reached)
		cw_fresh(app->check.call);
	return true;
}
