/* `opbridge tenants`, `unmap` and `flow`. */
#include <string.h>
#include "base/mem.h"
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/table.h"
#include "ctl/tenant.h"
#include "ctl/tenants_file.h"
#include "ctl/when.h"

static void add_company_cell(struct table *t, const cJSON *tenant)
{
	const cJSON *c = json_get(tenant, "company");

	if (ctl_is_null(tenant, "company"))
		table_cell(t, TONE_WARN,
			json_bool(tenant, "ambiguous", false) ? "not mapped: domain of several"
							      : "not mapped");
	else if (json_bool(c, "inactive", false))
		table_cellf(t, TONE_BAD, "inactive: %s (%lld)", ctl_str(c, "name", "?"),
			(long long)ctl_int(c, "id"));
	else if (json_bool(c, "gone", false))
		table_cellf(t, TONE_BAD, "gone: %s (%lld)", ctl_str(c, "name", "?"),
			(long long)ctl_int(c, "id"));
	else
		table_cellf(t, TONE_PLAIN, "%s (%lld)", ctl_str(c, "name", "?"),
			(long long)ctl_int(c, "id"));
}

static void add_tenant(const struct ctl *ctl, struct table *t, const cJSON *tenant)
{
	int64_t held = ctl_int(tenant, "held");
	bool flow = json_bool(tenant, "flow", true);
	char when[WHEN_TEXT_MAX];

	table_cellf(t, TONE_PLAIN, "#%lld", (long long)ctl_int(tenant, "row"));
	table_cell(t, TONE_PLAIN, json_str(tenant, "name"));
	table_cell(t, TONE_PLAIN, json_str(tenant, "domain"));
	table_cell(t, TONE_PLAIN, json_str(tenant, "id"));
	add_company_cell(t, tenant);
	table_cell(t, flow ? TONE_PLAIN : TONE_DIM, flow ? "on" : "off");
	table_cellf(t, held ? TONE_WARN : TONE_PLAIN, "%lld", (long long)held);
	table_cellf(t, TONE_PLAIN, "%lld", (long long)ctl_int(tenant, "events"));
	table_cell(t, TONE_PLAIN,
		when_relative_text(json_str(tenant, "last_event_at"), ctl->now_ms, when));
}

static int list_tenants(struct ctl *ctl)
{
	static const char *const titles[] = { ">ROW", "NAME", "DOMAIN", "ID", "COMPANY", "FLOW",
		">HELD", ">EVENTS", "LAST EVENT" };
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(table_free) struct table *t = NULL;
	const cJSON *tenant;
	bool unmapped = false;
	int r = ctl_get_or_print(ctl, "/v1/tenants", &answer);

	if (r || !answer)
		return r;
	t = table_new(titles, ARRAY_LEN(titles));
	for (tenant = ctl_first(answer, "tenants"); tenant; tenant = tenant->next) {
		add_tenant(ctl, t, tenant);
		unmapped |= ctl_is_null(tenant, "company");
	}
	if (table_rows(t) == 0) {
		ctl_say(ctl,
			"No tenant is known yet. One appears with its first event, or when it "
			"is mapped: opbridge help map");
		return EXIT_OK;
	}
	table_print(t, &ctl->out);
	if (unmapped)
		ctl_say(ctl,
			"To map one: opbridge companies TEXT, then opbridge map TENANT COMPANY");
	return EXIT_OK;
}

/* An option that belongs to another word than the one that was given. */
static const char *stray_option(const struct args *args, const char *word)
{
	static const char *const options[][2] = { { "csv", "export" }, { "dry-run", "import" },
		{ "yes", "import" }, { "unmap", "import" } };

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (args_has(args, options[i][0]) && !str_eq(word, options[i][1]))
			return options[i][0];
	return NULL;
}

int run_tenants(struct ctl *ctl, const struct args *args)
{
	const char *word = args_operand(args, 0), *stray = stray_option(args, word);

	if (stray)
		return ctl_fail(
			EXIT_USAGE, "--%s has no meaning here; see: opbridge help tenants", stray);
	if (!word)
		return list_tenants(ctl);
	if (str_eq(word, "export"))
		return tenants_export(ctl, args);
	if (str_eq(word, "import"))
		return tenants_import(ctl, args);
	return ctl_fail(EXIT_USAGE,
		"tenants takes 'export', 'import FILE' or nothing, not '%s'; see: opbridge help "
		"tenants",
		word);
}

void tenant_path(struct str *path, const char *tenant, const char *tail)
{
	str_add(path, "/v1/tenants/");
	path_add(path, tenant);
	str_add(path, tail);
}

int tenant_change(
	const struct ctl *ctl, const char *method, const char *path, const cJSON *body, cJSON **ret)
{
	const struct call call = { .channel = CHANNEL_CONTROL,
		.method = method,
		.path = path,
		.body = body,
		.conflict_exit = EXIT_DATA };
	CLEANUP(json_free) cJSON *answer = NULL;
	int r = ctl_call(ctl, &call, &answer);

	if (r)
		return r;
	if (ctl->json)
		ctl_print_json(ctl, answer);
	*ret = ctl->json ? NULL : TAKE(answer);
	return EXIT_OK;
}

int run_unmap(struct ctl *ctl, const struct args *args)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	STR_AUTO(path);
	int r;

	tenant_path(&path, args_operand(args, 0), "/company");
	r = tenant_change(ctl, "DELETE", path.at, NULL, &answer);
	if (r || !answer)
		return r;
	ctl_say(ctl, "%s is mapped to no company now. Events held: %lld.",
		ctl_tenant(json_get(answer, "tenant")), (long long)ctl_int(answer, "held"));
	return EXIT_OK;
}

int run_flow(struct ctl *ctl, const struct args *args)
{
	CLEANUP(json_free) cJSON *body = json_object();
	CLEANUP(json_free) cJSON *answer = NULL;
	const char *word = args_operand(args, 1);
	bool on = str_eq(word, "on");
	STR_AUTO(path);
	int r;

	if (!on && !str_eq(word, "off"))
		return ctl_fail(EXIT_USAGE, "the flow is 'on' or 'off', not '%s'", word);
	tenant_path(&path, args_operand(args, 0), "/flow");
	json_add_bool(body, "on", on);
	r = tenant_change(ctl, "PUT", path.at, body, &answer);
	if (r || !answer)
		return r;
	ctl_say(ctl, "The flow of %s is %s.", ctl_tenant(json_get(answer, "tenant")), word);
	if (ctl_int(answer, "skipped"))
		ctl_say(ctl, "Waiting events that get no ticket now: %lld.",
			(long long)ctl_int(answer, "skipped"));
	return EXIT_OK;
}
