/* `opbridge incidents`. */
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/table.h"
#include "ctl/when.h"

static void add_incident(const struct ctl *ctl, struct table *t, const cJSON *i)
{
	const char *doubt = json_str(i, "in_doubt");
	char when[WHEN_TEXT_MAX];

	table_cellf(t, TONE_PLAIN, "%lld", (long long)ctl_int(i, "incident"));
	table_cell(t, TONE_PLAIN, ctl_tenant(json_get(i, "tenant")));
	table_cell(t, TONE_PLAIN, ctl_str(i, "label", json_str(i, "type")));
	if (ctl_int(i, "ticket"))
		table_cellf(t, TONE_PLAIN, "%lld", (long long)ctl_int(i, "ticket"));
	else
		table_cell(t, TONE_PLAIN, NULL);
	table_cell(t, TONE_PLAIN, json_str(i, "status"));
	table_cellf(t, TONE_PLAIN, "%lld", (long long)ctl_int(i, "waiting"));
	table_cellf(t, doubt ? TONE_WARN : TONE_PLAIN, "%s%s", doubt ? "being looked up: " : "",
		doubt ? doubt : "");
	table_cell(t, TONE_PLAIN, when_relative_text(json_str(i, "updated_at"), ctl->now_ms, when));
}

int run_incidents(struct ctl *ctl, const struct args *args)
{
	static const char *const titles[] = { ">INCIDENT", "TENANT", "WHAT", ">TICKET", "STATUS",
		">WAITING", "IN DOUBT", "UPDATED" };
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(table_free) struct table *t = NULL;
	struct fault f = { 0 };
	const cJSON *i;
	long limit = 0;
	STR_AUTO(path);
	int r;

	if (args_number(args, "limit", 1, 500, &limit, &f))
		return ctl_fail_fault(EXIT_USAGE, &f);
	str_add(&path, "/v1/incidents");
	path_query(&path, "limit", args_value(args, "limit"));
	r = ctl_get_or_print(ctl, path.at, &answer);
	if (r || !answer)
		return r;
	t = table_new(titles, ARRAY_LEN(titles));
	for (i = ctl_first(answer, "incidents"); i; i = i->next)
		add_incident(ctl, t, i);
	if (table_rows(t) == 0)
		ctl_say(ctl,
			"No incident yet: one begins with the first event of a mapped tenant. "
			"What waits: opbridge events");
	else
		table_print(t, &ctl->out);
	return EXIT_OK;
}
