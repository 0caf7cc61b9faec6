#!/bin/sh
# The units load without a word from systemd, the service is as closed as it should be, and each
# entry of the journal's catalog is one that the daemon sends.
set -eu
cd "$(dirname "$0")/../.."
limit=15 # tenths: systemd-analyze security's exposure, 0 (closed) to 100
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/units" "$dir/sbin"
printf '#!/bin/sh\n' >"$dir/sbin/opbridged"
chmod 755 "$dir/sbin/opbridged"
for unit in systemd/*.service.in systemd/*.socket; do
	name=$(basename "$unit" .in)
	sed -e "s|@SBINDIR@|$dir/sbin|g" -e 's|@SYSCONFDIR@|/etc|g' "$unit" >"$dir/units/$name"
	if grep -n '@[A-Z]*@' "$dir/units/$name" | sed "s|^|$unit:|" | grep .; then
		exit 1
	fi
done
bad=0
systemd-analyze verify --man=no --recursive-errors=no "$dir"/units/* >"$dir/said" 2>&1 || bad=1
if [ "$bad" = 1 ] || [ -s "$dir/said" ]; then
	sed "s|$dir/units/|systemd/|" "$dir/said"
	bad=1
fi
for unit in "$dir"/units/*.service; do
	systemd-analyze security --offline=yes --threshold="$limit" --no-pager "$unit" >"$dir/score" 2>&1 || {
		sed -n "s|^|systemd/$(basename "$unit").in:1: |; \$p" "$dir/score"
		bad=1
	}
done
sed -n 's/^-- \([0-9a-f]\{32\}\)$/\1/p' systemd/opbridge.catalog | sort >"$dir/told"
grep -o '"[0-9a-f]\{32\}"' daemon/io/journal.c | tr -d '"' | sort >"$dir/sent"
diff "$dir/told" "$dir/sent" >"$dir/said" || {
	sed 's|^|systemd/opbridge.catalog:1: (< only here, > only in daemon/io/journal.c) |' "$dir/said"
	bad=1
}
exit "$bad"
