#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel refuses: the rules against the running kernel, and what the trace says of each refusal.
load common

kernel_rules() {
	"$@" "$HELPERS/kernel_rules" </dev/null >answers 3>&- || fail "the rules and the kernel differ: $(head answers)"
	# It has really asked: less would be a test that cannot fail.
	[ "$(sed -n 's/^\([0-9]*\) requests, .*/\1/p' answers)" -gt 10000 ] || fail "$(cat answers)"
}

@test "the rules predict what this kernel answers" {
	kernel_rules
}

@test "the rules predict what this kernel answers in a user namespace" {
	unshare -Ur true 2>/dev/null || skip "no user namespaces here"
	kernel_rules unshare -Ur
}
