#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the table of README: all rows of the ratios in bench/README's results, also those that cltrace loses.
#   table.sh [--update]        --update puts it into README
set -e
top=${top_srcdir:-$(dirname "$0")/..}

table() {
	sed '/^\[results: end/q' "$top/bench/README" | awk '
		/^ratio to untraced/ {
			count = split(substr($0, 33), tool, " +")
			inside = 1
			next
		}
		/^$/ { inside = 0 }
		inside {
			title = substr($0, 1, 32)
			sub(/ +$/, "", title)
			if (!(title in known)) {
				known[title] = 1
				row[++rows] = title
			}
			cells = substr($0, 33)
			gsub(/ x/, "_x", cells)
			split(cells, cell, " +")
			for (i = 1; i <= count; i++) {
				sub(/_/, " ", cell[i])
				value[title, tool[i]] = cell[i]
			}
		}
		END {
			format = "    %-34s%9s%15s%10s\n"
			printf format, "", "cltrace", "--seccomp=no", "strace"
			for (i = 1; i <= rows; i++)
				printf format, row[i], value[row[i], "cltrace"], value[row[i], "events"],
					value[row[i], "strace-bpf"]
		}'
}

if [ "$1" = --update ]; then
	table >"$top/README.table"
	# the old table ends at the empty line behind it
	awk -v new="$top/README.table" '
		/^ +cltrace +--seccomp=no +strace$/ {
			while ((getline line <new) > 0)
				print line
			skipping = 1
		}
		/^$/ { skipping = 0 }
		!skipping' "$top/README" >"$top/README.new"
	cat "$top/README.new" >"$top/README"
	rm "$top/README.table" "$top/README.new"
else
	table
fi
