/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says what of a recording could not be had. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include <stdbool.h>

struct replay_result;

/* Says in one line how RESULT, of the recording NAME that was read with ERROR (-errno, or 0), is less than a whole one;
 * FOLLOW: one that was interrupted was to grow. Returns whether it is. */
bool recording_complain(const char *name, const struct replay_result *result, int error, bool follow);

#endif
