#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --explain: its output and exit status, and that it reads the calls of cltrace's own traces.
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

@test "a reader that goes away is no error, a full disk is one" {
	explain -v | head -n1 >out
	[ "${PIPESTATUS[0]}" -eq 0 ]
	[ -w /dev/full ] || skip "no /dev/full"
	explain -v >/dev/full 2>err && fail "a full disk went unnoticed"
	grep -q "^cltrace: cannot write to stdout: " err
}

# The calls of the golden recording `names` with -v, on several lines because of the width.
@test "every call that cltrace shows is understood, folded or not" {
	recording names
	limited "$CLTRACE" --replay run.jsonl -v --no-origin --width=80 -o trace
	awk '/^[0-9]+ (clone3?|v?fork)\(/ { found = 1 }
		/^ +(PROCESS|THREAD) [0-9]/ { if (found) print "--"; found = 0 }
		/^ +REFUSED/ { exit }
		found' trace >calls
	count=0
	while IFS= read -r -d '^' line; do
		[ "${line//[[:space:]]/}" ] || continue
		explain --width=200 "$line" >out || fail "not understood: $line"
		grep -qE "looks like (v?fork|pthread_create|posix_spawn)\(\)" out ||
			fail "taken for something else: $line"
		count=$((count + 1))
	done < <(sed 's/^--$/^/' calls)
	[ "$count" -eq "$(grep -cE '"kind":"spawn"' run.jsonl)" ] || fail "$count calls"
}
