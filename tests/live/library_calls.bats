#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Which library call a request looks like: real ones of the C library that is here, and of musl.
load common

# looks CALL LIKE...: with -v too, where what speaks for it stands.
looks() {
	local call=$1
	shift
	limited "$CLTRACE" --no-origin --width=200 -o trace "$program" "$call" </dev/null >out 3>&-
	has trace "$@"
	limited "$CLTRACE" --no-origin --width=200 -v -o trace "$program" "$call" </dev/null >out 3>&-
	has trace "$@" '^ +looks like .*: it makes exactly this (clone3?|v?fork), with these flags, '
}

# Each call, as PTHREAD names the threads of this library.
all_calls() {
	looks fork 'PROCESS .*looks like fork\(\)$'
	looks vfork 'PROCESS .*looks like vfork\(\)$'
	looks posix_spawn 'PROCESS .*looks like posix_spawn\(\)$'
	lacks trace 'looks like system'
	looks system 'PROCESS .*looks like posix_spawn\(\)$' '^ +looks like system\(\) or popen\(\): posix_spawn'
	looks popen 'PROCESS .*looks like posix_spawn\(\)$' '^ +looks like system\(\) or popen\(\): posix_spawn'
	looks daemon 'PROCESS .*looks like fork\(\)$' '^ +looks like daemon\(\) or forkpty\(\): fork\(\), then'
	looks pthread_create "THREAD .*looks like $1$"
	looks thrd_create "THREAD .*looks like $1$"
	has trace 'thrd_create\(\)'
	looks goroutine "THREAD .*looks like a goroutine's thread \(Go\)$"
	looks linuxthreads 'PROCESS .*looks like a LinuxThreads pthread$'
}

@test "the library calls of glibc are recognised" {
	local version
	version=$(getconf GNU_LIBC_VERSION 2>/dev/null) || skip "not glibc"
	printf '%s\n' "glibc 2.30" "$version" | sort -CV || skip "$version: its popen() made another request"
	program=$HELPERS/library_calls
	all_calls 'pthread_create\(\)'
}

@test "the library calls of musl are recognised" {
	program=$HELPERS/library_calls_musl
	[ -x "$program" ] || skip "musl-gcc is missing"
	all_calls 'pthread_create\(\) \(musl\)'
}
