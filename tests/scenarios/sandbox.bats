#!/usr/bin/env bats
# The ConnectWise look-alike is as strict as the original, and each of its faults is as it is told.

load sandbox_helper

setup_file() {
	sandbox_start
}

teardown_file() {
	sandbox_stop
}

setup() {
	sandbox_admin POST /reset >/dev/null
}

# What the last request was answered with.
answered() { # answered STATUS [CODE [PART OF THE BODY]]
	[ "$CW_STATUS" = "$1" ] || { echo "status $CW_STATUS, not $1: $CW_BODY"; return 1; }
	[ -z "${2:-}" ] || has ".code == \"$2\"" || return 1
	[ -z "${3:-}" ] || [[ $CW_BODY == *"$3"* ]] || { echo "no '$3' in: $CW_BODY"; return 1; }
}

has() { # has JQ-EXPRESSION, of the last body
	jq -e "$1" <<<"$CW_BODY" >/dev/null || { echo "not $1: $CW_BODY"; return 1; }
}

header() { # header NAME, of the last reply
	tr -d '\r' <"$CW_HEADERS" | sed -n "s/^$1: *//Ip"
}

knows() { # knows PATH JQ-EXPRESSION, of an admin call
	local reply
	reply=$(sandbox_admin GET "$1")
	jq -e "$2" <<<"$reply" >/dev/null || { echo "not $2: $reply"; return 1; }
}

ticket() { # ticket [MEMBERS]: a new one for company 101; its id in ID
	cw_post service/tickets "{\"summary\":\"A test\",\"company\":{\"id\":101}${1:+,$1}}"
	answered 201
	ID=$(jq .id <<<"$CW_BODY")
}

fails() { # fails COMMAND…; a bare ! would be no failure of the test
	"$@" || return 0
	echo "succeeded: $*"
	return 1
}

arm() { # arm KIND [MEMBERS]
	sandbox_admin POST /fault "{\"kind\":\"$1\"${2:+,$2}}" >/dev/null
}

# -- who is let in ---------------------------------------------------------------------------

@test "companyinfo tells the codebase without keys" {
	cw_send "$SANDBOX_URL/login/companyinfo/acme_test"
	answered 200
	has '.Codebase == "v4_6_release/" and .IsCloud == false'
}

@test "companyinfo may say IsCloud as a string" {
	sandbox_admin POST /config '{"is_cloud":true,"is_cloud_string":true,"codebase":"v2025_1"}'
	cw_send "$SANDBOX_URL/login/companyinfo/acme_test"
	has '.IsCloud == "True" and .Codebase == "v2025_1/" and .VersionCode == "v2025.1"'
}

@test "companyinfo of an unknown company is null" {
	cw_send "$SANDBOX_URL/login/companyinfo/nobody"
	answered 200
	[ "$CW_BODY" = null ]
}

@test "a wrong private key is 401" {
	cw_get service/tickets -u "$CW_COMPANY+$CW_PUBLIC:wrong"
	answered 401 Unauthorized
}

@test "a wrong private key may be 404, as on the cloud" {
	sandbox_admin POST /config '{"auth_failure_status":404}'
	cw_get service/tickets -u "$CW_COMPANY+$CW_PUBLIC:wrong"
	answered 404 ConnectWiseApi
}

@test "no keys at all are 401" {
	cw_send "$SANDBOX_URL/v4_6_release/apis/3.0/service/tickets" -H "clientId: $CW_CLIENT_ID"
	answered 401
}

@test "a wrong company cannot be routed" {
	cw_get service/tickets -u "other+$CW_PUBLIC:$CW_PRIVATE"
	answered 400
	[ "$CW_BODY" = "Cannot route. Codebase/company is invalid" ]
}

@test "a missing clientId is 403" {
	cw_send "$SANDBOX_URL/v4_6_release/apis/3.0/service/tickets" \
		-u "$CW_COMPANY+$CW_PUBLIC:$CW_PRIVATE"
	answered 403 Security
}

@test "a clientId that is no GUID is 403" {
	CW_CLIENT_ID=hello cw_get service/tickets
	answered 403 Security
}

@test "a model version that is not known is 400" {
	cw_get service/tickets -H 'Accept: application/vnd.connectwise.com+json; version=1999.1'
	answered 400 ConnectWiseApi "does not support the API version"
}

@test "every reply names the request and the API's version" {
	cw_get service/tickets
	[[ $(header x-cw-request-id) =~ ^[0-9a-f-]{36}$ ]]
	[ "$(header api-current-version)" = 2026.3 ]
}

@test "a wrong codebase cannot be routed, in plain text" {
	cw_send "$SANDBOX_URL/v2019_1/apis/3.0/service/tickets"
	answered 400
	[ "$CW_BODY" = "Cannot route. Codebase/company is invalid" ]
	[[ $(header content-type) == text/plain* ]]
}

@test "a doubled path cannot be routed" {
	cw_get apis/3.0/service/tickets
	answered 400
	[ "$CW_BODY" = "Cannot route. Codebase/company is invalid" ]
}

@test "an upgrade makes the old codebase unknown, and v4_6_release routes on" {
	local keys=(-u "$CW_COMPANY+$CW_PUBLIC:$CW_PRIVATE" -H "clientId: $CW_CLIENT_ID")
	sandbox_admin POST /config '{"codebase":"v2025_1/","wrong_codebase_status":404}'
	cw_send "$SANDBOX_URL/v2025_1/apis/3.0/service/tickets" "${keys[@]}"
	answered 200
	sandbox_admin POST /config '{"codebase":"v2025_2/"}'
	cw_send "$SANDBOX_URL/v2025_1/apis/3.0/service/tickets" "${keys[@]}"
	answered 404
	cw_get service/tickets
	answered 200
}

@test "an unknown endpoint is 404, another method 405" {
	cw_get service/nothing
	answered 404 ConnectWiseApi "The endpoint does not exist."
	cw_get service/tickets -X PUT -d '{}'
	answered 405
}

@test "a URL above 2000 characters is refused before anything else" {
	cw_get "service/tickets?conditions=$(printf 'x%.0s' {1..2000})"
	answered 400
	[[ $CW_BODY == "<html>"* ]]
}

# -- rights ----------------------------------------------------------------------------------

@test "without the right to inquire companies the list is 403" {
	sandbox_admin POST /role '{"function":"Company Maintenance","inquire":"None"}'
	cw_get company/companies
	answered 403 Security "You do not have security permission to perform this action."
}

@test "the level My shortens the list of companies without a word" {
	cw_get company/companies/count
	has '.count == 40'
	sandbox_admin POST /role '{"function":"Company Maintenance","inquire":"My"}'
	cw_get company/companies/count
	answered 200
	has '.count > 0 and .count < 40'
}

@test "without the right to add tickets a POST is 403 and makes none" {
	sandbox_admin POST /role '{"function":"Service Tickets","add":"None"}'
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	answered 403 Security
	knows /tickets '. == []'
}

@test "without the right to edit tickets PATCH and notes are 403" {
	ticket
	sandbox_admin POST /role '{"function":"Service Tickets","edit":"None"}'
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"summary","value":"y"}]'
	answered 403 Security
	cw_post "service/tickets/$ID/notes" '{"text":"x","internalAnalysisFlag":true}'
	answered 403 Security
}

@test "without table set-up boards are 403, yet their short list is open" {
	sandbox_admin POST /role '{"function":"Table Setup","inquire":"None"}'
	cw_get service/boards
	answered 403 Security
	cw_get service/boards/21/statuses
	answered 403 Security
	cw_get service/info/boards
	answered 200
}

@test "without member maintenance members are 403, and myMembers by setting" {
	sandbox_admin POST /role '{"function":"Member Maintenance","inquire":"None"}'
	cw_get system/apiMembers
	answered 403 Security
	cw_get system/myMembers
	answered 200
	sandbox_admin POST /config '{"my_members_open":false}'
	cw_get system/myMembers
	answered 403 Security
}

@test "a board on the member's blacklist is neither listed nor readable" {
	cw_get service/boards
	has 'all(.id != 23)'
	cw_get service/boards/23/statuses
	answered 403 Security
}

@test "myMembers is one object with the default board" {
	cw_get system/myMembers
	has '.identifier == "OfficeProtect" and .serviceDefaultBoard.id == 21'
	sandbox_admin POST /member '{"default_board":0}'
	cw_get system/myMembers
	has 'has("serviceDefaultBoard") | not'
}

@test "mySecurity shows the role, over more than one page" {
	sandbox_admin POST /role '{"function":"Service Tickets","edit":"My"}'
	cw_get system/mySecurity -G -d pageSize=1000
	has 'length > 25 and any(.moduleFunctionName == "Service Tickets" and .editLevel == "My")'
}

# -- tickets ---------------------------------------------------------------------------------

@test "a ticket without board and status goes to the default board in its default status" {
	ticket '"initialDescription":"What happened"'
	has '.board.id == 21 and .status.id == 501 and .company.identifier == "Contoso"'
	has '.closedFlag == false and (has("initialDescription") | not)'
	cw_get "service/tickets/$ID/notes"
	has 'length == 1 and .[0].text == "What happened" and .[0].detailDescriptionFlag'
}

@test "without a default board a ticket without board is refused" {
	sandbox_admin POST /member '{"default_board":0}'
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	answered 400 InvalidObject
	has '.errors[0].code == "MissingRequiredField" and .errors[0].field == "board/id"'
}

@test "a ticket needs a summary and a company" {
	cw_post service/tickets '{"company":{"id":101}}'
	answered 400 InvalidObject
	has '.errors[0] | .code == "MissingRequiredField" and .field == "summary"'
	cw_post service/tickets '{"summary":"x"}'
	has '.errors[0] | .code == "MissingRequiredField" and .field == "company"'
}

@test "a summary of 100 is taken and one of 101 is not" {
	local hundred
	hundred=$(printf 'é%.0s' {1..100})
	cw_post service/tickets "{\"summary\":\"$hundred\",\"company\":{\"id\":101}}"
	answered 201
	cw_post service/tickets "{\"summary\":\"${hundred}x\",\"company\":{\"id\":101}}"
	answered 400 InvalidObject
	has '.errors[0] | .code == "MaxLengthField" and .field == "summary"'
}

@test "an unknown member is refused" {
	cw_post service/tickets '{"summary":"x","company":{"id":101},"colour":"red"}'
	answered 400 InvalidObject "Could not find member 'colour' on object of type 'Ticket'."
}

@test "members of the wrong type and words outside an enum are refused" {
	cw_post service/tickets '{"summary":7,"company":{"id":101}}'
	answered 400 InvalidObject
	cw_post service/tickets '{"summary":"x","company":{"id":101},"severity":"Enormous"}'
	answered 400 InvalidObject
}

@test "a body that is no JSON, and one that is not called JSON, are refused" {
	cw_post service/tickets '{"summary":'
	answered 400 InvalidObject
	cw_get service/tickets -d '{}' -H 'Content-Type: text/plain'
	answered 415
}

@test "a status of another board is refused" {
	cw_post service/tickets '{"summary":"x","company":{"id":101},"status":{"id":401}}'
	answered 400 InvalidObject "Service Status 401 not found for Service Board 21"
	has '.errors[0] | .code == "NotFound" and .field == "status/id"'
}

@test "an inactive status is refused" {
	cw_post service/tickets '{"summary":"x","company":{"id":101},"status":{"id":506}}'
	answered 400 InvalidObject "Service Status 506 not found"
}

@test "a status made inactive, or removed, is refused from then on" {
	sandbox_admin PATCH /boards/21/statuses/502 '{"inactive":true}'
	cw_post service/tickets '{"summary":"x","company":{"id":101},"status":{"id":502}}'
	answered 400 InvalidObject
	sandbox_admin DELETE /boards/21/statuses/503
	cw_post service/tickets '{"summary":"x","company":{"id":101},"status":{"id":503}}'
	answered 400 InvalidObject
}

@test "an inactive board, an excluded one and an unknown one are refused" {
	for board in 22 23 99; do
		cw_post service/tickets \
			"{\"summary\":\"x\",\"company\":{\"id\":101},\"board\":{\"id\":$board}}"
		answered 400 InvalidObject "Service Board $board not found"
	done
}

@test "an unknown company and a deleted one are refused" {
	cw_post service/tickets '{"summary":"x","company":{"id":100}}'
	answered 400 InvalidObject "Company 100 not found"
	cw_post service/tickets '{"summary":"x","company":{"identifier":"ContosoOld"}}'
	answered 400 InvalidObject "Company ContosoOld not found"
}

@test "a note without a place to show it is refused" {
	ticket
	cw_post "service/tickets/$ID/notes" '{"text":"x"}'
	answered 400 InvalidObject "Please choose where to display the notes"
	cw_post "service/tickets/$ID/notes" '{"text":"x","detailDescriptionFlag":true}'
	answered 201
	has '.text == "x" and .createdBy == "OfficeProtect"'
}

@test "a ticket that is not there is 404" {
	cw_get service/tickets/70001
	answered 404 NotFound "Ticket 70001 not found"
	has 'has("errors") | not'
}

@test "PATCH replaces what it names and answers the whole" {
	ticket
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"summary","value":"New"},
		{"op":"replace","path":"status","value":{"id":502}}]'
	answered 200
	has '.summary == "New" and .status.id == 502 and .company.id == 101'
}

@test "PATCH of a sub-path is a false 200" {
	ticket
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"status/id","value":502}]'
	answered 200
	has '.status.id == 501'
}

@test "PATCH refuses unknown ops, paths in other case, and what is no list" {
	ticket
	cw_patch "service/tickets/$ID" '[{"op":"move","path":"summary","value":"y"}]'
	answered 400 InvalidObject
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"Summary","value":"y"}]'
	answered 400 InvalidObject "Could not find member 'Summary'"
	cw_patch "service/tickets/$ID" '{"summary":"y"}'
	answered 400 InvalidObject
	knows "/tickets/$ID" '.summary == "A test"'
}

@test "PATCH is all or nothing" {
	ticket
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"summary","value":"y"},
		{"op":"replace","path":"status","value":{"id":401}}]'
	answered 400 InvalidObject "Service Status 401 not found for Service Board 21"
	knows "/tickets/$ID" '.summary == "A test"'
}

@test "closing a ticket, and changing a closed one, need their own right" {
	ticket
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"status","value":{"id":505}}]'
	answered 403 Security
	sandbox_admin POST "/tickets/$ID/close"
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"status","value":{"id":501}}]'
	answered 403 Security
	cw_post "service/tickets/$ID/notes" '{"text":"x","internalAnalysisFlag":true}'
	answered 403 Security
	sandbox_admin POST /role '{"function":"Close Service Tickets","edit":"All","inquire":"All"}'
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"status","value":{"id":501}}]'
	answered 200
	has '.closedFlag == false'
}

@test "closedFlag follows the status, and a status called Completed need not close" {
	ticket '"status":{"id":504}'
	has '.status.name == "Completed" and .closedFlag == false'
}

# -- lists -----------------------------------------------------------------------------------

@test "externalXRef finds its ticket" {
	ticket '"externalXRef":"op:7"'
	ticket '"externalXRef":"op:8"'
	cw_get service/tickets -G --data-urlencode 'conditions=externalXRef="op:7"'
	answered 200
	has 'length == 1 and .[0].externalXRef == "op:7"'
}

@test "conditions take and, or, in, like, contains and references" {
	cw_get company/companies -G --data-urlencode \
		'conditions=(name contains "contoso" or identifier like "Fab*") and deletedFlag=false'
	has 'map(.identifier) == ["Contoso", "ContosoDental", "Fabrikam"]'
	cw_get company/companies -G --data-urlencode 'conditions=status/id in (3) and id>101'
	has 'map(.identifier) == ["Woodgrove"]'
}

@test "lastUpdated is a condition although it comes back in _info alone" {
	ticket
	cw_get service/tickets -G --data-urlencode 'conditions=lastUpdated>[2000-01-01T00:00:00Z]'
	has 'length == 1 and .[0]._info.lastUpdated > "2000"'
	cw_get service/tickets -G --data-urlencode 'conditions=lastUpdated>[2900-01-01T00:00:00Z]'
	has '. == []'
}

@test "a condition on an unknown name is ApiFindCondition" {
	cw_get service/tickets -G --data-urlencode 'conditions=colour="red"'
	answered 400 ApiFindCondition "colour is not a recognized name."
}

@test "a condition with a value of the wrong type is ApiFindCondition" {
	cw_get service/tickets -G --data-urlencode 'conditions=closedFlag=1'
	answered 400 ApiFindCondition "Expected a boolean value, not a numeric."
	cw_get service/tickets -G --data-urlencode 'conditions=severity="Odd"'
	answered 400 ApiFindCondition "Enum value supplied was invalid"
}

@test "fields= trims, drops _info, and refuses unknown names" {
	cw_get company/companies -G -d fields=id,status/id -d pageSize=1
	has '. == [{"id": 101, "status": {"id": 1}}]'
	cw_get company/companies -G -d fields=id,colour
	answered 400 InvalidObject "colour is not a recognized name"
}

@test "orderBy orders" {
	cw_get company/companies -G --data-urlencode 'orderBy=id desc' -d pageSize=2
	has '.[0].id > .[1].id'
	cw_get company/companies -G -d orderBy=colour
	answered 400 ApiFindCondition
}

@test "a page holds 25 by default and 1000 at most" {
	sandbox_admin POST /companies/generate '{"count":1000}'
	cw_get company/companies
	has 'length == 25'
	cw_get company/companies -G -d pageSize=5000
	has 'length == 1000'
	cw_get company/companies -G -d pageSize=1000 -d page=9
	has '. == []'
}

@test "Link names the next and the last page, and keeps the query" {
	cw_get company/companies -G -d pageSize=15 --data-urlencode 'conditions=deletedFlag=false'
	[[ $(header link) == *'&page=2>; rel="next", <'*'&page=3>; rel="last"' ]]
	[[ $(header link) == *'conditions=deletedFlag'*'rel="next"'* ]]
	cw_get company/companies -G -d pageSize=15 -d page=2
	[[ $(header link) == *'rel="first"'*'rel="prev"'*'rel="next"'*'rel="last"' ]]
	cw_get company/companies -G -d pageSize=15 -d page=3
	[[ $(header link) == *'rel="first"'*'rel="prev"' ]]
}

@test "forward-only pages go by pageId, and an empty Link ends them" {
	local forward=(-H 'pagination-type: forward-only' -G -d pageSize=30)
	cw_get company/companies "${forward[@]}"
	has 'length == 30'
	[[ $(header link) == *"pageId=$(jq '.[-1].id' <<<"$CW_BODY")>; rel=\"next\"" ]]
	cw_get company/companies "${forward[@]}" -d "pageId=$(jq '.[-1].id' <<<"$CW_BODY")"
	has 'length == 10'
	grep -qi '^link: *.$' "$CW_HEADERS"
}

@test "forward-only forbids orderBy" {
	cw_get company/companies -H 'pagination-type: forward-only' -G -d orderBy=id
	answered 400 ApiFindCondition
}

@test "a search in a body and a count take the same conditions" {
	ticket '"externalXRef":"op:9"'
	cw_post service/tickets/search '{"conditions":"externalXRef=\"op:9\""}'
	answered 200
	has 'length == 1'
	cw_get service/tickets/count -G --data-urlencode 'conditions=externalXRef="op:8"'
	has '.count == 0'
}

# -- what people do meanwhile ----------------------------------------------------------------

@test "a technician closes, reopens, moves and edits a ticket" {
	ticket '"externalXRef":"op:1"'
	sandbox_admin POST "/tickets/$ID/close"
	cw_get "service/tickets/$ID"
	has '.closedFlag and .status.id == 505 and .closedBy == "jdoe"'
	sandbox_admin POST "/tickets/$ID/reopen"
	sandbox_admin POST "/tickets/$ID/move" '{"board":20,"company":108}'
	sandbox_admin PATCH "/tickets/$ID" '{"externalXRef":""}'
	cw_get "service/tickets/$ID"
	has '.closedFlag == false and .board.id == 20 and .status.id == 401 and .company.id == 108'
	has 'has("externalXRef") | not'
}

@test "a deleted ticket is 404 until it is back" {
	ticket
	sandbox_admin DELETE "/tickets/$ID"
	cw_get "service/tickets/$ID"
	answered 404 NotFound
	sandbox_admin POST "/tickets/$ID/undelete"
	cw_get "service/tickets/$ID"
	answered 200
}

@test "a merged ticket is closed and points at the one that goes on" {
	ticket
	local first=$ID
	ticket
	sandbox_admin POST "/tickets/$first/merge" "{\"into\":$ID}"
	cw_get "service/tickets/$first"
	has ".closedFlag and .mergedParentTicket.id == $ID"
	cw_get "service/tickets/$ID"
	has '.hasMergedChildTicketFlag'
}

@test "a company is renamed, deleted and brought back" {
	sandbox_admin PATCH /companies/101 '{"name":"Contoso Group","deleted":true}'
	cw_get company/companies/101
	has '.name == "Contoso Group" and .deletedFlag and .dateDeleted'
	sandbox_admin PATCH /companies/101 '{"deleted":false}'
	cw_get company/companies/101
	has '.deletedFlag == false'
	sandbox_admin DELETE /companies/101
	cw_get company/companies/101
	answered 404 NotFound
}

@test "a new status may become the default" {
	sandbox_admin POST /boards/21/statuses '{"id":510,"name":"Triage","default":true}'
	ticket
	has '.status.id == 510'
}

@test "a new ticket may stay out of the next lists" {
	sandbox_admin POST /config '{"search_lag_reads":2}'
	ticket
	cw_get service/tickets
	has '. == []'
	cw_get service/tickets
	has '. == []'
	cw_get service/tickets
	has 'length == 1'
}

@test "a new ticket may stay out of lists for a time, and can be read by its id" {
	sandbox_admin POST /config '{"search_lag_ms":60000}'
	ticket
	cw_get service/tickets
	has '. == []'
	cw_get "service/tickets/$ID"
	answered 200
}

@test "latency holds each reply back" {
	sandbox_admin POST /config '{"latency_ms":300}'
	fails cw_get service/tickets -m 0.1
	[ "$CW_EXIT" = 28 ]
}

@test "requests are listed and counted, without the keys" {
	ticket
	cw_get service/tickets -u "$CW_COMPANY+$CW_PUBLIC:wrong"
	knows /counts '."POST service/tickets" == 1 and ."GET service/tickets" == 1'
	knows '/requests' 'map(.auth) == ["ok", "bad"] and .[0].status == 201'
	sandbox_admin GET /requests >"$SANDBOX_DIR/requests"
	grep -q userAgent "$SANDBOX_DIR/requests"
	fails grep -q "$CW_PRIVATE" "$SANDBOX_DIR/requests"
	fails grep -q "$CW_PRIVATE" "$SANDBOX_DIR/log"
	local last
	last=$(sandbox_admin GET /requests | jq '.[-1].seq')
	knows "/requests?since=$last" '. == []'
}

@test "an admin call that makes no sense is refused and changes nothing" {
	fails sandbox_admin POST /config '{"latency_ms":5,"colour":"red"}'
	fails sandbox_admin POST /fault '{"kind":"storm"}'
	fails sandbox_admin POST /role '{"function":"Service Tickets","add":"Some"}'
	fails sandbox_admin POST /nothing
	knows /config '.latency_ms == 0'
}

# -- faults ----------------------------------------------------------------------------------

@test "fault status: what it says, for so many matching requests after so many" {
	arm status '"status":503,"retry_after":7,"path":"service/*","after":1,"times":2'
	cw_get service/tickets
	answered 200
	cw_get company/companies
	answered 200
	cw_get service/tickets
	answered 503
	[ "$(header retry-after)" = 7 ]
	cw_get service/tickets
	answered 503
	cw_get service/tickets
	answered 200
	knows /fault '.[0] | .spent and .hits == 2 and .seen == 3'
}

@test "fault status does not carry the request out, unless told" {
	arm status '"status":500,"method":"POST"'
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	answered 500 ConnectWiseApi
	knows /tickets '. == []'
	arm status '"status":500,"method":"POST","commit":true'
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	answered 500
	knows /tickets 'length == 1'
}

@test "fault rate_limit: 429 with error instead of code, and Retry-After" {
	arm rate_limit '"retry_after":12'
	cw_get service/tickets
	answered 429
	has '.error == "ConnectWiseAPI" and (has("code") | not) and (.message | contains("12 seconds"))'
	[ "$(header retry-after)" = 12 ]
}

@test "fault hang: no answer, and nothing is carried out" {
	arm hang
	fails cw_post service/tickets '{"summary":"x","company":{"id":101}}' -m 0.3
	[ "$CW_EXIT" = 28 ]
	[ "$CW_STATUS" = 000 ]
	knows /tickets '. == []'
}

@test "fault hang with commit: the ticket is there although nobody said so" {
	arm hang '"commit":true'
	fails cw_post service/tickets '{"summary":"x","company":{"id":101}}' -m 0.3
	knows /tickets 'length == 1'
}

@test "fault hang with late: the ticket comes after the client has gone" {
	local i
	arm hang '"commit":true,"late":true,"delay_ms":400'
	fails cw_post service/tickets '{"summary":"x","company":{"id":101}}' -m 0.1
	knows /tickets '. == []'
	for ((i = 0; i < 100; i++)); do
		[ "$(sandbox_admin GET /tickets)" = '[]' ] || break
		sleep 0.02
	done
	knows /tickets 'length == 1'
}

@test "fault delay: carried out at once, answered later" {
	arm delay '"delay_ms":300'
	fails cw_post service/tickets '{"summary":"x","company":{"id":101}}' -m 0.1
	knows /tickets 'length == 1'
	arm delay '"delay_ms":50'
	cw_get service/tickets
	answered 200
}

@test "fault drip: the body byte by byte" {
	arm drip '"delay_ms":5,"path":"*/count"'
	cw_get company/companies/count -w '%{http_code}'
	answered 200
	has '.count == 40'
	arm drip '"delay_ms":400'
	fails cw_get company/companies/count -m 0.6
	[ "$CW_EXIT" = 28 ]
	[ "$CW_STATUS" = 200 ]
}

@test "fault drop_before_commit: no answer and no ticket" {
	arm drop_before_commit
	fails cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	[ "$CW_EXIT" = 52 ]
	knows /tickets '. == []'
	knows /requests '.[0].status == 0 and .[0].fault == "drop_before_commit"'
}

@test "fault drop_after_commit: no answer and a ticket" {
	arm drop_after_commit
	fails cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	[ "$CW_EXIT" = 52 ]
	knows /tickets 'length == 1'
}

@test "a dropped connection ends its TLS session, or does not" {
	arm drop_after_commit
	run tls_answer
	[ "$status" = 0 ]
	arm drop_after_commit '"close_notify":false'
	run tls_answer
	[ "$status" = 1 ]
	[[ $output == *"unexpected eof"* ]]
}

tls_answer() {
	printf 'GET /login/companyinfo/acme_test HTTP/1.1\r\nHost: localhost\r\n\r\n' |
		timeout 5 openssl s_client -quiet -ign_eof -connect "localhost:$SANDBOX_PORT" \
			-CAfile "$SANDBOX_DIR/ca.pem" 2>&1
}

@test "fault reset_after_commit: a reset and a ticket" {
	arm reset_after_commit
	fails cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	[ "$CW_EXIT" = 56 ]
	grep -qi reset "$SANDBOX_DIR/curl"
	knows /tickets 'length == 1'
}

@test "fault reply_500_after_commit: 500 and a ticket" {
	arm reply_500_after_commit
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	answered 500 ConnectWiseApi "A timeout has occured"
	knows /tickets 'length == 1'
}

@test "fault bad_json: 201 with what is no JSON" {
	arm bad_json
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	answered 201
	fails jq . <<<"$CW_BODY"
	knows /tickets 'length == 1'
}

@test "fault truncated: half of what was promised" {
	arm truncated
	fails cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	[ "$CW_EXIT" = 18 ]
	[ "$CW_STATUS" = 201 ]
	[ "$((${#CW_BODY} * 2))" -le "$(header content-length)" ]
	knows /tickets 'length == 1'
}

@test "fault empty_201: a ticket, and a reply without its id" {
	arm empty_201
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	answered 201
	[ -z "$CW_BODY" ]
	knows /tickets 'length == 1'
}

@test "fault wrong_types: members of other types" {
	arm wrong_types
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	answered 201
	has '(.id | type) == "string" and (.summary | type) == "number" and (.company | type) == "string"'
	arm wrong_types '"id":-5'
	cw_post service/tickets '{"summary":"x","company":{"id":101}}'
	has '.id == -5 and .summary == "x"'
}

@test "fault huge: more than anybody wants" {
	arm huge '"mib":2'
	cw_get company/companies >/dev/null
	answered 200
	[ "${#CW_BODY}" = 2097152 ]
	[[ $CW_BODY == "[ "*" ]" ]]
}

@test "fault html: a proxy's page" {
	arm html '"status":503'
	cw_get service/tickets
	answered 503
	[[ $CW_BODY == "<!DOCTYPE html>"* ]]
	[[ $(header content-type) == text/html* ]]
}

@test "fault redirect: elsewhere" {
	arm redirect '"location":"https://elsewhere.invalid/"'
	cw_get service/tickets
	answered 302
	[ "$(header location)" = https://elsewhere.invalid/ ]
}

@test "fault false_200: all seems well and nothing changed" {
	ticket
	arm false_200 '"method":"PATCH"'
	cw_patch "service/tickets/$ID" '[{"op":"replace","path":"summary","value":"y"}]'
	answered 200
	has '.summary == "A test"'
	knows "/tickets/$ID" '.summary == "A test"'
}

@test "fault no_link: a list without its header" {
	arm no_link
	cw_get company/companies -H 'pagination-type: forward-only'
	answered 200
	fails grep -qi '^link' "$CW_HEADERS"
}

@test "fault close_idle: the next request on the connection meets its end" {
	arm close_idle
	cw_get service/tickets
	answered 200
	sandbox_admin POST /reset
	arm close_idle
	# two requests of one curl share a connection; the second is sent again on a new one
	cw_get service/tickets --next -sS --cacert "$SANDBOX_DIR/ca.pem" -o /dev/null \
		-u "$CW_COMPANY+$CW_PUBLIC:$CW_PRIVATE" -H "clientId: $CW_CLIENT_ID" \
		"$SANDBOX_URL/v4_6_release/apis/3.0/service/tickets"
	knows /requests 'map(.status) == [200, 0, 200]'
}

@test "fault shut: nobody listens, until it is cleared" {
	arm shut
	fails cw_get service/tickets
	[ "$CW_EXIT" = 7 ]
	sandbox_admin DELETE /fault
	cw_get service/tickets
	answered 200
}

@test "a certificate of another host, an expired one and one of an unknown CA" {
	local kind
	for kind in cert_bad_host cert_expired cert_unknown_ca; do
		arm "$kind"
		fails cw_get service/tickets
		[ "$CW_EXIT" = 60 ]
		sandbox_admin DELETE /fault
	done
	cw_get service/tickets
	answered 200
}

@test "a fault that contradicts itself is refused" {
	fails sandbox_admin POST /fault '{"kind":"delay","commit":false}'
	fails sandbox_admin POST /fault '{"kind":"status","status":99}'
	fails sandbox_admin POST /fault '{"kind":"hang","colour":"red"}'
	knows /fault '. == []'
}

# -- start and end ---------------------------------------------------------------------------

@test "options that make no sense end it with the usage" {
	run "$SANDBOX_BIN" --port 70000 --dir "$SANDBOX_DIR"
	[ "$status" = 1 ]
	[[ $output == usage:* ]]
	run "$SANDBOX_BIN"
	[ "$status" = 1 ]
}

@test "with --cloud the codebase has a version, and --companies says how many" {
	run cloud_of_its_own
	[ "$status" = 0 ]
	[[ $output == *'"Codebase":"v2025_1/"'*'"IsCloud":"True"'*'{"count":3}'* ]]
}

cloud_of_its_own() {
	sandbox_start --cloud --iscloud-string --companies 3
	cw_send "$SANDBOX_URL/login/companyinfo/acme_test"
	cw_get company/companies/count
	local dir=$SANDBOX_DIR
	sandbox_stop && [ ! -e "$dir" ]
}
