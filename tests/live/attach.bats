#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Attaching to what runs already, and letting go of it as if nothing had been.
load common

setup_file() {
	# yama's ptrace_scope 1 and more keeps ordinary users from tracing what is not their child.
	local scope=/proc/sys/kernel/yama/ptrace_scope
	if [ "$(id -u)" != 0 ] && [ -e $scope ] && [ "$(cat $scope)" != 0 ]; then
		skip "yama: ptrace_scope is $(cat $scope)"
	fi
}

# The children that the actor stated.
children() {
	sed -n 's/.*"tid":\([0-9]*\),.*"call":"fork()".*/\1/p' facts
}

# bats test_tags=memory,user
@test "all threads are attached, their creations are reported, and detached they continue; not children" {
	local pid
	start_actor remote 3 2
	attach -o json:recording
	"$HELPERS/await" text trace "$subject already there"
	has trace "^$subject already there: process with 4 threads, child of [0-9]+"
	for pid in $(children); do
		grep -q '^TracerPid:.0$' "/proc/$pid/status"
	done
	order tfTtfT
	detach
	order tfT
	has trace "^$subject detached"
	end_actor
	told -a -f facts -o program
	[ "$("$HELPERS/compare" -c trace)" = 8 ] || fail "not the 8 that were made meanwhile"
	# the arguments of the process that was there, one by one
	has recording '"kind":"attach",.*"command":"[^"]* remote 3 2","argv":\["[^"]*","-o","facts","remote","3","2"\]'
}

@test "the exit signal of a task, which the kernel may send to its tracer, is nothing to it" {
	start_actor remote
	attach
	order o
	detach
	[ "$tracer_status" = 0 ] || fail "cltrace exited $tracer_status"
	local signal
	for signal in SIGUSR1 SIGTERM 'SIGRTMIN\+6' 0; do
		has trace "^$subject clone\\($signal\\) = [0-9]+"
	done
	[ "$(grep -c '(process ends; ' trace)" = 4 ] || fail "not all four have ended"
	end_actor
}

# bats test_tags=memory,user
@test "--descendants takes the children that are there" {
	start_actor remote 2 3
	attach --descendants
	local pid pids
	pids=$(children)
	for pid in $pids; do
		"$HELPERS/await" traced "$pid"
		"$HELPERS/await" text trace "$pid already there"
		has trace "^$pid already there: process with 3 threads, child of $subject"
	done
	order tf
	detach
	for pid in $pids; do
		"$HELPERS/await" untraced "$pid"
	done
	end_actor
}

# bats test_tags=memory,user
@test "several processes: commas, blanks, several -p, and each once" {
	local pids=() i
	mkfifo in
	exec 7<>in
	for i in 1 2 3 4; do
		"$ACTOR" -o "facts$i" remote 1 <in >out 3>&- 7>&- &
		subject="$subject $!"
		pids+=($!)
	done
	for i in 1 2 3 4; do
		"$HELPERS/await" text "facts$i" ready
	done
	start_cltrace -p "${pids[0]},${pids[1]}" -p "${pids[2]} ${pids[3]}" -p "${pids[0]}"
	for i in "${pids[@]}"; do
		"$HELPERS/await" traced "$i"
	done
	kill -INT "$tracer"
	end_cltrace
	for i in "${pids[@]}"; do
		"$HELPERS/await" untraced "$i"
		[ "$(grep -c "^$i already there" trace)" = 1 ] || fail "$i"
	done
}

# bats test_tags=memory
@test "the attached process ends or is killed: so cltrace ends" {
	start_actor remote 3
	attach
	order t
	end_actor
	end_cltrace
	[ "$tracer_status" = 0 ]
	has trace 'exited 0'
	told -a -f facts -o program
	start_actor remote 3
	attach
	kill -KILL "$subject"
	end_cltrace
	has trace "^$subject killed by SIGKILL"
	[ "$tracer_status" = 0 ]
	wait "$subject" || true
	subject=''
}

# bats test_tags=memory,user
@test "exec while attached" {
	start_actor remote 2
	attach
	printf e >&7
	"$HELPERS/await" lines out 1
	"$HELPERS/await" text trace "$subject exec: "
	has trace "^$subject exec: .*remote"
	order tf
	detach
	end_actor
}

@test "a stopped process is still stopped after; or it is continued while it is attached" {
	start_actor stops-itself 3
	"$HELPERS/await" state "$subject" T
	start_cltrace -p "$subject"
	"$HELPERS/await" traced "$subject"
	"$HELPERS/await" text trace 'already there'
	kill -INT "$tracer"
	end_cltrace
	"$HELPERS/await" untraced "$subject"
	"$HELPERS/await" state "$subject" T
	[ ! -s out ] || fail "it has gone on"
	kill -CONT "$subject"
	"$HELPERS/await" text out continued
	end_actor
	start_actor stops-itself 3
	"$HELPERS/await" state "$subject" T
	attach
	kill -CONT "$subject"
	"$HELPERS/await" text out continued
	detach
	end_actor
}

# bats test_tags=user
@test "a process that is stopped while it is attached is still stopped after" {
	start_actor remote 3
	attach
	kill -STOP "$subject"
	"$HELPERS/await" text trace 'stopped by SIGSTOP'
	detach
	"$HELPERS/await" state "$subject" T
	kill -CONT "$subject"
	order tf
	end_actor
}

@test "stop, continue, detach, many times" {
	local i
	start_actor remote 3
	for ((i = 0; i < 20; i++)); do
		start_cltrace -p "$subject"
		kill -STOP "$subject"
		"$HELPERS/await" traced "$subject"
		[ $((i % 2)) = 0 ] || kill -CONT "$subject"
		kill -INT "$tracer"
		end_cltrace
		"$HELPERS/await" untraced "$subject"
		[ $((i % 2)) = 1 ] || "$HELPERS/await" state "$subject" T
		kill -CONT "$subject"
		order t
	done
	end_actor
}

# bats test_tags=memory,user
@test "a leader that has exited: its threads are attached" {
	start_actor remote-zombie-leader
	local thread
	thread=$(sed -n 's/.*"thread":\([0-9]*\).*/\1/p' facts)
	start_cltrace -o json:recording -p "$subject"
	"$HELPERS/await" traced "$subject"
	"$HELPERS/await" text trace "$subject already there"
	has trace "^$subject already there: zombie leader of a process with"
	printf x >&7
	"$HELPERS/await" text trace "= "
	has trace "^$thread clone"
	kill -INT "$tracer"
	end_cltrace
	# the leader does not show all of its namespaces any more; its threads do
	grep "\"kind\":\"attach\",\"tid\":$thread," recording | grep -q '"namespaces":{[^}]*"time":[1-9]'
	end_actor 18
}

# bats test_tags=user
@test "a process asleep in vfork, and its child" {
	start_actor remote-vfork
	start_cltrace --descendants -p "$subject"
	local child
	child=$(sed -n 's/.*"child":\([0-9]*\).*/\1/p' facts)
	"$HELPERS/await" traced "$child"
	kill -INT "$tracer"
	end_cltrace
	"$HELPERS/await" untraced "$subject"
	"$HELPERS/await" untraced "$child"
	end_actor
}

# bats test_tags=memory,user
@test "a process with workers of io_uring" {
	"$ACTOR" remote-uring </dev/null >out 2>actor.err || skip "$(sed 's/.*skip: //' actor.err)"
	start_actor remote-uring 2
	start_cltrace --width=0 -p "$subject"
	"$HELPERS/await" text trace 'io_uring worker'
	order tf
	kill -INT "$tracer"
	end_cltrace
	lacks err .
	"$HELPERS/await" untraced "$subject"
	order tf
	has trace "^$subject already there: process with 3 threads," \
		"^$subject note: the kernel runs 1 io_uring worker in process $subject: it is a thread of" \
		", 1 io_uring worker not followed\$"
	end_actor # which says whether its worker has been left alone
}

@test "io_uring's workers in a launched program" {
	untraced remote-uring
	local options
	for options in "" --seccomp=no; do
		rm -f trace in out facts
		mkfifo in
		# shellcheck disable=SC2086
		"$CLTRACE" $options --width=0 -o trace -o json:recording "$actor" -o facts remote-uring \
			<in >out 2>actor.err 3>&- 7>&- &
		subject=$!
		exec 7>in
		"$HELPERS/await" text trace 'the kernel runs 1 io_uring worker in process'
		end_actor
		valid recording
		has trace "processes? made.*, 1 io_uring worker not followed\$"
		has recording '"note":"workers","number":1'
	done
}

# bats test_tags=memory
@test "i386: attached and detached" {
	need_actor32
	start_actor remote 2
	attach
	cp facts before
	order tfT
	detach
	comm -13 <(sort before) <(sort facts) >meanwhile
	order tfT
	end_actor
	told -a -f meanwhile
}

# bats test_tags=user
@test "the tracer is killed: what it was attached to goes on" {
	start_actor remote 3
	attach
	order t
	kill -KILL "$tracer"
	wait "$tracer" || true
	tracer=''
	"$HELPERS/await" untraced "$subject"
	order tfT
	end_actor
}

# bats test_tags=user
@test "--kill-on-exit is not for what is attached to" {
	start_actor remote 1
	run -125 limited "$CLTRACE" --kill-on-exit -p "$subject"
	order t
	end_actor
}

# Each of its execs takes the leader's tid and kills threads that are being attached to: none of that is a refusal, and
# an exec that waits for such a thread to be reaped is not waited for.
# bats test_tags=memory
@test "a process that executes itself all the time, by threads, is attached to each time" {
	start_actor exec-on
	for ((i = 0; i < 20; i++)); do
		rm -f trace
		limited "$CLTRACE" -b execve -o trace -p "$subject" 2>err || fail "status $?"
		has trace "^$subject already there"
		[ ! -s err ] || fail "it says something"
	done
	"$HELPERS/await" untraced "$subject"
	end_actor
}

# A launched one has its parent to wait for it, and may be gone.
# bats test_tags=memory
@test "a process that ends while it is attached to" {
	for ((i = 0; i < 20; i++)); do
		"$ACTOR" exit-group 20 >/dev/null 3>&- &
		subject=$!
		run limited "$CLTRACE" -o trace -p "$subject"
		wait "$subject" || true
		case $status in
		0) ;;
		125) [[ $output =~ "no such process"|"ended meanwhile"|"zombie" ]] || fail "$output" ;;
		*) fail "status $status: $output" ;;
		esac
	done
	subject=''
}

# ---- refusals: why, and what to do ----

# refused PID REGEX: cltrace says it in one line, and leaves.
refused() {
	run -125 limited "$CLTRACE" -o trace -p "$1"
	[ "${#lines[@]}" = 1 ] || fail "not one line: $output"
	grep -Eiq -e "$2" <<<"$output" || fail "not /$2/: $output"
	[[ $output == *"$1"* ]] || fail "no pid: $output"
}

# bats test_tags=memory,user
@test "refused: no such process" {
	local pid
	pid=$(sh -c 'echo $$')
	refused "$pid" 'no such process'
	run -125 limited "$CLTRACE" -o trace -p 4194304000
}

# as_nobody OPTIONS: cltrace as a user to whom /proc, mounted with hidepid in a namespace of its own, hides others.
as_nobody() {
	cp "$CLTRACE" ./cltrace
	chmod 755 cltrace "$BATS_TEST_TMPDIR"
	# shellcheck disable=SC2016
	limited unshare --mount sh -c 'mount -t proc -o hidepid=$0 proc /proc &&
		exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"' "$hidepid" ./cltrace "$@"
}

@test "refused: hidden by /proc" {
	need_mounts
	type -P setpriv >/dev/null || skip "setpriv is missing"
	local hidepid
	start_actor remote 1
	for hidepid in 1 2; do
		run -125 as_nobody -p "$subject"
		[[ $output == *"$subject: it is there, but /proc does not show it"*hidepid*root* ]] || fail "$output"
		run -125 as_nobody --snapshot -p "$subject"
		[[ $output == *"$subject is there, but /proc does not show it"*hidepid*root* ]] || fail "$output"
	done
	as_nobody --snapshot >snapshot 2>err
	has err "hidepid, which hides the processes of other users"
	end_actor
}

# As in the midst of an exec by a thread, when a lookup in /proc fails.
@test "a process that /proc lacks is not called hidden where /proc hides nobody" {
	need_mounts
	start_actor remote 1
	local how
	mkdir empty
	for how in -v --snapshot; do
		# shellcheck disable=SC2016
		run -125 limited unshare --mount sh -c 'mount --bind empty "/proc/$0" && exec "$@"' \
			"$subject" "$CLTRACE" "$how" -p "$subject"
		[[ $output == *"$subject"*"changed each time"*"try again"* && $output != *hidepid* ]] || fail "$output"
	done
	end_actor
}

# bats test_tags=memory,user
@test "refused: already traced, and by whom" {
	start_actor remote 1
	attach
	refused "$subject" "traced by (process )?$tracer \(cltrace\)"
	order t
	detach
	end_actor
}

# bats test_tags=user
@test "refused: a kernel thread" {
	grep -q '^VmSize' /proc/2/status 2>/dev/null && skip "pid 2 is no kernel thread here (a container)"
	[ -e /proc/2/status ] || skip "no kernel threads to be seen here (a container)"
	refused 2 'kernel thread'
}

# The kernel escapes it, too, but only in some of its files.
# bats test_tags=memory
@test "a name that disturbs terminals is escaped, once" {
	name_actor $'a\e[31m\n\\b'
	start_actor hold-zombie
	local zombie
	zombie=$(sed -n 's/.*"zombie":\([0-9]*\).*/\1/p' facts)
	run -125 limited "$CLTRACE" -p "$zombie"
	[[ $output == "cltrace: cannot attach to $zombie: 'a\\033[31m\\n\\b' has ended already"* ]] || fail "$output"
	limited "$CLTRACE" --snapshot -p "$zombie" -o json:snap
	has snap '"name":"a\\u001b\[31m\\u000a\\\\b"' '"command":"\[a\\u001b\[31m\\u000a\\\\b]"'
	end_actor
}

# bats test_tags=user
@test "refused: a zombie, ourselves, our ancestor" {
	start_actor hold-zombie
	local zombie
	zombie=$(sed -n 's/.*"zombie":\([0-9]*\).*/\1/p' facts)
	refused "$zombie" 'zombie'
	end_actor
	# shellcheck disable=SC2016
	run -125 sh -c 'exec "$0" -o trace -p $$' "$CLTRACE"
	[[ $output == *itself* ]] || [[ $output == *ourselves* ]] || fail "$output"
	refused "$$" 'ancestor'
}

# A process of root's that is no ancestor of ours and no kernel thread: the one made for this, or any that stays.
foreign_process() {
	local pid=$$ ancestors=" " status
	if [ -n "${ROOT_PROCESS:-}" ]; then
		echo "$ROOT_PROCESS"
		return
	fi
	while [ "$pid" -gt 0 ]; do
		ancestors="$ancestors$pid "
		pid=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status")
	done
	for status in /proc/[0-9]*/status; do
		pid=${status//[!0-9]/}
		[[ $ancestors != *" $pid "* ]] || continue
		if grep -q '^VmSize' "$status" && grep -q '^Uid:.0' "$status"; then
			echo "$pid"
			return
		fi
	done 2>/dev/null
}

# bats test_tags=user
@test "refused: another user's" {
	if [ "$(id -u)" != 0 ]; then
		local other
		other=$(foreign_process)
		[ -n "$other" ] || skip "another user's process is not to be seen here"
		refused "$other" 'root|user'
		return
	fi
	type -P setpriv >/dev/null || skip "setpriv is missing"
	start_actor remote 1
	cp "$CLTRACE" ./cltrace
	chmod 755 cltrace .
	local folder=$PWD
	while [ "$folder" != / ] && [ -n "$folder" ]; do
		[ -x "$folder" ] && chmod a+x "$folder" 2>/dev/null
		folder=${folder%/*}
		[[ $folder == "$BATS_RUN_TMPDIR"* ]] || break
	done
	run -125 limited setpriv --reuid=65534 --regid=65534 --clear-groups ./cltrace -p "$subject"
	[[ $output == *"$subject"* ]]
	[[ $output == *root* ]] || [[ $output == *user* ]] || fail "$output"
	end_actor
}

# A container's root is not the machine's. (Of one that is not mapped, nobody has a number.)
# bats test_tags=user
@test "refused: another user namespace's" {
	local other=${subject:-} as=()
	if [ "$(id -u)" = 0 ]; then
		type -P setpriv >/dev/null || skip "setpriv is missing"
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		cp "$CLTRACE" ./cltrace
		chmod 755 cltrace "$BATS_TEST_TMPDIR"
		start_actor remote 1
		other=$subject
	else
		cp "$CLTRACE" ./cltrace
		other=$(foreign_process)
		[ -n "$other" ] || skip "another user's process is not to be seen here"
	fi
	local space
	for space in "unshare --user" "unshare --user --map-root-user"; do
		# shellcheck disable=SC2086
		"${as[@]}" $space true 2>/dev/null || skip "needs root, or user namespaces"
		# shellcheck disable=SC2086
		run -125 limited "${as[@]}" $space ./cltrace -p "$other"
		[[ $output == *"$other: it belongs to a user of another user namespace"* ]] || fail "$output"
	done
	[ -z "$subject" ] || end_actor
}

# bats test_tags=memory,user
@test "several processes, one of them refused: nothing is left traced or stopped" {
	start_actor remote 2
	local gone
	gone=$(sh -c 'echo $$')
	start_cltrace -p "$subject,$gone"
	# Either it leaves, or goes on with the other: whichever, the refusal is said.
	"$HELPERS/await" text err "$gone"
	kill -INT "$tracer" 2>/dev/null || true
	end_cltrace
	"$HELPERS/await" untraced "$subject"
	order tf
	end_actor
}

# inferred TID TEXT: the line below the one of TID
inferred() {
	grep -A 1 "^$1 already there" trace | grep -Eq "inferred: $2" || fail "of $1 not inferred: $2"
}

# spaces TID: its namespaces, as a recording has them: "mnt":4026531841
spaces() {
	local space
	for space in "/proc/$1/ns/"*; do
		readlink "$space" | sed "s/.*\\[\\(.*\\)]/\"${space##*/}\":\\1/"
	done | sort
}

# bats test_tags=memory,user
@test "the namespaces of each thread, one of which has left those of its process" {
	local apart tid
	untraced thread-apart </dev/null
	start_actor thread-apart
	apart=$(sed -n 's/.*"apart","tid":\([0-9]*\).*/\1/p' facts)
	attach -o json:recording
	for tid in "/proc/$subject/task/"*; do
		spaces "${tid##*/}" >"spaces.${tid##*/}"
	done
	detach
	[ "$(cat spaces.* | sort -u | wc -l)" -ge $(($(wc -l <"spaces.$subject") + 5)) ] || fail "nobody has left"
	diff "spaces.$subject" "spaces.$apart" >/dev/null && fail "all are in the same"
	for tid in spaces.*; do
		grep "\"kind\":\"attach\",\"tid\":${tid#*.}," recording | grep -o '"namespaces":{[^}]*}' |
			grep -o '"[a-z_]*":[0-9]\+' | sort | diff "$tid" -
	done
	end_actor
}

# bats test_tags=memory,user
@test "what made those that are there is inferred from what they share" {
	local apart nicer memory files
	start_actor standing
	apart=$(sed -n 's/.*"standing","apart":\([0-9]*\).*/\1/p' facts)
	nicer=$(sed -n 's/.*"nicer":\([0-9]*\).*/\1/p' facts)
	memory=$(sed -n 's/.*"memory":\([0-9]*\).*/\1/p' facts)
	files=$(sed -n 's/.*"files":\([0-9]*\).*/\1/p' facts)
	attach -v --width=1000 --descendants -o json:recording
	detach
	# what it has unshared since is no proof that it was born without
	inferred "$apart" 'made with CLONE_VM\|CLONE_FS\|CLONE_SIGHAND\|CLONE_THREAD\|CLONE_SYSVSEM, by what it shares$'
	inferred "$nicer" 'made with CLONE_VM\|CLONE_FS\|CLONE_FILES\|CLONE_SIGHAND\|CLONE_THREAD\|CLONE_SYSVSEM,'
	inferred "$memory" "made with CLONE_VM, by what it shares; child of task $subject,"
	inferred "$files" "made with CLONE_FILES, by what it shares; child of task $subject,"
	valid recording
	has recording "\"tid\":$memory,.*\"creator\":$subject,\"inferred\":256,\"inferred_names\":\[\"CLONE_VM\"\]"
	end_actor
}

# The last events come shortly before the program fails. A long PATH makes others come meanwhile.
@test "beside a program that cannot be started, all events are reported" {
	local seen reported path i
	path=$(printf '/nowhere/%d:' {1..8000})
	bash -c 'for i in 1 2 3 4; do (while :; do (:); done) & done; wait' &
	subject=$!
	for i in {1..8}; do
		run -127 limited "$CLTRACE" -p "$subject" --descendants -o json:recording --debug-stops=stops \
			-E PATH="$path" no-such-command-anywhere
		seen=$(grep -c '^stop .* status=0x[123]057f ' stops) || true
		reported=$(grep -c '"kind":"spawn"' recording) || true
		[ "$seen" = "$reported" ] || fail "$seen creations, of which $reported are reported"
	done
}
