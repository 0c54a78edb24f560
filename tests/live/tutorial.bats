#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The tutorial's output is that of real runs. To make it anew:
#   man/make-tutorial CLTRACE SAMPLES > man/cltrace-tutorial.7
load common

: "${top_srcdir:=$BATS_TEST_DIRNAME/../..}"

# One word on each line, without what differs from machine to machine: amounts of memory, times, nice values, the number
# of CPUs, the inodes of namespaces.
words() {
	tr -s ' \t\n' ' ' <"$1" |
		sed -E 's/<[0-9.]+>/<T>/g; s/nice -?[0-9]+/nice N/g; s/on [0-9]+ CPUs/on N CPUs/g
			s/[0-9]+ KiB/N KiB/g; s/40265[0-9]{5}/NS/g' |
		tr ' ' '\n'
}

@test "the tutorial shows what cltrace prints" {
	local page=$top_srcdir/man/cltrace-tutorial.7 libc made status=0
	libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || skip "not glibc: its requests are others"
	made=$(sed -nE '2s/.* with (.*)\. Do not edit\.$/\1/p' "$page")
	need_libraries
	[ "$libc" = "$made" ] || skip "$libc: the page was made with $made"
	limited "$top_srcdir/man/make-tutorial" "$CLTRACE" "$SAMPLES" >made 2>err </dev/null 3>&- || status=$?
	[ "$status" != 77 ] || skip "namespaces of one's own are not permitted here"
	[ "$status" = 0 ] || fail "$(cat err)"
	diff <(words "$page") <(words made) ||
		fail "make it anew and read the difference: man/make-tutorial CLTRACE SAMPLES > man/cltrace-tutorial.7"
}

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
	local page=$top_srcdir/man/cltrace-tutorial.7
	claims "$page" >lacking
	[ ! -s lacking ] || fail "$(cat lacking)"
	# It has really looked: a claim that is taken away, and one that is added, are found.
	sed 's/^there is no$/there is/; s/^\.Dq by$/.Dq by nobody/' "$page" >other
	claims other >lacking
	printf '%s\n' 'A PROCESS AND A THREAD: by nobody' 'VFORK AND POSIX_SPAWN: CLONE_THREAD' | diff - lacking
}

@test "the tutorial has every sample" {
	for sample in "$top_srcdir"/samples/*.c; do
		sample=${sample##*/}
		grep -q "\./${sample%.c}\b" "$top_srcdir/man/cltrace-tutorial.7" || fail "$sample is not in it"
	done
}
