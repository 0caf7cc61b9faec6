/* `opbridge audit`: who changed what, and when. */
#include <pwd.h>
#include <string.h>
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/table.h"
#include "ctl/when.h"

#define LIMIT_MAX 500
#define TO_THE_MINUTE 16 /* characters of "2026-11-24 06:04" */

/* A user that the daemon found no name for may be known to a directory: here it may be asked. */
static void add_who(struct table *t, const cJSON *a)
{
	const char *user = json_str(a, "user");
	const struct passwd *entry = NULL;

	if (!user && ctl_is_null(a, "uid")) {
		table_cell(
			t, TONE_DIM, str_eq(json_str(a, "how"), "signal") ? "signal" : "opbridge");
		return;
	}
	if (!user)
		entry = getpwuid((uid_t)ctl_int(a, "uid"));
	if (json_str(a, "for"))
		table_cellf(t, TONE_PLAIN, "%s for %s",
			user            ? user
				: entry ? entry->pw_name
					: "?",
			json_str(a, "for"));
	else if (user || entry)
		table_cell(t, TONE_PLAIN, user ? user : entry->pw_name);
	else
		table_cellf(t, TONE_PLAIN, "uid %lld", (long long)ctl_int(a, "uid"));
}

static void add_company(struct str *to, const cJSON *a, const char *key)
{
	const cJSON *c = json_get(a, key);

	if (ctl_is_null(a, key))
		str_add(to, "none");
	else
		str_addf(to, "%s (%lld)", ctl_str(c, "name", "?"), (long long)ctl_int(c, "id"));
}

static void add_count(struct str *to, const cJSON *a, const char *key)
{
	if (ctl_int(a, key))
		str_addf(to, "%s%lld %s", to->len ? "; " : "", (long long)ctl_int(a, key), key);
}

static void add_what(struct table *t, const cJSON *a)
{
	const char *detail = json_str(a, "detail");
	STR_AUTO(what);

	if (!ctl_is_null(a, "from") || !ctl_is_null(a, "to")) {
		add_company(&what, a, "from");
		str_add(&what, " → ");
		add_company(&what, a, "to");
	}
	if (detail)
		str_addf(&what, "%s%s", what.len ? "; " : "", detail);
	add_count(&what, a, "released");
	add_count(&what, a, "held");
	add_count(&what, a, "skipped");
	if (str_eq(json_str(a, "how"), "import"))
		str_addf(&what, "%simport", what.len ? "; " : "");
	table_cell(t, TONE_PLAIN, what.at);
}

static void add_entry(const struct ctl *ctl, struct table *t, const cJSON *a)
{
	const char *action = ctl_str(a, "action", "?");
	bool closes = str_eq(action, "unmap") || str_eq(action, "flow_off");
	char when[WHEN_TEXT_MAX];

	when_full_text(json_str(a, "at"), ctl->now_ms, when);
	if (strlen(when) > TO_THE_MINUTE)
		when[TO_THE_MINUTE] = '\0';
	table_cell(t, TONE_PLAIN, when);
	add_who(t, a);
	table_cell(t, closes ? TONE_WARN : TONE_PLAIN, action);
	table_cell(t, TONE_PLAIN, json_str(json_get(a, "tenant"), "label"));
	add_what(t, a);
}

static int audit_path(const struct args *args, struct str *path, struct fault *reterr)
{
	long limit = 0, before = 0;
	char text[24];
	int r = args_number(args, "limit", 1, LIMIT_MAX, &limit, reterr);

	if (r == 0)
		r = args_number(args, "before", 1, INT64_MAX, &before, reterr);
	if (r)
		return r;
	str_add(path, "/v1/audit");
	path_query(path, "tenant", args_operand(args, 0));
	snprintf(text, sizeof(text), "%ld", limit);
	path_query(path, "limit", limit ? text : NULL);
	snprintf(text, sizeof(text), "%ld", before);
	path_query(path, "before", before ? text : NULL);
	return 0;
}

static void say_what_remains(const struct ctl *ctl, const cJSON *answer)
{
	int64_t dropped = ctl_int(answer, "dropped");

	if (ctl_int(answer, "next_before"))
		ctl_say(ctl, "Older ones: add --before %lld",
			(long long)ctl_int(answer, "next_before"));
	else if (dropped)
		ctl_say(ctl, "%lld older ones are no longer kept: see store.audit_max.",
			(long long)dropped);
}

int run_audit(struct ctl *ctl, const struct args *args)
{
	static const char *const titles[] = { "WHEN", "WHO", "ACTION", "TENANT", "WHAT" };
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(table_free) struct table *t = NULL;
	struct fault f = { 0 };
	const cJSON *a;
	STR_AUTO(path);
	int r;

	if (audit_path(args, &path, &f))
		return ctl_fail_fault(EXIT_USAGE, &f);
	r = ctl_get_or_print(ctl, path.at, &answer);
	if (r || !answer)
		return r;
	t = table_new(titles, ARRAY_LEN(titles));
	for (a = ctl_first(answer, "audit"); a; a = a->next)
		add_entry(ctl, t, a);
	if (table_rows(t) == 0)
		ctl_say(ctl, "No change by a person is on record here.");
	else
		table_print(t, &ctl->out);
	say_what_remains(ctl, answer);
	return EXIT_OK;
}
