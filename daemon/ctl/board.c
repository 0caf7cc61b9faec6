/* `opbridge board` and `opbridge statuses`. */
#include "ctl/board.h"
#include "base/mem.h"
#include "ctl/ctl.h"
#include "ctl/run.h"
#include "ctl/table.h"
#include "ctl/when.h"

static const char *source_text(const char *source)
{
	if (str_eq(source, "member"))
		return "the API member's default board";
	if (str_eq(source, "identifier"))
		return "the site's default board";
	if (str_eq(source, "configured"))
		return "from the configuration";
	return source;
}

char *board_sentence(const cJSON *answer, enum tone *ret_tone)
{
	const cJSON *board = json_get(answer, "board");
	const char *status = json_str_at(answer, "creation_status/name");
	STR_AUTO(text);

	if (!json_str(board, "name")) {
		*ret_tone = TONE_PLAIN;
		return xasprintf("not known: %s; tickets go to the API member's default board",
			ctl_str(answer, "why", "it has not been read yet"));
	}
	*ret_tone = TONE_PLAIN;
	str_addf(&text, "%s (id %lld, %s); ", json_str(board, "name"),
		(long long)ctl_int(board, "id"), source_text(ctl_str(board, "source", "?")));
	if (status)
		str_addf(&text, "new tickets start as %s", status);
	else
		str_add(&text, "new tickets start in the board's default status");
	return str_take(&text);
}

int run_board(struct ctl *ctl, const struct args *args UNUSED)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(mem_free) char *text = NULL;
	char read[WHEN_TEXT_MAX];
	enum tone tone;
	int r = ctl_get_or_print(ctl, "/v1/board", &answer);

	if (r || !answer)
		return r;
	text = board_sentence(answer, &tone);
	ctl_line(ctl, "board", tone, text);
	if (!ctl_is_null(answer, "board"))
		ctl_line(ctl, "", TONE_WARN, json_str(answer, "why"));
	ctl_line(ctl, "read", TONE_PLAIN,
		when_full_text(json_str(answer, "read_at"), ctl->now_ms, read));
	return EXIT_OK;
}

static void add_status(struct table *t, const cJSON *s)
{
	bool closed = json_bool(s, "closed", false), inactive = json_bool(s, "inactive", false);

	table_cellf(t, TONE_PLAIN, "%lld", (long long)ctl_int(s, "id"));
	table_cell(t, inactive ? TONE_DIM : TONE_PLAIN, json_str(s, "name"));
	table_cell(t, TONE_PLAIN, closed ? "closed" : "open");
	table_cellf(t, TONE_PLAIN, "%s%s%s", json_bool(s, "default", false) ? "default " : "",
		json_bool(s, "creation", false) ? "new tickets " : "", inactive ? "inactive" : "");
}

int run_statuses(struct ctl *ctl, const struct args *args UNUSED)
{
	static const char *const titles[] = { ">ID", "STATUS", "TICKET IS", "USED AS" };
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(table_free) struct table *t = NULL;
	const cJSON *s;
	int r = ctl_get_or_print(ctl, "/v1/statuses", &answer);

	if (r || !answer)
		return r;
	t = table_new(titles, ARRAY_LEN(titles));
	for (s = ctl_first(answer, "statuses"); s; s = s->next)
		add_status(t, s);
	if (table_rows(t) == 0) {
		ctl_say(ctl,
			"No status is known: the daemon has not read the board, or may not "
			"(Table Setup: Inquire). To see which: opbridge check");
		return EXIT_OK;
	}
	ctl_say(ctl, "Board %s", ctl_str(answer, "board/name", "?"));
	table_print(t, &ctl->out);
	return EXIT_OK;
}
