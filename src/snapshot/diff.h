/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two snapshots side by side. */
#ifndef SNAPSHOT_DIFF_H
#define SNAPSHOT_DIFF_H

#include "snapshot/snapshot.h"

struct text;

/* Adds a line for each task that is in one of them alone ("- ", "+ ") or is in both and has changed ("~ "), and one
 * with the counts. A task is the same where its tid and its begin are. That its state is another one is no change; what
 * is not known in one of the two is not compared. */
void snapshot_diff(struct text *text, const struct snapshot *before, const struct snapshot *now);

#endif
