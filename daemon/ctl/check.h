/* How the steps of a check are shown. */
#ifndef CTL_CHECK_H
#define CTL_CHECK_H

#include "ctl/ctl.h"

/* ✓ name, below it what was seen and, unless all is well, what to do. */
void check_say_step(const struct ctl *ctl, const cJSON *step);

#endif
