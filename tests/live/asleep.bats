#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Where there is nothing to tell, cltrace does not run: not when every task sleeps, nor for calls that make nothing.
load common

# What cltrace has used so far: its clock, its time slices, and how often it was put to sleep.
used() {
	cut -d ' ' -f 14,15 "/proc/$tracer/stat"
	grep ctxt_switches "/proc/$tracer/status"
	[ ! -r "/proc/$tracer/schedstat" ] || cat "/proc/$tracer/schedstat"
}

# sleeps COMMAND...: cltrace does not run while the command does. What was before may not be over yet on a busy machine:
# a thread that has been joined ends a little later, one of hundreds has still to stop. It does not last.
sleeps() {
	local i before after
	for ((i = 0; i < 5; i++)); do
		until_blocked
		before=$(used)
		"$@"
		after=$(used)
		[ "$before" != "$after" ] || return 0
	done
	fail "cltrace has run: $before; $after"
}

# Both that others are busy, and that the traced program is, are nothing to it.
make_others_busy() {
	local i
	for ((i = 0; i < 50; i++)); do
		"$HELPERS/await" state "$$" RS
	done
}

make_program_busy() {
	local i
	for ((i = 0; i < 50; i++)); do
		order .
	done
}

launch_remote() {
	rm -f in facts out
	mkfifo in
	start_cltrace_with_input "$@" "$actor" -o facts remote 3
	exec 7>in
	"$HELPERS/await" text facts '"ready"' || fail "the actor is not ready"
}

start_cltrace_with_input() {
	rm -f trace err
	"$CLTRACE" -o trace "$@" <in >out 2>err 3>&- 7>&- 8>&- &
	tracer=$!
}

asleep_when_launched() {
	launch_remote "$@"
	order tttttttttttttttttttttttttttttttttttttttt
	order ffffffffffffffffffffffffffffffffffffffff
	sleeps make_others_busy
	sleeps make_program_busy
	order tfT
	sleeps make_others_busy
	exec 7>&-
	end_cltrace
	[ "$tracer_status" = 0 ] || fail "exit status $tracer_status"
	told -f facts
}

@test "asleep while the program is" { asleep_when_launched; }
# bats test_tags=user
@test "asleep while the program is, by events" { asleep_when_launched --seccomp=no; }

@test "asleep beside 300 threads that are" {
	start_actor remote 300
	attach
	sleeps make_others_busy
	detach
	end_actor
}
