/* Bodies of POST /v1/events: strict JSON, events, CloudEvents; and that what was accepted can be
 * read back from the queue's own text. */
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/mem.h"
#include "core/event.h"
#include "fuzz.h"

#define NOW 1795000000000

static void again(const struct op_event *ev)
{
	CLEANUP(mem_free) char *text = op_event_text(ev);
	CLEANUP(op_event_free) struct op_event *back = NULL;
	CLEANUP(mem_free) char *text2 = NULL;
	struct fault f = { 0 };

	if (op_event_parse_text(text, strlen(text), SIZE_MAX, NOW, &back, &f) < 0)
		abort();
	text2 = op_event_text(back);
	if (strcmp(text, text2) != 0)
		abort();
}

static void as_event(const cJSON *node)
{
	CLEANUP(op_event_free) struct op_event *ev = NULL;
	struct fault f = { 0 };

	if (op_event_parse(node, NOW, &ev, &f) == 0)
		again(ev);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct json_limits limits = {
		.max_bytes = 65536, .max_depth = 10, .max_tokens = 2000
	};
	CLEANUP(mem_free) char *text = xcalloc(size + 1, 1);
	CLEANUP(json_free) cJSON *node = NULL;
	CLEANUP(json_free) cJSON *inner = NULL;
	struct fault f = { 0 };

	memcpy(text, data, size);
	if (json_parse(text, size, &limits, &node, &f) < 0)
		return 0;
	as_event(node);
	if (cloudevent_unwrap(node, &inner, &f) == 0)
		as_event(inner);
	return 0;
}
