/*
 * auth.h - who calls: Basic key pair, clientId, and the model version in Accept.
 */
#ifndef SANDBOX_AUTH_H
#define SANDBOX_AUTH_H

#include <stdbool.h>

struct call;

/* Are company, public and private key right? Refuses nothing. */
bool auth_good(const struct call *c);
/* False when c was refused: 401 (or 404), 400 for a wrong company, 403 without a clientId, 400 for
 * an unknown model version. */
bool auth_pass(struct call *c);

#endif
