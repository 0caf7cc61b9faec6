# When the disk fails: nothing acknowledged is lost, and what cannot be kept is not acknowledged.
load bridge_helper

code_of() { head -n 1 <<<"$1"; }
one() { events_post application/json <<<"{\"id\":\"$1\",\"tenant\":{\"domain\":\"contoso.com\"},\"type\":\"Too Many Logins\",\"description\":\"$(head -c "${2:-100}" /dev/zero | tr '\0' x)\",\"entities\":{\"user\":\"$1@contoso.com\"}}"; }
ended() { ! kill -0 "$BRIDGE_PID" 2>/dev/null; }
# start_refused PATTERN: the daemon does not start, and says so
start_refused() {
	write_conf
	run timeout 20 "$BIN/opbridged" -c "$DIR/opbridge.conf"
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output =~ $1 ]]
}

@test "over its configured size the queue takes nothing more, says so, and still delivers what it has" {
	setting store.max_bytes '"8MiB"'
	bridge_start
	i=0
	while [ "$(code_of "$(one "fill-$i-" 30000)")" = 202 ]; do
		i=$((i + 1))
		[ $i -lt 600 ]
	done
	answer=$(one more-)
	[ "$(code_of "$answer")" = 503 ]
	grep -q max_bytes <<<"$answer"
	map_three
	settle
	[ "$(account delivered)" = "$i" ]
	NO_ORACLE=1 # 250 events of long ids in one roll-up: covered by the flood scenarios
}

@test "a disk that is full: 503, nothing lost, and it goes on by itself when there is room" {
	bridge_start
	map_three
	one before-
	settle
	prlimit --pid "$BRIDGE_PID" --fsize=4096:
	answer=$(one full-)
	[ "$(code_of "$answer")" = 503 ]
	await "the log to say so" logged 'could not be written'
	prlimit --pid "$BRIDGE_PID" --fsize=unlimited:
	await "the next event to be taken" taken_again
	settle
	[ "$(state_of after-)" = delivered ]
	[ "$(ticket_count)" = 2 ]
}
taken_again() { [ "$(code_of "$(one after-)")" = 202 ]; }

@test "a sync that fails is never acknowledged: the daemon ends, and starts again with all it promised" {
	command -v strace >/dev/null || skip "strace is not installed"
	bridge_start
	map_three
	one before-
	settle
	strace -f -q -e trace=fdatasync,fsync -e inject=fdatasync,fsync:error=EIO -o "$DIR/trace" -p "$BRIDGE_PID" 3>&- &
	tracer=$!
	await "strace" grep -q TracerPid.*[1-9] "/proc/$BRIDGE_PID/status"
	answer=$(one lost-)
	[ "$(code_of "$answer")" != 202 ]
	await "the daemon to end" ended
	wait "$BRIDGE_PID" && false
	BRIDGE_PID=
	kill $tracer 2>/dev/null || true
	bridge_start
	[ "$(state_of before-)" = delivered ]
	settle
}

@test "a damaged file is refused with the remedy, and kept" {
	NO_ORACLE=1
	bridge_start
	map_three
	for i in 1 2 3 4 5 6 7 8; do one "e$i-" 3000 >/dev/null; done
	settle
	bridge_stop
	size=$(stat -c %s "$DIR/queue.db")
	head -c 8192 /dev/urandom | dd of="$DIR/queue.db" bs=4096 seek=4 conv=notrunc status=none
	start_refused 'damaged'
	[ "$(stat -c %s "$DIR/queue.db")" = "$size" ]
}

@test "a file of a newer version, of another program, or none of the kind, is refused and left alone" {
	NO_ORACLE=1
	bridge_start
	bridge_stop
	cp "$DIR/queue.db" "$DIR/good.db"
	printf '\0\0\1\0' | dd of="$DIR/queue.db" bs=1 seek=60 conv=notrunc status=none
	start_refused 'newer'
	cp "$DIR/good.db" "$DIR/queue.db"
	printf 'XXXX' | dd of="$DIR/queue.db" bs=1 seek=68 conv=notrunc status=none
	start_refused 'another program'
	echo "my precious notes" >"$DIR/queue.db"
	start_refused 'not a database'
	[ "$(cat "$DIR/queue.db")" = "my precious notes" ]
}

@test "a directory that is not there is named, with what to do" {
	NO_ORACLE=1
	setting store.database '"/nonexistent/opbridge/queue.db"'
	start_refused 'nonexistent'
}
