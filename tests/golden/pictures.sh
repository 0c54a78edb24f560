#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The formats that other programs read: each recording NAME.jsonl as a picture, which must be valid in its language.
# RENDER is the program that renders, TIMELINE reads as a viewer of timelines does.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
render=${RENDER:-tests/golden/render}
timeline=${TIMELINE:-tests/golden/timeline}
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C TZ=UTC0

# A picture of RECORDING in $dir/picture: picture FORMAT RECORDING
picture() {
	"$render" -f "$1" <"$2" >"$dir/picture"
}

# The tasks that were created in RECORDING and whose creator is known.
children() {
	sed -nE '/"kind":"spawn"/s/.*"creator":[1-9].*"child":([0-9]+).*/\1/p' "$1" | sort -n
}

dot_is_read() {
	picture dot "$1" || return
	dot -Tplain "$dir/picture" >"$dir/plain" 2>"$dir/err" || cat "$dir/err"
	edges=$(grep -c '^edge t[0-9]* t[0-9]* .* solid' "$dir/plain")
	[ "$edges" = "$(children "$1" | wc -l)" ] || echo "$edges edges, not one for each creation"
	[ "$(grep -c '^node t' "$dir/plain")" -gt "$edges" ] || echo "fewer tasks than edges"
}

mermaid_is_read() {
	node='[tp][0-9]+(\["[^"]*"\]|\(\["[^"]*"\]\)|\[/"[^"]*"/\])'
	edge='[tp][0-9]+ (-->|-\.->)(\|"[^"]*"\|)? t[0-9]+'
	picture mermaid "$1" || return
	[ "$(head -n 1 "$dir/picture")" = 'flowchart TD' ] || echo "no flowchart"
	tail -n +2 "$dir/picture" | grep -vE "^	($node|$edge|subgraph box_t[0-9]+ \[\" \"\]|end)$"
	[ "$(grep -cE "^	t[0-9]+ -->" "$dir/picture")" = "$(children "$1" | wc -l)" ] ||
		echo "not an arrow for each creation"
}

# Also what a killed cltrace leaves.
perfetto_is_read() {
	picture perfetto "$1" || return
	whole=--cut # some recordings end while tasks are alive, and the slices of a zombie that was there stay open
	[ "$(grep -cE '"kind":"(spawn|attach|look)"' "$1")" != "$(grep -cE '"kind":"(exit|detach)"' "$1")" ] ||
		grep -q '"zombie":true' "$1" || whole=
	# shellcheck disable=SC2086 # no word, or one
	"$timeline" $whole <"$dir/picture" >"$dir/found" || cat "$dir/found"
	sed -n 's/^arrow //p' "$dir/found" | sort -n >"$dir/arrows"
	children "$1" | diff - "$dir/arrows"
	for lines in 1 2 5 20; do
		head -n $lines "$dir/picture" | "$timeline" --cut >"$dir/found" ||
			echo "$lines lines: $(cat "$dir/found")"
	done
}

# The reader must be able to find fault.
fault_is_found() {
	picture perfetto tests/golden/everything.jsonl
	! grep -v '"ph":"B"' "$dir/picture" | "$timeline" >"$dir/found" || echo "no fault found"
	sed 's/"bp":"e",//' "$dir/picture" | "$timeline" | grep -q 'no "bp"' || echo "no fault found"
}

# result NAME COMPLAINTS
result() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

number=0
for recording in tests/golden/*.jsonl; do
	name=${recording#tests/golden/}
	if command -v dot >/dev/null; then
		result "dot: Graphviz draws $name" "$(dot_is_read "$recording" 2>&1)"
	else
		result "dot: Graphviz draws $name # SKIP graphviz is missing" ""
	fi
	result "mermaid: $name is a flowchart" "$(mermaid_is_read "$recording" 2>&1)"
	result "perfetto: $name has tracks, lives and arrows in order" "$(perfetto_is_read "$recording" 2>&1)"
done
result "perfetto: what is not in order is found" "$(fault_is_found 2>&1)"
echo "1..$number"
