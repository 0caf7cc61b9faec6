/* A JSON tree as text. Our own, because cJSON 1.7.15 rounds whole numbers of more than 15 digits
 * and its text is compared to tell a duplicate from an update. */
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"

#define COMPACT (-1)

static void write_value(struct str *out, const cJSON *node, int level);

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
}

static void new_line(struct str *out, int level)
{
	if (level == COMPACT)
		return;
	str_addc(out, '\n');
	while (level-- > 0)
		str_add(out, "  ");
}

static void write_members(struct str *out, const cJSON *node, int level)
{
	bool is_object = cJSON_IsObject(node);
	int inner = level == COMPACT ? COMPACT : level + 1;
	const cJSON *child;

	str_addc(out, is_object ? '{' : '[');
	for (child = node->child; child; child = child->next) {
		new_line(out, inner);
		if (is_object) {
			write_string(out, child->string);
			str_add(out, level == COMPACT ? ":" : ": ");
		}
		write_value(out, child, inner);
		if (child->next)
			str_addc(out, ',');
	}
	if (node->child)
		new_line(out, level);
	str_addc(out, is_object ? '}' : ']');
}

static void write_value(struct str *out, const cJSON *node, int level)
{
	if (cJSON_IsObject(node) || cJSON_IsArray(node))
		write_members(out, node, level);
	else if (cJSON_IsString(node))
		write_string(out, node->valuestring);
	else if (cJSON_IsNumber(node))
		write_number(out, node->valuedouble);
	else if (cJSON_IsBool(node))
		str_add(out, cJSON_IsTrue(node) ? "true" : "false");
	else
		str_add(out, "null");
}

char *json_text(const cJSON *node)
{
	STR_AUTO(out);

	write_value(&out, node, COMPACT);
	return str_take(&out);
}

char *json_text_pretty(const cJSON *node)
{
	STR_AUTO(out);

	write_value(&out, node, 0);
	return str_take(&out);
}
