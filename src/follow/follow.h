/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pure state machine between wait(2) and the world: stops in, events and orders out.
 *
 * It joins a creator's event with its child's first stop in whichever order they come, follows groups through exec,
 * stops and ends, and decides how each task is resumed. It keeps a few fields per task and asks for what it needs
 * through `gather`. It uses no kernel, clock or output, so scripted stops can drive it. */
#ifndef FOLLOW_FOLLOW_H
#define FOLLOW_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "event/want.h"
#include "follow/order.h"
#include "follow/stop.h"

struct follow;

struct follow_config {
	enum event_mode mode;
	unsigned wants; /* bits of enum event_want; wants that are not about stops are ignored */
	/* the ns of a call that does nothing, under -T: the shortest, and the longest except for one in ten; 0: not
	 * measured */
	uint64_t stop_cost, stop_cost_most;
	int clone3_hidden;     /* the errno with which an earlier filter answers clone3; 0: no filter does */
	bool detach_on_exec;   /* detach from each process that execs; from the launched one when it does so again */
	uint32_t seccomp_data; /* SECCOMP_RET_DATA of our filter's stops */
};

struct follow_ops {
	/* Something happened. The event and its strings are valid during the call. */
	void (*event)(void *data, const struct event *event);
	/* Resume a stopped task. A task that is gone is no error: wait will report it. */
	void (*order)(void *data, const struct order *order);
	/* Gather PARTS (enum stop_part) about stop->tid, which is stopped, unless only STOP_IDS or STOP_MEMORY, or
	 * STOP_ANSWERS, is asked for. Sets the fields that could be read, and their bits in stop->have. */
	void (*gather)(void *data, struct stop *stop, unsigned parts);
};

struct follow *follow_new(const struct follow_config *config, const struct follow_ops *ops, void *data);
void follow_free(struct follow *follow);

/* The mode is not the configured one (no seccomp): call it before the launched program runs. ERROR: why. */
void follow_set_mode(struct follow *follow, enum event_mode mode, int error, uint64_t when);

/* The first call: reports BEGIN. REALTIME is the time of day at WHEN. */
void follow_begin(struct follow *follow, bool launched, uint32_t audit_arch, uint64_t when, uint64_t realtime);

/* A task that exists already and is traced from now on (or, if it is a zombie leader, only known). Leaders first. */
struct follow_attached {
	pid_t tid, tgid, ppid;
	pid_t nspid;	   /* 0: the same as tid */
	struct nspids all; /* its numbers, the tracer's first; no count: not known */
	unsigned nlwp;	   /* on the leader */
	pid_t creator;	   /* the thread of its parent whose child it is; 0: not known */
	uint64_t inferred; /* flags that its creation must have had; 0: none are known */
	bool has_uid;
	uid_t uid; /* effective */
	bool launched, zombie;
	bool exit_stop;	     /* stops at PTRACE_EVENT_EXIT */
	unsigned workers;    /* on the leader: io_uring's in its process, which are not attached to */
	const char *command; /* NULL: not known */
	bool command_cut;    /* it is longer */
};

void follow_attach(struct follow *follow, const struct follow_attached *attached, uint64_t when);

/* One stop, or end, of a task as wait(2) reported it. */
void follow_stop(struct follow *follow, struct stop *stop);

/* Whether something is undecided although nothing happens: a task is held until its creator's event comes, or a thread
 * has ended and its process may be about to end. Then call follow_idle() when nothing was ready for some 10 ms. */
bool follow_is_holding(const struct follow *follow);
void follow_idle(struct follow *follow, uint64_t when);

/* When follow_look() is to be called at the latest, to look at processes that report nothing; 0: never. */
uint64_t follow_look_at(const struct follow *follow);
void follow_look(struct follow *follow, uint64_t when);

/* Detach from every task: from now on each stop gets the order DETACH, that of a held task when the task is reported.
 * The caller stops each task (follow_tids) with PTRACE_INTERRUPT, and continues until follow_count() is 0. */
void follow_detach(struct follow *follow, uint64_t when);

/* Counts every remaining task as detached, without an order: the kernel detaches them when the tracer exits. */
void follow_leave(struct follow *follow, uint64_t when);

/* Tasks that are traced and have neither ended nor been detached. */
size_t follow_count(const struct follow *follow);
/* ... and the processes that they belong to. */
size_t follow_count_processes(const struct follow *follow);
/* Each of those tasks in turn, one for each call; 0: there is none. */
pid_t follow_next(struct follow *follow);
bool follow_knows(const struct follow *follow, pid_t tid);

/* The number of all objects that it keeps: those tasks, their processes, ends that nothing has explained yet, tids that
 * were detached. Nothing is kept of tasks that are gone, so a trace can last for days. */
size_t follow_remembers(const struct follow *follow);

/* The tids of those tasks; *RET is malloc'ed, the count is returned. */
size_t follow_tids(const struct follow *follow, pid_t **ret);

/* The last call: reports the tasks whose creators were never found, then END. STATUS: the launched program's wait
 * status. */
void follow_end(struct follow *follow, int status, uint64_t when);

#endif
