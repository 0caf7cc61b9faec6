/* Rows of the queue, one at a time. */
#ifndef TESTS_UNIT_STORE_ROWS_H
#define TESTS_UNIT_STORE_ROWS_H

#include "store_place.h"

#include "base/str.h"
#include "io/store_company.h"

static UNUSED int take(struct place *p, int64_t in, int max, struct queue_rows *rows)
{
	OK(queue_take(p->st, in, max, rows, &p->f));
	return (int)rows->n;
}

static UNUSED struct queue_row one(struct place *p, const char *id)
{
	struct queue_rows rows;
	struct queue_row row;

	OK(queue_by_id(p->st, id, &rows, &p->f));
	assert_int_equal(rows.n, 1);
	row = rows.at[0];
	free(rows.at);
	return row;
}

static UNUSED int64_t due_at(struct place *p, int64_t in)
{
	struct incident row;
	int64_t at;

	OK(incident_get(p->st, in, &row, &p->f));
	at = row.due_at;
	incident_clear(&row);
	return at;
}

#endif
