/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --snapshot: looks at what is there, without tracing it. */
#ifndef CLI_SNAPSHOT_RUN_H
#define CLI_SNAPSHOT_RUN_H

struct options;

/* Does what OPTIONS ask. Returns the exit status. */
int snapshot(const struct options *options);

#endif
