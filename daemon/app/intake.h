/* POST /v1/events: from a request body to rows of the queue, one result per event. */
#ifndef APP_INTAKE_H
#define APP_INTAKE_H

struct app;
struct api_req;

void intake_post(struct app *app, struct api_req *req);

#endif
