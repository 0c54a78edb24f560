# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages.

dist_man_MANS += man/cltrace.1 man/cltrace-events.5
