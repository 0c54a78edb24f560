#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --explain: its output and exit status, and that it reads what strace prints here and now.
load common

explain() {
	"$CLTRACE" --explain "$@"
}

@test "one request on stdout, status 0" {
	explain 0x1200011 >out 2>err
	grep -q "^clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD)$" out
	grep -q "PROCESS: a new thread group (no CLONE_THREAD); looks like fork()" out
	[ ! -s err ]
}

@test "what is not understood: one line, status 125" {
	run explain CLONE_BOGUS
	[ "$status" -eq 125 ]
	[ "${#lines[@]}" -eq 1 ]
	[ "$output" = "cltrace: --explain 'CLONE_BOGUS': 'CLONE_BOGUS' is not a flag, signal, number or library call; \
see cltrace --explain for the flags" ]
	run explain --call=fork fork
	[ "$status" -eq 125 ]
	run "$CLTRACE" -p 1 --explain fork
	[ "$status" -eq 125 ]
	run "$CLTRACE" --call=clone3 true
	[ "$status" -eq 125 ]
}

# bats test_tags=user
@test "a reader that goes away is no error, a full disk is one" {
	explain -v | head -n1 >out
	[ "${PIPESTATUS[0]}" -eq 0 ]
	[ -w /dev/full ] || skip "no /dev/full"
	explain -v >/dev/full 2>err && fail "a full disk went unnoticed"
	grep -q "^cltrace: cannot write to stdout: " err
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

@test "every call that cltrace shows is understood, too, folded or not" {
	limited "$CLTRACE" -v --width=80 -o trace "$SAMPLES/fork_then_pthread" >/dev/null </dev/null 3>&-
	awk '/^[0-9]+ (clone3?|v?fork)\(/ { found = 1 }
		/^ +(PROCESS|THREAD) [0-9]/ { if (found) print "--"; found = 0 }
		found' trace >calls
	count=0
	while IFS= read -r -d '^' line; do
		[ "${line//[[:space:]]/}" ] || continue
		explain --width=200 "$line" >out || fail "not understood: $line"
		grep -qE "looks like (fork|pthread_create)\(\)" out || fail "taken for something else: $line"
		count=$((count + 1))
	done < <(sed 's/^--$/^/' calls)
	[ "$count" -eq 2 ]
}
