# From an event at the socket to the right ticket in ConnectWise.
load bridge_helper

@test "an event of a mapped tenant becomes one ticket, under its company, on the member's default board" {
	bridge_start
	map_three
	event e1
	settle
	[ "$(ticket_count)" = 1 ]
	[ "$(ticket 0 .company.identifier)" = Contoso ]
	[ "$(ticket 0 .board.id)" = 21 ]
	[ "$(did_of e1)" = created ]
	[ "$(event_of e1 .ticket)" = "$(ticket 0 .id)" ]
}

@test "a second event of the same incident becomes a note on its ticket" {
	bridge_start
	map_three
	event e1
	settle
	event e2
	settle
	[ "$(ticket_count)" = 1 ]
	[ "$(did_of e2)" = noted ]
	ticket 0 '.notes[-1].text' | grep -q e2
}

@test "another user at the same tenant is another incident, so another ticket" {
	bridge_start
	map_three
	event e1
	event e2 --entity user=ben@contoso.com
	settle
	[ "$(ticket_count)" = 2 ]
}

@test "the same event again is known as a duplicate and changes nothing" {
	bridge_start
	map_three
	event e1 --time 2026-11-20T10:00:00Z
	settle
	run event e1 --time 2026-11-20T10:00:00Z
	[[ $output == *duplicate* ]]
	settle
	[ "$(ticket_count)" = 1 ]
	[ "$(account accepted)" = 1 ]
}

@test "the same id with other content is an update: a note" {
	bridge_start
	map_three
	event e1
	settle
	event e1 --description "Seen a second time"
	settle
	[ "$(ticket_count)" = 1 ]
	ticket 0 '.notes[-1].text' | grep -q "Seen a second time"
}

@test "tickets of different tenants never mix" {
	bridge_start
	map_three
	event c1
	event f1 --domain fabrikam.com
	event w1 --domain wingtiptoys.fr
	settle
	[ "$(tickets | jq -r '[.[].company.identifier] | sort | join(" ")')" = "Contoso Fabrikam WingtipFR" ]
}

@test "events that pile up while ConnectWise is away become one ticket" {
	bridge_start
	map_three
	fault shut '*' '*' '"times":0'
	for i in 1 2 3 4 5; do event "e$i"; done
	fault_gone
	settle
	[ "$(ticket_count)" = 1 ]
}

@test "a closed ticket is left alone: the next event makes a new one that names it" {
	bridge_start
	map_three
	event e1
	settle
	admin POST "/tickets/$(ticket 0 .id)/close" '{}'
	event e2
	settle
	[ "$(ticket_count)" = 2 ]
	[ "$(did_of e2)" = created ]
	ticket 1 .initialDescription | grep -q "$(ticket 0 .id)"
}

@test "with on_closed = reopen the closed ticket is opened again" {
	setting ticket.on_closed '"reopen"'
	may "Close Service Tickets" '"edit":"All","inquire":"All"'
	bridge_start
	map_three
	event e1
	settle
	admin POST "/tickets/$(ticket 0 .id)/close" '{}'
	event e2
	settle
	[ "$(ticket_count)" = 1 ]
	[ "$(ticket 0 .closed)" = false ]
	[ "$(did_of e2)" = reopened ]
}

@test "with on_resolved = close a resolved event closes its ticket" {
	setting ticket.on_resolved '"close"'
	may "Close Service Tickets" '"edit":"All","inquire":"All"'
	bridge_start
	map_three
	event e1
	settle
	event e2 --state resolved
	settle
	[ "$(ticket_count)" = 1 ]
	[ "$(ticket 0 .closed)" = true ]
}

@test "without the right to close, the note is written, and the log names the permission" {
	setting ticket.on_resolved '"close"'
	bridge_start
	map_three
	event e1
	settle
	event e2 --state resolved
	settle
	[ "$(did_of e2)" = noted ]
	logged "Close Service Tickets"
}

@test "a resolved event whose beginning was never seen is skipped, and said so" {
	bridge_start
	map_three
	event e1 --state resolved
	settle
	[ "$(state_of e1)" = skipped ]
	[ "$(ticket_count)" = 0 ]
}

@test "a deleted ticket is replaced by a new one" {
	bridge_start
	map_three
	event e1
	settle
	admin DELETE "/tickets/$(ticket 0 .id)"
	event e2
	settle
	[ "$(did_of e2)" = created ]
}

@test "a merged ticket is never written to" {
	bridge_start
	map_three
	event e1
	event other --entity user=ben@contoso.com
	settle
	admin POST "/tickets/$(ticket 0 .id)/merge" "{\"into\":$(ticket 1 .id)}"
	event "again" --entity user="$(ticket 0 .initialDescription | grep -o 'anna@contoso.com\|ben@contoso.com' | head -1)"
	settle
	[ "$(did_of again)" = created ]
	[ "$(ticket_count)" = 3 ]
}

@test "a summary of any length is cut at 100 characters, never inside one" {
	bridge_start
	map_three
	event e1 --title "$(printf 'é😀%.0s' $(seq 120))"
	settle
	[ "$(did_of e1)" = created ]
	[ "$(ticket 0 '.summary | length')" -le 100 ]
}

@test "when requests per minute are used up, notes still get their turn" {
	setting delivery.per_minute 120
	bridge_start
	map_three
	for i in 1 2 3 4 5 6 7 8; do event "burst-$i-" --entity user="u$i@contoso.com" >/dev/null; done
	settle
	event "again-" --entity user=u1@contoso.com
	settle
	[ "$(did_of again-)" = noted ]
}
