#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Resource limits of the caller (setrlimit(2)): the program keeps them, and cltrace does its work.
# bats file_tags=user
load common

# under "LIMITS" COMMAND...: with what ulimit sets, softly and hard.
under() {
	local limits=$1
	shift
	limited bash -c "ulimit $limits"' && exec "$@"' bash "$@"
}

# Whether we may raise a hard limit, as root may where it has CAP_SYS_RESOURCE.
privileged() {
	(ulimit -f 1000000 && ulimit -f unlimited) 2>/dev/null
}

need_memory_limits() {
	# Its shadow memory is larger than any limit.
	! grep -q __asan_init "$CLTRACE" || skip "AddressSanitizer needs all memory"
}

# bats test_tags=memory
@test "a small stack" {
	local size options
	# What lies before main() takes its share, with AddressSanitizer more.
	for size in 64 128 1024; do
		for options in '' -k -D --seccomp=no --verify --format=tree -c; do
			# shellcheck disable=SC2086 # several words
			run -7 under "-s $size" "$CLTRACE" $options -o trace bash -c 'ulimit -s; (:); exit 7'
			[ "$output" = $size ] || fail "$size, $options: $output"
			[ "$options" = -D ] || [ -s trace ]
		done
		run -0 under "-s $size" "$CLTRACE" --explain CLONE_VM
		run -0 under "-s $size" "$CLTRACE" --snapshot -p $$
	done
}

@test "program and output commands keep all limits" {
	local options limits='-S -n 64 -s 4096 -c 0 -f 50000 -t 3000 -i 100'
	for options in '' --seccomp=no -D; do
		under "$limits" bash -c 'ulimit -S -a; ulimit -H -a' >untraced
		mkfifo fifo
		# shellcheck disable=SC2086 # several words
		under "$limits" "$CLTRACE" $options -o '|bash -c "ulimit -S -a; ulimit -H -a; cat" >fifo' \
			bash -c 'ulimit -S -a; ulimit -H -a' >traced &
		timeout 400 cat fifo >of_command
		wait $!
		diff untraced traced || fail "the program: $options"
		diff untraced <(head -n "$(wc -l <untraced)" of_command) || fail "the command: $options"
		rm fifo
	done
}

@test "few descriptors" {
	local options
	run -7 under '-n 16' "$CLTRACE" -k -o trace -o json:recording -o tree:tree bash -c 'ulimit -n; (:); exit 7'
	[ "$output" = 16 ]
	has trace '^ +PROCESS '
	valid recording
	# what may be raised is no limit of ours, from the first descriptor on
	for options in '' -D --seccomp=no; do
		# shellcheck disable=SC2086
		run -7 under '-S -n 8' "$CLTRACE" $options -o trace bash -c 'ulimit -n; (:); exit 7'
		[ "$output" = 8 ] || fail "$options: $output"
		has trace '^ +PROCESS '
	done
}

# The kernel has no room for what is said of a signal: its number reaches the program all the same.
@test "no queued signals" {
	local options
	for options in '' --seccomp=no; do
		mkfifo in
		# shellcheck disable=SC2086 # several words
		(ulimit -i 0 && exec "$CLTRACE" $options -o trace "$ACTOR" -o facts hears) >out <in 3>&- &
		tracer=$!
		exec 7>in
		"$HELPERS/await" text facts '"ready"'
		kill -INT $tracer
		"$HELPERS/await" text out 'got SIGINT'
		kill -TERM $tracer
		"$HELPERS/await" text out 'got SIGTERM'
		exec 7>&-
		wait $tracer
		tracer=''
		rm in out facts
	done
}

# Its own CPU time must not end the trace without an end.
@test "CPU time" {
	local loop='while :; do (:); done'
	! privileged || skip "needs an ordinary user"
	run -137 under '-t 1' "$CLTRACE" -o json:recording bash -c "$loop"
	[[ $output == *"cltrace has almost used up its limit of CPU time (ulimit -t), so the trace ends here"* ]] ||
		[[ $output == *Killed* ]] || [ ! "$output" ] # or the program has used up its own
	valid recording
	has recording '"kind":"end"'
}

# bats test_tags=memory
@test "little memory: no names and lines, or one clear line" {
	need_memory_limits
	! privileged || skip "needs an ordinary user"
	run -0 under '-d 8000' "$CLTRACE" -o trace sh -c '(:)'
	[ "$output" = '' ]
	has trace '^ +PROCESS '
	run -0 under '-d 8000' "$CLTRACE" -k -o trace sh -c '(:)'
	[ "$output" = 'cltrace: -k shows no names and lines: too little memory is allowed (ulimit -d, -v)' ]
	run -0 under '-v 100000' "$CLTRACE" -k -o trace sh -c '(:)'
	[ "$output" = 'cltrace: -k shows no names and lines: too little memory is allowed (ulimit -d, -v)' ]
	run -125 under '-d 420' "$CLTRACE" -o trace true
	[ "$output" = 'cltrace: out of memory' ]
}

@test "a trace that outgrows ulimit -f" {
	local said=''
	privileged || said="cltrace: the trace is incomplete: writing to 'trace' failed: File too large"
	run -4 under '-f 1' "$CLTRACE" -o trace sh -c 'for i in 1 2 3 4 5 6 7 8; do (:); done; exit 4'
	[ "$output" = "$said" ]
	# its own writes fail as usual
	run -153 under '-f 1' "$CLTRACE" -o - sh -c "exec seq 1000 >written"
	[[ $output == *"killed by SIGXFSZ"* ]]
}
