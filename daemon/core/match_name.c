#include "core/match_name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"
#include "base/tidy.h"
#include "base/unicode.h"
#include "core/match_words.h"

#define AND "&"

/* ==== words ==== */

static bool in_word(char c)
{
	return ((unsigned char)c & 0x80) || isalnum((unsigned char)c);
}

/* Between single letters a dot or a slash holds a word together: "S.A.R.L.", "A/S", "A.Datum". */
static bool holds(const char *plain, size_t at, size_t begin)
{
	return (plain[at] == '.' || plain[at] == '/') && in_word(plain[at + 1]) && at == begin + 1;
}

static void add_word(struct name *n, size_t *len, const char *word, size_t size)
{
	bool is_and = (size == 3 && (memcmp(word, "and", 3) == 0 || memcmp(word, "und", 3) == 0)) ||
		(size == 2 && memcmp(word, "et", 2) == 0);

	if (is_and) {
		word = AND;
		size = 1;
	}
	if (n->n_words == NAME_WORDS_MAX || *len + size + 2 > sizeof(n->text)) {
		n->cut = true;
		return;
	}
	if (*len)
		n->text[(*len)++] = ' ';
	n->words[n->n_words].at = (unsigned short)*len;
	n->words[n->n_words++].n = (unsigned short)size;
	memcpy(n->text + *len, word, size);
	*len += size;
}

static void split(const char *plain, struct name *n)
{
	char word[NAME_TEXT_MAX];
	size_t i, begin = 0, size = 0, len = 0;

	for (i = 0;; i++) {
		if (plain[i] == '\'')
			continue;
		if (in_word(plain[i])) {
			if (!size)
				begin = i;
			word[size++] = plain[i];
			continue;
		}
		if (size && holds(plain, i, begin)) {
			begin = i + 1;
			continue;
		}
		if (size)
			add_word(n, &len, word, size);
		size = 0;
		if (plain[i] == '&' || plain[i] == '+')
			add_word(n, &len, AND, 1);
		if (!plain[i])
			break;
	}
	n->text[len] = '\0';
}

static bool word_is(const struct name *n, size_t i, const char *word)
{
	return n->words[i].n == strlen(word) &&
		memcmp(n->text + n->words[i].at, word, n->words[i].n) == 0;
}

/* ==== legal forms ==== */

/* Some are written with spaces: "S. A.", "S. à r.l.", "Sp. z o.o.". */
#define PIECES_MAX 4
#define PIECE_BYTES_MAX 2

/* The legal form that the words before end spell, the longest first. Returns how many words. */
static size_t legal_at_end(const struct name *n, size_t end, uint64_t *ret_family)
{
	for (size_t count = end < PIECES_MAX ? end : PIECES_MAX; count > 0; count--) {
		char joined[NAME_TEXT_MAX];
		size_t len = 0, i;

		for (i = end - count; i < end; i++) {
			if (count > 1 && n->words[i].n > PIECE_BYTES_MAX)
				break;
			memcpy(joined + len, n->text + n->words[i].at, n->words[i].n);
			len += n->words[i].n;
		}
		if (i == end && (*ret_family = words_legal(joined, len)) != 0)
			return count;
	}
	return 0;
}

/* "GmbH & Co. KG": the middle falls with the end. */
static size_t without_co(const struct name *n, size_t end)
{
	uint64_t family;

	if (end > 2 && word_is(n, end - 1, "co") && word_is(n, end - 2, AND) &&
		legal_at_end(n, end - 2, &family))
		return end - 2;
	return end;
}

/* The words that are left are first..end. */
static void strip_legal(struct name *n, size_t *first, size_t *end)
{
	uint64_t family;
	size_t count;

	while (*end > *first && (count = legal_at_end(n, *end, &family)) != 0) {
		n->legal |= family;
		*end = without_co(n, *end - count);
	}
	if (*end > *first + 1 && word_is(n, *first, "the"))
		(*first)++;
	if (*end > *first + 1 &&
		words_legal_first(n->text + n->words[*first].at, n->words[*first].n)) {
		n->legal |= words_legal(n->text + n->words[*first].at, n->words[*first].n);
		(*first)++;
	}
}

static void keep_words(struct name *n, size_t first, size_t end)
{
	size_t from = n->words[first].at, i, len;

	len = n->words[end - 1].at + n->words[end - 1].n - from;
	memmove(n->text, n->text + from, len);
	n->text[len] = '\0';
	for (i = first; i < end; i++) {
		n->words[i - first].at = (unsigned short)(n->words[i].at - from);
		n->words[i - first].n = n->words[i].n;
	}
	n->n_words = end - first;
}

static void write_key(struct name *n)
{
	size_t len = 0;

	for (const char *c = n->text; *c; c++)
		if (*c != ' ')
			n->key[len++] = *c;
	n->key[len] = '\0';
	n->weak = n->weak || len < 3 || words_weak_name(n->key);
}

void name_read(const char *text, struct name *ret)
{
	char plain[NAME_TEXT_MAX];
	size_t first = 0, end;

	ret->n_words = 0;
	ret->legal = 0;
	ret->cut = ret->weak = false;
	ret->text[0] = '\0';
	unicode_plain(text ? text : "", plain, sizeof(plain), &ret->cut);
	split(plain, ret);
	end = ret->n_words;
	strip_legal(ret, &first, &end);
	if (first < end && !(end == first + 1 && word_is(ret, first, "the")))
		keep_words(ret, first, end);
	else
		ret->weak = true;
	write_key(ret);
}

/* ==== comparing ==== */

bool name_same(const struct name *a, const struct name *b)
{
	return a->key[0] && !a->cut && !b->cut && strcmp(a->key, b->key) == 0;
}

bool name_legal_conflict(const struct name *a, const struct name *b)
{
	return a->legal && b->legal && !(a->legal & b->legal);
}

static bool has_word(const struct name *n, const char *word, size_t size)
{
	for (size_t i = 0; i < n->n_words; i++)
		if (n->words[i].n == size && memcmp(n->text + n->words[i].at, word, size) == 0)
			return true;
	return false;
}

double name_within(const struct name *a, const struct name *b)
{
	const struct name *shorter = a->n_words <= b->n_words ? a : b;
	const struct name *longer = shorter == a ? b : a;
	size_t shared = 0, whole = 0, i;
	bool telling = false;

	for (i = 0; i < shorter->n_words; i++) {
		const char *word = shorter->text + shorter->words[i].at;

		if (!has_word(longer, word, shorter->words[i].n))
			return 0;
		telling |= !words_common(word, shorter->words[i].n);
		shared += shorter->words[i].n;
	}
	for (i = 0; i < longer->n_words; i++)
		whole += longer->words[i].n;
	return telling ? (double)shared / (double)whole : 0;
}

bool name_shares_word(const struct name *a, const struct name *b)
{
	for (size_t i = 0; i < a->n_words; i++) {
		const char *word = a->text + a->words[i].at;

		if (!words_common(word, a->words[i].n) && has_word(b, word, a->words[i].n))
			return true;
	}
	return false;
}

bool name_initials_are(const struct name *name, const char *key)
{
	static const char *const ands[] = { "", "a", "n", "and", "et", "e" };
	size_t i, w;

	if (name->n_words < 2 || strlen(key) < 2)
		return false;
	for (i = 0; i < ARRAY_LEN(ands); i++) {
		const char *at = key;
		bool fits = true;

		for (w = 0; fits && w < name->n_words; w++) {
			bool is_and = word_is(name, w, AND);
			const char *want = is_and ? ands[i] : name->text + name->words[w].at;
			size_t n = is_and ? strlen(want) : 1;

			fits = strncmp(at, want, n) == 0;
			at += fits ? n : 0;
		}
		if (fits && !*at)
			return true;
	}
	return false;
}

/* ==== trigrams ==== */

/* Two blanks before each word and one behind it, so that beginnings count more. Returns how many.
 */
static size_t list_trigrams(const struct name *name, uint32_t to[NAME_TRIGRAMS_MAX])
{
	size_t n = 0;

	for (size_t w = 0; w < name->n_words; w++) {
		const unsigned char *word = (const unsigned char *)name->text + name->words[w].at;
		uint32_t value = ' ' << 8 | ' ';

		for (size_t i = 0; i <= name->words[w].n && n < NAME_TRIGRAMS_MAX; i++) {
			uint32_t next = i < name->words[w].n ? word[i] : ' ';

			value = (value << 8 | next) & 0xffffff;
			to[n++] = value;
		}
	}
	return n;
}

static unsigned bit_of(uint32_t trigram)
{
	return (unsigned)(trigram * UINT32_C(2654435761) >> 20) % TRIGRAM_BITS;
}

static bool may_have(const struct trigrams *t, uint32_t trigram)
{
	unsigned bit = bit_of(trigram);

	return t->bits[bit / 64] >> bit % 64 & 1;
}

static void insert(struct trigrams *t, uint32_t value)
{
	size_t i = t->n;

	while (i > 0 && t->at[i - 1] > value)
		i--;
	if (i > 0 && t->at[i - 1] == value)
		return;
	memmove(t->at + i + 1, t->at + i, (t->n - i) * sizeof(*t->at));
	t->at[i] = value;
	t->n++;
}

void name_trigrams(const struct name *name, struct trigrams *ret)
{
	uint32_t list[NAME_TRIGRAMS_MAX];
	size_t n = list_trigrams(name, list), i;

	*ret = (struct trigrams){ 0 };
	for (i = 0; i < n; i++) {
		unsigned bit = bit_of(list[i]);

		insert(ret, list[i]);
		ret->bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

static double share(const struct trigrams *a, const struct trigrams *b)
{
	size_t i = 0, j = 0, both = 0;

	while (i < a->n && j < b->n) {
		if (a->at[i] == b->at[j]) {
			both++;
			i++;
			j++;
		} else if (a->at[i] < b->at[j]) {
			i++;
		} else {
			j++;
		}
	}
	return a->n + b->n ? (double)both / (double)(a->n + b->n - both) : 0;
}

/* Most names share next to nothing, which the bits tell without sorting. */
double trigrams_closeness(const struct trigrams *a, const struct name *b, double min)
{
	uint32_t list[NAME_TRIGRAMS_MAX];
	size_t n = list_trigrams(b, list), hits = 0, i;
	struct trigrams other;
	double close;

	for (i = 0; i < n; i++)
		hits += may_have(a, list[i]);
	if ((double)hits < min * (double)a->n)
		return 0;
	other.n = 0;
	for (i = 0; i < n; i++)
		insert(&other, list[i]);
	close = share(a, &other);
	return close < min ? 0 : close;
}
