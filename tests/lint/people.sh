#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Only base/diag and cli/output write to people: the one makes harmless what others chose, the other writes what sinks
# have made harmless. So nothing else prints.
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

calls='v?f?printf|v?dprintf|f?puts|f?putc|putchar|fwrite|perror|psignal|psiginfo|error|v?warnx?|v?errx?|v?syslog'

# code PATTERN: where a word begins that fits, outside of comments and strings, as file:line:text.
# shellcheck disable=SC2016
code() {
	find src -name '*.[ch]' | sort | xargs awk -v pattern="$1" '
		/^[ \t]*(\/\*|\*)/ { next }
		{
			text = $0
			gsub(/"([^"\\]|\\.)*"/, "\"\"", text)
			sub(/\/\*.*/, "", text)
			if (text ~ "(^|[^A-Za-z0-9_])(" pattern ")")
				print FILENAME ":" FNR ": " text
		}'
}

result 1 "nothing prints but diag and output" "$(
	code "($calls)[(]" | grep -v '^src/source/ptrace/stops_file\.c:.*stops->file)' # --debug-stops
)"

# Descriptors of ours are kept above them.
result 2 "stdout and stderr are named by diag and output" "$(
	code '(stdout|stderr|STDOUT_FILENO|STDERR_FILENO)([^A-Za-z0-9_]|$)' |
		grep -Ev '^src/(base/diag|cli/output|cli/stdfds)\.c:|F_DUPFD_CLOEXEC, STDERR_FILENO \+ 1'
)"
