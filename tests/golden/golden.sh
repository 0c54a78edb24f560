#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Renders each recording NAME.jsonl with the options that VARIANT stands for and compares with NAME.VARIANT.txt.
#
# golden.sh --update rewrites every NAME.VARIANT.txt that exists (make an empty one to begin a new variant): read the
# difference before you commit it. RENDER is the program that renders.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
render=${RENDER:-tests/golden/render}
out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT

export LC_ALL=C TZ=UTC0
# The first UTF-8 locale there is; musl knows any name.
utf8=$(locale -a 2>/dev/null | grep -iE -m1 '^(C|en_US|POSIX)\.utf-?8$')

# The options of VARIANT. -b leaves out what text has at its end: `default`, a few others and `tree` show that.
options() {
	case $1 in
	default) ;;
	quiet) echo "-q -T" ;;
	json) echo "-f json" ;;
	tree) echo "-f tree" ;;
	tree-json) echo "-f tree -J" ;;
	tree-parent) echo "-f tree -P" ;;
	tree-folded) echo "-f tree -F 10" ;;
	tree-calls) echo "-f tree -F 10 -O +CALL" ;;
	tree-calls-no-origin) echo "-f tree -F 10 -O +CALL -N" ;;
	summary) echo "-f summary -w 100" ;;
	summary-json) echo "-f summary -J" ;;
	summary-utf8) echo "-f summary -u -w 60" ;;
	summary-threads) echo "-f summary -e kind=thread" ;;
	ps) echo "-f ps" ;;
	snapshot) echo "-f snapshot -w 160" ;;
	snapshot-json) echo "-f snapshot -J" ;;
	dot) echo "-f dot" ;;
	mermaid) echo "-f mermaid" ;;
	perfetto) echo "-f perfetto" ;;
	lanes) echo "-f lanes" ;;
	lanes-utf8) echo "-f lanes -u -w 100" ;;
	threads) echo "-e kind=thread -e trace=!exit" ;;
	threads-dot) echo "-f dot -e kind=thread" ;;
	threads-lanes) echo "-f lanes -e kind=thread -e trace=none" ;;
	threads-perfetto) echo "-f perfetto -e kind=thread -e trace=none" ;;
	folded) echo "-f folded" ;;
	origin) echo "-o -b" ;;
	no-origin) echo "-N -b" ;;
	quiet-stack) echo "-q -k 3" ;;
	summary-no-origin) echo "-f summary -N -w 100" ;;
	descriptors) echo "-y" ;;
	descriptors-quiet) echo "-y -v -q" ;;
	stack) echo "-k 5 -w 100 -b" ;;
	stack-verbose) echo "-k 64 -v -b" ;;
	none) echo "-e trace=none -e depth=0-1" ;;
	exec-json) echo "-f json -e exec" ;;
	verbose) echo "-v -b" ;;
	duration) echo "-T -b" ;;
	cost) echo "-v -T -b" ;;
	rest) echo "-e trace=!creations -b" ;;
	verbose-rest) echo "-v -e trace=!creations -b" ;;
	seconds) echo "-t -q -T" ;;
	micro) echo "-tt -q" ;;
	epoch) echo "-ttt -q" ;;
	relative) echo "-r -q" ;;
	few) echo "-l 1 -e trace=none" ;;
	no-tree) echo "-l 0 -e trace=none" ;;
	narrow) echo "-v -tt -w 80" ;;
	color) echo "-c -w 100" ;;
	utf8) echo "-u -w 100" ;;
	*) return 1 ;;
	esac
}

# run VARIANT NAME: renders into $out.
run() {
	flags=$(options "$1") || { echo "no such variant: $1" >"$out"; return 99; }
	locale=C
	case $1 in *utf8) locale=${utf8:-C.UTF-8} ;; esac
	# shellcheck disable=SC2086
	LC_ALL=$locale "$render" $flags <"tests/golden/$2.jsonl" >"$out" 2>&1
}

set -- "${1-}" tests/golden/*.*.txt
update=$1
shift
[ "$update" ] || echo "1..$#"
number=0
for expected; do
	name=${expected#tests/golden/}
	name=${name%.txt}
	run "${name#*.}" "${name%%.*}"
	status=$?
	number=$((number + 1))
	if [ "$update" = --update ]; then
		[ $status = 0 ] || { echo "$name: $(tail -n1 "$out")" >&2; exit 1; }
		cat "$out" >"$expected"
	elif [ $status = 77 ]; then
		echo "ok $number - $name # SKIP no UTF-8 locale"
	elif [ $status = 0 ] && difference=$(diff -u "$expected" "$out"); then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		{ echo "status $status"; echo "$difference"; } | sed 's/^/# /'
	fi
done
