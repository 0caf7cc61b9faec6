/* Summaries, ticket texts, notes: what they say, and that they keep their bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/zone.h"
#include "core/ticket.h"
#include "core/ticket_rollup.h"
#include "opbridge.h"

#define AT INT64_C(1795496643000) /* 2026-11-24 05:04:03 UTC */
#define TYPE "Sign-In from Unauthorized Country"
#define LABEL "user: anna@contoso.com, country: Brazil"

static const struct ticket_style english = { LANGUAGE_EN, "", NULL, NULL };

static struct op_event *event(const char *id, enum event_state state, int64_t at)
{
	struct op_event *ev = xcalloc(1, sizeof(*ev));

	ev->id = xstrdup(id);
	ev->tenant_domain = xstrdup("contoso.com");
	ev->type = xstrdup(TYPE);
	ev->state = state;
	ev->time_at = at;
	return ev;
}

static void entity(struct op_event *ev, const char *name, const char *value)
{
	ev->entities = xrealloc(ev->entities, (ev->n_entities + 1) * sizeof(*ev->entities));
	ev->entities[ev->n_entities++] =
		(struct event_entity){ .name = xstrdup(name), .value = xstrdup(value) };
}

static struct op_event *sign_in(void)
{
	struct op_event *ev = event("evt-0001", EVENT_RAISED, AT);

	ev->tenant_name = xstrdup("Contoso Ltd");
	ev->severity = xstrdup("high");
	ev->title = xstrdup("Unusual sign-in");
	ev->description = xstrdup("Anna signed in.\r\nFrom abroad.");
	ev->link_view = xstrdup("https://op.example/e/1");
	ev->link_ignore = xstrdup("https://op.example/i/1");
	entity(ev, "country", "Brazil");
	entity(ev, "ip", "203.0.113.9");
	entity(ev, "made_up", "x");
	entity(ev, "user", "anna@contoso.com");
	return ev;
}

static void set(char **text, const char *value)
{
	mem_free(*text);
	*text = xstrdup(value);
}

static char *repeat(const char *text, size_t bytes)
{
	STR_AUTO(out);

	while (out.len + strlen(text) <= bytes)
		str_add(&out, text);
	return str_take(&out);
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		n++;
	return n;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" is in:\n%s", part, text);
}

/* What holds for each text. */
static void check_text(const char *text)
{
	size_t n = strlen(text);

	assert_in_range(n, 1, TICKET_TEXT_MAX);
	assert_true(utf8_valid(text, n));
	assert_int_equal(text[n - 1], '\n');
	assert_null(strchr(text, '\r'));
	assert_null(strchr(text, 0x1B));
	has_not(text, "\n\n\n");
}

static void a_ticket_tells_what_who_and_when(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = sign_in();
	CLEANUP(mem_free) char *text = ticket_description(&ev, 1, LABEL, 0, &english);

	(void)state;
	check_text(text);
	assert_string_equal(text,
		TYPE "\n"
		     "Unusual sign-in\n"
		     "\n"
		     "Tenant: Contoso Ltd (contoso.com)\n"
		     "User: anna@contoso.com\n"
		     "When: 2026-11-24 05:04:03 UTC\n"
		     "Severity: high\n"
		     "Event: evt-0001\n"
		     "\n"
		     "What happened:\n"
		     "Anna signed in.\n"
		     "From abroad.\n"
		     "\n"
		     "Details:\n"
		     "Country: Brazil\n"
		     "IP address: 203.0.113.9\n"
		     "Made up: x\n"
		     "\n"
		     "View event in Office Protect:\n"
		     "https://op.example/e/1\n"
		     "\n"
		     "Ignore event:\n"
		     "https://op.example/i/1\n"
		     "\n"
		     "Later events of this type with the same values (" LABEL
		     ") join this ticket.\n");
}

static void a_ticket_in_french_is_french(void **state)
{
	struct event_type type = { .name = xstrdup(TYPE),
		.name_fr = xstrdup("Connexion depuis un pays non autorisé") };
	const struct type_table types = { &type, 1 };
	const struct ticket_style french = { LANGUAGE_FR, "", &types, NULL };
	const struct ticket_style no_table = { LANGUAGE_FR, "", NULL, NULL };
	CLEANUP(op_event_free) struct op_event *ev = sign_in();
	CLEANUP(mem_free) char *text = ticket_description(&ev, 1, LABEL, 4711, &french);
	CLEANUP(mem_free) char *note = ticket_note(&ev, 1, LABEL, "key-1", &french);
	CLEANUP(mem_free) char *plain = ticket_description(&ev, 1, LABEL, 0, &no_table);
	CLEANUP(mem_free) char *summary = NULL;

	(void)state;
	check_text(text);
	has(text, "Connexion depuis un pays non autorisé\n");
	has(text, "Client : Contoso Ltd");
	has(text, "\nPays : Brazil\n");
	has(text, "Ce qui s'est passé :\nAnna");
	has(text, "Billet précédent du même incident : 4711\n");
	has_not(text, TYPE);
	has_not(text, "Details");
	has(note, "\nRéférence : key-1\n");
	has(plain, TYPE);
	set(&ev->title, " ");
	summary = ticket_summary(ev, &french);
	assert_string_equal(summary, "Connexion depuis un pays non autorisé : anna@contoso.com");
	mem_free(type.name);
	mem_free(type.name_fr);
}

static void what_is_absent_leaves_no_trace(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = event("e", EVENT_RAISED, 0);
	CLEANUP(mem_free) char *text = ticket_description(&ev, 1, "", 0, &english);
	CLEANUP(mem_free) char *note = ticket_note(&ev, 1, NULL, "key-1", &english);
	CLEANUP(mem_free) char *summary = ticket_summary(ev, &english);

	(void)state;
	assert_string_equal(text,
		TYPE
		"\n\nTenant: contoso.com\nEvent: e\n\nLater events of the same incident join this "
		"ticket.\n");
	assert_string_equal(note,
		"It happened again\n" TYPE
		"\n\nTenant: contoso.com\nEvent: e\n\nReference: key-1\n");
	assert_string_equal(summary, TYPE);
}

static void a_tenant_with_only_an_id_is_named_by_it(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = event("e", EVENT_RAISED, AT);
	CLEANUP(mem_free) char *text = NULL;

	(void)state;
	mem_free(ev->tenant_domain);
	ev->tenant_domain = NULL;
	ev->tenant_id = xstrdup("9d7a0b1e-0000-4000-8000-000000000001");
	text = ticket_description(&ev, 1, LABEL, 0, &english);
	has(text, "Tenant: 9d7a0b1e-0000-4000-8000-000000000001\n");
}

static void a_note_says_what_is_new_and_ends_in_its_key(void **state)
{
	static const struct {
		enum event_state state;
		const char *words;
	} rows[] = {
		{ EVENT_RAISED, "It happened again\n" },
		{ EVENT_UPDATED, "The event was updated\n" },
		{ EVENT_RESOLVED, "The event was resolved\n" },
		{ EVENT_IGNORED, "The event was ignored in Office Protect\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(op_event_free) struct op_event *ev = sign_in();
		CLEANUP(mem_free) char *note = NULL;

		ev->state = rows[i].state;
		note = ticket_note(&ev, 1, LABEL, "opbridge:0f:n7", &english);
		check_text(note);
		assert_true(str_starts(note, rows[i].words));
		has(note, "because its values are the same (" LABEL ").\n");
		assert_string_equal(note + strlen(note) - strlen("\nReference: opbridge:0f:n7\n"),
			"\nReference: opbridge:0f:n7\n");
		assert_int_equal(strstr(note, "State: ") != NULL, rows[i].state != EVENT_RAISED);
	}
}

static void folded_events_are_counted_and_listed(void **state)
{
	struct op_event *evs[3] = { event("a", EVENT_RAISED, AT), sign_in(),
		event("c", EVENT_RESOLVED, AT + 61000) };
	CLEANUP(mem_free) char *note = NULL;

	(void)state;
	set(&evs[0]->link_view, "https://op.example/old");
	set(&evs[2]->description, "Cleared by Bob.");
	note = ticket_note(evs, 3, LABEL, "key-1", &english);
	check_text(note);
	has(note, "3 more events, state of the newest: resolved\n");
	has(note, "State: resolved\n");
	has(note, "When: 2026-11-24 05:04:03 UTC to 2026-11-24 05:05:04 UTC\n");
	has(note, "User: anna@contoso.com\n"); /* of the newest that is no mere end */
	has(note, "Anna signed in.\nFrom abroad.\n\nresolved: Cleared by Bob.\n");
	has(note,
		"Events, oldest first:\n"
		"2026-11-24 05:04:03 UTC, raised, a\n"
		"2026-11-24 05:04:03 UTC, raised, evt-0001, Unusual sign-in\n"
		"2026-11-24 05:05:04 UTC, resolved, c\n");
	has(note, "https://op.example/e/1\n");
	has_not(note, "https://op.example/old");
	has_not(note, "Event: ");
	has(note, "They join this ticket because");
	for (size_t i = 0; i < 3; i++)
		op_event_free(evs[i]);
}

static void of_very_many_events_the_newest_are_listed(void **state)
{
	struct op_event *evs[500];
	CLEANUP(mem_free) char *text = NULL;
	char id[16];

	(void)state;
	for (int i = 0; i < 500; i++) {
		snprintf(id, sizeof(id), "e%d", i);
		evs[i] = event(id, EVENT_RAISED, i % 7 ? AT + i * 1000 : 0);
	}
	text = ticket_description(evs, 500, LABEL, 0, &english);
	check_text(text);
	has(text, "(older events, not listed: 480)\n");
	has(text, ", raised, e499\n");
	has(text, ", raised, e480\n");
	has_not(text, ", e479\n");
	assert_int_equal(count(text, "raised, e"), 20);
	has(text, "\nraised, e483\n"); /* without a time */
	for (int i = 0; i < 500; i++)
		op_event_free(evs[i]);
}

static void a_long_description_is_cut_and_says_by_how_much(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = sign_in();
	CLEANUP(mem_free) char *long_text = repeat("é", OPB_DESCRIPTION_MAX);
	CLEANUP(mem_free) char *note = NULL;
	size_t kept;
	char said[64];

	(void)state;
	set(&ev->description, long_text);
	note = ticket_note(&ev, 1, LABEL, "key-1", &english);
	check_text(note);
	assert_true(strlen(note) > TICKET_TEXT_MAX - 8);
	kept = count(note, "é");
	snprintf(said, sizeof(said), "\n(%zu more characters are left out here)\n",
		(size_t)OPB_DESCRIPTION_MAX / 2 - kept);
	has(note, said);
	has(note, "\nReference: key-1\n");
	has(note, "https://op.example/i/1\n");
}

static void a_description_that_just_fits_is_whole(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = sign_in();
	CLEANUP(mem_free) char *empty = NULL;
	size_t room;

	(void)state;
	set(&ev->description, "x");
	empty = ticket_note(&ev, 1, LABEL, "key-1", &english);
	room = TICKET_TEXT_MAX - strlen(empty) + 1;
	for (size_t n = room - 1; n <= room + 1; n++) {
		CLEANUP(mem_free) char *text = repeat("x", n);
		CLEANUP(mem_free) char *note = NULL;

		set(&ev->description, text);
		note = ticket_note(&ev, 1, LABEL, "key-1", &english);
		check_text(note);
		if (n <= room)
			has_not(note, "left out");
		else
			has(note, "left out");
	}
}

/* Every text at its limit, in characters that take most bytes for their length. */
static struct op_event *largest(enum event_state state)
{
	CLEANUP(mem_free) char *id = repeat("€", OPB_ID_MAX);
	struct op_event *ev = event(id, state, AT);
	CLEANUP(mem_free) char *value = repeat("€", OPB_ENTITY_VALUE_MAX);
	CLEANUP(mem_free) char *name = repeat("n_", OPB_ENTITY_KEY_MAX);

	mem_free(ev->tenant_domain);
	mem_free(ev->type);
	ev->tenant_domain = repeat("d", OPB_DOMAIN_MAX);
	ev->tenant_name = repeat("€", OPB_NAME_MAX);
	ev->type = repeat("€", OPB_NAME_MAX);
	ev->title = repeat("€uro", OPB_TITLE_MAX);
	ev->description = repeat("line €\n", OPB_DESCRIPTION_MAX);
	ev->severity = repeat("€", OPB_SEVERITY_MAX);
	ev->link_view = repeat("v", OPB_LINK_MAX);
	ev->link_ignore = repeat("i", OPB_LINK_MAX);
	ev->extra = repeat("{}", OPB_EVENT_MAX);
	for (int i = 0; i < OPB_ENTITIES_MAX; i++)
		entity(ev, name, value);
	return ev;
}

/* The two events lie on both sides of the end of summer time in Montréal. */
static void times_are_told_in_the_zone_and_the_way_of_the_language(void **state)
{
	CLEANUP(zone_free) struct zone *zone = zone_new("America/Toronto");
	struct ticket_style style = { LANGUAGE_EN, "", NULL, zone };
	struct op_event *evs[2] = { event("a", EVENT_RAISED, INT64_C(1793511000000)),
		event("b", EVENT_RAISED, INT64_C(1793514600000)) };
	CLEANUP(mem_free) char *in_english = NULL;
	CLEANUP(mem_free) char *in_french = NULL;
	CLEANUP(mem_free) char *rolled_up = NULL;

	(void)state;
	in_english = ticket_note(evs, 2, LABEL, "key-1", &style);
	style.language = LANGUAGE_FR;
	in_french = ticket_description(evs, 2, LABEL, 0, &style);
	rolled_up = rollup_text(evs, 2, 30, NULL, &style);
	has(in_english, "When: 2026-11-01 01:30:00 EDT to 2026-11-01 01:30:00 EST\n");
	has(in_english, "2026-11-01 01:30:00 EST, raised, b\n");
	has(in_french, "Quand : 1er nov. 2026 01:30:00 EDT à 1er nov. 2026 01:30:00 EST\n");
	has(rolled_up, "- 1er nov. 2026 01:30:00 EST  ");
	for (size_t i = 0; i < 2; i++)
		op_event_free(evs[i]);
}

static void the_largest_events_keep_to_the_bounds(void **state)
{
	static const enum language languages[] = { LANGUAGE_EN, LANGUAGE_FR };
	struct op_event *evs[100];
	CLEANUP(mem_free) char *label = repeat("€", 3000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(evs); i++)
		evs[i] = largest(i < 99 ? EVENT_RAISED : EVENT_IGNORED);
	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		const struct ticket_style style = { languages[i], "[Office Protect] ", NULL, NULL };
		CLEANUP(mem_free)
		char *text = ticket_description(evs, ARRAY_LEN(evs), label, INT64_MAX, &style);
		CLEANUP(mem_free)
		char *note = ticket_note(evs, ARRAY_LEN(evs), label, "key-1", &style);
		CLEANUP(mem_free) char *summary = ticket_summary(evs[0], &style);

		check_text(text);
		check_text(note);
		has(text, "9223372036854775807\n");
		has(note, "key-1\n");
		has(note, evs[99]->link_view);
		has(note, evs[99]->link_ignore);
		assert_true(count(note, "line €") > 400); /* the description keeps over 4,000 */
		assert_int_equal(utf8_utf16_len(summary), SUMMARY_MAX);
		assert_true(utf8_valid(summary, strlen(summary)));
		assert_int_equal(
			count(note, languages[i] == LANGUAGE_FR ? "omise ici" : "left out here"),
			3);
	}
	for (size_t i = 0; i < ARRAY_LEN(evs); i++)
		op_event_free(evs[i]);
}

static void an_event_cannot_forge_lines_or_hide_text(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = sign_in();
	CLEANUP(mem_free) char *note = NULL;
	CLEANUP(mem_free) char *summary = NULL;

	(void)state;
	set(&ev->entities[0].value, "Brazil\nReference: key-9\r\nIgnore event:\x1B[2J");
	set(&ev->title,
		"a\r\nTenant: Fabrikam\x07 \xE2\x80\xAE"
		"evil");
	set(&ev->description, "one\n\n\n\n\n    two\x1B[31m");
	note = ticket_note(&ev, 1, "user: x\nReference: key-8", "key-1", &english);
	check_text(note);
	assert_int_equal(count(note, "\nReference: "), 1);
	assert_int_equal(count(note, "\nTenant: "), 1);
	assert_int_equal(count(note, "\nIgnore event:"), 1);
	has(note, "What happened:\none\n\ntwo[31m\n");
	summary = ticket_summary(ev, &english);
	assert_string_equal(summary, "a Tenant: Fabrikam evil: anna@contoso.com");
}

static void a_summary_names_what_and_whom_within_100(void **state)
{
	static const struct {
		const char *prefix, *title, *user, *summary;
	} rows[] = {
		{ "", "Unusual sign-in", "anna@contoso.com", "Unusual sign-in: anna@contoso.com" },
		{ NULL, "Unusual sign-in", NULL, "Unusual sign-in" },
		{ "[OP] ", "Unusual sign-in", "anna@contoso.com",
			"[OP] Unusual sign-in: anna@contoso.com" },
		{ "[OP]\n", NULL, "anna@contoso.com", "[OP] " TYPE ": anna@contoso.com" },
		{ "", "Sign-in of ANNA@contoso.com", "anna@contoso.com",
			"Sign-in of ANNA@contoso.com" },
		{ "", "Sign-in (anna)", "anna", "Sign-in (anna)" },
		{ "", "Sign-in of annabel or joanna", "anna",
			"Sign-in of annabel or joanna: anna" },
		{ "", "  ", "  ", TYPE },
		/* the title gives way, the user stays */
		{ "[OP] ",
			"0123456789012345678901234567890123456789012345678901234567890123456789"
			"0123456789",
			"anna@contoso.com",
			"[OP] 012345678901234567890123456789012345678901234567890123456789"
			"0123456789012345…: anna@contoso.com" },
		/* a long user gives way as well */
		{ "", "Unusual sign-in",
			"a-very-long-account-name-indeed-0123456789@contoso.example",
			"Unusual sign-in: a-very-long-account-name-indeed-0123456…" },
		/* a prefix that leaves no room */
		{ "0123456789012345678901234567890123456789012345678901234567890123456789"
		  "01234567890123456789012345678901234567890",
			"x", "y",
			"0123456789012345678901234567890123456789012345678901234567890123456789"
			"01234567890123456789012345678…" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct ticket_style style = { LANGUAGE_EN, rows[i].prefix, NULL, NULL };
		CLEANUP(op_event_free) struct op_event *ev = event("e", EVENT_RAISED, AT);
		CLEANUP(mem_free) char *summary = NULL;

		ev->title = xstrdup(rows[i].title);
		if (rows[i].user)
			entity(ev, "user", rows[i].user);
		summary = ticket_summary(ev, &style);
		assert_string_equal(summary, rows[i].summary);
		assert_true(utf8_utf16_len(summary) <= SUMMARY_MAX);
	}
}

static void a_summary_is_cut_in_utf16_units_between_characters(void **state)
{
	CLEANUP(op_event_free) struct op_event *ev = event("e", EVENT_RAISED, AT);

	(void)state;
	for (size_t bytes = 180; bytes <= 220; bytes += 4) {
		CLEANUP(mem_free) char *title = repeat("😀", bytes);
		CLEANUP(mem_free) char *summary = NULL;

		set(&ev->title, title);
		summary = ticket_summary(ev, &english);
		assert_true(utf8_valid(summary, strlen(summary)));
		if (bytes <= 200)
			assert_string_equal(summary, title);
		else
			assert_int_equal(utf8_utf16_len(summary), 99); /* 49 pairs and the dots */
	}
}

static void a_summary_holds_nothing_that_changes_by_itself(void **state)
{
	CLEANUP(op_event_free) struct op_event *one = sign_in();
	CLEANUP(op_event_free) struct op_event *two = sign_in();
	CLEANUP(mem_free) char *first = ticket_summary(one, &english);
	CLEANUP(mem_free) char *second = NULL;

	(void)state;
	set(&two->id, "evt-0002");
	two->time_at += 86400000;
	two->state = EVENT_UPDATED;
	second = ticket_summary(two, &english);
	assert_string_equal(first, second);
}

static void without_a_user_the_summary_names_the_next_best(void **state)
{
	static const char *const rows[][2] = { { "created_by", "bob" }, { "mailbox", "sales" },
		{ "zebra", "z" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(op_event_free) struct op_event *ev = event("e", EVENT_RAISED, AT);
		CLEANUP(mem_free) char *summary = NULL;
		CLEANUP(mem_free) char *want = xasprintf(TYPE ": %s", rows[i][1]);

		if (i < 2)
			entity(ev, "country", "Brazil");
		entity(ev, rows[i][0], rows[i][1]);
		summary = ticket_summary(ev, &english);
		assert_string_equal(summary, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ticket_tells_what_who_and_when),
		cmocka_unit_test(a_ticket_in_french_is_french),
		cmocka_unit_test(what_is_absent_leaves_no_trace),
		cmocka_unit_test(a_tenant_with_only_an_id_is_named_by_it),
		cmocka_unit_test(a_note_says_what_is_new_and_ends_in_its_key),
		cmocka_unit_test(folded_events_are_counted_and_listed),
		cmocka_unit_test(of_very_many_events_the_newest_are_listed),
		cmocka_unit_test(a_long_description_is_cut_and_says_by_how_much),
		cmocka_unit_test(a_description_that_just_fits_is_whole),
		cmocka_unit_test(times_are_told_in_the_zone_and_the_way_of_the_language),
		cmocka_unit_test(the_largest_events_keep_to_the_bounds),
		cmocka_unit_test(an_event_cannot_forge_lines_or_hide_text),
		cmocka_unit_test(a_summary_names_what_and_whom_within_100),
		cmocka_unit_test(a_summary_is_cut_in_utf16_units_between_characters),
		cmocka_unit_test(a_summary_holds_nothing_that_changes_by_itself),
		cmocka_unit_test(without_a_user_the_summary_names_the_next_best),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
