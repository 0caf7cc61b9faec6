#include "base/now.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t now_mono_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

int64_t now_wall_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
}

static void split(int64_t wall_ms, struct tm *ret_tm, int *ret_ms)
{
	int64_t s = wall_ms / 1000;
	int ms = (int)(wall_ms % 1000);
	time_t t;

	if (ms < 0) {
		ms += 1000;
		s -= 1;
	}
	t = (time_t)s;
	if (!gmtime_r(&t, ret_tm))
		memset(ret_tm, 0, sizeof(*ret_tm));
	*ret_ms = ms;
}

const char *time_text(int64_t wall_ms, char buf[TIME_TEXT_MAX])
{
	struct tm tm;
	char head[24];
	int ms;

	split(wall_ms, &tm, &ms);
	strftime(head, sizeof(head), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf, TIME_TEXT_MAX, "%s.%03dZ", head, ms);
	return buf;
}

const char *time_text_s(int64_t wall_ms, char buf[TIME_TEXT_MAX])
{
	struct tm tm;
	int ms;

	split(wall_ms, &tm, &ms);
	strftime(buf, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return buf;
}

static bool digits(const char **at, int n, int *ret)
{
	int v = 0;

	while (n--) {
		if (!isdigit((unsigned char)**at))
			return false;
		v = v * 10 + (*(*at)++ - '0');
	}
	*ret = v;
	return true;
}

static bool parse_zone(const char *at, int *ret_offset_min)
{
	int sign, h, m;

	if ((*at == 'Z' || *at == 'z') && at[1] == '\0') {
		*ret_offset_min = 0;
		return true;
	}
	if (*at != '+' && *at != '-')
		return false;
	sign = *at++ == '-' ? -1 : 1;
	if (!digits(&at, 2, &h) || *at++ != ':' || !digits(&at, 2, &m) || *at != '\0')
		return false;
	if (h > 23 || m > 59)
		return false;
	*ret_offset_min = sign * (h * 60 + m);
	return true;
}

static bool day_exists(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month < 1 || month > 12)
		return false;
	return day >= 1 && day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool time_parse(const char *text, int64_t *ret_wall_ms)
{
	struct tm tm = { 0 };
	int year, month, offset, ms = 0, scale = 100;
	const char *at = text;

	if (!digits(&at, 4, &year) || *at++ != '-' || !digits(&at, 2, &month) || *at++ != '-' ||
		!digits(&at, 2, &tm.tm_mday))
		return false;
	if ((*at != 'T' && *at != 't' && *at != ' ') || !day_exists(year, month, tm.tm_mday))
		return false;
	at++;
	if (!digits(&at, 2, &tm.tm_hour) || *at++ != ':' || !digits(&at, 2, &tm.tm_min) ||
		*at++ != ':' || !digits(&at, 2, &tm.tm_sec))
		return false;
	if (tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return false;
	if (*at == '.') {
		if (!isdigit((unsigned char)*++at))
			return false;
		for (; isdigit((unsigned char)*at); at++, scale /= 10)
			ms += (*at - '0') * scale;
	}
	if (!parse_zone(at, &offset))
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	*ret_wall_ms = ((int64_t)timegm(&tm) - (int64_t)offset * 60) * 1000 + ms;
	return true;
}

bool time_parse_http(const char *text, int64_t *ret_wall_ms)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = { 0 };
	char month[4], zone[4];
	const char *found;
	int year, used = 0;

	if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d %3[A-Z]%n", &tm.tm_mday,
		    month, &year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, zone, &used) != 7)
		return false;
	found = strstr(months, month);
	if (!found || (found - months) % 3 || strcmp(zone, "GMT") != 0 || text[used] != '\0')
		return false;
	tm.tm_mon = (int)(found - months) / 3;
	tm.tm_year = year - 1900;
	if (!day_exists(year, tm.tm_mon + 1, tm.tm_mday) || tm.tm_hour < 0 || tm.tm_hour > 23 ||
		tm.tm_min < 0 || tm.tm_min > 59 || tm.tm_sec < 0 || tm.tm_sec > 60)
		return false;
	*ret_wall_ms = (int64_t)timegm(&tm) * 1000;
	return true;
}
