/* The tables, as steps that are only ever appended to. A step that was released is never edited.
 *
 * States of events are the numbers of enum queue_state: 0 queued, 1 sending, 2 held, 3 delivered,
 * 4 skipped, 5 muted, 6 expired, 7 dead; from 3 on they are ended.
 * Look-ups of live rows must not depend on how many ended ones there are, nor those of one incident
 * on how long the queue is: each has its index. Every index costs a page a commit, so there are
 * no others. An index on x ends in the row number, so it also orders by seq. */
#include "io/store_db.h"

#include <stdio.h>
#include "base/tidy.h"

/* flow and mapping: made by a person. events and held: kept by triggers. */
#define TENANTS                                                                                    \
	"CREATE TABLE tenants ("                                                                   \
	" row INTEGER PRIMARY KEY,"                                                                \
	" guid TEXT COLLATE NOCASE,"                                                               \
	" domain TEXT COLLATE NOCASE,"                                                             \
	" name TEXT,"                                                                              \
	" company INTEGER NOT NULL DEFAULT 0,"                                                     \
	" flow INTEGER NOT NULL DEFAULT 1 CHECK (flow IN (0, 1)),"                                 \
	" mapped_at INTEGER NOT NULL DEFAULT 0,"                                                   \
	" mapped_by TEXT,"                                                                         \
	" last_event_at INTEGER NOT NULL DEFAULT 0,"                                               \
	" events INTEGER NOT NULL DEFAULT 0,"                                                      \
	" held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),"                                      \
	" CHECK (guid IS NOT NULL OR domain IS NOT NULL)"                                          \
	") STRICT;"                                                                                \
	"CREATE UNIQUE INDEX tenants_guid ON tenants (guid) WHERE guid IS NOT NULL;"               \
	"CREATE INDEX tenants_domain ON tenants (domain) WHERE domain IS NOT NULL;"                \
	"CREATE UNIQUE INDEX tenants_domain_only ON tenants (domain) WHERE guid IS NULL;"

#define INCIDENTS                                                                                  \
	"CREATE TABLE incidents ("                                                                 \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" tenant INTEGER NOT NULL REFERENCES tenants (row),"                                       \
	" hash TEXT NOT NULL,"                                                                     \
	" type TEXT,"                                                                              \
	" label TEXT,"                                                                             \
	" generation INTEGER NOT NULL,"                                                            \
	" ticket INTEGER NOT NULL DEFAULT 0,"                                                      \
	" previous_ticket INTEGER NOT NULL DEFAULT 0,"                                             \
	" ticket_company INTEGER NOT NULL DEFAULT 0,"                                              \
	" board TEXT,"                                                                             \
	" status TEXT,"                                                                            \
	" op INTEGER NOT NULL DEFAULT 0 CHECK (op BETWEEN 0 AND 3),"                               \
	" op_key TEXT,"                                                                            \
	" op_at INTEGER NOT NULL DEFAULT 0,"                                                       \
	" op_doubt INTEGER NOT NULL DEFAULT 0 CHECK (op_doubt IN (0, 1)),"                         \
	" op_lookups INTEGER NOT NULL DEFAULT 0,"                                                  \
	" tries INTEGER NOT NULL DEFAULT 0,"                                                       \
	" due_at INTEGER NOT NULL DEFAULT 0,"                                                      \
	" claimed INTEGER NOT NULL DEFAULT 0 CHECK (claimed IN (0, 1)),"                           \
	" updated_at INTEGER NOT NULL,"                                                            \
	" UNIQUE (tenant, hash)"                                                                   \
	") STRICT;"                                                                                \
	"CREATE INDEX incidents_due ON incidents (due_at) WHERE due_at > 0 AND claimed = 0;"       \
	"CREATE INDEX incidents_claimed ON incidents (claimed) WHERE claimed = 1;"                 \
	"CREATE INDEX incidents_op ON incidents (op) WHERE op != 0;"                               \
	"CREATE INDEX incidents_updated ON incidents (updated_at);"

/* The text has a table of its own: a change of state then rewrites a short row, and lists read
 * few pages. digest: SHA-256 of the text, 32 hex digits of it. */
#define EVENTS                                                                                     \
	"CREATE TABLE events ("                                                                    \
	" seq INTEGER PRIMARY KEY,"                                                                \
	" tenant INTEGER NOT NULL REFERENCES tenants (row),"                                       \
	" incident INTEGER NOT NULL REFERENCES incidents (id),"                                    \
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 7),"                                   \
	" event_id TEXT NOT NULL,"                                                                 \
	" version INTEGER NOT NULL,"                                                               \
	" digest TEXT NOT NULL,"                                                                   \
	" type TEXT,"                                                                              \
	" event_state TEXT,"                                                                       \
	" title TEXT,"                                                                             \
	" did TEXT,"                                                                               \
	" why TEXT,"                                                                               \
	" ticket INTEGER NOT NULL DEFAULT 0,"                                                      \
	" attempts INTEGER NOT NULL DEFAULT 0,"                                                    \
	" op_key TEXT,"                                                                            \
	" noted INTEGER NOT NULL DEFAULT 0 CHECK (noted IN (0, 1)),"                               \
	" accepted_at INTEGER NOT NULL,"                                                           \
	" done_at INTEGER NOT NULL DEFAULT 0,"                                                     \
	" uid INTEGER NOT NULL"                                                                    \
	") STRICT;"                                                                                \
	"CREATE TABLE texts ("                                                                     \
	" seq INTEGER PRIMARY KEY,"                                                                \
	" text TEXT NOT NULL"                                                                      \
	") STRICT;"                                                                                \
	"CREATE UNIQUE INDEX events_id ON events (event_id, tenant, digest);"                      \
	"CREATE INDEX events_version ON events (event_id, tenant, version) WHERE version > 1;"     \
	"CREATE INDEX events_incident ON events (incident, state);"                                \
	"CREATE INDEX events_tenant ON events (tenant, state);"                                    \
	"CREATE INDEX events_state ON events (state);"                                             \
	"CREATE INDEX events_op ON events (op_key) WHERE state = 0 AND op_key IS NOT NULL;"        \
	"CREATE INDEX events_held ON events (accepted_at) WHERE state = 2;"                        \
	"CREATE INDEX events_ended ON events (done_at) WHERE state >= 3;"

/* One row. pruned_x: rows of x that are deleted by now and still count in x.
 * generation: no pruned incident has begun a ticket with a higher one; new incidents start from it,
 * so that a marker never names two tickets. */
#define ACCOUNT                                                                                    \
	"CREATE TABLE account ("                                                                   \
	" one INTEGER PRIMARY KEY CHECK (one = 1),"                                                \
	" accepted INTEGER NOT NULL DEFAULT 0,"                                                    \
	" queued INTEGER NOT NULL DEFAULT 0,"                                                      \
	" sending INTEGER NOT NULL DEFAULT 0,"                                                     \
	" held INTEGER NOT NULL DEFAULT 0,"                                                        \
	" delivered INTEGER NOT NULL DEFAULT 0,"                                                   \
	" skipped INTEGER NOT NULL DEFAULT 0,"                                                     \
	" muted INTEGER NOT NULL DEFAULT 0,"                                                       \
	" expired INTEGER NOT NULL DEFAULT 0,"                                                     \
	" dead INTEGER NOT NULL DEFAULT 0,"                                                        \
	" pruned_delivered INTEGER NOT NULL DEFAULT 0,"                                            \
	" pruned_skipped INTEGER NOT NULL DEFAULT 0,"                                              \
	" pruned_muted INTEGER NOT NULL DEFAULT 0,"                                                \
	" pruned_expired INTEGER NOT NULL DEFAULT 0,"                                              \
	" pruned_dead INTEGER NOT NULL DEFAULT 0,"                                                 \
	" generation INTEGER NOT NULL DEFAULT 0"                                                   \
	") STRICT;"                                                                                \
	"INSERT INTO account (one) VALUES (1);"

#define ACCOUNT_TRIGGERS                                                                           \
	"CREATE TRIGGER events_added AFTER INSERT ON events BEGIN"                                 \
	" UPDATE account SET accepted = accepted + 1,"                                             \
	" queued = queued + (NEW.state = 0),"                                                      \
	" sending = sending + (NEW.state = 1),"                                                    \
	" held = held + (NEW.state = 2),"                                                          \
	" delivered = delivered + (NEW.state = 3),"                                                \
	" skipped = skipped + (NEW.state = 4),"                                                    \
	" muted = muted + (NEW.state = 5),"                                                        \
	" expired = expired + (NEW.state = 6),"                                                    \
	" dead = dead + (NEW.state = 7);"                                                          \
	" UPDATE tenants SET events = events + 1, held = held + (NEW.state = 2)"                   \
	" WHERE row = NEW.tenant;"                                                                 \
	"END;"                                                                                     \
	"CREATE TRIGGER events_moved AFTER UPDATE OF state ON events"                              \
	" WHEN OLD.state != NEW.state BEGIN"                                                       \
	" UPDATE account SET"                                                                      \
	" queued = queued + (NEW.state = 0) - (OLD.state = 0),"                                    \
	" sending = sending + (NEW.state = 1) - (OLD.state = 1),"                                  \
	" held = held + (NEW.state = 2) - (OLD.state = 2),"                                        \
	" delivered = delivered + (NEW.state = 3) - (OLD.state = 3),"                              \
	" skipped = skipped + (NEW.state = 4) - (OLD.state = 4),"                                  \
	" muted = muted + (NEW.state = 5) - (OLD.state = 5),"                                      \
	" expired = expired + (NEW.state = 6) - (OLD.state = 6),"                                  \
	" dead = dead + (NEW.state = 7) - (OLD.state = 7);"                                        \
	"END;"                                                                                     \
	"CREATE TRIGGER events_held_moved AFTER UPDATE OF state ON events"                         \
	" WHEN (OLD.state = 2) != (NEW.state = 2) BEGIN"                                           \
	" UPDATE tenants SET held = held + (NEW.state = 2) - (OLD.state = 2)"                      \
	" WHERE row = NEW.tenant;"                                                                 \
	"END;"                                                                                     \
	"CREATE TRIGGER events_live BEFORE DELETE ON events WHEN OLD.state < 3 BEGIN"              \
	" SELECT RAISE(ABORT, 'an event that has not ended is never deleted');"                    \
	"END;"                                                                                     \
	"CREATE TRIGGER events_pruned AFTER DELETE ON events BEGIN"                                \
	" DELETE FROM texts WHERE seq = OLD.seq;"                                                  \
	" UPDATE account SET"                                                                      \
	" pruned_delivered = pruned_delivered + (OLD.state = 3),"                                  \
	" pruned_skipped = pruned_skipped + (OLD.state = 4),"                                      \
	" pruned_muted = pruned_muted + (OLD.state = 5),"                                          \
	" pruned_expired = pruned_expired + (OLD.state = 6),"                                      \
	" pruned_dead = pruned_dead + (OLD.state = 7);"                                            \
	"END;"                                                                                     \
	"CREATE TRIGGER incidents_pruned AFTER DELETE ON incidents WHEN OLD.op_at > 0 BEGIN"       \
	" UPDATE account SET generation = max(generation, OLD.generation + 1);"                    \
	"END;"

/* fold_x: x in lower case, for look-ups without case. sweep: the last full sweep that saw it. */
#define COMPANIES                                                                                  \
	"CREATE TABLE companies ("                                                                 \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" identifier TEXT,"                                                                        \
	" name TEXT,"                                                                              \
	" website TEXT,"                                                                           \
	" status TEXT,"                                                                            \
	" types TEXT,"                                                                             \
	" fold_identifier TEXT,"                                                                   \
	" fold_name TEXT,"                                                                         \
	" fold_website TEXT,"                                                                      \
	" gone_at INTEGER NOT NULL DEFAULT 0,"                                                     \
	" sweep INTEGER NOT NULL DEFAULT 0"                                                        \
	") STRICT;"                                                                                \
	"CREATE INDEX companies_identifier ON companies (fold_identifier);"                        \
	"CREATE INDEX companies_name ON companies (fold_name);"

#define STATUSES_AND_MEMOS                                                                         \
	"CREATE TABLE statuses ("                                                                  \
	" board INTEGER NOT NULL,"                                                                 \
	" id INTEGER NOT NULL,"                                                                    \
	" name TEXT,"                                                                              \
	" closed INTEGER NOT NULL,"                                                                \
	" inactive INTEGER NOT NULL,"                                                              \
	" is_default INTEGER NOT NULL,"                                                            \
	" sort INTEGER NOT NULL,"                                                                  \
	" PRIMARY KEY (board, id)"                                                                 \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE TABLE memos ("                                                                     \
	" key TEXT PRIMARY KEY,"                                                                   \
	" value TEXT NOT NULL"                                                                     \
	") STRICT, WITHOUT ROWID;"

/* Fair turns and floods. created: tickets begun for the tenant in the hour that began at hour_at.
 * rolled_into: the roll-up incident that took this one's events, or 0. */
#define FAIR_TURNS                                                                                 \
	"CREATE INDEX incidents_turn ON incidents (tenant, due_at)"                                \
	" WHERE due_at > 0 AND claimed = 0;"                                                       \
	"ALTER TABLE incidents ADD COLUMN rolled_into INTEGER NOT NULL DEFAULT 0;"                 \
	"CREATE INDEX incidents_rolled ON incidents (rolled_into) WHERE rolled_into != 0;"         \
	"CREATE TRIGGER incidents_unrolled AFTER DELETE ON incidents BEGIN"                        \
	" UPDATE incidents SET rolled_into = 0 WHERE rolled_into = OLD.id AND rolled_into != 0;"   \
	"END;"                                                                                     \
	"CREATE TABLE floods ("                                                                    \
	" tenant INTEGER PRIMARY KEY REFERENCES tenants (row),"                                    \
	" hour_at INTEGER NOT NULL,"                                                               \
	" created INTEGER NOT NULL,"                                                               \
	" rolled INTEGER NOT NULL DEFAULT 0"                                                       \
	") STRICT;"

/* Every live row of an operation, sending and held ones too: with its end all of them forget it. */
#define OPERATION_KEYS                                                                             \
	"DROP INDEX events_op;"                                                                    \
	"CREATE INDEX events_op ON events (op_key) WHERE op_key IS NOT NULL;"

/* Whom a person's change came from, what it changed and how many events it moved. action and how:
 * the numbers of enum audit_action and enum audit_how, never used for anything else. tenant 0:
 * none. Nothing refers to tenants here: what happened stays told. */
#define AUDIT                                                                                      \
	"CREATE TABLE audit ("                                                                     \
	" id INTEGER PRIMARY KEY,"                                                                 \
	" at INTEGER NOT NULL,"                                                                    \
	" uid INTEGER NOT NULL,"                                                                   \
	" user TEXT,"                                                                              \
	" login TEXT,"                                                                             \
	" action INTEGER NOT NULL CHECK (action BETWEEN 0 AND 63),"                                \
	" how INTEGER NOT NULL CHECK (how BETWEEN 0 AND 3),"                                       \
	" tenant INTEGER NOT NULL,"                                                                \
	" label TEXT,"                                                                             \
	" from_company INTEGER NOT NULL,"                                                          \
	" from_name TEXT,"                                                                         \
	" to_company INTEGER NOT NULL,"                                                            \
	" to_name TEXT,"                                                                           \
	" released INTEGER NOT NULL,"                                                              \
	" held INTEGER NOT NULL,"                                                                  \
	" skipped INTEGER NOT NULL,"                                                               \
	" detail TEXT"                                                                             \
	") STRICT;"                                                                                \
	"CREATE INDEX audit_tenant ON audit (tenant) WHERE tenant != 0;"                           \
	"CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN"                                  \
	" SELECT RAISE(ABORT, 'what the audit trail tells is never changed');"                     \
	"END;"                                                                                     \
	"CREATE TRIGGER audit_oldest_goes BEFORE DELETE ON audit"                                  \
	" WHEN OLD.id > (SELECT min(id) FROM audit) BEGIN"                                         \
	" SELECT RAISE(ABORT, 'only the oldest row of the audit trail may go');"                   \
	"END;"

/* Mapped by a domain that others have too: such a mapping does not outlive the second of them. */
#define CONTESTED_DOMAINS                                                                          \
	"UPDATE tenants SET company = 0, mapped_at = 0, mapped_by = NULL"                          \
	" WHERE guid IS NULL AND company != 0 AND EXISTS"                                          \
	" (SELECT 1 FROM tenants o WHERE o.domain = tenants.domain AND o.row != tenants.row);"

/* In a status that takes no tickets. All are read again, to know which. */
#define INACTIVE_COMPANIES                                                                         \
	"ALTER TABLE companies ADD COLUMN inactive INTEGER NOT NULL DEFAULT 0"                     \
	" CHECK (inactive IN (0, 1));"                                                             \
	"DELETE FROM memos WHERE key = 'sync.full_at';"

static const char *const migrations[] = {
	/* 1 */ TENANTS INCIDENTS EVENTS ACCOUNT ACCOUNT_TRIGGERS COMPANIES STATUSES_AND_MEMOS,
	/* 2 */ FAIR_TURNS,
	/* 3 */ OPERATION_KEYS,
	/* 4 */ AUDIT,
	/* 5 */ CONTESTED_DOMAINS,
	/* 6 */ INACTIVE_COMPANIES,
};

int store_schema_version(void)
{
	return (int)ARRAY_LEN(migrations);
}

static int migrate_step(struct store *st, int step, struct fault *reterr)
{
	char mark[96];
	int r;

	snprintf(mark, sizeof(mark), "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		STORE_APPLICATION_ID, step);
	r = store_exec(st, "BEGIN IMMEDIATE", reterr);
	if (!r)
		r = store_exec(st, migrations[step - 1], reterr);
	if (!r)
		r = store_exec(st, mark, reterr);
	if (!r)
		r = store_exec(st, "COMMIT", reterr);
	if (r)
		sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

int store_migrate(struct store *st, int version, struct fault *reterr)
{
	int r = 0;

	for (int step = version + 1; !r && step <= store_schema_version(); step++)
		r = migrate_step(st, step, reterr);
	return r;
}
