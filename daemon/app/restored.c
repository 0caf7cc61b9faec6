#include "app/restored.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "app/app.h"
#include "base/mem.h"
#include "base/now.h"

#define MEMO_COPIED_AT "queue.copied_at" /* wall ms: in a copy only, or while one is made */
#define MEMO_RESTORED_AT "queue.restored_at" /* wall ms of the first start with a copy */

static int get(struct app *app, const char *key, int64_t *ret, struct fault *reterr)
{
	CLEANUP(mem_free) char *value = NULL;
	int r = store_memo_get(app->store, key, &value, reterr);

	*ret = value ? strtoll(value, NULL, 10) : 0;
	return r;
}

static int set_now(struct app *app, const char *key, struct fault *reterr)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, now_wall_ms());
	return store_memo_set(app->store, key, text, reterr);
}

int restored_mark(struct app *app, bool on, struct fault *reterr)
{
	return on ? set_now(app, MEMO_COPIED_AT, reterr)
		  : store_memo_set(app->store, MEMO_COPIED_AT, NULL, reterr);
}

/* A daemon that was killed while it made a copy finds the mark as well: it then looks a little too
 * closely for a while, which does no harm. */
int restored_init(struct app *app, struct fault *reterr)
{
	int64_t copied_at;
	int r = get(app, MEMO_COPIED_AT, &copied_at, reterr);
	char when[TIME_TEXT_MAX];

	if (r == 0 && copied_at) {
		r = set_now(app, MEMO_RESTORED_AT, reterr);
		if (r == 0)
			r = restored_mark(app, false, reterr);
		time_text(copied_at, when);
		log_warn("this queue is a backup", F_STR("copied_at", when),
			F_STR("next",
				"tickets made since then are looked up by their marker before any "
				"is made anew; events accepted since then must be handed in "
				"again"));
	}
	return r ? r : get(app, MEMO_RESTORED_AT, &app->restored_at, reterr);
}

bool restored_is_recent(const struct app *app)
{
	return app->restored_at && now_wall_ms() - app->restored_at < app->conf->store.history;
}
