#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What can be said of the text of the files without a compiler.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
echo "1..6"

# result NUMBER NAME COMPLAINTS
result() {
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		echo "$3" | sed 's/^/# /'
	fi
}

c_files=$(find src samples tests -name '*.[ch]' | sort)
scripts=$(find bootstrap quickstart .ci tests \( -name '*.sh' -o -name '*.bats' -o -name '*.bash' -o -name 'run*' \
	-o -name bootstrap -o -name quickstart \) -type f 2>/dev/null | sort)
makes="configure.ac Makefile.am $(find src samples tests man -name '*.mk' | sort)"

# File names in this tree have no blanks.
# shellcheck disable=SC2086
{
result 1 "C files begin with the SPDX line" "$(awk \
	'FNR == 1 && $0 != "/* SPDX-License-Identifier: GPL-2.0-or-later */" { print FILENAME ":1: " $0 }' $c_files)"

result 2 "scripts and makefiles have the SPDX line on top" "$(awk '
	FNR == 1 && !/^#!/ && $0 != "# SPDX-License-Identifier: GPL-2.0-or-later" { print FILENAME ":1: " $0 }
	FNR == 1 { script = /^#!/ }
	FNR == 2 && script && $0 != "# SPDX-License-Identifier: GPL-2.0-or-later" { print FILENAME ":2: " $0 }
	' $scripts $makes)"

result 3 "a comment on the second line says what a C file is responsible for" "$(awk \
	'FNR == 2 && !/^\/\* ./ { print FILENAME ":2: " $0 }' $c_files)"

result 4 "no blanks at line ends, tabs for indentation" "$(awk '
	/[ \t]$/ { print FILENAME ":" FNR ": blank at the end" }
	/^\t* {8}/ && FILENAME ~ /\.[ch]$/ && !/^ \*/ { print FILENAME ":" FNR ": eight blanks for a tab" }
	' $c_files $scripts $makes)"

result 5 "lines of at most 120 columns" "$(LC_ALL=C awk '{
	text = $0
	gsub(/[\200-\277]/, "", text) # UTF-8: a character is counted by its first byte
	columns = 0
	for (i = 1; i <= length(text); i++)
		columns = substr(text, i, 1) == "\t" ? columns - columns % 8 + 8 : columns + 1
	if (columns > 120)
		print FILENAME ":" FNR ": " columns " columns"
	}' $c_files $scripts $makes)"

# Versions of clang-format disagree about the same file, so one version decides.
formatter=
for name in clang-format-14 clang-format; do
	case $("$name" --version 2>/dev/null) in
	*" version 14."*) formatter=$name && break ;;
	esac
done
if [ -z "$formatter" ]; then
	echo "ok 6 - formatted as .clang-format says # SKIP clang-format 14 is missing"
else
	result 6 "formatted as .clang-format says" "$("$formatter" --dry-run $c_files 2>&1 |
		sed -n 's/^\([^:]*\):\([0-9]*\):.*: warning:.*/\1:\2/p' | sort -u)"
fi
}
