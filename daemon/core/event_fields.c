/* The members of an event that are text, by one table: presence, length, form. */
#include "core/event_parts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/mem.h"
#include "base/str.h"
#include "opbridge.h"

enum form {
	FORM_EXACT, /* an id: as given, so no control characters */
	FORM_LINE, /* one plain line, trimmed */
	FORM_LINES, /* plain text, '\n' and '\t' kept, trimmed */
};

struct field {
	const char *object; /* NULL: the event itself */
	const char *name;
	size_t offset; /* of a char * in struct op_event */
	size_t max; /* bytes */
	enum form form;
	bool required;
};

#define FIELD(member) offsetof(struct op_event, member)
static const struct field fields[] = {
	{ NULL, "id", FIELD(id), OPB_ID_MAX, FORM_EXACT, true },
	{ NULL, "type", FIELD(type), OPB_NAME_MAX, FORM_LINE, true },
	{ "tenant", "id", FIELD(tenant_id), OPB_ID_MAX, FORM_EXACT, false },
	{ "tenant", "domain", FIELD(tenant_domain), OPB_DOMAIN_MAX, FORM_EXACT, false },
	{ "tenant", "name", FIELD(tenant_name), OPB_NAME_MAX, FORM_LINE, false },
	{ NULL, "title", FIELD(title), OPB_TITLE_MAX, FORM_LINE, false },
	{ NULL, "description", FIELD(description), OPB_DESCRIPTION_MAX, FORM_LINES, false },
	{ NULL, "severity", FIELD(severity), OPB_SEVERITY_MAX, FORM_LINE, false },
	{ "links", "view", FIELD(link_view), OPB_LINK_MAX, FORM_EXACT, false },
	{ "links", "ignore", FIELD(link_ignore), OPB_LINK_MAX, FORM_EXACT, false },
};

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7F)
			return true;
	return false;
}

/* "\r\n" → "\n": a carriage return would become a blank at each line's end. */
static void drop_returns(char *s)
{
	char *to = s;

	for (; *s; s++)
		if (s[0] != '\r' || s[1] != '\n')
			*to++ = *s;
	*to = '\0';
}

static char *formed(const char *text, enum form form)
{
	CLEANUP(mem_free) char *copy = NULL;
	char *plain;

	if (form == FORM_EXACT)
		return xstrdup(text);
	copy = xstrdup(text);
	drop_returns(copy);
	plain = utf8_plain(copy, form == FORM_LINES);
	str_trim(plain);
	return plain;
}

static int check_text(
	const struct field *f, const char *name, const char *text, struct fault *reterr)
{
	if (strlen(text) > f->max)
		return fault_set(reterr, FAULT_TOO_LARGE,
			"%s is %zu bytes long; at most %zu are taken", name, strlen(text), f->max);
	if (f->form == FORM_EXACT && has_control(text))
		return fault_set(
			reterr, FAULT_INPUT, "%s holds a control character; send plain text", name);
	return 0;
}

static int read_field(
	const cJSON *node, const struct field *f, struct op_event *ev, struct fault *reterr)
{
	char **to = (char **)(void *)((char *)ev + f->offset);
	const cJSON *member = json_get(f->object ? json_get(node, f->object) : node, f->name);
	const char *text = cJSON_IsString(member) ? member->valuestring : NULL;
	CLEANUP(mem_free) char *made = NULL;
	char name[32];
	int r;

	snprintf(name, sizeof(name), "%s%s%s", f->object ? f->object : "", f->object ? "." : "",
		f->name);
	if (member && !text && !cJSON_IsNull(member))
		return fault_set(reterr, FAULT_INPUT, "%s must be a string, not %s", name,
			node_kind(member));
	if (!text || str_is_blank(text))
		return f->required ? fault_set(reterr, FAULT_INPUT, "%s is missing", name) : 0;
	r = check_text(f, name, text, reterr);
	if (r < 0)
		return r;
	made = formed(text, f->form);
	if (str_is_blank(made)) /* nothing but control characters */
		return f->required ? fault_set(reterr, FAULT_INPUT, "%s is missing", name) : 0;
	*to = TAKE(made);
	return 0;
}

/* The tenant. */

static bool is_guid(const char *s)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	if (strlen(s) != sizeof(form) - 1)
		return false;
	for (i = 0; form[i]; i++)
		if (form[i] == '-' ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	return true;
}

/* Lower case; a GUID without its braces. The GUID of zeros, which programs send for "none", names
 * no tenant: different tenants would become one under it. */
static void tidy_tenant_id(struct op_event *ev)
{
	char *id = ev->tenant_id;
	size_t n;

	if (!id)
		return;
	str_trim(id);
	str_lower_ascii(id);
	n = strlen(id);
	if (n == 38 && id[0] == '{' && id[37] == '}') {
		id[37] = '\0';
		if (is_guid(id + 1))
			memmove(id, id + 1, 37);
		else
			id[37] = '}';
	}
	if (is_guid(id) && strspn(id, "0-") == strlen(id)) {
		mem_free(id);
		ev->tenant_id = NULL;
	}
}

/* White space and controls beyond ASCII that have no place in a host name. */
static bool is_odd(uint32_t c)
{
	return (c >= 0x80 && c <= 0xA0) || c == 0xAD || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
		(c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

/* Letters, digits, '-', '_', '.', and any sensible character beyond ASCII: ids.example, bücher.de.
 */
static bool host_characters(const char *s)
{
	const unsigned char *at = (const unsigned char *)s;

	while (*at) {
		uint32_t c = *at++;

		if (c < 0x80 && !isalnum((int)c) && !strchr("-_.", (int)c))
			return false;
		if (c < 0xC0)
			continue;
		c &= c >= 0xF0 ? 0x07 : c >= 0xE0 ? 0x0F : 0x1F; /* valid UTF-8: a lead byte */
		while ((*at & 0xC0) == 0x80)
			c = c << 6 | (*at++ & 0x3F);
		if (is_odd(c))
			return false;
	}
	return true;
}

static int tidy_tenant_domain(struct op_event *ev, struct fault *reterr)
{
	char *domain = ev->tenant_domain;
	CLEANUP(mem_free) char *shown = NULL;
	size_t n;

	if (!domain)
		return 0;
	str_trim(domain);
	str_lower_ascii(domain);
	n = strlen(domain);
	if (n > 1 && domain[n - 1] == '.')
		domain[--n] = '\0';
	if (host_characters(domain) && domain[0] != '.' && domain[n - 1] != '.' &&
		!strstr(domain, ".."))
		return 0;
	shown = utf8_cut(domain, 80);
	return fault_set(reterr, FAULT_INPUT,
		"tenant.domain \"%s\" is not a domain name; send it alone, such as contoso.com",
		shown);
}

/* Links. */

static int check_link(const char *name, char *link, struct fault *reterr)
{
	CLEANUP(mem_free) char *shown = NULL;
	const char *host = NULL;

	if (!link)
		return 0;
	str_trim(link);
	if (strncasecmp(link, "https://", 8) == 0)
		host = link + 8;
	else if (strncasecmp(link, "http://", 7) == 0)
		host = link + 7;
	if (host && *host && !strchr("/?#:", *host) && !strpbrk(link, " \"<>"))
		return 0;
	shown = utf8_cut(link, 80);
	return fault_set(reterr, FAULT_INPUT,
		"links.%s \"%s\" is not a web address; it must begin with https:// or http:// and "
		"hold no blanks, quotes or angle brackets",
		name, shown);
}

static int tidy_tenant(struct op_event *ev, struct fault *reterr)
{
	int r;

	if (ev->tenant_id && strchr(ev->tenant_id, '.'))
		return fault_set(reterr, FAULT_INPUT,
			"tenant.id \"%.80s\" looks like a domain; give it as tenant.domain",
			ev->tenant_id);
	tidy_tenant_id(ev);
	r = tidy_tenant_domain(ev, reterr);
	if (r == 0 && !ev->tenant_id && !ev->tenant_domain)
		r = fault_set(reterr, FAULT_INPUT,
			"tenant.id or tenant.domain must name the tenant; neither does");
	return r;
}

int op_tenant_parse(const cJSON *node, struct op_event **ret, struct fault *reterr)
{
	CLEANUP(op_event_free) struct op_event *ev = xcalloc(1, sizeof(*ev));
	size_t i;
	int r = 0;

	for (i = 0; i < ARRAY_LEN(fields) && r == 0; i++)
		if (str_eq(fields[i].object, "tenant"))
			r = read_field(node, &fields[i], ev, reterr);
	if (r == 0)
		r = tidy_tenant(ev, reterr);
	if (r == 0)
		*ret = TAKE(ev);
	return r;
}

int event_fields(const cJSON *node, struct op_event *ev, struct fault *reterr)
{
	size_t i;
	int r = 0;

	for (i = 0; i < ARRAY_LEN(fields) && r == 0; i++)
		r = read_field(node, &fields[i], ev, reterr);
	if (r == 0)
		r = tidy_tenant(ev, reterr);
	if (r == 0)
		r = check_link("view", ev->link_view, reterr);
	if (r == 0)
		r = check_link("ignore", ev->link_ignore, reterr);
	return r;
}
