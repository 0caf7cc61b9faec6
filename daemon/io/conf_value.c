/* One setting: from the file into struct conf, and back into text. */
#include "io/conf_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"

/* Enums are stored through int: the compilers we build with give all of them its size. */
_Static_assert(sizeof(enum note_kind) == sizeof(int) && sizeof(enum on_closed) == sizeof(int) &&
		sizeof(enum log_format) == sizeof(int) && sizeof(enum smtp_tls) == sizeof(int),
	"enums have the size of an int");

struct unit {
	const char *name;
	int64_t factor;
};
/* Smallest first; "m" is left out on purpose, it is read as minutes, months and milli. */
static const struct unit durations[] = { { "ms", 1 }, { "s", 1000 }, { "min", 60000 },
	{ "h", 3600000 }, { "d", 86400000 } };
static const struct unit sizes[] = { { "B", 1 }, { "KiB", 1024 }, { "MiB", 1048576 },
	{ "GiB", 1073741824 } };
#define DURATION_FORM "a text with a unit, such as \"30s\" (ms, s, min, h, d)"
#define SIZE_FORM "a text with a unit, such as \"64KiB\" (B, KiB, MiB, GiB)"

static void *field(const struct conf_key *key, struct conf *c)
{
	return (char *)c + key->offset;
}

static const void *field_of(const struct conf_key *key, const struct conf *c)
{
	return (const char *)c + key->offset;
}

/* Digits, an optional space, a unit. At most 12 digits, so the product cannot overflow. */
static bool quantity_read(const char *text, const struct unit *units, size_t n, int64_t *ret)
{
	int64_t value = 0;
	size_t digits = 0, i;

	for (; *text >= '0' && *text <= '9'; text++, digits++)
		value = digits < 12 ? value * 10 + (*text - '0') : value;
	if (digits == 0 || digits > 9)
		return false;
	if (*text == ' ')
		text++;
	for (i = 0; i < n; i++)
		if (str_eq(text, units[i].name)) {
			*ret = value * units[i].factor;
			return true;
		}
	return false;
}

static char *quantity_text(int64_t value, const struct unit *units, size_t n)
{
	size_t i = n - 1;

	while (i > 0 && (value == 0 || value % units[i].factor != 0))
		i--;
	return xasprintf("%" PRId64 "%s", value / units[i].factor, units[i].name);
}

bool duration_read(const char *text, int64_t *ret_ms)
{
	return quantity_read(text, durations, ARRAY_LEN(durations), ret_ms);
}

bool size_read(const char *text, int64_t *ret_bytes)
{
	return quantity_read(text, sizes, ARRAY_LEN(sizes), ret_bytes);
}

static char *number_text(const struct conf_key *key, int64_t value)
{
	if (key->kind == CONF_DURATION)
		return quantity_text(value, durations, ARRAY_LEN(durations));
	if (key->kind == CONF_SIZE)
		return quantity_text(value, sizes, ARRAY_LEN(sizes));
	return xasprintf("%" PRId64, value);
}

static char *words_text(const struct conf_word *words)
{
	STR_AUTO(s);
	const struct conf_word *w;

	for (w = words; w->word; w++)
		str_addf(&s, "%s\"%s\"", w == words ? "" : w[1].word ? ", " : " or ", w->word);
	return str_take(&s);
}

char *conf_range_text(const struct conf_key *key)
{
	CLEANUP(mem_free) char *min = NULL;
	CLEANUP(mem_free) char *max = NULL;

	if (key->kind == CONF_WORD)
		return words_text(key->words);
	if (key->kind == CONF_BOOL)
		return xstrdup("true or false");
	if (key->kind == CONF_TEXT)
		return xasprintf("text, at most %" PRId64 " bytes", key->max);
	min = number_text(key, key->min);
	max = number_text(key, key->max);
	return xasprintf("%s to %s%s%s", min, max, *key->unit ? " " : "", key->unit);
}

static char *put_number(const struct conf_key *key, int64_t value, void *at)
{
	if (value < key->min || value > key->max) {
		CLEANUP(mem_free) char *is = number_text(key, value);
		CLEANUP(mem_free) char *range = conf_range_text(key);

		return xasprintf("%s is out of range: %s", is, range);
	}
	if (key->kind == CONF_INT)
		*(int *)at = (int)value;
	else
		*(int64_t *)at = value;
	return NULL;
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			return true;
	return false;
}

/* The value is not repeated in these sentences: it may be a key that was pasted into a wrong line.
 */
static char *put_text(const struct conf_key *key, const char *text, char **at)
{
	int64_t n = (int64_t)strlen(text);

	if (!utf8_valid(text, strlen(text)) || has_control(text))
		return xstrdup("the text must be valid UTF-8 without control characters");
	if (n > key->max)
		return xasprintf("the text has %" PRId64 " bytes, at most %" PRId64 " are allowed",
			n, key->max);
	if (str_starts(text, "CHANGE-ME"))
		return xasprintf(
			"still holds the placeholder: write your own value (%s)", key->help);
	if (n < key->min)
		return xasprintf("must not be empty (%s)", key->help);
	mem_free(*at);
	*at = xstrdup(text);
	return NULL;
}

/* What was written, fit to stand in a sentence. */
static char *shown(const char *text)
{
	CLEANUP(mem_free) char *cut = NULL;

	if (!utf8_valid(text, strlen(text)))
		return xstrdup("…");
	cut = utf8_cut(text, 40);
	return utf8_plain(cut, false);
}

static char *put_word(const struct conf_key *key, const char *text, int *at)
{
	CLEANUP(mem_free) char *words = NULL;
	CLEANUP(mem_free) char *is = NULL;
	const struct conf_word *w;

	for (w = key->words; w->word; w++)
		if (str_eq(w->word, text)) {
			*at = w->value;
			return NULL;
		}
	words = words_text(key->words);
	is = shown(text);
	return xasprintf("\"%s\" is not known here: it must be %s", is, words);
}

static char *put_quantity(const struct conf_key *key, const char *text, void *at)
{
	CLEANUP(mem_free) char *is = NULL;
	int64_t value = 0;

	if (key->kind == CONF_DURATION ? duration_read(text, &value) : size_read(text, &value))
		return put_number(key, value, at);
	is = shown(text);
	return xasprintf(
		"\"%s\" is not %s", is, key->kind == CONF_DURATION ? DURATION_FORM : SIZE_FORM);
}

/* gives: mem_free. */
static char *wanted(const struct conf_key *key)
{
	switch (key->kind) {
	case CONF_TEXT:
		return xstrdup("a text in quotes");
	case CONF_INT:
		return xstrdup("a whole number without quotes");
	case CONF_BOOL:
		return xstrdup("true or false, without quotes");
	case CONF_DURATION:
		return xstrdup(DURATION_FORM);
	case CONF_SIZE:
		return xstrdup(SIZE_FORM);
	case CONF_WORD:
		return words_text(key->words);
	}
	abort();
}

static char *wrong_kind(const struct conf_key *key, const struct conf_node *node)
{
	CLEANUP(mem_free) char *what = wanted(key);

	return xasprintf("must be %s; what stands there is %s", what, node_kind_name(node->kind));
}

char *conf_value_put(const struct conf_key *key, const struct conf_node *node, struct conf *c)
{
	void *at = field(key, c);

	switch (key->kind) {
	case CONF_TEXT:
		return node->kind == NODE_TEXT ? put_text(key, node->text, at)
					       : wrong_kind(key, node);
	case CONF_INT:
		return node->kind == NODE_INT ? put_number(key, node->num, at)
					      : wrong_kind(key, node);
	case CONF_BOOL:
		if (node->kind != NODE_BOOL)
			return wrong_kind(key, node);
		*(bool *)at = node->num != 0;
		return NULL;
	case CONF_DURATION:
	case CONF_SIZE:
		return node->kind == NODE_TEXT ? put_quantity(key, node->text, at)
					       : wrong_kind(key, node);
	case CONF_WORD:
		return node->kind == NODE_TEXT ? put_word(key, node->text, at)
					       : wrong_kind(key, node);
	}
	abort();
}

void conf_value_standard(const struct conf_key *key, struct conf *c)
{
	char *text = xstrdup(key->standard ? key->standard : ""), *fault;
	struct conf_node node = { .kind = NODE_TEXT, .text = text };

	if (key->kind == CONF_INT)
		node = (struct conf_node){ .kind = NODE_INT, .num = strtoll(text, NULL, 10) };
	else if (key->kind == CONF_BOOL)
		node = (struct conf_node){ .kind = NODE_BOOL, .num = str_eq(text, "true") };
	fault = conf_value_put(key, &node, c);
	if (fault) { /* only a required text has a default that does not fit: "" */
		mem_free(fault);
		if (key->kind != CONF_TEXT)
			abort();
		*(char **)field(key, c) = xstrdup("");
	}
	mem_free(text);
}

bool conf_value_same(const struct conf_key *key, const struct conf *a, const struct conf *b)
{
	const void *x = field_of(key, a), *y = field_of(key, b);

	switch (key->kind) {
	case CONF_TEXT:
		return str_eq(*(char *const *)x, *(char *const *)y);
	case CONF_INT:
	case CONF_WORD:
		return *(const int *)x == *(const int *)y;
	case CONF_BOOL:
		return *(const bool *)x == *(const bool *)y;
	case CONF_DURATION:
	case CONF_SIZE:
		return *(const int64_t *)x == *(const int64_t *)y;
	}
	abort();
}

static const char *word_of(const struct conf_word *words, int value)
{
	while (words->word && words->value != value)
		words++;
	return words->word ? words->word : "?";
}

char *conf_value_text(const struct conf_key *key, const struct conf *c)
{
	CLEANUP(mem_free) char *number = NULL;
	const void *at = field_of(key, c);

	switch (key->kind) {
	case CONF_TEXT:
		return xasprintf("\"%s\"", *(char *const *)at);
	case CONF_INT:
		return number_text(key, *(const int *)at);
	case CONF_BOOL:
		return xstrdup(*(const bool *)at ? "true" : "false");
	case CONF_DURATION:
	case CONF_SIZE:
		number = number_text(key, *(const int64_t *)at);
		return xasprintf("\"%s\"", number);
	case CONF_WORD:
		return xasprintf("\"%s\"", word_of(key->words, *(const int *)at));
	}
	abort();
}
