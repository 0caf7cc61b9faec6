/* Backoff, token bucket, slots, breaker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/tidy.h"
#include "core/pace.h"

static void backoff_doubles_up_to_its_cap(void **state)
{
	static const struct {
		int tries;
		int64_t base, cap;
		double unit;
		int64_t ms;
	} rows[] = {
		{ 1, 500, 60000, 0.999999999, 500 },
		{ 2, 500, 60000, 0.999999999, 1000 },
		{ 7, 500, 60000, 0.999999999, 32000 },
		{ 8, 500, 60000, 0.999999999, 60000 },
		{ 1000000, 500, 60000, 0.999999999, 60000 },
		{ 1, 500, 60000, 0.5, 250 },
		{ 4, 500, 60000, 0.25, 1000 },
		{ 1, 500, 60000, 0, 1 },
		{ 1000000, 500, 60000, 0, 1 },
		{ 0, 500, 60000, 0.999999999, 500 },
		{ -5, 500, 60000, 0.999999999, 500 },
		{ 3, 90000, 60000, 0.999999999, 60000 },
		{ 2, 0, 60000, 0.999999999, 2 },
		{ 1, 500, 0, 0.999999999, 1 },
		{ 64, INT64_MAX / 2 + 9, INT64_MAX, 0.25, INT64_MAX / 4 + 1 },
		{ 1, 500, 60000, 7.0, 500 }, /* dice that break their word */
		{ 1, 500, 60000, -1.0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(backoff_ms(rows[i].tries, rows[i].base, rows[i].cap, rows[i].unit),
			rows[i].ms);
}

static void a_bucket_gives_its_burst_and_then_its_rate(void **state)
{
	struct bucket b;
	int64_t now = 1000;
	int taken = 0;

	(void)state;
	bucket_init(&b, 60, 3, now);
	for (int i = 0; i < 3; i++)
		assert_true(bucket_take(&b, now));
	assert_false(bucket_take(&b, now));
	assert_in_range(bucket_wait_ms(&b, now), 999, 1001);
	assert_false(bucket_take(&b, now + 990));
	assert_true(bucket_take(&b, now + 1001));
	for (now = 100000; now < 700000; now += 7)
		taken += bucket_take(&b, now);
	assert_in_range(taken, 600, 603); /* ten minutes and the burst */
}

static void after_the_named_wait_a_token_is_there(void **state)
{
	static const int rates[] = { 1, 7, 59, 60, 299, 300, 1000, 60000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		struct bucket b;
		int64_t now = 5;

		bucket_init(&b, rates[i], 1, now);
		assert_int_equal(bucket_wait_ms(&b, now), 0);
		for (int round = 0; round < 50; round++) {
			assert_true(bucket_take(&b, now));
			assert_true(bucket_wait_ms(&b, now) > 0);
			now += bucket_wait_ms(&b, now);
			assert_int_equal(bucket_wait_ms(&b, now), 0);
		}
	}
}

static void a_bucket_survives_a_clock_that_stands_or_jumps(void **state)
{
	struct bucket b;
	int taken = 0;

	(void)state;
	bucket_init(&b, 60, 2, 1000000);
	for (int i = 0; i < 1000; i++)
		taken += bucket_take(&b, 1000000);
	assert_int_equal(taken, 2);
	assert_false(bucket_take(&b, 0)); /* back: nothing is gained */
	assert_in_range(bucket_wait_ms(&b, 0), 999, 1001);
	assert_true(bucket_take(&b, 1001)); /* and it does not wait for the old time */
	taken = 0;
	for (int i = 0; i < 1000; i++)
		taken += bucket_take(&b, INT64_MAX);
	assert_int_equal(taken, 2); /* far ahead: the burst, no more */
	assert_false(bucket_take(&b, INT64_MIN));
}

static void a_bucket_without_a_rate_still_drips(void **state)
{
	struct bucket b;

	(void)state;
	bucket_init(&b, 0, 0, 0);
	assert_true(bucket_take(&b, 0));
	assert_in_range(bucket_wait_ms(&b, 0), 59999, 60001);
}

static void slots_halve_and_grow_by_one_a_round(void **state)
{
	struct slots s;

	(void)state;
	slots_init(&s, 5);
	assert_int_equal(s.now, 5);
	slots_slow_down(&s);
	assert_int_equal(s.now, 2);
	slots_good(&s);
	assert_int_equal(s.now, 2);
	slots_good(&s);
	assert_int_equal(s.now, 3);
	slots_good(&s);
	slots_good(&s);
	slots_slow_down(&s); /* the round begun is forgotten */
	assert_int_equal(s.now, 1);
	slots_slow_down(&s);
	assert_int_equal(s.now, 1);
	slots_good(&s);
	assert_int_equal(s.now, 2);
	for (int i = 0; i < 100; i++)
		slots_good(&s);
	assert_int_equal(s.now, 5);
	slots_init(&s, 0);
	assert_int_equal(s.now, 1);
}

static void a_breaker_opens_after_its_threshold_in_a_row(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b, 3, 1000, 8000);
	assert_false(breaker_failure(&b, false, "one", 0));
	assert_false(breaker_failure(&b, false, "two", 0));
	assert_false(breaker_success(&b)); /* the row is broken */
	assert_false(breaker_failure(&b, false, "one", 0));
	assert_false(breaker_failure(&b, false, "two", 0));
	assert_true(breaker_may_send(&b));
	assert_true(breaker_failure(&b, false, "three", 50));
	assert_false(breaker_may_send(&b));
	assert_string_equal(b.why, "three");
	assert_int_equal(b.since, 50);
	assert_false(breaker_may_probe(&b, 1049));
	assert_true(breaker_may_probe(&b, 1050));
	assert_true(breaker_may_probe(&b, 49)); /* the clock went back: do not sleep for ages */
}

static void a_refused_key_opens_it_at_once(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b, 100, 1000, 8000);
	assert_true(breaker_failure(&b, true, NULL, 0));
	assert_string_equal(breaker_name(b.state), "open");
	assert_string_equal(b.why, "");
}

static void failed_probes_double_the_wait_up_to_its_maximum(void **state)
{
	static const int64_t waits[] = { 2000, 4000, 5000, 5000 };
	struct breaker b;
	int64_t now = 0;

	(void)state;
	breaker_init(&b, 1, 1000, 5000);
	assert_true(breaker_failure(&b, false, "down", now));
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		now = b.probe_at;
		assert_true(breaker_may_probe(&b, now));
		breaker_probing(&b);
		assert_false(breaker_may_probe(&b, now + 100000)); /* one at a time */
		assert_false(breaker_may_send(&b));
		assert_false(breaker_failure(&b, i % 2, "still down", now));
		assert_int_equal(b.probe_at, now + waits[i]);
		assert_int_equal(b.since, 0);
	}
	assert_string_equal(b.why, "still down");
	breaker_probing(&b);
	assert_true(breaker_success(&b));
	assert_true(breaker_may_send(&b));
	assert_string_equal(b.why, "");
	assert_true(breaker_failure(&b, false, "again", now));
	assert_int_equal(b.probe_at, now + 1000); /* from the start */
}

static void late_failures_do_not_push_the_probe_back(void **state)
{
	struct breaker b;
	char why[2000];

	(void)state;
	memset(why, 'x', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	breaker_init(&b, 2, 1000, 5000);
	breaker_failure(&b, false, "a", 0);
	assert_true(breaker_failure(&b, false, why, 0));
	assert_int_equal(strlen(b.why), sizeof(b.why) - 1);
	assert_false(breaker_failure(&b, false, "late", 900));
	assert_true(breaker_may_probe(&b, 1000));
	assert_int_equal(b.why[0], 'x');
}

static void odd_settings_of_a_breaker_are_made_sound(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b, 0, 0, -1);
	assert_true(breaker_failure(&b, false, "x", 0));
	assert_true(breaker_may_probe(&b, 1));
	breaker_probing(&b);
	breaker_failure(&b, false, "x", 1);
	assert_int_equal(b.probe_at, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backoff_doubles_up_to_its_cap),
		cmocka_unit_test(a_bucket_gives_its_burst_and_then_its_rate),
		cmocka_unit_test(after_the_named_wait_a_token_is_there),
		cmocka_unit_test(a_bucket_survives_a_clock_that_stands_or_jumps),
		cmocka_unit_test(a_bucket_without_a_rate_still_drips),
		cmocka_unit_test(slots_halve_and_grow_by_one_a_round),
		cmocka_unit_test(a_breaker_opens_after_its_threshold_in_a_row),
		cmocka_unit_test(a_refused_key_opens_it_at_once),
		cmocka_unit_test(failed_probes_double_the_wait_up_to_its_maximum),
		cmocka_unit_test(late_failures_do_not_push_the_probe_back),
		cmocka_unit_test(odd_settings_of_a_breaker_are_made_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
