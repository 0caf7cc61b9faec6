#!/bin/sh
# All checks of the source, as TAP: run.sh [NAME…]. A missing tool is a failure, not a skip.
cd "$(dirname "$0")" || exit 1
names=${*:-layers libs banned format shellcheck systemd man cppcheck tidy analyzer}
# shellcheck disable=SC2086 # a list of words on purpose
set -- $names
echo "1..$#"
n=0
bad=0
for name; do
	n=$((n + 1))
	if said=$("./$name.sh" 2>&1); then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "$said" | sed 's/^/# /'
		bad=1
	fi
done
exit "$bad"
