#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Traces that end before what they trace: that goes on as if nothing had been, and the trace is whole.
load common

# over FILE: the trace in it has its end, tally and tree.
over() {
	has "$1" '^at most [0-9]+ tasks? at once' '^TASK'
}

# Waits for a line that the test gives.
# shellcheck disable=SC2016 # the traced shell expands it
program='(exit 3); read -r line <go; echo "$line"; (exit 4); exit 5'

# begin OPTIONS...: cltrace on the program, in the background.
begin() {
	rm -f go trace out
	mkfifo go
	exec 8<>go # closed, the program ends
	"$CLTRACE" "$@" sh -c "$program" >out 2>err 3>&- 8>&- </dev/null &
	tracer=$!
}

# The trace is over while the program runs; then that goes on, and cltrace exits as it does.
goes_on() {
	"$HELPERS/await" text trace 'TASK ' || fail "the trace does not end"
	grep -q detached trace || fail "not detached"
	echo hello >&8
	end_cltrace
	[ "$tracer_status" = 5 ] || fail "status $tracer_status"
	[ "$(cat out)" = hello ]
	[ ! -s err ]
	over trace
}

@test "--duration, --max-events: the program goes on, and its status is cltrace's" {
	begin --duration=300ms -o trace -o run.jsonl
	goes_on
	has trace 'refused creations were not looked for'
	lacks trace 'exited 4'
	tail -n 1 run.jsonl | grep -q '"kind":"end".*"status":-1[,}]' || fail "its status is not known at the end"
	begin --max-events=3 -o trace # exec, fork, exit
	goes_on
	has trace 'exited 3'
	# in that order, and no more
	[ "$(grep -c ' = [0-9]*$' trace)" = 1 ]
}

@test "a signal for cltrace is passed on when the trace is over" {
	begin --max-events=1 -o trace
	"$HELPERS/await" text trace 'TASK '
	kill -TERM "$tracer"
	end_cltrace
	[ "$tracer_status" = 143 ] || fail "status $tracer_status"
}

# Its creator sleeps in vfork(), where it cannot be stopped, until the child ends.
@test "what cannot stop at the limit is let go when it can" {
	rm -f in
	mkfifo in
	exec 8<>in
	"$CLTRACE" --max-events=2 -o trace "$actor" -o facts vfork-waits >out 2>err 3>&- 8>&- <in &
	tracer=$!
	"$HELPERS/await" text trace 'TASK '
	lacks trace '^[0-9]+ exited'
	[ "$(grep -c '^[0-9]* detached' trace)" = 2 ]
	printf x >&8
	end_cltrace
	[ "$tracer_status" = 0 ] || fail "status $tracer_status"
	[ "$(cat out)" = waits ]
	grep -q '"call":"vfork()"' facts
}

@test "--until-exit: daemons live on" {
	rm -f go trace out
	mkfifo go
	exec 8<>go
	status=0
	# shellcheck disable=SC2016 # the traced shell expands it
	limited "$CLTRACE" --until-exit -o trace sh -c '(read -r line <go; (exit 1); echo "$line" >said) & exit 6' \
		>out 2>err </dev/null 3>&- 8>&- || status=$?
	[ $status = 6 ]
	over trace
	has trace '^[0-9]+ exited 6 \(' '^[0-9]+ detached'
	echo hello >&8
	"$HELPERS/await" text said hello
}

# bats test_tags=memory
@test "-b execve lets go of what execs, and follows the others" {
	traced -b execve -- exit 3
	[ $status = 3 ]
	lacks trace detached
	limited "$CLTRACE" -b execve -o trace \
		sh -c 'sh -c "(exit 1); exit 2"; (exit 3); exec sh -c "(exit 7); exit 4"' </dev/null 3>&- || status=$?
	[ $status = 4 ]
	over trace
	[ "$(grep -c '^[0-9]* exec' trace)" = 3 ]
	[ "$(grep -c '^[0-9]* detached' trace)" = 2 ]
	has trace '^[0-9]+ exited 3 \('
	lacks trace 'exited [1247] '
}

# bats test_tags=user
@test "--kill-on-exit: at the limit everything is killed, and the filter stays" {
	status=0
	limited "$CLTRACE" --kill-on-exit --max-events=20 -o trace sh -c 'while :; do (exit 1); done' \
		</dev/null 3>&- || status=$?
	[ $status = 137 ] || fail "status $status"
	over trace
	has trace 'killed by SIGKILL \(process ends: the program' 'no refused creation seen'
	lacks trace '^[0-9]+ detached'
}

# bats test_tags=memory,user
@test "attached processes are let go at a limit" {
	local scope=/proc/sys/kernel/yama/ptrace_scope
	if [ "$(id -u)" != 0 ] && [ -e $scope ] && [ "$(cat $scope)" != 0 ]; then
		skip "yama: ptrace_scope is $(cat $scope)"
	fi
	start_actor remote 2
	attach --max-events=2
	order f
	end_cltrace
	[ "$tracer_status" = 0 ]
	"$HELPERS/await" untraced "$subject"
	order tfT
	over trace
	start_cltrace --duration=100ms -p "$subject"
	end_cltrace
	[ "$tracer_status" = 0 ]
	"$HELPERS/await" untraced "$subject"
	order tfT
	over trace
	end_actor
}
