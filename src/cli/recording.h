/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says what of a recording could not be had. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include <stdbool.h>

struct replay_result;

/* Says in one line what RESULT, of the recording NAME that was read with ERROR (-errno, or 0), lacks of a whole
 * recording. FOLLOW: the file may still grow, so an interrupted read is no lack. Returns whether it lacks anything. */
bool recording_complain(const char *name, const struct replay_result *result, int error, bool follow);

#endif
