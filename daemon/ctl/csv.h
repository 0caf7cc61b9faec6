/* CSV as RFC 4180 has it, and as spreadsheets write it: with a byte order mark, with ';' or tabs,
 * with line breaks in quotes. The only file that includes libcsv's header is csv.c. Pure. */
#ifndef CTL_CSV_H
#define CTL_CSV_H

#include <stdint.h>
#include "base/fault.h"
#include "base/str.h"

#define CSV_CELLS_MAX 64 /* in a row */
#define CSV_CELL_MAX 65536 /* bytes */

/* One row, its cells lent for the call; line is where it begins, from 1. Other than 0 stops. */
typedef int csv_row_fn(void *ctx, char **cells, size_t n, int64_t line);

/* Read a whole text. What separates cells is found from the first line: ',' ';' or a tab. Empty
 * lines are passed over. 0; what fn returned; -FAULT_INPUT names the line of what is no CSV, or no
 * UTF-8. */
int csv_read(
	const char *text, size_t n, csv_row_fn *fn, void *ctx, struct fault *reterr) MUST_CHECK;

/* Add a cell to a row that is being written. A text that a spreadsheet would take for a formula
 * (it begins with = + - @, a tab or a carriage return) gets a ' in front. NULL: an empty one. */
void csv_add(struct str *row, const char *text);
/* The row's end. */
void csv_end(struct str *row);
/* Take that ' away again, in place. */
void csv_plain(char *cell);

#endif
