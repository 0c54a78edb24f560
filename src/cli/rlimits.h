/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The resource limits of the tracer. */
#ifndef CLI_RLIMITS_H
#define CLI_RLIMITS_H

/* Raises the tracer's limits as far as it may, because limits for the program (setrlimit(2)) are not meant for it.
 * SIGNALS_OUT_OF_TIME comes before a limit of CPU time that it may not raise is reached. Processes that are to keep the
 * limits as they were must have been forked before. */
void rlimits_raise(void);

#endif
