/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --explain: explains requests without issuing them. */
#ifndef CLI_EXPLAIN_RUN_H
#define CLI_EXPLAIN_RUN_H

struct options;

/* Explains options->whats on stdout: one in full, several by their differences, none: the flags. Returns the exit
 * status, after a message if WHAT was not understood or the output failed. */
int explain(const struct options *options);

#endif
