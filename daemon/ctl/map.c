/* `opbridge map`: one mapping; the walk and --auto are in files of their own. */
#include <string.h>
#include "base/mem.h"
#include "ctl/prompt.h"
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/tenant.h"

const char *tenant_row(const cJSON *tenant, char buf[TENANT_ROW_TEXT_MAX])
{
	snprintf(buf, TENANT_ROW_TEXT_MAX, "#%lld", (long long)ctl_int(tenant, "row"));
	return buf;
}

const char *tenant_label(const cJSON *tenant)
{
	const char *text = ctl_str(tenant, "domain", NULL);

	text = text ? text : ctl_str(tenant, "name", NULL);
	return text ? text : ctl_str(tenant, "id", "?");
}

int map_candidates(const struct ctl *ctl, const char *tenant, cJSON **ret)
{
	STR_AUTO(path);

	tenant_path(&path, tenant, "/candidates");
	return ctl_get(ctl, path.at, ret);
}

/* ==== one mapping ==== */

static cJSON *body_of(const struct mapping *m)
{
	cJSON *body = json_object();

	if (m->company) /* digits may be an id or an identifier: the daemon knows which */
		json_add_str(body, "company", m->company);
	else
		json_add_int(body, "company", m->id);
	json_add_str(body, "name", m->name);
	json_add_str(body, "domain", m->domain);
	if (m->only_new)
		json_add_bool(body, "only_new", true);
	if (!m->any_number)
		json_add_int(body, "release_max", MAPPING_RELEASE_MAX);
	return body;
}

/* How many events a refused mapping would have released; 0: it was refused for another reason. */
static int64_t too_many(const struct opb_reply *reply)
{
	CLEANUP(json_free) cJSON *problem = NULL;
	int64_t n = 0;

	if (reply->status != 409 || ctl_parse(reply, &problem, NULL) != 0)
		return 0;
	return json_int(problem, "would_release", &n) ? n : 0;
}

int mapping_put(
	const struct ctl *ctl, const struct mapping *m, cJSON **ret, int64_t *ret_would_release)
{
	CLEANUP(json_free) cJSON *body = body_of(m);
	struct opb_reply reply;
	STR_AUTO(path);
	struct call call = { .channel = CHANNEL_CONTROL,
		.method = "PUT",
		.body = body,
		.conflict_exit = EXIT_DATA };
	int r;

	tenant_path(&path, m->tenant, "");
	call.path = path.at;
	*ret = NULL;
	r = ctl_send(ctl, &call, &reply);
	if (r)
		return r;
	*ret_would_release = too_many(&reply);
	if (!*ret_would_release)
		r = ctl_answer(&call, &reply, ret);
	opb_reply_clear(&reply);
	return r;
}

int mapping_put_asking(const struct ctl *ctl, const struct mapping *m, cJSON **ret)
{
	struct mapping again = *m;
	int64_t n = 0;
	int r = mapping_put(ctl, m, ret, &n);

	if (r || *ret)
		return r;
	if (!prompt_possible(ctl))
		return ctl_fail(EXIT_USAGE,
			"%s has %lld held events, and each can become a ticket once it is mapped; "
			"nothing was changed. To see them: opbridge events --state held --tenant "
			"%s. To map all the same: add --yes",
			m->tenant, (long long)n, m->tenant);
	if (!prompt_yes(ctl, "%lld held events are released, and each can become a ticket. Map it?",
		    (long long)n))
		return EXIT_OK;
	again.any_number = true;
	return mapping_put(ctl, &again, ret, &n);
}

void mapping_say(const struct ctl *ctl, const cJSON *answer)
{
	const cJSON *tenant = json_get(answer, "tenant");
	char row[TENANT_ROW_TEXT_MAX];

	ctl_say(ctl, "%s is mapped to %s (id %lld). Held events released: %lld.",
		ctl_tenant(tenant), ctl_str(tenant, "company/name", "?"),
		(long long)ctl_int(tenant, "company/id"), (long long)ctl_int(answer, "released"));
	if (json_bool(answer, "declared", false))
		ctl_say(ctl,
			"It is new: no event has named it so far. If that is a slip: opbridge "
			"unmap '%s'",
			ctl_str(tenant, "domain", tenant_row(tenant, row)));
	if (json_get(answer, "was") && !ctl_is_null(answer, "was"))
		ctl_say(ctl, "Until now it was mapped to %s (id %lld).",
			ctl_str(answer, "was/name", "?"), (long long)ctl_int(answer, "was/id"));
	if (ctl_int(answer, "expired"))
		ctl_say(ctl,
			"Held for too long, so they expired and get no ticket: %lld. To bring one "
			"back: opbridge retry ID",
			(long long)ctl_int(answer, "expired"));
	if (!json_bool(tenant, "flow", true))
		ctl_say(ctl, "Its flow is off, so no ticket is made yet: opbridge flow '%s' on",
			ctl_str(tenant, "domain", tenant_row(tenant, row)));
}

static int map_one(const struct ctl *ctl, const struct args *args)
{
	const struct mapping m = { .tenant = args_operand(args, 0),
		.company = args_operand(args, 1),
		.name = args_value(args, "name"),
		.domain = args_value(args, "domain"),
		.any_number = args_has(args, "yes") };
	CLEANUP(json_free) cJSON *answer = NULL;
	int r = mapping_put_asking(ctl, &m, &answer);

	if (r)
		return r;
	if (!answer)
		ctl_say(ctl, "Nothing was changed.");
	else if (ctl->json)
		ctl_print_json(ctl, answer);
	else
		mapping_say(ctl, answer);
	return EXIT_OK;
}

/* ==== which of the forms ==== */

static int show_candidates(const struct ctl *ctl, const char *tenant)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	int r = map_candidates(ctl, tenant, &answer);

	if (r == EXIT_OK)
		ctl_print_json(ctl, answer);
	return r;
}

static int check_options(const struct args *args)
{
	bool automatic = args_has(args, "auto");

	if (automatic && args->n_operands)
		return ctl_fail(EXIT_USAGE, "--auto goes through all tenants: it takes no TENANT");
	if (args_has(args, "dry-run") && !automatic)
		return ctl_fail(EXIT_USAGE, "--dry-run goes with --auto");
	if (args->n_operands < 2 && (args_has(args, "name") || args_has(args, "domain")))
		return ctl_fail(EXIT_USAGE,
			"--name and --domain are of one tenant: opbridge map TENANT COMPANY");
	if (args->n_operands < 2 && args_has(args, "yes") && !automatic)
		return ctl_fail(EXIT_USAGE,
			"--yes chooses no company: opbridge map --yes TENANT COMPANY, or opbridge "
			"map --auto --yes");
	return EXIT_OK;
}

int run_map(struct ctl *ctl, const struct args *args)
{
	int r = check_options(args);

	if (r)
		return r;
	if (args->n_operands == 2)
		return map_one(ctl, args);
	if (args_has(args, "auto"))
		return map_auto(ctl, args_has(args, "dry-run"), args_has(args, "yes"));
	if (args->n_operands == 1 && ctl->json)
		return show_candidates(ctl, args_operand(args, 0));
	if (!prompt_possible(ctl))
		return ctl_fail(EXIT_USAGE,
			"without a terminal there is nobody to choose: opbridge map TENANT "
			"COMPANY, or opbridge map --auto --dry-run to see what is certain");
	return map_walk(ctl, args_operand(args, 0));
}
