/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What wait(2) reported of one task, and what the engine gathered about it: the input of follow. */
#ifndef FOLLOW_STOP_H
#define FOLLOW_STOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/check.h"
#include "clone/facts.h"
#include "clone/request.h"
#include "event/event.h"

/* What follow may ask the engine to gather about a task, and what a stop has. */
enum stop_part {
	STOP_MESSAGE = 1 << 0,	  /* PTRACE_GETEVENTMSG */
	STOP_CALL = 1 << 1,	  /* the call that the task is in: number, arguments, clone3's struct */
	STOP_RESULT = 1 << 2,	  /* the call's result; asked for as STOP_CALL at a syscall-exit stop */
	STOP_IDS = 1 << 3,	  /* /proc/TID/status */
	STOP_COMMAND = 1 << 4,	  /* /proc/TID/cmdline and whether set-ID bits were ignored */
	STOP_PID_NS = 1 << 5,	  /* /proc/TID/ns/pid_for_children */
	STOP_SIGINFO = 1 << 6,	  /* PTRACE_GETSIGINFO of the signal at hand */
	STOP_ACTION = 1 << 7,	  /* /proc/TID/status: what the task does with that signal */
	STOP_USER = 1 << 8,	  /* the effective user id of a task that has just exec'ed */
	STOP_MEMORY = 1 << 9,	  /* /proc/TID/status: the size of its memory */
	STOP_UNREAPED = 1 << 10,  /* /proc/TID/task/.../children: the children of its process that have ended */
	STOP_FACTS = 1 << 11,	  /* of a refusal: the facts that `wanted` names */
	STOP_ANSWERS = 1 << 12,	  /* what the kernel says of the task and the task `beside` it */
	STOP_NAME = 1 << 13,	  /* the string that the call's second argument points to, as PR_SET_NAME reads it */
	STOP_ENTERED = 1 << 14,	  /* `answers`: whether it is in the namespaces of the setns in `wanted` */
	STOP_LIFE = 1 << 15,	  /* /proc/TID/stat and status: whether it lives */
	STOP_LEFT = 1 << 16,	  /* whether the thread `beside` it, which may be gone, has ended by itself */
	STOP_FATAL = 1 << 17,	  /* whether another thread of its process takes signal `signo`, which kills all */
	STOP_FILTERS = 1 << 21,	  /* /proc/TID/status: how many seccomp filters it has (since 5.9) */
	STOP_TRACEABLE = 1 << 22, /* whether it could trace the task `beside` it if cltrace did not */
	/* /proc/TID/task: io_uring's workers in its process; the task need not be stopped */
	STOP_WORKERS = 1 << 20,
};

/* Whether a task lives. */
enum stop_life {
	STOP_ENDING,   /* it ends, or cannot run: which is not known */
	STOP_RUNNING,  /* it may be ending */
	STOP_SLEEPING, /* in a call: it lives */
};

/* A call in progress. */
struct stop_call {
	uint32_t audit_arch;
	uint64_t nr;
	uint64_t args[6];
	uint64_t sp; /* the caller's stack pointer; 0 when not known */
	/* at an event stop: the result register, which has the call's result after its return; 0: not known */
	int64_t value;
	/* SECCOMP_RET_DATA at a seccomp stop: distinguishes stops of cltrace's filter from those of the program's own
	 * filters. */
	uint32_t seccomp_data;
};

/* /proc/TID/status, in the reader's pid namespace except nspid. */
struct stop_ids {
	pid_t tgid, ppid;
	pid_t nspid;	   /* NSpid's last column: the tid as the task itself sees it */
	unsigned depth;	   /* NSpid's columns: 1 when the task lives in the reader's pid namespace */
	char state;	   /* 'R', 'S', 'T', 't', 'Z', ... */
	bool ours;	   /* the reader traces it */
	struct nspids all; /* NSpid's columns; no count: not read */
};

/* A set-user-ID or set-group-ID program whose bit was ignored at its exec. */
struct stop_set_id {
	bool ignored;
	uid_t file_id;	 /* the file's owner or group */
	uid_t actual_id; /* what the task runs as */
};

/* The fields of a signal's siginfo that follow uses; event/signal.h: signal_origin() says which of them mean something.
 */
struct stop_siginfo {
	int code;
	/* a number in the receiver's pid namespace or, if a program sent it, in a descendant of it */
	pid_t sender;
	uint64_t value; /* si_value, si_addr, si_status or si_syscall */
	uint32_t arch;	/* si_arch: AUDIT_ARCH_..., with si_syscall */
};

struct stop_action {
	bool caught, ignored;
};

/* Bytes. */
struct stop_memory {
	uint64_t page_tables; /* VmPTE */
	uint64_t resident;    /* VmRSS */
};

/* What follow wants to know of a refusal or a setns: follow sets it before it asks. */
struct stop_wanted {
	unsigned facts;	     /* bits 1 << enum fact_what */
	uint64_t namespaces; /* flags: the namespaces whose limits are wanted, or setns's */
	int descriptor;	     /* setns's */
	unsigned threads;    /* STOP_WORKERS: how many are known not to be workers */
};

struct stop {
	pid_t tid;
	int status;    /* wait(2)'s, with the ptrace event in bits 16 to 23 */
	uint64_t when; /* ns, CLOCK_MONOTONIC */
	unsigned have; /* enum stop_part */
	uint64_t message;
	struct stop_call call;
	struct clone_args_read clone_args; /* for clone3 */
	int64_t result;			   /* -4095..-1: minus errno */
	struct stop_ids ids;
	const char *command;
	bool command_cut; /* it is longer, and ends in "..." */
	const char *name;
	struct stop_set_id set_id;
	bool other_pid_ns; /* its future children are in another pid namespace than the reader */
	struct stop_siginfo siginfo;
	struct stop_action action;
	uid_t user;
	struct stop_memory memory;
	unsigned unreaped; /* children that have ended and that their parent has not waited for */
	unsigned workers;
	unsigned filters;
	bool traceable;
	/* with or without STOP_CALL: what was to be read is in memory that the tracer may not read */
	bool unreadable;
	struct stop_wanted wanted;
	const struct facts *facts;
	enum stop_life life;
	uint64_t pthread; /* set by follow for STOP_LEFT: pthread_self() of the thread in question */
	int signo;	  /* set by follow for STOP_FATAL */
	bool fatal;
	bool left;    /* it has returned from its start routine, or called pthread_exit(3) */
	pid_t beside; /* set by follow for STOP_ANSWERS: the task to compare with; 0: the tracer */
	struct check_answers answers;
};

/* PTRACE_EVENT_... as numbers of the kernel's ABI (ptrace(2)), so that pure code needs no <sys/ptrace.h>. */
enum stop_event {
	STOP_EVENT_FORK = 1,
	STOP_EVENT_VFORK = 2,
	STOP_EVENT_CLONE = 3,
	STOP_EVENT_EXEC = 4,
	STOP_EVENT_VFORK_DONE = 5,
	STOP_EVENT_EXIT = 6,
	STOP_EVENT_SECCOMP = 7,
	STOP_EVENT_STOP = 128,
};

/* The ptrace event in a wait status; 0 for none. */
static inline int stop_event(int status)
{
	return (status >> 16) & 0xff;
}

#endif
