# shellcheck shell=bash
# A ConnectWise look-alike for a bats file, and requests to it with the right keys.
#
#   sandbox_start [OPTION…]            one sandbox in a directory of its own, on a free port
#   sandbox_stop                       end it and remove the directory; fails unless it ended well
#   sandbox_admin METHOD PATH [JSON]   an admin call; prints its reply, fails when it is refused
#   cw_get PATH [CURL OPTION…]         requests to the API; PATH is what follows apis/3.0/
#   cw_post PATH JSON [CURL OPTION…]
#   cw_patch PATH JSON [CURL OPTION…]
#   cw_send URL [CURL OPTION…]         a request to any URL, without keys
#
# The requests print the body and return curl's exit status, whatever the HTTP status was. Called
# directly, not in $(…), they also set CW_STATUS (000 = no reply), CW_BODY and CW_EXIT; the headers
# are in the file $CW_HEADERS.
# sandbox_start exports SANDBOX_DIR, SANDBOX_PID, SANDBOX_PORT, SANDBOX_URL (https://localhost:PORT).

if [ -z "${SANDBOX_BIN:-}" ]; then
	SANDBOX_BIN=${BUILD:-build}/sandbox
	[[ $SANDBOX_BIN == /* ]] ||
		SANDBOX_BIN=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)/$SANDBOX_BIN
fi
CW_COMPANY=acme_test
CW_PUBLIC=SandboxPublic01
CW_PRIVATE=SandboxPrivate-7d1f4c09
CW_CLIENT_ID=0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0

sandbox_start() {
	local i
	SANDBOX_DIR=$(mktemp -d) || return 1
	"$SANDBOX_BIN" --dir "$SANDBOX_DIR" --log "$SANDBOX_DIR/log" "$@" \
		2>"$SANDBOX_DIR/stderr" 3>&- </dev/null &
	SANDBOX_PID=$!
	for ((i = 0; i < 500; i++)); do
		[ -s "$SANDBOX_DIR/port" ] && break
		kill -0 "$SANDBOX_PID" 2>/dev/null || break
		sleep 0.01
	done
	if [ ! -s "$SANDBOX_DIR/port" ]; then
		echo "the sandbox did not start:" >&2
		cat "$SANDBOX_DIR/stderr" >&2
		sandbox_stop
		return 1
	fi
	SANDBOX_PORT=$(cat "$SANDBOX_DIR/port")
	SANDBOX_URL=https://localhost:$SANDBOX_PORT
	CW_HEADERS=$SANDBOX_DIR/headers
	export SANDBOX_DIR SANDBOX_PID SANDBOX_PORT SANDBOX_URL CW_HEADERS
}

sandbox_stop() {
	local rc=0
	kill "$SANDBOX_PID" 2>/dev/null
	wait "$SANDBOX_PID" || rc=$?
	if [ "$rc" != 0 ]; then
		echo "the sandbox ended with status $rc:" >&2
		cat "$SANDBOX_DIR/stderr" >&2
	fi
	rm -rf "$SANDBOX_DIR"
	return "$rc"
}

sandbox_admin() {
	curl -sS --fail-with-body -m 10 --unix-socket "$SANDBOX_DIR/admin.sock" -X "$1" \
		${3:+-d "$3"} "http://sandbox$2"
}

cw_send() {
	local url=$1
	shift
	CW_EXIT=0
	: >"$CW_HEADERS"
	: >"$SANDBOX_DIR/body"
	# shellcheck disable=SC2034 # for the caller
	CW_STATUS=$(curl -sS -m 5 --cacert "$SANDBOX_DIR/ca.pem" -o "$SANDBOX_DIR/body" \
		-D "$CW_HEADERS" -w '%{http_code}' "$@" "$url" 2>"$SANDBOX_DIR/curl") || CW_EXIT=$?
	# the body may hold bytes that no variable can
	CW_BODY=$(tr -d '\000' <"$SANDBOX_DIR/body")
	printf '%s\n' "$CW_BODY"
	return "$CW_EXIT"
}

cw_get() {
	local path=$1
	shift
	cw_send "$SANDBOX_URL/v4_6_release/apis/3.0/$path" \
		-u "$CW_COMPANY+$CW_PUBLIC:$CW_PRIVATE" -H "clientId: $CW_CLIENT_ID" "$@"
}

cw_post() {
	local path=$1 json=$2
	shift 2
	cw_get "$path" -H 'Content-Type: application/json' -d "$json" "$@"
}

cw_patch() {
	local path=$1 json=$2
	shift 2
	cw_post "$path" "$json" -X PATCH "$@"
}
