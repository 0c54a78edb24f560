#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Job control: cltrace stops when and only when the launched program is stopped, and no signal takes a wrong way.
load common

# at_terminal COMMAND... <SCRIPT: leaves what was shown in shown.
at_terminal() {
	local status=0
	timeout -k 5 600 "$HELPERS/terminal" "$@" >shown 2>terminal.err 3>&- || status=$?
	[ $status != 124 ] || fail "$(cat terminal.err shown)"
	[ $status = 0 ] || fail "the shell ended with $status: $(cat shown)"
}

# A shell with job control; what it shows as its prompt is to be expected before more is typed.
shell=(env "PS1=next> " TERM=vt100 bash --norc --noprofile --noediting -i)

# three_times OPTIONS OF CLTRACE...: ^Z and fg, of programs that do nothing about it, and of those that handle it.
three_times() {
	local how tidies comes_back
	export CLTRACE ACTOR OPTIONS="$*"
	for how in plain handles; do
		tidies='' comes_back=''
		if [ $how = handles ]; then
			tidies='expect tidying up' comes_back='expect back'
		fi
		rm -f trace
		at_terminal "${shell[@]}" <<-EOF
			expect next>
			send "\$CLTRACE" \$OPTIONS -o trace "\$ACTOR" -o facts job $how\r
			expect ready
			$(for word in one two three; do
				# shellcheck disable=SC2016 # the shell at the terminal expands it
				printf '%s\n' 'send ^Z' "$tidies" 'expect Stopped' 'expect next>' \
					'send echo shell$((20+3))\r' 'expect shell23' 'expect next>' \
					'send fg\r' "$comes_back" "send $word\\r" "expect line: $word"
			done)
			send quit\r
			expect next>
			send echo status \$?\r
			expect status 6
			expect next>
			send exit 0\r
		EOF
		has trace '^[0-9]+ exited 6 '
	done
}

@test "^Z and fg, three times, by events too" {
	three_times
	three_times --seccomp=no
}

# bats test_tags=user
@test "^Z and fg, three times, with -D" { three_times -D; }

# The terminal's next line comes back: that the program is not stopped needs no waiting.
@test "^Z does nothing to a program that ignores it" {
	export CLTRACE ACTOR
	local options
	for options in '' --seccomp=no -D; do
		at_terminal "${shell[@]}" <<-EOF
			expect next>
			send "\$CLTRACE" $options -o trace "\$ACTOR" job ignores\r
			expect ready
			send ^Z
			send one\r
			expect line: one
			absent Stopped
			send quit\r
			expect next>
			send exit 0\r
		EOF
	done
}

@test "the shell sees a program that stops itself" {
	export CLTRACE ACTOR
	local options
	for options in '' --seccomp=no -D; do
		at_terminal "${shell[@]}" <<-EOF
			expect next>
			send "\$CLTRACE" $options -o trace "\$ACTOR" job\r
			expect ready
			send stop\r
			expect Stopped
			expect next>
			send echo status \$?\r
			expect status 147
			expect next>
			send fg\r
			expect line: stop
			send quit\r
			expect next>
			send exit 0\r
		EOF
	done
}

@test "bg, and output from the background with stty tostop" {
	export CLTRACE ACTOR
	at_terminal "${shell[@]}" <<-'EOF'
		expect next>
		send stty tostop\r
		expect next>
		send "$CLTRACE" -o trace "$ACTOR" job </dev/zero &\r
		expect next>
		run ${HELPERS}/await text trace 'stopped by SIGTTOU'
		insist jobs -l\r
		expect Stopped (tty output)
		expect next>
		send kill -KILL %1; wait\r
		expect next>
		send "$CLTRACE" -o trace "$ACTOR" job\r
		run ${HELPERS}/await text trace exec
		expect ready
		send ^Z
		expect Stopped
		expect next>
		send bg\r
		run ${HELPERS}/await text trace 'stopped by SIGTTIN'
		expect next>
		insist jobs -l\r
		expect Stopped (tty input)
		send fg\r
		expect job
		send quit\r
		expect next>
		send exit 0\r
	EOF
}

# It is given the time to come to rest: such a program forgets what is typed while it draws (tcflush(3)).
# full_screen PROGRAM WORDS KEYS ARGUMENTS...: it shows WORDS, also after each ^Z and fg, and ends by KEYS.
full_screen() {
	local program=$1 words=$2 keys=$3 idle
	shift 3
	type -P "$program" >/dev/null || skip "$program is missing"
	export CLTRACE PROGRAM="$program $*"
	# shellcheck disable=SC2016 # the shell beside the terminal expands it
	idle='run "$HELPERS/await" idle "$(sed -n "1s/ .*//p" trace)"'
	rm -f trace
	at_terminal "${shell[@]}" <<-EOF
		expect next>
		send "\$CLTRACE" -o trace \$PROGRAM\r
		expect $words
		$(for _ in 1 2 3; do
			printf '%s\n' "$idle" 'send ^Z' 'expect Stopped' 'expect next>' 'send fg\r' "expect $words"
		done)
		$idle
		send $keys
		expect next>
		send exit 0\r
	EOF
	has trace '^[0-9]+ (exited|killed)'
}

@test "top" { full_screen top 'load average' q -d 60; }

@test "less" {
	seq 1 200 | sed 's/$/ sheep/' >sheep
	full_screen less '20 sheep' q sheep
}

@test "watch" { full_screen watch 'forty-two' ^C -n 60 echo forty-two; }

@test "vi" {
	seq 1 200 | sed 's/$/ sheep/' >sheep
	full_screen vi '20 sheep' ':q!\r' sheep
}

make_pager() {
	cat >pager <<-'EOF'
		#!/bin/sh
		echo press
		read -r key </dev/tty
		echo "pressed $key"
		exec cat >/dev/null
	EOF
	chmod +x pager
}

# Nobody may read the terminal from the background (SIGTTIN).
@test "a pager that takes the trace reads the terminal" {
	export CLTRACE
	local options
	make_pager
	for options in '' --seccomp=no; do
		at_terminal "${shell[@]}" <<-EOF
			expect next>
			send "\$CLTRACE" $options -o '|exec ./pager' true\r
			expect press
			send seven\r
			expect pressed seven
			expect next>
			send exit 0\r
		EOF
	done
}

# What reads the terminal when ^Z comes may take a letter that is meant for the shell: this one reads a FIFO.
@test "a command that outlives the program is a job of the shell's" {
	export CLTRACE
	mkfifo hold
	at_terminal "${shell[@]}" <<-'EOF'
		expect next>
		send "$CLTRACE" -o trace -o '|exec cat <hold' true\r
		run "$HELPERS/await" text trace "TASK "
		insist ^Z
		expect Stopped
		expect next>
		send fg\r
		expect hold
		run echo >hold
		expect next>
		send exit 0\r
	EOF
}

# interactive COMMAND PROMPT CALCULATION EXIT: an interpreter that is stopped and continued three times.
interactive() {
	export CLTRACE PROGRAM=$1
	at_terminal "${shell[@]}" <<-EOF
		expect next>
		send "\$CLTRACE" -o trace \$PROGRAM\r
		expect $2
		$(for _ in 1 2 3; do
			printf '%s\n' 'send ^Z' 'expect Stopped' 'expect next>' 'send fg\r' "send $3\\r" 'expect 1241'
		done)
		send $4\r
		expect next>
		send exit 0\r
	EOF
}

@test "python" {
	type -P python3 >/dev/null || skip "python3 is missing"
	export PYTHON_BASIC_REPL=1
	interactive 'python3 -q' '>>>' 'print(17 * 73)' 'exit()'
}

@test "a shell in the shell has its own jobs" {
	export CLTRACE ACTOR
	at_terminal "${shell[@]}" <<-'EOF'
		expect next>
		send PS1='inner> ' "$CLTRACE" -o trace bash --norc --noprofile --noediting -i\r
		expect inner>
		send "$ACTOR" job\r
		expect ready
		send ^Z
		expect Stopped
		expect inner>
		send fg\r
		send one\r
		expect line: one
		send quit\r
		expect inner>
		send exit 5\r
		expect next>
		send echo status $?\r
		expect status 5
		expect next>
		send exit 0\r
	EOF
}

# ---- without a shell that cares ----

# start_job OPTIONS OF CLTRACE...: in a process group of its own; its stdin is descriptor 8. Sets tracer and subject.
start_job() {
	rm -f in out facts trace err
	mkfifo in
	exec 8<>in
	set -m
	"$CLTRACE" "$@" -o trace "$ACTOR" -o facts job <in >out 2>err 3>&- 8>&- &
	set +m
	tracer=$!
	"$HELPERS/await" text out ready
	subject=$(program_pid)
}

# end_job STATUS
end_job() {
	printf 'quit\n' >&8
	exec 8>&-
	end_cltrace
	[ "$tracer_status" = "$1" ] || fail "status $tracer_status"
	subject=''
}

# bats test_tags=user
@test "whoever continues a stopped program continues cltrace, and the other way round" {
	local options i
	for options in --seccomp=yes --seccomp=no; do
		start_job $options
		for i in 1 2 3; do
			printf 'stop\n' >&8
			"$HELPERS/await" state "$tracer" T
			kill -CONT "$subject"
			"$HELPERS/await" lines out $((2 * i))
			"$HELPERS/await" state "$tracer" S
			kill -STOP "$subject"
			"$HELPERS/await" state "$tracer" T
			kill -CONT "$tracer"
			"$HELPERS/await" state "$tracer" S
			printf 'on\n' >&8
			"$HELPERS/await" lines out $((2 * i + 1))
		done
		end_job 6
	done
}

@test "a stopped program that is killed ends cltrace" {
	start_job
	printf 'stop\n' >&8
	"$HELPERS/await" state "$tracer" T
	kill -KILL "$subject"
	end_job 137
	has trace 'killed by SIGKILL'
}

# group_killed SIGNAL OPTIONS...: the program sends itself and its process group, so cltrace too, a signal.
group_killed() {
	local signal=$1 plain=0 traced=0
	shift
	# A process group of their own: setsid where the shell has no job control.
	setsid -w "$ACTOR" kill-group "$signal" >/dev/null 2>&1 || plain=$?
	setsid -w "$CLTRACE" "$@" -o trace "$ACTOR" kill-group "$signal" >out 2>&1 || traced=$?
	[ $plain = $traced ] || fail "signal $signal: $traced, untraced $plain: $(cat out)"
	has trace '^[0-9]+ (killed by|exited)' '^0 processes made' '^[0-9]+ +process (killed by|exited)'
}

@test "a program that signals its own process group does not end cltrace" {
	type -P setsid >/dev/null || skip "setsid is missing"
	local signal
	ulimit -c 0
	for ((signal = 1; signal <= 31; signal++)); do
		# KILL is nobody's choice; stops are tested above.
		case $signal in 9 | 19 | 20 | 21 | 22) continue ;; esac
		group_killed $signal
	done
	for signal in 6 14 24 34 64; do
		group_killed $signal --seccomp=no
	done
}

@test "a signal to cltrace alone is for the program" {
	local name
	ulimit -c 0
	for name in ALRM XCPU XFSZ PROF VTALRM USR1 ABRT TRAP SYS PIPE IO RTMIN+3; do
		start_job
		kill "-$name" "$tracer"
		end_cltrace
		exec 8>&-
		[ "$tracer_status" = $((128 + $(kill -l "$name"))) ] || fail "$name: status $tracer_status"
		has trace '^[0-9]+ killed by ' '^0 processes made'
	done
	subject=''
}

# bats test_tags=user
@test "signals that would end cltrace -p make it detach" {
	local name
	start_actor remote 3
	for name in INT QUIT TERM HUP ALRM XCPU PROF VTALRM USR1 USR2 ABRT TRAP SYS IO PWR STKFLT RTMIN RTMAX; do
		attach
		detach "$name"
		[ "$tracer_status" = 0 ] || fail "$name: status $tracer_status"
		has trace "^$subject detached" '^0 processes made'
	done
	order tf
	end_actor
}

# A machine may be so busy that the timer ends cltrace before it has begun, as it would end the program untraced.
@test "a timer that was set before the exec is the program's" {
	mkfifo in
	exec 8<>in
	local status milliseconds
	for ((milliseconds = 50; milliseconds < 60000; milliseconds *= 2)); do
		rm -f trace facts
		status=0
		limited "$ACTOR" alarmed $milliseconds "$CLTRACE" -o trace "$ACTOR" -o facts job <in >out 2>err \
			3>&- 8>&- || status=$?
		[ $status = 142 ] || fail "status $status"
		[ ! -s facts ] || break
	done
	has trace 'killed by SIGALRM' '^0 processes made'
}

# bats test_tags=user
@test "the tracer is killed: cltrace ends, and the program" {
	start_job
	kill -KILL "$(sed -n 's/^TracerPid:\t//p' "/proc/$subject/status")"
	end_cltrace
	[ "$tracer_status" = 137 ] || fail "status $tracer_status"
	"$HELPERS/await" gone "$subject"
	subject=''
}

# bats test_tags=memory
@test "cltrace is killed: the trace is whole all the same" {
	start_job
	kill -KILL "$tracer"
	"$HELPERS/await" gone "$subject"
	"$HELPERS/await" text trace TASK
	has trace 'killed by SIGKILL' '^0 processes made'
	subject=''
}

# The process group of the program is orphaned when that ends, so the kernel sends SIGHUP and SIGCONT to it: cltrace is
# not in it.
@test "what a program leaves stopped in its process group is continued, as without cltrace" {
	local options
	mkfifo gate input
	for options in '' --seccomp=no -D; do
		rm -f facts trace
		exec 9<>gate 8<>input
		set -m
		# shellcheck disable=SC2016,SC2086
		"$CLTRACE" $options -o trace bash -c '"$@" <input & read -r _ <gate' \
			bash "$ACTOR" -o facts stops-itself 2 >out 2>err 3>&- 8>&- 9>&- &
		set +m
		tracer=$!
		"$HELPERS/await" text trace 'stopped by SIGSTOP'
		"$HELPERS/await" state "$(sed -n 's/.*"ready","pid":\([0-9]*\).*/\1/p' facts)" tT
		echo go >&9
		"$HELPERS/await" text trace 'killed by SIGHUP' || fail "$options"
		end_cltrace
		[ "$tracer_status" = 0 ] || fail "status $tracer_status"
		exec 9>&- 8>&-
	done
}

# ---- signals end the trace, whatever its tasks do ----

# ended_in_state SCENE ARGS...: what a program has left, in a session of its own, is in that state. Where it cannot go
# on without cltrace, the first signal says so.
ended_in_state() {
	local options
	type -P setsid >/dev/null || skip "setsid is missing"
	rm -f in gate
	mkfifo in gate
	for options in '' --seccomp=no --verify --signals --kill-on-exit; do
		rm -f facts trace err
		exec 8<>in 9<>gate
		set -m
		# shellcheck disable=SC2016,SC2086 # the inner shell expands it; no word or one
		"$CLTRACE" $options -o trace bash -c 'setsid "$@" <&0 & read -r _ <gate' \
			bash "$ACTOR" -o facts "$@" <in >out 2>err 3>&- 8>&- 9>&- &
		set +m
		tracer=$!
		"$HELPERS/await" text facts '"ready"'
		case $1 in
		stops-itself) "$HELPERS/await" text trace 'stopped by SIGSTOP' ;;
		remote-zombie-leader) "$HELPERS/await" text trace 'stays as a zombie' ;;
		esac
		echo go >&9
		"$HELPERS/await" text trace 'note: the launched program has ended'
		kill -TERM $tracer
		case $options in
		--seccomp=no | --kill-on-exit) ;;
		*)
			"$HELPERS/await" text err 'processes: '
			kill -INT $tracer
			;;
		esac
		end_cltrace
		[ "$tracer_status" = 0 ] || fail "status $tracer_status: $options"
		has trace '^[0-9]+ process(es)? made'
		exec 8>&- 9>&-
		kill -KILL "$(program_pid)" 2>/dev/null || true
	done
}

@test "signals end the trace of a stopped process, and of a leader that has ended before its threads" {
	ended_in_state stops-itself 2
	ended_in_state remote-zombie-leader
}
# bats test_tags=user
@test "signals end the trace of a process asleep in vfork" { ended_in_state remote-vfork; }
# bats test_tags=memory
@test "signals end the trace of many tasks" { ended_in_state remote 20 3; }
