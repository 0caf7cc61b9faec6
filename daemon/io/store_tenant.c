#include "io/store_tenant.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/str.h"
#include "io/store_audit.h"
#include "io/store_db.h"

#define COLUMNS                                                                                    \
	"t.row, t.guid, t.domain, t.name, t.company, t.flow, t.mapped_at, t.mapped_by, "           \
	"t.last_event_at, c.identifier, c.name, c.id IS NOT NULL, coalesce(c.gone_at, 0) > 0, "    \
	"t.held, t.events, t.guid IS NULL AND EXISTS"                                              \
	" (SELECT 1 FROM tenants o WHERE o.domain = t.domain AND o.row != t.row),"                 \
	" coalesce(c.inactive, 0), c.status"
#define FROM " FROM tenants t LEFT JOIN companies c ON c.id = t.company"

void tenant_clear(struct tenant *t)
{
	mem_free(t->guid);
	mem_free(t->domain);
	mem_free(t->name);
	mem_free(t->mapped_by);
	mem_free(t->company_identifier);
	mem_free(t->company_name);
	mem_free(t->company_status);
	*t = (struct tenant){ 0 };
}

bool tenant_company_live(const struct tenant *t)
{
	return t->company && t->company_known && !t->company_gone && !t->company_inactive;
}

const char *tenant_label(const struct tenant *t)
{
	return t->domain ? t->domain : t->guid ? t->guid : t->name;
}

void tenants_clear(struct tenants *list)
{
	size_t i;

	for (i = 0; list->at && i < list->n; i++)
		tenant_clear(&list->at[i]);
	free(list->at);
	*list = (struct tenants){ 0 };
}

static void read_row(sqlite3_stmt *q, struct tenant *t)
{
	t->row = column_int(q, 0);
	t->guid = column_text(q, 1);
	t->domain = column_text(q, 2);
	t->name = column_text(q, 3);
	t->company = column_int(q, 4);
	t->flow = column_int(q, 5) != 0;
	t->mapped_at = column_int(q, 6);
	t->mapped_by = column_text(q, 7);
	t->last_event_at = column_int(q, 8);
	t->company_identifier = column_text(q, 9);
	t->company_name = column_text(q, 10);
	t->company_known = column_int(q, 11) != 0;
	t->company_gone = column_int(q, 12) != 0;
	t->held = (int)column_int(q, 13);
	t->events = (int)column_int(q, 14);
	t->shared = column_int(q, 15) != 0;
	t->company_inactive = column_int(q, 16) != 0;
	t->company_status = column_text(q, 17);
}

/* All rows of a statement that is bound already. */
static int read_all(struct store *st, sqlite3_stmt *q, struct tenants *ret, struct fault *reterr)
{
	struct tenants list = { 0 };
	bool more = true;
	int r;

	for (;;) {
		r = query_next(st, q, &more, reterr);
		if (r || !more)
			break;
		list.at = array_more(list.at, list.n, sizeof(*list.at));
		read_row(q, &list.at[list.n++]);
	}
	if (r) {
		tenants_clear(&list);
		return r;
	}
	*ret = list;
	return 0;
}

static const char sql_get[] = "SELECT " COLUMNS FROM " WHERE t.row = :row";

int tenant_get(struct store *st, int64_t row, struct tenant *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool found = false;
	int r = query_read(st, sql_get, &q, reterr);

	if (r)
		return r;
	query_int(q, ":row", row);
	r = query_next(st, q, &found, reterr);
	if (r)
		return r;
	if (!found)
		return fault_set(reterr, FAULT_NOT_FOUND, "there is no tenant #%" PRId64, row);
	*ret = (struct tenant){ 0 };
	read_row(q, ret);
	return 0;
}

/* ==== by text ==== */

static const char sql_by_guid[] = "SELECT " COLUMNS FROM " WHERE t.guid = :text";
static const char sql_by_domain[] = "SELECT " COLUMNS FROM " WHERE t.domain = :text ORDER BY t.row";

static int read_by(struct store *st, const char *sql, const char *text, struct tenants *ret,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql, &q, reterr);

	if (r)
		return r;
	query_text(q, ":text", text);
	return read_all(st, q, ret, reterr);
}

/* The only one of a list; the list is emptied. */
static void take_first(struct tenants *list, struct tenant *ret)
{
	*ret = list->at[0];
	list->at[0] = (struct tenant){ 0 };
	tenants_clear(list);
}

/* without: a row that is left out; 0: none. */
static void add_names(struct str *to, const struct tenants *list, int64_t without)
{
	size_t i, n = 0;

	for (i = 0; i < list->n && n < 8; i++) {
		if (list->at[i].row == without)
			continue;
		str_addf(to, "%s#%" PRId64 " (%s)", n++ ? ", " : "", list->at[i].row,
			list->at[i].guid ? list->at[i].guid : "no id");
	}
}

static int ambiguous(struct tenants *list, const char *text, struct fault *reterr)
{
	STR_AUTO(ids);
	size_t n = list->n;

	add_names(&ids, list, 0);
	tenants_clear(list);
	return fault_set(reterr, FAULT_CONFLICT,
		"%zu tenants have the domain %s: %s; name the one that is meant by its id", n, text,
		ids.at);
}

/* "#7" → 7; anything else 0, which no row has. */
static int64_t row_of(const char *text)
{
	char *end;
	long long n;

	if (text[0] != '#')
		return 0;
	n = strtoll(text + 1, &end, 10);
	return text[1] >= '1' && text[1] <= '9' && *end == '\0' ? n : 0;
}

int tenant_sharing(struct store *st, const struct tenant *t, char **ret, struct fault *reterr)
{
	struct tenants list = { 0 };
	STR_AUTO(names);
	int r = t->domain ? read_by(st, sql_by_domain, t->domain, &list, reterr) : 0;

	if (r)
		return r;
	add_names(&names, &list, t->row);
	tenants_clear(&list);
	*ret = str_take(&names);
	return 0;
}

int tenant_find(struct store *st, const char *text, struct tenant *ret, struct fault *reterr)
{
	struct tenants list = { 0 };
	int r;

	if (row_of(text))
		return tenant_get(st, row_of(text), ret, reterr);
	r = read_by(st, sql_by_guid, text, &list, reterr);
	if (!r && list.n == 0)
		r = read_by(st, sql_by_domain, text, &list, reterr);
	if (r)
		return r;
	if (list.n == 0)
		return fault_set(reterr, FAULT_NOT_FOUND,
			"no tenant %s is known; `opbridge tenants` lists them", text);
	if (list.n > 1)
		return ambiguous(&list, text, reterr);
	take_first(&list, ret);
	return 0;
}

/* ==== the tenant of an event ==== */

static const char sql_new[] =
	"INSERT INTO tenants (guid, domain, name) VALUES (:guid, :domain, :name)";

static int add(struct store *st, const char *guid, const char *domain, const char *name,
	struct tenant *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_new, &q, reterr);

	if (r)
		return r;
	query_text(q, ":guid", guid);
	query_text(q, ":domain", domain);
	query_text(q, ":name", name);
	r = query_run(st, q, reterr);
	return r ? r : tenant_get(st, sqlite3_last_insert_rowid(st->db), ret, reterr);
}

/* Among tenants of that domain: the one that an event with this id (or none) can be about. One that
 * is known by its domain alone gives its mapping to an id only if nobody else has that domain. */
static struct tenant *fitting(struct tenants *list, const char *guid)
{
	size_t i;

	if (list->n == 1)
		return guid && list->at[0].guid ? NULL : &list->at[0];
	for (i = 0; i < list->n && !guid; i++)
		if (!list->at[i].guid)
			return &list->at[i];
	return NULL;
}

static int by_domain(struct store *st, const char *guid, const char *domain, const char *name,
	struct tenant *ret, struct fault *reterr)
{
	struct tenants list = { 0 };
	struct tenant *fit;
	int r = read_by(st, sql_by_domain, domain, &list, reterr);

	if (r)
		return r;
	fit = fitting(&list, guid);
	if (!fit) {
		tenants_clear(&list);
		return add(st, guid, domain, name, ret, reterr);
	}
	*ret = *fit;
	*fit = (struct tenant){ 0 };
	tenants_clear(&list);
	return 0;
}

/* An event may tell a domain that was not known, never change one: what is submitted must not lead
 * another customer's events here. */
static const char sql_update[] =
	"UPDATE tenants SET guid = coalesce(:guid, guid), domain = coalesce(domain, :domain),"
	" name = coalesce(:name, name), last_event_at = max(last_event_at, :at) WHERE row = :row";

static int update(struct store *st, const struct tenant *t, const char *guid, const char *domain,
	const char *name, int64_t event_at, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_update, &q, reterr);

	if (r)
		return r;
	query_text(q, ":guid", guid);
	query_text(q, ":domain", domain);
	query_text(q, ":name", name);
	query_int(q, ":at", event_at);
	query_int(q, ":row", t->row);
	return query_run_one(st, q, "tenant", t->row, reterr);
}

static int take_mapping(struct store *st, const struct tenant *t, const char *why, int64_t now,
	struct fault *reterr)
{
	CLEANUP(mem_free) char *detail = xstrdup(why);
	const struct audit a = { .at = now,
		.uid = -1,
		.action = AUDIT_UNMAP,
		.how = AUDIT_AUTO,
		.tenant = t->row,
		.label = t->domain,
		.from = { .id = t->company, .name = t->company_name },
		.detail = detail };
	int r = tenant_map(st, t->row, 0, NULL, now, reterr);

	return r ? r : audit_put(st, &a, INT64_MAX, reterr);
}

/* A tenant with an id is known to have a domain from now on: what was mapped by that domain alone
 * may have meant this one, or another. */
static int contest(struct store *st, const char *domain, int64_t claimant, const char *guid,
	int64_t now, struct fault *reterr)
{
	CLEANUP(mem_free)
	char *why = xasprintf("tenant #%" PRId64 " (%s) has the domain too", claimant, guid);
	struct tenants list = { 0 };
	size_t i;
	int r = read_by(st, sql_by_domain, domain, &list, reterr);

	for (i = 0; !r && i < list.n; i++)
		if (!list.at[i].guid && list.at[i].company)
			r = take_mapping(st, &list.at[i], why, now, reterr);
	tenants_clear(&list);
	return r;
}

static bool is_new(const char *given, const char *known)
{
	return given && !str_eq(given, known);
}

/* As an event names it; made if it is new. *ret_claims: with this it has an id and a domain for the
 * first time. */
static int find_or_add(struct store *st, const char *guid, const char *domain, const char *name,
	struct tenant *ret, bool *ret_claims, struct fault *reterr)
{
	struct tenants list = { 0 };
	int r = guid ? read_by(st, sql_by_guid, guid, &list, reterr) : 0;

	if (r)
		return r;
	if (list.n) {
		take_first(&list, ret);
		*ret_claims = domain && !ret->domain;
		return 0;
	}
	if (!domain)
		return add(st, guid, NULL, name, ret, reterr);
	r = by_domain(st, guid, domain, name, ret, reterr);
	/* one that was there has no id yet, and nobody to share its domain with */
	*ret_claims = !r && guid && ret->guid;
	return r;
}

int tenant_of(struct store *st, const char *guid, const char *domain, const char *name,
	int64_t event_at, struct tenant *ret, struct fault *reterr)
{
	struct tenant t = { 0 };
	bool claims = false;
	int64_t row;
	int r = find_or_add(st, guid, domain, name, &t, &claims, reterr);

	if (r)
		return r;
	if (claims)
		r = contest(st, domain, t.row, guid, event_at, reterr);
	if (!r &&
		(is_new(guid, t.guid) || (domain && !t.domain) || is_new(name, t.name) ||
			event_at > t.last_event_at))
		r = update(st, &t, guid, domain, name, event_at, reterr);
	row = t.row;
	tenant_clear(&t);
	return r ? r : tenant_get(st, row, ret, reterr);
}

/* ==== whom a person means ==== */

static int taken(const struct tenant *owner, const char *domain, struct fault *reterr)
{
	return fault_set(reterr, FAULT_CONFLICT,
		"the domain %s is that of tenant #%" PRId64
		" (%s) already; is it the same one under "
		"another id?",
		domain, owner->row, owner->guid ? owner->guid : "no id");
}

/* The domain that is given for a tenant which is known. */
static int check_domain(const struct tenant *t, const char *domain, const struct tenants *sharing,
	struct fault *reterr)
{
	if (!domain || str_eq_nocase(t->domain, domain))
		return 0;
	if (t->domain)
		return fault_set(reterr, FAULT_CONFLICT,
			"tenant #%" PRId64 " has the domain %s, not %s; a domain is never changed",
			t->row, t->domain, domain);
	return sharing->n ? taken(&sharing->at[0], domain, reterr) : 0;
}

/* One that is not known by its GUID: who has the domain? */
static int by_domain_for_person(struct tenants *sharing, const char *guid, const char *domain,
	struct tenant *ret, struct fault *reterr)
{
	size_t i, only = sharing->n == 1 ? 0 : SIZE_MAX;

	for (i = 0; i < sharing->n; i++)
		if (!sharing->at[i].guid)
			only = i;
	if (sharing->n == 0)
		return 0;
	if (guid && (sharing->n > 1 || sharing->at[0].guid))
		return taken(&sharing->at[0], domain, reterr);
	if (only == SIZE_MAX)
		return ambiguous(sharing, domain, reterr);
	*ret = sharing->at[only];
	sharing->at[only] = (struct tenant){ 0 };
	return 0;
}

static int known_by_id(struct store *st, const struct tenant_names *names, struct tenant *ret,
	struct fault *reterr)
{
	struct tenants list = { 0 };
	int r;

	if (names->row)
		return tenant_get(st, names->row, ret, reterr);
	if (!names->guid)
		return 0;
	r = read_by(st, sql_by_guid, names->guid, &list, reterr);
	if (!r && list.n)
		take_first(&list, ret);
	return r;
}

int tenant_meant(struct store *st, const struct tenant_names *names, struct tenant *ret,
	struct fault *reterr)
{
	struct tenants sharing = { 0 };
	struct tenant t = { 0 };
	int r = known_by_id(st, names, &t, reterr);

	if (!r && names->domain)
		r = read_by(st, sql_by_domain, names->domain, &sharing, reterr);
	if (!r && t.row)
		r = check_domain(&t, names->domain, &sharing, reterr);
	else if (!r)
		r = by_domain_for_person(&sharing, names->guid, names->domain, &t, reterr);
	tenants_clear(&sharing);
	if (r)
		tenant_clear(&t);
	else
		*ret = t;
	return r;
}

static const char sql_complete[] =
	"UPDATE tenants SET guid = coalesce(guid, :guid), domain = coalesce(domain, :domain),"
	" name = coalesce(:name, name) WHERE row = :row";

int tenant_complete(struct store *st, int64_t row, const char *guid, const char *domain,
	const char *name, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_complete, &q, reterr);

	if (r)
		return r;
	query_text(q, ":guid", guid);
	query_text(q, ":domain", domain);
	query_text(q, ":name", name);
	query_int(q, ":row", row);
	return query_run_one(st, q, "tenant", row, reterr);
}

/* ==== lists and changes ==== */

static const char sql_list[] =
	"SELECT " COLUMNS FROM
	" ORDER BY t.company = 0 DESC, lower(coalesce(t.name, t.domain, t.guid)), t.row";

int tenant_list(struct store *st, struct tenants *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql_list, &q, reterr);

	return r ? r : read_all(st, q, ret, reterr);
}

static const char sql_map[] =
	"UPDATE tenants SET company = :company, mapped_at = :now, mapped_by = :by WHERE row = :row";

int tenant_map(struct store *st, int64_t row, int64_t company, const char *by, int64_t now,
	struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_map, &q, reterr);

	if (r)
		return r;
	query_int(q, ":company", company);
	query_int(q, ":now", now);
	query_text(q, ":by", by);
	query_int(q, ":row", row);
	return query_run_one(st, q, "tenant", row, reterr);
}

static const char sql_flow[] = "UPDATE tenants SET flow = :flow WHERE row = :row";

int tenant_flow(struct store *st, int64_t row, bool on, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_flow, &q, reterr);

	if (r)
		return r;
	query_int(q, ":flow", on);
	query_int(q, ":row", row);
	return query_run_one(st, q, "tenant", row, reterr);
}

static const char sql_count[] =
	"SELECT count(*) FILTER (WHERE flow = 1 AND c.gone_at = 0 AND c.inactive = 0),"
	" count(*) FILTER (WHERE flow = 1 AND company = 0), count(*) FILTER (WHERE flow = 0),"
	" count(*) FILTER (WHERE flow = 1 AND company != 0"
	"  AND (c.id IS NULL OR c.gone_at > 0 OR c.inactive = 1))"
	" FROM tenants t LEFT JOIN companies c ON c.id = t.company";

int tenant_count(struct store *st, struct tenant_counts *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool row = false;
	int r = query_read(st, sql_count, &q, reterr);

	if (!r)
		r = query_next(st, q, &row, reterr);
	if (r)
		return r;
	*ret = (struct tenant_counts){ .mapped = (int)column_int(q, 0),
		.unmapped = (int)column_int(q, 1),
		.off = (int)column_int(q, 2),
		.paused = (int)column_int(q, 3) };
	return 0;
}
