/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much time the measurement itself adds to a measured call. */
#ifndef SOURCE_PTRACE_STOPCOST_H
#define SOURCE_PTRACE_STOPCOST_H

#include <stdint.h>

/* How many ns a call that does nothing takes from the report of its entry stop to that of its exit stop, measured with
 * calls of a child: the shortest, and a time that nine in ten do not exceed. Both 0: it could not be measured. */
struct stopcost {
	uint64_t least, most;
};

void stopcost_measure(struct stopcost *ret);

#endif
