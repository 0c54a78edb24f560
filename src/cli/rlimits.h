/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The resource limits of the tracer. */
#ifndef CLI_RLIMITS_H
#define CLI_RLIMITS_H

/* What somebody has limited for the program (setrlimit(2)) is not meant for the tracer: raises its own limits as far as
 * it may. Of a limit of CPU time that it may not raise, SIGNALS_OUT_OF_TIME tells before it is reached. Whoever is to
 * keep the limits as they were has been forked before. */
void rlimits_raise(void);

#endif
