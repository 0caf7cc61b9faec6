#include "ctl/setup_text.h"

#include <ctype.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"

struct span {
	const char *from, *to; /* to: the first byte behind it */
};

/* ==== the grammar ==== */

static const char *skip_comment(const char *at)
{
	const char *end;

	if (at[0] == '/' && at[1] == '*') {
		end = strstr(at + 2, "*/");
		return end ? end + 2 : at + strlen(at);
	}
	return at + strcspn(at, "\n");
}

static bool comment_begins(const char *at)
{
	return *at == '#' || (at[0] == '/' && (at[1] == '/' || at[1] == '*'));
}

static const char *skip_blank(const char *at)
{
	for (;;) {
		if (isspace((unsigned char)*at))
			at++;
		else if (comment_begins(at))
			at = skip_comment(at);
		else
			return at;
	}
}

static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

/* From an opening bracket of any kind to behind the one that closes it. */
static const char *skip_brackets(const char *at)
{
	int depth = 0;

	do {
		at = skip_blank(at);
		if (*at == '"') {
			at = skip_string(at);
			continue;
		}
		depth += strchr("{([", *at) && *at ? 1 : 0;
		depth -= strchr("})]", *at) && *at ? 1 : 0;
		at += *at ? 1 : 0;
	} while (*at && depth > 0);
	return at;
}

static size_t name_length(const char *at)
{
	return strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_*-");
}

/* Several texts in a row are one value. */
static const char *skip_strings(const char *at)
{
	const char *end = at;

	while (*at == '"') {
		end = skip_string(at);
		at = skip_blank(end);
	}
	return end;
}

static const char *skip_value(const char *at)
{
	if (*at == '"')
		return skip_strings(at);
	if (*at && strchr("{([", *at))
		return skip_brackets(at);
	while (*at && !isspace((unsigned char)*at) && !strchr(";,})]#", *at))
		at++;
	return at;
}

/* The value of name among the settings that begin at `at`; false at their end or where the text is
 * no configuration. */
static bool find_setting(const char *at, const char *name, size_t n, struct span *ret)
{
	for (;;) {
		size_t found;
		const char *from;

		at = skip_blank(at);
		found = name_length(at);
		if (found == 0)
			return false;
		from = skip_blank(at + found);
		if (*from != '=' && *from != ':')
			return false;
		from = skip_blank(from + 1);
		ret->from = from;
		ret->to = skip_value(from);
		if (found == n && strncmp(at, name, n) == 0)
			return true;
		at = skip_blank(ret->to);
		if (*at == ';' || *at == ',')
			at++;
		if (at == from)
			return false;
	}
}

/* The inside of a section, braces left out. */
static bool find_section(const char *text, const char *name, size_t n, struct span *ret)
{
	if (!find_setting(text, name, n, ret) || *ret->from != '{' || ret->to[-1] != '}' ||
		ret->to - ret->from < 2)
		return false;
	ret->from++;
	ret->to--;
	return true;
}

static bool find(const char *text, const char *path, struct span *ret)
{
	const char *dot = strchr(path, '.');
	struct span section;

	if (!dot)
		return find_setting(text, path, strlen(path), ret);
	return find_section(text, path, (size_t)(dot - path), &section) &&
		find_setting(section.from, dot + 1, strlen(dot + 1), ret) && ret->to <= section.to;
}

/* ==== reading ==== */

static void add_string(struct str *out, const char *at, const char *end)
{
	static const char plain[] = "nrtf", meant[] = "\n\r\t\f";

	for (at++; at < end - 1; at++) {
		const char *escape;

		if (*at != '\\') {
			str_addc(out, *at);
			continue;
		}
		at++;
		escape = strchr(plain, *at);
		str_addc(out, escape && *escape ? meant[escape - plain] : *at);
	}
}

char *setup_text_get(const char *text, const char *path)
{
	STR_AUTO(out);
	struct span value;
	const char *at;

	if (!find(text, path, &value))
		return NULL;
	if (*value.from != '"')
		return xstrndup(value.from, (size_t)(value.to - value.from));
	for (at = value.from; at < value.to; at = skip_blank(at)) {
		const char *end = skip_string(at);

		add_string(&out, at, end);
		at = end;
	}
	return str_take(&out);
}

/* ==== changing ==== */

static void add_literal(struct str *out, const char *value)
{
	str_addc(out, '"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			str_addc(out, '\\');
		if (*value == '\n')
			str_add(out, "\\n");
		else
			str_addc(out, *value);
	}
	str_addc(out, '"');
}

/* "# name = …" on a line of its own between from and to: the default, told in a comment. */
static bool find_default(struct span in, const char *name, struct span *ret)
{
	size_t n = strlen(name);
	const char *line, *at;

	for (line = in.from; line < in.to; line = *ret->to ? ret->to + 1 : in.to) {
		ret->to = line + strcspn(line, "\n");
		at = line + strspn(line, " \t");
		ret->from = at;
		if (*at != '#')
			continue;
		at += 1 + strspn(at + 1, " \t");
		if (strncmp(at, name, n) != 0)
			continue;
		at += n + strspn(at + n, " \t");
		if (*at == '=' && ret->to <= in.to)
			return true;
	}
	return false;
}

static char *replaced(const char *text, struct span old, const char *fresh)
{
	STR_AUTO(out);

	str_addn(&out, text, (size_t)(old.from - text));
	str_add(&out, fresh);
	str_add(&out, old.to);
	return str_take(&out);
}

/* Before the closing brace of the section, on a line of its own if the brace has one. */
static char *added_last(const char *text, struct span section, const char *setting)
{
	const char *line = section.to;
	STR_AUTO(fresh);

	while (line > section.from && line[-1] != '\n')
		line--;
	if (line > section.from && line + strspn(line, " \t") == section.to) {
		str_addf(&fresh, "\t%s\n", setting);
		return replaced(text, (struct span){ line, line }, fresh.at);
	}
	str_addf(&fresh, " %s ", setting);
	return replaced(text, (struct span){ section.to, section.to }, fresh.at);
}

static char *section_added(const char *text, const char *path, const char *dot, const char *setting)
{
	STR_AUTO(out);
	size_t n = strlen(text);

	str_addf(&out, "%s%s", text, n && text[n - 1] != '\n' ? "\n" : "");
	if (dot)
		str_addf(&out, "\n%.*s = {\n\t%s\n};\n", (int)(dot - path), path, setting);
	else
		str_addf(&out, "\n%s\n", setting);
	return str_take(&out);
}

char *setup_text_set(const char *text, const char *path, const char *value)
{
	const char *dot = strchr(path, '.'), *name = dot ? dot + 1 : path;
	struct span at, section = { text, text + strlen(text) };
	STR_AUTO(literal);
	STR_AUTO(setting);

	add_literal(&literal, value);
	if (find(text, path, &at))
		return replaced(text, at, literal.at);
	str_addf(&setting, "%s = %s;", name, literal.at);
	if (dot && !find_section(text, path, (size_t)(dot - path), &section))
		return section_added(text, path, dot, setting.at);
	if (find_default(section, name, &at))
		return replaced(text, at, setting.at);
	return dot ? added_last(text, section, setting.at)
		   : section_added(text, path, dot, setting.at);
}
