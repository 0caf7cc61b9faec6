/* A verb in the middle of a sentence. */
#ifndef CORE_VERB_H
#define CORE_VERB_H

#include "core/outcome.h"

const char *verb_doing(enum verb verb); /* lends: "creating a ticket" */

#endif
