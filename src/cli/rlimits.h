/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The resource limits of the tracer. */
#ifndef CLI_RLIMITS_H
#define CLI_RLIMITS_H

/* Raises the tracer's limits as far as possible, because limits for the program (setrlimit(2)) are not meant for the
 * tracer. If the tracer may not raise a limit of CPU time, SIGNALS_OUT_OF_TIME comes before the limit is reached.
 * Processes that keep the old limits must be forked before. */
void rlimits_raise(void);

#endif
