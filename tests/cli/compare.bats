#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --compare of recordings.
load common

# compare STATUS SIDES...
compare() {
	local expected=$1
	shift
	status=0
	limited "$CLTRACE" --width=1000 --compare "$@" >out 2>err </dev/null 3>&- || status=$?
	[ "$status" = "$expected" ] || fail "status $status: $(cat err)"
}

# only NUMBER FILE: the golden recording `names` with only its creation NUMBER.
only() {
	awk -v number="$1" '/"kind":"spawn"/ && ++spawns != number { next } 1' "$top/tests/golden/names.jsonl" |
		awk '!/"kind":"(refused|call|exit|name|vfork-done)"/ && !(/"kind":"exec"/ && NR > 3)' |
		awk '{ sub(/"seq":[0-9]+/, "\"seq\":" NR) } 1' >"$2"
}

@test "two recordings" {
	only 1 thread
	only 42 fork
	grep -q '"verdict":"thread"' thread && grep -q '"call":"clone"' fork || fail "other recordings"
	compare 0 fork thread
	[ ! -s err ]
	has out '^creation 1: fork\(\) against pthread_create\(\)$' '^CLONE_THREAD +- +set$' \
		'^memory +copied on write +shared$'
	compare 0 thread thread
	lacks out '^creation'
}

@test "two sides are needed" {
	compare 125 "$top/tests/golden/names.jsonl"
	grep -q -- '--compare takes two' err
}

# refused STATUS WHAT MESSAGES...: on either side, it is said in these lines, and nothing is compared.
refused() {
	local expected=$1 what=$2 sides side
	shift 2
	recording names
	for side in 0 1; do
		sides=("$what" run.jsonl)
		[ $side = 0 ] || sides=(run.jsonl "$what")
		compare "$expected" "${sides[@]}"
		printf '%s\n' "$@" | diff - err || fail "'$what' is reported otherwise"
		[ ! -s out ] || fail "$(cat out)"
	done
}

@test "what is no recording, though it should be" {
	: >empty.jsonl
	: >empty
	echo text >text.json
	echo '{"seq":1,"when' >begun
	refused 125 empty.jsonl "cltrace: 'empty.jsonl' is empty: a recording is what -o json:FILE writes"
	refused 125 empty "cltrace: 'empty' is empty: a recording is what -o json:FILE writes"
	refused 125 text.json "cltrace: 'text.json' is not a recording: give a file that -o json:FILE has written"
	refused 125 begun "cltrace: 'begun' is not a recording: give a file that -o json:FILE has written"
}

@test "a recording that is cut off is compared as far as it goes, and is an error" {
	local side
	only 42 whole
	head -n 3 whole >beginning
	for side in "beginning whole" "whole beginning"; do
		# shellcheck disable=SC2086 # two words
		compare 125 $side
		[ "$(cat err)" = "cltrace: the recording 'beginning' is incomplete: its end is missing" ]
		has out '^beginning: the part that was recorded has no creation$' \
			'^creation 1: (like )?fork\(\) in whole alone$'
	done
}
