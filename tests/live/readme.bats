#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What README and the manual show is what cltrace prints: but for pids, addresses and where lines are folded.
load common

setup_file() {
	local version
	version=$(getconf GNU_LIBC_VERSION 2>/dev/null) || skip "not glibc: its requests are others"
	printf '%s\n' "glibc 2.34" "$version" | sort -CV || skip "$version: its requests are others"
}

# One word on each line, tasks numbered in the order of their ends, "@" for addresses; a fold behind "|" ends no word.
words() {
	sed -E 's/0x[0-9a-f]+/@/g; s|[^ ]*samples/||; s|\./||' "$1" | sed -z 's/|\n */|/g' | awk '
		{ line[NR] = $0 }
		/^[0-9]+ exited / { task[$1] = "#" ++tasks }
		END {
			for (i = 1; i <= NR; i++) {
				count = split(line[i], word, " ")
				for (j = 1; j <= count; j++) {
					if (match(word[j], /[0-9]+/) && substr(word[j], RSTART, RLENGTH) in task)
						sub(/[0-9]+/, task[substr(word[j], RSTART, RLENGTH)], word[j])
					print word[j]
				}
			}
		}'
}

# shown SAMPLE: the document's example, in the file `example`, is the trace of SAMPLE.
shown() {
	need_libraries
	"$SAMPLES/$1" >untraced.out
	limited "$CLTRACE" -o trace "$SAMPLES/$1" >out </dev/null 3>&-
	[ -s example ] || fail "no example found"
	diff <(grep -vxFf untraced.out example >bare && words bare) <(words trace) || fail "the example is another"
}

# bats test_tags=user
@test "the examples in README and in the manual" {
	sed -n '/^    \$ build\/cltrace/,/^[^ ]/ { /^    [^$]/s/^    //p; /^$/p; }' "$top/README" >example
	grep -q '^after the thread' example
	shown fork_vs_pthread
	sed -n '/^\.Bd -literal/,/^\.Ed/ { /^\./!p; /^\.Ed/q; }' "$top/man/cltrace.1" >example
	shown fork_then_pthread
}
