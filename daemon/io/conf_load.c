/* A whole configuration: file → tree → keys of the table → checks → a struct conf, or every fault.
 */
#include "io/conf_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"
#include "base/zone.h"

void conf_faults_clear(struct conf_faults *faults)
{
	size_t i;

	for (i = 0; i < faults->n; i++)
		mem_free(faults->lines[i]);
	free(faults->lines);
	*faults = (struct conf_faults){ 0 };
}

void conf_report_init(struct conf_report *r, const char *file, struct conf_faults *faults)
{
	*r = (struct conf_report){ .file = file, .faults = faults, .before = faults->n };
}

void conf_report_clear(struct conf_report *r)
{
	free(r->at);
	r->at = NULL;
}

void conf_say(struct conf_report *r, int line, const char *fmt, ...)
{
	size_t own = r->faults->n - r->before, at = own;
	char sentence[1024];
	char **lines;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	r->at = xrealloc(r->at, (own + 1) * sizeof(*r->at));
	r->faults->lines = xrealloc(r->faults->lines, (r->faults->n + 1) * sizeof(char *));
	lines = r->faults->lines + r->before;
	for (; at > 0 && r->at[at - 1] > line; at--) { /* in the order of the lines */
		r->at[at] = r->at[at - 1];
		lines[at] = lines[at - 1];
	}
	r->at[at] = line;
	lines[at] = line ? xasprintf("%s:%d: %s", r->file, line, sentence)
			 : xasprintf("%s: %s", r->file, sentence);
	r->faults->n++;
}

void conf_file_failed(struct conf_report *r, int error)
{
	static const int passing[] = { EMFILE, ENFILE, ENOMEM, EIO, EINTR, EAGAIN };
	size_t i;

	for (i = 0; i < ARRAY_LEN(passing); i++)
		r->faults->passing |= error == passing[i];
}

static int line_of(const struct conf_reading *r, const char *path)
{
	const char *dot = strchr(path, '.');
	CLEANUP(mem_free) char *section = xstrndup(path, dot ? (size_t)(dot - path) : strlen(path));
	const struct conf_node *top = conf_node_get(r->root, section), *leaf;

	if (!top)
		return 1;
	leaf = dot ? conf_node_get(top, dot + 1) : NULL;
	return leaf ? leaf->line : top->line;
}

void conf_say_key(struct conf_reading *r, const char *path, const char *fmt, ...)
{
	int key = conf_key_find(path);
	char sentence[1024];
	va_list ap;

	assert(key >= 0);
	if (r->bad[key])
		return;
	r->bad[key] = true;
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	conf_say(r->report, line_of(r, path), "%s: %s", path, sentence);
}

bool conf_key_good(const struct conf_reading *r, const char *path)
{
	int key = conf_key_find(path);

	assert(key >= 0);
	return !r->bad[key];
}

static void say_unknown(struct conf_reading *r, const struct conf_node *node, const char *path)
{
	const char *meant = conf_suggest(path, node->kind == NODE_GROUP && !strchr(path, '.'));

	if (meant)
		conf_say(r->report, node->line, "%s is not a setting; did you mean %s?", path,
			meant);
	else
		conf_say(r->report, node->line,
			"%s is not a setting; `opbridged -t -v` lists all there are", path);
}

static bool is_section(const char *name)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		if (str_starts(conf_keys[i].path, name) && conf_keys[i].path[strlen(name)] == '.')
			return true;
	return false;
}

static void take_setting(struct conf_reading *r, const struct conf_node *node, const char *path)
{
	CLEANUP(mem_free) char *fault = NULL;
	int key = conf_key_find(path);

	if (key < 0) {
		say_unknown(r, node, path);
		return;
	}
	fault = conf_value_put(&conf_keys[key], node, r->conf);
	if (fault)
		conf_say_key(r, path, "%s", fault);
}

static void take_section(struct conf_reading *r, const struct conf_node *section)
{
	size_t i;

	for (i = 0; i < section->n; i++) {
		CLEANUP(mem_free)
		char *path = xasprintf("%s.%s", section->name, section->kids[i].name);

		take_setting(r, &section->kids[i], path);
	}
}

static void take_tree(struct conf_reading *r)
{
	size_t i;

	for (i = 0; i < r->root->n; i++) {
		const struct conf_node *node = &r->root->kids[i];

		if (!is_section(node->name))
			take_setting(r, node, node->name);
		else if (node->kind == NODE_GROUP)
			take_section(r, node);
		else
			conf_say(r->report, node->line,
				"%s is a section: write it as %s = { … }; what stands there is %s",
				node->name, node->name, node_kind_name(node->kind));
	}
}

static void say_missing(struct conf_reading *r)
{
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		if (!conf_keys[i].standard && !**(char **)((char *)r->conf + conf_keys[i].offset))
			conf_say_key(r, conf_keys[i].path, "is required and missing: %s",
				conf_keys[i].help);
	if (conf_key_good(r, "connectwise.site") && !*r->conf->cw.site && !*r->conf->cw.base_url)
		conf_say_key(r, "connectwise.site", "is required and missing: %s",
			conf_keys[conf_key_find("connectwise.site")].help);
}

static struct conf *conf_new(const char *path)
{
	struct conf *c = xcalloc(1, sizeof(*c));
	size_t i;

	c->refs = 1;
	c->path = xstrdup(path);
	for (i = 0; i < conf_n_keys; i++)
		conf_value_standard(&conf_keys[i], c);
	return c;
}

static void leave_out(const struct conf_reading *r, const char *const *keys, size_t n, char **way)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!conf_key_good(r, keys[i]) && **way) {
			mem_free(*way);
			*way = xstrdup("");
		}
}

static void leave_out_bad_ways(struct conf_reading *r)
{
	static const char *const mail[] = { "alarm.mail_to", "alarm.mail_from", "alarm.smtp",
		"alarm.smtp_user", "alarm.smtp_password_file", "alarm.smtp_tls",
		"alarm.smtp_ca_file" };
	static const char *const hook[] = { "alarm.hook" };

	leave_out(r, mail, ARRAY_LEN(mail), &r->conf->alarm.mail_to);
	leave_out(r, hook, ARRAY_LEN(hook), &r->conf->alarm.hook);
}

/* False: not even its form is one of a configuration. */
static bool read_all(
	const char *path, struct conf *c, struct conf_report *report, bool only_good_ways)
{
	CLEANUP(conf_node_free) struct conf_node *root = NULL;
	struct conf_reading r = { .report = report, .conf = c };

	if (!conf_tree_read(path, report, &root))
		return false;
	r.root = root;
	r.bad = xcalloc(conf_n_keys, sizeof(*r.bad));
	take_tree(&r);
	say_missing(&r);
	conf_places(&r);
	conf_check(&r);
	conf_alarm(&r);
	conf_private_key(&r);
	conf_smtp_password(&r);
	conf_types(&r);
	c->ticket.style.summary_prefix = c->ticket.prefix;
	c->ticket.style.types = &c->types;
	c->ticket.style.zone = c->ticket.zone;
	if (only_good_ways)
		leave_out_bad_ways(&r);
	free(r.bad);
	return true;
}

static int first_fault(const struct conf_faults *faults, struct fault *reterr)
{
	return fault_set(
		reterr, faults->passing ? FAULT_SYSTEM : FAULT_CONFIG, "%s", faults->lines[0]);
}

int conf_load(
	const char *path, struct conf **ret, struct conf_faults *ret_faults, struct fault *reterr)
{
	CLEANUP(conf_unref) struct conf *c = conf_new(path);
	struct conf_report report;

	*ret_faults = (struct conf_faults){ 0 };
	conf_report_init(&report, path, ret_faults);
	(void)read_all(path, c, &report, false);
	conf_report_clear(&report);
	if (ret_faults->n)
		return first_fault(ret_faults, reterr);
	*ret = TAKE(c);
	return 0;
}

int conf_load_alarm(
	const char *path, struct conf **ret, struct conf_faults *ret_faults, struct fault *reterr)
{
	CLEANUP(conf_unref) struct conf *c = conf_new(path);
	struct conf_report report;
	bool has_form;

	*ret_faults = (struct conf_faults){ 0 };
	conf_report_init(&report, path, ret_faults);
	has_form = read_all(path, c, &report, true);
	conf_report_clear(&report);
	if (!has_form)
		return first_fault(ret_faults, reterr);
	*ret = TAKE(c);
	return 0;
}

struct conf *conf_ref(struct conf *c)
{
	assert(c->refs > 0);
	c->refs++;
	return c;
}

void conf_unref(struct conf *c)
{
	size_t i;

	if (!c)
		return;
	assert(c->refs > 0);
	if (--c->refs > 0)
		return;
	for (i = 0; i < conf_n_keys; i++)
		if (conf_keys[i].kind == CONF_TEXT)
			mem_free(*(char **)((char *)c + conf_keys[i].offset));
	secret_free(c->cw.private_key);
	secret_free(c->alarm.smtp_password);
	zone_free(c->ticket.zone);
	type_table_clear(&c->types);
	mem_free(c->path);
	free(c);
}
