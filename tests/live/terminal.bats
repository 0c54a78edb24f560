#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# At a terminal: ^C, ^\, ^Z and fg, another size, hanging up.
load common

# at_terminal COMMAND... <SCRIPT: sets status and leaves what was shown in shown.
at_terminal() {
	status=0
	timeout -k 5 600 "$HELPERS/terminal" "$@" >shown 2>terminal.err 3>&- || status=$?
	[ $status != 124 ] || fail "$(cat terminal.err shown)"
}

# A shell with job control; what it shows as its prompt is to be expected before more is typed.
shell=(env "PS1=next> " bash --norc --noprofile --noediting -i)

@test "^C reaches the program once and ends cltrace only with it; so do ^\\ and another size" {
	at_terminal "$CLTRACE" -o trace "$ACTOR" terminal <<-'EOF'
		expect ready
		send ^C
		expect got SIGINT
		send one\r
		expect line: one
		send ^C
		expect got SIGINT
		send ^\
		expect got SIGQUIT
		size 33 77
		expect got SIGWINCH: 33 rows 77 columns
		send quit\r
	EOF
	[ $status = 4 ] || fail "status $status"
	[ "$(grep -c 'got SIGINT' shown)" = 2 ] || fail "$(cat shown)"
	[ "$(grep -c 'got SIGQUIT' shown)" = 1 ] || fail "$(cat shown)"
}

@test "^C ends a program, and cltrace by the same signal" {
	at_terminal "$CLTRACE" -o trace "$ACTOR" remote 2 <<-'EOF'
		run ${HELPERS}/await text trace exec
		send ^C
	EOF
	[ $status = 130 ] || fail "status $status"
	has trace 'killed by SIGINT'
}

@test "^Z stops the job, fg continues it" {
	export CLTRACE ACTOR
	at_terminal "${shell[@]}" <<-'EOF'
		expect next>
		send "$CLTRACE" -o trace "$ACTOR" terminal\r
		expect ready
		send one\r
		expect line: one
		send ^Z
		expect Stopped
		expect next>
		send echo shell$((20+3))\r
		expect shell23
		expect next>
		send fg\r
		send two\r
		expect line: two
		send ^Z
		expect Stopped
		expect next>
		send fg\r
		send three\r
		expect line: three
		send ^C
		expect got SIGINT
		send quit\r
		expect next>
		send echo status $?\r
		expect status 4
		expect next>
		send exit\r
	EOF
	has trace '^[0-9]+ exited 4 '
}

@test "^Z and bg, then the job is killed: nothing is left" {
	export CLTRACE ACTOR
	at_terminal "${shell[@]}" <<-'EOF'
		expect next>
		send "$CLTRACE" -o trace "$ACTOR" -o facts remote 2 2\r
		run ${HELPERS}/await text facts ready
		send ^Z
		expect Stopped
		expect next>
		send kill -KILL %1; exec true\r
	EOF
	"$HELPERS/await" gone "$(program_pid)"
}

@test "^C while the program sleeps in vfork" {
	at_terminal "$CLTRACE" -o trace "$ACTOR" vfork-waits <<-'EOF'
		expect waits
		run ${HELPERS}/await text trace PROCESS
		send ^C
	EOF
	[ $status = 130 ] || fail "status $status"
	[ "$(grep -Ec '^[0-9]+ killed by SIGINT' trace)" = 2 ] || fail "not both"
}

# bats test_tags=user
@test "^C of cltrace -p lets go of the process" {
	start_actor remote 3
	export subject
	at_terminal "$CLTRACE" -o trace -p "$subject" <<-'EOF'
		run ${HELPERS}/await traced $subject
		send ^C
	EOF
	"$HELPERS/await" untraced "$subject"
	has trace "^$subject detached"
	order tf
	end_actor
}

@test "^Z does not stop cltrace -p, because the process would wait for it" {
	start_actor remote 3
	export subject CLTRACE
	at_terminal "${shell[@]}" <<-'EOF'
		expect next>
		send "$CLTRACE" -o trace -p $subject\r
		run ${HELPERS}/await traced $subject
		send ^Z
		expect not stopped
		run printf t >in
		run ${HELPERS}/await lines out 1
		send ^C
		expect next>
		send exit\r
	EOF
	"$HELPERS/await" untraced "$subject"
	order tf
	end_actor
}

# hung_up COMMAND...: at a terminal that hangs up when the actor, whose stdin is no terminal, is ready. Sets status.
hung_up() {
	rm -f in facts trace out
	mkfifo in
	exec 8<>in
	at_terminal "$@" <<-'EOF'
		run ${HELPERS}/await text facts ready
		hangup
	EOF
	exec 8>&-
}

# bats test_tags=user
@test "the terminal hangs up on cltrace, the leader of its session: the program gets SIGHUP, and dies" {
	# Reading a fifo that stays open, it ends of nothing else.
	# shellcheck disable=SC2016
	hung_up sh -c 'exec "$0" -o trace "$@" <in >out' "$CLTRACE" "$ACTOR" -o facts remote 2
	[ $status = 129 ] || fail "status $status"
	has trace '^[0-9]+ killed by SIGHUP'
}

@test "the terminal hangs up: a stopped program is continued, so that it can die" {
	rm -f in
	mkfifo in
	exec 8<>in
	# shellcheck disable=SC2016
	at_terminal sh -c 'exec "$0" -o trace "$@" <in >out' "$CLTRACE" "$ACTOR" -o facts stops-itself <<-'EOF'
		run ${HELPERS}/await text trace "stopped by SIGSTOP"
		hangup
	EOF
	exec 8>&-
	[ $status = 129 ] || fail "status $status"
}

@test "the terminal hangs up: the program gets SIGHUP once" {
	# It ends with its stdin alone, which is closed once it has said what it got.
	rm -f in
	mkfifo in
	exec 8<>in
	# shellcheck disable=SC2016
	at_terminal sh -c 'exec "$0" -o trace "$@" <in >out' "$CLTRACE" "$ACTOR" -o facts hears <<-'EOF'
		run ${HELPERS}/await text facts ready
		hangup
		run ${HELPERS}/await text out "got SIGHUP"
		run kill -TERM $1 && ${HELPERS}/await text out "got SIGTERM"
		run kill -KILL $(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' facts | head -n 1)
	EOF
	exec 8>&-
	[ $status = 137 ] || fail "status $status"
	[ "$(grep -c 'got SIGHUP' out)" = 1 ] || fail "$(cat out)"
}

@test "the terminal hangs up on a shell, whose job cltrace is: the program gets SIGHUP, and dies" {
	export CLTRACE ACTOR
	rm -f in
	mkfifo in
	exec 8<>in
	at_terminal "${shell[@]}" <<-'EOF'
		expect next>
		send "$CLTRACE" -o trace "$ACTOR" -o facts remote 2 <in >out\r
		run ${HELPERS}/await text facts ready
		hangup
		run ${HELPERS}/await text trace 'killed by SIGHUP'
	EOF
	exec 8>&-
	"$HELPERS/await" gone "$(program_pid)"
}

@test "the terminal hangs up: a program that has left the session is left alone" {
	type -P setsid >/dev/null || skip "setsid is missing"
	rm -f in
	mkfifo in
	exec 8<>in
	# shellcheck disable=SC2016
	at_terminal sh -c 'exec "$0" -o trace setsid "$@" <in >out' "$CLTRACE" "$ACTOR" -o facts hears <<-'EOF'
		run ${HELPERS}/await text facts ready
		hangup
		run kill -TERM $1 && ${HELPERS}/await text out "got SIGTERM"
		run kill -KILL $(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' facts | head -n 1)
	EOF
	exec 8>&-
	[ $status = 137 ] || fail "status $status"
	lacks out SIGHUP
}

# bats test_tags=memory
@test "lines on a terminal are cut and folded to its width" {
	at_terminal "$CLTRACE" "$ACTOR" -o facts threads 2 <<-'EOF'
		expect at most
	EOF
	tr -d '\r' <shown | sed 's/\x1b\[[0-9;]*m//g' >plain
	if grep -E '^.{81,}' plain; then fail "wider than 80 columns"; fi
}

@test "the trace and the program's output at one terminal: whole lines" {
	at_terminal "$CLTRACE" "$ACTOR" -o facts storm 2 20 <<-'EOF'
		expect at most
	EOF
	tr -d '\r' <shown | sed 's/\x1b\[[0-9;]*m//g' >plain
	has plain '^20 threads and 20 forks by 2 threads$'
}
