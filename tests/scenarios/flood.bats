# A tenant in a storm: it gets no more tickets than its limit, loses nothing, and holds up nobody.
load bridge_helper

storm() { # storm FIRST LAST [DOMAIN]: as many incidents
	seq "$1" "$2" | jq -c --arg d "${3:-contoso.com}" '{id: "storm-\(.)-", tenant: {domain: $d}, type: "Too Many Logins", title: "Storm \(.)", entities: {user: "u\(.)@\($d)"}}' | opb submit --quiet
}

@test "beyond the limit of new tickets further incidents share one roll-up ticket that names each" {
	setting delivery.flood_limit 5
	setting delivery.slots 1
	bridge_start
	map_three
	storm 1 20
	settle
	[ "$(ticket_count)" = 6 ]
	[ "$(account delivered)" = 20 ]
	tickets | jq -r '.[] | select(.summary | contains("further incidents")) | [.initialDescription, .notes[].text] | join("\n")' | grep -o 'storm-[0-9]*-' | sort -u | wc -l | grep -x 15
	logged 'over its limit'
	opb status | grep -i 'limit of new tickets'
}

@test "the end of a rolled-up incident is written into the roll-up" {
	setting delivery.flood_limit 1
	setting delivery.slots 1
	bridge_start
	map_three
	storm 1 3
	settle
	[ "$(ticket_count)" = 2 ]
	opb submit --id ended-1 --domain contoso.com --type "Too Many Logins" --state resolved --entity user=u3@contoso.com
	settle
	[ "$(state_of ended-1)" = delivered ]
	[ "$(ticket_count)" = 2 ]
}

@test "other tenants are not touched by it" {
	setting delivery.flood_limit 2
	bridge_start
	map_three
	storm 1 10
	event f1 --domain fabrikam.com
	settle
	[ "$(did_of f1)" = created ]
}

@test "without a limit every incident gets its ticket" {
	setting delivery.flood_limit 0
	bridge_start
	map_three
	storm 1 40
	settle
	[ "$(ticket_count)" = 40 ]
}

@test "tenants take turns: one event of a quiet tenant does not wait for a storm to end" {
	setting delivery.flood_limit 0
	setting delivery.slots 1
	bridge_start
	map_three
	fault delay POST service/tickets '"delay_ms":40,"times":0'
	storm 1 60
	event quiet --domain fabrikam.com
	await "the quiet tenant's event" delivered_quiet
	[ "$(account queued)" -gt 10 ]
	settle
}
delivered_quiet() { [ "$(state_of quiet)" = delivered ]; }

@test "queued events expire only if an age is set, each with a log line" {
	setting delivery.queue_max_age '"1s"'
	bridge_start
	map_three
	fault shut '*' '*' '"times":0'
	event e1
	await "the event to expire" expired_e1
	logged 'event expired'
	fault_gone
}
expired_e1() { [ "$(state_of e1)" = expired ]; }
