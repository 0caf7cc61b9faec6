/* Replies as rows of a table, each with its class. */
#ifndef TESTS_UNIT_OUTCOME_ROWS_H
#define TESTS_UNIT_OUTCOME_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/str.h"
#include "core/outcome.h"

#define SITE "api-na.myconnectwise.net"
#define NOW INT64_C(1795000000000)
#define PERMISSION                                                                                 \
	"{\"code\":\"Security\",\"message\":\"You do not have security permission to perform "     \
	"this "                                                                                    \
	"action.\",\"errors\":null}"
#define ENDPOINT "{\"code\":\"ConnectWiseApi\",\"message\":\"The endpoint does not exist.\"}"
#define HTML "\r\n <!DOCTYPE html><html><body>Sign in</body></html>"

static UNUSED struct outcome of(enum verb verb, int status, const char *body)
{
	const struct reply reply = {
		.verb = verb,
		.transport = TRANSPORT_OK,
		.status = status,
		.body = body,
		.body_len = body ? strlen(body) : 0,
	};
	struct outcome o;

	outcome_of(&reply, SITE, NOW, &o);
	return o;
}

/* What holds for each reason: one clean line that is not cut. */
static UNUSED void check_reason(const struct outcome *o)
{
	size_t n = strlen(o->reason);

	if (o->class == OUTCOME_DONE) {
		assert_int_equal(n, 0);
		return;
	}
	assert_in_range(n, 40, sizeof(o->reason) - 1);
	assert_true(utf8_valid(o->reason, n));
	for (size_t i = 0; i < n; i++)
		assert_true((unsigned char)o->reason[i] >= 0x20 && o->reason[i] != 0x7F);
	if (strcmp(o->reason + n - strlen("…"), "…") == 0)
		fail_msg("cut: %s", o->reason);
}

static UNUSED void expect(const struct outcome *o, enum outcome_class class, const char *words)
{
	check_reason(o);
	if (o->class != class || !strstr(o->reason, words))
		fail_msg(
			"class %d, not %d, or no \"%s\" in: %s", o->class, class, words, o->reason);
}

struct row {
	enum verb verb;
	int status;
	const char *body;
	enum outcome_class class;
	bool upgraded;
	const char *words;
};

static UNUSED void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct outcome o = of(rows[i].verb, rows[i].status, rows[i].body);

		expect(&o, rows[i].class, rows[i].words);
		if (o.maybe_upgraded != rows[i].upgraded)
			fail_msg("maybe_upgraded is wrong with: %s", o.reason);
		assert_int_equal(o.rate_limited, rows[i].status == 429);
	}
}

#endif
