#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every line that the tests' recordings have is as share/cltrace-events.schema.json says; and one that is not is found.
#
# VALIDATE is the program that validates.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
validate=${VALIDATE:-tests/schema/validate}
schema=share/cltrace-events.schema.json
number=0

# result STATUS NAME OUTPUT
result() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		echo "$3" | sed 's/^/# /'
	fi
}

for file in tests/golden/*.json.txt tests/stops/*.txt; do
	output=$(grep '^{' "$file" | "$validate" $schema 2>&1)
	result $? "$file" "$output"
done

# wrong NAME SED MESSAGE: the golden lines, changed by SED, are told to be wrong in this way.
wrong() {
	output=$(sed "$2" tests/golden/everything.json.txt | "$validate" $schema 2>&1)
	status=$?
	case $output in
	*"$3"*) [ $status = 1 ] ;;
	*) false ;;
	esac
	result $? "told: $1" "$output"
}
wrong "a key that is not known" '2s/"tid"/"tie":1,"tid"/' 'line 2: $.tie: is a key that the schema does not name'
wrong "a key of a request that is not known" 's/"call":/"cull":1,"call":/' '$.request.cull: is a key that'
wrong "a key that is missing" '1s/"format":1,//' 'line 1: $: has no format'
wrong "a kind that is not known" '3s/"kind":"exec"/"kind":"exek"/' 'line 3: $: fits no choice'
wrong "a number that is a string" 's/"seq":4,/"seq":"4",/' 'line 4: $.seq: is not of type integer'
wrong "a negative number" 's/"seq":4,/"seq":-4,/' 'line 4: $.seq: is less than 0'
wrong "a pid that is too large" 's/"child":4471,/"child":2147483648,/' '$.child: is more than 2147483647'
wrong "a number of flags that should be in hex" 's/"flags":[0-9]*/"flags":9007199254740992/' '$.request.flags: '
wrong "a flag's name in lower case" 's/"CLONE_THREAD"/"clone_thread"/' '_names[4]: does not match'
wrong "a verdict that is none" 's/"verdict":"thread"/"verdict":"fibre"/' '$.verdict: is none of'
wrong "a list that is too long" 's/"set":\[\]/"set":{}/' '$.reasons.set: is not of type array'
wrong "garbage" '2s/^{/[/' 'line 2: no JSON'
wrong "nothing" 'd' 'no lines'
echo "1..$number"
