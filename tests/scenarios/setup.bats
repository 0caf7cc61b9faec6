# opbridge setup: by a person at a terminal, by options, by the environment; and changes later.
bats_require_minimum_version 1.5.0
load bridge_helper
load ../smtp/smtp_helper

KEY=SandboxPrivate-7d1f4c09
CLIENT=0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0

setup() {
	NO_ORACLE=1
	scenario_begin
	ETC=$DIR/etc CONF=$DIR/etc/opbridge.conf
	mkdir -p "$ETC" "$DIR/run" "$DIR/bin"
	export XDG_RUNTIME_DIR=$DIR/run TERM=dumb LANG=C.UTF-8 TZ=
	cp "$ROOT/conf/event-types.conf" "$ETC/"
	# as `make install` leaves it, but for places that the test may use
	sed -e "s|# events_socket = .*|events_socket = \"$DIR/events.sock\";|" \
		-e "s|# control_socket = .*|control_socket = \"$DIR/control.sock\";|" \
		-e "s|# database = .*|database = \"$DIR/queue.db\";|" \
		-e 's|# format = .*|format = "logfmt";|' "$ROOT/conf/opbridge.conf" >"$CONF"
	cp "$CONF" "$DIR/shipped.conf"
	cat >"$DIR/talk.exp" <<-'END'
		set timeout 20
		set stty_init "columns 200 rows 50"
		proc see {what} {
			expect {
				-ex $what {}
				timeout { puts "\nwaited in vain for: $what"; exit 99 }
				eof { puts "\nended before: $what"; exit 98 }
			}
		}
		proc answer {what with} { see $what; send -- "$with\r" }
		proc login {key} {
			global env
			answer "Site: " "https://localhost:$env(PORT)/v4_6_release/ConnectWise.aspx?locale=en_US#"
			answer "Company id: " "acme_test"
			answer "clientId: " $env(CLIENT)
			answer "Public key: " "SandboxPublic01"
			answer "Private key: " $key
		}
		proc over {} { expect eof; exit [lindex [wait] 3] }
		spawn -noecho {*}$argv
		source $env(TALK)
	END
}
teardown() {
	local left=0
	compgen -G "$DIR/run/opbridge-setup.*" >&2 && left=1
	compgen -G "$ETC/*.new" >&2 && left=1
	scenario_end || left=1
	return $left
}

# talk [ARG...]: opbridge setup with these, answered by the expect commands of standard input
talk() {
	cat >"$DIR/talk"
	TALK=$DIR/talk PORT=$PORT CLIENT=$CLIENT expect -f "$DIR/talk.exp" \
		"$BIN/opbridge" setup --config "$CONF" --ca-file "$DIR/cw/ca.pem" "$@" 3>&-
}
# quiet ARG...: opbridge setup, nobody there
quiet() { "$BIN/opbridge" setup --config "$CONF" "$@" </dev/null; }
key_file() {
	printf '%s\n' "${1:-$KEY}" >"$DIR/key"
	chmod 600 "$DIR/key"
}
options() {
	OPTIONS=(--site "localhost:$PORT" --company acme_test --client-id "$CLIENT" --public-key SandboxPublic01
		--ca-file "$DIR/cw/ca.pem" --private-key-file "$DIR/key")
}
# installed: set up by options, which is another test's matter
installed() {
	key_file
	options
	quiet "${OPTIONS[@]}" >/dev/null
}
daemon_start() {
	"$BIN/opbridged" -c "$CONF" >>"$DIR/bridge.log" 2>&1 3>&- &
	BRIDGE_PID=$!
	await "the daemon to answer" healthy
	await "the daemon to be connected" connected
}
unchanged() { cmp "$CONF" "$DIR/shipped.conf" && [ ! -e "$ETC/private.key" ]; }
# program NAME: a program of the host that the test plays; its text on standard input
program() {
	cat >"$DIR/bin/$1"
	chmod +x "$DIR/bin/$1"
	PATH=$DIR/bin:$PATH
}
# systemd_runs_it: a systemctl that knows the service, with this configuration
systemd_runs_it() {
	program systemctl <<-END
		#!/bin/sh
		echo "\$*" >>"$DIR/systemctl.log"
		case \$* in
		*cat*) echo "ExecStart=/usr/sbin/opbridged -c $CONF" ;;
		*restart*)
			kill \$(cat "$DIR/pid") 2>/dev/null
			while kill -0 \$(cat "$DIR/pid") 2>/dev/null; do sleep 0.02; done
			;;
		esac
		case \$* in
		*restart* | *enable*)
			"$BIN/opbridged" -c "$CONF" >>"$DIR/bridge.log" 2>&1 &
			echo \$! >"$DIR/pid"
			;;
		esac
	END
}

# ==== a person ====

nothing_lent() { ! compgen -G "$DIR/run/opbridge-setup.*"; }

@test "while a trial hangs the lent key is gone already, so that kill -9 leaves none" {
	key_file
	options
	fault hang GET '*' '"times":0'
	"$BIN/opbridge" setup --config "$CONF" "${OPTIONS[@]}" </dev/null >/dev/null 2>&1 3>&- &
	local trial=$!
	await "a request that hangs" fault_struck
	await "nothing lent" nothing_lent
	kill -KILL $trial
	wait $trial || true
	fault_gone
	rm "$CONF.new"
	[ -z "$(grep -rlF "$KEY" "$ETC" "$DIR/run")" ]
}

@test "setup map goes on to the tenants: one number, and what was held becomes a ticket" {
	NO_ORACLE=
	installed
	daemon_start
	event e1
	[ "$(state_of e1)" = held ]
	run talk map <<-'END'
		see "contoso.com"
		see "Contoso Ltd (101)"
		answer "or ?: " "1"
		see "Held events released: 1"
		over
	END
	echo "$output"
	[ "$status" = 0 ]
	settle
	[ "$(ticket 0 .company.id)" = 101 ]
}

@test "from keys to a mapped tenant and a ticket, by a person" {
	NO_ORACLE=
	run talk <<-'END'
		login "SandboxPrivate-7d1f4c09"
		see "read companies"
		see "Security Alerts"
		answer "Board \[1\]: " "Help Desk"
		answer "Status \[1\]: " "In Prog"
		answer "Language of tickets \[en\]: " "fr"
		answer "Time zone of tickets \[UTC\]: " "America/Toronto"
		answer "Emergency contact: " ""
		see "board.board = \"20\""
		answer "Write it? \[yes\]: " ""
		over
	END
	echo "$output"
	[ "$status" = 0 ]
	[[ $output != *"$KEY"* ]]
	[ "$(stat -c %a "$ETC/private.key")" = 600 ]
	grep -q 'site = "localhost:' "$CONF"
	daemon_start
	opb map contoso.com Contoso >/dev/null
	event e1 --time 2026-11-01T06:30:00Z
	settle
	[ "$(ticket 0 .board.id)" = 20 ]
	[ "$(ticket 0 .status.id)" = 402 ]
	[ "$(ticket 0 .company.id)" = 101 ]
	[[ "$(ticket 0 .initialDescription)" == *"Quand : 1er nov. 2026 01:30:00 EST"* ]]
}

@test "an answer is judged at once, and asked for again with the reason" {
	run talk <<-'END'
		answer "Site: " "http://na.myconnectwise.net"
		see "would send the keys unprotected"
		answer "Site: " "na.myconnectwise.net/v4_6_release"
		answer "Company id: " "Acme Ltd"
		see "not the company's name"
		answer "Company id: " "acme"
		answer "clientId: " "nonsense"
		see "developer.connectwise.com/ClientID"
		answer "clientId: " "0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0"
		answer "Public key: " "SamePublic"
		answer "Private key: " "SamePublic"
		see "That is the public key"
		answer "Private key: " "two words"
		see "not one key on one line"
		see "Private key: "
		send "\004"
		over
	END
	echo "$output"
	[ "$status" = 66 ]
	[[ $output == *"nothing was changed"* ]]
	unchanged
}

@test "a wrong key, then the right one" {
	run talk <<-'END'
		login "SandboxPrivate-wrong"
		see "Incorrect public/private key"
		answer "Number \[2\]: " ""
		answer "Site \[localhost" ""
		answer "Company id \[acme_test\]: " ""
		answer "clientId \[0f1e" ""
		answer "Public key \[SandboxPublic01\]: " ""
		answer "Private key \[the one just typed\]: " "SandboxPrivate-7d1f4c09"
		answer "Board \[1\]: " ""
		answer "Status \[1\]: " ""
		answer "Language of tickets \[en\]: " ""
		answer "Time zone of tickets \[UTC\]: " ""
		answer "Emergency contact: " ""
		answer "Write it? \[yes\]: " "y"
		over
	END
	echo "$output"
	[ "$status" = 0 ]
	[ "$(cat "$ETC/private.key")" = "$KEY" ]
	"$BIN/opbridged" -t -c "$CONF"
	run ! grep -q 'language = \|time_zone = ' <(grep -v '#' "$CONF")
}

@test "a missing permission is shown as its row; granted, it is tried again" {
	may "Service Tickets" '"edit":"None"'
	cat >"$DIR/grant" <<-END
		#!/bin/sh
		curl -sS --unix-socket "$DIR/cw/admin.sock" -d '{"function":"Service Tickets","edit":"All"}' http://x/role
	END
	chmod +x "$DIR/grant"
	GRANT=$DIR/grant run talk <<-'END'
		login "SandboxPrivate-7d1f4c09"
		see "System > Security Roles"
		see "MODULE"
		expect -re {Company Maintenance +Inquire = All +present +required}
		expect -re {Service Tickets +Edit = All +missing +required}
		expect -re {Close Service Tickets +Edit = All +missing +optional}
		see "later events cannot be added to their ticket"
		see "Number \[1\]: "
		exec $env(GRANT)
		send "\r"
		answer "Board \[1\]: " ""
		answer "Status \[1\]: " ""
		answer "Language of tickets \[en\]: " ""
		answer "Time zone of tickets \[UTC\]: " ""
		answer "Emergency contact: " ""
		answer "Write it? \[yes\]: " ""
		over
	END
	echo "$output"
	[ "$status" = 0 ]
}

@test "boards that may not be read are not asked for, and what is lost is said" {
	may "Table Setup" '"inquire":"None"'
	run talk <<-'END'
		login "SandboxPrivate-7d1f4c09"
		see "Table Setup: Inquire"
		answer "Language of tickets \[en\]: " ""
		answer "Time zone of tickets \[UTC\]: " ""
		answer "Emergency contact: " ""
		answer "Write it? \[yes\]: " "no"
		over
	END
	echo "$output"
	[ "$status" = 75 ]
	unchanged
}

@test "^C leaves nothing behind, and the terminal as it was" {
	cat >"$DIR/talk" <<-'END'
		see "Site: "
		send "localhost\r"
		answer "Company id: " "acme_test"
		answer "clientId: " $env(CLIENT)
		answer "Public key: " "SandboxPublic01"
		see "Private key: "
		send "half-a-key\003"
		see "stopped; nothing was changed"
		see "code 130"
		see " echo "
		over
	END
	TALK=$DIR/talk PORT=$PORT CLIENT=$CLIENT run expect -f "$DIR/talk.exp" bash -c "trap : INT
		'$BIN/opbridge' setup --config '$CONF'; echo code \$?; stty -a" 3>&-
	echo "$output"
	[ "$status" = 0 ]
	[[ $output != *half-a-key* ]]
	unchanged
}

@test "^C while ConnectWise does not answer ends at once" {
	fault hang GET 'company/companies*' '"times":0'
	SECONDS=0
	run talk <<-'END'
		login "SandboxPrivate-7d1f4c09"
		see "codebase"
		send "\003"
		expect eof
		puts [wait]
	END
	echo "$output"
	[[ $output == *"nothing was changed"*SIGINT* ]]
	[ "$SECONDS" -lt 10 ]
	unchanged
	fault_gone
}

@test "^C in the mapping that follows leaves nothing behind" {
	installed
	daemon_start
	opb map contoso.com Contoso >/dev/null
	opb unmap contoso.com >/dev/null
	run talk map <<-'END'
		see "q or ?:"
		send "\003"
		expect eof
		puts [wait]
	END
	echo "$output"
	[[ $output == *SIGINT* ]]
}

@test "a signal while the key is awaited from another program ends it" {
	mkfifo "$DIR/pipe"
	exec 7<>"$DIR/pipe"
	options
	"$BIN/opbridge" setup --config "$CONF" "${OPTIONS[@]}" --private-key-file "$DIR/pipe" </dev/null >"$DIR/out" 2>&1 3>&- 7>&- &
	pid=$!
	await "it to wait for the key" awaits_pipe $pid
	grep '^Max core file size  *0  *0 ' "/proc/$pid/limits"
	kill -TERM $pid
	WAIT_S=5 await "it to end" has_ended $pid
	exec 7>&-
	run wait $pid
	grep 'stopped; nothing was changed' "$DIR/out"
	unchanged
}
awaits_pipe() { find "/proc/$1/fd" -lname "$DIR/pipe" | grep .; }
has_ended() { [ ! -e "/proc/$1/exe" ]; }

# ==== once it is there ====

@test "run again for one thing: one value changes, comments stay, the daemon takes it" {
	installed
	daemon_start
	cp "$CONF" "$DIR/before"
	echo '# mine, at the end' >>"$CONF"
	run talk board <<-'END'
		answer "Board \[1\]: " "2"
		answer "Status \[1\]: " ""
		answer "Write it? \[yes\]: " ""
		see "connected to ConnectWise"
		over
	END
	echo "$output"
	[ "$status" = 0 ]
	[ "$(diff "$DIR/before" "$CONF" | grep -c '^[<>]')" = 3 ]
	grep -q '^# mine, at the end' "$CONF"
	grep -qx '	board = "20";' "$CONF"
	cmp <(sed '/^# mine/d' "$CONF.bak") "$DIR/before"
	await "the other board" board_is 20
}
board_is() { [ "$(opb board --json | jq .board.id)" = "$1" ]; }

@test "what needs a restart is said with its command" {
	installed
	daemon_start
	run quiet site --site "https://127.0.0.1:$PORT" --non-interactive
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"only when it starts"*"opbridged -c $CONF"* ]]
	[[ $output == *"another ConnectWise"* ]]
	[ "$(opb status --json | jq -r .connection.site)" = "localhost:$PORT" ]
}

@test "under systemd it is started and restarted, by leave" {
	installed
	systemd_runs_it
	run quiet time-zone --time-zone Europe/Zurich --non-interactive
	[[ $output == *"systemctl enable --now opbridged"* ]]
	if [ "$(id -u)" != 0 ]; then return 0; fi
	run quiet time-zone --time-zone Europe/Paris --restart
	echo "$output"
	BRIDGE_PID=$(cat "$DIR/pid")
	[ "$status" = 0 ]
	[[ $output == *"connected to ConnectWise"* ]]
	grep -q '^daemon-reload$' "$DIR/systemctl.log"
	# the key that systemd hands over is read only at the start
	admin POST /config '{"private_key":"SandboxPrivate-second"}' >/dev/null
	key_file SandboxPrivate-second
	run quiet key --public-key SandboxPublic01 --private-key-file "$DIR/key" --key-store file
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"sudo systemctl restart opbridged"*"private.key.old until then"* ]]
	[ "$(cat "$ETC/private.key.old")" = "$KEY" ]
	systemctl restart opbridged
	BRIDGE_PID=$(cat "$DIR/pid")
	await "the daemon to be connected" connected
	run quiet language --language fr
	echo "$output"
	[[ $output == *"private.key.old is removed"* ]]
	[ ! -e "$ETC/private.key.old" ]
	kill "$BRIDGE_PID"
	BRIDGE_PID=
}

@test "a new key is tried, taken over, and the old one is gone" {
	installed
	daemon_start
	admin POST /config '{"public_key":"SandboxPublic02","private_key":"SandboxPrivate-second"}' >/dev/null
	key_file SandboxPrivate-second
	run quiet key --public-key SandboxPublic02 --private-key-file "$DIR/key"
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"delete it there"* ]]
	[ "$(cat "$ETC/private.key")" = SandboxPrivate-second ]
	[ ! -e "$ETC/private.key.old" ]
	connected
	[ "$(opb status --json | jq -r .connection.public_key)" = "Sand…" ]
	key_file SandboxPrivate-third
	run quiet key --public-key SandboxPublic03 --private-key-file "$DIR/key"
	[ "$status" = 78 ]
	[ "$(cat "$ETC/private.key")" = SandboxPrivate-second ]
	connected
}

@test "a new key that the daemon cannot use after all gives way to the old one" {
	installed
	daemon_start
	cp "$CONF" "$DIR/before"
	admin POST /config '{"public_key":"SandboxPublic02","private_key":"SandboxPrivate-second"}' >/dev/null
	printf '#!/bin/sh\ncurl -sS --unix-socket "%s" -d '\''{"private_key":"%s"}'\'' http://x/config\n' \
		"$DIR/cw/admin.sock" SandboxPrivate-third >"$DIR/spoil"
	chmod +x "$DIR/spoil"
	SPOIL=$DIR/spoil run talk key <<-'END'
		answer "Public key \[SandboxPublic01\]: " "SandboxPublic02"
		answer "Private key \[keep the present one\]: " "SandboxPrivate-second"
		see "Write it? \[yes\]: "
		exec $env(SPOIL)
		send "\r"
		over
	END
	echo "$output"
	[ "$status" = 78 ]
	[[ $output == *"the old key are back"* ]]
	[ "$(cat "$ETC/private.key")" = "$KEY" ]
	[ ! -e "$ETC/private.key.old" ]
	cmp "$CONF" "$DIR/before"
	[ "$(opb status --json | jq -r .connection.key_fingerprint)" = "$(printf '%s' "$KEY" | sha256sum | cut -c1-8)" ]
}

@test "a service that cannot use its new key is started with the old one, and its unit as it was" {
	[ -z "${VALGRIND:-}" ] || skip "it is about time, and valgrind takes too much of it"
	[ "$(id -u)" = 0 ] || skip "only root starts a service"
	installed
	systemd_runs_it
	systemctl enable
	BRIDGE_PID=$(cat "$DIR/pid")
	await "the daemon to answer" healthy
	await "the daemon to be connected" connected
	admin POST /config '{"private_key":"SandboxPrivate-second"}' >/dev/null
	key_file SandboxPrivate-second
	# refused only when the service starts, not while it is tried
	printf '#!/bin/sh\ncurl -sS --unix-socket "%s" -d '\''{"private_key":"x"}'\'' http://x/config\n' "$DIR/cw/admin.sock" >"$DIR/spoil"
	chmod +x "$DIR/spoil"
	sed -i "2a case \$* in *restart*) $DIR/spoil ;; esac" "$DIR/bin/systemctl"
	run quiet key --public-key SandboxPublic01 --private-key-file "$DIR/key" --key-store file --restart
	echo "$output"
	BRIDGE_PID=$(cat "$DIR/pid")
	[ "$status" = 78 ]
	[[ $output == *"the old key are back" ]]
	[ "$(cat "$ETC/private.key")" = "$KEY" ]
	[ "$(grep -cx 'daemon-reload' "$DIR/systemctl.log")" = 2 ]
	[ "$(opb status --json | jq -r .connection.key_fingerprint)" = "$(printf '%s' "$KEY" | sha256sum | cut -c1-8)" ]
	kill "$BRIDGE_PID"
	BRIDGE_PID=
}

@test "the emergency contact: server, login and password, tried with a mail" {
	smtp_start
	sed -i "s|# smtp_ca_file = .*|smtp_ca_file = \"$DIR/smtp/ca.pem\";|" "$CONF"
	installed
	daemon_start
	SMTP_PORT=$SMTP_PORT SMTP_PASSWORD=$SMTP_PASSWORD run talk mail <<-'END'
		answer "Emergency contact: " "nonsense"
		see "Emergency contact: "
		answer "Emergency contact: " "noc@example.com"
		answer "SMTP server: " "localhost:$env(SMTP_PORT)"
		answer "SMTP user: " "bridge"
		answer "SMTP password: " $env(SMTP_PASSWORD)
		see "the mail server's password, in"
		answer "Write it? \[yes\]: " ""
		answer "test mail to the emergency contact? \[yes\]: " ""
		over
	END
	echo "$output"
	smtp_stop
	[ "$status" = 0 ]
	[[ $output != *"$SMTP_PASSWORD"* ]]
	has_mails 1
	grep -q "smtp = \"smtp://localhost:$SMTP_PORT\";" "$CONF"
	[ "$(stat -c %a "$ETC/smtp.password")" = 600 ]
	run quiet mail --mail-to noc@example.com --smtp ftp://x
	[ "$status" = 64 ]
	[[ $output == *--smtp* ]]
}

@test "what the daemon would refuse is not written" {
	installed
	cp "$CONF" "$DIR/before"
	run quiet mail --mail-to noc@example.com
	echo "$output"
	[ "$status" = 78 ]
	[[ $output == *alarm.smtp* ]]
	cmp "$CONF" "$DIR/before"
}

# ==== the key's place ====

creds_work() { [ "$(id -u)" = 0 ] && printf x | systemd-creds encrypt --name=x - - >/dev/null 2>&1; }

@test "the key is encrypted for the service, and no plain copy stays" {
	creds_work || skip "systemd-creds needs root, and a key of this host"
	installed
	[ -e "$ETC/private.key" ]
	mkdir -p "$DIR/units"
	run quiet key --public-key SandboxPublic01 --private-key-file "$DIR/key" --key-store credential \
		--credstore "$DIR/creds" --unit-dir "$DIR/units"
	echo "$output"
	[ "$status" = 0 ]
	[ "$(systemd-creds decrypt --name=cw_private_key "$DIR/creds/cw_private_key" -)" = "$KEY" ]
	[ "$(stat -c %a "$DIR/creds/cw_private_key")" = 600 ]
	grep -q "^LoadCredentialEncrypted=cw_private_key:$DIR/creds/cw_private_key$" \
		"$DIR/units/opbridged.service.d/private-key.conf"
	[ ! -e "$ETC/private.key" ]
	run ! grep -rqaF "$KEY" "$DIR/creds" "$DIR/units" "$ETC"
	# and from then on it is found there
	run quiet board --board 20 --credstore "$DIR/creds" --unit-dir "$DIR/units"
	echo "$output"
	[ "$status" = 0 ]
	# and back into a file
	run quiet key --public-key SandboxPublic01 --private-key-file "$DIR/key" --key-store file \
		--credstore "$DIR/creds" --unit-dir "$DIR/units"
	[ "$status" = 0 ]
	[ "$(cat "$ETC/private.key")" = "$KEY" ]
	[ ! -e "$DIR/creds/cw_private_key" ]
	[ ! -e "$DIR/units/opbridged.service.d/private-key.conf" ]
}

@test "a plain key that gave way to an encrypted one is gone once the service runs with that" {
	[ "$(id -u)" = 0 ] || skip "only root encrypts it for the service"
	program systemd-creds <<-'END'
		#!/bin/sh
		in=$3 out=$4
		[ "$in" = - ] && in=/dev/stdin
		[ "$out" = - ] && out=/dev/stdout
		case $1 in encrypt) base64 <"$in" >"$out" ;; decrypt) base64 -d <"$in" >"$out" ;; esac
	END
	installed
	systemd_runs_it
	daemon_start
	admin POST /config '{"private_key":"SandboxPrivate-second"}' >/dev/null
	key_file SandboxPrivate-second
	where=(--credstore "$DIR/creds" --unit-dir "$DIR/units")
	mkdir "$DIR/units"
	run quiet key --public-key SandboxPublic01 --private-key-file "$DIR/key" --key-store credential "${where[@]}"
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"restart opbridged"*"private.key until then"* ]]
	[ "$(cat "$ETC/private.key")" = "$KEY" ]
	bridge_stop
	mkdir "$DIR/given"
	base64 -d <"$DIR/creds/cw_private_key" >"$DIR/given/cw_private_key"
	chmod 600 "$DIR/given/cw_private_key"
	CREDENTIALS_DIRECTORY=$DIR/given daemon_start
	run quiet language --language fr "${where[@]}"
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"private.key is removed"* ]]
	[ ! -e "$ETC/private.key" ]
}

@test "where systemd-creds does not work, the plain file comes with a loud word" {
	systemd_runs_it
	program systemd-creds <<-'END'
		#!/bin/sh
		echo "no key on this host" >&2
		exit 1
	END
	mkdir -p "$DIR/units"
	touch "$DIR/units/opbridged.service"
	key_file
	options
	run quiet "${OPTIONS[@]}" --unit-dir "$DIR/units"
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"plain file"*"not encrypted"* ]]
	[ "$(stat -c %a "$ETC/private.key")" = 600 ]
}

# ==== nobody there ====

@test "all by options" {
	key_file
	options
	run quiet "${OPTIONS[@]}" --board 20 --status 403 --language fr --time-zone Europe/Paris
	echo "$output"
	[ "$status" = 0 ]
	for line in 'board = "20";' 'status = "403";' 'language = "fr";' 'time_zone = "Europe/Paris";'; do
		grep -qxF "	$line" "$CONF"
	done
	"$BIN/opbridged" --check -c "$CONF"
	# all comments are still there
	[ "$(grep -c '#' "$CONF")" = "$(($(grep -c '#' "$DIR/shipped.conf") - 5))" ]
	run quiet "${OPTIONS[@]}" --board 20
	[ "$status" = 0 ]
}

@test "all by the environment, the key by standard input" {
	export OPBRIDGE_SETUP_SITE=https://localhost:$PORT/ OPBRIDGE_SETUP_COMPANY=acme_test \
		OPBRIDGE_SETUP_CLIENT_ID=$CLIENT OPBRIDGE_SETUP_PUBLIC_KEY=SandboxPublic01 \
		OPBRIDGE_SETUP_CA_FILE=$DIR/cw/ca.pem OPBRIDGE_SETUP_PRIVATE_KEY_FILE=- OPBRIDGE_SETUP_CONFIG=$CONF
	printf '%s' "$KEY" | "$BIN/opbridge" setup --json >"$DIR/out"
	cat "$DIR/out"
	jq -e '.ok and (.changed | index("the private key") and index("connectwise.site"))' "$DIR/out"
	[ "$(cat "$ETC/private.key")" = "$KEY" ]
}

@test "a key typed where the output is for a program is asked for beside it, and not shown" {
	options
	printf '%s\n' '#!/bin/sh' 'exec "$@" >"$OUT"' >"$DIR/into"
	chmod +x "$DIR/into"
	cat >"$DIR/talk" <<-'END'
		answer "Private key: " "two words"
		see "not one key"
		answer "Private key: " "SandboxPrivate-7d1f4c09"
		over
	END
	OUT=$DIR/out TALK=$DIR/talk run expect -f "$DIR/talk.exp" "$DIR/into" "$BIN/opbridge" setup --config "$CONF" \
		"${OPTIONS[@]}" --private-key-file - --json 3>&-
	echo "$output"
	[ "$status" = 0 ]
	[[ $output != *"$KEY"* ]]
	jq -en 'input.ok' "$DIR/out"
	[ "$(cat "$ETC/private.key")" = "$KEY" ]
}

@test "what is missing is listed with its option and its variable" {
	run quiet --site "localhost:$PORT" --non-interactive
	echo "$output"
	[ "$status" = 64 ]
	[[ $output != *--site* ]]
	for word in --company --client-id --public-key --private-key-file OPBRIDGE_SETUP_PRIVATE_KEY_FILE; do
		[[ $output == *"$word"* ]]
	done
	unchanged
}

@test "a trial that fails changes nothing, unless it is forced" {
	key_file SandboxPrivate-wrong
	options
	run quiet "${OPTIONS[@]}"
	echo "$output"
	[ "$status" = 78 ]
	unchanged
	admin POST /config '{"private_key":"SandboxPrivate-wrong"}' >/dev/null
	may "Company Maintenance" '"inquire":"None"'
	run quiet "${OPTIONS[@]}"
	[ "$status" = 78 ]
	[[ $output == *"Company Maintenance"*missing* ]]
	unchanged
	run quiet "${OPTIONS[@]}" --force
	[ "$status" = 0 ]
	grep -q SandboxPublic01 "$CONF"
	connectwise_stop
	run quiet "${OPTIONS[@]}"
	[ "$status" = 69 ]
}

@test "a dry run prints the configuration without the key, and neither writes nor asks ConnectWise" {
	key_file
	options
	"$BIN/opbridge" setup --config "$CONF" "${OPTIONS[@]}" --language fr --dry-run --non-interactive >"$DIR/out" </dev/null
	grep -q 'language = "fr";' "$DIR/out"
	run ! grep -q "$KEY" "$DIR/out"
	[ "$(asked GET .)" = 0 ]
	unchanged
}

@test "the key is neither on the command line nor in the environment nor in what is left" {
	for bad in --private-key=x "--private-key x"; do
		# shellcheck disable=SC2086 # two words on purpose
		run quiet $bad
		[ "$status" = 64 ]
		[[ $output == *"seen by every user"* ]]
	done
	OPBRIDGE_SETUP_PRIVATE_KEY=x run quiet
	[ "$status" = 64 ]
	[[ $output == *environment* ]]
	fault delay GET 'company/companies*' '"delay_ms":1500'
	run talk <<-'END'
		login "SandboxPrivate-7d1f4c09"
		see "codebase"
		exec sh -c "cat /proc/[exp_pid]/cmdline /proc/[exp_pid]/environ; for p in \$(pgrep -P [exp_pid]); do cat /proc/\$p/cmdline; done" > $env(TALK).seen
		answer "Board \[1\]: " ""
		answer "Status \[1\]: " ""
		answer "Language of tickets \[en\]: " ""
		answer "Time zone of tickets \[UTC\]: " ""
		answer "Emergency contact: " ""
		answer "Write it? \[yes\]: " ""
		over
	END
	echo "$output"
	[ "$status" = 0 ]
	grep -qaF -- --check "$DIR/talk.seen"
	run ! grep -qaF "$KEY" "$DIR/talk.seen"
	[[ $output != *"$KEY"* ]]
	rm "$DIR/talk" "$ETC/private.key" "$DIR/cw/keys.json"
	run ! grep -rqaF "$KEY" "$DIR"
}

# ==== where it cannot work ====

@test "a folder that may not be written is said before anything is asked" {
	if [ "$(id -u)" = 0 ]; then
		chmod 755 "$DIR" "$ETC" "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
		cp "$BIN/opbridge" "$BIN/opbridged" "$DIR/bin/" # the tree may be root's alone
		run setpriv --reuid 65534 --regid 65534 --clear-groups "$DIR/bin/opbridge" setup --config "$CONF" --non-interactive
	else
		chmod 555 "$ETC"
		run quiet --non-interactive
		chmod 755 "$ETC"
	fi
	echo "$output"
	[ "$status" = 77 ]
	[[ $output == *sudo* ]]
	unchanged
}

@test "whatever does not reach the disk, all is as before" {
	installed
	under_host_faults
	cp "$CONF" "$DIR/before"
	for ((n = 1; n < 30; n++)); do
		host_fault sync EIO $n 1
		# shellcheck disable=SC2086 # a command and its words
		run $BRIDGE_UNDER "$BIN/opbridge" setup language --config "$CONF" --language fr </dev/null
		[ "$(host_fault_hits)" != 0 ] || break
		[ "$status" = 74 ]
		cmp "$CONF" "$DIR/before"
		[[ $output != *"is written"* ]]
	done
	[ "$n" -gt 3 ]
	[ "$status" = 0 ]
	grep -qx '	language = "fr";' "$CONF"
}

@test "a daemon that is not there, a folder that is not there, a broken configuration" {
	run quiet --daemon "$DIR/none"
	[ "$status" = 66 ]
	[[ $output == *--daemon* ]]
	run "$BIN/opbridge" setup --config "$DIR/none/opbridge.conf" --non-interactive
	[ "$status" = 66 ]
	[[ $output == *"no folder"* ]]
	echo 'connectwise = { site = "x' >"$CONF"
	run quiet --non-interactive
	echo "$output"
	[ "$status" = 78 ]
	[[ $output == *"mended first"* ]]
	run quiet nonsense
	[ "$status" = 64 ]
}

@test "two at a time: the second one waits for another day" {
	run talk <<-END
		see "Site: "
		catch { exec "$BIN/opbridge" setup --config "$CONF" --non-interactive } said
		puts "second: \$said"
		send "\003"
		expect eof
	END
	echo "$output"
	[[ $output == *"second: "*"under way"* ]]
	unchanged
}

@test "a section without an answer and without a person is refused: nothing was rotated" {
	installed
	run quiet key
	[ "$status" = 64 ]
	[[ $output == *"nothing was given to change"*"--private-key-file"* ]]
	run quiet language --language fr
	[ "$status" = 0 ]
	run quiet language --language fr
	[ "$status" = 0 ]
}
