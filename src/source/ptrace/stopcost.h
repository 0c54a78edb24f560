/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much of a measured call is the measuring. */
#ifndef SOURCE_PTRACE_STOPCOST_H
#define SOURCE_PTRACE_STOPCOST_H

#include <stdint.h>

/* How many ns a call that does nothing takes from the report of its entry stop to that of its exit stop, by some calls
 * of a child that is made for it: the shortest, and what nine in ten stay below. 0s: could not be measured. */
struct stopcost {
	uint64_t least, most;
};

void stopcost_measure(struct stopcost *ret);

#endif
