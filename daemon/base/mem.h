/* Allocation that never returns NULL: out of memory ends the process, which is safe by design
 * (everything acknowledged is on disk). Sizes that come from outside are range-checked first. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>
#include "base/tidy.h"

void *xcalloc(size_t n, size_t size) MUST_CHECK;
void *xrealloc(void *p, size_t size) MUST_CHECK;
char *xstrdup(const char *s) MUST_CHECK; /* NULL stays NULL */
char *xstrndup(const char *s, size_t n) MUST_CHECK;
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2) MUST_CHECK;

void mem_free(void *p); /* free(), usable with CLEANUP */
DEFINE_CLEANUP(mem_free, char *);

#endif
