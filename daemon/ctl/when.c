#include "ctl/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/now.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

static void amount(int64_t seconds, char *buf, size_t n)
{
	if (seconds < 2 * MINUTE)
		snprintf(buf, n, "%lld s", (long long)seconds);
	else if (seconds < 2 * HOUR)
		snprintf(buf, n, "%lld min", (long long)(seconds / MINUTE));
	else if (seconds < 2 * DAY)
		snprintf(buf, n, "%lld h", (long long)(seconds / HOUR));
	else
		snprintf(buf, n, "%lld days", (long long)(seconds / DAY));
}

const char *when_relative(int64_t at_ms, int64_t now_ms, char buf[WHEN_TEXT_MAX])
{
	int64_t seconds = (now_ms - at_ms) / 1000;
	char text[40];

	amount(seconds < 0 ? -seconds : seconds, text, sizeof(text));
	if (seconds == 0)
		snprintf(buf, WHEN_TEXT_MAX, "just now");
	else if (seconds > 0)
		snprintf(buf, WHEN_TEXT_MAX, "%s ago", text);
	else
		snprintf(buf, WHEN_TEXT_MAX, "in %s", text);
	return buf;
}

const char *when_full(int64_t at_ms, int64_t now_ms, char buf[WHEN_TEXT_MAX])
{
	char local[24] = "?", relative[WHEN_TEXT_MAX];
	time_t t = (time_t)(at_ms / 1000);
	struct tm tm;

	if (localtime_r(&t, &tm))
		strftime(local, sizeof(local), "%Y-%m-%d %H:%M:%S", &tm);
	when_relative(at_ms, now_ms, relative);
	snprintf(buf, WHEN_TEXT_MAX, "%s (%.36s)", local, relative);
	return buf;
}

typedef const char *when_form(int64_t at_ms, int64_t now_ms, char buf[WHEN_TEXT_MAX]);

static const char *from_text(
	const char *rfc3339, int64_t now_ms, char buf[WHEN_TEXT_MAX], when_form *form)
{
	int64_t at_ms;

	if (rfc3339 && time_parse(rfc3339, &at_ms))
		return form(at_ms, now_ms, buf);
	snprintf(buf, WHEN_TEXT_MAX, "never");
	return buf;
}

const char *when_relative_text(const char *rfc3339, int64_t now_ms, char buf[WHEN_TEXT_MAX])
{
	return from_text(rfc3339, now_ms, buf, when_relative);
}

const char *when_full_text(const char *rfc3339, int64_t now_ms, char buf[WHEN_TEXT_MAX])
{
	return from_text(rfc3339, now_ms, buf, when_full);
}

bool duration_parse(const char *text, long max_s, long *ret_s)
{
	long value = 0, unit = 1;
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 9)
		return false;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (text[i] - '0');
	if (strcmp(text + n, "m") == 0)
		unit = MINUTE;
	else if (strcmp(text + n, "h") == 0)
		unit = HOUR;
	else if (text[n] && strcmp(text + n, "s") != 0)
		return false;
	if (value > max_s / unit)
		return false;
	*ret_s = value * unit;
	return true;
}
