# A ticket that is poorer by a field is better than none; what cannot be mended is kept as dead.
load bridge_helper

# refuse METHOD PATH FIELD MESSAGE [TIMES]: ConnectWise answers 400 and names the field
refuse() {
	local body
	body=$(jq -cn --arg f "$3" --arg m "$4" '{code: "InvalidObject", message: "object is invalid", errors: [{code: "InvalidField", message: $m, resource: "ticket", field: $f}]} | tojson')
	fault status "$1" "$2" "\"status\":400,\"times\":${5:-1},\"body\":$body"
}

@test "a description that is too long is cut until it is taken, with a warning" {
	bridge_start
	map_three
	refuse POST service/tickets initialDescription "too long" 2
	event e1 --description "$(head -c 20000 /dev/zero | tr '\0' d)"
	settle
	[ "$(did_of e1)" = created ]
	[ "$(ticket 0 '.initialDescription | length')" -le 2000 ]
	logged 'finds a text too long'
}

@test "a note that is too long is cut, and can still be found by its key" {
	bridge_start
	map_three
	event e1
	settle
	refuse POST 'service/tickets/*/notes' text "too long"
	event e2 --description "$(head -c 20000 /dev/zero | tr '\0' d)"
	settle
	[ "$(did_of e2)" = noted ]
	[ "$(ticket 0 '.notes[-1].text | length')" -le 8000 ]
	ticket 0 '.notes[-1].text' | tail -n 1 | grep opbridge:
	NO_ORACLE=1 # the id of e2 was cut away with the rest
}

@test "what ConnectWise refuses for good is dead with the whole reason, and can be retried" {
	bridge_start
	map_three
	refuse POST service/tickets customFields "Something is required"
	event e1
	settle
	[ "$(state_of e1)" = dead ]
	event_of e1 .why | grep customFields
	event_of e1 .why | grep "Something is required"
	opb retry e1
	settle
	[ "$(did_of e1)" = created ]
}

@test "a company that ConnectWise no longer takes holds its events" {
	bridge_start
	map_three
	refuse POST service/tickets company/id "Company 101 not found"
	event e1
	settle
	[ "$(state_of e1)" = held ]
	[ "$(ticket_count)" = 0 ]
}

@test "a refused board leaves the choice to ConnectWise" {
	bridge_start
	map_three
	refuse POST service/tickets board/id "Service Board 21 is inactive"
	event e1
	settle
	[ "$(did_of e1)" = created ]
	logged 'refused the board'
}

@test "a status that was not set in spite of a 200 is noticed" {
	setting ticket.on_resolved '"close"'
	may "Close Service Tickets" '"edit":"All","inquire":"All"'
	bridge_start
	map_three
	event e1
	settle
	fault false_200 PATCH 'service/tickets/*'
	event e2 --state resolved
	settle
	[ "$(state_of e2)" = delivered ]
	logged 'the status is not as asked'
}
