#!/bin/bash
# A stand-in for opbridged, for the tests of the opbridge command alone: it keeps nothing and
# checks nothing, it answers from files and writes down what was asked.
#
#   fake_daemon.sh DIR      listens on DIR/sock (needs socat)
#
# A call is answered from DIR/METHOD_path (its slashes as '_', without the query), or from that
# name with .1, .2 … for the first, second … such call; the first line is the status and perhaps
# one header ("503 Retry-After: 1"), the rest is the body. Without a file, POST /v1/events accepts
# each line that does not contain "bad", and everything else is 404.
# DIR/requests holds each request line, DIR/bodies each body.
set -u
dir=$1

results() { # results FILE: what the daemon answers to the NDJSON in FILE
	awk 'BEGIN { printf "{\"results\":[" }
	{
		if (NR > 1) printf ","
		id = "null"
		if (match($0, /"id": *"[^"]*"/)) {
			id = substr($0, RSTART, RLENGTH)
			sub(/^"id": */, "", id)
		}
		if ($0 ~ /bad/)
			printf "{\"index\":%d,\"id\":%s,\"result\":\"rejected\",\"why\":\"it is bad\"}", NR - 1, id
		else
			printf "{\"index\":%d,\"id\":%s,\"result\":\"accepted\",\"state\":\"queued\",\"incident\":7}", NR - 1, id
	}
	END { print "]}" }' "$1"
}

answer() { # answer STATUS HEADER FILE
	printf 'HTTP/1.1 %s X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n' \
		"$1" "$(stat -c %s "$3")" "${2:+$2$'\r\n'}"
	cat "$3"
}

serve() {
	local method target header length=0 key count file status extra
	read -r method target _
	while read -r header && [ "$header" != $'\r' ]; do
		header=${header%$'\r'}
		case $header in Content-Length:*) length=${header#*: } ;; esac
	done
	echo "$method $target" >>"$dir/requests"
	head -c "$length" >"$dir/body"
	cat "$dir/body" >>"$dir/bodies"
	key=${target%%\?*}
	key=$method${key//\//_}
	count=$(grep -c "^$method ${target%%\?*}" "$dir/requests")
	file=$dir/$key.$count
	[ -e "$file" ] || file=$dir/$key
	if [ -e "$file" ]; then
		read -r status extra <"$file"
		tail -n +2 "$file" >"$dir/reply"
		answer "$status" "$extra" "$dir/reply"
	elif [ "$key" = POST_v1_events ]; then
		results "$dir/body" >"$dir/reply"
		answer 202 "" "$dir/reply"
	else
		echo '{"title":"Not Found","status":404,"detail":"there is nothing here"}' >"$dir/reply"
		answer 404 "" "$dir/reply"
	fi
}

if [ "${2:-}" = serve ]; then
	serve
else
	exec socat "UNIX-LISTEN:$dir/sock,fork" "EXEC:bash $0 $dir serve"
fi
