#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Only source/kernel/procfs writes names of files in /proc: a task's folder there is named by proc_number(), because
# /proc may be another pid namespace's, where the same numbers are other tasks.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
echo "1..1"

# A sentence in words.c begins with such a name.
named=$(grep -rnE --include='*.[ch]' '"/proc/|/proc/%|opendir\("/proc' src |
	grep -vE '^src/(source/kernel/procfs/|clone/rules/words)')
if [ -z "$named" ]; then
	echo "ok 1 - only procfs writes names in /proc"
else
	echo "not ok 1 - only procfs writes names in /proc"
	echo "$named" | sed 's/^/# /'
fi
