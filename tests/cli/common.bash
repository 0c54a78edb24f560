# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the command line and the live tests share. The tests of the command line trace nothing, so they
# need no ptrace. The environment (tests/local.mk) names what is tested: CLTRACE and HELPERS (await).

: "${CLTRACE:?}" "${HELPERS:?}"
top=${top_srcdir:-$BATS_TEST_DIRNAME/../..}

bats_require_minimum_version 1.5.0
export LC_ALL=C.UTF-8 HELPERS
unset NO_COLOR

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	tracer='' subject=''
}

# descendants PID: the processes below it.
descendants() {
	local child
	for child in $(pgrep -P "$1"); do
		echo "$child"
		descendants "$child"
	done
}

# Nothing is left behind, whatever a test ended with.
teardown() {
	local pid all=()
	for pid in $tracer $subject; do
		# shellcheck disable=SC2207 # they are numbers
		all+=("$pid" $(descendants "$pid"))
	done
	exec 7>&- 8>&-
	for pid in "${all[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		kill -CONT "$pid" 2>/dev/null
	done
	wait 2>/dev/null
	return 0
}

# fail WORDS...: ends the test, and shows the trace.
fail() {
	echo "$@"
	local file
	for file in trace err; do
		[ ! -s $file ] || { echo "--- $file" && head -n 100 $file; }
	done
	return 1
}

# has FILE REGEX...: FILE has a line for each.
has() {
	local file=$1 regex
	shift
	for regex; do
		grep -Eq -e "$regex" "$file" || fail "not in $file: $regex"
	done
}

# lacks FILE REGEX...: FILE has no line for any.
lacks() {
	local file=$1 regex
	shift
	for regex; do
		if grep -Eq -e "$regex" "$file"; then
			fail "in $file: $regex"
		fi
	done
}

# valid FILE...: each line of these recordings is as the schema says.
valid() {
	local file schema=$top/share/cltrace-events.schema.json
	for file; do
		"${VALIDATE:-$HELPERS/../schema/validate}" "$schema" <"$file" >invalid ||
			fail "$file is not as the schema says: $(head -n 3 invalid)"
	done
}

# limited COMMAND...: no test hangs. On a machine that is busy what takes seconds may take minutes.
limited() {
	timeout -k 5 400 "$@"
}

# Sets tracer_status.
end_cltrace() {
	"$HELPERS/await" gone "$tracer" || fail "cltrace does not end"
	tracer_status=0
	# shellcheck disable=SC2034 # the tests read it
	wait "$tracer" || tracer_status=$?
	tracer=''
}

# slow_reader FIFO: somebody holds it open, and reads nothing. A pipe holds 64 KiB (pipe(7)).
slow_reader() {
	mkfifo "$1"
	exec 8<>"$1"
}

has_stacks() {
	! "$CLTRACE" --version | grep -q 'no unwinder'
}

# Every format that there is, by --help: all, but for folded if there are no stacks.
formats() {
	"$CLTRACE" --help | sed -n '/^FORMAT is/,/^$/s/^  \([a-z]*\) .*/\1/p' | grep -vx "$(has_stacks || echo folded)"
}

# recording NAME: the file run.jsonl is what cltrace makes of a checked-in recording.
recording() {
	rm -f run.jsonl
	limited "$CLTRACE" --replay "$top/tests/golden/$1.jsonl" -o run.jsonl || fail "status $?"
	[ -s run.jsonl ]
}

# complains WANTED REDIRECTION: every command line of on_stdout complains once about stdout, and exits
# 125.
complains() {
	while IFS= read -r arguments; do
		status=0
		# shellcheck disable=SC2086
		limited bash -c "exec \"\$@\" $2" bash "$CLTRACE" $arguments 2>err </dev/null 3>&- || status=$?
		[ $status = 125 ] || fail "$arguments: status $status"
		grep -Eqx "cltrace: (cannot write (the trace )?to|the trace is incomplete: writing to)\
 ('(/dev/)?stdout'|stdout)( failed)?: $1" err || fail "$arguments: $(cat err)"
		[ "$(wc -l <err)" = 1 ] || fail "$arguments: $(cat err)"
	done < <(on_stdout)
}
