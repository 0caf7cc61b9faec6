/* Small language helpers: checked results, scope-bound clean-up, ownership hand-over.
 * Knows nothing of the job. */
#ifndef BASE_TIDY_H
#define BASE_TIDY_H

#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED __attribute__((unused))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* CLEANUP(x_free) struct x *p = NULL;  calls x_free(p) when p leaves its scope.
 * Each x_free is made usable by one DEFINE_CLEANUP(x_free, struct x *) beside its prototype. */
#define CLEANUP(fn) __attribute__((cleanup(fn##_at)))
#define DEFINE_CLEANUP(fn, type)                                                                   \
	static inline void fn##_at(type *at)                                                       \
	{                                                                                          \
		if (*at)                                                                           \
			fn(*at);                                                                   \
	}                                                                                          \
	struct fn##_semicolon

/* Hand a scope-bound pointer on: evaluates to its value and leaves NULL behind. */
#define TAKE(p)                                                                                    \
	({                                                                                         \
		__typeof__(p) taken_ = (p);                                                        \
		(p) = NULL;                                                                        \
		taken_;                                                                            \
	})

#endif
