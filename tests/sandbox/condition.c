/*
 * condition.c - asking rows whether conditions hold, and putting rows in order.
 * Strings compare without regard to case; a comparison with a missing value is false, as in SQL.
 */
#include "condition_parts.h"

#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* * and % stand for any text, _ for one character, [abc] for one of them. */
static bool like(const char *pattern, const char *s)
{
	for (; *pattern; pattern++, s++) {
		if (*pattern == '*' || *pattern == '%') {
			do {
				if (like(pattern + 1, s))
					return true;
			} while (*s++);
			return false;
		}
		if (!*s)
			return false;
		if (*pattern == '[' && strchr(pattern, ']')) {
			const char *end = strchr(pattern + 1, ']');
			bool found = false;

			for (const char *k = pattern + 1; k < end; k++)
				found = found ||
					tolower((unsigned char)*k) == tolower((unsigned char)*s);
			if (!found)
				return false;
			pattern = end;
		} else if (*pattern != '_' &&
			tolower((unsigned char)*pattern) != tolower((unsigned char)*s)) {
			return false;
		}
	}
	return *s == '\0';
}

static bool test_value(enum op op, const struct value *have, const struct value *want)
{
	int c;

	if (want->type == VALUE_NULL)
		return (have->type == VALUE_NULL) == (op == OP_EQ);
	if (have->type != want->type)
		return false;
	c = value_compare(have, want);
	switch (op) {
	case OP_EQ:
	case OP_IN:
		return c == 0;
	case OP_NE:
		return c != 0;
	case OP_LT:
		return c < 0;
	case OP_LE:
		return c <= 0;
	case OP_GT:
		return c > 0;
	case OP_GE:
		return c >= 0;
	case OP_CONTAINS:
		return strcasestr(have->text, want->text) != NULL;
	case OP_LIKE:
		return like(want->text, have->text);
	}
	abort();
}

static bool test(const struct condition *c, const struct value *have)
{
	bool any = false;

	if (c->negated && have->type == VALUE_NULL)
		return false;
	for (size_t i = 0; i < c->n_values && !any; i++)
		any = test_value(c->op, have, &c->values[i]);
	return any != c->negated;
}

static void row_value(struct row *row, const struct field *f, const char *sub, struct value *ret)
{
	if (row->kind->value && row->kind->value(row->sb, row->row, f, sub, ret))
		return;
	if (!row->doc)
		row->doc = row->kind->render(row->sb, row->row);
	field_value(row->doc, f, sub, ret);
}

void row_done(struct row *row)
{
	cJSON_Delete(row->doc);
	row->doc = NULL;
}

bool condition_true(const struct condition *c, struct row *row)
{
	struct value have;

	switch (c->node) {
	case NODE_AND:
		return condition_true(c->left, row) && condition_true(c->right, row);
	case NODE_OR:
		return condition_true(c->left, row) || condition_true(c->right, row);
	case NODE_NOT:
		return !condition_true(c->left, row);
	case NODE_TEST:
		row_value(row, c->field, c->sub, &have);
		return test(c, &have);
	}
	abort();
}

static bool true_of_object(const struct condition *c, const cJSON *object)
{
	struct value have;

	switch (c->node) {
	case NODE_AND:
		return true_of_object(c->left, object) && true_of_object(c->right, object);
	case NODE_OR:
		return true_of_object(c->left, object) || true_of_object(c->right, object);
	case NODE_NOT:
		return !true_of_object(c->left, object);
	case NODE_TEST:
		/* the reference itself is the object, so only the part after the slash counts */
		field_value(object,
			&(struct field){
				.name = c->sub ? c->sub : c->field->name, .type = FIELD_STRING },
			NULL, &have);
		return test(c, &have);
	}
	abort();
}

bool condition_true_of_child(const struct condition *c, const cJSON *list)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, list) if (true_of_object(c, item)) return true;
	return false;
}

struct sorted {
	struct row row;
	const struct order *order;
};

static int compare(const void *a, const void *b)
{
	struct sorted x = *(const struct sorted *)a, y = *(const struct sorted *)b;

	for (size_t i = 0; i < x.order->n; i++) {
		struct value v, w;
		int c;

		row_value(&x.row, x.order->keys[i].field, x.order->keys[i].sub, &v);
		row_value(&y.row, y.order->keys[i].field, y.order->keys[i].sub, &w);
		c = value_compare(&v, &w);
		if (c)
			return x.order->keys[i].down ? -c : c;
	}
	return x.row.kind->id(x.row.row) - y.row.kind->id(y.row.row);
}

void order_rows(const struct order *o, const struct sandbox *sb, const struct kind *kind,
	const void **rows, size_t n)
{
	struct sorted *s = xcalloc(n, sizeof(*s));
	struct value v;

	for (size_t i = 0; i < n; i++) {
		s[i] = (struct sorted){ { sb, kind, rows[i], NULL }, o };
		/* render here, not in compare: there the copy would be lost */
		for (size_t k = 0; k < o->n; k++)
			row_value(&s[i].row, o->keys[k].field, o->keys[k].sub, &v);
	}
	qsort(s, n, sizeof(*s), compare);
	for (size_t i = 0; i < n; i++) {
		rows[i] = s[i].row.row;
		row_done(&s[i].row);
	}
	free(s);
}
