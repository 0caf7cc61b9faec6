#!/bin/sh
# cppcheck over everything that is built: errors, warnings, speed, portability. Style is left to
# clang-format and clang-tidy. Two remarks are wrong: condition_parse returns a tree that holds nothing
# of its parser, and -0x1p53 is a number. The macros of base/tidy.h are explained to it, as it does not read
# GNU C's attributes.
set -eu
cd "$(dirname "$0")/../.."
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability \
	--inline-suppr --error-exitcode=1 --max-configs=4 -j 2 \
	--template='{file}:{line}: {severity}: {message} [{id}]' \
	--suppress=missingIncludeSystem --suppress=unknownMacro \
	'--suppress=returnDanglingLifetime:tests/sandbox/condition*.c' \
	--suppress=incorrectLogicOperator:daemon/base/json_text.c \
	-D_GNU_SOURCE -DOPBRIDGE_VERSION='"0"' -DOPBRIDGE_DATADIR='"/d"' \
	-DOPBRIDGE_SYSCONFDIR='"/e"' -D'CLEANUP(fn)=' -D'MUST_CHECK=' -D'UNUSED=' \
	-D'PRINTF_LIKE(a,b)=' -D'DEFINE_CLEANUP(fn,type)=struct fn##_semicolon' \
	-D'STR_AUTO(name)=struct str name={0}' -Idaemon -Iinclude daemon tests/sandbox
