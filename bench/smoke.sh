#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark works: each small workload once, tiny, and in the report. What it measures is not looked at.
echo "1..3"
workloads=threads,forks,vforks,spawns,sleepers-0,sleepers-15000,callers,calls,forkers,attach,million
if ./bench/bench --source="${top_srcdir:?}" --cltrace="${CLTRACE:?}" --rounds=2 --tries=1 --scale=0.002 --timeout=60 \
	--workloads=$workloads --tools=cltrace,events --json=bench/smoke.json >bench/smoke.table 2>bench/smoke.errors &&
	! grep -q '^failed' bench/smoke.table; then
	echo "ok 1 - workloads run"
else
	echo "not ok 1 - workloads run"
	sed 's/^/# /' bench/smoke.errors bench/smoke.table
fi

# A row of ratios has one for each of three tools.
ratios=$(grep -Ec '(  +[0-9.]+ x){3}$' bench/smoke.table)
if [ "$ratios" = 11 ]; then
	echo "ok 2 - the table has a ratio of each"
else
	echo "not ok 2 - the table has a ratio of each"
	echo "# $ratios rows"
fi

# A median and two samples each; of attach there are cltrace's alone, of million one sample.
samples=$(grep -c '"cost_ns":' bench/smoke.json)
if [ "$samples" = $((9 * 3 * 3 + 1 * 3 + 3 * 2)) ]; then
	echo "ok 3 - the JSON has all samples"
else
	echo "not ok 3 - the JSON has all samples"
	echo "# $samples costs"
fi
rm -f bench/smoke.json bench/smoke.table bench/smoke.errors
