# Which company is this tenant? Suggestions, the walk on a terminal, and what is mapped without one.
load bridge_helper
bats_require_minimum_version 1.5.0

candidates() { curl -sS --unix-socket "$DIR/control.sock" "http://x/v1/tenants/$1/candidates"; }
tenant_of() { opb tenants --json | jq -c --arg d "$1" '.tenants[] | select(.domain == $d)'; }
company_of() { tenant_of "$1" | jq -r '.company.id // "none"'; }
# typing LINE... -- COMMAND...: on a terminal of 100 columns, with these lines typed; no carriage returns
typing() {
	: >"$DIR/typed"
	while [ "$1" != -- ]; do
		printf '%s\n' "$1" >>"$DIR/typed"
		shift
	done
	shift
	OPBRIDGE_CONTROL_SOCKET="$DIR/control.sock" TERM=xterm timeout 30 script -qec \
		"stty cols 100; $(printf '%q ' "$BIN/opbridge" --no-color "$@")" /dev/null <"$DIR/typed" | tr -d '\r'
}
says() { [[ $output == *"$1"* ]] || { echo "no '$1' in: $output" >&2 && return 1; }; }
# events N [OPTION...]: that many incidents of contoso.com
events() {
	local i
	for ((i = 0; i < $1; i++)); do
		printf '{"id":"m%d","tenant":{"domain":"contoso.com"},"type":"Too Many Logins","entities":{"user":"u%d@contoso.com"}}\n' "$i" "$i"
	done | opb submit --quiet
}

@test "candidates: the best first, each with its reasons, one certain" {
	bridge_start
	event e1
	candidates contoso.com >"$DIR/a"
	[ "$(jq -r '.candidates[0] | "\(.company.id) \(.certain) \(.ambiguous) \(.reasons[0].reason) \(.doubt)"' "$DIR/a")" = "101 true false domain null" ]
	[ "$(jq '.candidates[0].confidence >= 90 and .companies >= 38 and .held_since != null and .expires_at > .held_since' "$DIR/a")" = true ]
	[ "$(jq -r '[.candidates[1:][] | select(.certain)] | length' "$DIR/a")" = 0 ]
	jq -e '.candidates[] | select(.company.identifier == "ContosoDental") | .doubt.doubt == "not_exact"' "$DIR/a"
	[ "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$DIR/control.sock" http://x/v1/tenants/nobody.example/candidates)" = 404 ]
	[ "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$DIR/events.sock" http://x/v1/tenants/contoso.com/candidates)" = 403 ]
}

@test "the walk: a number maps and says what was released; Enter alone does nothing" {
	bridge_start
	event e1
	event e2 --entity user=ben@contoso.com
	run typing '' '?' 7 x 1 -- map
	says "contoso.com"
	says "1  Contoso Ltd (101), https://www.contoso.com: 96%, certain"
	says "its website is the tenant's domain, contoso.com"
	says "Enter alone does nothing"
	says "There is no number 7 here"
	says "'x' is none of the keys"
	says "is mapped to Contoso Ltd (id 101). Held events released: 2."
	says "Mapped: 1; flow turned off: 0; without a company: 0."
	settle
	[ "$(ticket_count)" = 2 ]
	run typing -- map
	says "Every tenant has a company"
}

@test "the walk: most held events first; n leaves one, s searches, o turns the flow off, q stops" {
	bridge_start
	event e1
	event f1 --domain fabrikam.com
	event f2 --domain fabrikam.com --entity user=ben@fabrikam.com
	event w1 --domain wingtip.example --name "Somebody Else"
	event x1 --domain unrelated.example
	run typing n 's' 's wingtip toys' 's nobody knows them' 's WingtipFR' 1 o n o y q -- map
	[ "$status" = 0 ]
	says "4 tenants have no company"
	[[ $output == *"1 of 4"*fabrikam.com*"2 of 4"* ]]
	says "s needs a text"
	says "No company matches 'nobody knows them'"
	says "get no ticket then"
	[ "$(company_of fabrikam.com)" = none ]
	[ "$(opb tenants --json | jq '[.tenants[] | select(.company.identifier == "WingtipFR")] | length')" = 1 ]
	[ "$(opb tenants --json | jq '[.tenants[] | select(.flow | not)] | length')" = 1 ]
	says "Mapped: 1; flow turned off: 1; without a company: 2."
}

@test "the walk: a company that looks inactive must be confirmed, one that is or is gone cannot be chosen" {
	bridge_start
	admin PATCH /companies/101 '{"status":"Inactive"}'
	opb sync --full
	event e1
	run typing 1 q -- map
	says "no customer any more"
	says "Contoso Ltd is inactive in ConnectWise: no ticket"
	says "without a company: 1"
	setting sync.inactive_statuses '"Cancelled"'
	bridge_reload
	opb sync --full
	run typing 1 '' q -- map
	says "Map it all the same? [y/N]"
	[ "$(company_of contoso.com)" = none ]
	admin PATCH /companies/101 '{"deleted":true}'
	opb sync --full
	run typing 's Contoso Ltd' q -- map contoso.com
	says "No company matches"
	candidates contoso.com | jq -en 'input | .candidates[] | select(.company.id == 101) | .doubt.doubt == "gone" and (.certain | not)'
	number=$(candidates contoso.com | jq '[.candidates[].company.id] | index(101) + 1')
	run typing "$number" q -- map contoso.com
	says "no longer in ConnectWise: no ticket"
	[ "$(company_of contoso.com)" = none ]
}

@test "the walk ends with its input, and maps nothing then" {
	bridge_start
	event e1
	run typing -- map
	[ "$status" = 0 ]
	says "without a company: 1"
	[ "$(company_of contoso.com)" = none ]
}

@test "without a terminal: exit 64 and what to do" {
	bridge_start
	event e1
	run -64 opb map
	says "opbridge map TENANT COMPANY"
	run -64 opb map --auto
	says "--auto --dry-run"
	[ "$(company_of contoso.com)" = none ]
	opb map contoso.com --json | jq -en 'input | .candidates[0].company.id == 101'
}

@test "--auto maps what is certain, leaves out the rest and says why" {
	bridge_start
	event e1
	event f1 --domain fabrikam.com --name "Fabrikam"
	event n1 --domain nobody.example --name "Nobody Knows Them"
	event n2 --domain contoso.onmicrosoft.com --name "Contoso Holdings"
	run opb map --auto --dry-run
	[ "$status" = 0 ]
	says "Contoso Ltd"
	says "no company resembles it"
	[ "$(company_of contoso.com)" = none ]
	opb map --auto --dry-run --json | jq -en 'input | (.certain | length) == 2 and (.left_out | length) == 2 and (.mapped | length) == 0'
	run typing n -- map --auto
	says "Map these 2? Held events that are released: 2."
	says "Nothing was changed."
	[ "$(company_of contoso.com)" = none ]
	run typing y -- map --auto
	says "Held events released: 1."
	[ "$(company_of contoso.com)" = 101 ]
	[ "$(company_of fabrikam.com)" = 113 ]
	[ "$(company_of contoso.onmicrosoft.com)" = none ]
	settle
	[ "$(ticket_count)" = 2 ]
	run opb map --auto --yes
	says "No tenant without a company has a certain one."
}

@test "--auto never undoes what a person decided" {
	bridge_start
	opb map contoso.com Contoso
	opb unmap contoso.com
	opb map fabrikam.com Contoso
	event w1 --domain wingtiptoys.fr --name "Wingtip Toys SARL"
	opb flow wingtiptoys.fr off
	run opb map --auto --yes
	[ "$status" = 0 ]
	says "taken away by"
	says "its flow is off"
	[ "$(company_of contoso.com)" = none ]
	[ "$(company_of fabrikam.com)" = 101 ]
	[ "$(company_of wingtiptoys.fr)" = none ]
	run -22 curl -sf --unix-socket "$DIR/control.sock" -X PUT -d '{"company":101,"only_new":true}' http://x/v1/tenants/contoso.com
	[ "$(company_of contoso.com)" = none ]
}

@test "--auto leaves out a company that another tenant has, or would get too" {
	bridge_start
	opb map 'other.example' Contoso
	event e1
	event f1 --domain fabrikam.com
	event f2 --domain fabrikam.onmicrosoft.com --name "Fabrikam, Inc."
	run opb map --auto --yes
	says "has a tenant already: other.example"
	says "would get another tenant too"
	[ "$(opb tenants --json | jq '[.tenants[] | select(.company != null)] | length')" = 1 ]
}

@test "more than 20 held events are released only after a question, or with --yes" {
	bridge_start
	events 21
	run -64 opb map contoso.com Contoso
	says "21 held events"
	says "--yes"
	[ "$(company_of contoso.com)" = none ]
	run typing '' -- map contoso.com Contoso
	says "21 held events are released, and each can become a ticket. Map it? [y/N]"
	says "Nothing was changed."
	[ "$(company_of contoso.com)" = none ]
	run typing 1 y -- map contoso.com
	says "Held events released: 21."
	[ "$(company_of contoso.com)" = 101 ]
	NO_ORACLE=1 # more than ConnectWise is given the time for here
}

@test "20 held events need no question; --yes asks none for more" {
	bridge_start
	connectwise_stop # so that none of them is delivered
	events 20
	opb map contoso.com Contoso
	opb unmap contoso.com
	[ "$(tenant_of contoso.com | jq .held)" -ge 16 ] # some may be under way
	events 60
	run -64 opb map contoso.com Contoso
	opb map --yes contoso.com Contoso
	[ "$(company_of contoso.com)" = 101 ]
	NO_ORACLE=1
}

@test "what was held for too long is not released by a mapping but expires, and the answer says so" {
	bridge_start
	event old --entity user=old@contoso.com
	setting delivery.hold_max_age '"1s"' # the daemon looks once a minute: not before the mapping
	bridge_reload
	await "the event to be too old" old_enough
	event new --entity user=new@contoso.com
	run opb map contoso.com Contoso
	says "Held events released: 1."
	says "expired and get no ticket: 1. To bring one back: opbridge retry ID"
	settle
	[ "$(state_of old)" = expired ]
	[ "$(state_of new)" = delivered ]
	[ "$(ticket_count)" = 1 ]
	logged 'event expired'
	opb retry old
	settle
	[ "$(state_of old)" = delivered ]
}
old_enough() { candidates contoso.com | jq -en 'input | (.expires_at | sub("[.][0-9]+Z"; "Z") | fromdate) + 1 <= now'; }

@test "the id of a company that is gone, or of none, names no company that has that number as its identifier" {
	admin POST /companies '{"identifier":"101","name":"Numeric Ltd","id":9001}' >/dev/null
	admin POST /companies '{"identifier":"77001","name":"Other Numbers Ltd","id":9002}' >/dev/null
	admin PATCH /companies/101 '{"deleted":true}' >/dev/null
	bridge_start
	opb sync --full
	for company in 101 77001; do
		run curl -sS --unix-socket "$DIR/control.sock" -X PUT -d "{\"company\":$company}" http://x/v1/tenants/contoso.com
		[[ $output == *'"status":4'* ]]
	done
	admin PATCH /companies/101 '{"deleted":false}' >/dev/null
	opb sync --full
	admin PATCH /companies/101 '{"deleted":true}' >/dev/null
	opb sync --full
	run opb map contoso.com 101
	[ "$status" -ne 0 ]
	[[ $output == *"is gone from ConnectWise"* ]]
	opb map contoso.com 77001 | grep 'Other Numbers Ltd'
}

@test "a slip of the finger is seen: a tenant that nobody knew, and a mapping that is replaced" {
	bridge_start
	run opb map contosso.com Contoso
	says "It is new: no event has named it so far"
	run opb map contosso.com Fabrikam
	says "Until now it was mapped to Contoso Ltd (id 101)"
	event e1
	run opb map contoso.com Contoso
	[[ $output != *"It is new"* ]]
	[[ $output != *"Until now"* ]]
}
