#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs each fuzzer over its corpus and some mutations of it, always the same ones: from the build folder, as TAP.
#
# FUZZERS names the programs (tests/local.mk), FUZZ_MUTATIONS how many mutations; another FUZZ_SEED gives others.
n=0
for fuzzer in $FUZZERS; do
	name=${fuzzer##*/fuzz_}
	n=$((n + 1))
	if output=$("./$fuzzer" -n "${FUZZ_MUTATIONS:-5000}" -s "${FUZZ_SEED:-1}" -o "$fuzzer.bad" \
		"${top_srcdir:?}/tests/fuzz/corpus/$name" 2>&1); then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "# the input: $fuzzer.bad"
	fi
	echo "$output" | sed 's/^/# /'
done
echo "1..$n"
