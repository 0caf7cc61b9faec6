/* Events as texts: taken, or refused with a reason. */
#ifndef TESTS_UNIT_EVENT_TEXT_H
#define TESTS_UNIT_EVENT_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "core/event.h"
#include "opbridge.h"

#define NOW INT64_C(1795500000000) /* 2026-11-24T06:00:00Z */
#define TENANT "\"tenant\":{\"id\":\"11111111-2222-3333-4444-555555555555\"}"
#define HEAD "\"id\":\"e1\",\"type\":\"T\"," TENANT

static UNUSED int parse(const char *text, struct op_event **ret, struct fault *f)
{
	return op_event_parse_text(text, strlen(text), OPB_EVENT_MAX, NOW, ret, f);
}

static UNUSED struct op_event *taken(const char *text)
{
	struct op_event *ev = NULL;
	struct fault f = { 0 };

	if (parse(text, &ev, &f) != 0)
		fail_msg("refused: %.300s (%s)", text, f.text);
	return ev;
}

static UNUSED void takes(const char *text)
{
	op_event_free(taken(text));
}

static UNUSED void refused_with(const char *text, enum fault_code code, const char *says)
{
	struct op_event *ev = NULL;
	struct fault f = { 0 };
	int r = parse(text, &ev, &f);

	if (r != -(int)code || !strstr(f.text, says))
		fail_msg("%.200s: %d \"%s\", not %d \"%s\"", text, r, f.text, -(int)code, says);
	assert_null(ev);
	assert_true(utf8_valid(f.text, strlen(f.text)));
}

static UNUSED void refuses(const char *text, const char *says)
{
	refused_with(text, FAULT_INPUT, says);
}

/* What stands before n bytes of `fill`, and what after. */
static UNUSED char *filled(const char *before, const char *fill, size_t n, const char *after)
{
	STR_AUTO(text);
	size_t i;

	str_add(&text, before);
	for (i = 0; i < n; i += strlen(fill))
		str_add(&text, fill);
	str_add(&text, after);
	return str_take(&text);
}

static UNUSED void limit_of(const char *before, size_t max, const char *after, const char *name)
{
	CLEANUP(mem_free) char *fits = filled(before, "x", max, after);
	CLEANUP(mem_free) char *over = filled(before, "x", max + 1, after);
	char says[200];

	snprintf(says, sizeof(says), "%s is %zu bytes long; at most %zu are taken", name, max + 1,
		max);
	takes(fits);
	refused_with(over, FAULT_TOO_LARGE, says);
}

#endif
