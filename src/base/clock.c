/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the two clocks in nanoseconds. */
#include "base/clock.h"

#include <time.h>

static uint64_t clock_read(clockid_t id)
{
	struct timespec now;

	/* Cannot fail for these two clocks and a valid address (clock_gettime(2)). */
	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * CLOCK_SECOND + (uint64_t)now.tv_nsec;
}

uint64_t clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

uint64_t clock_realtime(void)
{
	return clock_read(CLOCK_REALTIME);
}
