#include "ctl/csv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <csv.h>
#include "base/mem.h"

#define BOM "\xEF\xBB\xBF"
#define FORMULA "=+-@\t\r"

/* owned by csv_read */
struct reading {
	struct csv_parser parser;
	csv_row_fn *fn;
	void *ctx;
	char *cells[CSV_CELLS_MAX]; /* owned */
	size_t n;
	int64_t line, begin; /* of what is fed, of the row that is open */
	bool ended; /* a row ended in the line that was fed last */
	int result; /* of fn */
	struct fault f; /* the first fault in a cell */
};

static void on_cell(void *at, size_t n, void *arg)
{
	struct reading *rd = arg;

	if (rd->f.code || rd->result)
		return;
	if (rd->n == CSV_CELLS_MAX)
		fault_set(&rd->f, FAULT_INPUT, "line %" PRId64 ": more than %d cells", rd->begin,
			CSV_CELLS_MAX);
	else if (n > CSV_CELL_MAX)
		fault_set(&rd->f, FAULT_INPUT,
			"line %" PRId64 ": a cell of %zu bytes; is a quote not closed?", rd->begin,
			n);
	else
		rd->cells[rd->n++] = n ? xstrndup(at, n) : xstrdup("");
}

static void forget_cells(struct reading *rd)
{
	while (rd->n)
		mem_free(rd->cells[--rd->n]);
}

static void on_row_end(int c, void *arg)
{
	struct reading *rd = arg;

	(void)c;
	if (!rd->f.code && !rd->result)
		rd->result = rd->fn(rd->ctx, rd->cells, rd->n, rd->begin);
	forget_cells(rd);
	rd->ended = true;
}

/* Blanks belong to their cell. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static int outcome(struct reading *rd, bool parsed, struct fault *reterr)
{
	if (rd->f.code) {
		if (reterr)
			*reterr = rd->f;
		return -(int)rd->f.code;
	}
	if (rd->result)
		return rd->result;
	if (csv_error(&rd->parser) == CSV_ENOMEM)
		abort();
	if (!parsed)
		return fault_set(reterr, FAULT_INPUT,
			"line %" PRId64 ": a quote stands where none may, or is not closed",
			rd->begin);
	return 0;
}

static int feed_line(struct reading *rd, const char *at, size_t n, struct fault *reterr)
{
	bool blank = strspn(at, "\r\n") >= n;
	size_t used;

	if (!utf8_valid(at, n) || memchr(at, '\0', n))
		return fault_set(reterr, FAULT_INPUT,
			"line %" PRId64 " is no text in UTF-8; save the file as CSV UTF-8",
			rd->line);
	rd->ended = false;
	used = csv_parse(&rd->parser, at, n, on_cell, on_row_end, rd);
	if (rd->ended || (blank && rd->begin == rd->line))
		rd->begin = rd->line + 1;
	return outcome(rd, used == n, reterr);
}

/* Where the first line ends, a separator outside of quotes has shown itself. */
static unsigned char separator(const char *text, size_t n)
{
	static const char candidates[] = ",;\t";
	size_t i, k, best = 0, count[3] = { 0 };
	bool quoted = false;

	for (i = 0; i < n && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
		const char *found = quoted ? NULL : strchr(candidates, text[i]);

		quoted ^= text[i] == '"';
		if (found && *found)
			count[found - candidates]++;
	}
	for (k = 1; k < 3; k++)
		if (count[k] > count[best])
			best = k;
	return (unsigned char)candidates[best];
}

static int feed_all(struct reading *rd, const char *text, size_t n, struct fault *reterr)
{
	size_t at = 0;
	int r = 0;

	for (rd->line = rd->begin = 1; at < n && r == 0; rd->line++) {
		const char *end = memchr(text + at, '\n', n - at);
		size_t len = end ? (size_t)(end - text) - at + 1 : n - at;

		r = feed_line(rd, text + at, len, reterr);
		at += len;
	}
	if (r == 0)
		r = outcome(rd, csv_fini(&rd->parser, on_cell, on_row_end, rd) == 0, reterr);
	return r;
}

int csv_read(const char *text, size_t n, csv_row_fn *fn, void *ctx, struct fault *reterr)
{
	struct reading rd = { .fn = fn, .ctx = ctx };
	int r;

	if (n >= 3 && memcmp(text, BOM, 3) == 0) {
		text += 3;
		n -= 3;
	}
	if (csv_init(&rd.parser, CSV_STRICT | CSV_STRICT_FINI))
		abort();
	csv_set_space_func(&rd.parser, no_space);
	csv_set_delim(&rd.parser, separator(text, n));
	r = feed_all(&rd, text, n, reterr);
	forget_cells(&rd);
	csv_free(&rd.parser);
	return r;
}

/* ==== writing ==== */

/* How many ' stand before something that begins a formula; -1: nothing does. */
static int guards(const char *text)
{
	size_t n = strspn(text, "'");

	return text[n] && strchr(FORMULA, text[n]) ? (int)n : -1;
}

void csv_add(struct str *row, const char *text)
{
	bool guarded, quoted;

	if (row->len)
		str_addc(row, ',');
	else if (!text || !*text)
		str_add(row, "\"\""); /* or the row would look like an empty line */
	if (!text || !*text)
		return;
	guarded = guards(text) >= 0;
	quoted = guarded || strpbrk(text, ",;\"\r\n\t") || text[0] == ' ' ||
		text[strlen(text) - 1] == ' ';
	if (quoted)
		str_addc(row, '"');
	if (guarded)
		str_addc(row, '\'');
	for (; *text; text++) {
		if (*text == '"')
			str_addc(row, '"');
		str_addc(row, *text);
	}
	if (quoted)
		str_addc(row, '"');
}

void csv_end(struct str *row)
{
	str_add(row, "\r\n");
}

void csv_plain(char *cell)
{
	if (guards(cell) > 0)
		memmove(cell, cell + 1, strlen(cell));
}
