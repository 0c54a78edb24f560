#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel refuses: the rules against the running kernel, and what the trace says of each refusal.
load common

kernel_rules() {
	"$@" "$HELPERS/kernel_rules" </dev/null >answers 3>&- || fail "the rules and the kernel differ: $(head answers)"
	# It has really asked: less would be a test that cannot fail.
	[ "$(sed -n 's/^\([0-9]*\) requests, .*/\1/p' answers)" -gt 10000 ] || fail "$(cat answers)"
}

@test "the rules predict what this kernel answers" {
	kernel_rules
}

@test "the rules predict what this kernel answers in a user namespace" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	kernel_rules unshare -Ur
}

@test "RLIMIT_NPROC: of which user, its value and its use" {
	need_user
	limited "$CLTRACE" -o trace -o json:recording prlimit --nproc=1 "$SAMPLES/fork" >out 2>err 3>&- || true
	valid recording
	tr -s '\n ' ' ' <trace >words
	has words "= -1 EAGAIN .* REFUSED: .*: limit reached: RLIMIT_NPROC of user $(id -u): [0-9]+ of 1 tasks"
	has recording '"what":"nproc","value":1,"use":[1-9]'
}

@test "a limit of namespaces that is 0" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	# shellcheck disable=SC2016 # the inner shell expands it
	limited unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_uts_namespaces && exec "$0" "$@"' \
		"$CLTRACE" -o trace -o json:recording unshare -u true >out 2>err 3>&- || true
	valid recording
	tr -s '\n ' ' ' <trace >words
	has words '= -1 ENOSPC .* limit reached: user.max_uts_namespaces is 0 in user namespace [0-9]+'
}

@test "a pid namespace whose init has died" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	limited unshare -Ur "$CLTRACE" -o trace -o json:recording \
		unshare -p sh -c '/bin/true; /bin/true; :' >out 2>err 3>&- || true
	valid recording
	tr -s '\n ' ' ' <trace >words
	has words '= -1 ENOMEM .* would live in pid namespace [0-9]+, whose init has died'
}

@test "capabilities: what is missing, and in which user namespace" {
	need_user
	limited "$CLTRACE" -o trace -o json:recording unshare -u true >out 2>err 3>&- || true
	valid recording
	tr -s '\n ' ' ' <trace >words
	has words "= -1 EPERM .* REFUSED: nothing was changed: .*CAP_SYS_ADMIN .*$(stat -Lc %i /proc/self/ns/user)"
}

@test "clone3 that a seccomp filter answers, and the second attempt" {
	untraced filter-errno
	traced -T --seccomp=no -- filter-errno
	grep -q '"call":"clone3"' recording || skip "this C library makes threads without clone3"
	tr -s '\n ' ' ' <trace >words
	has words 'clone3\(.* = -1 ENOSYS .* REFUSED: no task was made: a seccomp filter .* answers instead of'
	has words ' second attempt of [0-9]+: its clone3 for the same failed with ENOSYS'
	# One that was there before us goes unseen, so it is said.
	limited "$ACTOR" -o before no-clone3 \
		"$CLTRACE" -o trace -o json:recording "$SAMPLES/pthread_create" >out 2>err 3>&-
	valid recording
	[ "$(grep -c '^note: a seccomp filter around this' trace)" = 1 ] || fail "not said once"
	lacks trace 'second attempt'
}

@test "what succeeds is not looked at" {
	traced -- fork 3
	lacks recording '"facts"' '"why"'
}
