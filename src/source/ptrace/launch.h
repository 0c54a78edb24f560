/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts the program to be traced: a child that waits to be seized, then loads the filter and execs. */
#ifndef SOURCE_PTRACE_LAUNCH_H
#define SOURCE_PTRACE_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct signals;

struct launch_config {
	char *const *command;	  /* PROGRAM and ARGS, NULL-terminated */
	char *const *environment; /* "VAR=VAL" to set, "VAR" to unset */
	size_t environment_count;
	const char *user; /* run as; NULL: as we are */
	bool daemonize;	  /* the program in the calling process, the tracer in a grandchild */
	bool filter;
	bool names; /* the filter stops calls by which tasks give themselves names, too */
	const struct signals *signals;
};

struct launch {
	pid_t tid;
	int go, report; /* ends of pipes */
};

/* Forks. The child is held before its first action until launch_go(). With daemonize this returns in the grandchild;
 * the calling process becomes the held one. Returns 0, or -errno after a message on stderr. */
int launch_start(const struct launch_config *config, struct launch *ret);
void launch_go(struct launch *launch);

/* What the child reported until now, without waiting: positive errnos of loading the filter and of exec, 0 for none. */
void launch_outcome(struct launch *launch, int *ret_filter, int *ret_exec);
void launch_close(struct launch *launch);

#endif
