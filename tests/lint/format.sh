#!/bin/sh
# clang-format decides how C looks; `clang-format -i FILE` mends it.
set -eu
cd "$(dirname "$0")/../.."
find daemon include tests -name '*.[ch]' | sort | xargs clang-format --dry-run -Werror
