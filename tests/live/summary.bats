#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -c of a real run: where it goes, and the program's status. tests/golden has what it counts.
load common

# row COUNT NAME [PART]: `table` has a row that begins with COUNT and ends with NAME, with PART between.
row() {
	grep -Eq "^ *$1 .*${3-} $2\$" table || fail "no row $1 $2: $(cat table)"
}

@test "-c on stderr, and the program's status" {
	local status=0
	limited "$CLTRACE" -c sh -c 'sh -c :; exit 3' >out 2>table || status=$?
	[ $status = 3 ] || fail "status $status"
	[ ! -s out ]
	row 1 sh
	lacks table '^TASK +KIND' '^ +PROCESS'
	status=0
	limited "$CLTRACE" -c ./none >out 2>err || status=$?
	[ $status = 127 ] || fail "status $status"
	[ "$(wc -l <err)" = 1 ] || fail "it says: $(cat err)"
	# beside a recording, from which it comes again
	limited "$CLTRACE" -c -o run.jsonl "$actor" -o facts fork 2 >out 2>table
	row 2 process
	valid run.jsonl
	limited "$CLTRACE" --replay run.jsonl -c | cmp table -
}
