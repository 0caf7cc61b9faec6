/* Letters of all scripts, reduced to what people compare by eye. The only file that includes
 * libunistring's headers. Pure. */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>

/* Write s without case, accents and width: "ＢOULANGERIE d’Été" → "boulangerie d'ete", "Straße" →
 * "strasse", "Œuvre" → "oeuvre". Letters and digits of every script stay; marks and what has no
 * width go; all other signs but ASCII ones, control characters and bytes that are not UTF-8 become
 * spaces. to: always terminated, never cut inside a character; size at least 8.
 * *ret_cut: more was there than fits (or than is looked at: size bytes of s). Returns the length.
 */
size_t unicode_plain(const char *s, char *to, size_t size, bool *ret_cut);

#endif
