/* Times in time zones: daylight saving at the time in question, names that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/now.h"
#include "base/zone.h"

static void assert_time(const char *name, const char *utc, const char *want)
{
	CLEANUP(zone_free) struct zone *zone = zone_new(name);
	struct zone_time t;
	int64_t at;
	char got[80];

	assert_non_null(zone);
	assert_true(time_parse(utc, &at));
	zone_at(zone, at, &t);
	snprintf(got, sizeof(got), "%04d-%02d-%02d %02d:%02d:%02d %s", t.year, t.month, t.day,
		t.hour, t.minute, t.second, t.label);
	assert_string_equal(got, want);
}

static void without_a_zone_it_is_utc(void **state)
{
	struct zone_time t;

	(void)state;
	zone_at(NULL, 0, &t);
	assert_int_equal(t.year, 1970);
	assert_int_equal(t.hour, 0);
	assert_string_equal(t.label, "UTC");
	zone_at(NULL, -1, &t);
	assert_int_equal(t.year, 1969);
	assert_int_equal(t.second, 59);
	assert_time("UTC", "2026-11-24T05:04:03.999Z", "2026-11-24 05:04:03 UTC");
}

static void daylight_saving_is_that_of_the_time_in_question(void **state)
{
	(void)state;
	assert_time("Europe/Zurich", "2026-11-24T05:04:03Z", "2026-11-24 06:04:03 CET");
	assert_time("Europe/Zurich", "2026-07-24T05:04:03Z", "2026-07-24 07:04:03 CEST");
	assert_time("Europe/Zurich", "2026-03-29T00:59:59Z", "2026-03-29 01:59:59 CET");
	assert_time("Europe/Zurich", "2026-03-29T01:00:00Z", "2026-03-29 03:00:00 CEST");
	/* the hour that comes twice */
	assert_time("America/Toronto", "2026-11-01T05:30:00Z", "2026-11-01 01:30:00 EDT");
	assert_time("America/Toronto", "2026-11-01T06:30:00Z", "2026-11-01 01:30:00 EST");
	/* the year changes with the zone */
	assert_time("Pacific/Auckland", "2026-12-31T11:00:00Z", "2027-01-01 00:00:00 NZDT");
}

static void rules_go_on_after_the_last_change_that_is_listed(void **state)
{
	(void)state;
	assert_time("Europe/Zurich", "2060-07-01T12:00:00Z", "2060-07-01 14:00:00 CEST");
	assert_time("America/Toronto", "2060-01-01T12:00:00Z", "2060-01-01 07:00:00 EST");
}

static void a_zone_without_a_word_shows_its_offset(void **state)
{
	(void)state;
	assert_time("America/Sao_Paulo", "2026-11-24T05:04:03Z", "2026-11-24 02:04:03 UTC-03:00");
	assert_time("Asia/Kathmandu", "2026-11-24T05:04:03Z", "2026-11-24 10:49:03 UTC+05:45");
	assert_time("Asia/Kolkata", "2026-11-24T05:04:03Z", "2026-11-24 10:34:03 IST");
}

static void only_names_of_zones_are_taken(void **state)
{
	static const char *const none[] = { "", "Nowhere/Land", "America", "../../etc/passwd",
		"/usr/share/zoneinfo/UTC", "Europe/../UTC", "+05:00", "EST5EDT,M3.2.0,M11.1.0",
		"zone.tab", "Europe/", "Europe//Zurich", "right/UTC", "utc\n",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" };
	size_t i;

	(void)state;
	assert_null(zone_new(NULL));
	for (i = 0; i < ARRAY_LEN(none); i++)
		if (zone_new(none[i]))
			fail_msg("\"%s\" was taken for a time zone", none[i]);
	zone_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_zone_it_is_utc),
		cmocka_unit_test(daylight_saving_is_that_of_the_time_in_question),
		cmocka_unit_test(rules_go_on_after_the_last_change_that_is_listed),
		cmocka_unit_test(a_zone_without_a_word_shows_its_offset),
		cmocka_unit_test(only_names_of_zones_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
