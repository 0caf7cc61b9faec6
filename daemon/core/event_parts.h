/* What event_parse.c, event_fields.c and event_entities.c share: reading one event, member by
 * member. Only for those three. */
#ifndef CORE_EVENT_PARTS_H
#define CORE_EVENT_PARTS_H

#include "core/event.h"

/* "a string", "null", …: for sentences. lends: static. */
const char *node_kind(const cJSON *node);

/* The members that are text: read, checked, put into ev. Some of them may be missing. */
int event_fields(const cJSON *node, struct op_event *ev, struct fault *reterr) MUST_CHECK;
/* `entities` → ev->entities, sorted by name. */
int event_entities(const cJSON *node, struct op_event *ev, struct fault *reterr) MUST_CHECK;

#endif
