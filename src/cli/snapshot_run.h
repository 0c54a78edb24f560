/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --snapshot: looks at the tasks that exist, without tracing them. */
#ifndef CLI_SNAPSHOT_RUN_H
#define CLI_SNAPSHOT_RUN_H

struct options;

/* Shows the snapshot, or the differences, that OPTIONS ask for. Returns the exit status. */
int snapshot(const struct options *options);

#endif
