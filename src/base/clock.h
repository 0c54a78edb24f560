/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two clocks in use, in nanoseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_SECOND UINT64_C(1000000000)

/* CLOCK_MONOTONIC, ns: the clock of every `when` in the program. */
uint64_t clock_monotonic(void);

/* CLOCK_REALTIME, ns since the epoch: read once at the start, to turn a `when` into a time of day. */
uint64_t clock_realtime(void);

#endif
