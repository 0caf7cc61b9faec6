#include "core/alarm_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"

/* ==== small words ==== */

enum label {
	LABEL_RAISED,
	LABEL_WORSE,
	LABEL_REMINDER,
	LABEL_OVER,
	LABEL_SINCE,
	LABEL_UNTIL,
	LABEL_FOR,
	LABEL_EVENTS,
	LABEL_SEEN,
	LABEL_MEANING,
	LABEL_REMEDY,
	LABEL_NOW,
	LABEL_UNDELIVERED,
	LABEL_HELD,
	LABEL_DEAD,
	LABEL_ON,
	LABEL_MORE,
	LABEL_LIMIT,
	LABEL_AGAIN,
	LABEL_TEST,
	LABEL_TEST_TEXT,
	LABEL_COUNT
};
static const char *const labels[LABEL_COUNT][2] = {
	[LABEL_RAISED] = { "Problem", "Problème" },
	[LABEL_WORSE] = { "Worse", "Pire" },
	[LABEL_REMINDER] = { "Still", "Toujours" },
	[LABEL_OVER] = { "Over", "Terminé" },
	[LABEL_SINCE] = { "Since", "Depuis" },
	[LABEL_UNTIL] = { "until", "jusqu'à" },
	[LABEL_FOR] = { "for", "durée" },
	[LABEL_EVENTS] = { "Events", "Événements" },
	[LABEL_SEEN] = { "What was seen", "Ce qui a été constaté" },
	[LABEL_MEANING] = { "For your customers", "Pour vos clients" },
	[LABEL_REMEDY] = { "What to do", "Que faire" },
	[LABEL_NOW] = { "Now", "En ce moment" },
	[LABEL_UNDELIVERED] = { "waiting for ConnectWise", "en attente de ConnectWise" },
	[LABEL_HELD] = { "held", "retenus" },
	[LABEL_DEAD] = { "refused for good", "refusés définitivement" },
	[LABEL_ON] = { "opbridge on", "opbridge sur" },
	[LABEL_MORE] = { "more", "de plus" },
	[LABEL_LIMIT] = { "The limit of messages in an hour is reached; what changes now comes in "
			  "the "
			  "next one.",
		"La limite de messages par heure est atteinte ; les changements suivants viendront "
		"dans le prochain." },
	[LABEL_AGAIN] = { "A reminder follows as long as this lasts:",
		"Rappel tant que cela dure :" },
	[LABEL_TEST] = { "Test of the emergency contact", "Essai du contact d'urgence" },
	[LABEL_TEST_TEXT] = { "This is a test: opbridge can reach you here when it is broken. "
			      "Nothing is wrong, and "
			      "there is nothing to do.",
		"Ceci est un essai : opbridge peut vous joindre ici quand il est en panne. Tout va "
		"bien, et il n'y a rien à faire." },
};

static const char *word(const struct alarm_scene *scene, enum label label)
{
	return labels[label][scene->language];
}

static const char *colon(const struct alarm_scene *scene)
{
	switch (scene->language) {
	case LANGUAGE_EN:
		return ": ";
	case LANGUAGE_FR:
		return " : ";
	}
	abort();
}

static enum label label_of(enum alarm_kind kind)
{
	switch (kind) {
	case ALARM_RAISED:
		return LABEL_RAISED;
	case ALARM_WORSE:
		return LABEL_WORSE;
	case ALARM_REMINDER:
		return LABEL_REMINDER;
	case ALARM_OVER:
		return LABEL_OVER;
	}
	abort();
}

/* "2 h 5 min": two units at most. */
static void add_span(struct str *out, int64_t ms)
{
	const int64_t s = ms < 0 ? 0 : ms / 1000, min = s / 60, h = min / 60, d = h / 24;

	if (d)
		str_addf(out, "%" PRId64 " d %" PRId64 " h", d, h % 24);
	else if (h)
		str_addf(out, "%" PRId64 " h %" PRId64 " min", h, min % 60);
	else if (min)
		str_addf(out, "%" PRId64 " min", min);
	else
		str_addf(out, "%" PRId64 " s", s);
}

/* "2026-11-24 05:04:03 UTC" */
static void add_when(struct str *out, int64_t at)
{
	char buf[TIME_TEXT_MAX];

	time_text_s(at, buf);
	str_addf(out, "%.10s %.8s UTC", buf, buf + 11);
}

/* ==== the subject ==== */

char *alarm_subject(const struct alarm_message *m, const struct alarm_scene *scene)
{
	const struct alarm_line *first = &m->lines[0];
	STR_AUTO(out);

	str_addf(&out, "[opbridge %s] %s%s%s", scene->host, word(scene, label_of(first->kind)),
		colon(scene), alarm_title(first->cause, scene->language));
	if (m->n > 1)
		str_addf(&out, " (+ %zu %s)", m->n - 1, word(scene, LABEL_MORE));
	return str_take(&out);
}

char *alarm_test_subject(const struct alarm_scene *scene)
{
	return xasprintf("[opbridge %s] %s", scene->host, word(scene, LABEL_TEST));
}

/* ==== the text ==== */

static void add_head(struct str *out, const struct alarm_scene *scene)
{
	str_addf(out, "%s %s (ConnectWise%s%s, %s)\n", word(scene, LABEL_ON), scene->host,
		colon(scene), scene->site, scene->company);
}

static void add_times(
	struct str *out, const struct alarm_line *line, const struct alarm_scene *scene)
{
	int64_t end = line->until ? line->until : scene->now;

	str_addf(out, "%s%s", word(scene, LABEL_SINCE), colon(scene));
	add_when(out, line->since);
	if (line->until) {
		str_addf(out, " %s ", word(scene, LABEL_UNTIL));
		add_when(out, line->until);
	}
	str_addf(out, " (%s ", word(scene, LABEL_FOR));
	add_span(out, end - line->since);
	str_add(out, ")\n");
}

static void add_labelled(
	struct str *out, const struct alarm_scene *scene, enum label label, const char *text)
{
	if (*text)
		str_addf(out, "%s%s%s\n", word(scene, label), colon(scene), text);
}

static void add_line(
	struct str *out, const struct alarm_line *line, const struct alarm_scene *scene)
{
	CLEANUP(mem_free) char *remedy = alarm_remedy(line->cause, line->pieces, scene->language);

	str_add(out, "\n");
	add_labelled(out, scene, label_of(line->kind), alarm_title(line->cause, scene->language));
	add_times(out, line, scene);
	if (line->kind == ALARM_OVER)
		return;
	if (line->n)
		str_addf(
			out, "%s%s%" PRId64 "\n", word(scene, LABEL_EVENTS), colon(scene), line->n);
	add_labelled(out, scene, LABEL_SEEN, line->detail);
	add_labelled(out, scene, LABEL_MEANING, alarm_meaning(line->cause, scene->language));
	add_labelled(out, scene, LABEL_REMEDY, remedy);
}

static void add_counts(struct str *out, const struct alarm_scene *scene)
{
	if (scene->undelivered < 0)
		return;
	str_addf(out, "\n%s%s%" PRId64 " %s, %" PRId64 " %s, %" PRId64 " %s.\n",
		word(scene, LABEL_NOW), colon(scene), scene->undelivered,
		word(scene, LABEL_UNDELIVERED), scene->held, word(scene, LABEL_HELD), scene->dead,
		word(scene, LABEL_DEAD));
}

char *alarm_text(const struct alarm_message *m, const struct alarm_scene *scene)
{
	STR_AUTO(out);
	size_t i;

	add_head(&out, scene);
	for (i = 0; i < m->n; i++)
		add_line(&out, &m->lines[i], scene);
	add_counts(&out, scene);
	if (m->limited)
		str_addf(&out, "\n%s\n", word(scene, LABEL_LIMIT));
	if (scene->remind && m->lines[0].kind != ALARM_OVER) {
		str_addf(&out, "\n%s ", word(scene, LABEL_AGAIN));
		add_span(&out, scene->remind);
		str_add(&out, "\n");
	}
	return str_take(&out);
}

char *alarm_test_text(const struct alarm_scene *scene)
{
	STR_AUTO(out);

	add_head(&out, scene);
	str_addf(&out, "\n%s\n", word(scene, LABEL_TEST_TEXT));
	add_counts(&out, scene);
	return str_take(&out);
}

/* ==== for hooks ==== */

char *alarm_causes(const struct alarm_message *m)
{
	STR_AUTO(out);
	size_t i;

	for (i = 0; i < m->n; i++)
		str_addf(&out, "%s%s", i ? " " : "", cause_name(m->lines[i].cause));
	return str_take(&out);
}

const char *alarm_message_kind(const struct alarm_message *m)
{
	if (!m->n)
		return "test";
	if (m->lines[0].kind == ALARM_WORSE) /* of a message: something began */
		return "raised";
	return alarm_kind_name(m->lines[0].kind);
}

static cJSON *line_json(const struct alarm_line *line, const struct alarm_scene *scene)
{
	CLEANUP(mem_free) char *remedy = alarm_remedy(line->cause, line->pieces, scene->language);
	cJSON *node = json_object();

	json_add_str(node, "cause", cause_name(line->cause));
	json_add_str(node, "kind", alarm_kind_name(line->kind));
	json_add_str(node, "title", alarm_title(line->cause, scene->language));
	json_add_time(node, "since", line->since);
	json_add_time(node, "until", line->until);
	json_add_int(node, "events", line->n);
	json_add_str(node, "detail", line->detail);
	json_add_str(node, "meaning", alarm_meaning(line->cause, scene->language));
	json_add_str(node, "remedy", remedy);
	return node;
}

cJSON *alarm_message_json(const struct alarm_message *m, const struct alarm_scene *scene,
	const char *subject, const char *text)
{
	cJSON *node = json_object(), *array;
	size_t i;

	json_add_str(node, "kind", alarm_message_kind(m));
	json_add_str(node, "host", scene->host);
	json_add_time(node, "time", scene->now);
	json_add_str(node, "subject", subject);
	json_add_str(node, "text", text);
	array = json_add_array(node, "alarms");
	for (i = 0; i < m->n; i++)
		json_push(array, line_json(&m->lines[i], scene));
	return node;
}
