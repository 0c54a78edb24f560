/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a trace looks at only when somebody shows it, because looking costs. */
#ifndef EVENT_WANT_H
#define EVENT_WANT_H

/* What an output shows that a trace looks at only when some output shows it. A recording has all of it, so that a sink
 * which shows one of these without a word here breaks the replay law (tests/unit/test_needs.c). */
enum sink_need {
	SINK_NEEDS_NAMES = 1 << 0,   /* the names that tasks give themselves */
	SINK_NEEDS_ORIGINS = 1 << 1, /* where creations come from; of launched programs only, unless asked for */
	SINK_NEEDS_STACKS = 1 << 2,  /* their whole stacks */
	SINK_NEEDS_TIMES = 1 << 3,   /* the time in calls, where measuring it costs nothing */
	SINK_NEEDS_IGNORED = 1 << 4, /* whether the parent of a process that ends ignores SIGCHLD */
};

#endif
