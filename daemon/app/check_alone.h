/* `opbridged --check`: the ladder without a queue, sockets or anything that stays, for whoever has
 * not started the service yet or tries a configuration beside the one in use. */
#ifndef APP_CHECK_ALONE_H
#define APP_CHECK_ALONE_H

#include <stdbool.h>
#include "io/conf.h"

/* Prints each step as it comes, for people or as one JSON object a line; last what may be chosen
 * from. Returns a sysexits status: EX_OK, EX_UNAVAILABLE if ConnectWise cannot be reached, else
 * EX_CONFIG. */
int check_alone(struct conf *conf, bool json);

#endif
