/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says why a program could not be started. */
#ifndef CLI_NOT_STARTED_H
#define CLI_NOT_STARTED_H

struct options;

/* Reports that exec of the program of OPTIONS failed with ERROR; returns the exit status for it. */
int not_started(const struct options *options, int error);

#endif
