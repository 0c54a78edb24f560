#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The schema and the manual's lists of fields are what event/schema.c says: "make derived" writes them.
#
# DERIVE is the program that derives.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
derive=${DERIVE:-tests/schema/derive}
number=0

# same WHAT FILE
same() {
	number=$((number + 1))
	if [ "$("$derive" "$1" <"$2")" = "$(cat "$2")" ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2 is another after make derived"
	fi
}

echo "1..2"
same schema share/cltrace-events.schema.json
same manual man/cltrace-events.5
