/* A mail as the text that goes over the wire (RFC 5322, MIME). Pure. Whatever the texts hold, they
 * add no header, and only a long address makes a line longer than 78 bytes. */
#ifndef CORE_LETTER_H
#define CORE_LETTER_H

#include <stdbool.h>
#include <stdint.h>
#include "base/tidy.h"

#define LETTER_TO_MAX 20 /* addresses of one letter */
#define LETTER_TEXT_MAX 60000 /* bytes of the text; more is cut off */

struct letter {
	const char *from; /* an address */
	const char *to; /* addresses, with commas between them */
	const char *subject; /* UTF-8 */
	const char *text; /* UTF-8, lines end in '\n' */
	const char *id; /* left side of the Message-ID: letters, digits, dots */
	int64_t at; /* wall ms */
};

/* The whole message with CRLF line ends. gives: mem_free. */
char *letter_text(const struct letter *l) MUST_CHECK;

/* "anna@contoso.com": ASCII, no quoted local part, no display name. */
bool letter_address(const char *text);
/* The addresses of a list, trimmed, at most LETTER_TO_MAX. -1: one of them is none, or too many.
 * gives: each with mem_free. */
int letter_addresses(const char *list, char *ret[LETTER_TO_MAX]) MUST_CHECK;

#endif
