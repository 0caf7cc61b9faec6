# Where tickets go: the API member's default board, or what is configured.
load bridge_helper

@test "the API member's default board is found" {
	bridge_start
	opb board | grep "Security Alerts"
	opb statuses | grep -q "In Progress"
}

@test "another default board is noticed" {
	setting board.refresh '"1s"'
	bridge_start
	admin POST /member '{"default_board":20}'
	await "the other board" board_is 20
}
board_is() { [ "$(opb board --json | jq .board.id)" = "$1" ]; }

@test "a configured creation status is used, by name or id" {
	setting board.status '"in progress"'
	bridge_start
	map_three
	event e1
	settle
	[ "$(ticket 0 .status.id)" = 502 ]
	setting board.status '"503"'
	bridge_reload
	event e2 --entity user=ben@contoso.com
	settle
	[ "$(ticket 1 .status.id)" = 503 ]
}

@test "a creation status that is unknown, closed or inactive is refused at start, naming the valid ones" {
	NO_ORACLE=1
	for bad in Nonsense '>Closed' 506 401; do
		setting board.status "\"$bad\""
		write_conf
		: >"$DIR/bridge.log"
		rm -f "$DIR"/queue.db*
		run timeout 20 "$BIN/opbridged" -c "$DIR/opbridge.conf"
		[ "$status" = 78 ]
		[[ $output == *"In Progress"* ]]
	done
}

@test "and refused at reload, changing nothing" {
	bridge_start
	setting board.status '">Closed"'
	run bridge_reload
	[ "$status" -ne 0 ]
	[[ $output == *"In Progress"* ]]
	map_three
	event e1
	settle
	[ "$(ticket 0 .status.id)" = 501 ]
}

@test "a creation status deleted meanwhile costs no ticket: the board's default, with a warning" {
	setting board.status '"502"'
	bridge_start
	map_three
	admin DELETE /boards/21/statuses/502
	event e1
	settle
	[ "$(ticket 0 .status.id)" = 501 ]
	logged 'level=warn.*status'
}

@test "a closing status that is gone is warned of once, not with each reading of the board" {
	setting board.closed_status '"503"'
	setting board.reopen_status '"502"'
	setting board.refresh '"1s"'
	NO_ORACLE=1
	bridge_run
	await "the statuses to be read three times" read_statuses 3
	[ "$(grep -c 'level=warn msg="closing status cannot be used' "$DIR/bridge.log")" = 1 ]
	admin DELETE /boards/21/statuses/502
	await "the other to be missed" logged 'level=warn msg="reopening status cannot be used'
	[ "$(grep -c 'level=warn.*status cannot be used' "$DIR/bridge.log")" = 2 ]
}
read_statuses() { [ "$(asked GET /boards/21/statuses)" -ge "$1" ]; }

@test "without the optional permissions everything works: board and status are left out" {
	may "Table Setup" '"inquire":"None"'
	may "Member Maintenance" '"inquire":"None"'
	admin POST /config '{"my_members_open":false}'
	bridge_start
	map_three
	event e1
	settle
	[ "$(ticket 0 .board.id)" = 21 ]
	admin GET '/requests?since=0' | jq -en 'input | [(.requests? // .)[] | select(.method == "POST" and .path == "service/tickets") | .body | if type == "string" then fromjson else . end | has("board") or has("status")] == [false]'
}

@test "a configured board is used, even where it cannot be read" {
	may "Table Setup" '"inquire":"None"'
	setting board.board '"20"'
	bridge_start
	map_three
	event e1
	settle
	[ "$(ticket 0 .board.id)" = 20 ]
}

@test "the member's identifier finds the board where myMembers does not tell" {
	setting board.member '"OfficeProtect"'
	fault status GET 'system/myMembers*' '"times":0,"status":404'
	bridge_start
	[ "$(opb board --json | jq -r .board.source)" = identifier ]
}

@test "a reload tries another board with its statuses first: what ConnectWise does not know changes nothing" {
	bridge_start
	setting board.board '"Nosuch"'
	run bridge_reload
	[ "$status" = 78 ]
	[[ $output == *'board.board = "Nosuch"'*"knows no such board"* ]]
	setting board.board '"Help Desk"'
	setting board.status '"Nosuch"'
	run bridge_reload
	[ "$status" = 78 ]
	[[ $output == *'board.status = "Nosuch"'*"Help Desk"*"valid ones"* ]]
	[ "$(opb board --json | jq -r .board.name)" = "Security Alerts" ]
	setting board.status '"New"'
	bridge_reload
	await "the other board" eval '[ "$(opb board --json | jq -r .board.name)" = "Help Desk" ]'
	setting board.board '""'
	setting board.status '"Nosuch"'
	run bridge_reload
	[ "$status" = 78 ]
	healthy
}

@test "what cannot be tried at a reload never ends the daemon: the board's default is used, and that is said" {
	bridge_start
	map_three
	fault shut '*' '*' '"times":0'
	event e1
	await "the breaker" logged 'breaker opened'
	setting board.board '"Help Desk"'
	setting board.status '"Nosuch"'
	bridge_reload || true
	fault_gone
	await "a way back" connected
	bridge_reload || true
	settle
	healthy
	[ "$(ticket_count)" = 1 ]
}
