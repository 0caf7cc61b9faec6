/* What the emergency contact is told, in English and French, as mail and as JSON. Pure. */
#ifndef CORE_ALARM_TEXT_H
#define CORE_ALARM_TEXT_H

#include <stdint.h>
#include "base/json.h"
#include "base/tidy.h"
#include "core/alarm.h"
#include "core/ticket.h"

/* Where and when. All borrowed. */
struct alarm_scene {
	enum language language;
	const char *host; /* this machine */
	const char *company; /* login company id */
	const char *site; /* ConnectWise's host */
	int64_t now; /* wall ms */
	int64_t undelivered, held, dead; /* events, -1: not known */
	int64_t remind; /* ms; 0: no reminders follow */
};

/* All gives: mem_free. */
char *alarm_subject(const struct alarm_message *m, const struct alarm_scene *scene) MUST_CHECK;
char *alarm_text(const struct alarm_message *m, const struct alarm_scene *scene) MUST_CHECK;
char *alarm_test_subject(const struct alarm_scene *scene) MUST_CHECK;
char *alarm_test_text(const struct alarm_scene *scene) MUST_CHECK;
/* The names of a message's causes, with spaces between them. */
char *alarm_causes(const struct alarm_message *m) MUST_CHECK;
/* "raised" if anything began or got worse, else "reminder", else "over"; "test" if it is empty. */
const char *alarm_message_kind(const struct alarm_message *m);
/* What a hook gets on its standard input. gives: json_free. */
cJSON *alarm_message_json(const struct alarm_message *m, const struct alarm_scene *scene,
	const char *subject, const char *text) MUST_CHECK;

/* Of one cause, for log and status. lends. */
const char *alarm_title(enum cause cause, enum language language);
const char *alarm_meaning(enum cause cause, enum language language);
/* pieces: as in its line. gives: mem_free. */
char *alarm_remedy(enum cause cause, uint64_t pieces, enum language language) MUST_CHECK;

#endif
