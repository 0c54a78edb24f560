/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pure state machine between wait(2) and the world: stops in, events and orders out.
 *
 * It joins a creator's event with its child's first stop in whichever order they come, follows groups through exec,
 * stops and ends, and decides how each task is resumed. It keeps a few fields per task and asks for what it needs
 * through `gather`; it knows no kernel, clock or output, so that scripted stops can drive it. */
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
	unsigned wants; /* bits of enum event_want; those which are not about stops are ignored */
	/* ns that a call which does nothing takes under -T, at the least and mostly at the most; 0: not measured */
	uint64_t stop_cost, stop_cost_most;
	int clone3_hidden;     /* the errno by which a filter that came before ours answers clone3; 0: none does */
	bool detach_on_exec;   /* detach from each process that execs; from the launched one when it does so again */
	uint32_t seccomp_data; /* what our filter's stops carry */
};

struct follow_ops {
	/* Something happened. The event and its strings are valid during the call. */
	void (*event)(void *data, const struct event *event);
	/* Resume a stopped task. A task that is gone is no error: wait will report it. */
	void (*order)(void *data, const struct order *order);
	/* Gather PARTS (enum stop_part) about stop->tid, which is stopped unless STOP_IDS or STOP_MEMORY alone is asked
	 * for, or STOP_ANSWERS; sets the fields and their bits in stop->have for what could be had. */
	void (*gather)(void *data, struct stop *stop, unsigned parts);
};

struct follow *follow_new(const struct follow_config *config, const struct follow_ops *ops, void *data);
void follow_free(struct follow *follow);

/* The mode turned out to be another than configured (no seccomp): call before the launched program runs. ERROR: why. */
void follow_set_mode(struct follow *follow, enum event_mode mode, int error, uint64_t when);

/* First of all: BEGIN. REALTIME is the time of day at WHEN. */
void follow_begin(struct follow *follow, bool launched, uint32_t audit_arch, uint64_t when, uint64_t realtime);

/* A task that is there already and traced from now on (or, a zombie leader, only known). Leaders first. */
struct follow_attached {
	pid_t tid, tgid, ppid;
	pid_t nspid;	   /* 0: the same as tid */
	struct nspids all; /* its numbers, the tracer's first; no count: not known */
	unsigned nlwp;	   /* on the leader */
	pid_t creator;	   /* the thread of its parent whose child it is; 0: not known */
	uint64_t inferred; /* flags that must have made it; 0: none are known */
	bool has_uid;
	uid_t uid; /* effective */
	bool launched, zombie;
	bool exit_stop;	     /* stops at PTRACE_EVENT_EXIT */
	unsigned workers;    /* on the leader: io_uring's in its process, which are not attached to */
	const char *command; /* NULL: not known */
	bool command_cut;    /* it had more */
};

void follow_attach(struct follow *follow, const struct follow_attached *attached, uint64_t when);

/* One stop, or end, of a task as wait(2) reported it. */
void follow_stop(struct follow *follow, struct stop *stop);

/* Whether something is to be settled though nothing happens: a task is held until its creator's event comes, or a
 * thread has ended and its process may or may not be about to. Then follow_idle() wants to be called when nothing was
 * ready for some 10 ms. */
bool follow_is_holding(const struct follow *follow);
void follow_idle(struct follow *follow, uint64_t when);

/* When, at the latest, follow_look() wants to be called, to look at processes that nothing is heard of; 0: it does not.
 */
uint64_t follow_look_at(const struct follow *follow);
void follow_look(struct follow *follow, uint64_t when);

/* Detach from every task: from now on each stop is answered with DETACH, that of a held task once it is reported. The
 * caller brings each task (follow_tids) to a stop with PTRACE_INTERRUPT, and goes on until follow_count() is 0. */
void follow_detach(struct follow *follow, uint64_t when);

/* Counts every task that is left as detached, without an order: the end of the tracer will detach it. */
void follow_leave(struct follow *follow, uint64_t when);

/* Tasks that are traced and have neither ended nor been detached. */
size_t follow_count(const struct follow *follow);
/* ... and the processes that they belong to. */
size_t follow_count_processes(const struct follow *follow);
/* Each of those tasks in turn, one for each call; 0: there is none. */
pid_t follow_next(struct follow *follow);
bool follow_knows(const struct follow *follow, pid_t tid);

/* All that it holds: those tasks, their processes, ends that nobody has explained yet, tids that were detached. What is
 * over is not among it, so that a trace may last for days. */
size_t follow_remembers(const struct follow *follow);

/* The tids of those tasks; *RET is malloc'ed, the count is returned. */
size_t follow_tids(const struct follow *follow, pid_t **ret);

/* Last of all: what never got its creator is reported, then END. STATUS: the launched program's wait status. */
void follow_end(struct follow *follow, int status, uint64_t when);

#endif
