/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts programs to be traced: processes that wait to be seized, then load the filter and exec; and the tracer. */
#ifndef SOURCE_PTRACE_LAUNCH_H
#define SOURCE_PTRACE_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct follow_attached;
struct sys_options;

struct launch_config {
	char *const *command;	  /* PROGRAM and ARGS, NULL-terminated */
	char *const *environment; /* "VAR=VAL" to set, "VAR" to unset */
	size_t environment_count;
	const char *user; /* run as this user; NULL: as the present one */
	bool daemonize;	  /* the program in the calling process, the tracer in a grandchild */
	bool filter;
	bool names; /* the filter also stops calls by which tasks give themselves names */
};

struct launch {
	pid_t tid;
	pid_t standin;		       /* the calling process (standin.h); 0: none, because it became the program */
	int go, report;		       /* ends of pipes */
	int ready;		       /* to the stand-in; -1: there is none */
	struct standin_shared *shared; /* shared with the stand-in; NULL: there is none */
};

#define LAUNCH_MAX 2 /* programs at once */

/* Forks a process for each of COUNT programs, which are held before their first action until launch_go(), and the
 * tracer. Returns 0 in the tracer, with every signal blocked, and never in the calling process: that becomes the
 * programs' stand-in or, with daemonize, the one program. Or returns -errno there after a message on stderr.
 *
 * To be called before anything is opened or changed that a program must not have, because a program inherits everything
 * from the calling process. If the tracer ends without launch_go(), the held processes end. */
int launch_start(const struct launch_config *configs, size_t count, struct launch *ret);

/* The tracer has taken its signals, so from now on the stand-in forwards the signals that it gets. For the first of the
 * launches. */
void launch_ready(struct launch *launch);

/* Seizes the process of PROGRAM, which is its name for messages. 0, or -errno after a message. */
int launch_seize(const struct launch *launch, const char *program, const struct sys_options *options);

/* What is known of the process before it starts. */
void launch_look(const struct launch *launch, struct follow_attached *ret);

void launch_go(struct launch *launch);

/* The tracer ends and does not know how the program ends, so the stand-in reports that. */
void launch_detach(struct launch *launch);

/* What the child reported until now, without waiting: positive errnos of loading the filter and of exec, 0 for none. */
void launch_outcome(struct launch *launch, int *ret_filter, int *ret_exec);
void launch_close(struct launch *launch);

#endif
