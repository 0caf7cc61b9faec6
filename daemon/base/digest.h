/* SHA-256 and Base64 (libcrypto, which libcurl brings along), and random numbers. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include "base/tidy.h"

#define DIGEST_HEX_MAX 65
/* Hex of SHA-256 over n bytes. */
void digest_hex(const char *data, size_t n, char ret_hex[DIGEST_HEX_MAX]);
/* gives: mem_free, or secret_wipe if the data were a secret. */
char *base64(const char *data, size_t n) MUST_CHECK;
uint64_t random_u64(void); /* getrandom(2) */
double random_unit(void); /* 0 <= x < 1 */

#endif
