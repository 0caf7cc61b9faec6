/* Many tenants at once: each row is read and checked before the first is carried out, and all of
 * them in one turn, so a request changes everything that it says or nothing. */
#include "app/control.h"

#include <inttypes.h>
#include <stdlib.h>
#include "app/app.h"
#include "app/wish.h"
#include "base/mem.h"
#include "base/str.h"

#define ROWS_MAX 200 /* what one turn of the loop can do in a few milliseconds */
#define TOKENS_PER_ROW 32

/* owned by control_tenants_post */
struct import {
	struct app *app;
	struct audit_who who;
	bool dry_run, may_unmap;
	size_t n, bad;
	struct import_row {
		struct wish wish;
		struct fault why; /* code 0: the wish can be carried out */
		size_t other; /* with it: the row that is about the same tenant, from 1; 0 */
		struct wish_moved moved;
		cJSON *changes; /* owned */
		int releases;
		bool is_new;
	} rows[ROWS_MAX];
};

static void import_free(struct import *im)
{
	size_t i;

	for (i = 0; i < im->n; i++) {
		wish_clear(&im->rows[i].wish);
		json_free(im->rows[i].changes);
	}
	free(im);
}

/* The mistake of a row, and not the failure of the store? */
static bool is_mistake(enum fault_code code)
{
	return code == FAULT_INPUT || code == FAULT_NOT_FOUND || code == FAULT_CONFLICT ||
		code == FAULT_TOO_LARGE;
}

static void refuse(struct import *im, struct import_row *row)
{
	im->bad += row->why.code != FAULT_NONE;
}

/* Two rows for one tenant, or for two tenants of which one takes the other's domain. */
static void check_against(const struct import *im, struct import_row *row)
{
	const struct op_event *a = row->wish.names;
	const struct import_row *other;

	for (other = im->rows; other < row && !row->why.code; other++) {
		const struct op_event *b = other->wish.names;
		bool known = row->wish.now.row && row->wish.now.row == other->wish.now.row;

		if (other->why.code)
			continue;
		if (known || (a->tenant_id && str_eq(a->tenant_id, b->tenant_id)) ||
			((!row->wish.now.domain || !other->wish.now.domain) && a->tenant_domain &&
				str_eq(a->tenant_domain, b->tenant_domain)))
			fault_set(&row->why, FAULT_CONFLICT,
				"row %zu is about the same tenant or its domain",
				(size_t)(other - im->rows));
		if (row->why.code)
			row->other = (size_t)(other - im->rows) + 1;
	}
}

static int read_rows(struct import *im, const cJSON *list, struct fault *reterr)
{
	const cJSON *node;

	cJSON_ArrayForEach(node, list)
	{
		struct import_row *row = &im->rows[im->n++];

		if (wish_row(im->app, node, im->may_unmap, &row->wish, &row->why) < 0) {
			if (!is_mistake(row->why.code)) {
				*reterr = row->why;
				return -(int)reterr->code;
			}
			refuse(im, row);
			continue;
		}
		check_against(im, row);
		refuse(im, row);
		row->changes = wish_changes(&row->wish);
		row->is_new = wish_is_new(&row->wish);
		row->releases = wish_releases(&row->wish);
	}
	return 0;
}

static int carry_out(struct import *im, struct fault *reterr)
{
	size_t i;
	int r = 0;

	for (i = 0; i < im->n && r == 0; i++)
		if (im->rows[i].is_new || im->rows[i].changes->child)
			r = wish_carry_out(
				im->app, &im->who, &im->rows[i].wish, &im->rows[i].moved, reterr);
	return r;
}

static cJSON *view_row(const struct import *im, struct import_row *row, size_t index)
{
	cJSON *node = json_object();

	json_add_int(node, "index", (int64_t)index);
	if (row->why.code) {
		json_add_str(node, "change", "error");
		json_add_str(node, "why", row->why.text);
		if (row->other)
			json_add_int(node, "other", (int64_t)row->other - 1);
		return node;
	}
	json_add_str(node, "change",
		row->is_new                   ? "new"
			: row->changes->child ? "changed"
					      : "same");
	if (row->wish.now.row)
		json_add_int(node, "row", row->wish.now.row);
	json_add_node(node, "changes", TAKE(row->changes));
	if (im->dry_run) {
		json_add_int(node, "releases", row->releases);
		return node;
	}
	json_add_int(node, "released", row->moved.released);
	json_add_int(node, "held", row->moved.held);
	json_add_int(node, "skipped", row->moved.skipped);
	return node;
}

static void answer(struct import *im, struct api_req *req)
{
	cJSON *node = json_object(), *results;
	size_t i;

	json_add_bool(node, "dry_run", im->dry_run);
	json_add_int(node, "errors", (int64_t)im->bad);
	results = json_add_array(node, "results");
	for (i = 0; i < im->n; i++)
		json_push(results, view_row(im, &im->rows[i], i));
	api_reply(req, 200, node);
}

static void refuse_all(const struct import *im, struct api_req *req)
{
	STR_AUTO(why);
	size_t i;

	for (i = 0; i < im->n && why.len < 2000; i++)
		if (im->rows[i].why.code)
			str_addf(&why, "%srow %zu: %s", why.len ? "; " : "", i,
				im->rows[i].why.text);
	api_problem(req, 409, "nothing was changed: %s", why.at);
}

/* Everything was checked, so what fails now is the store's, or a fault of ours: undo all of it. */
static void carry_out_all(struct import *im, struct api_req *req)
{
	struct fault f = { 0 };

	if (carry_out(im, &f) < 0) {
		turn_fail(im->app, &f);
		api_problem(req, 503, "%s; nothing was changed", f.text);
		return;
	}
	TURN_SAY(im->app, LEVEL_INFO, "tenants imported", F_INT("rows", im->n),
		F_INT("uid", im->who.uid));
	answer(im, req);
}

/* The array "tenants" of the body; NULL: answered already. */
static const cJSON *rows_of(struct api_req *req, const cJSON *body)
{
	const cJSON *list = json_get(body, "tenants");

	if (!cJSON_IsArray(list) || !list->child) {
		api_problem(req, 400, "\"tenants\" must be an array with at least one tenant");
		return NULL;
	}
	if (cJSON_GetArraySize(list) > ROWS_MAX) {
		api_problem(req, 413, "%d tenants in one request, at most %d are taken",
			cJSON_GetArraySize(list), ROWS_MAX);
		return NULL;
	}
	return list;
}

static int body_of(struct app *app, struct api_req *req, cJSON **ret, struct fault *reterr)
{
	const struct json_limits limits = { .max_bytes = (size_t)app->conf->intake.body_max,
		.max_depth = 4,
		.max_tokens = TOKENS_PER_ROW * (ROWS_MAX + 1) };
	size_t n;
	const char *text = api_body(req, &n);

	return json_parse(text, n, &limits, ret, reterr);
}

void control_tenants_post(struct app *app, struct api_req *req)
{
	CLEANUP(json_free) cJSON *body = NULL;
	struct fault f = { 0 };
	const cJSON *list;
	struct import *im;

	if (!control_may_write(app, req))
		return;
	if (body_of(app, req, &body, &f) < 0) {
		control_fault(app, req, &f);
		return;
	}
	list = rows_of(req, body);
	if (!list)
		return;
	im = xcalloc(1, sizeof(*im));
	im->app = app;
	im->who = audit_who(req, AUDIT_IMPORT);
	im->dry_run = json_bool(body, "dry_run", false);
	im->may_unmap = json_bool(body, "unmap", false);
	if (read_rows(im, list, &f) < 0)
		control_fault(app, req, &f);
	else if (im->dry_run)
		answer(im, req);
	else if (im->bad)
		refuse_all(im, req);
	else
		carry_out_all(im, req);
	import_free(im);
}
