/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words: verdict, reason and sharing of one creation, and what each flag means for the two tasks at hand.
 * Pure text without line ends; sinks lay it out. */
#ifndef TEACH_EXPLAIN_H
#define TEACH_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/resource.h"

struct flag;
struct request;
struct text;

/* The tasks that are concerned, with pids as the tracer sees them. A field that is not known is 0. */
struct parties {
	pid_t creator;	    /* the task that made the call */
	pid_t creator_tgid; /* its process */
	pid_t child;	    /* the new task */
	pid_t inside;	    /* its pid in its own namespace, if that is another one */
	pid_t child_tgid;   /* its process: creator_tgid for a thread, child otherwise */
	pid_t parent;	    /* the child's PPID */
	unsigned threads;   /* tasks in child_tgid, the new one included */
	/* the library call is known and shown elsewhere, so what the request looks like is not said */
	bool seen;
};

/* Kind, deciding reason, relation, and what else is out of the ordinary; for every kind, CLONE_PARENT and new
 * namespaces named:
 *
 *   PROCESS 4471: a new thread group (no CLONE_THREAD), child of 4470; looks like fork()
 *
 *   THREAD 4472: CLONE_THREAD puts it in process 4471 (2 threads); looks like pthread_create()
 *
 *   PROCESS 4474 (2 inside): a new thread group (no CLONE_THREAD), child of 4470; looks like fork()
 *
 *   PROCESS 4473 sharing memory until exec: CLONE_VM|CLONE_VFORK, child of 4470; looks like vfork() */
void explain_verdict(struct text *text, const struct request *request, const struct parties *parties);

/* "shared: memory, descriptors   own: TLS, stack   no signal is sent": one line; without empty groups, with three
 * blanks between groups, where a line that is too long can be folded. Nothing if the flags are not known. */
void explain_sharing(struct text *text, const struct request *request, const struct parties *parties);

/* One line for FLAG as set in REQUEST: "CLONE_FILES: 4472 and 4471 have one descriptor table: ...". */
void explain_flag(struct text *text, const struct flag *flag, const struct request *request,
		  const struct parties *parties);

/* The same for a REQUEST that was refused: "CLONE_FILES would mean: the child and 4471 have one descriptor table". */
void explain_refused_flag(struct text *text, const struct flag *flag, const struct request *request,
			  const struct parties *parties);

/* The same for FLAG that is not set: "no CLONE_FILES: 4472 has a copy of ..."; false: there is nothing to say. */
bool explain_missing(struct text *text, const struct flag *flag, const struct request *request,
		     const struct parties *parties);

struct meaning;

/* MEANING by itself: "set: ...", "not set: ...", with the flags and calls for which it is true, if it is not true for
 * all. */
void explain_sentence(struct text *text, const struct meaning *meaning, const struct parties *parties);

/* The flags that are not set in REQUEST and whose absence matters for sharing as much as their presence. */
uint64_t explain_sharing_flags(const struct request *request);

/* One line on the exit signal: "exit signal SIGCHLD: sent to 4470 when 4471 ends". */
void explain_exit_signal(struct text *text, const struct request *request, const struct parties *parties);

/* The evidence for "looks like", in one line; nothing if the request is like no known one. */
void explain_looks_like(struct text *text, const struct request *request);

/* A misconception that applies to REQUEST, in one line; false: there is none (left). *TOLD has a bit for each that was
 * reported, so each is reported once. It is 0 at first. */
bool explain_correction(struct text *text, const struct request *request, const struct parties *parties,
			unsigned *reported);

/* OUTCOME for a table, with a pid if it has one: "shared", "new (4471)". */
void explain_outcome(struct text *text, enum resource resource, enum outcome outcome, const struct parties *parties);

/* Adds what becomes of the stack if it is not known whether the call passes one. */
void explain_open_stack(struct text *text, const struct request *request);

/* Which exit signals of requests a row is about. */
enum explain_signal {
	EXPLAIN_SIGNAL_ANY,
	EXPLAIN_SIGNAL_CHLD,
	EXPLAIN_SIGNAL_OTHER,
	EXPLAIN_SIGNAL_NONE, /* 0, or a number that is not a signal, which the kernel ignores */
};

/* The sentences about a task's end, with $s for the exit signal, else as in meaning.h. */
struct explain_end {
	uint64_t with; /* flags that must be set */
	enum explain_signal signal;
	const char *brief, *text;
	const char *source;
};

const struct explain_end *explain_end_table(size_t *ret_count);

#endif
