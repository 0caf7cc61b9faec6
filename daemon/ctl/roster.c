#include "ctl/roster.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "ctl/csv.h"

#define ID_DIGITS_MAX 15 /* what a JSON number holds exactly */

enum column {
	COLUMN_ID,
	COLUMN_DOMAIN,
	COLUMN_NAME,
	COLUMN_COMPANY,
	COLUMN_IDENTIFIER,
	COLUMN_COMPANY_NAME,
	COLUMN_FLOW,
	COLUMNS
};
static const char *const column_names[COLUMNS] = { "id", "domain", "name", "company",
	"company_identifier", "company_name", "flow" };

void roster_free(struct roster *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		json_free(r->rows[i].tenant);
		mem_free(r->rows[i].why);
	}
	mem_free(r->rows);
	*r = (struct roster){ 0 };
}

const char *roster_place(const struct roster *r, const struct roster_row *row, char buf[32])
{
	snprintf(buf, 32, "%s %" PRId64, r->json ? "entry" : "line", row->line);
	return buf;
}

static struct roster_row *more(struct roster *r, int64_t line)
{
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 64;
		r->rows = xrealloc(r->rows, r->cap * sizeof(*r->rows));
	}
	r->rows[r->n] = (struct roster_row){ .line = line };
	return &r->rows[r->n++];
}

/* ==== CSV ==== */

struct csv_ctx {
	struct roster *roster;
	struct fault *f;
};

static int column_of(const char *name)
{
	int i;

	for (i = 0; i < COLUMNS; i++)
		if (str_eq_nocase(column_names[i], name))
			return i;
	return -1;
}

static int read_header(struct roster *r, char **cells, size_t n, struct fault *reterr)
{
	bool seen[COLUMNS] = { false };
	size_t i;

	for (i = 0; i < n; i++) {
		int column;

		str_trim(cells[i]);
		column = column_of(cells[i]);
		if (i >= ARRAY_LEN(r->columns) || column < 0)
			return fault_set(reterr, FAULT_INPUT,
				"the first line must name the columns, and \"%.60s\" is none of "
				"id, "
				"domain, name, company, company_identifier, company_name, flow",
				cells[i]);
		if (seen[column])
			return fault_set(reterr, FAULT_INPUT, "the column %s is there twice",
				column_names[column]);
		seen[column] = true;
		r->columns[i] = column;
	}
	r->n_columns = n;
	if (!seen[COLUMN_ID] && !seen[COLUMN_DOMAIN])
		return fault_set(
			reterr, FAULT_INPUT, "there is neither a column id nor a column domain");
	return 0;
}

static void add_company(struct roster_row *row, const char *text)
{
	size_t n = strspn(text, "0123456789");
	int64_t id = 0;

	if (text[n] || n > ID_DIGITS_MAX) {
		row->why =
			xasprintf("company must be a company's id, a number, not \"%.60s\"", text);
		return;
	}
	for (; *text; text++)
		id = id * 10 + (*text - '0');
	json_add_int(row->tenant, "company", id);
}

static void add_flow(struct roster_row *row, const char *text)
{
	static const char *const on[] = { "on", "true", "yes", "1" },
				 *const off[] = { "off", "false", "no", "0" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(on); i++)
		if (str_eq_nocase(text, on[i]) || str_eq_nocase(text, off[i])) {
			json_add_bool(row->tenant, "flow", str_eq_nocase(text, on[i]));
			return;
		}
	row->why = xasprintf("flow must be on or off, not \"%.60s\"", text);
}

static void add_cell(struct roster_row *row, enum column column, char *cell)
{
	csv_plain(cell);
	if (str_is_blank(cell) || row->why)
		return;
	switch (column) {
	case COLUMN_COMPANY:
		str_trim(cell);
		add_company(row, cell);
		return;
	case COLUMN_FLOW:
		str_trim(cell);
		add_flow(row, cell);
		return;
	case COLUMN_ID:
	case COLUMN_DOMAIN:
	case COLUMN_NAME:
	case COLUMN_IDENTIFIER:
	case COLUMN_COMPANY_NAME:
		json_add_str(row->tenant, column_names[column], cell);
		return;
	case COLUMNS:
		break;
	}
	abort();
}

static bool all_blank(char **cells, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!str_is_blank(cells[i]))
			return false;
	return true;
}

static int on_row(void *arg, char **cells, size_t n, int64_t line)
{
	const struct csv_ctx *ctx = arg;
	struct roster *r = ctx->roster;
	struct roster_row *row;
	size_t i;

	if (!r->n_columns)
		return read_header(r, cells, n, ctx->f);
	if (all_blank(cells, n)) /* what spreadsheets leave behind the last row */
		return 0;
	if (r->n == ROSTER_ROWS_MAX)
		return fault_set(ctx->f, FAULT_INPUT, "more than %d tenants", ROSTER_ROWS_MAX);
	row = more(r, line);
	row->tenant = json_object();
	if (n > r->n_columns)
		row->why = xasprintf(
			"%zu cells, but the first line names %zu columns", n, r->n_columns);
	for (i = 0; i < n && i < r->n_columns; i++)
		add_cell(row, (enum column)r->columns[i], cells[i]);
	return 0;
}

static int read_csv(const char *text, size_t n, struct roster *r, struct fault *reterr)
{
	struct fault f = { 0 };
	struct csv_ctx ctx = { .roster = r, .f = &f };
	int got = csv_read(text, n, on_row, &ctx, &f);

	if (got == 0 && !r->n_columns)
		got = fault_set(&f, FAULT_INPUT, "the file is empty");
	if (got && reterr)
		*reterr = f;
	return got;
}

/* ==== JSON ==== */

static int read_json(const char *text, size_t n, struct roster *r, struct fault *reterr)
{
	const struct json_limits limits = {
		.max_bytes = (size_t)64 << 20, .max_depth = 8, .max_tokens = ROSTER_ROWS_MAX * 20
	};
	CLEANUP(json_free) cJSON *root = NULL;
	const cJSON *list, *node;
	int got = json_parse(text, n, &limits, &root, reterr);

	if (got)
		return got;
	r->json = true;
	list = cJSON_IsObject(root) ? json_get(root, "tenants") : root;
	if (!cJSON_IsArray(list))
		return fault_set(reterr, FAULT_INPUT,
			"there is no list of tenants in it; `opbridge tenants export --json` shows "
			"the form");
	cJSON_ArrayForEach(node, list)
	{
		struct roster_row *row = more(r, (int64_t)r->n + 1);

		row->tenant = json_copy(node);
	}
	return 0;
}

int roster_read(const char *text, size_t n, struct roster *ret, struct fault *reterr)
{
	size_t at = n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, first = at;
	struct roster r = { 0 };
	int got;

	while (first < n && strchr(" \t\r\n", text[first]))
		first++;
	if (first < n && (text[first] == '[' || text[first] == '{'))
		got = read_json(text + at, n - at, &r, reterr);
	else
		got = read_csv(text, n, &r, reterr);
	if (got)
		roster_free(&r);
	else
		*ret = r;
	return got;
}

/* ==== writing ==== */

char *roster_csv(const struct roster_item *items, size_t n)
{
	STR_AUTO(all);
	size_t i;

	str_add(&all, "\xEF\xBB\xBF"); /* without it spreadsheets do not read é */
	for (i = 0; i < COLUMNS; i++)
		str_addf(&all, "%s%s", i ? "," : "", column_names[i]);
	csv_end(&all);
	for (i = 0; i < n; i++) {
		const cJSON *t = items[i].tenant;
		int64_t company;
		char id[24] = "";
		STR_AUTO(row);

		if (json_int_at(t, "company/id", &company))
			snprintf(id, sizeof(id), "%" PRId64, company);
		csv_add(&row, json_str(t, "id"));
		csv_add(&row, json_str(t, "domain"));
		csv_add(&row, json_str(t, "name"));
		csv_add(&row, id);
		csv_add(&row, json_str_at(t, "company/identifier"));
		csv_add(&row, json_str_at(t, "company/name"));
		csv_add(&row, json_bool(t, "flow", true) ? "on" : "off");
		csv_end(&row);
		str_add(&all, row.at);
	}
	return str_take(&all);
}

/* One tenant a line, so that what changed is seen line by line. */
char *roster_json(const struct roster_item *items, size_t n)
{
	STR_AUTO(all);
	size_t i;

	str_add(&all, "[");
	for (i = 0; i < n; i++) {
		CLEANUP(json_free) cJSON *node = json_object();
		CLEANUP(mem_free) char *text = NULL;
		const cJSON *t = items[i].tenant;
		int64_t company;

		json_add_str(node, "id", json_str(t, "id"));
		json_add_str(node, "domain", json_str(t, "domain"));
		json_add_str(node, "name", json_str(t, "name"));
		if (json_int_at(t, "company/id", &company))
			json_add_int(node, "company", company);
		json_add_str(node, "company_identifier", json_str_at(t, "company/identifier"));
		json_add_str(node, "company_name", json_str_at(t, "company/name"));
		json_add_bool(node, "flow", json_bool(t, "flow", true));
		text = json_text(node);
		str_addf(&all, "%s\n%s", i ? "," : "", text);
	}
	str_add(&all, "\n]\n");
	return str_take(&all);
}
