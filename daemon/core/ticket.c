#include "core/ticket.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"
#include "core/plain.h"
#include "core/ticket_part.h"
#include "core/ticket_words.h"

#define HEADLINE_MAX 400 /* UTF-16 units of a title inside the text */
#define LABEL_MAX 600
#define SUBJECT_MAX 40 /* of the summary: whom it is about */
#define SUMMARY_BASE_MIN 20 /* of the summary: what happened; else the subject is left out */

/* ==== the summary ==== */

/* As words of its own, not as a part of another one. */
static bool holds(const char *text, const char *part)
{
	size_t n = strlen(part);
	const char *at;

	for (at = strcasestr(text, part); at; at = strcasestr(at + 1, part))
		if ((at == text || !isalnum((unsigned char)at[-1])) &&
			!isalnum((unsigned char)at[n]))
			return true;
	return false;
}

static bool is_text(const char *text)
{
	return !str_is_blank(text);
}

/* What happened and to whom, in `room` units: the subject is kept whole if it can be. */
static void add_headline(
	struct str *out, const char *base, const char *subject, const char *colon, size_t room)
{
	CLEANUP(mem_free) char *cut_subject = utf8_cut(subject, SUBJECT_MAX);
	size_t tail = utf8_utf16_len(colon) + utf8_utf16_len(cut_subject);

	if (!is_text(subject) || holds(base, subject) || room < tail + SUMMARY_BASE_MIN) {
		part_text(out, base, room);
		return;
	}
	part_text(out, base, room - tail);
	str_add(out, colon);
	str_add(out, cut_subject);
}

char *ticket_summary(const struct op_event *ev, const struct ticket_style *style)
{
	const struct event_entity *entity = ticket_subject(ev);
	CLEANUP(mem_free)
	char *prefix = utf8_plain(style->summary_prefix ? style->summary_prefix : "", false);
	CLEANUP(mem_free)
	char *base =
		plain_text(is_text(ev->title) ? ev->title : ticket_type_name(ev, style), false);
	CLEANUP(mem_free) char *subject = plain_text(entity ? entity->value : "", false);
	size_t used = utf8_utf16_len(prefix);
	STR_AUTO(out);

	str_add(&out, prefix);
	add_headline(&out, base, subject, ticket_word(style->language, WORD_COLON),
		used < SUMMARY_MAX ? SUMMARY_MAX - used : 0);
	return utf8_cut(out.at, SUMMARY_MAX);
}

/* ==== longer texts ==== */

/* head, description, middle, tail, where only the description gives way. */
struct sheet {
	struct str head, middle, tail;
};

static void sheet_clear(struct sheet *s)
{
	str_free(&s->head);
	str_free(&s->middle);
	str_free(&s->tail);
}

static void add_type_and_title(
	struct str *out, struct op_event *const *evs, size_t n, const struct ticket_style *style)
{
	const struct op_event *ev = newest_news(evs, n);

	part_text(out, ticket_type_name(ev, style), HEADLINE_MAX);
	str_addc(out, '\n');
	if (is_text(ev->title) && !str_eq_nocase(ev->title, ev->type)) {
		part_text(out, ev->title, HEADLINE_MAX);
		str_addc(out, '\n');
	}
	str_addc(out, '\n');
}

static void add_details(
	struct sheet *s, struct op_event *const *evs, size_t n, const struct ticket_style *style)
{
	const struct op_event *news = newest_news(evs, n);

	part_entities(&s->middle, news, style);
	part_further(&s->middle, news, style);
	part_events(&s->middle, evs, n, style);
	part_links(&s->middle, evs, n, style);
}

/* What the newest news says, and below it what an end after it says. gives */
static char *descriptions(struct op_event *const *evs, size_t n, const struct ticket_style *style)
{
	const struct op_event *news = newest_news(evs, n), *last = evs[n - 1];
	STR_AUTO(out);

	if (is_text(news->description))
		str_add(&out, news->description);
	if (last != news && is_text(last->description) &&
		!str_eq(last->description, news->description))
		str_addf(&out, "\n\n%s%s%s", ticket_state_word(style->language, last->state),
			ticket_word(style->language, WORD_COLON), last->description);
	return str_take(&out);
}

/* Puts it together and empties the sheet. The bounds of all parts but the description leave it
 * some thousand bytes at least. */
static char *sheet_text(
	struct sheet *s, struct op_event *const *evs, size_t n, const struct ticket_style *style)
{
	CLEANUP(mem_free) char *description = descriptions(evs, n, style);
	STR_AUTO(what);
	size_t fixed;

	str_addf(&what, "\n%s%s", ticket_word(style->language, WORD_WHAT),
		ticket_word(style->language, WORD_COLON));
	what.at[what.len - 1] = '\n';
	fixed = s->head.len + s->middle.len + s->tail.len + what.len;
	assert(fixed < TICKET_TEXT_MAX);
	if (is_text(description)) {
		str_addn(&s->head, what.at, what.len);
		part_long(&s->head, description, TICKET_TEXT_MAX - fixed, style->language);
	}
	if (s->middle.len)
		str_addn(&s->head, s->middle.at, s->middle.len);
	if (s->tail.len)
		str_addn(&s->head, s->tail.at, s->tail.len);
	str_free(&s->middle);
	str_free(&s->tail);
	assert(s->head.len <= TICKET_TEXT_MAX);
	return str_take(&s->head);
}

static char *plain_label(const char *label)
{
	STR_AUTO(out);

	part_text(&out, label, LABEL_MAX);
	return str_take(&out);
}

char *ticket_description(struct op_event *const *evs, size_t n, const char *label,
	int64_t previous_ticket, const struct ticket_style *style)
{
	__attribute__((cleanup(sheet_clear))) struct sheet s = { 0 };
	CLEANUP(mem_free) char *shown = plain_label(label);

	assert(n > 0);
	add_type_and_title(&s.head, evs, n, style);
	part_facts(&s.head, evs, n, style);
	add_details(&s, evs, n, style);
	str_addc(&s.tail, '\n');
	ticket_say_will_join(&s.tail, style->language, shown);
	str_addc(&s.tail, '\n');
	if (previous_ticket > 0)
		str_addf(&s.tail, "%s%s%" PRId64 "\n", ticket_word(style->language, WORD_PREVIOUS),
			ticket_word(style->language, WORD_COLON), previous_ticket);
	return sheet_text(&s, evs, n, style);
}

char *ticket_note(struct op_event *const *evs, size_t n, const char *label, const char *note_key,
	const struct ticket_style *style)
{
	__attribute__((cleanup(sheet_clear))) struct sheet s = { 0 };
	CLEANUP(mem_free) char *shown = plain_label(label);

	assert(n > 0);
	ticket_say_news(&s.head, style->language, n, evs[n - 1]->state);
	str_addc(&s.head, '\n');
	add_type_and_title(&s.head, evs, n, style);
	part_facts(&s.head, evs, n, style);
	add_details(&s, evs, n, style);
	str_addc(&s.tail, '\n');
	ticket_say_joined(&s.tail, style->language, n, shown);
	if (is_text(shown))
		str_addc(&s.tail, '\n');
	str_addf(&s.tail, "%s%s%s\n", ticket_word(style->language, WORD_REFERENCE),
		ticket_word(style->language, WORD_COLON), note_key);
	return sheet_text(&s, evs, n, style);
}

char *ticket_cut(const char *text, size_t max, const char *note_key)
{
	size_t tail = note_key ? utf8_utf16_len(note_key) + 1 : 0;
	CLEANUP(mem_free) char *head = NULL;

	if (utf8_utf16_len(text) <= max)
		return xstrdup(text);
	head = utf8_cut(text, max > tail ? max - tail : 0);
	return note_key ? xasprintf("%s\n%s", head, note_key) : TAKE(head);
}
