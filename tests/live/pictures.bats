#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The formats that are pictures, of real runs: other programs can read them, and they hold what was made.
load common

# picture FORMAT SCENE...: the trace of an actor's scene in FORMAT, in `picture`; its own trace in `trace`.
picture() {
	limited "$CLTRACE" -o "$1:picture" -o "text:trace" "${@:2}" >out 2>err </dev/null 3>&-
	told
}

# Every child in the trace of calls.
children() {
	sed -nE 's/^[0-9]+ .*\) = ([1-9][0-9]*)( .*)?$/\1/p' trace | sort -n
}

@test "dot: Graphviz draws it, every task is a node" {
	type -P dot >/dev/null || skip "graphviz is missing"
	for sample in fork_vs_pthread exec_from_thread clone_parent orphan eight_ways; do
		picture dot "$SAMPLES/$sample"
		dot -Tplain picture >plain
		[ "$(grep -c '^node t' plain)" = "$(($(children | wc -l) + 1))" ]
		[ "$(grep -c '^edge t[0-9]* t[0-9]* .* solid' plain)" = "$(children | wc -l)" ]
	done
}

@test "dot: a dashed arrow where the parent is another than the creator" {
	picture dot "$SAMPLES/clone_parent"
	[ "$(grep -c 'style=dashed' picture)" = 1 ]
	picture dot "$SAMPLES/fork"
	[ "$(grep -c 'style=dashed' picture || true)" = 0 ]
}

@test "mermaid: every line is of its language" {
	picture mermaid "$SAMPLES/exec_from_thread"
	local node='t[0-9]+(\["[^"]*"\]|\(\["[^"]*"\]\))' edge='t[0-9]+ (-->|-\.->)(\|"[^"]*"\|)? t[0-9]+'
	[ "$(head -n1 picture)" = 'flowchart TD' ]
	tail -n+2 picture | grep -vE "^	($node|$edge|subgraph box_t[0-9]+ \[\" \"\]|end)$" >strange || true
	[ ! -s strange ]
	[ "$(grep -cE "^	$node$" picture)" = 3 ]
	[ "$(grep -cE "^	$edge$" picture)" = 2 ]
}

@test "lanes: a lane for each task, in a file and on a terminal of 80 columns" {
	picture lanes "$SAMPLES/fork_vs_pthread"
	has picture '^ +[0-9.]+ (├─╮|\+-\.) +[0-9]+ PROCESS by [0-9]+, (like )?fork\(\)' \
		'^ +[0-9.]+ (│ ●|\| o) +[0-9]+ exited 0'
	LC_ALL=C limited "$CLTRACE" --width=80 -o lanes:picture "$SAMPLES/thread_storage" >out 2>err </dev/null 3>&-
	[ "$(awk '{ if (length > most) most = length } END { print most }' picture)" -le 80 ]
}

@test "perfetto: tracks, lives and arrows are in order" {
	for sample in fork_vs_pthread exec_from_thread vfork clone_parent orphan refusals eight_ways; do
		picture perfetto "$SAMPLES/$sample"
		"$HELPERS/timeline" <picture >found || fail "$sample: $(cat found)"
		# Each child has a track with its life, and an arrow from its creator.
		sed -n 's/^arrow //p' found | sort -n | diff - <(children)
	done
}

@test "perfetto: what a killed cltrace leaves opens, too" {
	picture perfetto "$SAMPLES/eight_ways"
	for lines in 1 2 5 20; do
		head -n "$lines" picture >part
		"$HELPERS/timeline" --cut <part >found || fail "$lines lines: $(cat found)"
	done
	# The reader must be able to find fault.
	grep -v '"ph":"B"' picture >broken
	"$HELPERS/timeline" <broken >found && fail "no fault found"
	sed 's/"bp":"e",//' picture >broken
	"$HELPERS/timeline" <broken >found && fail "no fault found"
	grep -q 'no "bp"' found
}

@test "tree: every task has its place, also as JSON" {
	picture tree "$SAMPLES/eight_ways"
	[ "$(wc -l <picture)" = "$(($(children | wc -l) + 2))" ]
	limited "$CLTRACE" -J -O TID,CREATOR,NLWP -o tree:picture -o text:trace \
		"$SAMPLES/fork_vs_pthread" >out 2>err </dev/null 3>&-
	told
	tr -d ' \n' <picture >joined
	grep -qE "\{\"tid\":[0-9]+,\"creator\":null,\"nlwp\":2\}" joined
	for child in $(children); do
		grep -qE "\{\"tid\":$child,\"creator\":[0-9]+,\"nlwp\":[12]\}" joined
	done
}

@test "tree: by parent, the orphan stands beside who made it" {
	limited "$CLTRACE" --tree=parent -o tree:picture -o text:trace "$SAMPLES/subreaper" >out 2>err </dev/null 3>&-
	told
	[ "$(grep -c '^[├└|`]' picture)" = 2 ]
	limited "$CLTRACE" -o tree:picture -o text:trace "$SAMPLES/subreaper" >out 2>err </dev/null 3>&-
	[ "$(grep -c '^[├└|`]' picture)" = 1 ]
}

@test "ps: when the most tasks lived, each with its numbers" {
	picture ps "$SAMPLES/thread_ids"
	local pid
	pid=$(sed -n '1s/.* pid \([0-9]*\) .*/\1/p' out)
	grep -oE 'LWP\) [0-9]+' out | grep -oE '[0-9]+' | while read -r tid; do
		grep -E "^ *$(id -u) +$pid +[0-9]+ +$tid +4 .*thread_ids$" picture
	done
	[ "$(wc -l <picture)" = 5 ]
}

@test "ps --at: the moment that is asked for" {
	limited "$CLTRACE" --at=0 -o ps:picture -o text:trace "$SAMPLES/thread_ids" >out 2>err </dev/null 3>&-
	told
	[ "$(wc -l <picture)" -le 2 ]
	limited "$CLTRACE" --at=1000 -o ps:picture "$SAMPLES/thread_ids" >out 2>err </dev/null 3>&-
	grep -q 'no task lived' picture
}
