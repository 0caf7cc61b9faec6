#!/usr/bin/env bash
# Speed as ratios to this disk's own fdatasync, all in one run on one machine. SECONDS_EACH=3
set -euo pipefail
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
EACH=${SECONDS_EACH:-3}
export BATS_TEST_DIRNAME=$PWD/tests/scenarios
BATS_TEST_TMPDIR=$(mktemp -d "${BENCH_DIR:-$PWD/$BUILD}/bench.XXXXXX")
# shellcheck disable=SC1091
. tests/scenarios/bridge_helper.bash
trap 'bridge_kill 2>/dev/null; connectwise_stop; rm -rf "$BATS_TEST_TMPDIR"' EXIT
load=$PWD/$BUILD/load

row() { # row NAME JSON: per second, times fdatasync, p50, p99
	jq -r --arg n "$1" --argjson d "$disk" '[$n, (.per_s | floor), ((.per_s / $d.per_s * 100 | floor) / 100), .p50_us, .p99_us,
		((.p99_us / $d.p50_us * 10 | floor) / 10)] | @tsv' <<<"$2"
}
rss() { awk '/VmHWM/ { print $2 }' "/proc/$BRIDGE_PID/status"; }

scenario_begin --companies 50
setting log.level '"error"'
setting delivery.per_minute 6000
bridge_start
disk=$("$load" disk "$DIR/disk" "$EACH")
empty=$(rss)
{
	printf 'what\tper s\tx fdatasync\tp50 us\tp99 us\tp99 / fdatasync p50\n'
	row "fdatasync of 1 KiB (the yardstick)" "$disk"
	row "acks, held: 1 client x 1 event" "$("$load" events "$DIR/events.sock" 1 1 "$EACH")"
	row "acks, held: 1 client x 64 events" "$("$load" events "$DIR/events.sock" 1 64 "$EACH")"
	row "acks, held: 8 clients x 1 event" "$("$load" events "$DIR/events.sock" 8 1 "$EACH")"
	row "acks, held: 8 clients x 64 events" "$("$load" events "$DIR/events.sock" 8 64 "$EACH")"
	account accepted >"$DIR/queued"
	map_three
	row "acks with delivery on: 1 client x 1 event" "$("$load" events "$DIR/events.sock" 1 1 "$EACH")"
	row "fdatasync again" "$("$load" disk "$DIR/disk" "$EACH")"
} | column -t -s$'\t'
echo "events in the queue: $(cat "$DIR/queued"); memory: $empty KiB empty, $(rss) KiB at most ($(($(rss) * 100 / empty)) %)"
bridge_stop
t=$(date +%s%N)
bridge_run
echo "start with that queue, to the first answer: $((($(date +%s%N) - t) / 1000000)) ms"
