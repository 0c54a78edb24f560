#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --compare: two programs, two recordings, or one of each.
load common

# bats test_tags=memory
@test "--compare: two programs, their own output untouched" {
	"$SAMPLES/clone_linuxthreads" >one
	"$SAMPLES/clone_own_files" >two
	limited "$CLTRACE" --compare "$SAMPLES/clone_linuxthreads" "$SAMPLES/clone_own_files" >out 2>err </dev/null 3>&-
	[ ! -s err ]
	head -n 2 out | diff - <(cat one two)
	has out '^creation 1: clone(\(\))? against clone(\(\))?$' '^CLONE_FILES +set +-$' \
		'^descriptors +shared +copied$' \
		'^the same in both: kind process-sharing, call clone, CLONE_VM, CLONE_FS, CLONE_SIGHAND'
	[ "$(grep -c '^creation' out)" = 1 ]
}

@test "--compare: a command with arguments, and programs that ask for the same" {
	limited "$CLTRACE" --compare "$SAMPLES/eight_ways pthread_create" "$SAMPLES/eight_ways thrd_create" \
		>out 2>err </dev/null 3>&-
	has out '^the same in both: (pthread_create\(\) against thrd_create\(\) \(one|like pthread_create\(\)$)'
	lacks out '^creation'
}

# untimed FILE: the comparison without its times, which may be equal by chance: then they stand among the rest
untimed() {
	sed 's/, time in the call [0-9.]* s//' "$1" | grep -v '^time in\|^ \|the thread\|the answer'
}

# bats test_tags=memory
@test "--compare: recordings give what the programs give" {
	for sample in fork pthread_create; do
		limited "$CLTRACE" -T -o "json:$sample" "$SAMPLES/$sample" >/dev/null 2>err </dev/null 3>&-
	done
	limited "$CLTRACE" --width=1000 --compare fork pthread_create >out 2>err </dev/null 3>&-
	[ ! -s err ]
	has out '^creation 1: fork\(\) against pthread_create\(\)$' '^CLONE_THREAD +- +set$' \
		'^memory +copied on write +shared$'
	limited "$CLTRACE" --width=1000 --compare fork "$SAMPLES/pthread_create" >mixed 2>err </dev/null 3>&-
	diff <(untimed mixed) <(untimed out)
}

# refused STATUS WHAT MESSAGES...: on either side, it is said in these lines, and nothing is compared.
refused() {
	local expected=$1 what=$2 sides side
	shift 2
	for side in 0 1; do
		sides=("$what" true)
		[ $side = 0 ] || sides=(true "$what")
		status=0
		limited "$CLTRACE" --compare "${sides[@]}" >out 2>err </dev/null 3>&- || status=$?
		[ "$status" = "$expected" ] || fail "'$what': status $status"
		printf '%s\n' "$@" | diff - <(grep -v '^sh: ' err) || fail "'$what' is reported otherwise"
		[ ! -s out ] || fail "$(cat out)"
	done
}

@test "--compare: a program that cannot be run, by the shell or without it" {
	local no="cltrace: cannot run"
	echo text >plain
	refused 127 nosuch "$no 'nosuch': there is no such command in PATH"
	refused 127 "nosuch 1 2" "$no 'nosuch': there is no such command in PATH"
	refused 127 "./nothing '1'" "$no './nothing '1'': the shell ran no program and exited with 127"
	refused 126 ./plain "$no './plain': it is not executable; if it is a program, chmod +x makes it so"
	refused 126 "./plain '1'" "$no './plain '1'': the shell ran no program and exited with 126"
	refused 127 "" "$no '': there is no such command in PATH"
	refused 127 " " "$no '': there is no such command in PATH"
}

@test "--compare: a program that fails has run, and how it ended is said" {
	limited "$CLTRACE" --compare false "sh -c 'exit 127'" >out 2>err </dev/null 3>&-
	[ ! -s err ]
	printf '%s\n' 'false made no task' 'false exited 1' "sh -c 'exit 127' made no task" \
		"sh -c 'exit 127' exited 127" | diff - out
	limited "$CLTRACE" -o json:killed sh -c 'kill -KILL $$' 2>err </dev/null 3>&- || true
	limited "$CLTRACE" --compare true killed >out 2>err </dev/null 3>&-
	has out '^killed killed by SIGKILL$'
}

@test "--compare: library calls as they were seen" {
	[[ $("$CLTRACE" --version) != *"no unwinder"* ]] || skip "cltrace was built without an unwinder"
	limited "$CLTRACE" --compare "$SAMPLES/eight_ways system" "$SAMPLES/eight_ways popen" >out 2>err </dev/null 3>&-
	has out '^the same in both: system\(\) against popen\(\) \(one request\)'
	limited "$CLTRACE" -o json:recorded "$SAMPLES/eight_ways" system >/dev/null 2>err </dev/null 3>&-
	limited "$CLTRACE" --compare recorded "$SAMPLES/eight_ways fork" >out 2>err </dev/null 3>&-
	has out '^creation 1: system\(\) against fork\(\)$'
}
