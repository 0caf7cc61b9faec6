/*
 * reference.h - turning {"id":…} of a ticket's members into the record it points at.
 * Each function refuses the call itself and returns false when the record is not to be had.
 */
#ifndef SANDBOX_REFERENCE_H
#define SANDBOX_REFERENCE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

struct call;
struct field;

bool reference_company(struct call *c, const cJSON *wanted, int *ret_id);
/* wanted may be absent or null: the API member's default board. */
bool reference_board(struct call *c, const cJSON *wanted, int *ret_id);
/* wanted may be absent or null: the default status of the board. */
bool reference_status(struct call *c, const cJSON *wanted, int board, int *ret_id);
/* Any other reference. gives: *ret_expanded, {id, name…} for the ticket; NULL for null. */
bool reference_other(
	struct call *c, const struct field *f, const cJSON *wanted, cJSON **ret_expanded);

#endif
