/* What this host says of its people: their time zone and their language. */
#ifndef CTL_SETUP_ZONE_H
#define CTL_SETUP_ZONE_H

#include "base/tidy.h"

struct setup;

/* The host's zone by its name; "UTC" if it has none. gives: mem_free. */
char *setup_zone_of_host(const struct setup *s) MUST_CHECK;
/* "fr" if the locale is French, else "en". gives: mem_free. */
char *setup_language_of_host(const struct setup *s) MUST_CHECK;

#endif
