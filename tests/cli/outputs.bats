#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -o, -A and --format of a replay: formats, files, commands, and the troubles of each. (tests/live has what depends on
# the traced program and its own output.)
load common

# several OPTIONS...: the golden recording `names` with these options and no others.
several() {
	status=0
	limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" "$@" >out 2>err </dev/null 3>&- || status=$?
}

# is_json FILE: the whole recording, as the schema says.
is_json() {
	[ -s "$1" ] || fail "$1 is empty"
	lacks "$1" '^[^{]' '[^}]$'
	head -n 1 "$1" | grep -q '"kind":"begin"' || fail "$1 does not begin"
	tail -n 1 "$1" | grep -q '"kind":"end"' || fail "$1 does not end"
	[ "$(wc -l <"$1")" = "$(wc -l <"$top/tests/golden/names.jsonl")" ] || fail "$1 is not whole"
	valid "$1"
}

@test "several outputs, each its own format and detail" {
	several -o trace -o json:b -o c.jsonl -o text,quiet:d -o '|cat >e' -o 'json:|cat >f' -o text,q:-
	[ $status = 0 ] || fail "status $status"
	[ ! -s err ] || fail "something on stderr"
	has trace '^ +PROCESS' '^TASK'
	is_json b
	cmp b c.jsonl
	cmp b f
	cmp trace e
	lacks d 'PROCESS' TASK
	cmp d out
	diff <(grep ' = [0-9]' trace) <(grep ' = [0-9]' d)
}

@test "--format alone is for stdout, and else for each output without a format" {
	several --format=json
	[ ! -s err ]
	is_json out
	several --format=json -o a -o text:trace
	[ ! -s out ] && [ ! -s err ]
	is_json a
	has trace '^TASK'
}

@test "a name with a colon is a name" {
	several -o run:1 -o ./json:x
	has run:1 '^TASK'
	has json:x '^TASK'
}

@test "stdout and stderr are not emptied" {
	echo before >both
	limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" -o /dev/stdout >>both
	head -n 1 both | grep -qx before
	has both '^TASK'
	(
		echo before
		limited "$CLTRACE" --replay "$top/tests/golden/names.jsonl" -o -
		echo behind
	) >both2
	head -n 1 both2 | grep -qx before
	tail -n 1 both2 | grep -qx behind
	has both2 '^TASK'
}

@test "-o replaces a file; -A adds to all of them, or to one" {
	echo before >trace
	several -o trace
	lacks trace before
	echo before >trace
	several -A -o trace -o json:a -o json:b
	[ "$(head -n 1 trace)" = before ]
	several -o text,A:trace -o json,append-not:b -o json:a
	[ $status = 125 ] || fail "a wrong key is accepted"
	several -o text,A:trace -o json:b
	[ "$(grep -c '^TASK' trace)" = 2 ]
	[ "$(grep -c '"kind":"begin"' a)" = 1 ]
	[ "$(grep -c '"kind":"begin"' b)" = 1 ]
}

@test "an output that fails is said once, also with -C, and leaves the others alone" {
	[ -c /dev/full ] || skip "no /dev/full"
	several -o /dev/full -o json:a -o '|:' -o trace -o json:/dev/full
	[ $status = 125 ] || fail "status $status"
	is_json a
	has trace '^TASK'
	diff - err <<-END
		cltrace: the trace is incomplete: writing to '/dev/full' failed: No space left on device
		cltrace: the trace is incomplete: writing to '/dev/full' failed: No space left on device
	END
	several -C -o /dev/full
	[ $status = 125 ] || fail "status $status"
	[ "$(wc -l <err)" = 1 ] || fail "it says: $(cat err)"
}

@test "an output that cannot be opened ends it before anything runs" {
	status=0
	limited "$CLTRACE" -o trace -o json:none/a touch started >out 2>err </dev/null 3>&- || status=$?
	[ $status = 125 ] || fail "status $status"
	[ ! -e started ] || fail "it ran"
	grep -qx "cltrace: cannot write the trace to 'none/a': No such file or directory" err
	[ "$(wc -l <err)" = 1 ]
}

@test "a command gets the trace, is waited for, and its failure is said" {
	local command
	several -o '|cat >piped; echo done >>piped' -o trace
	cat trace <(echo "done") | cmp - piped
	while IFS='=' read -r command words; do # a shell may speak, too
		several -o "|$command"
		[ $status = 125 ] || fail "$command: status $status"
		[ "$(grep -c '^cltrace: ' err)" = 1 ] || fail "$command: $(cat err)"
		has err "^cltrace: .* $words\$"
	done <<-'END'
		exit 3=exited 3
		cat >/dev/null; exit 4=exited 4
		no-such-command-anywhere=exited 127
		kill -KILL $$=was killed by SIGKILL
	END
	# shellcheck disable=SC2016
	for command in 'head -n 1 >/dev/null' : 'kill -PIPE $$' 'exit 141' 'cat | head -n 1 >/dev/null'; do
		several -o "|$command"
		[ $status = 0 ] || fail "$command: status $status"
		lacks err '^cltrace'
	done
}

# What writes to stdout and traces nothing, a line each.
on_stdout() {
	cat <<-END
		--help
		--version
		--list-columns
		--explain
		--explain fork vfork
		--compare recorded recorded
		--replay recorded
		--replay recorded --format=tree
		--replay recorded -o -
		--replay recorded -o /dev/stdout
		--replay recorded -o trace -o json:-
		--replay recorded -o - -C
		--snapshot -p $$
		--snapshot -p $$ --diff snapshot
	END
}

@test "a closed or full stdout is an error for whatever is to go there" {
	cp "$top/tests/golden/names.jsonl" recorded
	limited "$CLTRACE" --snapshot -p $$ -o json:snapshot
	complains 'Bad file descriptor' '>&-'
	[ -c /dev/full ] || skip "/dev/full is missing"
	complains 'No space left on device' '>/dev/full'
}
