/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is unusual among the tasks of a snapshot. */
#ifndef SNAPSHOT_FINDINGS_H
#define SNAPSHOT_FINDINGS_H

#include <stdbool.h>

#include "snapshot/snapshot.h"

struct text;

enum finding_kind {
	FINDING_ACROSS,	     /* processes share `what`, an object */
	FINDING_APART,	     /* threads of one process do not share `what` with its first task */
	FINDING_NAMESPACE,   /* threads of one process are in another namespace `what` than its first task */
	FINDING_LEADER_GONE, /* the leader has ended, threads live on */
	FINDING_WORKERS,     /* io_uring workers */
	FINDING_NICE,	     /* these differ from the first task's */
	FINDING_POLICY,
	FINDING_CPUS,
	FINDING_CAPABILITIES,
	FINDING_KINDS
};

struct finding {
	enum finding_kind kind;
	unsigned what; /* the object or namespace */
	size_t head;   /* index of the first task concerned */
	/* indices, in order; for FINDING_ACROSS one task of each process, including the head's */
	size_t *members;
	size_t count;
};

struct findings {
	struct finding *findings;
	size_t count, size;
};

/* Kernel threads are skipped, because they share everything with each other by design. */
void findings_find(const struct snapshot *snapshot, struct findings *ret);
void findings_done(struct findings *findings);

/* The stable name of KIND, in JSON. */
const char *finding_key(enum finding_kind kind);

/* Whether what FINDING is about could be looked at in TASK, of this snapshot or of another. */
bool finding_is_known_of(const struct finding *finding, const struct snap_task *task);

/* Adds a sentence without its end. */
void finding_explain(struct text *text, const struct snapshot *snapshot, const struct finding *finding);

#endif
