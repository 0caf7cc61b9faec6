# Words for scenarios with mail: the mail server of tests/smtp, its certificates, what it took.
# shellcheck shell=bash disable=SC2034,SC2154
SMTP_PASSWORD='Mail Passw0rd-5e8f'

# smtp_certificates: a CA and a certificate for localhost signed by it, in $DIR/smtp
smtp_certificates() {
	mkdir -p "$DIR/smtp"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=Mail test CA" \
		-keyout "$DIR/smtp/ca.key" -out "$DIR/smtp/ca.pem" 2>/dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
		-keyout "$DIR/smtp/key.pem" -out "$DIR/smtp/request.pem" 2>/dev/null
	openssl x509 -req -in "$DIR/smtp/request.pem" -CA "$DIR/smtp/ca.pem" -CAkey "$DIR/smtp/ca.key" -days 2 \
		-extfile <(echo "subjectAltName=DNS:localhost,IP:127.0.0.1") -out "$DIR/smtp/cert.pem" 2>/dev/null
}
# smtp_start [OPTION...]: options of the server; STARTTLS and a login unless they say otherwise
smtp_start() {
	[ -f "$DIR/smtp/cert.pem" ] || smtp_certificates
	rm -f "$DIR/smtp/port"
	/usr/bin/python3 "$ROOT/tests/smtp/server.py" --dir "$DIR/smtp" --cert "$DIR/smtp/cert.pem" --key "$DIR/smtp/key.pem" \
		--user bridge --password "$SMTP_PASSWORD" "$@" >>"$DIR/smtp/out.log" 2>&1 3>&- &
	SMTP_PID=$!
	await "the mail server" test -s "$DIR/smtp/port"
	SMTP_PORT=$(cat "$DIR/smtp/port")
}
smtp_stop() {
	[ -z "${SMTP_PID:-}" ] || { kill -KILL "$SMTP_PID" 2>/dev/null && wait "$SMTP_PID" 2>/dev/null; } || true
	SMTP_PID=
}
smtp_fault() { echo "$*" >"$DIR/smtp/fault"; }
mails() { find "$DIR/smtp/mail" -name '*.eml' 2>/dev/null | wc -l; }
has_mails() { [ "$(mails)" -ge "$1" ]; }
# mail_part N PART: subject, text, to, or the name of a header of the N-th mail (from 1)
mail_part() {
	/usr/bin/python3 - "$DIR/smtp/mail/$1.eml" "$2" <<-'END'
		import email, email.policy, sys
		m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
		print(m.get_content() if sys.argv[2] == "text" else m.get(sys.argv[2], ""))
	END
}
