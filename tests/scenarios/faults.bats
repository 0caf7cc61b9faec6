# Every fault of the sandbox at every step: one ticket for each incident, each event accounted for.
load bridge_helper

FAULTS='status,"status":500 status,"status":503,"retry_after":"0" status,"status":408 rate_limit,"retry_after":"0"
hang delay,"delay_ms":2500 drip,"delay_ms":300 drop_before_commit drop_after_commit drop_after_commit,"close_notify":false
reset_after_commit reply_500_after_commit bad_json truncated empty_201 wrong_types huge html html,"status":200
redirect,"location":"https://elsewhere.example/" close_idle'

setup() {
	scenario_begin
	setting connectwise.connect_timeout '"1s"'
	setting connectwise.read_timeout '"1s"'
	setting connectwise.write_timeout '"1s"'
	setting connectwise.reply_max '"1MiB"'
	setting delivery.doubt_wait '"50ms"'
	setting delivery.flood_limit 0
}
# struck: the armed fault hit something, so the test tested it
struck() { admin GET /fault | jq -en 'input | [(.faults? // .)[] | .hits] | add > 0' >/dev/null; }
# each METHOD PATH ACT: arm each fault in turn for that request, then run ACT with a fresh name
each() {
	local f n=0
	for f in $FAULTS; do
		n=$((n + 1))
		fault "${f%%,*}" "$1" "$2" "$([[ $f == *,* ]] && echo "${f#*,}")"
		"$3" "n$n" || { echo "fault $f at $1 $2" >&2; return 1; }
		struck || { echo "fault $f at $1 $2 struck nothing" >&2; return 1; }
		fault_gone
	done
}

new_incident() {
	event "$1-" --entity user="$1@contoso.com" >/dev/null
	settle
	[ "$(state_of "$1-")" = delivered ]
	[ "$(ticket_count)" = "${1#n}" ]
}
@test "every fault while a ticket is created: one ticket each" {
	bridge_start
	map_three
	each POST service/tickets new_incident
}

@test "every fault while a lost create is looked up: one ticket each" {
	bridge_start
	map_three
	lost_create() {
		fault drop_after_commit POST service/tickets
		new_incident "$1"
	}
	each GET 'service/tickets' lost_create
}

one_more_note() {
	event "$1-" >/dev/null
	settle
	[ "$(state_of "$1-")" = delivered ]
	[ "$(ticket_count)" = 1 ]
	[ "$(ticket 0 '[.notes[].text | select(test("(^|[^0-9A-Za-z])'"$1"'-"))] | length')" = 1 ]
}
@test "every fault while a note is written: one note each" {
	bridge_start
	map_three
	event first-
	settle
	each POST 'service/tickets/*/notes' one_more_note
}

@test "every fault while a lost note is looked up: one note each" {
	bridge_start
	map_three
	event first-
	settle
	lost_note() {
		fault drop_after_commit POST 'service/tickets/*/notes'
		one_more_note "$1"
	}
	each GET 'service/tickets/*/notes' lost_note
}

@test "every fault while the ticket is read: one note each" {
	bridge_start
	map_three
	event first-
	settle
	each GET 'service/tickets/*' one_more_note
}

closes() {
	event "$1-" --entity user="$1@contoso.com" >/dev/null
	settle
	event "$1-end-" --state resolved --entity user="$1@contoso.com" >/dev/null
	settle
	[ "$(state_of "$1-end-")" = delivered ]
	[ "$(ticket_count)" = "${1#n}" ]
}
@test "every fault while a ticket is closed: the note stands, nothing doubles" {
	setting ticket.on_resolved '"close"'
	may "Close Service Tickets" '"edit":"All","inquire":"All"'
	bridge_start
	map_three
	each PATCH 'service/tickets/*' closes
}

synced() {
	opb sync --full >/dev/null 2>&1 || true
	await "a good sync after the fault" good_sync
}
good_sync() {
	opb status --json | jq -en 'input | .connection.state == "ok" and .breaker.state == "closed" and .companies > 30' &&
		opb sync --full
}
@test "every fault while companies are read: the list stays, the next sync is good" {
	bridge_start
	each GET 'company/*' synced
}

board_read() {
	setting board.refresh '"1s"'
	bridge_reload >/dev/null
	await "the fault to strike" struck
	event "$1-" --entity user="$1@contoso.com" >/dev/null
	settle
	[ "$(ticket_count)" = "${1#n}" ]
	[ "$(ticket -1 .board.id)" = 21 ]
}
@test "every fault while the board is read: tickets still get to it" {
	setting board.refresh '"1s"'
	bridge_start
	map_three
	each GET 'system/myMembers*' board_read
}

starts() {
	bridge_stop
	rm -f "$DIR"/queue.db*
	bridge_start
}
@test "every fault at the login: it connects in the end" {
	bridge_start
	each GET login starts
}
