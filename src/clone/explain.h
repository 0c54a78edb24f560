/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words: verdict, reason and sharing of one creation, and what each flag means for the two tasks at hand.
 * Pure text without line ends; sinks lay it out. */
#ifndef CLONE_EXPLAIN_H
#define CLONE_EXPLAIN_H

#include <stdint.h>
#include <sys/types.h>

struct flag;
struct request;
struct text;

/* Who is concerned, in the tracer's view of pids. A field that is not known is 0. */
struct parties {
	pid_t creator;	    /* the task that made the call */
	pid_t creator_tgid; /* its process */
	pid_t child;	    /* the new task */
	pid_t child_tgid;   /* its process: creator_tgid for a thread, child otherwise */
	pid_t parent;	    /* the child's PPID */
	unsigned threads;   /* tasks in child_tgid, the new one included */
};

/* Kind, deciding reason, relation, and what else is out of the ordinary; for every kind, CLONE_PARENT and new
 * namespaces named:
 *
 *   PROCESS 4471: a new thread group (no CLONE_THREAD), child of 4470; looks like fork()
 *
 *   THREAD 4472: CLONE_THREAD puts it in process 4471 (2 threads); looks like pthread_create()
 *
 *   PROCESS 4473 sharing memory until exec: CLONE_VM|CLONE_VFORK, child of 4470; looks like vfork() */
void explain_verdict(struct text *text, const struct request *request, const struct parties *parties);

/* "shared: memory, descriptors   own: TLS, stack   nobody is signalled": one line; groups without members left out,
 * three blanks between groups (where a line that is too long may be broken). Nothing where the flags are not known. */
void explain_sharing(struct text *text, const struct request *request, const struct parties *parties);

/* One line for FLAG as set in REQUEST: "CLONE_FILES: 4472 and 4471 have one descriptor table". */
void explain_flag(struct text *text, const struct flag *flag, const struct request *request,
		  const struct parties *parties);

/* The same for a REQUEST that was refused: "CLONE_FILES would mean: the child and 4471 have one descriptor table". */
void explain_refused_flag(struct text *text, const struct flag *flag, const struct request *request,
			  const struct parties *parties);

/* One line on the exit signal: "exit signal SIGCHLD: sent to 4470 when 4471 ends". */
void explain_exit_signal(struct text *text, const struct request *request, const struct parties *parties);

#endif
