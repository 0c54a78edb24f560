#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Options: -h, -V, wrong ones, and what the options of each view do. (tests/golden has the views' own lines.)
load common

# shown NAME OPTIONS...: the golden recording NAME with these options, in trace
shown() {
	limited "$CLTRACE" --replay "$top/tests/golden/$1.jsonl" "${@:2}" -o trace
}

@test "-h and -V" {
	run -0 "$CLTRACE" -h
	[[ $output == *Usage* ]]
	[[ $output == *--seccomp* ]]
	run -0 "$CLTRACE" -V
	[[ $output == *cltrace* ]]
	"$CLTRACE" --help >text 2>err
	[ ! -s err ]
}

@test "125 for bad usage and for what cltrace cannot do" {
	local arguments
	while read -r arguments; do
		# shellcheck disable=SC2086
		run -125 "$CLTRACE" $arguments
		[[ $output == "cltrace: "* ]] || fail "$arguments: $output"
	done <<-END

		--no-such-option true
		-p
		-p 0 -o trace
		-p abc
		--kill-on-exit -p 1
		-o /nowhere/at/all true
		-o /nowhere/at/all no-such-command-anywhere
		-u no-such-user-anywhere true
		--debug-stops=/nowhere/at/all true
		--diff=file true
		--snapshot true
		--snapshot --verify
		--snapshot --replay=x
		--snapshot --seccomp=no
		--snapshot --diff=nowhere
		--snapshot -p 2147483647
	END
	run -125 "$CLTRACE" -o /nowhere/at/all true
	[[ $output == *"/nowhere/at/all"* ]]
	run -125 "$CLTRACE" -u no-such-user-anywhere true
	[[ $output == *"no-such-user-anywhere"* ]]
	run -125 "$CLTRACE" --diff=file true
	[[ $output == 'cltrace: --diff compares snapshots'* ]] || fail "$output"
	echo nothing >file
	run -125 "$CLTRACE" --snapshot --diff=file
	[[ $output == *'is no snapshot'* ]] || fail "$output"
}

@test "-t, -tt, -ttt and -r" {
	shown names -q -t
	grep -Eq '^[0-2][0-9]:[0-5][0-9]:[0-6][0-9] [0-9]+ ' trace
	shown names -q -tt
	grep -Eq '^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{6} [0-9]+ ' trace
	shown names -q -ttt
	grep -Eq '^17000000[0-9]{2}\.[0-9]{6} [0-9]+ ' trace
	shown names -q -r
	[ "$(grep -Ec '^ +[0-9]+\.[0-9]{6} [0-9]+ ' trace)" = "$(wc -l <trace)" ]
}

@test "--color, and NO_COLOR" {
	shown names --color=always
	grep -q $'\e\\[' trace
	shown names --color=never
	lacks trace $'\e'
	shown names
	lacks trace $'\e'
	NO_COLOR=1 shown names
	lacks trace $'\e'
}

@test "the tree is ASCII in the C locale" {
	LC_ALL=C shown names
	if LC_ALL=C grep '[^ -~]' trace; then fail "not ASCII"; fi
	shown names
	LC_ALL=C grep -q '[^ -~]' trace
}

@test "--width folds what goes to a file" {
	shown names --width=60
	has trace '^[0-9]+ clone3?\(.*\|$'
	# What has no place to fold, names of files and errors, may be longer.
	sed '/^TASK/,$d' trace | grep -vE '/| = -1 ' >lines
	[ "$(awk '{ if (length > most) most = length } END { print most }' lines)" -le 60 ]
	shown names -q --width=0
	lacks trace '^ '
	has trace '^5000 clone3\(.*\) = 5001$'
}

@test "-e: each output its own, and a recording is complete" {
	recording everything
	cp run.jsonl whole
	limited "$CLTRACE" --replay run.jsonl -e exec -o a -o again.jsonl -o text,filter=!exec,q:b \
		-o json,filter=none:d.jsonl
	has a '^[0-9]+ exec[ :]'
	lacks a ' = [0-9]+$'
	[ "$(grep -c ' = [0-9]' b)" -ge 5 ]
	lacks b ' exec: '
	cmp whole again.jsonl
	lacks d.jsonl '"kind":"(spawn|exec|exit|refused)"'
	has d.jsonl '"kind":"begin"' '"kind":"end"'
}

@test "-e: the tree has what fits and who made it" {
	shown names -e trace=none -e kind=process-vfork
	sed '/^$/,$d' trace >steps
	lacks steps '^[^n]'
	sed -n '/^TASK/,$p' trace >tree
	lacks tree ' thread '
	[ "$(grep -c ' process (vfork) ' tree)" = 5 ]
	[ "$(grep -c ' process  ' tree)" = 1 ]
	has trace '^\.\.\. and 38 more tasks \(6 are drawn: -e\)$'
}

@test "-c and -C" {
	limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" -c >table
	has table '^43 tasks made in .*: 7 processes, 36 threads; ' '^ *36 .* thread$'
	lacks table '^TASK +KIND' '^ +PROCESS'
	shown names
	mv trace alone
	shown names -C 2>err
	[ ! -s err ]
	cat alone <(echo) table | cmp - trace
	limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" -C >both
	cat alone <(echo) table | cmp - both
	limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" -C -o '|cat >both'
	cat alone <(echo) table | cmp - both
}

@test "ps --at: the moment that is asked for" {
	limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" --at=0 -o ps:picture
	[ "$(wc -l <picture)" -le 2 ]
	limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" -o ps:picture
	[ "$(wc -l <picture)" = 38 ]
	limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" --at=1000 -o ps:picture
	grep -q 'no task lived' picture
}

@test "-T in a replay shows the waits of vfork's callers, and without -T there are none" {
	shown waits -T
	has trace '^[0-9]+ waited until [0-9]+ executed a program or ended <[0-9.]+>$'
	shown waits
	lacks trace ' waited until '
}

@test "signals are shown when asked for, by --signals or -vv" {
	local options
	for options in -q -v '-q --signals'; do
		# shellcheck disable=SC2086 # several words
		shown signals $options
		lacks trace '^[0-9]+ gets '
	done
	shown signals -vv
	has trace '^[0-9]+ gets SIG'
	shown signals -o text,signals:other
	has other '^[0-9]+ gets SIG'
	lacks trace '^[0-9]+ gets '
}
