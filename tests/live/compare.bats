#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --compare: two programs, two recordings, or one of each.
load common

@test "--compare: two programs, their own output untouched" {
	"$SAMPLES/clone_linuxthreads" >one
	"$SAMPLES/clone_own_files" >two
	limited "$CLTRACE" --compare "$SAMPLES/clone_linuxthreads" "$SAMPLES/clone_own_files" >out 2>err </dev/null 3>&-
	[ ! -s err ]
	head -n 2 out | diff - <(cat one two)
	has out '^creation 1: clone against clone$' '^CLONE_FILES +set +-$' '^descriptors +shared +copied$' \
		'^the same in both: kind process-sharing, call clone, CLONE_VM, CLONE_FS, CLONE_SIGHAND'
	[ "$(grep -c '^creation' out)" = 1 ]
}

@test "--compare: a command with arguments, and programs that ask for the same" {
	limited "$CLTRACE" --compare "$SAMPLES/eight_ways pthread_create" "$SAMPLES/eight_ways thrd_create" \
		>out 2>err </dev/null 3>&-
	has out '^the same in both: pthread_create\(\)$'
	lacks out '^creation'
}

# untimed FILE: the comparison without its times, which may be equal by chance: then they stand among the rest
untimed() {
	sed 's/, time in the call [0-9.]* s//' "$1" | grep -v '^time in\|^ \|the thread\|the answer'
}

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

@test "--compare: what cannot be had is said" {
	status=0
	limited "$CLTRACE" --compare "$SAMPLES/fork" >out 2>err </dev/null 3>&- || status=$?
	[ "$status" = 125 ]
	grep -q -- '--compare takes two' err
	status=0
	limited "$CLTRACE" --compare "$SAMPLES/fork" ./nothing >out 2>err </dev/null 3>&- || status=$?
	[ "$status" = 125 ]
	grep -q "nothing" err
	limited "$CLTRACE" -o json:whole "$SAMPLES/fork" >/dev/null 2>err </dev/null 3>&-
	head -n 4 whole >beginning
	limited "$CLTRACE" --compare beginning whole >out 2>err </dev/null 3>&-
	grep -q "recording 'beginning' is incomplete" err
	[ "$(wc -l <err)" = 1 ]
}
