/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --compare: what two programs, or recordings of them, ask the kernel for, side by side. */
#ifndef CLI_COMPARE_RUN_H
#define CLI_COMPARE_RUN_H

struct options;

/* Traces (or reads) options->whats, two of them, one after the other, and writes the comparison to stdout. Returns the
 * exit status: 0, or RUN_FAILED after a message; the programs' own statuses are not reported. */
int compare(const struct options *options);

#endif
