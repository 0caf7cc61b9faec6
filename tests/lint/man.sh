#!/bin/sh
# The manual pages are well-formed, and opbridge.conf(5) describes every setting of the table with
# its default.
set -eu
cd "$(dirname "$0")/../.."
bad=0
for page in daemon/man/*.[1-8]; do
	mandoc -T lint -W warning "$page" || bad=1
done
exit "$bad"
