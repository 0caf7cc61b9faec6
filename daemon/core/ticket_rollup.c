#include "core/ticket_rollup.h"

#include <assert.h>
#include "base/mem.h"
#include "base/str.h"
#include "core/ticket_part.h"
#include "core/ticket_words.h"

/* UTF-16 units of one event's parts; with three bytes each and the rest of the line all
 * ROLLUP_EVENTS_MAX of them stay below TICKET_TEXT_MAX. */
#define TYPE_PART 24
#define ABOUT_PART 20
#define TITLE_PART 20

static const char *tenant_of(const struct op_event *ev)
{
	if (!str_is_blank(ev->tenant_name))
		return ev->tenant_name;
	return ev->tenant_domain ? ev->tenant_domain : ev->tenant_id;
}

char *rollup_summary(const struct op_event *ev, const struct ticket_style *style)
{
	STR_AUTO(out);
	STR_AUTO(tenant);

	part_text(&tenant, tenant_of(ev), SUMMARY_MAX / 2);
	str_add(&out, style->summary_prefix ? style->summary_prefix : "");
	switch (style->language) {
	case LANGUAGE_EN:
		str_addf(&out, "%s: further incidents of one hour, together", tenant.at);
		break;
	case LANGUAGE_FR:
		str_addf(&out, "%s : autres incidents d'une même heure, regroupés", tenant.at);
		break;
	}
	return utf8_cut(out.at, SUMMARY_MAX);
}

static void say_why(struct str *out, int limit, enum language language)
{
	switch (language) {
	case LANGUAGE_EN:
		str_addf(out,
			"This client had %d new tickets within one hour. So that a storm does not "
			"bury "
			"the board, the incidents after them are listed here and have no tickets "
			"of "
			"their own. What comes after that hour gets its own ticket again.\n\n",
			limit);
		return;
	case LANGUAGE_FR:
		str_addf(out,
			"Ce client a eu %d nouveaux billets en une heure. Pour qu'une tempête "
			"n'enterre "
			"pas le tableau, les incidents suivants sont listés ici, sans billet "
			"propre. "
			"Ce qui vient après cette heure aura de nouveau son billet.\n\n",
			limit);
		return;
	}
}

static void add_event(struct str *out, const struct op_event *ev, const struct ticket_style *style)
{
	const struct event_entity *about = ticket_subject(ev);

	str_add(out, "- ");
	if (ev->time_at) {
		part_time(out, ev->time_at, style);
		str_add(out, "  ");
	}
	part_text(out, ticket_type_name(ev, style), TYPE_PART);
	if (ev->state != EVENT_RAISED)
		str_addf(out, " [%s]", ticket_state_word(style->language, ev->state));
	if (about) {
		str_add(out, ", ");
		part_text(out, about->value, ABOUT_PART);
	}
	if (!str_is_blank(ev->title)) {
		str_add(out, ", ");
		part_text(out, ev->title, TITLE_PART);
	}
	str_addf(out, " (%s)\n", ev->id);
}

char *rollup_text(struct op_event *const *evs, size_t n, int limit, const char *note_key,
	const struct ticket_style *style)
{
	STR_AUTO(out);
	size_t i;

	assert(n > 0 && n <= ROLLUP_EVENTS_MAX);
	if (!note_key)
		say_why(&out, limit, style->language);
	for (i = 0; i < n; i++)
		add_event(&out, evs[i], style);
	if (note_key)
		str_addf(&out, "\n%s%s%s\n", ticket_word(style->language, WORD_REFERENCE),
			ticket_word(style->language, WORD_COLON), note_key);
	return str_take(&out);
}
