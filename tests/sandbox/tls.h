/*
 * tls.h - a test CA and the server's certificates, made anew at each start.
 * Nothing is kept but the CA's certificate, for the client to trust.
 */
#ifndef SANDBOX_TLS_H
#define SANDBOX_TLS_H

#include "fault.h"

struct bufferevent;
struct event_base;
struct tls;

/* gives: tls_free. NULL = libcrypto refused; it said why on stderr. */
struct tls *tls_new(void);
struct tls *tls_free(struct tls *tls);
/* The CA's certificate as PEM; lent until tls_free. */
const char *tls_ca_pem(const struct tls *tls);
/* The server side of a connection about to be accepted, with the certificate that the fault of the
 * listener asks for. gives: bufferevent_free. */
struct bufferevent *tls_accept(struct tls *tls, struct event_base *base, enum fault_kind fault);
/* Tell the peer that the session ends here, as a server does that closes a connection properly. */
void tls_close_notify(struct bufferevent *bev);

#endif
