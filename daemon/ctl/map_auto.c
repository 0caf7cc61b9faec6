/* `opbridge map --auto`: maps tenants whose company is certain. Never one that a person has decided
 * about, never one whose company another tenant has or would get. */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "ctl/prompt.h"
#include "ctl/ctl.h"
#include "ctl/table.h"
#include "ctl/tenant.h"

/* One tenant without a company, and what becomes of it. */
struct pick {
	const cJSON *tenant; /* of the list */
	cJSON *answer; /* its candidates; NULL: not asked for */
	const cJSON *certain; /* within answer; or NULL */
	char *why_not; /* or NULL: it is to be mapped */
};

/* owned by map_auto */
struct plan {
	const struct ctl *ctl;
	const cJSON *tenants; /* the first of all */
	struct pick *picks;
	size_t n;
	size_t to_map;
	int64_t held; /* events of those that are to be mapped */
};

static void plan_clear(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		json_free(p->picks[i].answer);
		mem_free(p->picks[i].why_not);
	}
	free(p->picks);
}

/* ==== what is certain ==== */

static int64_t company_of(const struct pick *pick)
{
	return ctl_int(pick->certain, "company/id");
}

static char *decided(const cJSON *tenant)
{
	if (json_str(tenant, "mapped_by"))
		return xasprintf("its company was taken away by %s", json_str(tenant, "mapped_by"));
	if (!json_bool(tenant, "flow", true))
		return xstrdup("its flow is off");
	if (json_bool(tenant, "ambiguous", false))
		return xstrdup("several tenants have its domain");
	return NULL;
}

static char *nearest(const cJSON *answer)
{
	const cJSON *first = ctl_first(answer, "candidates");

	if (!first)
		return xstrdup("no company resembles it");
	return xasprintf("nearest is %s (%lld, %lld%%): %s", ctl_str(first, "company/name", "?"),
		(long long)ctl_int(first, "company/id"), (long long)ctl_int(first, "confidence"),
		ctl_str(first, "doubt/text", "?"));
}

static const cJSON *certain_of(const cJSON *answer)
{
	const cJSON *c = ctl_first(answer, "candidates");

	while (c && !json_bool(c, "certain", false))
		c = c->next;
	return c;
}

/* The tenant that has this company already, or NULL. */
static const cJSON *holder_of(const struct plan *p, int64_t company)
{
	const cJSON *t = p->tenants;

	while (t && ctl_int(t, "company/id") != company)
		t = t->next;
	return t;
}

static int look(const struct plan *p, struct pick *pick)
{
	char row[TENANT_ROW_TEXT_MAX];
	const cJSON *holder;
	int r;

	pick->why_not = decided(pick->tenant);
	if (pick->why_not)
		return EXIT_OK;
	r = map_candidates(p->ctl, tenant_row(pick->tenant, row), &pick->answer);
	if (r)
		return r;
	pick->certain = certain_of(pick->answer);
	if (!pick->certain) {
		pick->why_not = nearest(pick->answer);
		return EXIT_OK;
	}
	holder = holder_of(p, company_of(pick));
	if (holder)
		pick->why_not = xasprintf("%s (%lld) has a tenant already: %s",
			ctl_str(pick->certain, "company/name", "?"), (long long)company_of(pick),
			tenant_label(holder));
	return EXIT_OK;
}

/* Two tenants that would get one company: a person must say whether that is right. */
static void leave_out_rivals(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct pick *other = NULL;

		for (size_t k = 0; p->picks[i].certain && k < p->n && !other; k++)
			if (k != i && p->picks[k].certain &&
				company_of(&p->picks[k]) == company_of(&p->picks[i]))
				other = &p->picks[k];
		if (other && !p->picks[i].why_not)
			p->picks[i].why_not =
				xasprintf("%s (%lld) would get another tenant too: %s",
					ctl_str(other->certain, "company/name", "?"),
					(long long)company_of(other), tenant_label(other->tenant));
	}
}

static int make_plan(struct plan *p, const cJSON *answer)
{
	const cJSON *t;
	int r;

	p->tenants = ctl_first(answer, "tenants");
	p->picks = xcalloc(
		(size_t)cJSON_GetArraySize(json_get(answer, "tenants")) + 1, sizeof(*p->picks));
	for (t = p->tenants; t; t = t->next) {
		if (!ctl_is_null(t, "company"))
			continue;
		p->picks[p->n].tenant = t;
		r = look(p, &p->picks[p->n++]);
		if (r)
			return r;
	}
	leave_out_rivals(p);
	for (size_t i = 0; i < p->n; i++)
		if (!p->picks[i].why_not) {
			p->to_map++;
			p->held += ctl_int(p->picks[i].tenant, "held");
		}
	return EXIT_OK;
}

/* ==== what is shown ==== */

static void show_certain(const struct plan *p)
{
	static const char *const titles[] = { "TENANT", "NAME", "COMPANY", ">ID", ">HELD", "WHY" };
	CLEANUP(table_free) struct table *t = table_new(titles, ARRAY_LEN(titles));

	for (size_t i = 0; i < p->n; i++) {
		const struct pick *pick = &p->picks[i];

		if (pick->why_not)
			continue;
		table_cell(t, TONE_PLAIN, tenant_label(pick->tenant));
		table_cell(t, TONE_PLAIN, json_str(pick->tenant, "name"));
		table_cell(t, TONE_GOOD, json_str_at(pick->certain, "company/name"));
		table_cellf(t, TONE_PLAIN, "%lld", (long long)company_of(pick));
		table_cellf(t, TONE_PLAIN, "%lld", (long long)ctl_int(pick->tenant, "held"));
		table_cell(
			t, TONE_PLAIN, ctl_str(ctl_first(pick->certain, "reasons"), "text", "?"));
	}
	if (p->to_map)
		table_print(t, &p->ctl->out);
	else
		ctl_say(p->ctl, "No tenant without a company has a certain one.");
}

static void show_left_out(const struct plan *p)
{
	static const char *const titles[] = { "LEFT OUT", "NAME", "WHY" };
	CLEANUP(table_free) struct table *t = table_new(titles, ARRAY_LEN(titles));

	for (size_t i = 0; i < p->n; i++) {
		const struct pick *pick = &p->picks[i];

		if (!pick->why_not)
			continue;
		table_cell(t, TONE_PLAIN, tenant_label(pick->tenant));
		table_cell(t, TONE_PLAIN, json_str(pick->tenant, "name"));
		table_cell(t, TONE_PLAIN, pick->why_not);
	}
	if (table_rows(t) == 0)
		return;
	fputc('\n', p->ctl->out.out);
	table_print(t, &p->ctl->out);
}

static cJSON *plan_json(const struct plan *p)
{
	cJSON *node = json_object(), *certain = json_add_array(node, "certain"),
	      *left_out = json_add_array(node, "left_out");

	for (size_t i = 0; i < p->n; i++) {
		const struct pick *pick = &p->picks[i];
		cJSON *row = json_object();

		json_add_node(row, "tenant", json_copy(pick->tenant));
		json_add_str(row, "why", pick->why_not);
		if (pick->certain)
			json_add_node(row, "candidate", json_copy(pick->certain));
		json_push(pick->why_not ? left_out : certain, row);
	}
	return node;
}

/* ==== what is done ==== */

static int map_pick(const struct plan *p, const struct pick *pick, cJSON *mapped)
{
	char row[TENANT_ROW_TEXT_MAX];
	const struct mapping m = { .tenant = tenant_row(pick->tenant, row),
		.id = company_of(pick),
		.only_new = true,
		.any_number = true };
	CLEANUP(json_free) cJSON *answer = NULL;
	int64_t n = 0;
	int r = mapping_put(p->ctl, &m, &answer, &n);

	if (r)
		return r;
	if (!p->ctl->json)
		mapping_say(p->ctl, answer);
	json_push(mapped, TAKE(answer));
	return EXIT_OK;
}

/* One that is refused does not keep the others from theirs. */
static int map_all(const struct plan *p, cJSON *mapped)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < p->n; i++) {
		int r = p->picks[i].why_not ? EXIT_OK : map_pick(p, &p->picks[i], mapped);

		code = r ? r : code;
		if (r && r != EXIT_DATA)
			break;
	}
	return code;
}

static int carry_out(const struct plan *p, bool dry_run, bool yes)
{
	CLEANUP(json_free) cJSON *told = plan_json(p);
	cJSON *mapped = json_add_array(told, "mapped");
	int r = EXIT_OK;

	if (!p->ctl->json) {
		show_certain(p);
		show_left_out(p);
	}
	if (!dry_run && p->to_map) {
		if (!yes &&
			!prompt_yes(p->ctl, "Map %s %zu? Held events that are released: %lld.",
				p->to_map == 1 ? "this" : "these", p->to_map, (long long)p->held)) {
			ctl_say(p->ctl, "Nothing was changed.");
			return EXIT_OK;
		}
		r = map_all(p, mapped);
	}
	if (p->ctl->json)
		ctl_print_json(p->ctl, told);
	return r;
}

int map_auto(const struct ctl *ctl, bool dry_run, bool yes)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	struct plan p = { .ctl = ctl };
	int r;

	if (!dry_run && !yes && !prompt_possible(ctl))
		return ctl_fail(EXIT_USAGE,
			"there is nobody to ask: opbridge map --auto --dry-run shows what is "
			"certain, opbridge map --auto --yes maps it");
	r = ctl_get(ctl, "/v1/tenants", &answer);
	if (r == EXIT_OK)
		r = make_plan(&p, answer);
	if (r == EXIT_OK)
		r = carry_out(&p, dry_run, yes);
	plan_clear(&p);
	return r;
}
