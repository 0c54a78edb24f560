# SPDX-License-Identifier: GPL-2.0-or-later
# What the live tests share. The environment names what is tested (tests/local.mk): CLTRACE, SAMPLES, ACTOR, ACTOR32
# (empty where there are no 32-bit programs), HELPERS (compare, newtask, await, terminal).

: "${CLTRACE:?}" "${SAMPLES:?}" "${ACTOR:?}" "${ACTOR32=}"
: "${HELPERS:=$(dirname "$ACTOR")/../live}"

load ../cli/common

actor=$ACTOR

# nicer STEPS: the nice value so much above our own; 19 is the highest.
nicer() {
	local value=$(($(nice) + $1))
	echo $((value < 19 ? value : 19))
}

need_root() {
	[ "$(id -u)" = 0 ] || skip "needs root"
}

need_user() {
	[ "$(id -u)" != 0 ] || skip "needs an ordinary user"
}

need_actor32() {
	[ -n "$ACTOR32" ] || skip "32-bit programs cannot be built here (-m32)"
	actor=$ACTOR32
}

# try_untraced SCENE ARGS...: sets untraced_status; output in untraced.out. False if the scene cannot be played.
try_untraced() {
	rm -f untraced.*
	untraced_status=0
	limited "$actor" -o untraced.facts "$@" >untraced.out 2>untraced.err </dev/null 3>&- || untraced_status=$?
	[ $untraced_status != 77 ]
}

# untraced SCENE ARGS...: a scene that cannot be played is a skip.
untraced() {
	try_untraced "$@" || skip "$(sed 's/.*skip: //' untraced.err)"
}

# each COMMAND "SCENE ARGS"...: the command (play, ...) with each scene. It is a skip only if none can be played.
each() {
	local command=$1 scene played=0
	shift
	for scene; do
		echo "scene: $scene" # shown if it fails
		# shellcheck disable=SC2086 # several words
		if try_untraced $scene; then
			$command $scene
			played=1
		else
			echo "# $scene cannot be played: $(sed 's/.*skip: //' untraced.err)" >&3
		fi
	done
	[ $played = 1 ] || skip "$(sed 's/.*skip: //' untraced.err)"
}

# traced OPTIONS... -- SCENE ARGS...: as untraced does, under cltrace: status, out, err, facts, trace, and a recording,
# which is held against the schema.
traced() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	rm -f out err facts trace recording
	status=0
	limited "$CLTRACE" "${options[@]}" -o trace -o json:recording "$actor" -o facts "$@" \
		>out 2>err </dev/null 3>&- || status=$?
	[ ! -s recording ] || valid recording
}

# The traced program did as the untraced one.
same() {
	[ "$status" = "$untraced_status" ] || fail "exit status $status, untraced $untraced_status: $*"
	diff untraced.out out || fail "another output: $*"
	diff untraced.err err || fail "another stderr: $*"
}

# told OPTIONS OF COMPARE...
told() {
	"$HELPERS/compare" "$@" trace || fail "compare $*"
}

# play SCENE ARGS...: with the filter, by events alone, and quietly. What the actor states, the trace tells.
play() {
	play_filter "$@"
	play_events "$@"
}

play_filter() {
	untraced "$@"
	traced -- "$@"
	same "with the filter"
	told -f facts
	traced -q -- "$@"
	same "with -q"
	told -q -f facts -o task,refused,call,program
	traced --verify -- "$@"
	same "with --verify"
	told -f facts
	undisputed
}

# undisputed: of the recording's tasks the kernel says what the flags say, or something else for a known reason.
undisputed() {
	lacks recording '"kind":"difference".*"cause":0,'
}

# Event stops alone do not see what failed, nor calls that make nothing.
play_events() {
	untraced "$@"
	traced --seccomp=no -- "$@"
	same "by events"
	told -f facts -o task,exit,exec,zombie,program
}

# The pid of the program that was traced, by its facts.
program_pid() {
	sed -n 's/.*"fact":"program","pid":\([0-9]*\).*/\1/p' facts | head -n 1
}

# kernel_play [--lost] OPTIONS OF CLTRACE... -- SCENE ARGS...: the trace holds the very creations that the kernel has
# counted. With --lost, a task whose creator was killed may be told without it.
kernel_play() {
	local options=() lost=()
	if [ "$1" = --lost ]; then
		lost=(-l)
		shift
	fi
	while [ "$1" != -- ]; do
		# Without entry stops nothing tells the flags of a call that its caller did not live to end.
		[ "$1" != --seccomp=no ] || lost=("${lost[@]/-l/-lu}")
		options+=("$1")
		shift
	done
	shift
	rm -f out err facts trace list
	status=0
	limited "$HELPERS/newtask" list "$CLTRACE" "${options[@]}" -o trace "$actor" -o facts "$@" \
		>out 2>err </dev/null 3>&- || status=$?
	[ "$status" != 77 ] || skip "tracefs: $(sed 's/^newtask: //' err)"
	"$HELPERS/compare" "${lost[@]}" -k list -r "$(program_pid)" trace || fail "not what the kernel tells"
}

# Starts the actor in the background, its stdin a pipe of ours (descriptor 7), and waits until it is ready: subject.
start_actor() {
	rm -f in facts out
	mkfifo in
	"$actor" -o facts "$@" <in >out 2>actor.err 3>&- 7>&- 8>&- &
	subject=$!
	exec 7>in
	"$HELPERS/await" text facts '"ready"' || fail "the actor is not ready: $(cat actor.err)"
}

# name_actor NAME: the actor that is started next is called so.
name_actor() {
	actor=$PWD/$1
	cp "$ACTOR" "$actor"
}

# order LETTERS: the actor does it, and says so.
order() {
	local lines
	lines=$(wc -l <out)
	printf %s "$1" >&7
	"$HELPERS/await" lines out $((lines + ${#1}))
}

# The actor ends, as it would have without a tracer.
end_actor() {
	local status=0
	exec 7>&-
	wait "$subject" || status=$?
	subject=''
	[ "$status" = "${1:-0}" ] || fail "the actor exited $status: $(cat actor.err)"
	[ ! -s actor.err ] || fail "the actor says: $(cat actor.err)"
}

# Starts cltrace in the background as a job, so that it has SIGINT and SIGQUIT as a terminal's programs do: tracer.
start_cltrace() {
	rm -f trace err
	set -m
	"$CLTRACE" -o trace "$@" 2>err 3>&- 7>&- 8>&- </dev/null &
	set +m
	tracer=$!
}

# attach OPTIONS...: to the subject; returns when all its tasks are traced.
attach() {
	start_cltrace "$@" -p "$subject"
	"$HELPERS/await" traced "$subject" || fail "not attached"
}

# detach [SIGNAL]: cltrace ends, and leaves the subject untraced.
detach() {
	kill "-${1:-INT}" "$tracer"
	end_cltrace
	"$HELPERS/await" untraced "$subject"
}

# Returns when cltrace waits for a signal, for ever: the third argument of rt_sigtimedwait(2), the time, is no pointer.
# Our own child may be looked at wherever ptrace is allowed (proc(5)).
until_blocked() {
	local i timeout
	for ((i = 0; i < 10000; i++)); do
		"$HELPERS/await" state "$tracer" S
		read -r _ _ _ timeout _ <"/proc/$tracer/syscall" || skip "/proc/PID/syscall cannot be read"
		[ "$timeout" != 0x0 ] || return 0
	done
	fail "cltrace does not wait for ever"
}

# need_mounts: mounts of its own for one program. unshare(1) makes / private first, so / has to be a mount point, which
# it is not in a chroot.
need_mounts() {
	need_root
	unshare --mount true 2>unshare.err || skip "unshare --mount: $(cat unshare.err)"
}

# need_libraries: for what shows who made each task, and what it runs.
need_libraries() {
	local lacking
	lacking=$("$CLTRACE" --version | grep -om1 'no lib[a-z_]*') || return 0
	skip "cltrace was built without ${lacking#no }"
}
