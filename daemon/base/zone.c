#include "base/zone.h"

#include <ctype.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/str.h"

/* A GTimeZone under our own name: its type stays inside this file. */
static GTimeZone *inner(const struct zone *zone)
{
	return (GTimeZone *)(uintptr_t)zone;
}

/* A relative path below the zones: GLib would also take offsets, rules and paths elsewhere. */
static bool is_name(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= ZONE_NAME_MAX && isalpha((unsigned char)name[0]) &&
		strspn(name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+-") ==
		n &&
		!strstr(name, "//") && name[n - 1] != '/' && !str_starts(name, "right/");
}

struct zone *zone_new(const char *name)
{
	if (str_eq(name, "UTC"))
		return (struct zone *)(void *)g_time_zone_new_utc();
	if (!name || !is_name(name))
		return NULL;
	return (struct zone *)(void *)g_time_zone_new_identifier(name);
}

void zone_free(struct zone *zone)
{
	if (zone)
		g_time_zone_unref(inner(zone));
}

static bool is_word(const char *text)
{
	const char *at;

	for (at = text; isalpha((unsigned char)*at); at++)
		;
	return at > text && *at == '\0' && at - text < ZONE_LABEL_MAX;
}

static void put_label(const char *abbreviation, int offset, char ret[ZONE_LABEL_MAX])
{
	int minutes = (offset < 0 ? -offset : offset) / 60;

	if (abbreviation && is_word(abbreviation))
		snprintf(ret, ZONE_LABEL_MAX, "%s", abbreviation);
	else
		snprintf(ret, ZONE_LABEL_MAX, "UTC%c%02d:%02d", offset < 0 ? '-' : '+',
			minutes / 60 % 100, minutes % 60);
}

/* Seconds since 1970, rounded down, also before it. */
static int64_t seconds_of(int64_t wall_ms)
{
	return wall_ms / 1000 - (wall_ms % 1000 < 0);
}

void zone_at(const struct zone *zone, int64_t wall_ms, struct zone_time *ret)
{
	int64_t at = seconds_of(wall_ms);
	int offset = 0, interval;
	struct tm tm = { 0 };
	time_t local;

	*ret = (struct zone_time){ .label = "UTC" };
	if (zone) {
		interval = g_time_zone_find_interval(inner(zone), G_TIME_TYPE_UNIVERSAL, at);
		offset = g_time_zone_get_offset(inner(zone), interval);
		put_label(g_time_zone_get_abbreviation(inner(zone), interval), offset, ret->label);
	}
	local = (time_t)(at + offset);
	(void)gmtime_r(&local, &tm);
	ret->year = tm.tm_year + 1900;
	ret->month = tm.tm_mon + 1;
	ret->day = tm.tm_mday;
	ret->hour = tm.tm_hour;
	ret->minute = tm.tm_min;
	ret->second = tm.tm_sec;
}
