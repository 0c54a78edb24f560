/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports which parts of a recording could not be read. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include <stdbool.h>

struct replay_result;

/* Reports in one line what the recording NAME lacks, as RESULT says; ERROR is 0 or the -errno of reading it. FOLLOW:
 * the file can still grow, so nothing is missing if the read was interrupted. Returns whether anything is missing. */
bool recording_complain(const char *name, const struct replay_result *result, int error, bool follow);

#endif
