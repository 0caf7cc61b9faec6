/* "Did you mean": the known name that is nearest to an unknown one. */
#include "io/conf_parts.h"

#include <stdio.h>
#include <string.h>
#include "base/str.h"

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Letters to add, drop or change to get from a to b. Names longer than a key's are far from all. */
static size_t distance(const char *a, const char *b)
{
	size_t row[CONF_PATH_MAX + 1], na = strlen(a), nb = strlen(b), i, j;

	if (na > CONF_PATH_MAX || nb > CONF_PATH_MAX)
		return CONF_PATH_MAX;
	for (j = 0; j <= nb; j++)
		row[j] = j;
	for (i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= nb; j++) {
			size_t above = row[j];

			row[j] =
				least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[nb];
}

static const char *last_part(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? dot + 1 : path;
}

/* How unlike two names are: 0 the same; a name that begins with the other one counts as near. */
static size_t unlike(const char *name, const char *known)
{
	size_t d = distance(name, known), n = strlen(name);

	if (n >= 3 && d > 1 && (str_starts(known, name) || str_starts(name, known)))
		return 1;
	return d > 1 + n / 4 ? CONF_PATH_MAX : d;
}

static bool same_section(const char *a, const char *b)
{
	size_t n = (size_t)(last_part(a) - a);

	return n == (size_t)(last_part(b) - b) && strncmp(a, b, n) == 0;
}

static const char *suggest_key(const char *path)
{
	size_t best = CONF_PATH_MAX, i;
	const char *found = NULL;

	for (i = 0; i < conf_n_keys; i++) {
		const char *known = conf_keys[i].path;
		size_t d =
			2 * unlike(last_part(path), last_part(known)) + !same_section(path, known);

		if (d < best) {
			best = d;
			found = known;
		}
	}
	return found;
}

static const char *suggest_section(const char *name)
{
	static const char *const sections[] = { "connectwise", "board", "ticket", "sync",
		"delivery", "intake", "store", "log" };
	size_t best = CONF_PATH_MAX, i;
	const char *found = NULL;

	for (i = 0; i < ARRAY_LEN(sections); i++) {
		size_t d = unlike(name, sections[i]);

		if (d < best) {
			best = d;
			found = sections[i];
		}
	}
	return found;
}

const char *conf_suggest(const char *path, bool at_section)
{
	return at_section ? suggest_section(path) : suggest_key(path);
}
