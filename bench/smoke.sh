#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark works: each small workload once, tiny, and in the report. What it measures is not looked at.
echo "1..7"
workloads=threads,forks,vforks,spawns,sleepers-0,sleepers-15000,callers,calls,forkers-2,forkers-8,forkers-32,attach,million,idle
workloads=$workloads,unrecorded,recorded,replay-text,replay-json,replay-summary,replay-tree
readme=bench/smoke.readme
printf 'before\n[results: from here]\nold\n[results: to here]\nbehind\n' >$readme
if ./bench/bench --source="${top_srcdir:?}" --cltrace="${CLTRACE:?}" --rounds=2 --tries=1 --scale=0.002 --timeout=600 \
	--idle=0.1 --workloads=$workloads --tools=cltrace,events,floor-events,floor-filter --json=bench/smoke.json --readme=$readme \
	>bench/smoke.table 2>bench/smoke.errors && ! grep -q '^failed' bench/smoke.table; then
	echo "ok 1 - workloads run"
else
	echo "not ok 1 - workloads run"
	sed 's/^/# /' bench/smoke.errors bench/smoke.table
fi

# A row of ratios has one for each of five tools: eleven workloads, and how the cost grows with sleepers.
ratios=$(grep -Ec '(  +[0-9.]+ x){5}$' bench/smoke.table)
if [ "$ratios" = 12 ]; then
	echo "ok 2 - the table has a ratio of each"
else
	echo "not ok 2 - the table has a ratio of each"
	sed 's/^/# /' bench/smoke.table
fi

# What has no untraced run has a value for each of the others, except for attaching, which is the same with and without a
# filter. Of the floors only the memory is known: they run scenes only, and have one output.
values=$(grep -Ec '^(memory: each).* -(  +[0-9.]+ B){4}$' bench/smoke.table)
values=$((values + $(grep -Ec '^(  2,000 tasks|  time of that|CPU time).* -(  +[0-9.]+ ([num]?s|B|MiB)){2}(  +-){2}$' \
	bench/smoke.table)))
attached=$(grep -Ec '^(30 threads: attached|  attach \+).* -  +[0-9.]+ [num]?s(  +-){3}$' bench/smoke.table)
if [ "$values $attached" = "4 2" ]; then
	echo "ok 3 - the table has what many tasks cost"
else
	echo "not ok 3 - the table has what many tasks cost"
	echo "# $values rows, $attached rows"
	sed 's/^/# /' bench/smoke.table
fi

# Recordings are cltrace's alone.
recordings=$(grep -E ' -  +[0-9.]+ ([num]?s|k/s|B|MiB)(  +-){3}$' bench/smoke.table |
	grep -Ec '^(recording adds to a thread|replay: 2,000 events to text|  (to (json|summary)|memory of that|400 events))')
if [ "$recordings" = 6 ]; then
	echo "ok 4 - the table has what recordings cost"
else
	echo "not ok 4 - the table has what recordings cost"
	echo "# $recordings rows"
	sed 's/^/# /' bench/smoke.table
fi

# A median and two samples each; of attach and recordings there are cltrace's alone, of million and idle one sample, and no untraced.
samples=$(grep -c '"cost_ns":' bench/smoke.json)
if [ "$samples" = $((11 * 5 * 3 + 1 * 3 + 6 * 3 + 2 * 2 * 2)) ]; then
	echo "ok 5 - the JSON has all samples"
else
	echo "not ok 5 - the JSON has all samples"
	echo "# $samples costs"
fi

{
	printf 'before\n[results: from here]\n\n'
	cat bench/smoke.table
	printf '\n[results: to here]\nbehind\n'
} >bench/smoke.expected
if cmp $readme bench/smoke.expected >bench/smoke.errors 2>&1; then
	echo "ok 6 - the table is put between the marks of a file"
else
	echo "not ok 6 - the table is put between the marks of a file"
	sed 's/^/# /' bench/smoke.errors
fi
# "make" and "configure" are too long for here. What they copy has every folder that Makefile.am needs.
needed=$(sed -En 's,^(include|[a-z_]+_DATA =) ([a-z]+)/.*,\2,p' "$top_srcdir/Makefile.am")
copied=$(sed -n '/for file in/,/; do/p' "$top_srcdir/bench/project.sh")
missing=
for folder in $needed; do
	echo "$copied" | grep -qw "$folder" || missing="$missing $folder"
done
if [ "$needed" ] && [ -z "$missing" ]; then
	echo "ok 7 - the project that is built is whole"
else
	echo "not ok 7 - the project that is built is whole"
	echo "# bench/project.sh lacks:$missing"
fi
rm -f bench/smoke.json bench/smoke.table bench/smoke.errors bench/smoke.expected $readme
