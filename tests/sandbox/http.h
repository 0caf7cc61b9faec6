/*
 * http.h - the HTTPS server on the loopback address.
 */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

struct http;
struct sandbox;

/* Listens on port (0: any free one) of 127.0.0.1. gives: http_free. NULL = cannot listen. */
struct http *http_new(struct sandbox *sb, int port);
struct http *http_free(struct http *h);
int http_port(const struct http *h);
/* After a change of the armed faults: shut or open the listener, let go of connections that hang
 * without a fault to keep them, and of idle ones when the certificate changed. 0, or -1 when the
 * port could not be had again. */
int http_follow_faults(struct http *h);
/* Let go of every request under way, carried out or not. */
void http_drop_busy(struct http *h);

#endif
