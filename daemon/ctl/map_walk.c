/* `opbridge map` on a terminal: tenant by tenant, suggestions to choose from. Nothing is mapped
 * that the person did not choose by its number. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "ctl/prompt.h"
#include "ctl/ctl.h"
#include "ctl/table.h"
#include "ctl/tenant.h"
#include "ctl/when.h"

#define CHOICES_MAX 20 /* what fits a screen */
#define NUMBER_COLUMNS 3

/* One company to choose. */
struct choice {
	int64_t id;
	char *name;
	bool gone, inactive; /* the daemon would refuse it */
	char *doubt; /* that must be confirmed; or NULL */
};

/* owned by map_walk */
struct walk {
	const struct ctl *ctl;
	struct choice choices[CHOICES_MAX];
	size_t n_choices;
	int mapped, off;
	int64_t released;
};

/* What becomes of a tenant after a line. */
enum step { STEP_AGAIN, STEP_NEXT, STEP_QUIT };

static void clear_choices(struct walk *w)
{
	for (size_t i = 0; i < w->n_choices; i++) {
		mem_free(w->choices[i].name);
		mem_free(w->choices[i].doubt);
	}
	w->n_choices = 0;
}

static struct choice *add_choice(struct walk *w, const cJSON *company)
{
	struct choice *c = &w->choices[w->n_choices++];

	*c = (struct choice){ .id = ctl_int(company, "id"),
		.name = xstrdup(ctl_str(company, "name", ctl_str(company, "identifier", "?"))),
		.gone = !ctl_is_null(company, "gone_at"),
		.inactive = json_bool(company, "inactive", false) };
	return c;
}

/* ==== what is shown ==== */

/* All reasons, and what speaks against it. gives: mem_free. */
static char *why_text(const cJSON *candidate)
{
	const char *doubt = json_str_at(candidate, "doubt/text");
	const cJSON *reason;
	STR_AUTO(text);

	for (reason = ctl_first(candidate, "reasons"); reason; reason = reason->next)
		str_addf(&text, "%s%s", text.len ? "; " : "", ctl_str(reason, "text", "?"));
	if (doubt)
		str_addf(&text, "; but %s", doubt);
	return str_take(&text);
}

static const char *mark_of(const cJSON *candidate, enum tone *ret_tone)
{
	*ret_tone = TONE_PLAIN;
	if (json_bool(candidate, "certain", false)) {
		*ret_tone = TONE_GOOD;
		return ", certain";
	}
	if (!json_bool(candidate, "ambiguous", false))
		return "";
	*ret_tone = TONE_WARN;
	return ", ambiguous";
}

/* "  1  Contoso Ltd (101), www.contoso.com: 96%, certain", and why on the next lines. */
static void show_candidate(const struct walk *w, const struct choice *choice, const cJSON *c)
{
	const struct term *out = &w->ctl->out;
	const char *website = json_str_at(c, "company/website");
	enum tone tone;
	const char *mark = mark_of(c, &tone);
	CLEANUP(mem_free) char *why = why_text(c);
	CLEANUP(mem_free) char *safe_why = term_safe(why);
	CLEANUP(mem_free)
	char *head = xasprintf("%s (%lld)%s%s: %lld%%%s", choice->name, (long long)choice->id,
		website ? ", " : "", website ? website : "", (long long)ctl_int(c, "confidence"),
		mark);
	CLEANUP(mem_free) char *safe_head = term_safe(head);

	fprintf(out->out, "%*zu  %s", NUMBER_COLUMNS, w->n_choices, term_on(out, tone));
	term_wrap(out, safe_head, NUMBER_COLUMNS + 2, NUMBER_COLUMNS + 2);
	fprintf(out->out, "%s%*s", term_off(out, tone), NUMBER_COLUMNS + 2, "");
	term_wrap(out, safe_why, NUMBER_COLUMNS + 2, NUMBER_COLUMNS + 2);
}

static void show_candidates(struct walk *w, const cJSON *answer)
{
	const cJSON *c;

	clear_choices(w);
	for (c = ctl_first(answer, "candidates"); c && w->n_choices < CHOICES_MAX; c = c->next) {
		struct choice *choice = add_choice(w, json_get(c, "company"));

		if (str_eq(json_str_at(c, "doubt/doubt"), "inactive"))
			choice->doubt = xstrdup(json_str_at(c, "doubt/text"));
		show_candidate(w, choice, c);
	}
	if (!w->n_choices)
		ctl_say(w->ctl, "None of the %lld companies resembles it. To look for one: s TEXT",
			(long long)ctl_int(answer, "companies"));
}

static void show_tenant(const struct walk *w, const cJSON *answer)
{
	const struct ctl *ctl = w->ctl;
	const cJSON *tenant = json_get(answer, "tenant");
	char last[WHEN_TEXT_MAX], expires[WHEN_TEXT_MAX];

	ctl_line(ctl, "name", TONE_BOLD, json_str(tenant, "name"));
	ctl_line(ctl, "domain", TONE_BOLD, json_str(tenant, "domain"));
	ctl_line(ctl, "id", TONE_PLAIN, json_str(tenant, "id"));
	ctl_linef(ctl, "held", ctl_int(tenant, "held") ? TONE_WARN : TONE_PLAIN,
		ctl_int(tenant, "held") == 1 ? "%lld event, the last one %s"
					     : "%lld events, the last one %s",
		(long long)ctl_int(tenant, "held"),
		when_relative_text(json_str(tenant, "last_event_at"), ctl->now_ms, last));
	if (json_str(answer, "expires_at"))
		ctl_linef(ctl, "", TONE_PLAIN, "the first expires %s",
			when_relative_text(json_str(answer, "expires_at"), ctl->now_ms, expires));
	if (!ctl_is_null(tenant, "company"))
		ctl_linef(ctl, "company", TONE_WARN, "%s (%lld), %s",
			ctl_str(tenant, "company/name", "?"),
			(long long)ctl_int(tenant, "company/id"),
			json_bool(json_get(tenant, "company"), "gone", false)
				? "which is gone from ConnectWise"
				: json_bool(json_get(tenant, "company"), "inactive", false)
				? "which is inactive in ConnectWise"
				: "until now");
	else if (json_str(tenant, "mapped_by"))
		ctl_linef(ctl, "company", TONE_WARN, "taken away by %s",
			json_str(tenant, "mapped_by"));
}

static void show_help(const struct walk *w)
{
	ctl_say(w->ctl,
		"NUMBER map the tenant to that company and release what is held; s TEXT look for "
		"other companies; n leave it as it is, go on with the next; o turn its flow off: "
		"no tickets for it; q stop here; ? this help. Enter alone does nothing.");
}

/* ==== what is done ==== */

static enum step search(struct walk *w, const char *text, int *ret_exit)
{
	static const char *const titles[] = { ">", "COMPANY", ">ID", "IDENTIFIER", "WEBSITE",
		"STATUS" };
	CLEANUP(table_free) struct table *t = table_new(titles, ARRAY_LEN(titles));
	CLEANUP(json_free) cJSON *answer = NULL;
	const cJSON *c;
	STR_AUTO(path);

	if (!*text) {
		ctl_say(w->ctl, "s needs a text: s contoso");
		return STEP_AGAIN;
	}
	str_addf(&path, "/v1/companies?limit=%d", CHOICES_MAX);
	path_query(&path, "q", text);
	*ret_exit = ctl_get(w->ctl, path.at, &answer);
	if (*ret_exit)
		return STEP_QUIT;
	clear_choices(w);
	for (c = ctl_first(answer, "companies"); c && w->n_choices < CHOICES_MAX; c = c->next) {
		const struct choice *choice = add_choice(w, c);

		table_cellf(t, TONE_BOLD, "%zu", w->n_choices);
		table_cell(t, TONE_PLAIN, choice->name);
		table_cellf(t, TONE_PLAIN, "%lld", (long long)choice->id);
		table_cell(t, TONE_PLAIN, json_str(c, "identifier"));
		table_cell(t, TONE_PLAIN, json_str(c, "website"));
		table_cell(t, TONE_PLAIN, json_str(c, "status"));
	}
	if (!w->n_choices)
		ctl_say(w->ctl, "No company matches '%s'.", text);
	else
		table_print(t, &w->ctl->out);
	if (ctl_int(answer, "total") > (int64_t)w->n_choices)
		ctl_say(w->ctl, "%zu of %lld: a longer text finds fewer.", w->n_choices,
			(long long)ctl_int(answer, "total"));
	return STEP_AGAIN;
}

/* What the daemon refused is told, and the person may choose again; if it is not there, we stop. */
static enum step after_failure(int code, int *ret_exit)
{
	if (code == EXIT_DATA || code == EXIT_NO_INPUT)
		return STEP_AGAIN;
	*ret_exit = code;
	return STEP_QUIT;
}

static enum step map_to(struct walk *w, const cJSON *tenant, const char *number, int *ret_exit)
{
	char row[TENANT_ROW_TEXT_MAX];
	struct mapping m = { .tenant = tenant_row(tenant, row) };
	CLEANUP(json_free) cJSON *answer = NULL;
	const struct choice *c;
	char *end;
	long n = strtol(number, &end, 10);
	int r;

	if (*end || n < 1 || n > (long)w->n_choices) {
		ctl_say(w->ctl, "There is no number %s here. For the keys: ?", number);
		return STEP_AGAIN;
	}
	c = &w->choices[n - 1];
	if (c->gone || c->inactive) {
		ctl_say(w->ctl, "%s is %s ConnectWise: no ticket can be made for it.", c->name,
			c->gone ? "no longer in" : "inactive in");
		return STEP_AGAIN;
	}
	if (c->doubt && !prompt_yes(w->ctl, "%s: %s. Map it all the same?", c->name, c->doubt))
		return STEP_AGAIN;
	m.id = c->id;
	r = mapping_put_asking(w->ctl, &m, &answer);
	if (r)
		return after_failure(r, ret_exit);
	if (!answer)
		return STEP_AGAIN;
	mapping_say(w->ctl, answer);
	w->mapped++;
	w->released += ctl_int(answer, "released");
	return STEP_NEXT;
}

static enum step turn_off(struct walk *w, const cJSON *tenant, int *ret_exit)
{
	CLEANUP(json_free) cJSON *body = json_object();
	CLEANUP(json_free) cJSON *answer = NULL;
	int64_t held = ctl_int(tenant, "held");
	char row[TENANT_ROW_TEXT_MAX];
	STR_AUTO(path);
	int r;

	if (held &&
		!prompt_yes(w->ctl, "Its %lld held events get no ticket then. Turn its flow off?",
			(long long)held))
		return STEP_AGAIN;
	tenant_path(&path, tenant_row(tenant, row), "/flow");
	json_add_bool(body, "on", false);
	r = tenant_change(w->ctl, "PUT", path.at, body, &answer);
	if (r)
		return after_failure(r, ret_exit);
	ctl_say(w->ctl, "The flow of %s is off. Waiting events that get no ticket now: %lld.",
		tenant_label(tenant), (long long)ctl_int(answer, "skipped"));
	w->off++;
	return STEP_NEXT;
}

static enum step obey(struct walk *w, const cJSON *tenant, const char *line, int *ret_exit)
{
	if (isdigit((unsigned char)line[0]))
		return map_to(w, tenant, line, ret_exit);
	if (str_eq(line, "n"))
		return STEP_NEXT;
	if (str_eq(line, "o"))
		return turn_off(w, tenant, ret_exit);
	if (str_eq(line, "q"))
		return STEP_QUIT;
	if (line[0] == 's' && (!line[1] || line[1] == ' '))
		return search(w, line + 1 + strspn(line + 1, " "), ret_exit);
	if (str_eq(line, "?"))
		show_help(w);
	else if (*line)
		ctl_say(w->ctl, "'%s' is none of the keys. For help: ?", line);
	return STEP_AGAIN;
}

/* ==== the walk ==== */

static enum step visit(struct walk *w, const char *tenant, int *ret_exit)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	enum step step = STEP_AGAIN;

	*ret_exit = map_candidates(w->ctl, tenant, &answer);
	if (*ret_exit)
		return STEP_QUIT;
	show_tenant(w, answer);
	show_candidates(w, answer);
	while (step == STEP_AGAIN) {
		CLEANUP(mem_free) char *line = prompt_line(w->ctl, "NUMBER, s TEXT, n, o, q or ?:");

		step = line ? obey(w, json_get(answer, "tenant"), line, ret_exit) : STEP_QUIT;
	}
	return step;
}

/* No tickets can be made for it as things are, and nobody wants it so. */
static bool waits(const cJSON *tenant)
{
	const cJSON *company = json_get(tenant, "company");

	return json_bool(tenant, "flow", true) &&
		(!cJSON_IsObject(company) || json_bool(company, "gone", false) ||
			json_bool(company, "inactive", false));
}

/* Most held events first, then the latest event. */
static int compare(const void *a, const void *b)
{
	const cJSON *x = *(const cJSON *const *)a, *y = *(const cJSON *const *)b;
	int64_t held = ctl_int(y, "held") - ctl_int(x, "held");

	if (held)
		return held > 0 ? 1 : -1;
	return strcmp(ctl_str(y, "last_event_at", ""), ctl_str(x, "last_event_at", ""));
}

static size_t list_waiting(const cJSON *answer, const cJSON **list)
{
	size_t n = 0;

	for (const cJSON *t = ctl_first(answer, "tenants"); t; t = t->next)
		if (waits(t))
			list[n++] = t;
	qsort(list, n, sizeof(const cJSON *), compare);
	return n;
}

static int visit_all(struct walk *w, const cJSON **list, size_t n)
{
	char row[TENANT_ROW_TEXT_MAX];
	enum step step = STEP_NEXT;
	int code = EXIT_OK;

	ctl_say(w->ctl,
		n == 1 ? "One tenant has no company."
		       : "%zu tenants have no company: those with the most held events first.",
		n);
	for (size_t i = 0; i < n && step != STEP_QUIT; i++) {
		fprintf(w->ctl->out.out, "\n%zu of %zu\n", i + 1, n);
		step = visit(w, tenant_row(list[i], row), &code);
	}
	if (code == EXIT_OK)
		ctl_say(w->ctl,
			"Mapped: %d; flow turned off: %d; without a company: %zu. Held events "
			"released: %lld.",
			w->mapped, w->off, n - (size_t)(w->mapped + w->off),
			(long long)w->released);
	return code;
}

int map_walk(const struct ctl *ctl, const char *tenant)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	struct walk w = { .ctl = ctl };
	const cJSON **list;
	int code = EXIT_OK;
	size_t n;

	if (tenant) {
		visit(&w, tenant, &code);
		clear_choices(&w);
		return code;
	}
	code = ctl_get(ctl, "/v1/tenants", &answer);
	if (code)
		return code;
	n = (size_t)cJSON_GetArraySize(json_get(answer, "tenants"));
	list = xcalloc(n + 1, sizeof(const cJSON *));
	n = list_waiting(answer, list);
	if (n)
		code = visit_all(&w, list, n);
	else
		ctl_say(ctl, "Every tenant has a company, or its flow is off.");
	free(list);
	clear_choices(&w);
	return code;
}
