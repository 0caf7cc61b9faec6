/* The service board in one sentence, for `status` and `board`. */
#ifndef CTL_BOARD_H
#define CTL_BOARD_H

#include "base/json.h"
#include "ctl/term.h"

/* answer: what GET /v1/board answers, also found in the status. gives: mem_free. */
char *board_sentence(const cJSON *answer, enum tone *ret_tone) MUST_CHECK;

#endif
