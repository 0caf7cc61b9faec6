# The emergency contact: what is told, when, how often, and that it never stands in anybody's way.
load bridge_helper
load ../smtp/smtp_helper

bridge_setup() {
	bridge_start
	map_three
}
alarm_settings() {
	setting alarm.mail_to '"oncall@example.com, it@example.com"'
	setting alarm.mail_from '"opbridge@example.com"'
	setting alarm.smtp "\"smtp://localhost:$SMTP_PORT\""
	setting alarm.smtp_user '"bridge"'
	setting alarm.smtp_password_file "\"$DIR/smtp.password\""
	setting alarm.smtp_ca_file "\"$DIR/smtp/ca.pem\""
	setting alarm.smtp_timeout '"3s"'
	setting alarm.hold '"100ms"'
	setting alarm.remind_every '"0s"'
	setting alarm.disk_free '"0%"'
	printf '%s\n' "$SMTP_PASSWORD" >"$DIR/smtp.password"
	chmod 600 "$DIR/smtp.password"
}
setup() {
	scenario_begin
	smtp_start
	alarm_settings
}
teardown() {
	local status=0
	smtp_stop
	scenario_end || status=1
	! grep -rlaF "$SMTP_PASSWORD" "$DIR/bridge.log" "$DIR"/queue.db* "$DIR/smtp/mail" >&2 || status=1
	return $status
}
# told N: wait for the N-th mail
told() { await "mail number $1" has_mails "$1"; }
alarms() { opb status --json | jq -r '[.alarm.active[].cause] | join(" ")'; }
alarm_is() { [ "$(alarms)" = "$1" ]; }

@test "refused keys are told once, with what it means and what to do, and their end once" {
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	told 1
	[ "$(jq -r '.to | join(" ")' "$DIR/smtp/mail/1.json")" = "oncall@example.com it@example.com" ]
	[ "$(jq -r '.tls, .user' "$DIR/smtp/mail/1.json" | xargs)" = "true bridge" ]
	[[ $(mail_part 1 subject) == "[opbridge "*"] Problem: ConnectWise refuses the keys" ]]
	[ "$(mail_part 1 Auto-Submitted)" = auto-generated ]
	mail_part 1 text | grep 'For your customers: No ticket is created'
	mail_part 1 text | grep 'What to do: .*System > Members > API Members'
	[ "$(alarms)" = keys ]
	opb metrics | grep -x 'opbridge_alarm{cause="keys"} 1'
	opb status | grep -A3 '^ *alarm' | grep 'ConnectWise refuses the keys'
	setting connectwise.public_key '"SandboxPublic01"'
	bridge_reload
	told 2
	[[ $(mail_part 2 subject) == *"Over: ConnectWise refuses the keys" ]]
	opb metrics | grep -x 'opbridge_alarm{cause="keys"} 0'
	[ "$(mails)" = 2 ]
}
