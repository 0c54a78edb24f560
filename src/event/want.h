/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a trace learns only if an output shows it, because learning it costs a stop, or time of a stopped task. */
#ifndef EVENT_WANT_H
#define EVENT_WANT_H

/* Bits. A format says which of them it shows (sink_ops.needs), cli/wants joins those of all outputs, and the engine and
 * follow get the result. A recording wants everything that can be shown of it, so a format that shows one of these
 * without saying so shows less live than replayed (tests/unit/test_needs.c). */
enum event_want {
	WANT_DURATIONS = 1 << 0,   /* the time in calls */
	WANT_MEMORY = 1 << 1,	   /* the size of the memory that a creation copies */
	WANT_SIGNALS = 1 << 2,	   /* each signal that is delivered, and who ends a process */
	WANT_DESCRIPTORS = 1 << 3, /* what descriptors refer to */
	WANT_NAMES = 1 << 4,	   /* the names that tasks give themselves, if calls are seen */
	WANT_IGNORED = 1 << 5,	   /* whether the parent of a process that ends ignores SIGCHLD */
	WANT_VERIFY = 1 << 6,	   /* what the kernel says each new task shares */
	WANT_ORIGINS = 1 << 7,	   /* where in the program creations come from: the stack up to the origin */
	WANT_STACKS = 1 << 8,	   /* the stacks of creators beyond the origin */
	/* These become the ones above if they are cheap, and are dropped if not: only a format asks for them. */
	WANT_CHEAP_DURATIONS = 1 << 9, /* cheap if calls stop at both ends anyway */
	/* cheap in a launched program; a process that cltrace attaches to may serve many users */
	WANT_CHEAP_ORIGINS = 1 << 10,
};

#define WANT_CHEAP (WANT_CHEAP_DURATIONS | WANT_CHEAP_ORIGINS)

#endif
