/* A store in a directory of its own, and makers of what the tests of the store are about. */
#ifndef TESTS_UNIT_STORE_PLACE_H
#define TESTS_UNIT_STORE_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/tidy.h"
#include "io/store.h"
#include "io/store_backup.h"
#include "io/store_event.h"
#include "io/store_incident.h"
#include "io/store_tenant.h"

#define MIB (1024 * 1024)
#define NOW INT64_C(1795000000000)
#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* One database in a directory of its own. */
struct place {
	char dir[64], path[96];
	struct store *st;
	struct fault f;
};

#define OK(call)                                                                                   \
	do {                                                                                       \
		int r_ = (call);                                                                   \
		if (r_)                                                                            \
			fail_msg("%s: %d %s", #call, r_, p->f.text);                               \
	} while (0)

static UNUSED int begin(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));

	snprintf(p->dir, sizeof(p->dir), "/tmp/opbridge-store.XXXXXX");
	if (!mkdtemp(p->dir))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/queue.db", p->dir);
	*state = p;
	return store_open(p->path, 64 * MIB, &p->st, &p->f);
}

static UNUSED int end(void **state)
{
	struct place *p = *state;
	char command[128];

	store_close(p->st);
	snprintf(command, sizeof(command), "%s-wal", p->path);
	unlink(command);
	unlink(p->path);
	snprintf(command, sizeof(command), "%s/copy.db", p->dir);
	unlink(command);
	rmdir(p->dir);
	free(p);
	return 0;
}

static UNUSED void reopen(struct place *p)
{
	store_close(p->st);
	p->st = NULL;
	OK(store_open(p->path, 64 * MIB, &p->st, &p->f));
}

/* A whole copy. Returns what its last step did. */
static UNUSED int copy_to(struct place *p, const char *path)
{
	CLEANUP(backup_end) struct backup *b = NULL;
	bool done = false;
	int r = backup_begin(p->st, path, &b, &p->f);

	while (!r && !done)
		r = backup_step(b, &done, &p->f);
	return r;
}

/* ==== makers ==== */

static UNUSED int64_t tenant(struct place *p, const char *guid, const char *domain)
{
	struct tenant t = { 0 };
	int64_t row;

	OK(tenant_of(p->st, guid, domain, NULL, NOW, &t, &p->f));
	row = t.row;
	tenant_clear(&t);
	return row;
}

static UNUSED int64_t incident(struct place *p, int64_t t, const char *hash)
{
	int64_t id;

	OK(incident_of(p->st, t, hash, "Type", "label", NOW, &id, &p->f));
	return id;
}

/* Returns the row's seq, negative for a duplicate. */
static UNUSED int64_t put(struct place *p, int64_t t, int64_t in, const char *id, const char *text,
	enum queue_state state)
{
	const struct queue_new ev = { .tenant = t,
		.incident = in,
		.uid = 7,
		.accepted_at = NOW,
		.event_id = id,
		.type = "Type",
		.event_state = "raised",
		.text = text,
		.state = state };
	struct queue_row row = { 0 };
	bool duplicate;
	int64_t seq;

	OK(queue_put(p->st, &ev, &duplicate, &row, &p->f));
	seq = duplicate ? -row.seq : row.seq;
	queue_row_clear(&row);
	return seq;
}

static UNUSED struct account account(struct place *p)
{
	struct account a;

	OK(store_account(p->st, &a, &p->f));
	assert_true(account_balances(&a));
	return a;
}

static UNUSED int claim(struct place *p, int64_t now, int max, int64_t *ids)
{
	int64_t turn = 0;
	int n = 0;

	OK(incident_claim(p->st, now, max, false, &turn, ids, &n, &p->f));
	return n;
}

#endif
