/* When the emergency contact is told, of what, how often; and the texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/alarm.h"
#include "core/alarm_text.h"

#define MIN INT64_C(60000)
#define HOUR (60 * MIN)
#define T0 INT64_C(1795500000000)

struct bench {
	struct alarm_state state;
	struct alarm_rules rules;
	struct alarm_fact facts[CAUSE_COUNT];
	struct alarm_message m; /* that would be due at the last look */
	struct alarm_message told; /* the last one */
	int64_t now;
};

static int make_bench(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	int i;

	b->now = T0;
	b->rules = (struct alarm_rules){ .hold = MIN, .remind = 24 * HOUR, .per_hour = 10 };
	b->rules.after[CAUSE_CONNECTION] = 15 * MIN;
	b->rules.after[CAUSE_UNDELIVERED] = HOUR;
	b->rules.after[CAUSE_SILENCE] = -1;
	for (i = 0; i < CAUSE_COUNT; i++)
		b->facts[i].known = true;
	*state = b;
	return 0;
}

static int free_bench(void **state)
{
	mem_free(*state);
	return 0;
}

/* So many ms later: is there a message? Not told yet. */
static bool due(struct bench *b, int64_t ms)
{
	b->now += ms;
	alarm_watch(&b->state, &b->rules, b->facts, b->now);
	return alarm_due(&b->state, &b->rules, b->facts, b->now, &b->m);
}

static bool tell(struct bench *b, int64_t ms)
{
	if (!due(b, ms))
		return false;
	b->told = b->m;
	alarm_told(&b->state, &b->m, b->now);
	return true;
}

/* Look every second for so long; how many messages were told. */
static int run(struct bench *b, int64_t ms)
{
	int n = 0;
	int64_t end = b->now + ms;

	while (b->now < end)
		n += tell(b, 1000);
	return n;
}

static void restart(struct bench *b)
{
	CLEANUP(mem_free) char *text = alarm_state_text(&b->state);
	CLEANUP(mem_free) char *again = NULL;

	alarm_state_read(text, &b->state);
	again = alarm_state_text(&b->state);
	assert_string_equal(text, again);
}

static void assert_line(const struct bench *b, size_t i, enum cause cause, enum alarm_kind kind)
{
	assert_true(i < b->told.n);
	assert_int_equal(b->told.lines[i].cause, cause);
	assert_int_equal(b->told.lines[i].kind, kind);
}

static void a_cause_is_told_once_after_the_hold_time_and_so_is_its_end(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_KEYS].bad = true;
	assert_false(tell(b, 0));
	assert_false(tell(b, MIN - 1));
	assert_true(tell(b, 1));
	assert_line(b, 0, CAUSE_KEYS, ALARM_RAISED);
	assert_int_equal(b->told.lines[0].since, T0);
	assert_true(alarm_active(&b->state.marks[CAUSE_KEYS]));
	assert_int_equal(run(b, 20 * HOUR), 0);
	b->facts[CAUSE_KEYS].bad = false;
	assert_int_equal(run(b, MIN), 0);
	assert_true(tell(b, 1000));
	assert_line(b, 0, CAUSE_KEYS, ALARM_OVER);
	assert_int_equal(b->told.lines[0].since, T0);
	assert_true(b->told.lines[0].until > T0 + 20 * HOUR);
	assert_false(alarm_active(&b->state.marks[CAUSE_KEYS]));
	assert_int_equal(run(b, 40 * HOUR), 0);
}

static void what_flaps_faster_than_the_hold_time_says_nothing(void **state)
{
	struct bench *b = *state;
	int i;

	for (i = 0; i < 100; i++) {
		b->facts[CAUSE_KEYS].bad = i % 2 == 0;
		assert_int_equal(run(b, MIN - 1000), 0);
	}
	b->facts[CAUSE_KEYS].bad = true;
	assert_int_equal(run(b, 2 * MIN), 1);
	for (i = 0; i < 100; i++) { /* and raised, it ends as little */
		b->facts[CAUSE_KEYS].bad = i % 2 == 0;
		assert_int_equal(run(b, MIN - 1000), 0);
	}
}

static void a_cause_counts_only_after_its_own_time(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_CONNECTION].bad = true;
	assert_int_equal(run(b, 15 * MIN), 0);
	assert_int_equal(run(b, 2 * MIN), 1);
	b->facts[CAUSE_CONNECTION].bad =
		false; /* a short light does not end it, nor begin it anew */
	assert_int_equal(run(b, MIN / 2), 0);
	b->facts[CAUSE_CONNECTION].bad = true;
	assert_int_equal(run(b, HOUR), 0);
	assert_true(b->state.marks[CAUSE_CONNECTION].told);
	assert_int_equal(b->state.marks[CAUSE_CONNECTION].clear_at, 0);
}

static void a_time_known_from_elsewhere_counts_from_there(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_UNDELIVERED].bad = true;
	b->facts[CAUSE_UNDELIVERED].since = T0 - 58 * MIN;
	b->facts[CAUSE_UNDELIVERED].n = 7;
	assert_int_equal(run(b, 2 * MIN), 0);
	assert_int_equal(run(b, 70000), 1);
	assert_int_equal(b->told.lines[0].n, 7);
	b->facts[CAUSE_UNDELIVERED].since = b->now; /* the old one went; a young one waits */
	assert_int_equal(run(b, 70000), 1);
	assert_line(b, 0, CAUSE_UNDELIVERED, ALARM_OVER);
}

static void a_cause_that_is_switched_off_never_counts(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_SILENCE].bad = true;
	assert_int_equal(run(b, 48 * HOUR), 0);
}

static void what_begins_together_goes_in_one_message(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_KEYS].bad = true;
	assert_int_equal(run(b, 40000), 0);
	b->facts[CAUSE_DEAD].bad = true;
	b->facts[CAUSE_DEAD].n = 1;
	assert_int_equal(run(b, 59000), 0);
	assert_int_equal(run(b, 5000), 1);
	assert_int_equal(b->told.n, 2);
	assert_line(b, 0, CAUSE_KEYS, ALARM_RAISED);
	assert_line(b, 1, CAUSE_DEAD, ALARM_RAISED);
}

static void a_chain_of_causes_holds_the_first_up_for_one_hold_time_only(void **state)
{
	struct bench *b = *state;
	int cause, told = 0;

	for (cause = 0; cause < CAUSE_SILENCE; cause++) {
		b->rules.after[cause] = 0;
		b->facts[cause].bad = true;
		told += run(b, 50000);
		if (cause < 2)
			assert_int_equal(told, 0);
	}
	assert_true(told >= 2);
}

static void a_restart_neither_repeats_nor_forgets(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_KEYS].bad = true;
	assert_int_equal(run(b, 30000), 0);
	restart(b); /* within the hold time: it goes on */
	assert_int_equal(run(b, 31000), 1);
	restart(b);
	b->facts[CAUSE_KEYS].known = false; /* not asked yet */
	b->facts[CAUSE_KEYS].bad = false;
	assert_int_equal(run(b, 10 * MIN), 0);
	assert_true(alarm_active(&b->state.marks[CAUSE_KEYS]));
	b->facts[CAUSE_KEYS].known = true;
	assert_int_equal(run(b, 2 * MIN), 1);
	assert_line(b, 0, CAUSE_KEYS, ALARM_OVER);
	restart(b);
	assert_int_equal(run(b, 2 * HOUR), 0);
}

static void a_permission_not_seen_since_a_restart_is_still_missing(void **state)
{
	struct bench *b = *state;
	struct alarm_fact *fact = &b->facts[CAUSE_PERMISSION];

	fact->bad = true;
	fact->pieces = 2;
	assert_int_equal(run(b, 2 * MIN), 1);
	restart(b);
	fact->bad = false;
	fact->pieces = 0;
	fact->pieces_unknown = 2;
	assert_int_equal(run(b, 5 * MIN), 0);
	fact->pieces_unknown = 0;
	assert_int_equal(run(b, 2 * MIN), 1);
	assert_line(b, 0, CAUSE_PERMISSION, ALARM_OVER);
}

static void what_gets_worse_is_told_again_but_once_an_hour(void **state)
{
	struct bench *b = *state;
	struct alarm_fact *fact = &b->facts[CAUSE_DEAD];

	fact->bad = true;
	fact->n = 1;
	assert_int_equal(run(b, 2 * MIN), 1);
	for (; fact->n < 50; fact->n++)
		run(b, MIN);
	assert_int_equal(run(b, 12 * MIN), 1);
	assert_line(b, 0, CAUSE_DEAD, ALARM_WORSE);
	assert_int_equal(b->told.lines[0].n, 50);
	assert_int_equal(run(b, 10 * HOUR), 0);
	fact->n = 3; /* retried; what is refused from then on is news */
	assert_int_equal(run(b, 2 * MIN), 0);
	fact->n = 4;
	assert_int_equal(run(b, 2000), 1);
	fact->n = 9; /* other counts are no news by themselves */
	b->facts[CAUSE_HELD].bad = true;
}

static void reminders_come_together_and_name_all_that_lasts(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_KEYS].bad = true;
	assert_int_equal(run(b, 2 * MIN), 1);
	b->facts[CAUSE_ROOM].bad = true;
	assert_int_equal(run(b, 10 * HOUR), 1);
	assert_int_equal(run(b, 15 * HOUR), 1);
	assert_int_equal(b->told.n, 2);
	assert_line(b, 0, CAUSE_KEYS, ALARM_REMINDER);
	assert_line(b, 1, CAUSE_ROOM, ALARM_REMINDER);
	assert_int_equal(run(b, 48 * HOUR), 2);
	b->rules.remind = 0;
	assert_int_equal(run(b, 100 * HOUR), 0);
}

static void an_hour_holds_only_so_many_messages_and_the_rest_is_folded(void **state)
{
	struct bench *b = *state;
	int i, told = 0;

	b->rules.per_hour = 3;
	for (i = 0; i < 10; i++) {
		b->facts[CAUSE_KEYS].bad = i % 2 == 0;
		told += run(b, 2 * MIN);
		if (told == 3 && i == 2)
			assert_true(b->told.limited);
	}
	assert_int_equal(told, 3);
	restart(b);
	assert_int_equal(run(b, 30 * MIN), 0);
	assert_int_equal(run(b, 40 * MIN), 1); /* it is good: one end */
	assert_line(b, 0, CAUSE_KEYS, ALARM_OVER);
	assert_int_equal(run(b, HOUR), 0);
}

static void what_came_and_went_untold_is_told_as_over(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_STORE].bad = true;
	due(b, 0);
	assert_true(due(b, 2 * MIN)); /* but the mail fails */
	b->facts[CAUSE_STORE].bad = false;
	due(b, 1000);
	restart(b);
	due(b, 1000);
	assert_true(tell(b, 2 * MIN));
	assert_int_equal(b->told.n, 1);
	assert_line(b, 0, CAUSE_STORE, ALARM_OVER);
	assert_int_equal(b->told.lines[0].since, T0);
	assert_int_equal(run(b, HOUR), 0);
}

static void what_comes_back_while_its_end_is_being_told_is_told_anew(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_KEYS].bad = true;
	assert_int_equal(run(b, 2 * MIN), 1);
	b->facts[CAUSE_KEYS].bad = false;
	due(b, 1000);
	assert_true(due(b, MIN));
	b->facts[CAUSE_KEYS].bad = true; /* the mail is under way */
	alarm_watch(&b->state, &b->rules, b->facts, b->now + 1000);
	alarm_told(&b->state, &b->m, b->now + 2000);
	b->now += 2000;
	assert_int_equal(run(b, MIN - 1000), 0);
	assert_int_equal(run(b, 5000), 1);
	assert_line(b, 0, CAUSE_KEYS, ALARM_RAISED);
}

static void a_clock_set_back_keeps_what_was_told(void **state)
{
	struct bench *b = *state;

	b->facts[CAUSE_KEYS].bad = true;
	assert_int_equal(run(b, 2 * MIN), 1);
	b->now -= 1000 * HOUR;
	assert_int_equal(run(b, 10 * HOUR), 0);
	b->facts[CAUSE_KEYS].bad = false;
	assert_int_equal(run(b, 2 * MIN), 1);
	assert_line(b, 0, CAUSE_KEYS, ALARM_OVER);
}

static void a_state_that_is_none_is_an_empty_one(void **state)
{
	static const char *const texts[] = { NULL, "", "{", "[]", "7",
		"{\"keys\":7,\"sent\":\"x\",\"dead\":{\"raised_at\":-5,\"told\":true}}",
		"{\"sent\":[1e300,-1,null]}" };
	const struct alarm_state empty = { 0 };
	struct alarm_state s;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		memset(&s, 0x55, sizeof(s));
		alarm_state_read(texts[i], &s);
		assert_memory_equal(&s, &empty, sizeof(s));
	}
}

/* ==== texts ==== */

static struct alarm_scene scene(enum language language)
{
	return (struct alarm_scene){ .language = language,
		.host = "bridge1",
		.company = "acme",
		.site = "na.example.net",
		.now = T0 + 2 * HOUR + 5 * MIN,
		.undelivered = 3,
		.held = 2,
		.dead = 1,
		.remind = 24 * HOUR };
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void every_cause_says_what_it_means_and_what_to_do_in_both_languages(void **state)
{
	int cause, language;

	(void)state;
	for (cause = 0; cause < CAUSE_COUNT; cause++)
		for (language = LANGUAGE_EN; language <= LANGUAGE_FR; language++) {
			const struct alarm_scene s = scene((enum language)language);
			struct alarm_message m = { .n = 1 };
			CLEANUP(mem_free) char *text = NULL;
			CLEANUP(mem_free) char *subject = NULL;

			m.lines[0] = (struct alarm_line){ .cause = (enum cause)cause,
				.kind = ALARM_RAISED,
				.since = T0,
				.pieces = 2 };
			text = alarm_text(&m, &s);
			subject = alarm_subject(&m, &s);
			assert_has(text, alarm_meaning((enum cause)cause, s.language));
			assert_has(subject, alarm_title((enum cause)cause, s.language));
			assert_has(text, language == LANGUAGE_FR ? "Que faire : " : "What to do: ");
			assert_null(strstr(text, "{"));
			assert_true(utf8_valid(text, strlen(text)));
		}
}

static void a_message_names_times_numbers_and_rows(void **state)
{
	const struct alarm_scene s = scene(LANGUAGE_EN);
	struct alarm_message m = { .n = 2, .limited = true };
	CLEANUP(mem_free) char *text = NULL;
	CLEANUP(mem_free) char *subject = NULL;
	CLEANUP(mem_free) char *causes = NULL;

	(void)state;
	m.lines[0] = (struct alarm_line){ .cause = CAUSE_PERMISSION,
		.kind = ALARM_RAISED,
		.since = T0,
		.pieces = 1 << 1 | 1 << 2,
		.detail = "seen so" };
	m.lines[1] = (struct alarm_line){ .cause = CAUSE_UNDELIVERED,
		.kind = ALARM_OVER,
		.since = T0,
		.until = T0 + 3 * MIN,
		.n = 5 };
	text = alarm_text(&m, &s);
	subject = alarm_subject(&m, &s);
	causes = alarm_causes(&m);
	assert_string_equal(causes, "permission undelivered");
	assert_string_equal(subject,
		"[opbridge bridge1] Problem: the API member lost a permission in ConnectWise (+ 1 "
		"more)");
	assert_has(text, "opbridge on bridge1 (ConnectWise: na.example.net, acme)\n");
	assert_has(text, "Since: 2026-11-24 06:00:00 UTC (for 2 h 5 min)\n");
	assert_has(text, "What was seen: seen so\n");
	assert_has(
		text, "Service Desk > Service Tickets: Add; Service Desk > Service Tickets: Edit");
	assert_has(
		text, "Since: 2026-11-24 06:00:00 UTC until 2026-11-24 06:03:00 UTC (for 3 min)\n");
	assert_has(text, "Now: 3 waiting for ConnectWise, 2 held, 1 refused for good.\n");
	assert_has(text, "limit of messages");
	assert_has(text, "as long as this lasts: 1 d 0 h\n");
	assert_string_equal(alarm_message_kind(&m), "raised");
}

static void a_hook_gets_the_same_as_json(void **state)
{
	const struct alarm_scene s = scene(LANGUAGE_EN);
	struct alarm_message m = { .n = 1 }, none = { .n = 0 };
	CLEANUP(json_free) cJSON *node = NULL;
	const cJSON *line;

	(void)state;
	m.lines[0] = (struct alarm_line){
		.cause = CAUSE_DEAD, .kind = ALARM_WORSE, .since = T0, .n = 4
	};
	node = alarm_message_json(&m, &s, "S", "T");
	line = cJSON_GetArrayItem(json_get(node, "alarms"), 0);
	assert_string_equal(json_str(node, "kind"), "raised");
	assert_string_equal(json_str(line, "kind"), "worse");
	assert_string_equal(json_str(line, "cause"), "dead");
	assert_string_equal(json_str(node, "subject"), "S");
	assert_true(cJSON_IsNull(json_get(line, "until")));
	assert_string_equal(alarm_message_kind(&none), "test");
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, make_bench, free_bench)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(a_cause_is_told_once_after_the_hold_time_and_so_is_its_end),
		WITH_BENCH(what_flaps_faster_than_the_hold_time_says_nothing),
		WITH_BENCH(a_cause_counts_only_after_its_own_time),
		WITH_BENCH(a_time_known_from_elsewhere_counts_from_there),
		WITH_BENCH(a_cause_that_is_switched_off_never_counts),
		WITH_BENCH(what_begins_together_goes_in_one_message),
		WITH_BENCH(a_chain_of_causes_holds_the_first_up_for_one_hold_time_only),
		WITH_BENCH(a_restart_neither_repeats_nor_forgets),
		WITH_BENCH(a_permission_not_seen_since_a_restart_is_still_missing),
		WITH_BENCH(what_gets_worse_is_told_again_but_once_an_hour),
		WITH_BENCH(reminders_come_together_and_name_all_that_lasts),
		WITH_BENCH(an_hour_holds_only_so_many_messages_and_the_rest_is_folded),
		WITH_BENCH(what_came_and_went_untold_is_told_as_over),
		WITH_BENCH(what_comes_back_while_its_end_is_being_told_is_told_anew),
		WITH_BENCH(a_clock_set_back_keeps_what_was_told),
		cmocka_unit_test(a_state_that_is_none_is_an_empty_one),
		cmocka_unit_test(every_cause_says_what_it_means_and_what_to_do_in_both_languages),
		cmocka_unit_test(a_message_names_times_numbers_and_rows),
		cmocka_unit_test(a_hook_gets_the_same_as_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
