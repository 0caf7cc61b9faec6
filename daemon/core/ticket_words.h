/* The words of tickets and notes, in English and French. Whole sentences, so that a language may
 * put its words in its own order. */
#ifndef CORE_TICKET_WORDS_H
#define CORE_TICKET_WORDS_H

#include <stddef.h>
#include "base/str.h"
#include "core/ticket.h"

enum ticket_word {
	WORD_TENANT,
	WORD_WHEN,
	WORD_STATE,
	WORD_SEVERITY,
	WORD_EVENT,
	WORD_WHAT,
	WORD_DETAILS,
	WORD_EVENTS,
	WORD_FURTHER,
	WORD_VIEW,
	WORD_IGNORE,
	WORD_PREVIOUS,
	WORD_REFERENCE,
	WORD_TO, /* between two times */
	WORD_COLON, /* ": " as the language sets it */
	WORD_COUNT
};

const char *ticket_word(enum language language, enum ticket_word word);
const char *ticket_state_word(enum language language, enum event_state state);
/* "user_agent" → "User agent", and in words of the language where it is a known one. */
void ticket_entity_name(struct str *out, enum language language, const char *name);

/* "2026-11-24", "24 nov. 2026". */
void ticket_say_date(struct str *out, enum language language, int year, int month, int day);

/* Each adds one line without its end. */
void ticket_say_left_out(struct str *out, enum language language, size_t n); /* characters */
void ticket_say_unlisted(struct str *out, enum language language, size_t n); /* older events */
void ticket_say_will_join(struct str *out, enum language language, const char *label);
void ticket_say_joined(struct str *out, enum language language, size_t n, const char *label);
void ticket_say_news(struct str *out, enum language language, size_t n, enum event_state newest);

#endif
