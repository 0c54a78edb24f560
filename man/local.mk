# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages. The tutorial is made from real runs by hand: see tests/live/tutorial.bats.

dist_man_MANS += man/cltrace.1 man/cltrace-events.5 man/cltrace-tutorial.7
EXTRA_DIST += man/cltrace-tutorial.7.in man/make-tutorial
