#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What an exec runs: scripts, loaders, working directories; and what descriptors refer to (-y).
load common

# look OPTIONS... -- PROGRAM ARGS...: the trace is in `trace`, in `flat` as one line, the recording in `recording`;
# replay says the same.
look() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	limited "$CLTRACE" --width=0 "${options[@]}" -o trace -o json:recording "$@" >out 2>err </dev/null 3>&- ||
		fail "status $?: $*"
	valid recording
	"$CLTRACE" --width=0 "${options[@]}" --replay=recording -o replayed
	cmp trace replayed
	tr -s ' \n' ' ' <trace >flat # sentences are folded
}

# script NAME LINE: an executable file that begins with it.
script() {
	printf '%s\n' "$2" "exit 0" >"$1"
	chmod +x "$1"
}

@test "the script is named beside its interpreter; an interpreter or a program asked for by its name is no script" {
	script plain "#!/bin/sh"
	look -- ./plain a
	has trace "exec of \./plain: /bin/sh \./plain a$"
	lacks trace "runs /|working directory"
	has recording '"command":"/bin/sh \./plain a","argv":\["/bin/sh","\./plain","a"\],"script":"\./plain","exe":"/'
	look -- "$PWD/plain"
	has trace "exec of $PWD/plain: /bin/sh $PWD/plain$"
	look -- /bin/sh ./plain
	has trace "exec: /bin/sh \./plain$"
	look -- "$ACTOR" -h "$ACTOR"
	has trace "exec: $ACTOR -h $ACTOR$"
	lacks recording '"script":'
}

# At 4096 bytes, in one of the two within a character.
# bats test_tags=memory
@test "a command line that is longer than what is kept ends with ..." {
	local long name
	long=$(printf 'ü%.0s' $(seq 3000))
	for name in x xx; do
		look -- /bin/sh -c 'exit 0' $name "$long"
		has trace "^[0-9]+ exec: /bin/sh -c exit 0 $name ü{2030,}\\.\\.\\.$" \
			"^[0-9]+ .*exited 0 +/bin/sh .*ü\\.\\.\\.$"
		has recording '"kind":"exec".*ü\.\.\.","command_cut":true'
		lacks recording '"command_hex"'
		limited "$CLTRACE" --replay=recording --format=ps --width=0 | grep -q 'ü\.\.\.$' || fail "ps"
	done
	look -- /bin/sh -c 'exit 0' x ...
	lacks recording '"command_cut"'
}

# bats test_tags=memory
@test "a script with an option, and one whose interpreter is a script" {
	script option "#!/bin/sh -e"
	script nested "#!$PWD/option"
	look -- ./option
	has trace "exec of \./option: /bin/sh -e \./option$"
	look -- ./nested
	has trace "exec of \./nested: /bin/sh -e $PWD/option \./nested$"
}

# bats test_tags=user
@test "-v: the file, its loader and the working directory" {
	mkdir "sub dir"
	look -v -- sh -c 'cd "sub dir" && exec env true'
	has flat "runs $(readlink -f "$(type -P true)")(, loaded by /[^ ]*)?, working directory: $PWD/sub dir " \
		"runs $(readlink -f "$(type -P sh)")(, loaded by /[^ ]*)?, working directory: $PWD "
	has recording "\"cwd\":\"$PWD/sub dir\""
}

# bats test_tags=memory,user
@test "a working directory that is no text, one that is gone" {
	mkdir $'\xff' gone
	look -v -- sh -c $'cd \xff && env true'
	has flat 'working directory: [^ ]*/\\377 '
	has recording '"cwd_hex":"[0-9a-f]*ff"'
	look -v -- sh -c 'cd gone && rmdir ../gone && env true'
	has flat 'working directory: [^ ]*/gone \(deleted\) '
}

@test "a program without a loader has none" {
	printf 'int main(void) { return 0; }\n' >static.c
	${CC:-cc} -static -o static static.c 2>/dev/null || skip "no static C library"
	look -v -- ./static
	has flat "runs $PWD/static, working directory: $PWD "
	lacks recording '"loader":'
}

# bats test_tags=memory
@test "arguments are recorded one by one" {
	cat >script <<-'END'
		"$1" echo "a b" "" c
		exec env true "" " "
	END
	look -- sh script "$ACTOR"
	has recording '"command":"[^"]*/actor echo a b  c","argv":\["[^"]*/actor","echo","a b","","c"\],"exe"' \
		'"command":"true    ?","argv":\["true",""," "\],"exe"'
	look -- "$ACTOR" echo $'\xff'
	has recording '"argv":\["[^"]*/actor","echo","\\ufffd"\],"argv_hex":\["[0-9a-f]*","6563686f","ff"\],"exe"'
}

# zeros: how many the last argument of the recording's only such program has
zeros() {
	sed -nE 's/.*"argv":\["true","0+","(0*)"\].*/\1/p' recording | tr -d '\n' | wc -c
}

# bats test_tags=memory
@test "arguments beyond what is recorded are marked" {
	# 131072 bytes with their NULs: true, 100000 zeros, and 31065
	look -- env true "$(printf '%0100000d' 0)" "$(printf '%031065d' 0)"
	lacks recording '"argv":\["true".*"argv_cut"'
	[ "$(zeros)" = 31065 ] || fail "$(zeros) zeros"
	look -- env true "$(printf '%0100000d' 0)" "$(printf '%031066d' 0)" last
	[ "$(grep -c '"argv_cut":true,"exe"' recording)" -ge 1 ] || fail "not marked"
	[ "$(zeros)" = 31066 ] || fail "$(zeros) zeros"
}

@test "execs that fail: the file as it was named, and the error" {
	look -- "$ACTOR" failed-execs
	has trace ' execve\("/no/such"\) = -1 ENOENT \(No such file or directory\)$' \
		' execve\("/"\) = -1 EACCES \(Permission denied\)$' ' execve\(0x8, 0x[0-9a-f]*, 0x0\) = -1 EFAULT ' \
		' execveat\([0-9]+, ""\) = -1 EACCES ' ' execveat\(AT_FDCWD, "no/such"\) = -1 ENOENT ' \
		' execve\("/thread/nothing"\) = -1 ENOENT '
	has flat 'execveat\([0-9]+, ""\) = -1 EACCES \(Permission denied\) descriptor: fd=[0-9]+</dev/null> '
	has recording '"result":-14,"error_name":"EFAULT","duration":[0-9]+}$' \
		'"refers":"/dev/null","file":""}$' '"file":"/thread/nothing"}$'
}

@test "execs that fail: by every call's stop, and by events not at all" {
	untraced failed-execs
	traced --seccomp=no -T -- failed-execs
	same
	has trace ' execve\("/no/such"\) = -1 ENOENT .*<[0-9.]+>$'
	has recording '"file":"/no-3/no-such-program"'
	traced --seccomp=no -- failed-execs
	same
	lacks recording '"call":"execve"'
	lacks trace 'execve|execs? failed'
}

# bats test_tags=user
@test "the search for the launched program is not part of the trace" {
	PATH="$PWD/no-1:$PWD/no-2:$PATH" look -- true
	lacks recording '"call":"execve"'
	has recording '"argv":\["true"\]'
}

# bats test_tags=memory,user
@test "-y: the pidfd of a new process" {
	look -y -- "$ACTOR" clone3
	has trace "descriptor: pidfd=[0-9]+<pid:[0-9]+>$"
	# The pid is that of the task that was made.
	has recording '"child":([0-9]+),.*"pidfd":[0-9]+,"pidfd_is":"pid:\1"'
	look -- "$ACTOR" clone3
	lacks trace "descriptor:"
	lacks recording '"pidfd_is"'
}

# bats test_tags=user
@test "-y: the cgroup that a task is made in" {
	local made
	untraced combinations clone3
	look -y -- "$ACTOR" combinations clone3
	# Only a call that succeeded has a line that ends with its new task.
	made=$(grep -cE 'CLONE_INTO_CGROUP.* = [0-9]+$' trace) || skip "needs root, or a cgroup2 that may be written"
	[ "$made" -ge 100 ] || fail "only $made"
	has trace "descriptor: cgroup=[0-9]+</sys/fs/cgroup.*>$"
}

# bats test_tags=user
@test "-y: the namespaces that setns enters" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	look -y -- "$ACTOR" setns
	has trace "descriptor: fd=[0-9]+<user:\[[0-9]+\]>$" "descriptor: fd=[0-9]+<uts:\[[0-9]+\]>$" \
		"descriptor: fd=[0-9]+<pid:\[[0-9]+\]>$"
}

# bats test_tags=memory,user
@test "-y: what stands in for a cgroup; a descriptor that is none" {
	look -y -- "$ACTOR" refusals
	has trace "descriptor: cgroup=2<$PWD/err>$"
	lacks trace "=-1<"
	look -y -- "$ACTOR" call-refusals
	has trace "descriptor: fd=2<$PWD/err>$"
	lacks trace "=-1<"
}
