/* Names of companies, reduced to what makes two of them the same: without case, accents, width,
 * punctuation, a leading "the" and legal forms; "&", "and", "et" and "und" are one word. Pure. */
#ifndef CORE_MATCH_NAME_H
#define CORE_MATCH_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAME_TEXT_MAX 256 /* bytes that are looked at; ConnectWise keeps 156 characters */
#define NAME_WORDS_MAX 32
#define NAME_TRIGRAMS_MAX (NAME_TEXT_MAX + 2 * NAME_WORDS_MAX)

struct name {
	char text[NAME_TEXT_MAX]; /* the words, one space between two */
	char key[NAME_TEXT_MAX]; /* the same without spaces: "blueyonder" is "Blue Yonder" */
	struct {
		unsigned short at, n; /* within text */
	} words[NAME_WORDS_MAX];
	size_t n_words;
	uint64_t legal; /* families of the legal forms it had: see words_legal */
	/* It can be anybody's: shorter than three bytes, nothing but a legal form, "Default
	 * Directory". */
	bool weak;
	bool cut; /* longer than what was looked at: equal to nothing */
};

void name_read(const char *text, struct name *ret); /* NULL: an empty, weak one */

bool name_same(const struct name *a, const struct name *b); /* equal keys; no empty or cut one */
/* Both have legal forms, and none in common: "Contoso GmbH" and "Contoso SARL" are two companies.
 */
bool name_legal_conflict(const struct name *a, const struct name *b);
/* Is one the other with more words ("Contoso", "Contoso Dental")? The share of the shorter one in
 * the longer, 0 to 1; 0 if not, or if they share only words that many names have. */
double name_within(const struct name *a, const struct name *b);
/* Do they share a word that few names have? */
bool name_shares_word(const struct name *a, const struct name *b);
/* Is key spelled by the first letters of the words ("cpl", "cpal", "cpandl" of City Power & Light)?
 */
bool name_initials_are(const struct name *name, const char *key);

/* The trigrams of a name, sorted, each once; and a bit for each, where others may share it. */
#define TRIGRAM_BITS 4096
struct trigrams {
	uint32_t at[NAME_TRIGRAMS_MAX];
	size_t n;
	uint64_t bits[TRIGRAM_BITS / 64];
};
void name_trigrams(const struct name *name, struct trigrams *ret);
/* How many of all trigrams of both are in both: 0 to 1, and 0 if that is less than min. */
double trigrams_closeness(const struct trigrams *a, const struct name *b, double min);

#endif
