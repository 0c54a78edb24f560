/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Independent parts of work, done by as many threads as there are processors that this process may run on, at most 8.
 */
#ifndef SOURCE_KERNEL_CREW_H
#define SOURCE_KERNEL_CREW_H

#include <stddef.h>

/* Calls WORK once for each PART below COUNT, and returns when all calls have returned. Calls run at the same time and
 * in any order, in the caller and in threads that block all signals, so WORK writes only to what belongs to its part.
 * The caller makes all calls if no thread can be created. */
void crew_run(size_t count, void (*work)(void *data, size_t part), void *data);

#endif
