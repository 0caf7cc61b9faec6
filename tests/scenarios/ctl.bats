#!/usr/bin/env bats
# The opbridge command alone, against a stand-in that answers from files.
# shellcheck disable=SC2034,SC2154

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
BIN=$ROOT/${BUILD:-build}

setup() {
	DIR=$(mktemp -d "${TMPDIR:-/tmp}/opbridge-ctl.XXXXXX")
	export OPBRIDGE_SOCKET=$DIR/sock OPBRIDGE_CONTROL_SOCKET=$DIR/sock TZ=UTC LC_ALL=C
	unset NO_COLOR
	: >"$DIR/requests"
	: >"$DIR/bodies"
	bash "$ROOT/tests/ctl/fake_daemon.sh" "$DIR" 2>"$DIR/log" 3>&- &
	DAEMON_PID=$!
	await test -S "$DIR/sock"
}

teardown() {
	kill "$DAEMON_PID"
	wait "$DAEMON_PID" || true
	rm -rf "$DIR"
}

await() { # await COMMAND…: until it succeeds, 10 s at most
	local end=$((SECONDS + 10))
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || { echo "waited in vain for: $*" >&2 && return 1; }
		sleep 0.02
	done
}
opb() { "$BIN/opbridge" "$@"; }
sanitized() { nm "$BIN/opbridge" | grep -q __asan_init; }
reply() { # reply NAME STATUS…: the body from standard input
	{ echo "${*:2}" && cat; } >"$DIR/$1"
}
exits() { # exits STATUS COMMAND…: and its output is in $output
	local want=$1
	shift
	run "$@"
	[ "$status" = "$want" ] || { echo "exit $status, not $want: $output" >&2 && return 1; }
}
says() { [[ $output == *"$1"* ]] || { echo "no '$1' in: $output" >&2 && return 1; }; }
on_terminal() { # on_terminal COLUMNS COMMAND…: as a person would see it; carriage returns removed
	local columns=$1
	shift
	TERM=xterm script -qec "stty cols $columns; $(printf '%q ' "$@")" /dev/null </dev/null | tr -d '\r'
}

# ==== usage ====

@test "no arguments: the overview on stderr, exit 64" {
	exits 64 opb
	says "usage: opbridge"
	[ -z "$(opb 2>/dev/null)" ]
}

@test "usage errors say what is wrong and what to do, and ask the daemon nothing" {
	exits 64 opb evnts
	says "did you mean 'events'?"
	exits 64 opb --limit 3 events
	says "--limit is no option that may stand before a command"
	exits 64 opb events --frobnicate
	says "--frobnicate is no option of 'events'; see: opbridge help events"
	exits 64 opb map contoso.com
	says "opbridge map TENANT COMPANY"
	exits 64 opb map
	says "nobody to choose"
	exits 64 opb map --auto contoso.com
	exits 64 opb map --dry-run
	exits 64 opb map --auto
	says "--auto --yes"
	exits 64 opb map --name N
	exits 64 opb map --yes
	exits 64 opb unmap a b
	says "'b' is one word too many"
	exits 64 opb events --limit
	says "--limit needs a value"
	exits 64 opb status --json=1
	says "--json takes no value"
	for bad in 0 501 -1 x 1x '' 99999999999999999999; do
		exits 64 opb events --limit "$bad"
		says "whole number of 1 to 500"
	done
	exits 64 opb flow contoso.com maybe
	says "'on' or 'off'"
	exits 64 opb submit --wait soon
	exits 64 opb help nonsense
	exits 64 opb status --socket "$(printf '%0120d' 0)"
	says "too long"
	[ ! -s "$DIR/requests" ]
}

@test "every command has a page with its usage and an example" {
	opb help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' >"$DIR/names"
	[ "$(wc -l <"$DIR/names")" = 21 ]
	while read -r name; do
		exits 0 opb "$name" --help
		says "usage: opbridge $name"
		says "example"
		says "opbridge $name"
		[ "$output" = "$(opb help "$name")" ]
	done <"$DIR/names"
}

@test "the overview is in groups, and fits a terminal of 80 columns" {
	script -qec "stty cols 80; '$BIN/opbridge' --no-color help" /dev/null | tr -d '\r' >"$DIR/help"
	[ "$(LC_ALL=C.UTF-8 awk '{ if (length($0) > n) n = length($0) } END { print n }' "$DIR/help")" -le 80 ]
	# each heading has commands below it, and no command stands without one
	awk '/^[a-z]/ { heading = $0 } /^  [a-z]/ { n[heading]++ } END { exit length(n) != 5 || n["the daemon"] != 4 }' "$DIR/help"
}

@test "the manual page names every command and option" {
	page=$ROOT/daemon/man/opbridge.1
	while read -r name; do
		grep -qE "Cm $name( |\$)" "$page" || { echo "no $name" >&2 && return 1; }
		opb help "$name" | sed -n 's/^  --\([a-z-]*\).*/\1/p' >"$DIR/options"
		while read -r option; do
			grep -qE "Fl -$option( |\$)" "$page" || { echo "no --$option" >&2 && return 1; }
		done <"$DIR/options"
	done < <(opb help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')
	[ -s "$DIR/options" ]
}

@test "the version; words after -- are no options; output that cannot be written is exit 74" {
	exits 0 opb --version
	[[ $output =~ ^opbridge\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	exits 66 opb event -- --help
	grep -qx "GET /v1/events/--help" "$DIR/requests"
	# shellcheck disable=SC2016
	exits 74 bash -c '"$0" help >/dev/full' "$BIN/opbridge"
}

# ==== failures ====

@test "no daemon is exit 69, with the socket and the remedy" {
	exits 69 opb status --socket "$DIR/none"
	says "$DIR/none"
	says "systemctl status opbridged"
	exits 69 opb submit --socket "$DIR/none" --id e --domain d.com --type T
	exits 69 env OPBRIDGE_CONTROL_SOCKET="$DIR/none" "$BIN/opbridge" status
	exits 69 env OPBRIDGE_SOCKET="$DIR/none" "$BIN/opbridge" event e1
}

@test "a socket one may not use is exit 77, with the group to join" {
	[ "$(id -u)" = 0 ] || skip "needs root, to become nobody"
	chmod 755 "$DIR"
	chmod 600 "$DIR/sock"
	cp "$BIN/opbridge" "$DIR/opbridge"
	exits 77 setpriv --reuid=65534 --regid=65534 --clear-groups "$DIR/opbridge" event e1
	says "usermod -aG opbridge"
}

@test "each refusal has its exit code, and its reason is shown" {
	while read -r name http code command; do
		reply "$name" "$http" <<<'{"title":"T","detail":"the reason"}'
		# shellcheck disable=SC2086
		exits "$code" opb $command
		[ "$output" = "opbridge: the reason" ] || { echo "$command: $output" >&2 && return 1; }
	done <<-EOF
		GET_v1_status 403 77 status
		GET_v1_status 500 69 status
		GET_v1_status 503 75 status
		GET_v1_status 405 76 status
		GET_v1_events_e1 404 66 event e1
		GET_v1_companies 400 65 companies x
		POST_v1_events_e1_retry 409 65 retry e1
		PUT_v1_tenants_a.com 409 65 map a.com Contoso
		PUT_v1_tenants_a.com 404 66 map a.com Contoso
		POST_v1_sync 409 75 sync
		POST_v1_check 409 75 check
		POST_v1_reload 409 78 reload
		GET_metrics 503 75 metrics
	EOF
}

@test "an answer that is no JSON is exit 76; one without a reason names its status" {
	reply GET_v1_status 200 <<<'hello'
	exits 76 opb status
	says "no JSON"
	reply GET_v1_status 500 <<<''
	exits 69 opb status
	says "HTTP status 500"
}

@test "a reason can neither move the cursor nor hide" {
	reply GET_v1_status 500 <<<'{"detail":"a\u001b[2Jb\u009bc\u202ed\r\ne"}'
	exits 69 opb status
	[ "$output" = $'opbridge: a\\x1b[2Jb\\u{9b}c\\u{202e}d\\x0d\ne' ]
}

# ==== lists ====

companies() {
	reply GET_v1_companies 200 <<<'{"companies":[
		{"id":101,"identifier":"Contoso","name":"Contoso\u001b[31m 日本","website":"contoso.com","status":"Active","types":["Client","Vendor"],"gone_at":null},
		{"id":7,"identifier":"Fab","name":"Fabrikam International Holdings and Sons","website":null,"status":"Active","types":[],"gone_at":"2026-01-01T00:00:00Z"}],"total":9}'
}

@test "a table lines up by what is seen, and escapes what came from outside" {
	companies
	exits 0 opb companies 'c&d' --gone --limit 2
	[[ ${lines[0]} == " ID  IDENTIFIER  NAME                                      WEBSITE      STATUS  "*TYPES ]]
	[[ ${lines[1]} == '101  Contoso     Contoso\x1b[31m 日本                      contoso.com  Active  '* ]]
	[[ ${lines[1]} == *"Client, Vendor" ]]
	[[ ${lines[2]} == "  7  Fab         Fabrikam International Holdings and Sons  -            gone "*" ago"* ]]
	says "2 of 9"
	grep -qx 'GET /v1/companies?q=c%26d&limit=2&gone=1' "$DIR/requests"
}

@test "on a terminal a table fits, its head is bold, and colours can be left out" {
	companies
	on_terminal 80 "$BIN/opbridge" companies >"$DIR/out"
	sed 's/\x1b\[[0-9]*m//g' "$DIR/out" >"$DIR/plain"
	grep -q '…' "$DIR/plain"
	[ "$(LC_ALL=C.UTF-8 wc -L <"$DIR/plain")" = 80 ]
	grep -q $'\x1b\\[1mNAME' "$DIR/out"
	on_terminal 80 "$BIN/opbridge" companies --no-color >"$DIR/plain"
	NO_COLOR=1 on_terminal 80 "$BIN/opbridge" companies >>"$DIR/plain"
	[ "$(grep -c IDENTIFIER "$DIR/plain")" = 2 ]
	run grep -c $'\x1b' "$DIR/plain"
	[ "$output" = 0 ]
}

@test "an empty list says what to do next" {
	reply GET_v1_companies 200 <<<'{"companies":[],"total":0}'
	reply GET_v1_events 200 <<<'{"events":[],"next_before":null}'
	reply GET_v1_tenants 200 <<<'{"tenants":[]}'
	reply GET_v1_incidents 200 <<<'{"incidents":[]}'
	reply GET_v1_statuses 200 <<<'{"board":{},"statuses":[]}'
	exits 0 opb companies && says "opbridge sync --full"
	exits 0 opb companies zzz && says "No company matches 'zzz'"
	exits 0 opb events && says "opbridge help submit"
	exits 0 opb events --state dead && says "No event matches"
	exits 0 opb tenants && says "opbridge help map"
	exits 0 opb incidents && says "opbridge events"
	exits 0 opb statuses && says "opbridge check"
}

@test "events: filters are passed on, and older ones are named" {
	reply GET_v1_events 200 <<<'{"events":[{"seq":7,"id":"evt-1","type":"T","state":"held","tenant":{"name":null,"domain":"contoso.com"},"ticket":null,"why":"not mapped","accepted_at":"2020-01-01T00:00:00Z"}],"next_before":7}'
	exits 0 opb events --state held --tenant '#3' --limit 1 --before 9
	[[ ${lines[1]} == *"days ago  evt-1  contoso.com  T     held        -  not mapped" ]] || { echo "$output" && false; }
	says "--before 7"
	grep -qx 'GET /v1/events?state=held&tenant=%233&limit=1&before=9' "$DIR/requests"
}

@test "--json is the daemon's JSON: one line in a pipe, pretty on a terminal, never a control character" {
	reply GET_v1_tenants 200 <<<$'{"tenants":[{"row":1,"name":"a\\u001b\u009b\u202eb"}]}'
	exits 0 opb tenants --json
	[ "${#lines[@]}" = 1 ]
	[ "$output" = '{"tenants":[{"row":1,"name":"a\u001b\u009b\u202eb"}]}' ]
	on_terminal 80 "$BIN/opbridge" tenants --json >"$DIR/out"
	[ "$(wc -l <"$DIR/out")" -gt 3 ]
	[ "$(jq -c . "$DIR/out")" = "$(opb tenants --json | jq -c .)" ]
}

# ==== single things ====

@test "an event's page: where it is, why, what to do, and the event itself" {
	reply GET_v1_events_a%2Fb%20c 200 <<<'{"events":[{"seq":1,"id":"a/b c","version":1,"type":"T","event_state":"raised","state":"dead","tenant":{"domain":"contoso.com"},"company":null,"incident":4,"ticket":null,"attempts":2,"why":"HTTP 400: no","accepted_at":"2026-01-01T00:00:00Z","done_at":"2026-01-01T00:00:01Z","due_at":null,"submitter_uid":1000,"body":{"id":"a/b c","title":"\u009b"}}]}'
	exits 0 opb event "a/b c"
	says "dead"
	says "HTTP 400: no"
	says "company       none"
	says "2026-01-01 00:00:00 ("
	says "opbridge retry a/b c"
	says '\u009b'
}

@test "changes of tenants: the right calls, and what came of them" {
	reply PUT_v1_tenants_%231 200 <<<'{"tenant":{"name":"Contoso","flow":false,"company":{"id":101,"name":"Contoso Ltd"}},"released":3}'
	reply DELETE_v1_tenants_%231_company 200 <<<'{"tenant":{"name":"Contoso"},"held":2}'
	reply PUT_v1_tenants_%231_flow 200 <<<'{"tenant":{"name":"Contoso"},"skipped":5}'
	exits 0 opb map '#1' 101 --name N
	says "Contoso is mapped to Contoso Ltd (id 101). Held events released: 3."
	says "flow is off"
	exits 0 opb map '#1' 'Contoso 101' --domain d.com
	exits 0 opb map '#1' 12345678901234567890
	exits 0 opb unmap '#1' && says "held: 2"
	exits 0 opb flow '#1' off && says "off" && says "5"
	[ "$(cat "$DIR/bodies")" = '{"company":"101","name":"N","release_max":20}{"company":"Contoso 101","domain":"d.com","release_max":20}{"company":"12345678901234567890","release_max":20}{"on":false}' ]
}

@test "retry, reload, board, statuses, metrics" {
	reply POST_v1_events_e1_retry 200 <<<'{"retried":1}'
	exits 0 opb retry e1 && says "Queued again (versions of the event: 1)"
	reply POST_v1_reload 200 <<<'{"reloaded":true,"changed":["delivery.slots","log.level"]}'
	exits 0 opb reload && says "delivery.slots, log.level"
	reply POST_v1_reload 409 <<<'{"detail":"line 3: a\nline 9: b"}'
	exits 78 opb reload && says $'line 3: a\nline 9: b'
	reply GET_v1_board 200 <<<'{"board":{"id":1,"name":"Alerts","source":"member"},"why":null,"creation_status":{"id":3,"name":"New"},"read_at":"2026-01-01T00:00:00Z"}'
	exits 0 opb board && says "Alerts (id 1, the API member's default board); new tickets start as New"
	reply GET_v1_board 200 <<<'{"board":null,"why":"Table Setup is missing","creation_status":null,"read_at":null}'
	exits 0 opb board && says "Table Setup is missing" && says "never"
	reply GET_v1_statuses 200 <<<'{"board":{"name":"Alerts"},"statuses":[{"id":3,"name":"New","closed":false,"inactive":false,"default":true,"sort":0,"creation":true},{"id":9,"name":"Done","closed":true,"inactive":true}]}'
	exits 0 opb statuses && says "default new tickets" && says "inactive"
	reply GET_metrics 200 <<<$'a_total{x="y"} 1\nb 2'
	exits 0 opb metrics
	[ "$output" = $'a_total{x="y"} 1\nb 2' ]
}

status_with() { # status_with JQ-UPDATE: the status of a healthy bridge, changed so
	jq -c "$1" >"$DIR/status" <<-EOF
		{"version":"1","pid":9,"started_at":"2026-01-01T00:00:00Z",
		"connection":{"state":"ok","api":"https://api/","company":"acme","public_key":"abcd","key_fingerprint":"ba7816bf","checked_at":"2026-01-01T00:00:00Z","error":null},
		"account":{"accepted":3,"queued":0,"sending":0,"held":1,"delivered":2,"skipped":0,"muted":0,"expired":0,"dead":0,"balanced":true},
		"sync":{"running":false,"error":null,"refused":null},"board":{"board":{"id":1,"name":"Alerts","source":"configured"}},
		"breaker":{"state":"closed","why":null,"next_probe_at":null},
		"pace":{"slots":4,"in_flight":0,"requests_per_minute":300,"paused_until":null},
		"permissions":[{"module":"Service Desk","function":"Service Tickets","level":"Add","required":true,"state":"ok","lost":"x"}],
		"companies":20,"tenants":{"mapped":1,"unmapped":2,"off":3},"waits":[]}
	EOF
	reply GET_v1_status 200 <"$DIR/status"
}

@test "status is a calm report when all is well" {
	status_with .
	exits 0 opb status
	says "3 accepted = 1 held + 2 delivered"
	says "the account balances"
	says "1 mapped, 2 not mapped, 3 switched off"
	says "none is missing"
	says "closed: requests go out"
	[[ ${lines[-1]} =~ ^waits\ for\ +nothing$ ]]
}

@test "status says what is amiss, with the row of the role" {
	status_with '.permissions[0].state = "missing" | .permissions[0].lost = "no ticket can be made"
		| .breaker = {"state":"open","why":"the keys are refused","next_probe_at":"2030-01-01T00:00:00Z"}
		| .connection.state = "failed" | .connection.error = "HTTP 401"
		| .sync.refused = "would remove 9 of 20" | .waits = ["one","two"]'
	exits 0 opb status
	says "missing: Service Desk > Service Tickets: set Add to All; without it: no ticket can be made"
	says "open: nothing is sent, events are still taken: the keys are refused"
	says "next try in"
	says "HTTP 401"
	says "opbridge sync --full --confirm"
	says two
}

@test "status does its own sum of the account" {
	status_with '.account.delivered = 1'
	exits 0 opb status
	says "does not balance: 3 accepted, 2 accounted for"
	status_with '.account.balanced = false'
	exits 0 opb status
	says "does not balance"
}

# ==== sync and check ====

@test "sync shows the progress until it ends" {
	reply POST_v1_sync 202 <<<'{"sync":{"running":true,"pages":0,"companies":0}}'
	reply GET_v1_sync.1 200 <<<'{"sync":{"running":true,"pages":2,"companies":2000}}'
	reply GET_v1_sync 200 <<<'{"sync":{"running":false,"kind":"full","pages":3,"companies":2500,"added":5,"changed":1,"gone":2,"error":null,"refused":null}}'
	exits 0 opb sync --full --confirm
	[ "${lines[0]}" = "0 pages, 0 companies …" ]
	[ "${lines[1]}" = "2 pages, 2000 companies …" ]
	says "2500 companies read (full): 5 added, 1 changed, 2 gone."
	[ "$(cat "$DIR/bodies")" = '{"full":true,"confirm":true}' ]
	rm "$DIR/GET_v1_sync.1"
	exits 0 opb sync --json
	[ "$(jq .sync.gone <<<"$output")" = 2 ]
}

@test "a sync that failed is exit 69, one that was refused 65; --no-wait asks no more" {
	reply POST_v1_sync 202 <<<'{"sync":{"running":true}}'
	exits 0 opb sync --no-wait
	[ "$(cat "$DIR/requests")" = "POST /v1/sync" ]
	reply GET_v1_sync 200 <<<'{"sync":{"running":false,"error":"HTTP 500"}}'
	exits 69 opb sync && says "HTTP 500"
	reply GET_v1_sync 200 <<<'{"sync":{"running":false,"error":null,"refused":"would remove 9 of 20"}}'
	exits 65 opb sync && says "--confirm"
}

steps() { # steps RUNNING OK STATE…: steps named s1, s2 …
	local running=$1 ok=$2 i=0 all=
	shift 2
	for state; do
		i=$((i + 1))
		all="$all${all:+,}{\"name\":\"s$i\",\"state\":\"$state\",\"saw\":\"saw $i\",\"remedy\":\"mend $i\"}"
	done
	echo "{\"check\":{\"running\":$running,\"ok\":$ok,\"steps\":[$all]}}"
}

@test "check prints each step once, and its remedy where there is one" {
	reply POST_v1_check 202 <<<'{}'
	reply GET_v1_check.1 200 < <(steps true true ok)
	reply GET_v1_check 200 < <(steps false true ok warning skipped)
	exits 0 opb check
	[ "$output" = "✓ s1
    saw 1
! s2
    saw 2
    mend 2
– s3
    saw 3
    mend 3
Everything that is required works." ]
}

@test "a failed check is 69 when nothing worked before, else 78" {
	reply POST_v1_check 202 <<<'{}'
	reply GET_v1_check 200 < <(steps false false failed)
	exits 69 opb check && says "✗ s1" && says "1 of 1"
	reply GET_v1_check 200 < <(steps false false skipped failed ok)
	exits 69 opb check
	reply GET_v1_check 200 < <(steps false false ok failed)
	exits 78 opb check --json
	[ "$(jq .check.ok <<<"${lines[0]}")" = false ]
}

# ==== submit ====

@test "one event from options, whole" {
	exits 0 opb submit --id e1 --tenant G --domain contoso.com --name C --type "T é" --state raised \
		--time 2026-11-24T05:04:03Z --title t --description d --severity high --entity user=a=b \
		--entity ip=1 --entity ip=2 --entity ip=3 --view http://v --ignore=http://i
	[ "$output" = "accepted  e1: queued, incident 7" ]
	jq -S . "$DIR/bodies" >"$DIR/got"
	jq -nS '{id:"e1",tenant:{id:"G",domain:"contoso.com",name:"C"},type:"T é",state:"raised",time:"2026-11-24T05:04:03Z",
		title:"t",description:"d",severity:"high",entities:{user:"a=b",ip:["1","2","3"]},links:{view:"http://v",ignore:"http://i"}}' >"$DIR/want"
	diff "$DIR/want" "$DIR/got"
	[ "$(wc -l <"$DIR/bodies")" = 1 ]
}

@test "an event from options is checked before it is sent" {
	exits 64 opb submit --domain d --type T && says "--id is missing"
	exits 64 opb submit --id e --type T && says "--tenant or --domain"
	exits 64 opb submit --id e --domain d && says "--type is missing"
	exits 64 opb submit --id e --domain d --type T --entity user && says "--entity needs a name and a value"
	exits 64 opb submit --id e --domain d --type T --entity =x
	exits 64 opb submit --id e --domain d --type T file.json && says "not from both"
	exits 66 opb submit "$DIR/none" && says "No such file"
	exits 66 opb submit "$DIR"
	[ ! -s "$DIR/requests" ]
}

@test "an object over many lines, an array, and lines all arrive as one event a line" {
	printf '{\n  "id": "a",\n  "n": 1\n}\n' | opb submit
	printf '[ {"id":"b"},\n{"id":"c"} ]' | opb submit -
	printf '{"id":"d"}\r\n\n{"id":"e"}' >"$DIR/in"
	opb submit "$DIR/in"
	[ "$(jq -r .id "$DIR/bodies" | tr -d '\n')" = abcde ]
	[ "$(wc -l <"$DIR/bodies")" = 5 ]
	[ "$(wc -l <"$DIR/requests")" = 3 ]
}

@test "a rejected event is shown with its line, spoils nothing, and makes the exit code 65" {
	exits 65 opb submit <<<$'{"id":"a"}\n\n{"id":"b","bad":1}\n{"id":"c"}'
	[ "${lines[1]}" = "rejected  b (line 3): it is bad" ]
	[ "${lines[3]}" = "3 events: 2 accepted, 0 duplicates, 1 rejected" ]
	exits 65 opb submit --quiet <<<$'{"id":"a"}\n{"id":"b","bad":1}'
	[ "${#lines[@]}" = 2 ]
	exits 65 opb submit --json <<<'[{"id":"a"},]'
	[ "$(jq -s -c 'map(.results[0].result // .result)' <<<"$output")" = '["accepted","rejected"]' ]
}

@test "an input that is cut off: what was whole is handed over, exit 65" {
	exits 65 opb submit <<<'[{"id":"a"},{"id":'
	says "accepted  a"
	says "standard input: the input ends before the array does"
	exits 0 opb submit </dev/null
	[ "$output" = "0 events: 0 accepted, 0 duplicates, 0 rejected" ]
}

@test "a full daemon is waited for; when the time is over it is exit 75" {
	reply POST_v1_events.1 503 Retry-After: 0 <<<'{"detail":"the queue is full"}'
	exits 0 opb submit --id e1 --domain d --type T
	says "waiting up to 30 s"
	says "accepted  e1"
	[ "$(wc -l <"$DIR/requests")" = 2 ]
	reply POST_v1_events 429 Retry-After: 3600 <<<'{"detail":"the queue is full"}'
	exits 75 opb submit --id e1 --domain d --type T
	[ "$output" = "opbridge: the queue is full" ]
	exits 75 opb submit --wait 0 --id e1 --domain d --type T
}

@test "when the daemon fills up midway, what is safe and what is not is told" {
	reply POST_v1_events.2 503 Retry-After: 60 <<<'{"detail":"the queue is full"}'
	exits 75 opb submit --quiet < <(for i in {1..1500}; do echo "{\"id\":\"e$i\"}"; done)
	says "everything from line 1001 on (1000 events before it were taken)"
	says "1000 events: 1000 accepted"
}

@test "a daemon with lower limits gets smaller batches" {
	reply POST_v1_events.1 413 <<<'{"detail":"over 3 events"}'
	exits 0 opb submit --quiet < <(for i in {1..5}; do echo "{\"id\":\"e$i\"}"; done)
	says "5 events: 5 accepted"
	[ "$(wc -l <"$DIR/requests")" = 3 ]
	reply POST_v1_events 413 <<<'{"detail":"too large"}'
	exits 65 opb submit <<<'{"id":"a"}'
	says "rejected  line 1: too large"
}

@test "an answer without a result for each event counts for nothing" {
	reply POST_v1_events 202 <<<'{"results":[{"id":"a","result":"accepted"}]}'
	exits 76 opb submit <<<$'{"id":"a"}\n{"id":"b"}'
	says "one result for each event"
	reply POST_v1_events 400 <<<'{"results":[{"id":"a","result":"rejected","why":"no"}]}'
	exits 65 opb submit <<<'{"id":"a"}' && says "rejected  a (line 1): no"
	reply POST_v1_events 500 <<<'{"detail":"broken"}'
	exits 69 opb submit <<<'{"id":"a"}' && says broken
}

@test "a huge input goes out in batches within the limits, in flat memory" {
	awk 'BEGIN { x = sprintf("%2000s", ""); gsub(/ /, "x", x)
		for (i = 0; i < 12000; i++) printf "{\"id\":\"e%d\",\"description\":\"%s\"}\n", i, x }' >"$DIR/in"
	local limit=14000 # KiB of data, of which the libraries need most
	! sanitized || limit=unlimited
	# shellcheck disable=SC2016
	run bash -c "ulimit -d $limit"' && exec "$0" submit --quiet "$1"' "$BIN/opbridge" "$DIR/in"
	[ "$output" = "12000 events: 12000 accepted, 0 duplicates, 0 rejected" ]
	[ "$(stat -c %s "$DIR/in")" -gt 24000000 ]
	cmp "$DIR/in" "$DIR/bodies"
	[ "$(wc -l <"$DIR/requests")" -ge 24 ]
	[ "$(wc -l <"$DIR/requests")" -le 30 ]
}

@test "an event that no request could hold is passed by" {
	{ printf '{"id":"a","x":"' && head -c 1100000 /dev/zero | tr '\0' x && printf '"}\n{"id":"b"}\n'; } >"$DIR/in"
	exits 65 opb submit "$DIR/in"
	says "rejected  line 1: longer than the limit of 1048575 bytes"
	says "accepted  b"
}

@test "a stream that pauses is passed on at once" {
	mkfifo "$DIR/in"
	"$BIN/opbridge" submit "$DIR/in" >"$DIR/out" 3>&- &
	local pid=$!
	exec 9>"$DIR/in"
	echo '{"id":"a"}' >&9
	await grep -q '"a"' "$DIR/bodies"
	echo '{"id":"b"}' >&9
	await grep -q '"b"' "$DIR/bodies"
	exec 9>&-
	wait "$pid"
	grep -q "2 events: 2 accepted" "$DIR/out"
}

# ==== C programs ====

@test "the example client builds against the library, submits and reads back" {
	local flags=
	! sanitized || flags=-fsanitize=address,undefined
	${CC:-cc} $flags -I"$ROOT/include" "$ROOT/tests/client/example.c" "$BIN/libopbridge.a" -lcurl -o "$DIR/example"
	reply GET_v1_events_example-0001 200 <<<'{"events":[{"id":"example-0001"}]}'
	exits 0 "$DIR/example" "$DIR/sock"
	says '202 {"results":[{"index":0,"id":"example-0001","result":"accepted"'
	says '200 {"events":[{"id":"example-0001"}]}'
	exits 75 "$DIR/example" "$DIR/none"
	says "submit it again later"
}
