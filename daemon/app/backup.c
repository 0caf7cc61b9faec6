#include "app/backup.h"

#include "app/app.h"
#include "app/restored.h"
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "io/store_backup.h"

static void forget(struct copy *copy)
{
	backup_end(copy->work);
	mem_free(copy->path);
	mem_free(copy->why);
	copy->work = NULL;
	copy->path = copy->why = NULL;
}

int copy_start(struct app *app, const char *path, const struct audit_who *who, struct fault *reterr)
{
	struct copy *copy = &app->copy;
	struct backup *work = NULL;
	int r;

	if (copy->work)
		return fault_set(reterr, FAULT_CONFLICT, "a copy to %s is under way: %d %% so far",
			copy->path, backup_percent(copy->work));
	r = backup_begin(app->store, path, &work, reterr);
	if (r == 0)
		r = restored_mark(app, true, reterr);
	if (r < 0) {
		backup_end(work);
		return r;
	}
	forget(copy);
	copy->work = work;
	copy->path = xstrdup(path);
	copy->began_at = now_mono_ms();
	copy->who = *who;
	return 0;
}

/* In a turn of its own, which follows at once. */
static void unmark(struct app *app)
{
	struct fault f = { 0 };

	if (restored_mark(app, false, &f) < 0)
		turn_fail(app, &f);
}

static void failed(struct app *app, const struct fault *f)
{
	struct copy *copy = &app->copy;

	unmark(app);
	backup_end(TAKE(copy->work));
	copy->why = xstrdup(f->text);
	copy->code = f->code;
	log_error("backup failed", F_STR("file", copy->path), F_STR("why", f->text));
}

void copy_tick(struct app *app)
{
	struct copy *copy = &app->copy;
	struct fault f = { 0 };
	bool done = false;

	if (!copy->work)
		return;
	turn_again(app);
	if (backup_step(copy->work, &done, &f) < 0) {
		failed(app, &f);
		return;
	}
	if (!done)
		return;
	backup_end(TAKE(copy->work));
	unmark(app);
	log_info("backup written", F_STR("file", copy->path), F_INT("uid", copy->who.uid),
		F_INT("ms", now_mono_ms() - copy->began_at));
	audit_tell(app, &copy->who, AUDIT_BACKUP, copy->path);
}

void copy_free(struct app *app)
{
	struct fault f = { 0 };

	if (app->copy.work &&
		(restored_mark(app, false, &f) < 0 || store_commit(app->store, &f) < 0))
		log_warn("the mark of an unfinished backup stays", F_STR("why", f.text));
	forget(&app->copy);
}

cJSON *copy_json(const struct app *app)
{
	const struct copy *copy = &app->copy;
	cJSON *node = json_object();

	json_add_str(node, "path", copy->path);
	json_add_bool(node, "running", copy->work != NULL);
	json_add_int(node, "percent",
		copy->work                         ? backup_percent(copy->work)
			: copy->path && !copy->why ? 100
						   : 0);
	return node;
}
