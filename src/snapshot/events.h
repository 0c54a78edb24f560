/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot as events, and back, so every format can show it, and it can be recorded and replayed. */
#ifndef SNAPSHOT_EVENTS_H
#define SNAPSHOT_EVENTS_H

#include <stdint.h>

#include "snapshot/snapshot.h"

struct event;

/* Reports SNAPSHOT: BEGIN, ATTACH and LOOK for each task (a parent process first, a leader before its threads), and
 * END. WHEN and REALTIME: the time of both clocks, ns. */
void snapshot_report(const struct snapshot *snapshot, uint64_t when, uint64_t realtime,
		     void (*event)(void *data, const struct event *event), void *data);

/* Adds to SNAPSHOT what EVENT says of a task; other events are skipped. Call snapshot_taken() after the last event. */
void snapshot_take(struct snapshot *snapshot, const struct event *event);
void snapshot_taken(struct snapshot *snapshot);

#endif
