/* Names of local users, from the file alone: the name service may ask a directory over the network,
 * and the loop would stand still meanwhile. */
#ifndef IO_PASSWD_H
#define IO_PASSWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The name of a user in a file like /etc/passwd, cut to size. False, and "", if it has none there.
 */
bool passwd_name(const char *file, int64_t uid, char *ret_name, size_t size);

#endif
