# What clients may send, and what they are told.
load bridge_helper

good='{"id":"e1","tenant":{"domain":"contoso.com"},"type":"Too Many Logins","entities":{"user":"anna@contoso.com"}}'

# refused STATUS PATTERN: the answer to the body on standard input
refused() {
	local answer
	answer=$(events_post application/json)
	[ "${answer%%$'\n'*}" = "$1" ] || { echo "answer: $answer" >&2; return 1; }
	grep -qiE -- "$2" <<<"$answer" || { echo "answer: $answer" >&2; return 1; }
}

@test "one event, an array, and lines are all taken" {
	bridge_run
	events_post application/json <<<"$good" | head -1 | grep 202
	events_post application/json <<<"[${good/e1/e2},${good/e1/e3}]" | grep '"accepted":2'
	printf '%s\n%s\n' "${good/e1/e4}" "${good/e1/e5}" | events_post application/x-ndjson | grep '"accepted":2'
	[ "$(account accepted)" = 5 ]
}

@test "CloudEvents are taken, one and in batches" {
	bridge_run
	ce='{"specversion":"1.0","id":"c1","source":"/op","type":"Too Many Logins","subject":"contoso.com","data":{"entities":{"user":"a@contoso.com"}}}'
	events_post application/cloudevents+json <<<"$ce" | grep '"accepted":1'
	events_post application/cloudevents-batch+json <<<"[${ce/c1/c2},${ce/c1/c3}]" | grep '"accepted":2'
	[ "$(opb event c1 --json | jq -r '.events[0].tenant.domain')" = contoso.com ]
}

@test "a bad event never spoils its batch" {
	bridge_run
	answer=$(events_post application/json <<<"[$good,{\"id\":\"x\"},${good/e1/e2}]")
	[[ $answer == 202* ]]
	grep -q '"accepted":2' <<<"$answer"
	grep -q '"rejected":1' <<<"$answer"
}

@test "bad JSON is refused with the place and the reason" {
	bridge_run
	refused 400 JSON <<<'{"id":'
	refused 400 'byte|trailing|after' <<<"$good $good"
	refused 400 'twice|duplicate' <<<'{"id":"a","id":"b"}'
	refused 400 'u0000|NUL' <<<'{"id":"a\u0000b","tenant":{"domain":"contoso.com"},"type":"x"}'
	printf '{"id":"\xff"}' | refused 400 'UTF-8'
	refused 400 'deep|nest' <<<"$(printf '[%.0s' $(seq 60))$(printf ']%.0s' $(seq 60))"
	refused 400 'no event|empty|JSON' <<<''
	[ "$(account accepted)" = 0 ]
}

@test "missing and wrong fields are named" {
	bridge_run
	refused 400 'id' <<<'{"tenant":{"domain":"contoso.com"},"type":"x"}'
	refused 400 'tenant' <<<'{"id":"a","type":"x"}'
	refused 400 'type' <<<'{"id":"a","tenant":{"domain":"contoso.com"}}'
	refused 400 'state' <<<'{"id":"a","tenant":{"domain":"contoso.com"},"type":"x","state":"exploded"}'
	refused 400 'time' <<<'{"id":"a","tenant":{"domain":"contoso.com"},"type":"x","time":"yesterday"}'
	refused 400 'time' <<<'{"id":"a","tenant":{"domain":"contoso.com"},"type":"x","time":"9999-01-01T00:00:00Z"}'
	refused 400 'looks like a domain' <<<'{"id":"a","tenant":{"id":"contoso.com"},"type":"x"}'
	refused 400 'links' <<<'{"id":"a","tenant":{"domain":"contoso.com"},"type":"x","links":{"view":"javascript:alert(1)"}}'
	refused 400 'id' <<<'{"id":7,"tenant":{"domain":"contoso.com"},"type":"x"}'
}

@test "an event over 64 KiB is rejected, one just below is taken" {
	bridge_run
	long=$(head -c 32000 /dev/zero | tr '\0' x)
	refused 400 'event_max|bytes' <<<"{\"id\":\"a\",\"tenant\":{\"domain\":\"contoso.com\"},\"type\":\"x\",\"description\":\"$long\",\"more\":\"$long\",\"evenmore\":\"$long\"}"
	events_post application/json <<<"{\"id\":\"a\",\"tenant\":{\"domain\":\"contoso.com\"},\"type\":\"x\",\"description\":\"$long\"}" | head -1 | grep 202
}

@test "too large a body and too many events get 413" {
	setting intake.body_max '"64KiB"'
	setting intake.batch_max 3
	bridge_run
	head -c 70000 /dev/zero | tr '\0' ' ' | refused 413 'body_max'
	refused 413 'batch_max' <<<"[$good,$good,$good,$good]"
	events_post application/json <<<"[$good,${good/e1/e2},${good/e1/e3}]" | grep '"accepted":3'
}

@test "an unknown content type gets 415, an unknown path 404, a wrong method 405" {
	bridge_run
	events_post text/csv <<<"$good" | head -1 | grep 415
	[ "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$DIR/events.sock" http://x/v1/nothing)" = 404 ]
	[ "$(curl -s -o /dev/null -w '%{http_code}' -X DELETE --unix-socket "$DIR/events.sock" http://x/v1/events)" = 405 ]
}

@test "the events socket serves events only" {
	bridge_run
	[ "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$DIR/events.sock" http://x/v1/status)" = 403 ]
	[ "$(stat -c %a "$DIR/events.sock")" = 660 ]
	[ "$(stat -c %a "$DIR/control.sock")" = 600 ]
}

@test "unknown fields are kept and shown in the ticket" {
	bridge_start
	map_three
	events_post application/json <<<'{"id":"e1","tenant":{"domain":"contoso.com"},"type":"Brand New Type","riskScore":97,"entities":{"user":"a@contoso.com"}}'
	settle
	ticket 0 .initialDescription | grep riskScore | grep 97
}

@test "a client that goes slowly or half-way is shown out, others are served meanwhile" {
	setting intake.client_timeout '"1s"'
	bridge_run
	(printf 'POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{'; sleep 30) | socat -t 0.1 - "UNIX-CONNECT:$DIR/events.sock" &
	slow=$!
	events_post application/json <<<"$good" | head -1 | grep 202
	await "the slow client to be shown out" gone $slow
}
gone() { ! kill -0 "$1" 2>/dev/null; }

@test "hundreds of connections: the ones over the limit wait, all are answered in the end" {
	[ -z "${VALGRIND:-}" ] || skip "it is about time, and valgrind takes too much of it"
	setting intake.connections 16
	bridge_run
	for i in $(seq 200); do
		curl -s -o /dev/null -w '%{http_code}\n' --max-time 30 --unix-socket "$DIR/events.sock" -H 'Content-Type: application/json' -d "${good/e1/many-$i}" http://x/v1/events >>"$DIR/codes" 3>&- &
		clients+=($!)
	done
	wait "${clients[@]}"
	[ "$(grep -c 202 "$DIR/codes")" = 200 ]
	[ "$(account accepted)" = 200 ]
}

@test "out of file descriptors the daemon neither spins nor dies" {
	bridge_run
	prlimit --pid "$BRIDGE_PID" --nofile=24:
	for i in $(seq 40); do
		socat -t 5 - "UNIX-CONNECT:$DIR/events.sock" < <(sleep 4) 2>/dev/null 3>&- &
		clients+=($!)
	done
	before=$(awk '{ print $14 + $15 }' "/proc/$BRIDGE_PID/stat")
	sleep 1 # a second of being full, to count what it costs
	after=$(awk '{ print $14 + $15 }' "/proc/$BRIDGE_PID/stat")
	[ $((after - before)) -lt 50 ]
	prlimit --pid "$BRIDGE_PID" --nofile=1024:
	await "an answer" healthy
	kill "${clients[@]}" 2>/dev/null || true
}

status_of() { curl -s -o /dev/null -w '%{http_code}' --max-time 5 --unix-socket "$DIR/control.sock" "http://x$1"; }
@test "numbers and paths that mean nothing are refused, not guessed" {
	bridge_run
	for bad in limit=-1 limit=0 limit=501 limit=junk limit=99999999999999999999 before=x; do
		[ "$(status_of "/v1/events?$bad")" = 400 ]
	done
	[ "$(status_of '/v1/events?limit=500')" = 200 ]
	[ "$(status_of '/v1/events/a%00b')" = 404 ]
	[ "$(status_of '/v1/events/%ff')" = 404 ]
}

@test "requests in a row on one connection are all answered, in their order" {
	bridge_run
	send() { printf 'POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s' "${#1}" "$1"; }
	(for i in 1 2 3 4 5; do send "${good/e1/row-$i}"; done; sleep 1) | timeout 5 socat - "UNIX-CONNECT:$DIR/events.sock" >"$DIR/answers"
	[ "$(grep -o 'row-[0-9]' "$DIR/answers" | tr '\n' ' ')" = "row-1 row-2 row-3 row-4 row-5 " ]
}

@test "nothing that a client sends can forge a line of the log or move a cursor" {
	bridge_run
	printf '%s' '{"id":"i1","tenant":{"domain":"contoso.com","name":"\u001b[2Jx\nlevel=error msg=forged"},"type":"T\nlevel=error msg=forged","title":"\u001b]0;x\u0007t"}' |
		events_post application/json | head -1 | grep 202
	[ "$(grep -c '^level=error' "$DIR/bridge.log")" = 0 ]
	[ "$(grep -c $'\x1b' "$DIR/bridge.log")" = 0 ]
	printf '%s' '{"id":"i2\u202e\u0085\u2066","tenant":{"domain":"contoso.com"},"type":"T\u2028\u009b"}' |
		events_post application/json >"$DIR/answer"
	[ "$(LC_ALL=C grep -cP '\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$DIR/bridge.log")" = 0 ]
	[ "$(opb events | grep -c $'\x1b')" = 0 ]
}

@test "lines of blanks between events are no events" {
	bridge_run
	printf '%s\n \t \n\n\r\n%s \r\n  ' "${good/e1/b1}" "${good/e1/b2}" | events_post application/x-ndjson >"$DIR/answer"
	[ "$(tail -n 1 "$DIR/answer" | jq -c '[.results[].result]')" = '["accepted","accepted"]' ]
}

@test "whoever is over his share of connections is turned away before anything of his is taken" {
	[ "$(id -u)" = 0 ] || skip "needs another user: root only"
	setting intake.connections 4
	setting intake.group '"nogroup"'
	bridge_run
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" "$DIR" "$(dirname "$BATS_TEST_TMPDIR")"
	as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	for i in 1 2; do
		as_nobody socat -t 20 - "UNIX-CONNECT:$DIR/events.sock" < <(sleep 10) >/dev/null 2>&1 3>&- &
		idle+=($!)
	done
	await "two guests" eval '[ "$(grep -c "$DIR/events.sock" /proc/net/unix)" -ge 3 ]'
	for i in 1 2 3 4 5 6; do
		as_nobody curl -s -o "$DIR/over-$i" --max-time 5 --unix-socket "$DIR/events.sock" -H 'Content-Type: application/json' -d "${good/e1/over-$i}" http://x/v1/events 3>&- || true
	done
	kill "${idle[@]}"
	answered=$(cat "$DIR"/over-? 2>/dev/null | grep -c '"accepted"' || true)
	[ "$(account accepted)" = "$answered" ]
}

@test "the longest domain of any letters leaves every answer readable" {
	bridge_run
	printf '{"id":"long-","tenant":{"domain":"x%s"},"type":"t"}' "$(printf 'ü%.0s' $(seq 126))" | events_post application/json | head -1 | grep 202
	opb events --json | jq -en 'input | .events | length == 1'
	opb events | grep -q long-
}

@test "a thousand events with one and the same id cost no more than others" {
	bridge_run
	for n in 1 2 3; do
		seq 1000 | jq -c --argjson n $n '{id: "1", tenant: {domain: "contoso.com"}, type: "t", title: "\($n) \(.)"}' | opb submit --quiet
	done
	[ "$(account accepted)" = 3000 ]
	[ "$(opb event 1 --json | jq '.events | length')" -le 1000 ]
}
