/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the model share: the tree itself (tree.c), which apply.c changes by events and model.c shows.
 * Nobody else includes it. */
#ifndef MODEL_TREE_H
#define MODEL_TREE_H

#include <utlist.h>

#include "base/tids.h"
#include "clone/check.h"
#include "model/model.h"

/* A command line, shared by all processes that inherited it: a fork costs no copy. */
struct command {
	unsigned refs;
	char text[];
};

struct group {
	struct process process; /* first: what others see */
	struct command *command;
	struct node *members; /* all its tasks that are still known, the live ones first */
	bool odd;	      /* in the model's list of odd ones */
	struct group *odd_prev, *odd_next;
	struct tids_link link;
};

struct node {
	struct task task;  /* first: what others see */
	struct node *prev; /* the node whose task.next this is */
	struct node *member_prev, *member_next;
	struct node *dead_next; /* in the model's queue */
	struct tids_link link;
};

struct model {
	size_t keep;
	struct tids nodes;  /* the latest task of each tid, dead or alive */
	struct tids groups; /* the latest process of each tgid */
	/* those that live and whose end sends another signal than SIGCHLD, or an unknown one */
	struct group *odd;
	struct task *first_root, *last_root;
	pid_t watched[MODEL_WATCHED_MAX];
	unsigned watched_count;
	struct node *dead, **dead_tail; /* dead tasks that are not kept; the first one is freed next */
	unsigned dead_count;
	uint64_t own_ns[NAMESPACE_COUNT]; /* BEGIN's */
	struct tally tally;
};

static inline struct node *node_of(const struct task *task)
{
	return (struct node *)task;
}

static inline struct group *group_of(const struct process *process)
{
	return (struct group *)process;
}

static inline bool is_live(const struct task *task)
{
	return task->state == TASK_ALIVE || task->state == TASK_ZOMBIE;
}

/* The objects for which the flags, not the moment, say which tasks share them. */
#define OBJECTS ((1U << (CHECK_SYSVSEM + 1)) - 1) /* memory to sysvsem */

/* The task of the step's event. */
static inline struct node *node_of_step(const struct step *step)
{
	return step->task ? node_of(step->task) : NULL;
}

/* Processes */

struct command *command_new(const char *text);

bool group_is_live(const struct group *group);

/* COMMAND may be NULL: not known. */
void group_set_command(struct group *group, struct command *command);

/* The latest process TGID, alive or dead. */
struct group *tree_find_group(const struct model *model, pid_t tgid);

/* The end of GROUP sends SIGNO from now on; -1: not known. A process made with CLONE_AUTOREAP never sends a signal. */
void group_set_signal(struct model *model, struct group *group, int signo);

/* The ends of the children of process PPID send SIGNO from now on, if they did not send SIGCHLD before. */
void children_set_signal(struct model *model, pid_t ppid, int signo);

/* TID of PROCESS (0: any task) does something other than fail to exec. */
void forget_failed(struct process *process, pid_t tid);

/* Tasks */

/* The latest task TID, alive or dead. */
struct node *tree_find_node(const struct model *model, pid_t tid);

/* Makes NODE the youngest child of CREATOR; NULL: the last root. */
void node_link(struct model *model, struct node *node, struct node *creator);

/* NODE, which runs or is a zombie, is a member of GROUP from now on. */
void node_join(struct model *model, struct node *node, struct group *group);

void node_stop_running(struct model *model, struct node *node, uint64_t when);

/* NODE, which is live, ends with STATE. A known status of a zombie stays. */
void node_end(struct model *model, struct node *node, enum task_state state, int status, uint64_t when);

/* Ends every live task of GROUP but SURVIVOR (or NULL) as STATE: their ends were not seen, but they must be gone. */
void group_end_others(struct model *model, struct group *group, const struct node *survivor, enum task_state state,
		      uint64_t when);

/* A process TGID that starts now; an earlier process with the same number is over. */
struct group *group_new(struct model *model, pid_t tgid, uint64_t when);

/* A task TID whose first event is EVENT; an earlier task with the same number is over. */
struct node *node_new(struct model *model, pid_t tid, const struct event *event);

/* NODE has its place. */
void node_watch(const struct model *model, struct node *node);

/* Frees NODE, and its process with the last task of it. */
void node_free(struct model *model, struct node *node);

/* Frees the oldest dead tasks that are not kept. */
void model_bury(struct model *model);

/* The namespaces of TASK may have changed. */
void model_note_namespaces(struct model *model, const struct task *task);

/* Handlers of events: creation.c */
void apply_spawn(struct model *model, struct step *ret);
void apply_refused(struct model *model, struct step *ret);

#endif
