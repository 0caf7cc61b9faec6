#!/bin/sh
# The manual pages are well-formed, and refer to each other by names that exist.
set -eu
cd "$(dirname "$0")/../.."
bad=0
for page in daemon/man/*.[1-8]; do
	mandoc -T lint -W warning "$page" || bad=1
	grep -n '^\.Xr opbridge' "$page" | while IFS= read -r hit; do
		name=$(echo "$hit" | awk '{ print $2 "." $3 }')
		[ -f "daemon/man/$name" ] || echo "$page:${hit%%:*}: there is no daemon/man/$name"
	done | grep . && bad=1
done
exit "$bad"
