#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a filter shows of a recording and what its negation shows make the whole. RENDER: the program that renders.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
render=${RENDER:-tests/golden/render}
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C TZ=UTC0

# The events of RECORDING as text, without what is at the end, and without notes about the trace as a whole, which no
# filter hides: shown RECORDING [FILTER]
shown() {
	grep -v '"kind":"note","tid":0,' "$1" | "$render" -b ${2:+-e "$2"}
}

# Complaints about FILTER and its NEGATION.
halves() {
	split=
	for recording in tests/golden/*.jsonl; do
		shown "$recording" "$1" >"$dir/a" && shown "$recording" "$2" >"$dir/b" || echo "$recording: refused"
		[ ! -s "$dir/a" ] || [ ! -s "$dir/b" ] || split=yes
		sort "$dir/a" "$dir/b" >"$dir/both"
		shown "$recording" | sort | diff - "$dir/both" >"$dir/difference" ||
			{ echo "$recording:" && head -n 5 "$dir/difference"; }
	done
	[ "$split" ] || echo "no recording has lines of both"
}

number=0
for filter in kind=thread kind=fork,vfork kind=container kind=sharing exec,exit creations clone3 fork pthread_create \
	refused namespaces,sessions signals stops verify attach comm=sh,make depth=0 'depth=>1' tid=4470; do
	number=$((number + 1))
	case $filter in
	*=*) negation=${filter%%=*}=!${filter#*=} ;;
	*) negation=!$filter ;;
	esac
	complaints=$(halves "$filter" "$negation" 2>&1)
	if [ -z "$complaints" ]; then
		echo "ok $number - $filter"
	else
		echo "not ok $number - $filter"
		echo "$complaints" | sed 's/^/# /'
	fi
done
echo "1..$number"
