# Tenants to and from a file: everything in it or nothing, and never into the wrong company.
load bridge_helper
bats_require_minimum_version 1.5.0

# file LINE...: a CSV file of tenants; lines end as spreadsheets end them
file() { printf '%s\r\n' "$@" >"$DIR/t.csv"; }
import() { opb tenants import "$DIR/t.csv" "$@"; }
tenant() { opb tenants --json | jq -c --arg d "$1" '.tenants[] | select(.domain == $d)'; }
company_of() { tenant "$1" | jq -r '.company.identifier'; }
# at_terminal ANSWERS COMMAND...: at a terminal, with a person who answers
at_terminal() {
	local answers=$1
	shift
	printf "$answers" | OPBRIDGE_CONTROL_SOCKET="$DIR/control.sock" TERM=xterm script -qec "stty cols 80; $(printf '%q ' "$@")" /dev/null
}

@test "what is exported is imported elsewhere; a second time there is nothing to do" {
	bridge_start
	map_three
	event e0 --domain "unmapped.example" --name 'Éclair, "Frères" & Cie'
	opb map fabrikam.com Fabrikam --name "=HYPERLINK(1)"
	opb flow wingtiptoys.fr off
	opb tenants export "$DIR/t.csv"
	head -c 3 "$DIR/t.csv" | grep -q $'\xef\xbb\xbf'
	grep -q "\"'=HYPERLINK(1)\"" "$DIR/t.csv"
	opb tenants export --json "$DIR/t.json"
	opb tenants --json | jq -S '[.tenants[] | {id, domain, name, company: .company.id, flow}] | sort' >"$DIR/before"
	run import
	[ "$status" = 0 ]
	[[ $output == *"Nothing to do"* ]]
	bridge_stop
	rm "$DIR"/queue.db*
	bridge_start
	import --yes
	opb tenants --json | jq -S '[.tenants[] | {id, domain, name, company: .company.id, flow}] | sort' >"$DIR/after"
	diff "$DIR/before" "$DIR/after"
	run opb tenants import "$DIR/t.json"
	[ "$status" = 0 ]
	[[ $output == *"0 new, 0 changed, 4 same, 0 wrong"* ]]
	[[ $output == *"Nothing to do"* ]]
	[ "$(opb audit --json | jq -r '[.audit[] | select(.action == "map") | .how] | unique | join(" ")')" = import ]
}

@test "--dry-run shows each row and changes nothing" {
	bridge_start
	map_three
	file 'domain,company_identifier,flow,name' 'contoso.com,Fabrikam,off,' 'fabrikam.com,Fabrikam,on,' 'new.example,Contoso,,New' 'x y,Contoso,,' 'wingtiptoys.fr,Nobody,,'
	opb tenants --json >"$DIR/before"
	run import --dry-run
	[ "$status" = 65 ]
	[[ $output == *"~ contoso.com: company Contoso Ltd (101) → Fabrikam Inc. (113); flow on → off"* ]]
	[[ $output == *"= fabrikam.com"* ]]
	[[ $output == *"+ new.example: name New; company Contoso Ltd (101)"* ]]
	[[ $output == *'! line 5: tenant.domain "x y" is not a domain name'* ]]
	[[ $output == *"! line 6: no company has the identifier Nobody"* ]]
	[[ $output == *"1 new, 1 changed, 1 same, 2 wrong. Nothing was changed."* ]]
	opb tenants --json | cmp - "$DIR/before"
	[ "$(opb audit --json | jq '[.audit[] | select(.how == "import")] | length')" = 0 ]
}

@test "one bad row, and nothing of the file counts" {
	bridge_start
	map_three
	file 'domain,company' 'new.example,101' 'contoso.com,999999' 'fabrikam.com,abc'
	run import --yes
	[ "$status" = 65 ]
	[[ $output == *"! line 3: no company 999999 is known"* ]]
	[[ $output == *'! line 4: company must be a company'* ]]
	[ -z "$(tenant new.example)" ]
}

@test "a file from another ConnectWise is refused: identifier and id disagree" {
	bridge_start
	file 'domain,company,company_identifier' 'contoso.com,113,Contoso'
	run import --yes
	[ "$status" = 65 ]
	[[ $output == *"the company Contoso has the id 101 here, not 113: is the file from another ConnectWise?"* ]]
	[ -z "$(tenant contoso.com)" ]
}

@test "a file from another ConnectWise is refused: the id alone is another company's here" {
	bridge_start
	file 'domain,company,company_name' 'contoso.com,118,Contoso Ltd'
	run import --yes
	[ "$status" = 65 ]
	[[ $output == *"the company 118 is Adventure Works GmbH here, not Contoso Ltd: is the file from another ConnectWise?"* ]]
	[ -z "$(tenant contoso.com)" ]
	file 'domain,company,company_name' 'contoso.com,101,contoso ltd'
	import --yes
	[ "$(company_of contoso.com)" = Contoso ]
}

@test "tenants absent from the file stay, and an empty company unmaps only with --unmap" {
	bridge_start
	map_three
	file 'domain,company' 'contoso.com,'
	run import --yes
	[[ $output == *"Nothing to do"* ]]
	[ "$(company_of contoso.com)" = Contoso ]
	run import --yes --unmap
	[[ $output == *"~ contoso.com: company Contoso Ltd (101) → none"* ]]
	[ "$(company_of contoso.com)" = null ]
	[ "$(company_of fabrikam.com)" = Fabrikam ]
}

@test "rows about one tenant are refused, in one request and over many" {
	bridge_start
	{
		printf 'id,domain,company_identifier\n,contoso.com,Contoso\n,contoso.com,Fabrikam\n'
		for i in {1..250}; do printf ',t%s.example,Contoso\n' "$i"; done
		printf ',t1.example,Fabrikam\n%s,t2.example,Contoso\n' $CONTOSO
	} >"$DIR/t.csv"
	run import --dry-run
	[ "$status" = 65 ]
	[[ $output == *"! line 3: line 2 is about the same tenant"* ]]
	[[ $output == *"! line 254: line 4 is about the same tenant"* ]]
	[[ $output == *"! line 255: line 5 is about the same tenant"* ]]
	[[ $output == *"251 new, 0 changed, 0 same, 3 wrong"* ]]
}

@test "what a spreadsheet makes of it: semicolons, quotes, line breaks, no name for a column" {
	bridge_start
	printf '\xef\xbb\xbfdomain;name;company_identifier;flow\r\n"contoso.com";"Contoso ""the one""\nLtd";Contoso;OFF\r\n;;;\r\n' >"$DIR/t.csv"
	import --yes
	[ "$(tenant contoso.com | jq -r '[.name, .flow, .company.id] | join("|")')" = 'Contoso "the one" Ltd|false|101' ]
	file 'domain,compny' 'contoso.com,101'
	run import --yes
	[ "$status" = 65 ]
	[[ $output == *'"compny" is none of id, domain'* ]]
	printf 'domain,name\ncontoso.com,Caf\xe9\n' >"$DIR/t.csv"
	run import --yes
	[ "$status" = 65 ]
	[[ $output == *"line 2 is no text in UTF-8"* ]]
	printf 'domain,name\ncontoso.com,"open\n' >"$DIR/t.csv"
	run import --yes
	[ "$status" = 65 ]
	[[ $output == *"line 2: a quote"* ]]
	: >"$DIR/t.csv"
	run import --yes
	[ "$status" = 65 ]
	[[ $output == *"the file is empty"* ]]
}

@test "a person is asked, and about many held events once more" {
	bridge_start
	for i in {1..21}; do
		printf '{"id":"h%s","tenant":{"domain":"contoso.com"},"type":"T","entities":{"user":"u%s"}}\n' "$i" "$i"
	done | opb submit --quiet
	file 'domain,company_identifier' 'contoso.com,Contoso'
	run import </dev/null
	[ "$status" = 64 ]
	[[ $output == *"say --yes"* ]]
	run at_terminal 'n\n' "$BIN/opbridge" tenants import "$DIR/t.csv"
	[[ $output == *"Held events that become tickets: 21."* ]]
	[[ $output == *"nothing was changed"* ]]
	run at_terminal 'y\nn\n' "$BIN/opbridge" tenants import "$DIR/t.csv"
	[[ $output == *"21 held events become tickets in ConnectWise. Release them?"* ]]
	[[ $output == *"nothing was changed"* ]]
	[ "$(company_of contoso.com)" = null ]
	run at_terminal 'y\nyes\n' "$BIN/opbridge" tenants import "$DIR/t.csv"
	[[ $output == *"Events released: 21"* ]]
	settle
	[ "$(ticket_count)" = 21 ]
}

@test "a row that turns the flow off lets nothing slip through when it is mapped" {
	bridge_start
	event e1
	file 'domain,company_identifier,flow' 'contoso.com,Contoso,off'
	import --yes
	settle
	[ "$(state_of e1)" = skipped ]
	[ "$(ticket_count)" = 0 ]
	[ "$(opb audit --json | jq -r '[.audit[].action] | join(" ")')" = "map flow_off" ]
}

@test "export leaves a good file alone when the new one cannot be written, and takes no strange words" {
	bridge_start
	map_three
	run opb tenants export "$DIR/nowhere/t.csv"
	[ "$status" = 74 ]
	run opb tenants exprt
	[ "$status" = 64 ]
	[[ $output == *"'export', 'import FILE' or nothing"* ]]
	run opb tenants import
	[ "$status" = 64 ]
	run opb tenants --dry-run
	[ "$status" = 64 ]
	run opb tenants import "$DIR/none.csv"
	[ "$status" = 66 ]
	[ "$(opb tenants export | wc -l)" = 4 ]
	[ "$(opb tenants export --json - | jq length)" = 3 ]
	opb tenants | grep -q "Contoso Ltd"
}

@test "1,000 tenants, and others are answered meanwhile" {
	bridge_start
	{
		echo domain,company_identifier
		for i in {1..1000}; do echo "t$i.example,Contoso"; done
	} >"$DIR/t.csv"
	import --yes >"$DIR/said" &
	local pid=$! worst=0 ms
	while kill -0 "$pid" 2>/dev/null; do
		ms=$(curl -s -o /dev/null -w '%{time_total}' --unix-socket "$DIR/control.sock" http://x/healthz | awk '{ printf "%d", $1 * 1000 }')
		[ "$ms" -le "$worst" ] || worst=$ms
	done
	wait "$pid"
	grep -q "1000 new" "$DIR/said"
	echo "# the slowest answer meanwhile took $worst ms" >&3
	[ "$worst" -lt 1000 ]
	[ "$(opb tenants --json | jq '.tenants | length')" = 1000 ]
	run import --yes
	[[ $output == *"1000 same"*"Nothing to do"* ]]
}

@test "an export keeps the mode and the link of what it replaces, and touches no other file" {
	bridge_start
	map_three
	echo mine >"$DIR/t.csv.new"
	ln -s t.csv "$DIR/link.csv"
	(umask 022 && opb tenants export "$DIR/t.csv")
	[ "$(stat -c %a "$DIR/t.csv")" = 640 ]
	chmod 600 "$DIR/t.csv"
	opb tenants export "$DIR/link.csv"
	[ -L "$DIR/link.csv" ]
	[ "$(stat -c %a "$DIR/t.csv")" = 600 ]
	[ "$(cat "$DIR/t.csv.new")" = mine ]
	[ "$(find "$DIR" -name 't.csv*' | wc -l)" = 2 ]
	run opb tenants export "$DIR/none/t.csv"
	[ "$status" = 74 ]
}

@test "on a terminal an export shows what a name holds instead of obeying it" {
	bridge_start
	opb map contoso.com Contoso --name $'Evil \xc2\x9b31m\xe2\x80\xae name' >/dev/null
	for how in --csv --json; do
		at_terminal '' "$BIN/opbridge" tenants export $how >"$DIR/shown"
		grep -F 'u{202e} name' "$DIR/shown"
		run ! env LC_ALL=C grep -q $'\xe2\x80\xae\|\xc2\x9b' "$DIR/shown"
		run ! grep -F 'x0d' "$DIR/shown"
	done
	opb tenants export | LC_ALL=C grep -q $'\xe2\x80\xae'
}
