#include "core/ticket_part.h"

#include <string.h>
#include "base/mem.h"
#include "base/zone.h"
#include "core/plain.h"
#include "core/ticket_words.h"

/* UTF-16 units of one value, at most three bytes each; bytes of a whole part. With the bounds of an
 * event (opbridge.h) all parts together leave over 4,000 bytes of TICKET_TEXT_MAX to the
 * description. */
#define VALUE_MAX 256
#define ENTITY_MAX 1000
#define LINK_BYTES_MAX 2048
#define TITLE_MAX 80
#define ENTITIES_BYTES_MAX 6000
#define FURTHER_BYTES_MAX 2000
#define EVENTS_LISTED_MAX 20

const char *ticket_type_name(const struct op_event *ev, const struct ticket_style *style)
{
	const struct event_type *type;

	if (style->language != LANGUAGE_FR || !style->types)
		return ev->type;
	type = type_find(style->types, ev->type);
	return type && !str_is_blank(type->name_fr) ? type->name_fr : ev->type;
}

const struct event_entity *ticket_subject(const struct op_event *ev)
{
	static const char *const best[] = { "user", "created_by", "deleted_by", "granted_by",
		"mailbox", "application", "setting", "health_type", "users", "site" };
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(best); i++)
		for (k = 0; k < ev->n_entities; k++)
			if (str_eq_nocase(ev->entities[k].name, best[i]) &&
				!str_is_blank(ev->entities[k].value))
				return &ev->entities[k];
	for (k = 0; k < ev->n_entities; k++)
		if (!str_is_blank(ev->entities[k].value))
			return &ev->entities[k];
	return NULL;
}

const struct op_event *newest_news(struct op_event *const *evs, size_t n)
{
	size_t i;

	for (i = n; i > 0; i--)
		if (evs[i - 1]->state == EVENT_RAISED || evs[i - 1]->state == EVENT_UPDATED)
			return evs[i - 1];
	return evs[n - 1];
}

void part_text(struct str *out, const char *text, size_t max)
{
	CLEANUP(mem_free) char *plain = plain_text(text ? text : "", false);
	CLEANUP(mem_free) char *cut = utf8_cut(plain, max);

	str_add(out, cut);
}

void part_time(struct str *out, int64_t wall_ms, const struct ticket_style *style)
{
	struct zone_time t;

	zone_at(style->zone, wall_ms, &t);
	ticket_say_date(out, style->language, t.year, t.month, t.day);
	str_addf(out, " %02d:%02d:%02d %s", t.hour, t.minute, t.second, t.label);
}

static size_t characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

void part_long(struct str *out, const char *text, size_t max, enum language language)
{
	CLEANUP(mem_free) char *plain = plain_text(text, true);
	STR_AUTO(rest);
	size_t n = strlen(plain);

	if (n == 0)
		return;
	if (n + 1 <= max) {
		str_addn(out, plain, n);
		str_addc(out, '\n');
		return;
	}
	ticket_say_left_out(&rest, language, n); /* as long as it can get */
	if (max < rest.len + 2)
		return;
	n = plain_cut_at(plain, max - rest.len - 2);
	str_addn(out, plain, n);
	str_addc(out, '\n');
	ticket_say_left_out(out, language, characters(plain + n));
	str_addc(out, '\n');
}

static void start_line(struct str *out, enum ticket_word word, const struct ticket_style *style)
{
	str_add(out, ticket_word(style->language, word));
	str_add(out, ticket_word(style->language, WORD_COLON));
}

static void part_line(
	struct str *out, enum ticket_word word, const char *value, const struct ticket_style *style)
{
	if (str_is_blank(value))
		return;
	start_line(out, word, style);
	part_text(out, value, VALUE_MAX);
	str_addc(out, '\n');
}

/* A heading on a line of its own. */
static void part_heading(struct str *out, enum ticket_word word, const struct ticket_style *style)
{
	start_line(out, word, style);
	out->at[out->len - 1] = '\n'; /* instead of the colon's blank */
}

static void part_tenant(
	struct str *out, const struct op_event *ev, const struct ticket_style *style)
{
	const char *key = ev->tenant_domain ? ev->tenant_domain : ev->tenant_id;

	if (str_is_blank(ev->tenant_name)) {
		part_line(out, WORD_TENANT, key, style);
		return;
	}
	start_line(out, WORD_TENANT, style);
	part_text(out, ev->tenant_name, VALUE_MAX);
	if (key) {
		str_add(out, " (");
		part_text(out, key, VALUE_MAX);
		str_addc(out, ')');
	}
	str_addc(out, '\n');
}

/* From the first to the last time that is given; one time if they are the same. */
static void part_when(
	struct str *out, struct op_event *const *evs, size_t n, const struct ticket_style *style)
{
	int64_t first = 0, last = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		int64_t at = evs[i]->time_at;

		if (at == 0)
			continue;
		first = first == 0 || at < first ? at : first;
		last = last == 0 || at > last ? at : last;
	}
	if (first == 0)
		return;
	start_line(out, WORD_WHEN, style);
	part_time(out, first, style);
	if (last / 1000 != first / 1000) {
		str_add(out, ticket_word(style->language, WORD_TO));
		part_time(out, last, style);
	}
	str_addc(out, '\n');
}

static void part_entity(struct str *out, const struct event_entity *entity, size_t max,
	const struct ticket_style *style)
{
	STR_AUTO(name);

	ticket_entity_name(&name, style->language, entity->name);
	part_text(out, name.at, VALUE_MAX);
	str_add(out, ticket_word(style->language, WORD_COLON));
	part_text(out, entity->value, max);
	str_addc(out, '\n');
}

void part_facts(
	struct str *out, struct op_event *const *evs, size_t n, const struct ticket_style *style)
{
	const struct op_event *news = newest_news(evs, n);
	const struct event_entity *subject = ticket_subject(news);
	enum event_state newest = evs[n - 1]->state;

	part_tenant(out, news, style);
	if (subject)
		part_entity(out, subject, VALUE_MAX, style);
	part_when(out, evs, n, style);
	if (newest != EVENT_RAISED)
		part_line(out, WORD_STATE, ticket_state_word(style->language, newest), style);
	part_line(out, WORD_SEVERITY, news->severity, style);
	if (n == 1)
		part_line(out, WORD_EVENT, news->id, style);
}

void part_entities(struct str *out, const struct op_event *ev, const struct ticket_style *style)
{
	const struct event_entity *shown = ticket_subject(ev);
	STR_AUTO(lines);
	size_t i;

	if (shown && utf8_utf16_len(shown->value) > VALUE_MAX)
		shown = NULL;
	for (i = 0; i < ev->n_entities; i++)
		if (&ev->entities[i] != shown && !str_is_blank(ev->entities[i].value))
			part_entity(&lines, &ev->entities[i], ENTITY_MAX, style);
	if (lines.len == 0)
		return;
	str_addc(out, '\n');
	part_heading(out, WORD_DETAILS, style);
	part_long(out, lines.at, ENTITIES_BYTES_MAX, style->language);
}

void part_further(struct str *out, const struct op_event *ev, const struct ticket_style *style)
{
	if (str_is_blank(ev->extra))
		return;
	str_addc(out, '\n');
	part_heading(out, WORD_FURTHER, style);
	part_long(out, ev->extra, FURTHER_BYTES_MAX, style->language);
}

static void part_event(struct str *out, const struct op_event *ev, const struct ticket_style *style)
{
	if (ev->time_at) {
		part_time(out, ev->time_at, style);
		str_add(out, ", ");
	}
	str_add(out, ticket_state_word(style->language, ev->state));
	str_add(out, ", ");
	part_text(out, ev->id, VALUE_MAX);
	if (!str_is_blank(ev->title)) {
		str_add(out, ", ");
		part_text(out, ev->title, TITLE_MAX);
	}
	str_addc(out, '\n');
}

void part_events(
	struct str *out, struct op_event *const *evs, size_t n, const struct ticket_style *style)
{
	size_t skipped = n > EVENTS_LISTED_MAX ? n - EVENTS_LISTED_MAX : 0, i;

	if (n < 2)
		return;
	str_addc(out, '\n');
	part_heading(out, WORD_EVENTS, style);
	if (skipped) {
		ticket_say_unlisted(out, style->language, skipped);
		str_addc(out, '\n');
	}
	for (i = skipped; i < n; i++)
		part_event(out, evs[i], style);
}

/* A link that does not fit is left out: a cut one leads nowhere. */
static bool link_usable(const char *link)
{
	return !str_is_blank(link) && strnlen(link, LINK_BYTES_MAX + 1) <= LINK_BYTES_MAX;
}

static void part_link(
	struct str *out, enum ticket_word word, const char *link, const struct ticket_style *style)
{
	if (!link)
		return;
	str_addc(out, '\n');
	part_heading(out, word, style);
	part_text(out, link, LINK_BYTES_MAX);
	str_addc(out, '\n');
}

void part_links(
	struct str *out, struct op_event *const *evs, size_t n, const struct ticket_style *style)
{
	const char *view = NULL, *ignore = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		view = link_usable(evs[i]->link_view) ? evs[i]->link_view : view;
		ignore = link_usable(evs[i]->link_ignore) ? evs[i]->link_ignore : ignore;
	}
	part_link(out, WORD_VIEW, view, style);
	part_link(out, WORD_IGNORE, ignore, style);
}
