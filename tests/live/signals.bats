#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --signals: who sent a signal, whom it was aimed at, who took it, and what it ends.
load common

# after REGEX: the line below the first that matches, with its continuation lines.
after() {
	awk -v regex="$1" '
		found && !/^ / { exit }
		found { sub(/^ +/, ""); printf "%s%s", blank, $0; blank = " " }
		!found && $0 ~ regex { found = 1 }
		END { print "" }' trace
}

# below REGEX EXPECTED: what stands below is that.
below() {
	local line
	has trace "$1"
	line=$(after "$1")
	[ "$line" = "$2" ] || fail "below $1: $line, not: $2"
}

# The tids that took SIGNAL, in their order.
took() {
	sed -n "s/.*\"taken\",\"signal\":\"$1\",\"tid\":\([0-9]*\),.*/\1/p" facts
}

check_aims() {
	local pid one two untold
	traced --signals "$@" -- signal-aims
	[ "$status" = 0 ]
	pid=$(program_pid)
	one=$(took SIGUSR1 | head -n 1)
	two=$(took SIGUSR2 | head -n 1)
	[ "$one" ] && [ "$two" ] && [ "$one" != "$two" ] && [ "$one" != "$pid" ]

	below "^$one gets SIGUSR1: kill\\(\\) by its own process$" \
		"aimed at process $pid, taken by its thread $one, one of 3 tasks; a handler runs"
	below "^$two gets SIGUSR2: tgkill\\(\\) by its own process$" \
		"aimed at task $two alone, a thread of process $pid; a handler runs"
	# kill() with the tid of the thread ONE is aimed at the process: TWO, who does not block it, takes it.
	below "^$two gets SIGUSR2: kill\\(\\) by its own process$" \
		"aimed at process $pid, taken by its thread $two, one of 3 tasks; a handler runs"
	lacks trace "^$one gets SIGUSR2"
	untold="aimed at process $pid or at this task (siginfo does not tell)"
	below "^$two gets SIGRTMIN\\+6: sigqueue\\(\\) by its own process, so the sender says, value 7$" \
		"$untold, taken by its thread $two, one of 3 tasks; a handler runs"
	below "^$one gets SIGALRM: by a timer of timer_create\\(\\), value 9$" \
		"$untold, taken by its thread $one, one of 3 tasks; a handler runs"
	below "^$one gets SIGQUIT: kill\\(\\) by its own process$" \
		"aimed at process $pid, taken by its thread $one, one of 3 tasks; ignored: no effect"
	below "^$pid gets SIGHUP: kill\\(\\) by its own process$" \
		"aimed at process $pid, taken by its leader, one of 3 tasks; a handler runs"
	below "^$pid gets SIGPIPE: by the kernel: a write of its own failed with EPIPE$" \
		"aimed at task $pid alone, the leader of process $pid; a handler runs"
	# As many as the program has counted, and the one that it ignores.
	[ "$(grep -cE '^[0-9]+ gets ' trace)" = $(($(grep -c '"taken"' facts) + 1)) ]
	has trace "^$pid exit_group\\(0\\) ends the whole process $pid, 3 tasks$" \
		"^$pid exited 0 \\(process ends with its 3 tasks: "
}

# bats test_tags=memory,user
@test "who sent it, whom it was aimed at, who took it, by event stops alone too" {
	check_aims
	told -f facts -o task,exit,exec,program
	check_aims --seccomp=no
	traced -v -- signal-aims
	lacks trace '^[0-9]+ gets '
}

@test "a fault in a thread takes the whole process along" {
	local pid thread kills
	traced --signals -- thread-faults
	[ "$status" = 0 ]
	pid=$(sed -n 's/.*"call":"fork()".*/&/; s/.*"tid":\([0-9]*\),.*"fork()".*/\1/p' facts)
	thread=$(sed -n 's/^\([0-9]*\) gets SIGSEGV: SEGV_ACCERR by the kernel, at address 0x[0-9a-f]*$/\1/p' trace)
	[ "$pid" ] && [ "$thread" ] && [ "$thread" != "$pid" ]
	grep -q "\"tid\":$thread,\"tgid\":$pid," facts
	kills="no handler: kills the whole process $pid, 4 tasks"
	below "^$thread gets SIGSEGV" "aimed at task $thread alone, a thread of process $pid; $kills"
	has trace "^$thread killed by SIGSEGV.*thread of $pid, with its whole process" \
		"^$pid killed by SIGSEGV.*process ends with its 4 tasks; sends [0-9]+ SIGCHLD\\)" \
		"^[0-9]+ gets SIGCHLD: child $pid was killed(, with a core,)? by SIGSEGV$"
	told -f facts -o task,exit,exec,program
}

@test "the end of a thread and the end of all are told apart" {
	traced --signals -- thread-codes
	has trace '^[0-9]+ exited [0-9]+ \(thread of [0-9]+: '
	lacks trace 'ended with its process'
	traced --signals -- exit-group
	has trace '^[0-9]+ exit_group\([0-9]+\) ends the whole process [0-9]+, [0-9]+ tasks$' \
		'^[0-9]+ exited [0-9]+ \(process ends with its [0-9]+ tasks' '^[0-9]+ ended with its process'
	traced --signals -- zombie-leader-quiet
	has trace 'leader; stays as a zombie until its [0-9]+ threads? ha' '^[0-9]+ exited [0-9]+ \(thread of [0-9]+: '
	lacks trace 'exit_group'
}

@test "stop and continue: by whom, and all tasks with it" {
	traced --signals -- group-stop 3
	has trace '^[0-9]+ gets SIGSTOP: kill\(\) by [0-9]+ \(actor\)$' \
		'^[0-9]+ stopped by SIGSTOP \(the whole process, 4 tasks\)$' \
		'^[0-9]+ goes on by SIGCONT \(the whole process, 4 tasks\)$' \
		'^[0-9]+ gets SIGCHLD: child [0-9]+ stopped by SIGSTOP$' \
		'^[0-9]+ gets SIGCHLD: child [0-9]+ goes on by SIGCONT$'
}

# The kernel gives the number that the sender has in its own pid namespace.
# bats test_tags=memory,user
@test "signals out of a pid namespace, within it and into it" {
	local outside init sender
	untraced signals-inside
	grep -q '^outside: signal by 2$' untraced.out || fail "another number: $(cat untraced.out)"
	traced --signals -- signals-inside
	same
	outside=$(program_pid)
	init=$(sed -n 's/.*"fact":"task","tid":\([0-9]*\),.*"nspid":1}/\1/p' facts)
	sender=$(sed -n 's/.*"fact":"task","tid":\([0-9]*\),.*"nspid":2}/\1/p' facts)
	has trace "^$outside gets SIGUSR1: kill\\(\\) probably by $sender \\([a-z0-9]+, 2 inside\\)$" \
		"^$init gets SIGUSR1: kill\\(\\) by $sender \\([a-z0-9]+, 2 inside\\)$" \
		"^$sender gets SIGUSR1: kill\\(\\) by its own process$" \
		"^$init gets SIGUSR2: kill\\(\\) from outside its pid namespace$" \
		"^$init gets SIGCHLD: child $sender \\(2 inside\\) exited 8$" \
		"^$outside gets SIGCHLD: child $init exited 9$"
}

# bats test_tags=user
@test "the sender is somebody whom cltrace does not follow" {
	local pid
	start_actor stops-itself 2
	pid=$subject
	"$HELPERS/await" state "$pid" T
	attach --signals
	kill -CONT "$pid"
	"$HELPERS/await" text trace 'gets SIGCONT'
	end_actor
	end_cltrace
	has trace "^[0-9]+ gets SIGCONT: kill\\(\\) by $BASHPID$"
	after 'gets SIGCONT' >line
	has line "^aimed at process $pid, taken by its (leader|thread [0-9]+), one of 3 tasks; no handler: it has let"
	has trace "^$pid exit_group\\(0\\) ends the whole process $pid, 3 tasks$"
}
