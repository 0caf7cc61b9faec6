/* `opbridge tenants import`: the daemon is asked first what each row would change; only a file
 * without any mistake is carried out, and only after a person has seen what it changes. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "ctl/ctl.h"
#include "ctl/roster.h"
#include "ctl/tenants_file.h"

#define FILE_MAX ((size_t)32 << 20)
#define BATCH_ROWS 200 /* what the daemon takes at once */
#define BATCH_BYTES 262144
#define BATCH_RELEASES 2000 /* events, so that others are answered between two requests */
#define SAME_SHOWN 50 /* rows that change nothing are shown up to so many */
#define RELEASE_ASKED 20 /* more held events than these are asked about */

/* What the daemon says of a row. owned by import.plans */
struct plan {
	cJSON *result; /* owned; NULL: not asked, the row itself is wrong */
};

/* owned by tenants_import */
struct import {
	struct ctl *ctl;
	struct roster roster;
	struct plan *plans; /* one for each row */
	bool dry_run, unmap, yes;
	size_t added, changed, same, errors;
	int64_t releases, released, held, skipped;
};

static void import_free(struct import *im)
{
	for (size_t i = 0; im->plans && i < im->roster.n; i++)
		json_free(im->plans[i].result);
	free(im->plans);
	roster_free(&im->roster);
}

/* ==== the file ==== */

static int read_whole(int fd, const char *name, struct str *to)
{
	char buf[65536];
	ssize_t n;

	for (;;) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (to->len + (size_t)n > FILE_MAX)
			return ctl_fail(
				EXIT_DATA, "%s is longer than %zu MiB", name, FILE_MAX >> 20);
		str_addn(to, buf, (size_t)n);
	}
	if (n < 0)
		return ctl_fail(errno == EISDIR ? EXIT_NO_INPUT : EXIT_IO,
			"%s could not be read: %s", name, strerror(errno));
	return EXIT_OK;
}

static int read_file(struct import *im, const char *path)
{
	bool standard = str_eq(path, "-");
	const char *name = standard ? "standard input" : path;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), r;
	struct fault f = { 0 };
	STR_AUTO(text);

	if (fd < 0)
		return ctl_fail(errno == EACCES ? EXIT_DENIED : EXIT_NO_INPUT,
			"%s cannot be opened: %s", path, strerror(errno));
	r = read_whole(fd, name, &text);
	if (!standard)
		close(fd);
	if (r)
		return r;
	if (roster_read(text.at ? text.at : "", text.len, &im->roster, &f))
		return ctl_fail(EXIT_DATA, "%s: %s; nothing was changed", name, f.text);
	im->plans = xcalloc(im->roster.n ? im->roster.n : 1, sizeof(*im->plans));
	return EXIT_OK;
}

/* ==== asking the daemon ==== */

static void fail_row(struct import *im, size_t i, char *why)
{
	mem_free(im->roster.rows[i].why);
	im->roster.rows[i].why = why;
}

/* Another row of the same request is about the same tenant: say it by its place in the file. */
static void name_other(
	struct import *im, size_t i, const size_t *rows, size_t n, const cJSON *result)
{
	int64_t other;
	char place[32];

	if (!json_int(result, "other", &other) || other < 0 || other >= (int64_t)n)
		return;
	roster_place(&im->roster, &im->roster.rows[rows[other]], place);
	fail_row(im, i, xasprintf("%s is about the same tenant or its domain", place));
}

static void take_plan(
	struct import *im, const size_t *rows, size_t n, size_t k, const cJSON *result)
{
	size_t i = rows[k];

	json_free(im->plans[i].result);
	im->plans[i].result = json_copy(result);
	if (str_eq(json_str(result, "change"), "error")) {
		fail_row(im, i, xstrdup(ctl_str(result, "why", "refused")));
		name_other(im, i, rows, n, result);
	}
}

static void take_done(struct import *im, const cJSON *result)
{
	im->released += ctl_int(result, "released");
	im->held += ctl_int(result, "held");
	im->skipped += ctl_int(result, "skipped");
}

static int send_batch(struct import *im, cJSON *body, const size_t *rows, size_t n, bool dry_run)
{
	const struct call call = { .channel = CHANNEL_CONTROL,
		.method = "POST",
		.path = "/v1/tenants",
		.body = body,
		.conflict_exit = EXIT_DATA };
	CLEANUP(json_free) cJSON *answer = NULL;
	const cJSON *result;
	size_t k = 0;
	int r;

	json_add_bool(body, "dry_run", dry_run);
	json_add_bool(body, "unmap", im->unmap);
	r = ctl_call(im->ctl, &call, &answer);
	if (r)
		return r;
	for (result = ctl_first(answer, "results"); result && k < n; result = result->next, k++)
		if (dry_run)
			take_plan(im, rows, n, k, result);
		else
			take_done(im, result);
	return k == n ? EXIT_OK
		      : ctl_fail(EXIT_PROTOCOL, "the daemon left out %zu of %zu tenants", n - k, n);
}

/* The next rows from *at on that are wanted, as one request. */
static int next_batch(struct import *im, size_t *at, bool dry_run,
	bool (*wanted)(const struct import *im, size_t i))
{
	CLEANUP(json_free) cJSON *body = json_object();
	cJSON *list = json_add_array(body, "tenants");
	size_t rows[BATCH_ROWS], n = 0, bytes = 0;
	int64_t releases = 0;

	for (; *at < im->roster.n && n < BATCH_ROWS && bytes < BATCH_BYTES &&
		releases < BATCH_RELEASES;
		(*at)++) {
		CLEANUP(mem_free) char *text = NULL;

		if (!wanted(im, *at))
			continue;
		text = json_text(im->roster.rows[*at].tenant);
		bytes += strlen(text);
		releases += ctl_int(im->plans[*at].result, "releases");
		json_push(list, json_copy(im->roster.rows[*at].tenant));
		rows[n++] = *at;
	}
	return n ? send_batch(im, body, rows, n, dry_run) : EXIT_OK;
}

static bool can_be_asked(const struct import *im, size_t i)
{
	return !im->roster.rows[i].why;
}

static const char *change_of(const struct import *im, size_t i)
{
	return ctl_str(im->plans[i].result, "change", "error");
}

static bool changes_something(const struct import *im, size_t i)
{
	return !str_eq(change_of(im, i), "same");
}

static int ask_all(struct import *im)
{
	size_t at = 0;
	int r = EXIT_OK;

	while (r == EXIT_OK && at < im->roster.n)
		r = next_batch(im, &at, true, can_be_asked);
	return r;
}

/* ==== rows about one tenant, in different requests ==== */

struct key {
	char *text; /* owned */
	size_t row;
};

static int key_order(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = strcasecmp(x->text, y->text);

	return order ? order : x->row < y->row ? -1 : x->row > y->row;
}

static bool adds_domain(const cJSON *result)
{
	for (const cJSON *c = ctl_first(result, "changes"); c; c = c->next)
		if (str_eq(json_str(c, "what"), "domain"))
			return true;
	return str_eq(json_str(result, "change"), "new");
}

static void add_keys(const struct import *im, size_t i, struct key *keys, size_t *n)
{
	const cJSON *t = im->roster.rows[i].tenant, *result = im->plans[i].result;
	int64_t row = ctl_int(result, "row");

	if (im->roster.rows[i].why)
		return;
	if (row)
		keys[(*n)++] = (struct key){ xasprintf("row %" PRId64, row), i };
	else if (!str_is_blank(json_str(t, "id")))
		keys[(*n)++] = (struct key){ xasprintf("id %s", json_str(t, "id")), i };
	if (adds_domain(result) && !str_is_blank(json_str(t, "domain")))
		keys[(*n)++] = (struct key){ xasprintf("domain %s", json_str(t, "domain")), i };
}

static void find_doubles(struct import *im)
{
	struct key *keys = xcalloc(im->roster.n * 2 + 1, sizeof(*keys));
	size_t n = 0;

	for (size_t i = 0; i < im->roster.n; i++)
		add_keys(im, i, keys, &n);
	qsort(keys, n, sizeof(*keys), key_order);
	for (size_t i = 1; i < n; i++) {
		char place[32];

		if (strcasecmp(keys[i - 1].text, keys[i].text) != 0)
			continue;
		roster_place(&im->roster, &im->roster.rows[keys[i - 1].row], place);
		fail_row(im, keys[i].row,
			xasprintf("%s is about the same tenant or its domain", place));
	}
	for (size_t i = 0; i < n; i++)
		mem_free(keys[i].text);
	free(keys);
}

/* ==== showing ==== */

static void count(struct import *im)
{
	for (size_t i = 0; i < im->roster.n; i++) {
		if (im->roster.rows[i].why)
			im->errors++;
		else if (str_eq(change_of(im, i), "new"))
			im->added++;
		else if (str_eq(change_of(im, i), "changed"))
			im->changed++;
		else
			im->same++;
		im->releases += ctl_int(im->plans[i].result, "releases");
	}
}

static const char *label_of(const cJSON *tenant)
{
	const char *text = ctl_str(tenant, "domain", NULL);

	text = text ? text : ctl_str(tenant, "id", NULL);
	return text ? text : ctl_str(tenant, "name", "?");
}

static void say_row(const struct import *im, enum tone tone, const char *text)
{
	const struct term *out = &im->ctl->out;
	CLEANUP(mem_free) char *safe = term_safe(text);

	fputs(term_on(out, tone), out->out);
	term_wrap(out, safe, 0, 2);
	fputs(term_off(out, tone), out->out);
}

static void show_change(const struct import *im, size_t i, bool is_new)
{
	const cJSON *c = ctl_first(im->plans[i].result, "changes");
	const char *label = label_of(im->roster.rows[i].tenant), *between = ": ";
	STR_AUTO(line);

	str_addf(&line, "%s %s", is_new ? "+" : "~", label);
	for (; c; c = c->next) {
		const char *from = json_str(c, "from"), *to = ctl_str(c, "to", "none");

		if (is_new && str_eq(to, label))
			continue;
		str_addf(&line, "%s%s ", between, ctl_str(c, "what", "?"));
		if (from || !is_new)
			str_addf(&line, "%s → ", from ? from : "none");
		str_add(&line, to);
		between = "; ";
	}
	say_row(im, is_new ? TONE_GOOD : TONE_WARN, line.at);
}

static void show_row(const struct import *im, size_t i)
{
	const struct roster_row *row = &im->roster.rows[i];
	CLEANUP(mem_free) char *line = NULL;
	char place[32];

	if (row->why) {
		line = xasprintf("! %s: %s", roster_place(&im->roster, row, place), row->why);
		say_row(im, TONE_BAD, line);
	} else if (changes_something(im, i)) {
		show_change(im, i, str_eq(change_of(im, i), "new"));
	} else if (im->same <= SAME_SHOWN) {
		line = xasprintf("= %s", label_of(row->tenant));
		say_row(im, TONE_DIM, line);
	}
}

static void show(const struct import *im)
{
	if (im->ctl->json)
		return;
	for (size_t i = 0; i < im->roster.n; i++)
		show_row(im, i);
	ctl_say(im->ctl, "%zu new, %zu changed, %zu same, %zu wrong.%s", im->added, im->changed,
		im->same, im->errors, im->errors ? " Nothing was changed." : "");
	if (im->releases && !im->errors)
		ctl_say(im->ctl, "Held events that become tickets: %" PRId64 ".", im->releases);
}

static cJSON *json_of_row(const struct import *im, size_t i)
{
	const struct roster_row *row = &im->roster.rows[i];
	cJSON *node = json_object();

	json_add_int(node, im->roster.json ? "entry" : "line", row->line);
	json_add_str(node, "tenant", label_of(row->tenant));
	json_add_str(node, "change", row->why ? "error" : change_of(im, i));
	json_add_str(node, "why", row->why);
	if (!row->why)
		json_add_node(node, "changes", json_copy(json_get(im->plans[i].result, "changes")));
	return node;
}

static void print_json(const struct import *im, bool done)
{
	CLEANUP(json_free) cJSON *node = json_object();
	cJSON *list;

	if (!im->ctl->json)
		return;
	json_add_bool(node, "imported", done);
	json_add_int(node, "new", (int64_t)im->added);
	json_add_int(node, "changed", (int64_t)im->changed);
	json_add_int(node, "same", (int64_t)im->same);
	json_add_int(node, "errors", (int64_t)im->errors);
	json_add_int(node, "releases", im->releases);
	json_add_int(node, "released", im->released);
	json_add_int(node, "held", im->held);
	json_add_int(node, "skipped", im->skipped);
	list = json_add_array(node, "results");
	for (size_t i = 0; i < im->roster.n; i++)
		json_push(list, json_of_row(im, i));
	ctl_print_json(im->ctl, node);
}

/* ==== asking the person ==== */

static bool says_yes(const char *question)
{
	char line[16] = "";

	fflush(stdout);
	fprintf(stderr, "%s [y/N] ", question);
	fflush(stderr);
	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return str_eq_nocase(line, "y") || str_eq_nocase(line, "yes");
}

static int ask_person(const struct import *im)
{
	CLEANUP(mem_free)
	char *sum =
		xasprintf("%" PRId64 " held events become tickets in ConnectWise. Release them?",
			im->releases);

	if (im->yes)
		return EXIT_OK;
	if (!isatty(STDIN_FILENO))
		return ctl_fail(EXIT_USAGE,
			"nothing was changed: there is no terminal to ask at; look with --dry-run, "
			"then say --yes");
	if (!says_yes("Change this?") || (im->releases > RELEASE_ASKED && !says_yes(sum)))
		return ctl_fail(EXIT_TEMPORARY, "nothing was changed");
	return EXIT_OK;
}

/* ==== all of it ==== */

static int carry_out(struct import *im)
{
	size_t at = 0, before = 0;
	int r = EXIT_OK;

	while (r == EXIT_OK && at < im->roster.n) {
		before = at;
		r = next_batch(im, &at, false, changes_something);
	}
	if (r && before)
		ctl_fail((enum exit_code)r,
			"the first %zu of %zu tenants are done; import the file again when that is "
			"mended: what is done stays",
			before, im->roster.n);
	if (r)
		return r;
	print_json(im, true);
	if (!im->ctl->json)
		ctl_say(im->ctl,
			"Done. Events released: %" PRId64 ", held: %" PRId64 ", skipped: %" PRId64
			". To see who did what: opbridge audit",
			im->released, im->held, im->skipped);
	return EXIT_OK;
}

static int run(struct import *im, const char *path)
{
	int r = read_file(im, path);

	if (r == EXIT_OK)
		r = ask_all(im);
	if (r)
		return r;
	find_doubles(im);
	count(im);
	show(im);
	if (im->errors || im->dry_run || im->added + im->changed == 0) {
		print_json(im, false);
		if (!im->ctl->json && !im->errors && im->added + im->changed == 0)
			ctl_say(im->ctl, "Nothing to do.");
		return im->errors ? EXIT_DATA : EXIT_OK;
	}
	r = ask_person(im);
	return r ? r : carry_out(im);
}

int tenants_import(struct ctl *ctl, const struct args *args)
{
	struct import im = { .ctl = ctl,
		.dry_run = args_has(args, "dry-run"),
		.unmap = args_has(args, "unmap"),
		.yes = args_has(args, "yes") };
	const char *path = args_operand(args, 1);
	int r;

	if (!path)
		return ctl_fail(EXIT_USAGE,
			"import needs a file, or - for standard input: opbridge tenants import "
			"FILE");
	r = run(&im, path);
	import_free(&im);
	return r;
}
