# The local API is what include/API.md says it is.
bats_require_minimum_version 1.5.0
load bridge_helper

# get PATH, call METHOD PATH [JSON]: over the control socket
get() { curl -sS --unix-socket "$DIR/control.sock" "http://x/v1/$1"; }
call() { curl -sS --unix-socket "$DIR/control.sock" -X "$1" "http://x/v1/$2" ${3:+-d "$3"}; }
check_ended() { get check | jq -en 'input.check | .at != null and (.running | not)'; }
told() { get test-alarm | jq -en 'input.check | .at != null and (.running | not)'; }

@test "every member of an answer stands in API.md" {
	setting alarm.hook '"/bin/true"'
	bridge_start
	map_three
	event e1
	event e2 --domain unmapped.example
	settle
	call POST check >/dev/null
	call POST test-alarm >/dev/null
	await "the check to end" check_ended
	await "the test of the contact to end" told
	for path in status events incidents "companies?q=contoso" tenants tenants/unmapped.example/candidates \
		tenants/contoso.com/candidates audit board statuses sync check test-alarm reload; do
		get "$path"
	done >"$DIR/answers"
	get events/e1 | jq 'del(.events[].body)' >>"$DIR/answers"
	call POST tenants '{"tenants":[{"domain":"contoso.com","flow":false},{"domain":"contoso.com"},{"id":"bad"}],"dry_run":true}' >>"$DIR/answers"
	call POST tenants '{"tenants":[{"domain":"contoso.com","flow":false}]}' >>"$DIR/answers"
	call PUT tenants/contoso.com '{"company":101}' >>"$DIR/answers"
	call PUT tenants/contoso.com/flow '{"on":true}' >>"$DIR/answers"
	call DELETE tenants/contoso.com/company >>"$DIR/answers"
	call POST backup "{\"path\":\"$DIR/copy.db\"}" >>"$DIR/answers"
	call POST reload >>"$DIR/answers"
	call POST events/e1/retry >>"$DIR/answers"
	jq -r '[paths | .[] | strings] | unique | .[]' "$DIR/answers" | sort -u >"$DIR/members"
	[ "$(wc -l <"$DIR/members")" -gt 100 ]
	grep -o '"[a-z_]*"' "$ROOT/include/API.md" | tr -d '"' | sort -u >"$DIR/told"
	comm -23 "$DIR/members" "$DIR/told" >"$DIR/missing"
	[ ! -s "$DIR/missing" ] || { cat "$DIR/missing" >&2 && false; }
}
