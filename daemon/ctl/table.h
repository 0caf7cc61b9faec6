/* Tables for people: columns aligned by display width, fitted to the terminal by cutting the
 * widest column. Cells are escaped here, so they may come straight from the daemon. */
#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include "ctl/term.h"

#define TABLE_COLUMNS_MAX 12

struct table;

/* titles: lends, static words. One that begins with '>' is right-aligned and never cut, one with
 * '!' is not cut below the length of a GUID; both are shown without it. */
struct table *table_new(const char *const *titles, size_t n) MUST_CHECK;
void table_free(struct table *t);
DEFINE_CLEANUP(table_free, struct table *);

/* The next cell, row by row; NULL is shown as "-". */
void table_cell(struct table *t, enum tone tone, const char *text);
void table_cellf(struct table *t, enum tone tone, const char *fmt, ...) PRINTF_LIKE(3, 4);
size_t table_rows(const struct table *t);
void table_print(const struct table *t, const struct term *term);

#endif
