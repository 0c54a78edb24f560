/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One replay from options to exit status. */
#ifndef CLI_REPLAY_RUN_H
#define CLI_REPLAY_RUN_H

struct options;

/* Shows the recording that OPTIONS name in every view that they ask for. Returns the exit status: 0, or RUN_FAILED
 * after one line that says what is missing. */
int replay(const struct options *options);

#endif
