#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every header compiles alone, and twice in one file; with CI=true without warnings (see check-all).
werror=
[ "${CI:-}" != true ] || werror=-Werror
root=$(cd "${top_srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
# CC may hold words ("gcc -m64").
# shellcheck disable=SC2086
compile() {
	printf '#include "%s"\n#include "%s"\n' "$1" "$1" |
		${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Wall -Wextra $werror -I"$root/src" -fsyntax-only -x c - 2>&1
}
n=0
for header in $(cd "$root/src" && find . -name '*.h' | sed 's|^\./||' | sort); do
	n=$((n + 1))
	if output=$(compile "$header"); then
		echo "ok $n - $header"
	else
		echo "not ok $n - $header"
		echo "$output" | sed 's/^/# /'
	fi
done
echo "1..$n"
