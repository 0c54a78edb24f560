#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Only source/kernel/procfs makes names of files in /proc and reads their formats. proc_number() names a task's folder
# there, because /proc may belong to another pid namespace, where the same numbers are other tasks.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
echo "1..2"

# result NUMBER NAME COMPLAINTS
result() {
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		echo "$3" | sed 's/^/# /'
	fi
}

# A sentence in words.c begins with such a name.
result 1 "only procfs makes names in /proc" "$(grep -rnE --include='*.[ch]' \
	'"/proc/|/proc/%|opendir\("/proc|"(fd|fdinfo|ns|task)/' src |
	grep -vE '^src/(source/kernel/procfs/|clone/rules/words)')"

# program and cgroup parse the files that only they read.
result 2 "only procfs reads files in /proc" "$(grep -rnE --include='*.[ch]' \
	'proc_(open|stream|read(_all|_at|_system|_thread)?)\(' src |
	grep -vE '^src/source/(kernel/procfs/|ptrace/program\.c:.*"(auxv|exe)"|ptrace/cgroup\.c:.*"cgroup")')"
