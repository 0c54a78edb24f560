#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Which namespaces each task is in and which it brought, by what the kernel shows to whoever lives there; and the
# numbers of tasks in pid namespaces, seen from outside and from inside.
# bats file_tags=user
load common

# What needs no privilege: the rest of unshare's options goes behind. The kinds come along that these make.
eval "$(declare -f setup | sed '1s/setup/usual_setup/')"
setup() {
	usual_setup
	space=(unshare) also=()
	[ "$(id -u)" = 0 ] || { space+=(--user --map-root-user) && also=(user); }
	"${space[@]}" --pid --fork --mount-proc true 2>/dev/null || skip "needs root, or user namespaces"
	namespaces_of self >outer
	cat >inside <<'END'
#!/bin/sh
# Says in which namespaces it is, and what a call returned to it.
for kind in cgroup ipc mnt net pid time user uts; do
	readlink /proc/$$/ns/$kind
done | tr -d '[]' >in_namespaces
echo "$$ made" >numbers
(: a child) &
echo "$!" >>numbers
wait
END
	chmod 755 inside
}

# namespaces_of TASK: those that it has under /proc, KIND:INODE
namespaces_of() {
	local kind
	for kind in cgroup ipc mnt net pid time user uts; do
		[ ! -e "/proc/$1/ns/$kind" ] || readlink "/proc/$1/ns/$kind"
	done | tr -d '[]' | sort
}

# container OPTIONS OF CLTRACE... -- COMMAND...: traces it, which is to run ./inside somewhere.
container() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	rm -f trace recording in_namespaces numbers
	limited "$CLTRACE" "${options[@]}" --width=1000 -o trace -o json:recording "$@" >out 2>err </dev/null 3>&- ||
		fail "exit status $?"
	valid recording
}

# cell COLUMN TID: what the tree has there
cell() {
	limited "$CLTRACE" --replay=recording --format=tree --width=0 -O "TID,$1" | sed -n "s/^ *$2\( *\|$\)//p"
}

# kinds_in CELL: all that it means
kinds_in() {
	local kind lacks=${1#all but }
	case $1 in
	all) echo cgroup ipc mnt net pid time user uts ;;
	all\ but\ *)
		for kind in cgroup ipc mnt net pid time user uts; do
			[[ ,$lacks, == *,$kind,* ]] || echo "$kind"
		done | paste -s -d ' '
		;;
	*) echo "${1//,/ }" ;;
	esac
}

# The task that ran ./inside last.
insider() {
	sed -n 's/^\([0-9]*\) exec\( of [^:]*\)\{0,1\}: [^ ]*sh [^ ]*inside$/\1/p' trace | tail -n 1
}

# It is in those that it saw, by their numbers, and so is its child; its call returned what it says.
as_it_saw() {
	local tid child inner own made
	tid=$(insider)
	if [ ! -s in_namespaces ] || [ -z "$tid" ]; then
		fail "nobody was there"
	fi
	inner=$(sort in_namespaces | comm -13 outer - | paste -s -d ' ')
	[ "$(cell NSINODES "$tid")" = "$inner" ] || fail "$tid is in '$inner', not in '$(cell NSINODES "$tid")'"
	{ read -r own _ && read -r made; } <numbers
	[ "$(cell NSPID "$tid")" = "$own" ] || fail "$tid is $own inside"
	if [ "$own" != "$tid" ]; then
		child=$(sed -n "s/^$tid [a-z0-9]*(.* = \([0-9]*\) (the caller got $made)$/\1/p" trace)
		[ -n "$child" ] || fail "the call did not return $made"
		has trace "^ +PROCESS $child \($made inside\)[ :]"
	else
		child=$made
		has trace "^$tid .* = $made$"
	fi
	[ "$(cell NSINODES "$child")" = "$inner" ] || fail "its child $child is elsewhere"
	[ -z "$(cell BROUGHT "$child")$(cell ENTERED "$child")" ] || fail "its child has brought some"
}

# brought TID KINDS...: these, and what an ordinary user's first step brings
brought() {
	local tid=$1 kinds
	shift
	kinds=$(printf '%s\n' "$@" "${also[@]}" | grep . | sort -u | paste -s -d ,)
	[ "$(cell BROUGHT "$tid")" = "$kinds" ] || fail "$tid brought $(cell BROUGHT "$tid"), not $kinds"
}

# bats test_tags=memory
@test "each kind of namespace by itself" {
	local kind option launched
	for kind in cgroup ipc mnt net pid time user uts; do
		[ -e "/proc/self/ns/$kind" ] || continue
		option=$kind
		[ "$kind" != mnt ] || option=mount
		local command=("${space[@]}" "--$option" --fork)
		# /proc would be another pid namespace's
		[ "$kind" != pid ] || command+=(--mount-proc)
		"${command[@]}" true 2>err || skip "needs root, or user namespaces: $(cat err)"
		container -- "${command[@]}" ./inside
		as_it_saw
		launched=$(sed -n 's/^\([0-9]*\) exec: unshare .*/\1/p' trace)
		if [ "$kind" = pid ]; then
			brought "$launched" mnt pid
		else
			brought "$launched" "$kind"
		fi
		[ -z "$(cell BROUGHT "$(insider)")" ] || fail "$kind: it brought nothing itself"
	done
}

@test "all eight by unshare(1), and what the launched program itself is in" {
	local all=("${space[@]}" --user --map-root-user --pid --fork --mount-proc --net --uts --ipc --cgroup --time)
	"${all[@]}" true 2>err || skip "needs root, or user and time namespaces: $(cat err)"
	container -- "${all[@]}" ./inside
	as_it_saw
	[ "$(cell NS "$(insider)")" = all ]
	local launched
	launched=$(sed -n 's/^\([0-9]*\) exec: unshare .*/\1/p' trace)
	[ "$(cell BROUGHT "$launched")" = all ]
	[ "$(cell NS "$launched")" = "all but pid,time" ]
	[ "$(cell NSPID "$launched")" = "$launched" ]
	has trace "^TASK +KIND +NS +BROUGHT +FATE +COMMAND$" "^$launched +process +all but pid,time +all +exited 0"
	lacks trace 'number not known'
}

@test "-v: what makes other namespaces says so, by their numbers; a time namespace is entered by exec" {
	container -v -- "${space[@]}" --pid --fork --mount-proc --uts ./inside
	as_it_saw
	local mnt pid uts
	mnt=$(sed -n 's/^mnt://p' in_namespaces) pid=$(sed -n 's/^pid://p' in_namespaces)
	uts=$(sed -n 's/^uts://p' in_namespaces)
	has trace "^ +in other namespaces now: mnt $mnt, .*uts $uts; for its children: pid \(number not known\)$" \
		"^ +in other namespaces than [0-9]+: pid $pid$"
	[ "$(grep -c 'in other namespaces' trace)" = 2 ]
	[ -e /proc/self/ns/time_for_children ] || skip "needs root, or a kernel with time namespaces"
	container -v -- "${space[@]}" --time ./inside
	as_it_saw
	has trace '^ +(in other namespaces now: .*; |other namespaces )for its children: time [0-9]+$'
}

@test "by event stops alone: execs and children tell where the unseen calls have led" {
	container --seccomp=no -- "${space[@]}" --pid --fork --mount-proc --uts ./inside
	as_it_saw
	local launched
	launched=$(sed -n 's/^\([0-9]*\) exec: unshare .*/\1/p' trace)
	sort in_namespaces | comm -13 outer - | grep -v ^pid: >inherited
	[ "$(cell NSINODES "$launched")" = "$(paste -s -d ' ' inherited)" ]
	[ -z "$(cell BROUGHT "$launched")" ]
}

# bats test_tags=memory
@test "pid namespaces in one another: all the numbers" {
	# grep's numbers, as the middle one has them: its /proc is not mounted anew
	container -v -- "${space[@]}" --pid --fork --mount-proc sh -c \
		'unshare --pid --fork sh -c "grep NSpid /proc/self/status; true"; true'
	local middle inner
	read -r _ middle inner <out
	[ -n "$inner" ] || fail "$(cat out)"
	has trace "^ +its ids, from the tracer's pid namespace to its own: [0-9]+, $middle, $inner$" \
		"= [0-9]+ \(the caller got $inner\)$" "^ +PROCESS [0-9]+ \($inner inside\)"
}

# start_traced OPTIONS OF UNSHARE...: with the actor inside, its stdin a pipe of ours: tracer
start_traced() {
	mkfifo in
	limited "$CLTRACE" -o trace -o json:recording "${space[@]}" "$@" "$actor" -o facts remote \
		<in >out 2>err 3>&- 7>&- &
	tracer=$!
	exec 7>in
	"$HELPERS/await" text facts '"ready"' || fail "the actor is not ready: $(cat err)"
}

# lsns looks from outside while it is there; the tree has it afterwards.
@test "as lsns has it" {
	type lsns >/dev/null || skip "needs root, or lsns"
	start_traced --pid --fork --mount-proc --net --uts --ipc --cgroup
	subject=$(descendants "$tracer" | tail -n 1)
	lsns -n -r -o TYPE,NS -p "$subject" | tr ' ' : | sort >listed
	exec 7>&-
	end_cltrace
	[ "$(comm -13 outer listed | paste -s -d ' ')" = "$(cell NSINODES "$subject")" ] ||
		fail "$(cat listed) and not $(cell NSINODES "$subject")"
	subject=''
	[ "$(comm -13 outer listed | wc -l)" -ge 5 ]
}

# bats test_tags=memory
@test "setns: what was entered, by a descriptor and without flags" {
	untraced setns
	traced -v -- setns
	has trace '^TASK .* ENTERED ' ' in other namespaces now: '
}

@test "bubblewrap" {
	type bwrap >/dev/null || skip "bwrap is missing"
	bwrap --unshare-all --ro-bind / / --proc /proc --dev /dev true 2>err ||
		skip "needs root, or user namespaces: $(cat err)"
	container -- bwrap --unshare-all --bind / / --proc /proc --dev /dev --chdir "$PWD" ./inside
	as_it_saw
	has trace '^[0-9]+ clone\(.*CLONE_NEWPID.* = [0-9]+$' '^ +PROCESS [0-9]+ \(1 inside\)'
	[ "$(cell NSPID "$(insider)")" = 2 ]
}

# bundle: an OCI bundle whose container runs ./inside, by programs of this machine.
bundle() {
	local at
	mkdir -p rootfs/proc rootfs/dev
	{
		cat <<END
{ "ociVersion": "1.0.0", "hostname": "inside", "root": { "path": "rootfs" },
  "process": { "user": { "uid": 0, "gid": 0 }, "args": [ "/bin/sh", "./inside" ], "cwd": "/bundle",
	"env": [ "PATH=/usr/bin:/bin" ], "noNewPrivileges": true },
  "mounts": [ { "destination": "/proc", "type": "proc", "source": "proc" },
END
		for at in /usr /bin /lib /lib64; do
			[ ! -e $at ] || echo "{ \"destination\": \"$at\", \"type\": \"bind\", \"source\": \"$at\",
				\"options\": [ \"rbind\", \"ro\" ] },"
		done
		cat <<END
	{ "destination": "/bundle", "type": "bind", "source": "$PWD", "options": [ "bind" ] } ],
  "linux": { "uidMappings": [ { "containerID": 0, "hostID": 0, "size": 1 } ],
	"gidMappings": [ { "containerID": 0, "hostID": 0, "size": 1 } ],
	"namespaces": [ { "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" },
		{ "type": "mount" }, { "type": "cgroup" }, { "type": "user" } ] } }
END
	} >config.json
}

# crun wants the unified hierarchy of cgroups alone: it gets that in a mount namespace of ours.
crun_alone() {
	mount -t cgroup2 none /sys/fs/cgroup && XDG_RUNTIME_DIR=$PWD "$@"
}

@test "crun" {
	type crun >/dev/null || skip "crun is missing"
	export -f crun_alone namespaces_of
	local crun=(crun --cgroup-manager=disabled --root "$PWD/state" run) mounts=("${space[@]}" --mount --cgroup)
	bundle
	limited "${mounts[@]}" bash -c 'crun_alone "$@"' bash "${crun[@]}" probe >out 2>err </dev/null ||
		skip "needs root, or what crun does: $(cat err)"
	rm -f in_namespaces numbers trace
	# The tracer's own are those that crun is begun in.
	limited "${mounts[@]}" bash -c 'namespaces_of self >outer && crun_alone "$@"' bash \
		"$CLTRACE" --width=1000 -o trace -o json:recording "${crun[@]}" traced \
		>out 2>err </dev/null 3>&- || fail "exit status $?"
	valid recording
	as_it_saw
	local kinds='' task
	while read -r task; do
		kinds+=" $(kinds_in "$(cell BROUGHT "$task")")"
	done < <(sed -n 's/.*"child":\([0-9]*\),.*/\1/p' recording)
	for task in cgroup ipc mnt net pid user uts; do
		[[ " $kinds " == *" $task "* ]] || fail "nobody brought the $task namespace: $kinds"
	done
	[ "$(cell NS "$(insider)")" = "all but time" ]
	[ "$(cell NSPID "$(insider)")" = 1 ]
}

# Starts the actor as the init of a pid namespace, its stdin a pipe of ours: subject, and init, its number outside.
start_inside() {
	mkfifo in
	"${space[@]}" --pid --fork --mount-proc --kill-child "$actor" -o facts "$@" \
		<in >out 2>actor.err 3>&- 7>&- 8>&- &
	subject=$!
	exec 7>in
	"$HELPERS/await" text facts '"ready"' || fail "the actor is not ready: $(cat actor.err)"
	init=$(pgrep -P "$subject")
}

may_attach() {
	local scope=/proc/sys/kernel/yama/ptrace_scope
	if [ "$(id -u)" != 0 ] && [ -e $scope ] && [ "$(cat $scope)" != 0 ]; then
		skip "needs root, or no yama: ptrace_scope is $(cat $scope)"
	fi
}

# told_inside: what the actor made meanwhile, by its own numbers, the trace has beside ours.
told_inside() {
	local number any=''
	while read -r number; do
		any=1
		has trace " = [0-9]+ \(the caller got $number\)$" "^ +(PROCESS|THREAD) [0-9]+ \($number inside\)[ :]"
	done < <(comm -13 before <(sort facts) | sed -n 's/.*"fact":"task","tid":\([0-9]*\),.*/\1/p')
	[ -n "$any" ] || fail "nothing was made: $(cat facts)"
}

# bats test_tags=memory
@test "-p from outside, of a process inside" {
	may_attach
	start_inside remote 2
	sort facts >before
	start_cltrace -v --width=1000 -p "$init"
	"$HELPERS/await" traced "$init" || fail "not attached"
	order tfT
	kill -INT "$tracer"
	end_cltrace
	"$HELPERS/await" untraced "$init"
	namespaces_of "$init" >there
	comm -13 outer there >own
	has trace "^$init already there: process with 3 threads, child of $subject, 1 inside its pid namespace: " \
		"^ +in other namespaces than the tracer: .*pid $(sed -n 's/^pid://p' there)(,|$)" \
		"^$init \(1 inside\) +process, already there +$(cut -d : -f 1 own | paste -s -d ,) " \
		"^[0-9]+ already there: thread of $init, 2 inside its pid namespace$"
	told_inside
	limited "$CLTRACE" --snapshot -p "$init" --format=tree --width=0 -O TID,NSPID,NSINODES >snap
	has snap "^ *$init +1 +$(paste -s -d ' ' own)$"
	end_actor
}

# attach_there: all of it happens inside
attach_there() {
	mkfifo in
	"$actor" -o facts remote 2 <in >out 2>actor.err &
	init=$!
	echo $init >pid
	exec 7>in
	"$HELPERS/await" text facts '"ready"'
	"$CLTRACE" -o trace -p $init 2>err 7>&- &
	cltrace=$!
	"$HELPERS/await" traced $init
	printf tfT >&7
	"$HELPERS/await" lines out 3
	kill $cltrace
	wait $cltrace || true
	"$CLTRACE" --snapshot -q -p $init >snap
	exec 7>&-
	wait $init
}

@test "-p from inside, of a process there" {
	may_attach
	export -f attach_there
	export actor CLTRACE
	limited "${space[@]}" --pid --fork --mount-proc --kill-child bash -e -c attach_there \
		>there.out 2>there.err 3>&- || fail "status $?: $(cat there.err)"
	subject='' tracer=''
	has trace "^$(cat pid) already there: process with 3 threads, child of 1: "
	lacks trace ' inside| got '
	told -a -f facts -o program
	[ "$("$HELPERS/compare" -c trace)" = 4 ] || fail "not the 4 that were made meanwhile"
	has snap "^$(cat pid) +$(cat pid) +1 "
	lacks snap ' inside'
}

@test "launched inside" {
	limited "${space[@]}" --pid --fork --mount-proc "$CLTRACE" -o trace -o json:recording \
		"$actor" -o facts fork-thread >out 2>err </dev/null 3>&- || fail "status $?"
	valid recording
	told -f facts
	lacks trace ' inside| got |BROUGHT'
	# and what makes one there has its number from there beside it
	limited "${space[@]}" --pid --fork --mount-proc "$CLTRACE" -o trace -o json:recording \
		unshare --pid --fork --mount-proc ./inside >out 2>err </dev/null 3>&- || fail "status $?"
	has trace '^ +PROCESS [0-9]+ \(1 inside\):' '^[0-9]+ .* = [0-9]+ \(the caller got 2\)$'
	[ "$(cell NS "$(insider)")" = mnt,pid ]
}
