#!/bin/sh
# Functions that cannot know how much room there is, or cannot say that a number is none; comments
# in //; work left undone; NDEBUG, without which every assert stays.
set -eu
cd "$(dirname "$0")/../.."
functions='strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|atof|strncpy|strncat|alloca|tmpnam|mktemp|system|popen'
found=$(
	for file in $(find daemon include tests -name '*.[ch]' | sort); do
		awk -f tests/lint/strip.awk "$file" |
			grep -nE "(^|[^A-Za-z0-9_])($functions)[[:space:]]*\(" |
			sed "s|^|$file:|; s|\$| — banned|" || true
		awk -v slashes=1 -f tests/lint/strip.awk "$file" |
			grep -nE '//' | sed "s|^|$file:|; s|\$| — comments are /* */|" || true
		awk -f tests/lint/strip.awk "$file" |
			grep -nE '#[[:space:]]*define[[:space:]]+NDEBUG' | sed "s|^|$file:|" || true
	done
	git ls-files -- . ':!tests/lint' | while IFS= read -r file; do
		[ ! -f "$file" ] || grep -nIHE '(^|[^A-Za-z0-9_])(TODO|FIXME|XXX|HACK)([^A-Za-z0-9_-]|$)' "$file" || true
	done
)
[ -z "$found" ] || {
	echo "$found"
	exit 1
}
