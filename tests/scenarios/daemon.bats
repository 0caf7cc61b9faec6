# Start, stop, reload, logs: what an operator meets.
load bridge_helper

@test "-t says every fault with its line, and exits 78" {
	NO_ORACLE=1
	setting delivery.slots 99
	setting sync.evry '"1min"'
	write_conf
	run "$BIN/opbridged" -t -c "$DIR/opbridge.conf"
	[ "$status" = 78 ]
	[[ $output == *"opbridge.conf:"*slots* ]]
	[[ $output == *evry*every* ]]
}

@test "a configuration named by a relative path finds what stands beside it" {
	NO_ORACLE=1
	write_conf
	grep -v types_file "$DIR/opbridge.conf" >"$DIR/relative.conf"
	cp "$ROOT/conf/event-types.conf" "$DIR"
	cd "$DIR"
	run "$BIN/opbridged" -t -c relative.conf
	[ "$status" = 0 ]
}

@test "-t on a good file says so, and usage errors exit 64" {
	write_conf
	run "$BIN/opbridged" -t -c "$DIR/opbridge.conf"
	[ "$status" = 0 ]
	run "$BIN/opbridged" --nonsense
	[ "$status" = 64 ]
	run "$BIN/opbridged" --help
	[ "$status" = 0 ]
}

@test "a reload takes a good file whole and refuses a bad one whole" {
	bridge_start
	setting delivery.slots 2
	bridge_reload
	[ "$(opb status --json | jq .pace.slots)" = 2 ]
	setting delivery.slots 3
	setting sync.every '"never"'
	run bridge_reload
	[ "$status" -ne 0 ]
	[ "$(opb status --json | jq .pace.slots)" = 2 ]
}

@test "SIGHUP reloads as well" {
	bridge_start
	setting delivery.slots 2
	write_conf
	kill -HUP "$BRIDGE_PID"
	await "the new slots" slots_are 2
}
slots_are() { [ "$(opb status --json | jq .pace.slots)" = "$1" ]; }

@test "a key that needs a restart is named, and nothing changes" {
	bridge_start
	setting connectwise.company '"other"'
	run bridge_reload
	[ "$status" -ne 0 ]
	[[ $output == *connectwise.company* ]]
}

@test "SIGTERM finishes what is in flight: no ticket doubles, none is lost" {
	bridge_start
	map_three
	fault delay POST service/tickets '"delay_ms":700'
	event e1
	await "the request to be under way" under_way
	bridge_stop
	[ "$(ticket_count)" = 1 ]
	bridge_start
	settle
	[ "$(ticket_count)" = 1 ]
	[ "$(state_of e1)" = delivered ]
}
under_way() { [ "$(asked POST 'service/tickets$')" -ge 1 ]; }

@test "a kill while a ticket is being made leaves one ticket" {
	bridge_start
	map_three
	fault delay POST service/tickets '"delay_ms":500'
	event e1
	await "the request to be under way" under_way
	bridge_kill
	await "the ticket" test_one_ticket
	bridge_start
	settle
	[ "$(ticket_count)" = 1 ]
	[ "$(did_of e1)" = adopted ]
}
test_one_ticket() { [ "$(ticket_count)" = 1 ]; }

@test "a second daemon on the same queue is refused with a sentence" {
	bridge_start
	sed 's/events\.sock/e2.sock/; s/control\.sock/c2.sock/' "$DIR/opbridge.conf" >"$DIR/second.conf"
	run "$BIN/opbridged" -c "$DIR/second.conf"
	[ "$status" -ne 0 ]
	[[ $output == *"another"* ]]
}

@test "a socket path that holds a file is left alone" {
	NO_ORACLE=1
	echo precious >"$DIR/events.sock"
	write_conf
	run "$BIN/opbridged" -c "$DIR/opbridge.conf"
	[ "$status" -ne 0 ]
	[ "$(cat "$DIR/events.sock")" = precious ]
}

@test "each outcome is one line with event, tenant, company, ticket, tries and milliseconds" {
	bridge_start
	map_three
	event e1
	settle
	line=$(grep 'msg="event delivered"' "$DIR/bridge.log")
	[ "$(wc -l <<<"$line")" = 1 ]
	for key in event=e1 tenant=contoso.com company=101 ticket= did=created tries=1 ms=; do [[ $line == *"$key"* ]]; done
}

@test "as JSON the log is one object a line" {
	setting log.format '"json"'
	bridge_start
	map_three
	event e1
	settle
	jq -es 'map(select(.msg == "event delivered")) | length == 1' "$DIR/bridge.log"
}

@test "metrics and health are served on a loopback port" {
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || echo 39187)
	setting intake.metrics_listen "\"127.0.0.1:$port\""
	bridge_start
	curl -sf "http://127.0.0.1:$port/healthz" | grep true
	curl -sf "http://127.0.0.1:$port/metrics" | grep 'opbridge_events{state="accepted"} 0'
	[ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/v1/status")" = 403 ]
}

@test "idle, it does not wake up but for timers that are due" {
	bridge_start
	before=$(awk '/^voluntary_ctxt/ { print $2 }' "/proc/$BRIDGE_PID/status")
	sleep 2 # what is measured is two quiet seconds
	after=$(awk '/^voluntary_ctxt/ { print $2 }' "/proc/$BRIDGE_PID/status")
	[ $((after - before)) -le 4 ]
}

@test "the check walks its ladder and ends well" {
	bridge_start
	run opb check
	[ "$status" = 0 ]
	[[ $output == *keys* ]]
	may "Service Tickets" '"inquire":"None"'
	run opb check
	[ "$status" -ne 0 ]
	[[ $output == *"Service Tickets"*Inquire* ]]
}

@test "many clients at once share their commits" {
	bridge_run
	command -v strace >/dev/null || skip "strace is not installed"
	strace -f -e trace=fdatasync,fsync -o "$DIR/trace" -p "$BRIDGE_PID" 2>/dev/null 3>&- &
	tracer=$!
	await "strace" test -e "$DIR/trace"
	seq 400 | jq -c '{id: "m\(.)", tenant: {domain: "contoso.com"}, type: "Too Many Logins", entities: {user: "u\(.)"}}' >"$DIR/lines"
	split -n l/8 "$DIR/lines" "$DIR/part."
	for f in "$DIR"/part.*; do opb submit --quiet <"$f" & pids="${pids:-} $!"; done
	wait $pids
	kill $tracer; wait $tracer || true
	[ "$(account accepted)" = 400 ]
	[ "$(grep -c sync "$DIR/trace")" -lt 100 ]
}

@test "the queue is copied while the daemon runs, and the copy opens" {
	bridge_start
	map_three
	event e1
	settle
	run opb backup "$DIR/copy.db"
	[ "$status" = 0 ]
	[ "$(stat -c %a "$DIR/copy.db")" = 600 ]
	run opb backup "$DIR/copy.db"
	[ "$status" -ne 0 ]
	bridge_stop
	setting store.database "\"$DIR/copy.db\""
	bridge_start
	[ "$(state_of e1)" = delivered ]
}

@test "while a large queue is copied, events are taken as ever; stopped in between it leaves no half copy" {
	bridge_start
	seq 8000 | jq -c '{id:"b\(.)",tenant:{domain:"x.example"},type:"T",title:("x" * 1000),entities:{user:"u\(.)"}}' >"$DIR/many"
	opb submit "$DIR/many" --quiet
	(opb backup "$DIR/copy.db" >"$DIR/said" 2>&1 3>&-; echo "$?" >>"$DIR/said") &
	copying=$!
	event during-
	wait $copying
	[ "$(tail -1 "$DIR/said")" = 0 ]
	curl -sS --unix-socket "$DIR/control.sock" -d "{\"path\":\"$DIR/second.db\"}" http://x/v1/backup | jq -en 'input.running'
	bridge_stop
	[ ! -e "$DIR/second.db" ] || [ "$(logged_count 'backup written')" = 2 ]
	setting store.database "\"$DIR/copy.db\""
	bridge_start
	[ "$(account held)" -ge 8000 ]
}
@test "a daemon that is killed while it copies leaves nothing under the name of the copy" {
	bridge_start
	seq 8000 | jq -c '{id:"b\(.)",tenant:{domain:"x.example"},type:"T",title:("x" * 1000),entities:{user:"u\(.)"}}' >"$DIR/many"
	opb submit "$DIR/many" --quiet
	curl -sS --unix-socket "$DIR/control.sock" -d "{\"path\":\"$DIR/copy.db\"}" http://x/v1/backup | jq -e .running
	[ ! -e "$DIR/copy.db" ]
	bridge_kill
	[ ! -e "$DIR/copy.db" ]
	bridge_start
	opb backup "$DIR/copy.db"
	[ "$(echo "$DIR"/copy.db*)" = "$DIR/copy.db" ]
}
logged_count() { grep -c -- "$1" "$DIR/bridge.log"; }

@test "a queue put back from a backup makes no ticket twice: what was made since is found by its marker" {
	bridge_start
	map_three
	event before-
	settle
	opb backup "$DIR/copy.db"
	event since-1 --entity user=ben@contoso.com
	event since-2 --entity user=cleo@contoso.com
	settle
	admin POST "/tickets/$(ticket 2 .id)/close" '{}'
	event since-3 --entity user=cleo@contoso.com
	settle
	[ "$(ticket_count)" = 4 ]
	bridge_stop
	rm -f "$DIR"/queue.db*
	mv "$DIR/copy.db" "$DIR/queue.db"
	bridge_start
	logged 'msg="this queue is a backup" copied_at='
	event since-1 --entity user=ben@contoso.com
	event since-3 --entity user=cleo@contoso.com
	event after- --entity user=dora@contoso.com
	settle
	[ "$(ticket_count)" = 5 ]
	[ "$(did_of since-1)" = noted ]
	[ "$(did_of after-)" = created ]
	bridge_stop
	bridge_start
	[ "$(grep -c 'this queue is a backup' "$DIR/bridge.log")" = 1 ]
	event last- --entity user=emil@contoso.com
	settle
	[ "$(asked GET 'service/tickets$')" -gt 0 ]
}

@test "dead events are exported with their reasons, and all retried at once" {
	bridge_start
	map_three
	body=$(jq -cn '{code: "InvalidObject", message: "ticket object is invalid", errors: [{code: "MissingRequiredField", message: "The widget field is required.", resource: "ticket", field: "widget"}]} | tojson')
	fault status POST service/tickets "\"status\":400,\"times\":2,\"body\":$body"
	event e1
	event e2 --entity user=ben@contoso.com
	settle
	[ "$(account dead)" = 2 ]
	[ "$(opb events --state dead --all --json | jq -r .why | grep -c widget)" = 2 ]
	opb retry --all
	settle
	[ "$(account dead)" = 0 ]
	[ "$(ticket_count)" = 2 ]
}

@test "metrics tell the permissions, and how long the oldest event waits" {
	may "Service Tickets" '"add":"None"'
	bridge_start
	map_three
	event e1
	event e2 --domain unmapped.example
	await "the refusal" logged 'permission missing'
	opb metrics >"$DIR/metrics"
	grep -qF 'opbridge_permission{module="Service Desk",function="Service Tickets",level="Add",required="yes"} 0' "$DIR/metrics"
	grep -qF 'opbridge_permission{module="Companies",function="Company Maintenance",level="Inquire",required="yes"} 1' "$DIR/metrics"
	grep -q '^opbridge_oldest_held_seconds [0-9]' "$DIR/metrics"
	grep -q '^opbridge_queue_bytes [1-9]' "$DIR/metrics"
	opb event e2 | grep -q '^ *expires'
	[ "$(event_of e1 .expires_at)" = null ]
	NO_ORACLE=1
}
