#!/bin/sh
# Each outside library's header is included by one file only, so that it can be exchanged there.
# Exceptions, on purpose:
# - libevent is the loop itself: io/ and app/ and main.c may use it;
# - the client library is built for programs outside and shares no code with the daemon;
# - cJSON's, SQLite's and libcurl's headers are passed on by the one header that wraps them.
set -eu
cd "$(dirname "$0")/../.."
bad=0
may() { # may HEADER: the files that may include it, as a pattern
	case $1 in
	cjson/*) echo 'daemon/base/json.h' ;;
	csv.h) echo 'daemon/ctl/csv.c' ;;
	curl/*) echo 'daemon/io/wire.h daemon/client/*' ;;
	glib.h) echo 'daemon/base/zone.c' ;;
	event2/*) echo 'daemon/io/* daemon/app/* daemon/main.c' ;;
	idn2.h | libpsl.h) echo 'daemon/core/match_domain.c' ;;
	libconfig.h) echo 'daemon/io/conf.c' ;;
	openssl/*) echo 'daemon/base/digest.c' ;;
	sqlite3.h) echo 'daemon/io/store_db.h' ;;
	systemd/sd-journal.h) echo 'daemon/io/journal.c' ;;
	systemd/sd-daemon.h) echo 'daemon/io/notify.c' ;;
	unicase.h | unictype.h | uninorm.h | unistr.h) echo 'daemon/base/unicode.c' ;;
	arpa/inet.h | netinet/in.h | netinet/tcp.h | libgen.h | wctype.h | sys/file.h | sys/ioctl.h | sys/mman.h | sys/prctl.h | sys/queue.h | \
		sys/random.h | sys/resource.h | sys/signalfd.h | sys/socket.h | sys/stat.h | sys/statvfs.h | \
		sys/time.h | sys/types.h | sys/uio.h | sys/un.h | sys/wait.h) echo '*' ;;
	assert.h | ctype.h | dirent.h | errno.h | fcntl.h | getopt.h | grp.h | inttypes.h | \
		limits.h | locale.h | math.h | netdb.h | poll.h | pthread.h | pwd.h | signal.h | spawn.h | \
		stdarg.h | stdbool.h | stddef.h | stdint.h | stdio.h | stdlib.h | string.h | \
		strings.h | sysexits.h | syslog.h | termios.h | time.h | unistd.h | wchar.h) echo '*' ;;
	esac
}
fits() { # fits FILE PATTERNS
	set -f
	for pattern in $2; do
		# shellcheck disable=SC2254 # patterns on purpose
		case $1 in
		$pattern) set +f && return 0 ;;
		esac
	done
	set +f
	return 1
}
for file in $(find daemon include -name '*.[ch]' | sort); do
	while IFS= read -r hit; do
		[ -n "$hit" ] || continue
		line=${hit%%:*}
		header=$(echo "$hit" | sed 's/.*<\(.*\)>.*/\1/')
		where=$(may "$header")
		if [ -z "$where" ]; then
			echo "$file:$line: <$header> is unknown: name in tests/lint/libs.sh who may include it"
			bad=1
		elif ! fits "$file" "$where"; then
			echo "$file:$line: <$header> is for $where only"
			bad=1
		fi
	done <<-EOF
		$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' "$file" || true)
	EOF
done
exit "$bad"
