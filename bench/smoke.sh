#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark works: each small workload once, tiny, and in the report. What it measures is not looked at.
echo "1..14"
workloads=threads,forks,vforks,spawns,sleepers-0,sleepers-15000,callers,calls,forkers-2,forkers-8,forkers-32,attach,million,idle,ticks,snapshot
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

# A row of ratios has one for each of five tools. Nine workloads have such a row, and how the cost grows with sleepers
# is another. The floors leave out the two workloads that create no tasks.
ratios=$(grep -Ec '(  +[0-9.]+ x){5}$' bench/smoke.table)
without=$(grep -Ec '(  +[0-9.]+ x){3}(  +-){2}$' bench/smoke.table)
if [ "$ratios $without" = "10 2" ]; then
	echo "ok 2 - the table has a ratio of each"
else
	echo "not ok 2 - the table has a ratio of each"
	sed 's/^/# /' bench/smoke.table
fi

# A row without an untraced run has a value for each other tool, except for attaching, which is the same with and
# without a filter.
values=$(grep -Ec '^(memory: each|  2,000 tasks|  time for each task|CPU time).* -(  +[0-9.]+ ([num]?s|B|MiB)){2}(  +-){2}$' \
	bench/smoke.table)
attached=$(grep -Ec '^(30 threads: attached|  attach \+).* -  +[0-9.]+ [num]?s  +-  +[0-9.]+ [num]?s  +-$' bench/smoke.table)
shares=$(grep -Ec '^CPU share.* -(  +[0-9.]+ %){2}(  +-){2}$' bench/smoke.table)
snapshots=$(grep -Ec '^(snapshot, 20 more|  to reading).*(  +[0-9.]+ ([num]?s|x)){2}(  +-){3}$' bench/smoke.table)
if [ "$values $attached $shares $snapshots" = "4 2 1 2" ]; then
	echo "ok 3 - the table has what many tasks cost"
else
	echo "not ok 3 - the table has what many tasks cost"
	echo "# $values rows, $attached rows, $shares row, $snapshots rows"
	sed 's/^/# /' bench/smoke.table
fi

# Recordings are cltrace's alone.
recordings=$(grep -E ' -  +[0-9.]+ ([num]?s|k/s|B|MiB)(  +-){3}$' bench/smoke.table |
	grep -Ec '^(recording adds to a thread|replay: 2,000 events to text|  (to (json|summary)|memory for the summary|400 events))')
if [ "$recordings" = 6 ]; then
	echo "ok 4 - the table has what recordings cost"
else
	echo "not ok 4 - the table has what recordings cost"
	echo "# $recordings rows"
	sed 's/^/# /' bench/smoke.table
fi

# A median and two samples each. Only cltrace has recordings; attach has a floor and snapshot an untraced run. Million,
# idle and ticks have one sample and no untraced run.
samples=$(grep -c '"cost_ns":' bench/smoke.json)
if [ "$samples" = $(((9 * 5 + 2 * 3) * 3 + 2 * 3 + 2 * 3 + 6 * 3 + 3 * 2 * 2)) ]; then
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

# Nine workloads create tasks; cltrace and events have a floor.
floors=$(sed -n '/^relative to the floor  *cltrace  *events$/,/^$/p' bench/smoke.table | grep -Ec '(  +[0-9.]+ x){2}$')
if [ "$floors" = 9 ]; then
	echo "ok 8 - the table has ratios to the floor"
else
	echo "not ok 8 - the table has ratios to the floor"
	echo "# $floors rows"
	sed 's/^/# /' bench/smoke.table
fi

# run OPTIONS: a tiny run of cltrace, on one CPU, with a busy loop. Its exit status is in $status.
run() {
	./bench/bench --source="$top_srcdir" --cltrace="$CLTRACE" --rounds=1 --tries=1 --scale=0.002 --timeout=600 \
		--load=1 --one-cpu "$@" >bench/smoke.table 2>bench/smoke.errors
	status=$?
}

# verdict NUMBER WHAT: ok if the command before has succeeded.
verdict() {
	if [ $? = 0 ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		sed 's/^/# /' bench/smoke.errors bench/smoke.table
	fi
}

# In place of cltrace, whose memory depends on how it was built: a program that writes and runs what it is given, and
# one that also needs 32 MB, long enough for them to be seen.
cat >bench/smoke.tool <<'END'
#!/bin/sh
[ "${0%greedy}" = "$0" ] || memory=$(head -c 32000000 /dev/zero | tr '\0' m)
while [ "$1" != -- ]; do
	case $1 in text:* | json:*) echo trace >"${1#*:}" ;; esac
	shift
done
shift
"$@"
status=$?
[ -z "$memory" ] || sleep 2
exit $status
END
chmod +x bench/smoke.tool
cp bench/smoke.tool bench/smoke.greedy
run --check --cltrace=bench/smoke.greedy --workloads=million --tools=cltrace
[ $status = 1 ] && grep -Eq '^million: .* at most +16.0 MiB  MISSED$' bench/smoke.table &&
	grep -q '^1 of 1 goals missed$' bench/smoke.table
verdict 9 "the report and the exit status show a missed goal"
run --check --cltrace=bench/smoke.tool --workloads=million --tools=cltrace,events
[ $status = 0 ] && [ "$(grep -Ec '^million: .* at most +16.0 MiB  kept$' bench/smoke.table)" = 2 ] &&
	grep -q '^0 of 2 goals missed$' bench/smoke.table && grep -q ', on one CPU, with 1 busy loop, ' bench/smoke.table
verdict 10 "the report shows the goals that are kept, and the load"
# The floor has no CPU of its own here, so no goal divides by it.
run --check --workloads=calls,sleepers-15000,attach --tools=cltrace,floor-events,floor-filter
grep -Eq '^sleepers-15000: cltrace, memory of a task .* at most +600 B  (MISSED|kept)$' bench/smoke.table &&
	grep -Eq '^attach: cltrace, time .*  only shown \(the time depends on the machine\)$' bench/smoke.table &&
	! grep -q 'relative to the floor' bench/smoke.table && grep -q '^[01] of 2 goals missed$' bench/smoke.table
verdict 11 "no goal divides by a floor that waits for a CPU, and times are only shown"
run --check --workloads=replay-text --tools=cltrace
[ $status = 1 ] && grep -q '^0 of 0 goals missed$' bench/smoke.table
verdict 12 "a check of nothing is not passed"

# Whatever is installed, and permitted, must be able to run the workloads; another strace is a program like any other.
printf '#!/bin/sh\nexec strace "$@"\n' >bench/smoke.strace
chmod +x bench/smoke.strace
run --workloads=threads --strace=bench/smoke.strace --reference="$CLTRACE" \
	--tools=strace-bpf-2,reference,reference-events,no-origin,events-no-origin,null,events-null,perf-newtask,bpftrace,sleep-events,sleep-filter
[ $status = 0 ] && ! grep -q '^failed' bench/smoke.table &&
	for tool in reference reference-events no-origin events-no-origin null events-null sleep-events sleep-filter; do
		grep -Eq "^ratio to untraced .* $tool( |\$)" bench/smoke.table || break
	done
verdict 13 "the tools that are named run"

sh "$top_srcdir/bench/table.sh" >bench/smoke.expected
sed -n '/^ *cltrace  *--seccomp=no  *strace$/,/^$/{/^$/!p}' "$top_srcdir/README" | diff - bench/smoke.expected >bench/smoke.errors
verdict 14 "README's table is that of the results in bench/README (else: bench/table.sh --update)"
rm -f bench/smoke.greedy bench/smoke.strace bench/smoke.tool bench/smoke.json bench/smoke.table bench/smoke.errors bench/smoke.expected $readme
