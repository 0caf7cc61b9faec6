/* A queue that was put back from a backup knows nothing of the tickets that were made since the
 * copy: for as long as events are kept, the marker of each new ticket is looked up before it is
 * made. */
#ifndef APP_RESTORED_H
#define APP_RESTORED_H

#include <stdbool.h>
#include "base/fault.h"
#include "base/tidy.h"

struct app;

/* At the start: is this a copy? Says so once. */
int restored_init(struct app *app, struct fault *reterr) MUST_CHECK;
/* Must a marker be looked up before a ticket is made with it? */
bool restored_is_recent(const struct app *app);
/* While a copy is made the queue bears the mark that the copy is to have. */
int restored_mark(struct app *app, bool on, struct fault *reterr) MUST_CHECK;

#endif
