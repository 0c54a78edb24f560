/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot as events, and back: so it can be shown by every format, recorded and replayed. */
#ifndef SNAPSHOT_EVENTS_H
#define SNAPSHOT_EVENTS_H

#include <stdint.h>

#include "snapshot/snapshot.h"

struct event;

/* Tells of SNAPSHOT: BEGIN, ATTACH and LOOK for each task, a process's parent before it, its leader before its threads,
 * and END. WHEN and REALTIME: of both clocks,
 * ns. */
void snapshot_report(const struct snapshot *snapshot, uint64_t when, uint64_t realtime,
		     void (*event)(void *data, const struct event *event), void *data);

/* Takes what EVENT says of a task into SNAPSHOT; others are passed over. snapshot_taken() when all have been. */
void snapshot_take(struct snapshot *snapshot, const struct event *event);
void snapshot_taken(struct snapshot *snapshot);

#endif
