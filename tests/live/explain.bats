#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --explain reads what strace prints here and now.
load common

explain() {
	"$CLTRACE" --explain "$@"
}

# Whatever strace's version prints of a creation, of a whole one and of one in two lines.
# bats test_tags=memory
@test "every creation that strace shows is understood" {
	command -v strace >/dev/null || skip "strace is missing"
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	strace -f -o strace.out "$SAMPLES/fork_then_pthread" >/dev/null 3>&-
	count=0
	while IFS= read -r line; do
		explain "$line" >out || fail "not understood: $line"
		grep -qE "^    (PROCESS|THREAD)" out || fail "no verdict for: $line"
		count=$((count + 1))
	done < <(grep -E "(clone3?|v?fork)\(" strace.out)
	[ "$count" -ge 2 ]
	grep -q "THREAD" out
}
