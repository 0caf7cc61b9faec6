#include "io/store_company.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>
#include "base/mem.h"
#include "base/str.h"
#include "io/store_db.h"

#define COLUMNS "id, identifier, name, website, status, types, gone_at, inactive"
#define CANDIDATES_MAX 8

void company_clear(struct company *c)
{
	mem_free(c->identifier);
	mem_free(c->name);
	mem_free(c->website);
	mem_free(c->status);
	mem_free(c->types);
	*c = (struct company){ 0 };
}

void companies_clear(struct companies *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		company_clear(&list->at[i]);
	free(list->at);
	*list = (struct companies){ 0 };
}

static void read_row(sqlite3_stmt *q, struct company *c)
{
	c->id = column_int(q, 0);
	c->identifier = column_text(q, 1);
	c->name = column_text(q, 2);
	c->website = column_text(q, 3);
	c->status = column_text(q, 4);
	c->types = column_text(q, 5);
	c->gone_at = column_int(q, 6);
	c->inactive = column_int(q, 7) != 0;
}

static int read_all(struct store *st, sqlite3_stmt *q, struct companies *ret, struct fault *reterr)
{
	struct companies list = { 0 };
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
		companies_clear(&list);
		return r;
	}
	*ret = list;
	return 0;
}

/* ==== letters without case ==== */

/* One UTF-8 character from *at (which moves on); text that came through the parser is well-formed.
 */
static wint_t next_char(const unsigned char **at)
{
	const unsigned char *s = *at;
	int more = *s >= 0xF0 ? 3 : *s >= 0xE0 ? 2 : *s >= 0xC0 ? 1 : 0, i;
	wint_t c = more == 3 ? *s & 0x07 : more == 2 ? *s & 0x0F : more == 1 ? *s & 0x1F : *s;

	for (i = 1; i <= more && (s[i] & 0xC0) == 0x80; i++)
		c = c << 6 | (s[i] & 0x3F);
	*at = s + i;
	return c;
}

static void add_char(struct str *to, wint_t c)
{
	if (c < 0x80) {
		str_addc(to, (char)c);
	} else if (c < 0x800) {
		str_addc(to, (char)(0xC0 | c >> 6));
		str_addc(to, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		str_addc(to, (char)(0xE0 | c >> 12));
		str_addc(to, (char)(0x80 | (c >> 6 & 0x3F)));
		str_addc(to, (char)(0x80 | (c & 0x3F)));
	} else {
		str_addc(to, (char)(0xF0 | c >> 18));
		str_addc(to, (char)(0x80 | (c >> 12 & 0x3F)));
		str_addc(to, (char)(0x80 | (c >> 6 & 0x3F)));
		str_addc(to, (char)(0x80 | (c & 0x3F)));
	}
}

/* Lower case, as the C library's own tables have it; without them only ASCII. gives: mem_free */
static char *fold(const struct store *st, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	struct str out = { 0 };

	if (!text)
		return NULL;
	while (*at) {
		wint_t c = next_char(&at);

		if (st->letters)
			c = towlower_l(c, st->letters);
		else if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		add_char(&out, c);
	}
	return str_take(&out);
}

/* ==== putting ==== */

static const char sql_old[] = "SELECT " COLUMNS " FROM companies WHERE id = :id";

static int read_old(
	struct store *st, int64_t id, bool *ret_found, struct company *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql_old, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", id);
	r = query_next(st, q, ret_found, reterr);
	if (!r && *ret_found)
		read_row(q, ret);
	return r;
}

static bool same(const struct company *a, const struct company *b)
{
	return str_eq(a->identifier, b->identifier) && str_eq(a->name, b->name) &&
		str_eq(a->website, b->website) && str_eq(a->status, b->status) &&
		str_eq(a->types, b->types) && a->inactive == b->inactive && !a->gone_at;
}

static const char sql_put[] =
	"INSERT INTO companies (id, identifier, name, website, status, types, fold_identifier,"
	" fold_name, fold_website, gone_at, inactive, sweep)"
	" VALUES (:id, :identifier, :name, :website, :status, :types, :fold_identifier, :fold_name,"
	" :fold_website, 0, :inactive, :sweep)"
	" ON CONFLICT (id) DO UPDATE SET identifier = excluded.identifier, name = excluded.name,"
	" website = excluded.website, status = excluded.status, types = excluded.types,"
	" fold_identifier = excluded.fold_identifier, fold_name = excluded.fold_name,"
	" fold_website = excluded.fold_website, gone_at = 0, inactive = excluded.inactive,"
	" sweep = max(sweep, excluded.sweep)";

static int write_row(struct store *st, const struct company *c, int64_t sweep, struct fault *reterr)
{
	CLEANUP(mem_free) char *fold_identifier = fold(st, c->identifier);
	CLEANUP(mem_free) char *fold_name = fold(st, c->name);
	CLEANUP(mem_free) char *fold_website = fold(st, c->website);
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_put, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", c->id);
	query_text(q, ":identifier", c->identifier);
	query_text(q, ":name", c->name);
	query_text(q, ":website", c->website);
	query_text(q, ":status", c->status);
	query_text(q, ":types", c->types);
	query_text(q, ":fold_identifier", fold_identifier);
	query_text(q, ":fold_name", fold_name);
	query_text(q, ":fold_website", fold_website);
	query_int(q, ":inactive", c->inactive);
	query_int(q, ":sweep", sweep);
	return query_run(st, q, reterr);
}

static const char sql_swept[] = "UPDATE companies SET sweep = :sweep WHERE id = :id";

static int mark_swept(struct store *st, int64_t id, int64_t sweep, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r;

	if (!sweep)
		return 0;
	r = query_write(st, sql_swept, &q, reterr);
	if (r)
		return r;
	query_int(q, ":sweep", sweep);
	query_int(q, ":id", id);
	return query_run_one(st, q, "company", id, reterr);
}

int company_put(struct store *st, const struct company *c, int64_t sweep,
	enum company_change *ret_change, struct fault *reterr)
{
	struct company old = { 0 };
	enum company_change change = COMPANY_ADDED;
	bool found = false;
	int r = read_old(st, c->id, &found, &old, reterr);

	if (!r && found)
		change = same(&old, c) ? COMPANY_SAME : COMPANY_CHANGED;
	company_clear(&old);
	if (!r)
		r = change == COMPANY_SAME ? mark_swept(st, c->id, sweep, reterr)
					   : write_row(st, c, sweep, reterr);
	if (!r)
		*ret_change = change;
	return r;
}

static const char sql_gone[] = "UPDATE companies SET gone_at = :now WHERE id = :id AND gone_at = 0";

int company_gone(struct store *st, int64_t id, int64_t now, bool *ret_changed, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_gone, &q, reterr);

	if (r)
		return r;
	query_int(q, ":now", now);
	query_int(q, ":id", id);
	r = query_run(st, q, reterr);
	if (!r)
		*ret_changed = query_changed(st) > 0;
	return r;
}

int company_get(struct store *st, int64_t id, struct company *ret, struct fault *reterr)
{
	struct company c = { 0 };
	bool found = false;
	int r = read_old(st, id, &found, &c, reterr);

	if (r)
		return r;
	if (!found)
		return fault_set(reterr, FAULT_NOT_FOUND,
			"no company %" PRId64 " is known; `opbridge sync` reads new ones", id);
	*ret = c;
	return 0;
}

/* ==== finding ==== */

static const char sql_by_identifier[] = "SELECT " COLUMNS " FROM companies"
					" WHERE fold_identifier = :fold"
					" ORDER BY gone_at != 0, id LIMIT 1";

int company_by_identifier(
	struct store *st, const char *identifier, struct company *ret, struct fault *reterr)
{
	CLEANUP(mem_free) char *folded = fold(st, identifier);
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool found = false;
	int r = query_read(st, sql_by_identifier, &q, reterr);

	if (r)
		return r;
	query_text(q, ":fold", folded);
	r = query_next(st, q, &found, reterr);
	if (!r && !found)
		r = fault_set(reterr, FAULT_NOT_FOUND,
			"no company has the identifier %s; `opbridge sync` reads new ones",
			identifier);
	if (r)
		return r;
	*ret = (struct company){ 0 };
	read_row(q, ret);
	return 0;
}

int company_usable(const struct company *c, struct fault *reterr)
{
	if (c->gone_at)
		return fault_set(reterr, FAULT_CONFLICT,
			"the company %s (%" PRId64 ") is gone from ConnectWise", c->name, c->id);
	if (c->inactive)
		return fault_set(reterr, FAULT_CONFLICT,
			"the company %s (%" PRId64 ") is %s in ConnectWise: no ticket would go "
			"out; change its status there, or see sync.inactive_statuses",
			c->name, c->id, c->status ? c->status : "inactive");
	return 0;
}

/* The likelier ones first, so that they are among the candidates: see best(). A number that is the
 * id of one that is gone names no other, even if that has it as its identifier. */
static const char sql_exact[] =
	"SELECT " COLUMNS " FROM companies WHERE id = :id"
	" OR (gone_at = 0 AND (fold_identifier = :fold OR fold_name = :fold))"
	" ORDER BY id = :id DESC, fold_identifier IS :fold DESC, id LIMIT :max";

/* Not "007": that can only be an identifier. */
static int64_t whole_number(const char *text)
{
	char *end;
	long long n;

	if (!text)
		return -1;
	n = strtoll(text, &end, 10);
	return *text >= '1' && *text <= '9' && *end == '\0' ? n : -1;
}

static int ambiguous(const struct companies *list, const char *text, struct fault *reterr)
{
	STR_AUTO(names);
	size_t i;

	for (i = 0; i < list->n && i < CANDIDATES_MAX; i++)
		str_addf(&names, "%s%" PRId64 " %s (%s)", i ? ", " : "", list->at[i].id,
			list->at[i].name ? list->at[i].name : "",
			list->at[i].identifier ? list->at[i].identifier : "");
	return fault_set(reterr, FAULT_CONFLICT,
		"\"%s\" names more than one company: %s; give the id of the one that is meant",
		text, names.at);
}

/* An identifier is unique in ConnectWise and an id even more so: they win over a name. */
static const struct company *best(
	const struct store *st, const struct companies *list, const char *folded, int64_t id)
{
	const struct company *found = NULL;
	size_t i;

	for (i = 0; i < list->n; i++) {
		CLEANUP(mem_free) char *identifier = fold(st, list->at[i].identifier);

		if (list->at[i].id == id)
			return &list->at[i];
		if (str_eq(identifier, folded)) {
			if (found)
				return NULL;
			found = &list->at[i];
		}
	}
	return found ? found : list->n == 1 ? &list->at[0] : NULL;
}

static int choose(const struct store *st, struct companies *list, const char *text,
	const char *folded, struct company *ret, struct fault *reterr)
{
	const struct company *c = best(st, list, folded, whole_number(text));

	if (list->n == 0)
		return fault_set(reterr, FAULT_NOT_FOUND,
			"no company is called \"%s\"; `opbridge companies TEXT` searches, "
			"`opbridge "
			"sync` reads new ones",
			text);
	if (!c)
		return ambiguous(list, text, reterr);
	if (company_usable(c, reterr) < 0)
		return -(int)FAULT_CONFLICT;
	*ret = list->at[c - list->at];
	list->at[c - list->at] = (struct company){ 0 };
	return 0;
}

int company_find(struct store *st, const char *text, struct company *ret, struct fault *reterr)
{
	CLEANUP(mem_free) char *folded = fold(st, text);
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	struct companies list = { 0 };
	int r = query_read(st, sql_exact, &q, reterr);

	if (r)
		return r;
	query_int(q, ":id", whole_number(text));
	query_text(q, ":fold", folded);
	query_int(q, ":max", CANDIDATES_MAX + 1);
	r = read_all(st, q, &list, reterr);
	if (!r)
		r = choose(st, &list, text, folded, ret, reterr);
	companies_clear(&list);
	return r;
}

/* ==== lists ==== */

#define MATCHES                                                                                    \
	" FROM companies WHERE (gone_at = 0 OR :gone) AND (:q IS NULL OR id = :id"                 \
	" OR fold_identifier LIKE :q ESCAPE '\\' OR fold_name LIKE :q ESCAPE '\\'"                 \
	" OR fold_website LIKE :q ESCAPE '\\')"

static const char sql_list[] = "SELECT " COLUMNS MATCHES " ORDER BY fold_name, id LIMIT :limit";
static const char sql_total[] = "SELECT count(*)" MATCHES;

/* Longer than all that is compared, and shorter than SQLite's limit for patterns. */
#define SEARCH_BYTES 4096

/* "a%b" → "%a\%b%". NULL stays NULL. gives: mem_free */
static char *like_pattern(const struct store *st, const char *text)
{
	CLEANUP(mem_free) char *folded = fold(st, text);
	struct str out = { 0 };
	const char *at;

	if (!folded)
		return NULL;
	str_addc(&out, '%');
	for (at = folded; *at && at - folded < SEARCH_BYTES; at++) {
		if (strchr("%_\\", *at))
			str_addc(&out, '\\');
		str_addc(&out, *at);
	}
	str_addc(&out, '%');
	return str_take(&out);
}

static void bind_match(sqlite3_stmt *q, const char *pattern, int64_t id, bool with_gone)
{
	query_text(q, ":q", pattern);
	query_int(q, ":id", id);
	query_int(q, ":gone", with_gone);
}

int company_list(struct store *st, const char *q, bool with_gone, int limit, struct companies *ret,
	int *ret_total, struct fault *reterr)
{
	CLEANUP(mem_free) char *pattern = str_is_blank(q) ? NULL : like_pattern(st, q);
	CLEANUP(query_end) sqlite3_stmt *count = NULL;
	CLEANUP(query_end) sqlite3_stmt *list = NULL;
	int64_t total = 0, id = q ? whole_number(q) : -1;
	int r = query_read(st, sql_total, &count, reterr);

	if (r)
		return r;
	bind_match(count, pattern, id, with_gone);
	r = query_value(st, count, &total, reterr);
	if (!r)
		r = query_read(st, sql_list, &list, reterr);
	if (r)
		return r;
	bind_match(list, pattern, id, with_gone);
	query_int(list, ":limit", limit);
	r = read_all(st, list, ret, reterr);
	if (!r)
		*ret_total = (int)total;
	return r;
}

static const char sql_walk[] =
	"SELECT id, identifier, name, website, status, gone_at, inactive FROM companies"
	" ORDER BY id";

int company_walk(struct store *st, company_fn *fn, void *ctx, int *ret_n, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	bool more = true;
	int r = query_read(st, sql_walk, &q, reterr), n = 0;

	for (; r == 0; n++) {
		r = query_next(st, q, &more, reterr);
		if (r || !more)
			break;
		fn(ctx,
			&(struct company_view){ .id = column_int(q, 0),
				.identifier = column_lent(q, 1),
				.name = column_lent(q, 2),
				.website = column_lent(q, 3),
				.status = column_lent(q, 4),
				.gone = column_int(q, 5) != 0,
				.inactive = column_int(q, 6) != 0 });
	}
	if (r == 0)
		*ret_n = n;
	return r;
}

static int ask(struct store *st, const char *sql, int64_t sweep, int64_t *ret, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_read(st, sql, &q, reterr);

	if (r)
		return r;
	if (sweep)
		query_int(q, ":sweep", sweep);
	return query_value(st, q, ret, reterr);
}

static const char sql_count[] = "SELECT count(*) FROM companies WHERE gone_at = 0";
static const char sql_unseen[] =
	"SELECT count(*) FROM companies WHERE gone_at = 0 AND sweep != :sweep";

int company_count(struct store *st, int64_t *ret_live, struct fault *reterr)
{
	return ask(st, sql_count, 0, ret_live, reterr);
}

int company_unseen(struct store *st, int64_t sweep, int64_t *ret_n, struct fault *reterr)
{
	return ask(st, sql_unseen, sweep, ret_n, reterr);
}

static const char sql_sweep_end[] =
	"UPDATE companies SET gone_at = :now WHERE gone_at = 0 AND sweep != :sweep";

int company_sweep_end(
	struct store *st, int64_t sweep, int64_t now, int64_t *ret_n, struct fault *reterr)
{
	CLEANUP(query_end) sqlite3_stmt *q = NULL;
	int r = query_write(st, sql_sweep_end, &q, reterr);

	if (r)
		return r;
	query_int(q, ":now", now);
	query_int(q, ":sweep", sweep);
	r = query_run(st, q, reterr);
	if (!r)
		*ret_n = query_changed(st);
	return r;
}
