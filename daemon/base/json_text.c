/* A JSON tree as text. Our own, because cJSON 1.7.15 rounds whole numbers of more than 15 digits
 * and its text is compared to tell a duplicate from an update. */
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"

struct writer {
	struct str out;
	bool pretty, sorted;
};

static void write_value(struct writer *w, const cJSON *node, int level);

static void write_string(struct str *out, const char *text)
{
	static const char plain[] = "\b\f\n\r\t\"\\", escape[] = "bfnrt\"\\";

	str_addc(out, '"');
	for (;;) {
		size_t n = 0;
		const char *found;

		while ((unsigned char)text[n] >= 0x20 && text[n] != '"' && text[n] != '\\')
			n++;
		str_addn(out, text, n);
		text += n;
		if (*text == '\0')
			break;
		found = strchr(plain, *text);
		if (found)
			str_addf(out, "\\%c", escape[found - plain]);
		else
			str_addf(out, "\\u%04x", (unsigned char)*text);
		text++;
	}
	str_addc(out, '"');
}

static void write_number(struct str *out, double v)
{
	char buf[32], *comma;
	int precision;

	if (v >= -0x1p53 && v <= 0x1p53 && (double)(int64_t)v == v) {
		str_addf(out, "%" PRId64, (int64_t)v);
		return;
	}
	for (precision = 15; precision <= 17; precision++) { /* the shortest that reads the same */
		snprintf(buf, sizeof(buf), "%.*g", precision, v);
		if (strtod(buf, NULL) == v)
			break;
	}
	comma = strchr(buf, ','); /* a locale's decimal comma */
	if (comma)
		*comma = '.';
	str_add(out, buf);
	if (buf[strspn(buf, "-0123456789")] == '\0')
		str_add(out, ".0"); /* beyond 2^53 the scanner takes no bare whole number */
}

static void new_line(struct writer *w, int level)
{
	if (!w->pretty)
		return;
	str_addc(&w->out, '\n');
	while (level-- > 0)
		str_add(&w->out, "  ");
}

static void next_line(struct writer *w, bool first, int level)
{
	if (!first)
		str_addc(&w->out, ',');
	new_line(w, level);
}

static void write_member(struct writer *w, const cJSON *node, int level)
{
	write_string(&w->out, node->string);
	str_add(&w->out, w->pretty ? ": " : ":");
	write_value(w, node, level);
}

static int name_order(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

static void write_sorted(struct writer *w, const cJSON *object, int level)
{
	size_t i = 0, n = (size_t)cJSON_GetArraySize(object);
	const cJSON **members = xcalloc(n ? n : 1, sizeof(const cJSON *));
	const cJSON *child;

	for (child = object->child; child; child = child->next)
		members[i++] = child;
	qsort(members, n, sizeof(const cJSON *), name_order);
	for (i = 0; i < n; i++) {
		next_line(w, i == 0, level);
		write_member(w, members[i], level);
	}
	mem_free(members);
}

static void write_children(struct writer *w, const cJSON *node, int level)
{
	const cJSON *child;

	for (child = node->child; child; child = child->next) {
		next_line(w, child == node->child, level);
		if (cJSON_IsObject(node))
			write_member(w, child, level);
		else
			write_value(w, child, level);
	}
}

static void write_container(struct writer *w, const cJSON *node, int level)
{
	bool is_object = cJSON_IsObject(node);

	str_addc(&w->out, is_object ? '{' : '[');
	if (is_object && w->sorted)
		write_sorted(w, node, level + 1);
	else
		write_children(w, node, level + 1);
	if (node->child)
		new_line(w, level);
	str_addc(&w->out, is_object ? '}' : ']');
}

static void write_value(struct writer *w, const cJSON *node, int level)
{
	if (cJSON_IsObject(node) || cJSON_IsArray(node))
		write_container(w, node, level);
	else if (cJSON_IsString(node))
		write_string(&w->out, node->valuestring);
	else if (cJSON_IsNumber(node))
		write_number(&w->out, node->valuedouble);
	else if (cJSON_IsBool(node))
		str_add(&w->out, cJSON_IsTrue(node) ? "true" : "false");
	else
		str_add(&w->out, "null");
}

/* The node's own name, if it is an object's member, is not written. */
static char *text_of(const cJSON *node, bool pretty, bool sorted)
{
	struct writer w = { .pretty = pretty, .sorted = sorted };

	write_value(&w, node, 0);
	return str_take(&w.out);
}

char *json_text(const cJSON *node)
{
	return text_of(node, false, false);
}

char *json_text_pretty(const cJSON *node)
{
	return text_of(node, true, false);
}

char *json_text_sorted(const cJSON *node)
{
	return text_of(node, false, true);
}
