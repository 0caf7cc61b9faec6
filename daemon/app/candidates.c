#include "app/candidates.h"

#include <inttypes.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/store_company.h"
#include "io/store_tenant.h"

#define LIKELY 50 /* confidence from which one is worth a person's look */

static void weigh(void *ctx, const struct company_view *view)
{
	const struct match_company c = { .id = view->id,
		.identifier = view->identifier,
		.name = view->name,
		.website = view->website,
		.status = view->status,
		.gone = view->gone,
		.inactive = view->inactive };

	match_company(ctx, &c);
}

int candidates_of(struct app *app, const struct tenant *t, const char *other_name,
	struct match **ret, int *ret_n, struct fault *reterr)
{
	const char *names[] = { t->name ? t->name : other_name, other_name }, *domain = t->domain;
	const struct match_tenant tenant = { names, other_name && t->name ? 2 : 1, &domain, 1 };
	CLEANUP(match_free) struct match *m = match_new(&tenant);
	int r = company_walk(app->store, weigh, m, ret_n, reterr);

	if (r == 0)
		*ret = TAKE(m);
	return r;
}

static void add_company(struct app *app, const struct match_found *found, struct str *text)
{
	struct company c = { 0 };

	if (company_get(app->store, found->company, &c, NULL) < 0)
		return;
	if (!c.gone_at && !c.inactive)
		str_addf(text, "%s%s (%" PRId64 ")", text->len ? ", " : "", c.name, c.id);
	company_clear(&c);
}

char *candidates_text(struct app *app, const struct tenant *t)
{
	CLEANUP(match_free) struct match *m = NULL;
	struct match_found found[MATCH_KEEP];
	STR_AUTO(text);
	size_t n, i;
	int all;

	if (candidates_of(app, t, t->company_name, &m, &all, NULL) < 0)
		return xstrdup("");
	n = match_end(m, found);
	for (i = 0; i < n; i++)
		if (found[i].confidence >= LIKELY && found[i].company != t->company)
			add_company(app, &found[i], &text);
	return text.len ? str_take(&text) : xstrdup("");
}
