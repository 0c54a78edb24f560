#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# ps, of real runs: the numbers are the program's own. (tests/golden has the other formats that draw.)
load common

# picture FORMAT SCENE...: the trace of an actor's scene in FORMAT, in `picture`; its own trace in `trace`.
picture() {
	limited "$CLTRACE" -o "$1:picture" -o "text:trace" "${@:2}" >out 2>err </dev/null 3>&-
	told
}

# bats test_tags=user
@test "ps: when the most tasks lived, each with its numbers" {
	picture ps "$SAMPLES/thread_ids"
	local pid
	pid=$(sed -n '1s/.* pid \([0-9]*\) .*/\1/p' out)
	grep -oE 'LWP\) [0-9]+' out | grep -oE '[0-9]+' | while read -r tid; do
		grep -E "^ *$(id -u) +$pid +[0-9]+ +$tid +4 .*thread_ids$" picture
	done
	[ "$(wc -l <picture)" = 5 ]
}
