#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# One run, several outputs: formats, files, commands, and the troubles of each.
load common

# several OPTIONS... : the actor's scene under cltrace, with these options and no others.
several() {
	status=0
	limited "$CLTRACE" "$@" "$actor" -o facts fork 3 >out 2>err </dev/null 3>&- || status=$?
}

# is_json FILE: each line an object, the first a BEGIN and the last an END.
is_json() {
	[ -s "$1" ] || fail "$1 is empty"
	lacks "$1" '^[^{]' '[^}]$'
	head -n 1 "$1" | grep -q '"kind":"begin"' || fail "$1 does not begin"
	tail -n 1 "$1" | grep -q '"kind":"end"' || fail "$1 does not end"
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
	cmp d <(grep -v "^forked" out)
	diff <(grep ' = [0-9]' trace) d
}

@test "--format alone is for stderr" {
	several --format=json
	[ "$(cat out)" = "forked 3" ]
	is_json err
	several --format=json -o a -o text:trace
	[ ! -s err ]
	is_json a
	has trace '^TASK'
}

@test "a name with a colon is a name" {
	several -o run:1 -o ./json:x
	has run:1 '^TASK'
	has json:x '^TASK'
}

@test "stdout and stderr are not emptied" {
	echo before >out
	limited "$CLTRACE" -o /dev/stdout true >>out
	head -n 1 out | grep -qx before
	has out '^TASK'
	(
		echo before
		limited "$CLTRACE" -o - true
		echo behind
	) >out2
	head -n 1 out2 | grep -qx before
	tail -n 1 out2 | grep -qx behind
	has out2 '^TASK'
}

@test "an output that fails is said once, and leaves the others alone" {
	several -o /dev/full -o json:a -o '|:' -o trace -o json:/dev/full
	[ $status = 125 ] || fail "status $status"
	is_json a
	has trace '^TASK'
	diff - err <<-END
		cltrace: the trace is incomplete: writing to '/dev/full' failed: No space left on device
		cltrace: the trace is incomplete: writing to '/dev/full' failed: No space left on device
	END
}

@test "an output that cannot be opened ends it before anything runs" {
	several -o trace -o json:none/a
	[ $status = 125 ] || fail "status $status"
	[ ! -e facts ] || fail "it ran"
	grep -qx "cltrace: cannot write the trace to 'none/a': No such file or directory" err
	[ "$(wc -l <err)" = 1 ]
}

@test "all are appended to with -A, or one" {
	several -A -o trace -o json:a -o json:b
	several -o text,A:trace -o json,append-not:b -o json:a || true
	[ $status = 125 ] || fail "a wrong key is taken"
	several -o text,A:trace -o json:b
	[ "$(grep -c '^TASK' trace)" = 2 ]
	[ "$(grep -c '"kind":"begin"' a)" = 1 ]
	[ "$(grep -c '"kind":"begin"' b)" = 1 ]
}

@test "what is written at the end replaces the file then, or never" {
	local status=0
	echo old >x.dot
	"$CLTRACE" -o x.dot ./none 2>err || status=$?
	[ $status = 127 ] || fail "status $status"
	[ "$(cat x.dot)" = old ]
	start_actor remote 1 1
	start_cltrace -o x.dot -p "$subject"
	"$HELPERS/await" traced "$subject"
	[ "$(cat x.dot)" = old ]
	detach
	end_actor
	has x.dot '^digraph'
	[ "$(find . -name '.*~')" = "" ] || fail "something is left"
}

# The kernel may stop a write of a tracer that is killed at the end of a page, and nowhere else.
@test "a tracer that is killed leaves whole lines" {
	local i size
	for ((i = 0; i < 5; i++)); do
		rm -f trace run.jsonl
		"$CLTRACE" -o trace -o run.jsonl "$actor" storm 2 4000 >/dev/null 2>err 3>&- &
		tracer=$!
		"$HELPERS/await" lines run.jsonl $((20 + 100 * i))
		kill -KILL "$tracer"
		wait "$tracer" || true
		tracer=''
		for file in trace run.jsonl; do
			size=$(wc -c <$file)
			[ -z "$(tail -c 1 $file)" ] || [ $((size % 4096)) = 0 ] || fail "$file ends within a line"
		done
		head -n -1 run.jsonl >lines
		valid lines
	done
}
