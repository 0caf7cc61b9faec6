/* Questions to the person at the terminal. */
#ifndef CTL_PROMPT_H
#define CTL_PROMPT_H

#include <stdbool.h>
#include "ctl/ctl.h"

/* Both ends are a terminal, and the output is for people. */
bool prompt_possible(const struct ctl *ctl);
/* One line without its end and blanks around; NULL when there is no more. gives: mem_free. */
char *prompt_line(const struct ctl *ctl, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST_CHECK;
/* "y" or "yes"; everything else is no. The question ends in " [y/N] ", which is added. */
bool prompt_yes(const struct ctl *ctl, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

#endif
