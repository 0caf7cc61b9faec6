/* Mails as they go over the wire: headers, encodings, and what no text may do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/letter.h"

#define AT INT64_C(1795500243123) /* 2026-11-24T06:04:03.123Z, a Tuesday */

static char *text_of(const char *subject, const char *text)
{
	const struct letter l = {
		.from = "opbridge@example.com",
		.to = "a@x.example, b@y.example",
		.subject = subject,
		.text = text,
		.id = "alarm.1",
		.at = AT,
	};

	return letter_text(&l);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static size_t lines_with(const char *text, const char *start)
{
	size_t n = 0;
	const char *at;

	for (at = text; at; at = strstr(at, "\r\n")) {
		if (at != text)
			at += 2;
		n += str_starts(at, start);
		if (!*at)
			break;
	}
	return n;
}

/* Only CRLF, no line over 78 bytes, nothing but ASCII. */
static void assert_safe(const char *text)
{
	size_t column = 0, i;

	for (i = 0; text[i]; i++) {
		assert_true((unsigned char)text[i] < 0x80);
		if (text[i] == '\r') {
			assert_int_equal(text[i + 1], '\n');
			i++;
			column = 0;
			continue;
		}
		assert_int_not_equal(text[i], '\n');
		assert_true(++column <= 78);
	}
}

static void a_letter_has_every_header_that_it_needs(void **state)
{
	CLEANUP(mem_free) char *text = text_of("All is well", "One line.\n");

	(void)state;
	assert_has(text, "Date: Tue, 24 Nov 2026 06:04:03 +0000\r\n");
	assert_has(text, "From: opbridge <opbridge@example.com>\r\n");
	assert_has(text, "Message-ID: <alarm.1@example.com>\r\n");
	assert_has(text, "To: a@x.example,\r\n b@y.example\r\n");
	assert_has(text, "Subject: All is well\r\n");
	assert_has(text, "Auto-Submitted: auto-generated\r\n");
	assert_has(text, "Content-Type: text/plain; charset=utf-8\r\n");
	assert_has(text, "\r\n\r\nOne line.\r\n");
	assert_safe(text);
}

static void no_text_adds_a_header(void **state)
{
	CLEANUP(mem_free)
	char *text = text_of("Hi\r\nBcc: all@evil.example\r\n\r\nbody", "a\r\nBcc: x\n.\r\n");

	(void)state;
	assert_int_equal(lines_with(text, "Subject:"), 1);
	assert_has(text, "Subject: Hi Bcc: all@evil.example body\r\n");
	assert_true(strstr(text, "\r\nBcc: x") > strstr(text, "\r\n\r\n"));
	assert_safe(text);
}

static void subjects_beyond_ascii_are_encoded_between_characters(void **state)
{
	static const char subject[] = "Problème : le certificat de ConnectWise n'est pas reconnu, "
				      "été comme hiver 🙂🙂🙂";
	CLEANUP(mem_free) char *text = text_of(subject, "x");
	const char *at = strstr(text, "Subject: ");

	(void)state;
	assert_non_null(at);
	assert_has(at, "Subject: =?UTF-8?B?");
	assert_has(at, "?=\r\n =?UTF-8?B?");
	assert_safe(text);
}

static void long_subjects_are_cut_and_folded(void **state)
{
	char subject[2000];
	CLEANUP(mem_free) char *text = NULL;

	(void)state;
	memset(subject, 'x', sizeof(subject) - 1);
	subject[sizeof(subject) - 1] = '\0';
	text = text_of(subject, "x");
	assert_safe(text);
	assert_true(strlen(text) < 1200);
}

static void bodies_are_quoted_printable_with_short_lines(void **state)
{
	char line[3000];
	CLEANUP(mem_free) char *text = NULL;
	CLEANUP(mem_free) char *long_text = NULL;

	(void)state;
	text = text_of("x", "é = 1\nends in a tab\t\n\n\nlast");
	assert_has(text, "=C3=A9 =3D 1\r\n");
	assert_has(text, "\r\nlast\r\n");
	assert_safe(text);
	memset(line, 'y', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	long_text = text_of("x", line);
	assert_has(long_text, "y=\r\ny");
	assert_safe(long_text);
}

static void addresses_are_plain_ones(void **state)
{
	static const char *const good[] = { "a@b", "it+alarm@example.com", "x.y-z@10.0.0.1" };
	static const char *const bad[] = { "", "a", "@b", "a@", "a b@c", "a@b c", "<a@b>", "a@b>",
		"a@b@c", "\"x y\"@b", "a@b\r\nBcc: c@d", "a@b,c@d", "é@b", "a@.b", "a@-b" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(good); i++)
		assert_true(letter_address(good[i]));
	for (i = 0; i < ARRAY_LEN(bad); i++)
		if (letter_address(bad[i]))
			fail_msg("\"%s\" is no address", bad[i]);
}

static void a_list_holds_at_most_so_many(void **state)
{
	char *to[LETTER_TO_MAX];
	STR_AUTO(list);
	int i;

	(void)state;
	assert_int_equal(letter_addresses("", to), 0);
	assert_int_equal(letter_addresses("a@b,,c@d", to), -1);
	assert_int_equal(letter_addresses("a@b, nobody", to), -1);
	for (i = 0; i < LETTER_TO_MAX; i++)
		str_addf(&list, "%sa%d@b", i ? ", " : "", i);
	assert_int_equal(letter_addresses(list.at, to), LETTER_TO_MAX);
	assert_string_equal(to[0], "a0@b");
	for (i = 0; i < LETTER_TO_MAX; i++)
		mem_free(to[i]);
	str_add(&list, ",z@b");
	assert_int_equal(letter_addresses(list.at, to), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_has_every_header_that_it_needs),
		cmocka_unit_test(no_text_adds_a_header),
		cmocka_unit_test(subjects_beyond_ascii_are_encoded_between_characters),
		cmocka_unit_test(long_subjects_are_cut_and_folded),
		cmocka_unit_test(bodies_are_quoted_printable_with_short_lines),
		cmocka_unit_test(addresses_are_plain_ones),
		cmocka_unit_test(a_list_holds_at_most_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
