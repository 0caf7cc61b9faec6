#!/bin/sh
# Every shell script of the project, through shellcheck; bats files too.
set -eu
cd "$(dirname "$0")/../.."
git ls-files -co --exclude-standard | while IFS= read -r file; do
	[ -f "$file" ] || continue
	case $file in
	*.sh | *.bash | *.bats) echo "$file" ;;
	*.*) ;;
	*) head -n 1 "$file" | tr -d '\0' | grep -qE '^#!.*[/ ](ba|da)?sh( |$)' && echo "$file" ;;
	esac || true
done | sort | xargs shellcheck --format=gcc --external-sources
