#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --verify: what the kernel did with the flags, asked of the kernel. Every scene is played with it too (common.bash).
load common

# count REGEX
count() {
	grep -c -e "$1" recording || true
}

# every CALL: the kernel agrees about each set of flags that it takes, knows all that is asked, and the verdict is its.
every() {
	local made spawns
	untraced combinations "$1"
	[ "$untraced_status" = 0 ] || fail "the scene fails: $(cat untraced.err)"
	limited "$CLTRACE" --verify -o json:recording "$actor" -o facts combinations "$1" >out 2>err </dev/null 3>&- ||
		fail "status $?"
	made=$(sed -n 's/.*"made":\([0-9]*\).*/\1/p' untraced.facts)
	[ "$made" -gt 500 ] || fail "only $made tasks"
	spawns=$(count '"kind":"spawn"')
	[ "$spawns" = $((made + 1)) ] || fail "$made tasks were made, $spawns seen"
	[ "$(count '"kind":"verify"')" = "$spawns" ] || fail "not each was verified"
	[ "$(count '"kind":"verify".*"not_asked":0,')" = "$spawns" ] || fail "$(grep -m1 '"not_asked":[1-9]' recording)"
	undisputed
	# the bit of the thread group is 14: what the kernel says of it, and what cltrace does
	awk '/"kind":"spawn"/ { thread = /"verdict":"thread"/ }
		/"kind":"verify"/ && match($0, /"shared":[0-9]+/) {
			shared = substr($0, RSTART + 9, RLENGTH - 9)
			if (int(shared / 16384) % 2 != thread) { print; exit 1 }
		}' recording >wrong || fail "not the kernel's verdict: $(cat wrong)"
}

# bats test_tags=user
@test "every set of flags that clone takes" { every clone; }
@test "every set of flags that clone3 takes" { every clone3; }

@test "CLONE_IO where there is no I/O context: neither has one" {
	untraced io-flag
	traced --verify --width=1000 -- io-flag
	same
	has trace 'DIFFERENCE to [0-9]+: I/O context: shared by the flags, neither has one by the kernel; the creator' \
		'^verified: 1 answer of the kernel.s, 1 difference$' 'share: .*semaphore undo.*; neither.*I/O context'
	has recording '"cause":1,"cause_name":"no-io-context"'
	traced --verify -q -- io-flag
	has trace DIFFERENCE
	lacks trace 'kernel agrees|kernel disagrees|verified'
}

# bats test_tags=memory,user
@test "children in another pid namespace, and setns into one" {
	local scene
	for scene in unshare-pid setns; do
		untraced $scene
		traced --verify --width=1000 -- $scene
		same
		has trace 'pid namespace: shared by the flags, not shared by the kernel; the creator had put' \
			'kernel disagrees'
		undisputed
	done
}

# bats test_tags=user
@test "a thread that unshares its descriptors, a program that execs" {
	untraced unshare-files
	traced --verify -v -- unshare-files
	same
	has trace '^ +no longer shared with [0-9]+: descriptors$'
	has trace 'kernel agrees: [0-9]+ and [0-9]+$' '^ +descriptors: not shared, kernel agrees' \
		'^ +memory: shared, kernel agrees'
	untraced vfork-exec
	traced --verify --width=1000 -- vfork-exec
	same
	has trace 'kernel agrees: [0-9]+ and [0-9]+ share: memory' \
		'kernel agrees: .*; not shared: memory, descriptors|kernel agrees: .*cwd and umask'
	lacks trace DIFFERENCE
	traced -v --width=1000 -- vfork-exec
	has trace '^ +no longer shared with [0-9]+: memory'
	traced --verify -v -- close-range
	has trace 'close_range\([0-9]+, [0-9]+, CLOSE_RANGE_UNSHARE\) = 0' \
		'^ +no longer shared with [0-9]+: descriptors$' '^ +descriptors: not shared, kernel agrees'
	limited "$CLTRACE" --replay=recording --format=tree -O TASK,SHARED,SHARES -o tree
	has tree 'memory, descriptors, cwd and umask, .* memory, cwd and umask, signal handlers, semaphore undo$'
}

# changed CALL OTHER SHARED: behind the first line that CALL fits, the kernel agrees with OTHER, and what SHARED fits.
changed() {
	awk -v call="^[0-9]+ $1" -v other="kernel agrees: [0-9]+ and $2\$" -v shared="^ +$3, kernel agrees\$" '
		!at && $0 ~ call { at = 1; next }
		at && /^[0-9]/ { at = $0 ~ other ? 2 : at == 2 ? 3 : at }
		at == 2 && $0 ~ shared { found = 1; exit }
		END { exit !found }' trace || fail "$1: not with $2, or not $3"
}

# bats test_tags=memory,user
@test "what a thread leaves behind: unshare and setns, by namespace and by process" {
	untraced setns-thread
	traced --verify -v --width=1000 -- setns-thread
	same
	changed 'unshare\(CLONE_FS\)' '[0-9]+' 'cwd and umask: not shared'
	changed 'unshare\(CLONE_NEWCGROUP\)' '[0-9]+' 'cgroup namespace: not shared'
	changed 'setns\([0-9]+, CLONE_NEWUTS\)' 'what descriptor [0-9]+ names' 'UTS namespace: shared'
	changed 'setns\([0-9]+, 0\)' 'what descriptor [0-9]+ names' 'network namespace: shared'
	changed 'setns\([0-9]+, CLONE_NEWIPC.*\)' '[0-9]+' 'semaphore undo: not shared'
	changed 'setns\([0-9]+, CLONE_NEWIPC.*\)' 'what descriptor [0-9]+ names' 'IPC namespace: shared'
	has trace '^ +no longer shared with [0-9]+: cwd and umask$' '^ +no longer shared with [0-9]+: semaphore undo$'
	lacks trace DIFFERENCE
	# The tree says it, too: all but what it left.
	limited "$CLTRACE" --replay=recording --format=tree -O KIND,SHARED,SHARES -o tree
	has tree '^thread .*cwd and umask, signal handlers, semaphore undo +memory, descriptors, signal handlers$'
}

@test "exec ends the sharing of descriptors, too" {
	untraced exec-files
	traced --verify -v --width=1000 -- exec-files
	same
	changed 'exec: .*' '[0-9]+' 'descriptors: not shared'
	has trace '^ +descriptors: shared, kernel agrees' '^ +no longer shared with [0-9]+: descriptors$'
	lacks trace DIFFERENCE
}

# bats test_tags=user
@test "unshare by the program itself is held against cltrace's own namespaces" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	limited "$CLTRACE" --verify --width=1000 -o trace -o json:recording unshare -Ur true 2>err
	valid recording
	has trace 'kernel agrees: [0-9]+ and cltrace itself share: .*; not shared: .*user namespace'
	has recording '"kind":"verify","tid":[0-9]+,"other":0,"said_shared":0,'
	undisputed
}

# A program that its user may not read is not dumpable: kcmp and /proc/TID/ns are not for him.
# bats test_tags=memory,user
@test "what is not permitted is said to be not known" {
	need_user
	cp "$actor" unreadable
	chmod 111 unreadable
	limited "$CLTRACE" --verify --width=1000 -o trace -o json:recording ./unreadable fork \
		>out 2>err </dev/null 3>&-
	has trace 'not known: memory, .* \((EPERM|EACCES)'
	lacks trace DIFFERENCE
	valid recording
}

# contained COMMAND...: it makes namespaces for a shell, which has two children; all of it is verified.
contained() {
	rm -f trace recording
	limited "$CLTRACE" --verify --width=1000 -o trace -o json:recording \
		"$@" sh -c 'true; (exit 4); (exit 3); exit 5' 2>err || [ $? = 5 ] ||
		skip "needs root, or user namespaces: $(head -n 1 err)"
	valid recording
	undisputed
	[ "$(count '"kind":"spawn"')" -le "$(count '"kind":"verify"')" ] || fail "not each task"
}

# bats test_tags=user
@test "containers by unshare(1)" {
	contained unshare --user --map-root-user --pid --fork --mount-proc --net --uts --ipc --cgroup --time
	has trace 'unshare\(CLONE_[A-Z_|]*CLONE_NEWUSER' 'new for its children from now on: pid namespace' \
		'^ +PROCESS [0-9]+ \(1 inside\):' '^[0-9]+ clone.* = [0-9]+ \(the caller got [23]\)$' \
		'DIFFERENCE to [0-9]+: pid namespace: .*by unshare or setns$'
}

# bats test_tags=user
@test "containers by bubblewrap" {
	type bwrap >/dev/null || skip "bwrap is missing"
	contained bwrap --unshare-all --ro-bind / / --proc /proc --dev /dev
	has trace '^[0-9]+ clone\(.*CLONE_NEWPID.* = [0-9]+$' '^ +PROCESS [0-9]+ \(1 inside\)' \
		'kernel agrees: .* not shared: .*mount namespace, .*pid namespace'
	lacks trace DIFFERENCE
}

@test "every sample" {
	local sample
	for sample in "$SAMPLES"/*; do
		case $sample in *.* | */Makefile) continue ;; esac
		[ -f "$sample" ] && [ -x "$sample" ] || continue
		limited "$CLTRACE" --verify -o json:recording "$sample" >out 2>err </dev/null 3>&- || true
		has recording '"kind":"end"'
		undisputed
		[ "$(count '"kind":"spawn"')" -le "$(count '"kind":"verify"')" ] || fail "not each task of $sample"
	done
}

# bats test_tags=memory,user
@test "attached" {
	start_actor remote 2
	attach --verify -o json:recording
	order tf
	detach
	end_actor
	[ "$(count '"kind":"verify"')" -ge 2 ] || fail "not verified"
	undisputed
}

# bats test_tags=user
@test "without a /proc of its own pid namespace nothing is known" {
	limited unshare -rpf "$CLTRACE" --verify --width=1000 -o trace sh -c 'true; (exit 3)' 2>err || [ $? = 3 ] ||
		skip "needs root, or user namespaces"
	has trace 'verify: [0-9]+ and [0-9]+; not known: memory, .*\(ENOENT\)'
	lacks trace DIFFERENCE
}

@test "nothing is left of it, and nobody waits for its helper" {
	limited "$CLTRACE" --verify -o '|cat >piped' sh -c 'true; (exit 3)' || [ $? = 3 ]
	has piped '^verified: '
	lacks piped DIFFERENCE
}
