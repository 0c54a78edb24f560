#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Puts what a terminal obeys, and bytes that are no UTF-8, into every string of the recordings that a traced program or
# a file could have chosen. `render` fails for a format that shows them as they are. RENDER: the program that renders.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
render=${RENDER:-tests/golden/render}
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C TZ=UTC0

# ESC, BEL, CSI as one C1 control, LINE SEPARATOR, three that turn the direction, CR, DEL; and a line of its own
evil='\\u001b[31m\\u001b]0;t\\u0007\\u009b1m\\u2028\\u202e\\u061c\\u2066\\r\\u007f\\nfooled'
# The same as bytes, which KEY_hex beside KEY has: 0x9b alone is CSI on terminals without UTF-8.
hex=611b5b33316d9b316dc29be280ae0d7f0a666f6f6c6564

# What codec writes as strings and has no words of its own for. Those of the first list may hold any bytes.
bytes='command|pidfd_is|refers|script|exe|loader|cwd'
characters='cltrace|release|state|name|cpus|object|function|file|path'

in_characters() {
	sed -E 's/"('"$bytes|$characters"')":"/&a'"$evil"'/g
		/"kind":"exit"/s/"call":"/&a'"$evil"'/' "$1"
}

in_bytes() {
	sed -E 's/,"[a-z_]+_hex":"[^"]*"//g
		/"kind":"look"/!s/"('"$bytes"')":"([^"\\]|\\.)*"/&,"\1_hex":"'$hex'"/g
		/"kind":"name"/s/"name":"([^"\\]|\\.)*"/&,"name_hex":"'$hex'"/' "$1"
}

formats="text tree summary ps snapshot dot mermaid perfetto lanes folded json"
echo "1..$(echo "$formats" | wc -w)"
number=0
for format in $formats; do
	number=$((number + 1))
	complaints=
	for recording in tests/golden/*.jsonl; do
		for how in in_characters in_bytes; do
			$how "$recording" >"$dir/recording"
			for options in "" -J "-c -v -k 64 -y -T -w 60 -O +CALL"; do
				# shellcheck disable=SC2086
				complaint=$("$render" -f "$format" $options <"$dir/recording" 2>&1 >"$dir/out") &&
					complaint=$(grep -a -m1 '^fooled' "$dir/out")
				[ -z "$complaint" ] || complaints="$complaints
# $recording $how $options: $complaint"
			done
		done
	done
	if [ -z "$complaints" ]; then
		echo "ok $number - $format"
	else
		echo "not ok $number - $format$complaints"
	fi
done
