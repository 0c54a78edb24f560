#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What shellcheck says of the scripts, and of the tests of bats.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
if ! command -v shellcheck >/dev/null; then
	echo "1..0 # SKIP shellcheck is missing"
	exit 0
fi

# result NUMBER NAME STATUS COMPLAINTS
result() {
	if [ "$3" = 0 ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		echo "# ${4//$'\n'/$'\n'# }"
	fi
}

echo "1..2"
mapfile -t scripts < <(grep -rlE '^#!.*\b(sh|bash)$' bootstrap quickstart .ci man tests)
complaints=$(shellcheck -f gcc -x "${scripts[@]}" 2>&1)
result 1 "scripts" $? "$complaints"

# `run` sets variables that shellcheck cannot see.
mapfile -t tests < <(find tests -name '*.bats' -o -name '*.bash')
complaints=$(shellcheck -f gcc -x -s bash -e SC2030,SC2031,SC2034,SC2119,SC2120,SC2154 "${tests[@]}" 2>&1)
result 2 "tests of bats" $? "$complaints"
