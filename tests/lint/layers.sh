#!/bin/sh
# Includes point one way: main → app → io → core → base; ctl and client → include, base.
# They are written from the root ("core/event.h"), and no .c file is included.
set -eu
cd "$(dirname "$0")/../.."
bad=0
say() { # say FILE:LINE:TEXT SENTENCE
	echo "${1%%:#*}: $2: ${1#*:*:}"
	bad=1
}
may() { # may LAYER: the folders that it may include from
	case $1 in
	base) echo base ;;
	core) echo core base ;;
	io) echo io core base ;;
	app) echo app io core base ;;
	ctl) echo ctl base ;;
	client) echo client base ;;
	main.c) echo app io core base ;;
	*) echo "tests/lint/layers.sh: daemon/$1 is no layer" >&2 && exit 1 ;;
	esac
}
for file in $(find daemon -name '*.[ch]' | sort); do
	layer=$(echo "$file" | cut -d/ -f2)
	allowed=" $(may "$layer") "
	while IFS= read -r hit; do
		[ -n "$hit" ] || continue
		name=$(echo "$hit" | sed 's/.*"\(.*\)".*/\1/')
		case $name in
		opbridge.h) continue ;;
		*.c) say "$file:$hit" "a .c file is included" && continue ;;
		*/*) ;;
		*) say "$file:$hit" "not written from the root" && continue ;;
		esac
		case $allowed in
		*" ${name%%/*} "*) ;;
		*) say "$file:$hit" "$layer may include only$allowed" ;;
		esac
	done <<-EOF
		$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$file" || true)
	EOF
done
for file in include/*.h; do
	while IFS= read -r hit; do
		[ -z "$hit" ] || say "$file:$hit" "a public header stands alone"
	done <<-EOF
		$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$file" || true)
	EOF
done
exit "$bad"
