#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel denies because cltrace traces has a note; what it denies for other reasons has none.
# bats file_tags=memory,user
load common

# notes WORD COUNT: the recording has so many notes of this name, and so does a replay of it.
notes() {
	local count
	count=$(grep -c "\"note\":\"$1\"" recording) || true
	[ "$count" = "$2" ] || fail "$count notes of $1, not $2"
	"$CLTRACE" --replay=recording -o json:again
	cmp recording again
}

# What is to be seen of a task's filters.
need_filters() {
	grep -q ^Seccomp_filters: /proc/self/status || skip "Linux 5.9 or newer is needed"
	[ "$(sed -n 's/^Seccomp_filters:[^0-9]*//p' /proc/self/status)" = 0 ] || skip "a seccomp filter is around this"
}

@test "a program that is a tracer itself is told why it cannot be, by every call's stop too" {
	traced --width=0 -- tracer
	has facts '"fact":"traceme",.*"result":"EPERM"' '"fact":"seize",.*"result":"EPERM"'
	# The child by PTRACE_TRACEME, its parent by PTRACE_SEIZE. Not for itself, for a child that has ended, and for
	# one that may not trace at all.
	notes ptrace-denied 2
	has trace ' note: its ptrace\(PTRACE_TRACEME\) failed with EPERM because cltrace already traces it,' \
		' note: its ptrace call failed with EPERM because cltrace already traces [0-9]+,'
	has recording "\"note\":\"ptrace-denied\",\"number\":$(sed -n 's/.*"seize","tid":\([0-9]*\).*/\1/p' facts),"
	traced --seccomp=no -T -- tracer
	need_filters
	notes ptrace-denied 2
	traced --seccomp=no -- tracer
	notes ptrace-denied 0
}

@test "strict seccomp mode is refused because of the filter" {
	need_filters
	traced --width=0 -- strict
	notes strict-denied 1
	has trace " note: its strict seccomp mode was refused with EINVAL because cltrace's seccomp filter"
	# Flags that it does not take; a filter of the program's own.
	traced -- strict 1
	notes strict-denied 0
	traced -- strict 2
	notes strict-denied 0
	# Without our filter it works.
	traced --seccomp=no -- strict
	notes strict-denied 0
	has trace 'exited 0 \(process ends; '
	traced --seccomp=no -T -- strict 2
	notes strict-denied 0
}

@test "memory of a process that is not dumpable" {
	local as=() user
	if [ "$(id -u)" = 0 ]; then
		type -P setpriv >/dev/null || skip "setpriv is missing"
		traced -- undumpable
		notes unreadable 0
		has recording '"name":"hidden thread"'
		# As somebody else, from a folder of that one's.
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		mkdir user
		cp "$CLTRACE" "$ACTOR" user/
		chmod 755 user . "$BATS_TEST_TMPDIR"
		chown 65534:65534 user
		cd user || return
	else
		mkdir user
		cp "$CLTRACE" "$ACTOR" user/
		cd user || return
	fi
	"${as[@]}" ./cltrace --width=0 -o trace -o json:recording ./actor -o facts undumpable >out 2>err </dev/null ||
		skip "another user cannot get here: $(cat err)"
	notes unreadable 1
	has trace ' note: process [0-9]+ is not dumpable \('
	lacks recording '"name":"hidden'
	grep -q '"call":"clone3"' recording || skip "the C library does not use clone3"
	has recording '"call":"clone3","abi":"[^"]*","size":'
	"${as[@]}" ./cltrace -o trace -o json:recording ./actor -o facts undumpable 1 >out 2>err </dev/null
	notes unreadable 0
	has recording '"name":"hidden thread"'
}
