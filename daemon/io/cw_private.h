/* Shared by cw.c (sending, receiving) and its verbs in cw_read.c and cw_write.c. */
#ifndef IO_CW_PRIVATE_H
#define IO_CW_PRIVATE_H

#include "io/cw.h"

/* Note a call. path: behind the base address, query included. takes: path, body (or NULL). */
struct cw_call *cw_note(struct cw *cw, enum verb verb, const char *method, char *path, char *body,
	cw_done *done, void *owner);
/* One more header line, "Name: value"; a static text. */
void cw_call_header(struct cw_call *call, const char *line);
/* Whole address instead of base + path. takes: url. */
void cw_call_url(struct cw_call *call, char *url);
const struct conf *cw_conf(const struct cw *cw);

#endif
