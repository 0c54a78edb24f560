#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -e: what is shown, in each output its own; what is followed does not change.
load common

# steps FILE: what is printed of events, without the tally and what follows it.
steps() {
	sed '/^$/,$d' "$1"
}

# With EXPR and with its negation, in one run, the same lines are shown as without a filter.
halves() {
	local expr=$1 negated
	shift
	case $expr in
	*=*) negated=${expr%%=*}=!${expr#*=} ;;
	*) negated=!$expr ;;
	esac
	expr=${expr//,/\\,}
	limited "$CLTRACE" -o trace -o "text,filter=$expr:a" -o "text,filter=${negated//,/\\,}:b" \
		"$actor" -o facts "$@" >out
	[ -n "$(steps a)" ] || fail "nothing has $expr: $*"
	[ -n "$(steps b)" ] || fail "everything has $expr: $*"
	cmp <(steps trace | sort) <(steps a | cat - <(steps b) | sort) ||
		fail "$expr and $negated do not make a whole: $*"
	# The tally is the same but for the line that tells of the filter; the tree has fewer lines at the most.
	has a "^counted over the whole trace; lines and tree show "
	cmp <(sed -n '/^[0-9]* process.* made/,/^at most/p' trace) <(sed -n '/^[0-9]* process.* made/,/^at most/p' a)
}

@test "what a filter shows and what it hides make the whole" {
	local expr
	for expr in kind=thread kind=fork,vfork exec,exit creations clone3 fork pthread_create depth=0 'depth=>1'; do
		halves "$expr" fork-thread
	done
	halves comm=sh,true shell
	halves kind=vfork spawn
	halves refused refusals
	halves namespaces,sessions sessions
}

# The replay law, and subtrees, whose pids are known when the run is over.
@test "a replay under a filter is the run under that filter" {
	local child
	limited "$CLTRACE" -o run.jsonl -o trace -o text,filter=kind=thread,filter=!exit:a \
		-o lanes,filter=kind=thread:b -o dot,filter=depth=\<2:c -o perfetto,filter=kind=thread:d \
		-o tree,filter=comm=actor:e -o ps,filter=kind=thread:f "$actor" -o facts fork-thread >out
	limited "$CLTRACE" --replay run.jsonl -o again -o text,filter=kind=thread,filter=!exit:a2 \
		-o lanes,filter=kind=thread:b2 -o dot,filter=depth=\<2:c2 -o perfetto,filter=kind=thread:d2 \
		-o tree,filter=comm=actor:e2 -o ps,filter=kind=thread:f2
	cmp trace again
	cmp a a2
	cmp b b2
	cmp c c2
	cmp d d2
	cmp e e2
	cmp f f2
	child=$(sed -n 's/^ *PROCESS \([0-9]*\):.*/\1/p' trace | head -n 1)
	limited "$CLTRACE" --replay run.jsonl -e "under=$child" -o under
	[ "$(grep -c '^ *THREAD' under)" = 2 ]
	[ "$(grep -c '^ *PROCESS' under)" = 3 ]
	lacks under ' exec: ' 'the program that was launched'
	limited "$CLTRACE" --replay run.jsonl -e "tid=$child" -e kind=process -o tid
	[ "$(grep -c "^ *PROCESS $child:" tid)" = 1 ] || fail "$child"
	[ "$(steps tid | grep -v exit_group | grep -c '^[0-9]')" = 2 ] || fail "not its birth and its end"
}

@test "a recording is complete, and can be filtered itself" {
	limited "$CLTRACE" -e exec -o a -o run.jsonl -o text,filter=!exec,q:b -o json,filter=none:d.jsonl \
		"$actor" -o facts fork 2
	has a '^[0-9]+ exec: '
	lacks a ' = [0-9]+$'
	[ "$(grep -c ' = [0-9]' b)" = 2 ]
	[ "$(grep -c '"kind":"spawn"' run.jsonl)" = 2 ]
	[ "$(grep -c '"kind":"exec"' run.jsonl)" = 1 ]
	[ "$(sed 's/.*"kind":"\([a-z]*\)".*/\1/' d.jsonl | tr '\n' ' ')" = "begin note end " ]
}

@test "the tree has what fits and who made it" {
	traced -e trace=none -e kind=thread -- fork-thread
	[ -z "$(steps trace)" ] || fail "something is shown"
	[ "$(sed -n '/^TASK/,$p' trace | grep -c ' thread ')" = 2 ]
	[ "$(sed -n '/^TASK/,$p' trace | grep -c ' process ')" = 2 ]
	has trace '^\.\.\. and 2 more tasks \(4 are drawn: -e\)$'
}

@test "a wrong filter is one line, and nothing is run" {
	for expr in openat kind=frok tid=x depth=3-1 under= comm= inject=clone 'exec,!exit'; do
		run -125 --separate-stderr "$CLTRACE" -e "$expr" touch ran
		[ "${#stderr_lines[@]}" = 1 ] || fail "$stderr"
		[[ $stderr == "cltrace: -e: '"* ]] || fail "$stderr"
	done
	[ ! -e ran ]
}
