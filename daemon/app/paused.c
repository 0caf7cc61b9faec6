#include "app/paused.h"

#include <stdio.h>
#include <stdlib.h>
#include "app/app.h"
#include "app/candidates.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/store_tenant.h"

#define LOOKED_AT_MAX 5 /* tenants whose candidates are looked for after one sync */

static bool was_told(const struct paused *p, int64_t row)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->rows[i] == row)
			return true;
	return false;
}

/* gives */
static char *why(const struct tenant *t)
{
	if (t->company_known && !t->company_gone)
		return xasprintf("its company is %s in ConnectWise",
			t->company_status ? t->company_status : "inactive");
	return xstrdup("its company is gone from ConnectWise: deleted, or merged into another");
}

static void say_paused(struct app *app, const struct tenant *t, bool with_candidates)
{
	CLEANUP(mem_free) char *because = why(t);
	CLEANUP(mem_free) char *candidates = with_candidates ? candidates_text(app, t) : NULL;
	CLEANUP(mem_free)
	char *next = xasprintf("its events are held; `opbridge map %s COMPANY` maps it to another",
		tenant_label(t));

	TURN_SAY(app, LEVEL_WARN, "tenant paused", F_STR("tenant", tenant_label(t)),
		F_INT("company", t->company), F_STR("company_name", t->company_name),
		F_STR("why", because), F_STR("next", next),
		F_STR("candidates", str_is_blank(candidates) ? NULL : candidates));
}

void paused_say(struct app *app)
{
	struct paused now = { 0 };
	struct tenants list = { 0 };
	struct fault f = { 0 };
	int n_told = 0;
	size_t i;

	if (tenant_list(app->store, &list, &f) < 0) {
		turn_fail(app, &f);
		return;
	}
	now.rows = xcalloc(list.n ? list.n : 1, sizeof(*now.rows));
	for (i = 0; i < list.n; i++) {
		const struct tenant *t = &list.at[i];
		bool told = was_told(&app->paused, t->row);

		if (t->company && !tenant_company_live(t)) {
			now.rows[now.n++] = t->row;
			if (!told)
				say_paused(app, t, ++n_told <= LOOKED_AT_MAX);
		} else if (told && t->company) {
			TURN_SAY(app, LEVEL_INFO, "tenant goes on",
				F_STR("tenant", tenant_label(t)), F_INT("company", t->company),
				F_STR("company_name", t->company_name));
		}
	}
	tenants_clear(&list);
	paused_free(&app->paused);
	app->paused = now;
}

void paused_free(struct paused *p)
{
	free(p->rows);
	*p = (struct paused){ 0 };
}
