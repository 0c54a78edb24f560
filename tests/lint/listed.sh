#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every source, test and header is named in a makefile fragment: one that is not would be neither built nor shipped. And
# every tag of a live test is one of those that choose tests (HACKING: Tests).
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
echo "1..2"
complaints=
for file in $(find src samples tests man -name '*.[ch]' -o -name '*.sh' -o -name '*.bats' -o -name '*.bash' \
	-o -name '*.[157]' -o -name '*.jsonl' -o -name '*.txt' -o -name '*.stops' | sort); do
	# A test program's source is its name with .c; automake knows.
	name=${file%.c}
	grep -Eq "(^|[[:space:]=])$name(\.c)?([[:space:]]|$)" Makefile.am ./*/local.mk ||
		complaints="$complaints# $file
"
done
if [ -z "$complaints" ]; then
	echo "ok 1 - every file is in a makefile fragment"
else
	echo "not ok 1 - every file is in a makefile fragment"
	printf '%s' "$complaints"
fi

tag='(memory|user|bare)'
unknown=$(grep -n '^# bats' tests/live/*.bats | grep -vE ":# bats (file|test)_tags=$tag(,$tag)*\$")
if [ -z "$unknown" ]; then
	echo "ok 2 - every tag of a live test is known"
else
	echo "not ok 2 - every tag of a live test is known"
	echo "$unknown" | sed 's/^/# /'
fi
