#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Plays each NAME.stops, a file of `cltrace --debug-stops`, to follow and compares its events and orders with NAME.txt.
#
# replay.sh --update rewrites every NAME.txt: read the difference before you commit it.
# REPLAY is the program that plays.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
replay=${REPLAY:-tests/stops/replay}
out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT

set -- "${1-}" tests/stops/*.stops
update=$1
shift
[ "$update" ] || echo "1..$#"
number=0
for recorded; do
	expected=${recorded%.stops}.txt
	name=${recorded#tests/stops/}
	"$replay" -o <"$recorded" >"$out" 2>&1
	status=$?
	number=$((number + 1))
	if [ "$update" = --update ]; then
		[ $status = 0 ] || { echo "$name: $(tail -n1 "$out")" >&2; exit 1; }
		cat "$out" >"$expected"
	elif [ $status = 0 ] && difference=$(diff -u "$expected" "$out"); then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		{ echo "status $status"; echo "$difference"; } | sed 's/^/# /'
	fi
done
