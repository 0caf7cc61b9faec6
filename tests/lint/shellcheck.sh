#!/bin/sh
# Every shell script of the project, through shellcheck; bats files too.
# Remarks that are only notes are left out. In bats files a variable may be meant for the helper that
# is sourced, and a function of the helper for other files: SC2034, SC2119, SC2120.
set -eu
cd "$(dirname "$0")/../.."
list=$(mktemp)
trap 'rm -f "$list"' EXIT
git ls-files -co --exclude-standard | while IFS= read -r file; do
	[ -f "$file" ] || continue
	case $file in
	*.sh | *.bash | *.bats) echo "$file" ;;
	*.*) ;;
	*) head -n 1 "$file" | tr -d '\0' | grep -qE '^#!.*[/ ](ba|da)?sh( |$)' && echo "$file" ;;
	esac || true
done | sort >"$list"
bad=0
grep -vE '\.(bats|bash)$' "$list" | xargs shellcheck --severity=warning --format=gcc -x || bad=1
grep -E '\.(bats|bash)$' "$list" | xargs -r shellcheck --severity=warning --format=gcc -x \
	--exclude=SC2034,SC2119,SC2120 || bad=1
exit "$bad"
