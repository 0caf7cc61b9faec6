#include "base/digest.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <openssl/evp.h>
#include "base/mem.h"

void digest_hex(const char *data, size_t n, char ret_hex[DIGEST_HEX_MAX])
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned int len = 0, i;

	if (EVP_Digest(data, n, raw, &len, EVP_sha256(), NULL) != 1 || len != 32)
		abort();
	for (i = 0; i < len; i++)
		snprintf(ret_hex + 2 * i, 3, "%02x", raw[i]);
}

char *base64(const char *data, size_t n)
{
	char *text;

	if (n > INT_MAX / 2)
		abort();
	text = xcalloc(4 * ((n + 2) / 3) + 1, 1);
	EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)data, (int)n);
	return text;
}

uint64_t random_u64(void)
{
	uint64_t v = 0;

	while (getrandom(&v, sizeof(v), 0) != (ssize_t)sizeof(v))
		if (errno != EINTR)
			abort();
	return v;
}

double random_unit(void)
{
	return (double)(random_u64() >> 11) / (double)(UINT64_C(1) << 53);
}
