/* `opbridge companies`. */
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/table.h"
#include "ctl/when.h"

static void add_company(const struct ctl *ctl, struct table *t, const cJSON *c)
{
	bool gone = !ctl_is_null(c, "gone_at");
	enum tone tone = gone ? TONE_DIM : TONE_PLAIN;
	char when[WHEN_TEXT_MAX];
	const cJSON *type;
	STR_AUTO(types);

	for (type = ctl_first(c, "types"); type; type = type->next)
		str_addf(&types, "%s%s", types.len ? ", " : "",
			cJSON_IsString(type) ? type->valuestring : "?");
	table_cellf(t, tone, "%lld", (long long)ctl_int(c, "id"));
	table_cell(t, tone, json_str(c, "identifier"));
	table_cell(t, tone, json_str(c, "name"));
	table_cell(t, tone, json_str(c, "website"));
	if (gone)
		table_cellf(t, tone, "gone %s",
			when_relative_text(json_str(c, "gone_at"), ctl->now_ms, when));
	else
		table_cell(t, tone, json_str(c, "status"));
	table_cell(t, tone, types.at);
}

static void say_none(const struct ctl *ctl, const struct args *args)
{
	if (args_operand(args, 0))
		ctl_say(ctl, "No company matches '%s'. If it is new in ConnectWise: opbridge sync",
			args_operand(args, 0));
	else
		ctl_say(ctl, "No company is known yet. Read them: opbridge sync --full");
}

int run_companies(struct ctl *ctl, const struct args *args)
{
	static const char *const titles[] = { ">ID", "IDENTIFIER", "NAME", "WEBSITE", "STATUS",
		"TYPES" };
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(table_free) struct table *t = NULL;
	struct fault f = { 0 };
	const cJSON *c;
	long limit = 0;
	STR_AUTO(path);
	int r;

	if (args_number(args, "limit", 1, 500, &limit, &f))
		return ctl_fail_fault(EXIT_USAGE, &f);
	str_add(&path, "/v1/companies");
	path_query(&path, "q", args_operand(args, 0));
	path_query(&path, "limit", args_value(args, "limit"));
	path_query(&path, "gone", args_has(args, "gone") ? "1" : NULL);
	r = ctl_get_or_print(ctl, path.at, &answer);
	if (r || !answer)
		return r;
	t = table_new(titles, ARRAY_LEN(titles));
	for (c = ctl_first(answer, "companies"); c; c = c->next)
		add_company(ctl, t, c);
	if (table_rows(t) == 0) {
		say_none(ctl, args);
		return EXIT_OK;
	}
	table_print(t, &ctl->out);
	if (ctl_int(answer, "total") > (int64_t)table_rows(t))
		ctl_say(ctl, "%zu of %lld. More: --limit N, or a text to look for.", table_rows(t),
			(long long)ctl_int(answer, "total"));
	return EXIT_OK;
}
