#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The tutorial's prose fits the output that it shows. (tests/live/tutorial.bats compares that output with real runs.)
load common

# claims PAGE: what a section of the page says in quotes, and flags, errors and options that it names, but are not in
# the output that it shows; after "no", those that are.
claims() {
	awk '
		function check() {
			for (i = 1; shown != "" && i <= count; i++)
				if ((index(shown, claim[i]) > 0) == absent[i])
					print section ": " claim[i]
			shown = ""
			count = 0
		}
		/^\.Sh / { check(); section = substr($0, 5) }
		/^\.Ed/ { literal = 0 }
		literal { shown = shown $0 "\n" }
		/^\.Bd -literal/ { literal = 1 }
		!literal && /^\.(Pq )?(Dq|Dv|Sy|Er|Fl) / {
			words = $0
			sub(/^\.(Pq )?/, "", words)
			option = sub(/^Fl /, "-", words)
			sub(/^[A-Z][a-z] /, "", words)
			sub(/ [,.;:)]$/, "", words)
			sub(/ \)$/, "", words)
			claim[++count] = words
			absent[count] = before ~ / no$/
		}
		{ before = $0 }
		END { check() }' "$1"
}

@test "what the tutorial claims is in the output that it shows" {
	local page=$top/man/cltrace-tutorial.7
	claims "$page" >lacking
	[ ! -s lacking ] || fail "$(cat lacking)"
	# It has really looked: a claim that is taken away, and one that is added, are found.
	sed 's/^there is no$/there is/; s/^\.Dq by$/.Dq by nobody/' "$page" >other
	claims other >lacking
	printf '%s\n' 'A PROCESS AND A THREAD: by nobody' 'VFORK AND POSIX_SPAWN: CLONE_THREAD' | diff - lacking
}

@test "the tutorial has every sample" {
	for sample in "$top"/samples/*.c; do
		sample=${sample##*/}
		grep -q "\./${sample%.c}\b" "$top/man/cltrace-tutorial.7" || fail "$sample is not in it"
	done
}
