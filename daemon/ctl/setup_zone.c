#include "ctl/setup_zone.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/fault.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/zone.h"
#include "ctl/setup_file.h"

static bool is_zone(const char *name)
{
	CLEANUP(zone_free) struct zone *zone = zone_new(name);

	return zone != NULL;
}

/* /etc/localtime leads into the zones; its path below them is the name. gives */
static char *of_link(void)
{
	char path[PATH_MAX + 1];
	ssize_t n = readlink("/etc/localtime", path, sizeof(path) - 1);
	const char *name;

	if (n < 0)
		return NULL;
	path[n] = '\0';
	name = strstr(path, "/zoneinfo/");
	return name ? xstrdup(name + strlen("/zoneinfo/")) : NULL;
}

char *setup_zone_of_host(const struct setup *s UNUSED)
{
	CLEANUP(mem_free) char *linked = of_link();
	CLEANUP(mem_free) char *written = NULL;
	struct fault f = { 0 };

	if (linked && is_zone(linked))
		return str_eq(linked, "Etc/UTC") ? xstrdup("UTC") : TAKE(linked);
	if (setup_file_read("/etc/timezone", &written, &f) < 0)
		return xstrdup("UTC");
	str_trim(written);
	return is_zone(written) && !str_eq(written, "Etc/UTC") ? TAKE(written) : xstrdup("UTC");
}

char *setup_language_of_host(const struct setup *s UNUSED)
{
	static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
		const char *value = getenv(variables[i]);

		if (!str_is_blank(value))
			return xstrdup(str_starts(value, "fr") ? "fr" : "en");
	}
	return xstrdup("en");
}
