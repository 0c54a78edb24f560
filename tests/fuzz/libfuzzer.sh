#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the fuzzers with clang's libFuzzer and lets them search, from their corpus on.
#
#   libfuzzer.sh NAME [SECONDS]   fuzzer NAME alone, to be watched
#   libfuzzer.sh                  all of them, FUZZ_SECONDS each, as TAP
#
# What they find goes to build-fuzz/: NAME-corpus, and NAME-crash-... for an input that fails.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=build-fuzz
jobs=$(nproc 2>/dev/null || echo 2)

can_link() {
	echo '#include <stdint.h>
	int LLVMFuzzerTestOneInput(const uint8_t *data, unsigned long size) { return data && size == 1; }' |
		clang -fsanitize=fuzzer,address,undefined -x c - -o "$out/can-link"
}

# libFuzzer has a main() of its own, in the place of main.c's; what configure links has one, too.
build() {
	if [ configure -nt "$out/config.status" ]; then
		(cd "$out" && ../configure CC=clang --enable-sanitizers CFLAGS='-g -O1 -fsanitize=fuzzer-no-link')
	fi
	env -u MAKEFLAGS make -C "$out" -j"$jobs" CPPFLAGS=-Dmain=other_main LDFLAGS=-fsanitize=fuzzer fuzzers
}

# search NAME SECONDS
search() {
	local corpora=("$out/$1-corpus" "tests/fuzz/corpus/$1")
	case $1 in codec | replay) corpora+=(tests/golden) ;; esac
	mkdir -p "$out/$1-corpus"
	"$out/tests/fuzz/fuzz_$1" -max_total_time="$2" -max_len=4096 -timeout=60 -artifact_prefix="$out/$1-" \
		"${corpora[@]}"
}

search_all() {
	local seconds=${FUZZ_SECONDS:-5} names name n=0
	mapfile -t names < <(cd tests/fuzz && printf '%s\n' fuzz_*.c | sed 's/^fuzz_//; s/\.c$//')
	export out
	export -f search
	printf '%s\n' "${names[@]}" | xargs -P "$jobs" -I NAME bash -c \
		"rm -f $out/NAME.passed; search NAME $seconds >$out/NAME.log 2>&1 && touch $out/NAME.passed; true"
	echo "1..${#names[@]}"
	for name in "${names[@]}"; do
		n=$((n + 1))
		if [ -e "$out/$name.passed" ]; then
			echo "ok $n - $name"
			tail -n 1 "$out/$name.log" | sed 's/^/# /'
		else
			echo "not ok $n - $name"
			tail -n 40 "$out/$name.log" | sed 's/^/# /'
		fi
	done
}

mkdir -p "$out"
if [ $# = 0 ] && ! can_link 2>/dev/null; then
	echo "1..0 # SKIP clang's libFuzzer is missing"
	exit 0
fi
build >"$out/build.log" 2>&1 || { tail -n 30 "$out/build.log" >&2 && exit 1; }
if [ $# = 0 ]; then
	search_all
else
	search "$1" "${2:-60}"
fi
