#!/bin/sh
# Install what building and testing need, if it is missing (Debian 12).
set -eu
want="gcc make pkg-config libevent-dev libcurl4-openssl-dev libcjson-dev libcsv-dev libconfig-dev
libsqlite3-dev libglib2.0-dev tzdata libsystemd-dev libssl-dev libpsl-dev libidn2-dev libunistring-dev libcmocka-dev
curl jq bats socat openssl clang clang-format
clang-tidy cppcheck shellcheck strace systemd mandoc util-linux procps bsdextrautils binutils faketime expect
python3-aiosmtpd valgrind e2fsprogs"
missing=
for p in $want; do
	dpkg -s "$p" >/dev/null 2>&1 || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
echo "installing:$missing"
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q
# shellcheck disable=SC2086 # a list of words on purpose
$sudo apt-get install -y -q --no-install-recommends $missing
