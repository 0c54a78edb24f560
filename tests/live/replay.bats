#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The replay law: what a view shows of a run, it shows of the recording of that run, byte for byte. tests/stops holds
# the formats to it for every story; here it is about what a real run adds. tests/cli has recordings that are less than
# whole.
# bats file_tags=memory
load common

# The options of all views: each format as it is, and with some details.
views() {
	local format key
	for format in $(formats); do
		printf '%s\n' -o "$format:$1.$format"
		for key in v q vT tt r width=60 color no-origin json tree=parent columns=+call; do
			printf '%s\n' -o "$format,$key:$1.$format.$key"
		done
		! has_stacks || printf '%s\n' -o "$format,stack-trace=3,quiet:$1.$format.k"
	done
}

# law OPTIONS... -- SCENE ARGS...: a run, its recording replayed, all views compared.
law() {
	local options=() live again file
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	rm -f live.* again.* run.jsonl facts
	mapfile -t live < <(views live)
	mapfile -t again < <(views again)
	status=0
	limited "$CLTRACE" "${options[@]}" -o run.jsonl "${live[@]}" "$actor" -o facts "$@" \
		>out 2>err </dev/null 3>&- || status=$?
	[ $status != 77 ] || skip "$(sed 's/.*skip: //' err)"
	[[ -s run.jsonl && -s facts ]] || fail "status $status: $(cat err)"
	valid run.jsonl
	# what is shown is asked for again, how it was traced is not
	mapfile -t -O "${#again[@]}" again < <(printf '%s\n' "${options[@]}" | grep -x -e -T)
	replayed "${again[@]}"
}

# replayed VIEWS...: of run.jsonl.
replayed() {
	limited "$CLTRACE" --replay run.jsonl "$@" >replay.out 2>replay.err || fail "replay: $(cat replay.err)"
	[ ! -s replay.err ] || fail "replay says: $(cat replay.err)"
	for file in live.*; do
		cmp "$file" "again.${file#live.}" || fail "$file is another after $*"
	done
}

@test "forks, threads, names, refused creations and a storm" {
	law -- fork-thread
	law --seccomp=no -- fork-thread
	law -T --seccomp=no -- tree 3
	law -- named
	law -- refusals
	law -- storm 4 300
}

@test "namespaces" { law -- namespaces; }

# bats test_tags=user
@test "attached" {
	local live again
	start_actor remote 2 2
	mapfile -t live < <(views live)
	mapfile -t again < <(views again)
	start_cltrace -o run.jsonl "${live[@]}" --descendants -p "$subject"
	"$HELPERS/await" traced "$subject"
	order tf
	detach
	end_actor
	valid run.jsonl
	replayed "${again[@]}"
}

# All whose facts every recording has: whole stacks are there if -k or the format folded asked for them.
recorded_formats() {
	formats | grep -vx folded
}

# plain FILE: without what differs between two runs of a program: numbers, and what is as wide as they are.
plain() {
	sed -E '/^Tasks made in each/,$d; s/0x[0-9a-f]+/0x/g; s/[0-9]+([.][0-9]+)?( [mun]?s\b)?/N/g
		s/ +/ /g; s/\[(N,)*N\]/[N]/g' "$1"
}

# alone OPTIONS -- FORMAT,KEYS...: a run with one such output and no other has what the recording of another run has.
# Where a line is broken hangs on the widths of the numbers in it, so none is.
alone() {
	local options=() output
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	limited "$CLTRACE" "${options[@]}" -o json:run.jsonl "$actor" -o facts named >out 2>err </dev/null 3>&-
	for output; do
		limited "$CLTRACE" "${options[@]}" --width=0 -o "$output:live" "$actor" -o facts named \
			>out 2>err </dev/null 3>&-
		limited "$CLTRACE" --replay run.jsonl --width=0 -o "$output:again" 2>err || fail "replay: $(cat err)"
		diff <(plain live) <(plain again) || fail "${options[*]} $output: the replay is another"
	done
}

# bats test_tags=user
@test "each format alone: no other output has asked for what it shows" {
	local format key outputs=()
	for format in $(recorded_formats); do
		for key in '' ,q ,v ,json ,no-origin ,columns=+call ,columns=+call,no-origin ,q,filter=system; do
			outputs+=("$format$key")
		done
	done
	alone -- "${outputs[@]}"
	has run.jsonl '"name":"worker-12"'
}

@test "each format alone, by events" {
	# shellcheck disable=SC2046 # one word for each
	alone --seccomp=no -- $(recorded_formats)
}
