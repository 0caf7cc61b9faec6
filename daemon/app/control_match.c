/* Which company a tenant may be, and the conditions under which a person lets it be mapped. */
#include "app/control.h"

#include <inttypes.h>
#include <stdlib.h>
#include "app/app.h"
#include "app/candidates.h"
#include "app/view.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/match.h"

/* ==== candidates ==== */

static cJSON *view_reasons(const struct match_found *found, const struct tenant *t)
{
	cJSON *array = json_array();
	int i;

	for (i = 0; i < MATCH_REASONS; i++) {
		CLEANUP(mem_free) char *text = NULL;
		cJSON *node;

		if (!(found->reasons & 1u << i))
			continue;
		text = match_reason_text(found, (enum match_reason)i, t->domain);
		node = json_object();
		json_add_str(node, "reason", match_reason_name((enum match_reason)i));
		json_add_str(node, "text", text);
		json_push(array, node);
	}
	return array;
}

static cJSON *view_found(const struct match_found *found, const struct company *c,
	const struct tenant *t, int rivals)
{
	CLEANUP(mem_free) char *doubt = match_doubt_text(found, rivals);
	cJSON *node = json_object(), *sub;

	json_add_node(node, "company", view_company(c));
	json_add_int(node, "confidence", found->confidence);
	json_add_bool(node, "certain", found->certain);
	json_add_bool(node, "ambiguous", found->ambiguous);
	json_add_node(node, "reasons", view_reasons(found, t));
	if (!doubt) {
		json_add_null(node, "doubt");
		return node;
	}
	sub = json_add_object(node, "doubt");
	json_add_str(sub, "doubt", match_doubt_name(found->doubt));
	json_add_str(sub, "text", doubt);
	return node;
}

static int add_candidates(struct app *app, cJSON *answer, const struct match *m,
	const struct tenant *t, struct fault *reterr)
{
	cJSON *array = json_add_array(answer, "candidates");
	struct match_found found[MATCH_KEEP];
	size_t n = match_end(m, found), i;

	for (i = 0; i < n; i++) {
		struct company c = { 0 };
		int r = company_get(app->store, found[i].company, &c, reterr);

		if (r < 0)
			return r;
		json_push(array, view_found(&found[i], &c, t, match_rivals(m)));
		company_clear(&c);
	}
	return 0;
}

static int add_held(struct app *app, cJSON *answer, const struct tenant *t, struct fault *reterr)
{
	int64_t since = 0;
	int r = queue_held_since(app->store, t->row, &since, reterr);

	if (r < 0)
		return r;
	json_add_time(answer, "held_since", since);
	json_add_time(answer, "expires_at", since ? since + app->conf->delivery.hold_max_age : 0);
	return 0;
}

static int find_candidates(
	struct app *app, const struct tenant *t, cJSON *answer, struct fault *reterr)
{
	CLEANUP(match_free) struct match *m = NULL;
	int n = 0, r = candidates_of(app, t, NULL, &m, &n, reterr);

	if (r == 0)
		r = add_candidates(app, answer, m, t, reterr);
	if (r == 0)
		r = add_held(app, answer, t, reterr);
	json_add_int(answer, "companies", n);
	return r;
}

void control_candidates(struct app *app, struct api_req *req)
{
	cJSON *answer = json_object();
	struct tenant t = { 0 };
	struct fault f = { 0 };
	int r = tenant_find(app->store, api_part(req, 2), &t, &f);

	if (r == 0) {
		json_add_node(answer, "tenant", view_tenant(&t));
		r = find_candidates(app, &t, answer, &f);
	}
	tenant_clear(&t);
	if (r == 0) {
		api_reply(req, 200, answer);
		return;
	}
	json_free(answer);
	control_fault(app, req, &f);
}

/* ==== conditions ==== */

static void refuse_many(struct api_req *req, const struct tenant *t, const struct company *c)
{
	CLEANUP(mem_free)
	char *detail = xasprintf("mapping %s to %s would release %d held events: more than "
				 "release_max; nothing was changed",
		tenant_label(t), c->name ? c->name : c->identifier, t->held);
	cJSON *problem = json_object();

	json_add_str(problem, "type", "about:blank");
	json_add_str(problem, "title", "Conflict");
	json_add_int(problem, "status", 409);
	json_add_str(problem, "detail", detail);
	json_add_int(problem, "would_release", t->held);
	json_add_str(problem, "company", c->name ? c->name : c->identifier);
	api_reply(req, 409, problem);
}

bool control_map_allowed(
	struct api_req *req, const cJSON *body, const struct tenant *t, const struct company *c)
{
	int64_t max = INT64_MAX;

	if (json_bool(body, "only_new", false) && (t->company || t->mapped_by)) {
		api_problem(req, 409, "%s was %s by a person (%s) already; nothing was changed",
			tenant_label(t), t->company ? "mapped" : "unmapped",
			t->mapped_by ? t->mapped_by : "unknown");
		return false;
	}
	json_int(body, "release_max", &max);
	if (!t->flow || t->held <= max)
		return true;
	refuse_many(req, t, c);
	return false;
}
