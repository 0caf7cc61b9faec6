/*
 * condition_parse.c - reading `conditions` and `orderBy`.
 * Names are checked while parsing ("x is not a recognized name."), and so is the type of each
 * literal.
 */
#include "condition_parts.h"
#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 60
#define NAME_MAX_LEN 96

struct parser {
	const struct field *table;
	const char *at;
	int depth;
	char *error;
};

static struct condition *parse_or(struct parser *p);

static void *fail(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void *fail(struct parser *p, const char *format, ...)
{
	va_list ap;

	if (p->error[0])
		return NULL;
	va_start(ap, format);
	vsnprintf(p->error, CONDITION_ERROR_MAX, format, ap);
	va_end(ap);
	return NULL;
}

static void *fail_type(struct parser *p, const char *want, const char *got)
{
	return fail(p,
		"Expected a %s value, not a %s. String values should be enclosed with double "
		"or single quotes; DateTime values should be enclosed in square brackets; "
		"integers and booleans are bare.",
		want, got);
}

struct condition *condition_free(struct condition *c)
{
	if (!c)
		return NULL;
	condition_free(c->left);
	condition_free(c->right);
	for (size_t i = 0; i < c->n_values; i++) {
		char *text = NULL;

		memcpy(&text, &c->values[i].text, sizeof(text));
		free(text);
	}
	free(c->values);
	free(c->sub);
	free(c);
	return NULL;
}

static void skip_space(struct parser *p)
{
	while (isspace((unsigned char)*p->at))
		p->at++;
}

/* The word at hand, without taking it; its length, 0 if there is none. */
static size_t word_length(const char *at)
{
	size_t n = 0;

	while (isalnum((unsigned char)at[n]) || at[n] == '_' || at[n] == '/')
		n++;
	return n;
}

static bool take_word(struct parser *p, const char *word)
{
	size_t n;

	skip_space(p);
	n = word_length(p->at);
	if (!text_same_nocase(p->at, n, word))
		return false;
	p->at += n;
	return true;
}

static bool take_char(struct parser *p, char c)
{
	skip_space(p);
	if (*p->at != c)
		return false;
	p->at++;
	return true;
}

/* name or name/sub; checked against the table. */
static bool parse_name(struct parser *p, const struct field **ret_field, char **ret_sub)
{
	char name[NAME_MAX_LEN];
	const struct field *f;
	enum field_type type;
	size_t n, base;

	skip_space(p);
	n = word_length(p->at);
	if (n == 0 || n >= sizeof(name)) {
		fail(p, "A field name was expected at '%.40s'.", p->at);
		return false;
	}
	snprintf(name, sizeof(name), "%.*s", (int)n, p->at);
	base = strcspn(name, "/");
	f = field_find(p->table, name, base);
	if (!f || (f->flags & FIELD_POST_ONLY) || f->type == FIELD_LIST ||
		(name[base] == '/' && !field_sub_type(f, name + base + 1, &type)) ||
		(name[base] == '\0' && f->type == FIELD_REF)) {
		fail(p, "%s is not a recognized name.", name);
		return false;
	}
	p->at += n;
	*ret_field = f;
	*ret_sub = name[base] == '/' ? xstrdup(name + base + 1) : NULL;
	return true;
}

static bool parse_string(struct parser *p, struct value *ret)
{
	char quote = *p->at;
	const char *end = strchr(p->at + 1, quote);

	if (!end) {
		fail(p, "A string is not closed: %.60s", p->at);
		return false;
	}
	ret->type = VALUE_STRING;
	ret->text = xstrndup(p->at + 1, (size_t)(end - p->at - 1));
	p->at = end + 1;
	return true;
}

static bool parse_date(struct parser *p, struct value *ret)
{
	const char *end = strchr(p->at, ']');

	ret->type = VALUE_DATE;
	if (!end || !time_parse(p->at + 1, (size_t)(end - p->at - 1), &ret->date)) {
		fail(p, "String was not recognized as a valid DateTime: %.40s", p->at);
		return false;
	}
	p->at = end + 1;
	return true;
}

static bool parse_number(struct parser *p, struct value *ret)
{
	char *end;

	ret->type = VALUE_NUMBER;
	ret->number = strtod(p->at, &end);
	if (end == p->at || isalpha((unsigned char)*end)) {
		fail(p,
			"A value was expected at '%.40s'. String values should be enclosed with "
			"double or single quotes.",
			p->at);
		return false;
	}
	p->at = end;
	return true;
}

static bool parse_value(struct parser *p, struct value *ret)
{
	*ret = (struct value){ .type = VALUE_NULL };
	skip_space(p);
	if (*p->at == '"' || *p->at == '\'')
		return parse_string(p, ret);
	if (*p->at == '[')
		return parse_date(p, ret);
	if (take_word(p, "null"))
		return true;
	if (take_word(p, "true")) {
		*ret = (struct value){ .type = VALUE_BOOL, .yes = true };
		return true;
	}
	if (take_word(p, "false")) {
		ret->type = VALUE_BOOL;
		return true;
	}
	return parse_number(p, ret);
}

static const char *value_word(enum value_type t)
{
	static const char *const words[] = { "null", "numeric", "string", "boolean", "datetime" };

	return words[t];
}

/* The literal must be of the field's type. */
static bool check_value(struct parser *p, const struct condition *c, const struct value *v)
{
	enum field_type type = c->field->type;
	enum value_type want = VALUE_STRING;

	if (c->sub && !field_sub_type(c->field, c->sub, &type))
		return false;
	if (type == FIELD_INT || type == FIELD_NUMBER)
		want = VALUE_NUMBER;
	else if (type == FIELD_BOOL)
		want = VALUE_BOOL;
	else if (type == FIELD_DATE)
		want = VALUE_DATE;
	if (v->type == VALUE_NULL && (c->op == OP_EQ || c->op == OP_NE))
		return true;
	if (v->type != want) {
		fail_type(p, value_word(want), value_word(v->type));
		return false;
	}
	if ((c->op == OP_LIKE || c->op == OP_CONTAINS) && want != VALUE_STRING) {
		fail(p, "The operator is only valid for strings.");
		return false;
	}
	if (type == FIELD_ENUM && (c->op == OP_EQ || c->op == OP_NE || c->op == OP_IN) &&
		!field_word_in(c->field->sub, v->text, strlen(v->text))) {
		fail(p, "Enum value supplied was invalid");
		return false;
	}
	return true;
}

static bool add_value(struct parser *p, struct condition *c)
{
	struct value v;

	if (!parse_value(p, &v))
		return false;
	c->values = xrealloc(c->values, c->n_values + 1, sizeof(v));
	c->values[c->n_values++] = v;
	return check_value(p, c, &v);
}

static bool parse_op(struct parser *p, struct condition *c)
{
	static const struct {
		const char *text;
		enum op op;
	} signs[] = {
		{ "!=", OP_NE },
		{ "<=", OP_LE },
		{ ">=", OP_GE },
		{ "<>", OP_NE },
		{ "=", OP_EQ },
		{ "<", OP_LT },
		{ ">", OP_GT },
	};

	c->negated = take_word(p, "not");
	skip_space(p);
	if (take_word(p, "contains"))
		c->op = OP_CONTAINS;
	else if (take_word(p, "like"))
		c->op = OP_LIKE;
	else if (take_word(p, "in"))
		c->op = OP_IN;
	else if (c->negated)
		return fail(p, "in, like or contains was expected after not.") != NULL;
	else {
		for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
			if (strncmp(p->at, signs[i].text, strlen(signs[i].text)) == 0) {
				p->at += strlen(signs[i].text);
				c->op = signs[i].op;
				return true;
			}
		return fail(p, "An operator was expected at '%.40s'.", p->at) != NULL;
	}
	return true;
}

static bool parse_operands(struct parser *p, struct condition *c)
{
	if (c->op != OP_IN)
		return add_value(p, c);
	if (!take_char(p, '('))
		return fail(p, "A list in parentheses was expected after in.") != NULL;
	do {
		if (!add_value(p, c))
			return false;
	} while (take_char(p, ','));
	if (!take_char(p, ')'))
		return fail(p, "The list after in is not closed.") != NULL;
	return true;
}

static struct condition *parse_test(struct parser *p)
{
	struct condition *c = xcalloc(1, sizeof(*c));

	c->node = NODE_TEST;
	if (!parse_name(p, &c->field, &c->sub) || !parse_op(p, c) || !parse_operands(p, c))
		return condition_free(c);
	return c;
}

static struct condition *parse_primary(struct parser *p)
{
	struct condition *c, *inner;

	if (++p->depth > DEPTH_MAX)
		return fail(p, "The conditions are nested too deeply.");
	if (take_word(p, "not")) {
		inner = parse_primary(p);
		if (!inner)
			return NULL;
		c = xcalloc(1, sizeof(*c));
		c->node = NODE_NOT;
		c->left = inner;
	} else if (take_char(p, '(')) {
		c = parse_or(p);
		if (c && !take_char(p, ')')) {
			fail(p, "A closing parenthesis was expected.");
			return condition_free(c);
		}
	} else {
		c = parse_test(p);
	}
	p->depth--;
	return c;
}

/* One level of the chain: operands joined by `word`. */
static struct condition *parse_chain(struct parser *p, enum node node, const char *word,
	struct condition *(*operand)(struct parser *))
{
	struct condition *left = operand(p);

	while (left && take_word(p, word)) {
		struct condition *both = xcalloc(1, sizeof(*both));

		both->node = node;
		both->left = left;
		both->right = operand(p);
		left = both->right ? both : condition_free(both);
	}
	return left;
}

static struct condition *parse_and(struct parser *p)
{
	return parse_chain(p, NODE_AND, "and", parse_primary);
}

static struct condition *parse_or(struct parser *p)
{
	return parse_chain(p, NODE_OR, "or", parse_and);
}

struct condition *condition_parse(
	const struct field *table, const char *text, char error[CONDITION_ERROR_MAX])
{
	struct parser p = { .table = table, .at = text, .error = error };
	struct condition *c;

	error[0] = '\0';
	c = parse_or(&p);
	skip_space(&p);
	if (c && *p.at) {
		fail(&p, "Unexpected text in the conditions: %.60s", p.at);
		return condition_free(c);
	}
	return c;
}

/* -- orderBy ---------------------------------------------------------------------- */

struct order *order_free(struct order *o)
{
	for (size_t i = 0; o && i < o->n; i++)
		free(o->keys[i].sub);
	free(o);
	return NULL;
}

struct order *order_parse(
	const struct field *table, const char *text, char error[CONDITION_ERROR_MAX])
{
	struct parser p = { .table = table, .at = text, .error = error };
	struct order *o = xcalloc(1, sizeof(*o));

	error[0] = '\0';
	do {
		if (o->n == ORDER_MAX)
			fail(&p, "Too many names in orderBy.");
		if (error[0] || !parse_name(&p, &o->keys[o->n].field, &o->keys[o->n].sub))
			return order_free(o);
		o->keys[o->n].down = take_word(&p, "desc");
		if (!o->keys[o->n].down)
			take_word(&p, "asc");
		o->n++;
	} while (take_char(&p, ','));
	skip_space(&p);
	if (*p.at) {
		fail(&p, "Unexpected text in orderBy: %.60s", p.at);
		return order_free(o);
	}
	return o;
}
