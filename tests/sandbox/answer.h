/*
 * answer.h - carrying out a request, and sending its reply as the armed fault wants it.
 */
#ifndef SANDBOX_ANSWER_H
#define SANDBOX_ANSWER_H

#include <stdbool.h>

struct call;

/* From the loop, never from within evhttp. The call is over some time after this. */
void answer_begin(struct call *c);
/* Change c->reply, or make another, for the faults that are a matter of content. */
void disguise(struct call *c);

#endif
