#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel refuses: the rules against the running kernel, and what the trace says of each refusal.
# bats file_tags=user
load common

kernel_rules() {
	"$@" "$HELPERS/kernel_rules" </dev/null >answers 3>&- || fail "the rules and the kernel differ: $(head answers)"
	# It has really asked: less would be a test that cannot fail.
	[ "$(sed -n 's/^\([0-9]*\) requests, .*/\1/p' answers)" -gt 10000 ] || fail "$(cat answers)"
}

@test "the rules predict what this kernel answers" {
	kernel_rules
}

@test "the rules predict what this kernel answers in a user namespace" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	kernel_rules unshare -Ur
}

# bats test_tags=memory
@test "RLIMIT_NPROC: of which user, its value and its use" {
	need_user
	limited "$CLTRACE" -o trace -o json:recording prlimit --nproc=1 "$SAMPLES/fork" >out 2>err 3>&- || true
	valid recording
	tr -s '\n ' ' ' <trace >words
	has words "= -1 EAGAIN .* REFUSED: .*: limit reached: RLIMIT_NPROC of user $(id -u): [0-9]+ of 1 tasks"
	has recording '"what":"nproc","value":1,"use":[1-9]'
}

@test "a limit of namespaces that is 0" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	# shellcheck disable=SC2016 # the inner shell expands it
	limited unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_uts_namespaces && exec "$0" "$@"' \
		"$CLTRACE" -o trace -o json:recording unshare -u true >out 2>err 3>&- || true
	valid recording
	tr -s '\n ' ' ' <trace >words
	has words '= -1 ENOSPC .* limit reached: user.max_uts_namespaces is 0 in user namespace [0-9]+'
}

@test "a pid namespace whose init has died" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	limited unshare -Ur "$CLTRACE" -o trace -o json:recording \
		unshare -p sh -c '/bin/true; /bin/true; :' >out 2>err 3>&- || true
	valid recording
	tr -s '\n ' ' ' <trace >words
	has words '= -1 ENOMEM .* would live in pid namespace [0-9]+, whose init has died'
}

# bats test_tags=memory
@test "capabilities: what is missing, and in which user namespace" {
	need_user
	limited "$CLTRACE" -o trace -o json:recording unshare -u true >out 2>err 3>&- || true
	valid recording
	tr -s '\n ' ' ' <trace >words
	has words "= -1 EPERM .* REFUSED: nothing was changed: .*CAP_SYS_ADMIN .*$(stat -Lc %i /proc/self/ns/user)"
}

# bats test_tags=memory
@test "clone3 that a seccomp filter answers, and the second attempt" {
	untraced filter-errno
	traced -T --seccomp=no -- filter-errno
	grep -q '"call":"clone3"' recording || skip "this C library makes threads without clone3"
	tr -s '\n ' ' ' <trace >words
	has words 'clone3\(.* = -1 ENOSYS .* REFUSED: no task was made: a seccomp filter .* answers instead of'
	has words ' second attempt of [0-9]+: its clone3 for the same failed with ENOSYS'
	# One that was there before us goes unseen, so it is said.
	limited "$ACTOR" -o before no-clone3 \
		"$CLTRACE" -o trace -o json:recording "$SAMPLES/pthread_create" >out 2>err 3>&-
	valid recording
	[ "$(grep -c '^note: a seccomp filter around this' trace)" = 1 ] || fail "not said once"
	lacks trace 'second attempt'
}

# In a mount namespace of its own: every cgroup that a task cannot be created in, and what the trace says of it.
cat_into_cgroup() {
	cat <<'END'
set -u
mkdir -p v2 && mount -t cgroup2 none v2 2>/dev/null || exit 77
top=v2/cltrace-test.$$
# into NAME PATH [HOW]: trace.NAME. The program may not write what its mode forbids.
into() {
	local name=$1
	shift
	timeout -k 5 400 "$CLTRACE" --width=0 -o "trace.$name" -o "json:recording.$name" \
		setpriv --bounding-set=-dac_override "$ACTOR" -o facts into-cgroup "$@" >"out.$name" 2>>err
}
clean() {
	rmdir $top/*/*/* $top/*/* $top/* $top 2>/dev/null
	umount v2
}
trap clean EXIT
mkdir $top $top/plain $top/removed $top/locked || exit 77
into made $top/plain
into removed $top/removed removed
into other /
into thread $top/plain thread
chmod a-w $top/locked/cgroup.procs && into locked $top/locked
mkdir $top/threads $top/threads/one $top/threads/one/invalid
echo threaded >$top/threads/one/cgroup.type && into invalid $top/threads/one/invalid
v1=$(awk '$3 == "cgroup" { print $2; exit }' /proc/mounts)
[ -z "$v1" ] || into v1 "$v1"
mkdir $top/inner $top/inner/leaf
for controller in $(cat $top/inner/cgroup.controllers); do
	echo "+$controller" >$top/inner/cgroup.subtree_control && into inner $top/inner
	echo "-$controller" >$top/inner/cgroup.subtree_control
done 2>/dev/null
[ ! -e $top/plain/pids.max ] || { echo 0 >$top/plain/pids.max && into pids $top/plain; }
exit 0
END
}

# because NAME ERRNO REGEX: where the case could be made, it was refused so, and for this reason.
because() {
	[ -s "trace.$1" ] || return 0
	valid "recording.$1"
	has "out.$1" "INTO_CGROUP: $2\$"
	tr -s '\n ' ' ' <"trace.$1" >words
	has words "= -1 $2 .* REFUSED: no task was made: $3"
}

@test "CLONE_INTO_CGROUP: why no task can be created in the cgroup" {
	local status=0
	need_mounts
	cat_into_cgroup >cases
	export ACTOR
	unshare --mount bash cases </dev/null 3>&- || status=$?
	[ "$status" != 77 ] || skip "no cgroup v2 can be mounted here"
	[ ! -s err ] || fail "$(cat err)"
	has out.made 'INTO_CGROUP: made a process$'
	because removed ENOENT 'the cgroup of descriptor [0-9]+ has been removed'
	because other EBADF 'CLONE_INTO_CGROUP needs .* and descriptor [0-9]+ is not a cgroup directory'
	because v1 EBADF 'CLONE_INTO_CGROUP needs .* and descriptor [0-9]+ is a directory of a cgroup v1 hierarchy'
	because locked EACCES '.*the caller may not write cgroup.procs of the cgroup'
	because thread EOPNOTSUPP '.*the new task is a thread, and the cgroup is outside the threaded subtree'
	because invalid EOPNOTSUPP 'the cgroup is in the state "domain invalid"'
	because inner EBUSY 'the cgroup enables controllers for the cgroups below it'
	because pids EAGAIN 'limit reached: pids.max of cgroup .*/plain: [0-9]+ of 0 tasks'
	for file in removed other thread locked invalid; do
		[ -s trace.$file ] || fail "no case $file"
	done
	lacks words 'knows no rule'
}

@test "what succeeds is not looked at" {
	traced -- fork 3
	lacks recording '"facts":' '"rule":' '"why":'
}
