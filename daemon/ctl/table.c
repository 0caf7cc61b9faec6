#include "ctl/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

#define GAP 2 /* columns between two columns */
#define SQUEEZE_MIN 6 /* a column is not cut below this */
#define WHOLE_MAX 36 /* nor one of names that are to be copied: a GUID fits */

struct cell {
	char *text; /* safe */
	enum tone tone;
};

/* owned by whoever called table_new */
struct table {
	const char *titles[TABLE_COLUMNS_MAX];
	bool right[TABLE_COLUMNS_MAX], whole[TABLE_COLUMNS_MAX];
	size_t n_columns;
	struct cell *cells; /* row after row */
	size_t n_cells, cap;
};

struct table *table_new(const char *const *titles, size_t n)
{
	struct table *t = xcalloc(1, sizeof(*t));

	assert(n > 0 && n <= TABLE_COLUMNS_MAX);
	t->n_columns = n;
	for (size_t i = 0; i < n; i++) {
		t->right[i] = titles[i][0] == '>';
		t->whole[i] = titles[i][0] == '!';
		t->titles[i] = titles[i] + (t->right[i] || t->whole[i] ? 1 : 0);
	}
	return t;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n_cells; i++)
		mem_free(t->cells[i].text);
	mem_free(t->cells);
	mem_free(t);
}

void table_cell(struct table *t, enum tone tone, const char *text)
{
	if (t->n_cells == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->cells = xrealloc(t->cells, t->cap * sizeof(*t->cells));
	}
	t->cells[t->n_cells++] =
		(struct cell){ .text = term_safe(text ? text : "-"), .tone = tone };
}

void table_cellf(struct table *t, enum tone tone, const char *fmt, ...)
{
	CLEANUP(mem_free) char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	table_cell(t, tone, text);
}

size_t table_rows(const struct table *t)
{
	return t->n_cells / t->n_columns;
}

static size_t floor_of(const struct table *t, size_t column)
{
	size_t title = term_columns(t->titles[column]);
	size_t least = t->whole[column] ? WHOLE_MAX : SQUEEZE_MIN;

	return title > least ? title : least;
}

/* Numbers stay whole: a cut number is a wrong number. */
static bool widest(const struct table *t, const size_t *widths, size_t *ret_column)
{
	bool found = false;

	for (size_t i = 0; i < t->n_columns; i++) {
		if (t->right[i] || widths[i] <= floor_of(t, i))
			continue;
		if (!found || widths[i] > widths[*ret_column])
			*ret_column = i;
		found = true;
	}
	return found;
}

static void measure(const struct table *t, const struct term *term, size_t *widths)
{
	size_t total = GAP * (t->n_columns - 1), column = 0;

	for (size_t i = 0; i < t->n_columns; i++)
		widths[i] = term_columns(t->titles[i]);
	for (size_t i = 0; i < t->n_cells; i++) {
		size_t w = term_columns(t->cells[i].text);

		if (w > widths[i % t->n_columns])
			widths[i % t->n_columns] = w;
	}
	for (size_t i = 0; i < t->n_columns; i++)
		total += widths[i];
	while (term->width && total > (size_t)term->width && widest(t, widths, &column)) {
		widths[column]--;
		total--;
	}
}

static void print_cell(const struct table *t, const struct term *term, size_t column,
	const size_t *widths, const char *text, enum tone tone)
{
	CLEANUP(mem_free) char *cut = term_cut(text, widths[column]);
	size_t pad = widths[column] - term_columns(cut);
	bool last = column + 1 == t->n_columns;

	if (column)
		fprintf(term->out, "%*s", GAP, "");
	if (t->right[column])
		fprintf(term->out, "%*s", (int)pad, "");
	fprintf(term->out, "%s%s%s", term_on(term, tone), cut, term_off(term, tone));
	if (!t->right[column] && !last)
		fprintf(term->out, "%*s", (int)pad, "");
	if (last)
		fputc('\n', term->out);
}

void table_print(const struct table *t, const struct term *term)
{
	size_t widths[TABLE_COLUMNS_MAX] = { 0 };

	assert(t->n_cells % t->n_columns == 0);
	measure(t, term, widths);
	for (size_t i = 0; i < t->n_columns; i++)
		print_cell(t, term, i, widths, t->titles[i], TONE_BOLD);
	for (size_t i = 0; i < t->n_cells; i++)
		print_cell(t, term, i % t->n_columns, widths, t->cells[i].text, t->cells[i].tone);
}
