/* One target a file: a parser of what comes from outside, fed with any bytes. Built two ways:
 * `make fuzz` with libFuzzer (clang), and into unit-test-like programs that replay the corpus. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
