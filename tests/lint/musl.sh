#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The floors that need no library compile with musl's headers: all of floors 0 to 3 but what json-c reads. With CI=true
# without warnings (see check-all).
command -v musl-gcc >/dev/null || { echo "1..0 # SKIP musl-gcc is missing"; exit 0; }
werror=-Werror=implicit-function-declaration # glibc has functions that musl lacks
[ "${CI:-}" != true ] || werror=-Werror
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
include=$(mktemp -d) || exit 99
trap 'rm -rf "$include"' EXIT
# uthash is headers only, and not musl's. musl-gcc looks nowhere else than in musl's own folder.
header() {
	echo "#include <$1>" | ${CC:-cc} -E -x c - | sed -nE 's|^# [0-9]+ "(/[^"]*/'"$1"')".*|\1|p' | head -n 1
}
for name in uthash.h utlist.h; do
	path=$(header $name) && [ -n "$path" ] && ln -s "$path" "$include/$name" || exit 99
done

compile() {
	musl-gcc -std=gnu11 -D_GNU_SOURCE -Wall -Wextra $werror -Isrc -I"$include" -fsyntax-only "$1" 2>&1
}

n=0
files=$(grep -rL --include='*.c' '<json-c/' src/base src/abi src/clone src/teach src/event src/follow src/model \
	src/snapshot | sort)
for file in $files; do
	n=$((n + 1))
	if output=$(compile "$file"); then
		echo "ok $n - $file"
	else
		echo "not ok $n - $file"
		echo "$output" | sed 's/^/# /'
	fi
done
[ $n != 0 ] || echo "not ok 1 - no file was found"
echo "1..$n"
