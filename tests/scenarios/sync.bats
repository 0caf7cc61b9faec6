# The company list.
load bridge_helper

companies() { opb status --json | jq .companies; }

@test "the first start reads all companies, without deleted ones" {
	bridge_start
	[ "$(companies)" -ge 39 ]
	[ "$(opb companies ContosoOld --json | jq '.companies | length')" = 0 ]
	opb companies contoso | grep -q ContosoDental
}

@test "a new company is there after the next sync" {
	bridge_start
	before=$(companies)
	admin POST /companies '{"identifier":"Brandnew","name":"Brand New Ltd"}'
	opb sync
	[ "$(companies)" = $((before + 1)) ]
	opb companies brand | grep -q Brandnew
}

@test "a renamed company keeps its mapping" {
	bridge_start
	map_three
	admin PATCH /companies/101 '{"name":"Contoso International"}'
	opb sync
	opb tenants | grep -q "Contoso International"
}

@test "a company that was deleted without a trace is marked by the full sweep" {
	bridge_start
	map_three
	admin DELETE /companies/101
	opb sync --full
	[ "$(opb tenants --json | jq -r '.tenants[] | select(.domain == "contoso.com") | .company.gone')" = true ]
}

@test "a sweep that would remove more than 10 % is refused until confirmed" {
	bridge_start
	before=$(companies)
	for id in $(opb companies --limit 12 --json | jq '.companies[].id'); do admin DELETE "/companies/$id"; done
	run opb sync --full
	[[ $output == *"would remove"* ]]
	[ "$(companies)" = "$before" ]
	opb sync --full --confirm
	[ "$(companies)" = $((before - 12)) ]
}

@test "the list survives a restart, even when ConnectWise does not" {
	bridge_start
	before=$(companies)
	bridge_stop
	fault shut '*' '*' '"times":0'
	bridge_run
	[ "$(companies)" = "$before" ]
	NO_ORACLE=1
}

@test "extra conditions narrow the list" {
	setting sync.conditions '"identifier=\"Contoso\""'
	bridge_start
	[ "$(companies)" = 1 ]
}

@test "pages without Link headers are followed all the same" {
	setting sync.page_size 7
	fault no_link GET 'company/*' '"times":0'
	bridge_start
	[ "$(companies)" -ge 39 ]
}

@test "20,000 companies sync with bounded memory" {
	connectwise_stop
	rm -f "$DIR/cw/port"
	connectwise_start --companies 20000
	setting connectwise.site "\"localhost:$PORT\""
	WAIT_S=90 bridge_start
	[ "$(companies)" -ge 19990 ]
	[ -n "${BUILD_SANITIZED:-}" ] || [ "$(awk '/VmHWM/ { print $2 }' "/proc/$BRIDGE_PID/status")" -lt 65536 ]
}
