#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The tutorial's output is that of real runs. To make it anew:
#   man/make-tutorial CLTRACE SAMPLES > man/cltrace-tutorial.7
load common

# One word on each line, without what differs from machine to machine: amounts of memory, times, nice values, the number
# of CPUs, the inodes of namespaces.
words() {
	tr -s ' \t\n' ' ' <"$1" |
		sed -E 's/<[0-9.]+>/<T>/g; s/nice -?[0-9]+/nice N/g; s/on [0-9]+ CPUs/on N CPUs/g
			s/[0-9]+ KiB/N KiB/g; s/40265[0-9]{5}/NS/g' |
		tr ' ' '\n'
}

@test "the tutorial shows what cltrace prints" {
	local page=$top/man/cltrace-tutorial.7 libc made status=0
	libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || skip "not glibc: its requests are others"
	made=$(sed -nE '2s/.* with (.*)\. Do not edit\.$/\1/p' "$page")
	need_libraries
	[ "$libc" = "$made" ] || skip "$libc: the page was made with $made"
	limited "$top/man/make-tutorial" "$CLTRACE" "$SAMPLES" >made 2>err </dev/null 3>&- || status=$?
	[ "$status" != 77 ] || skip "namespaces of one's own are not permitted here"
	[ "$status" = 0 ] || fail "$(cat err)"
	diff <(words "$page") <(words made) ||
		fail "make it anew and read the difference: man/make-tutorial CLTRACE SAMPLES > man/cltrace-tutorial.7"
}
