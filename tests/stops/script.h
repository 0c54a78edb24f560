/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scripted kernel that plays stops to follow, answers what it asks, and keeps what it says as short lines to compare:
 * a test reads as a story, stops in, events and orders out.
 *
 * It knows of each task what the kernel would: its group, parent, and the call that it is in. It also holds follow to
 * its contract whatever the story: one order for each stop and none else, nothing gathered about a task that runs, each
 * task announced once and before anything else is reported of it, sequence numbers without gaps, time that never runs
 * back.
 *
 * Lines for orders:
 *
 * - "cont 10", "syscall 10", "listen 10", "detach 10"
 * - then " signal 17", " flags 0x11" or " flags 0x11 at 0x5000", " skip"
 *
 * and for events:
 *
 * - "spawn 11 by 10: in 10, parent 1, clone3 0x10f00"; "by ? of 10" when only the creator's process is known, "by ?"
 * when not even that; "request unknown"; then ", sees itself as 2", ", numbers 1050 50 2", ", returned
 * 50", ", took 5" and ", tables 8192 of 65536, its own 4096"
 * - "refused 10: clone 0x11, errno 11", "call 10: unshare 0x20000000 = 0"; then ", took 5"
 * - "vfork done 10: 11 after 5"
 * - "attach 50: in 50, parent 1", then ", launched", ", zombie", ", sees itself as 2", ", numbers 50 2", ", user 1000",
 *   ", inferred 0x100" and ": ./program"; "..." behind a command that has more
 * - "exec 10: ./program", "exec 10, was 12: ./program"; then ", user 1000"
 * - "exit 10: 0x0 with its group", "leader exit 10: 0x300"
 * - "exit 11: 0x0 alone" (its process lives on), "exit 11: 0x0 replaced" (by an exec); then ", call 435 forbidden by 1"
 * - "exit 11: 0x0 with its group, SIGCHLD ignored" (by its parent)
 * - "group exit 10: 0x300 of 3" (the caller of exit_group(2), and how many tasks that ends)
 * - "group stop 10: 19", "group cont 10: 18"
 * - "signal 10: 15"; then ", code 0 by 20, value 0" ("by 20 inside"), ", errno 32", ", caught" or "ignored", "default"
 * - "verify 10 and 11: said 0x1 0x2, shared 0x1, apart 0x2, neither 0x0" (said: shared and apart), "difference ..."
 *   with the cause behind it; of what setns entered "verify 10 and descriptor 3: ..."
 * - "reparent 11: 10 to 1", "gone on 11" (detached), "note creator-lost 11 0 0" (tid, number, value), "end 0x0" */
#ifndef STOPS_SCRIPT_H
#define STOPS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "abi/abi.h"
#include "clone/flags.h"
#include "follow/follow.h"

#define SCRIPT_SECCOMP_DATA 0xc17a
#define SCRIPT_PTHREAD (FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD | FLAG_SYSVSEM) /* 0x50f00 */

struct script;

/* What the scripted kernel knows of a task. Tests may change what no function does. */
struct script_task {
	pid_t tid, tgid, ppid;
	pid_t creator; /* 0: beside the story */
	pid_t nspid;
	unsigned depth;
	char state;
	struct stop_call call;
	struct clone_args_read clone_args;
	uint64_t message;
	bool at_exit; /* of its call, which returned `result` */
	int64_t result;
	const char *command;
	bool command_cut; /* it has more than what is kept */
	const char *name; /* that PR_SET_NAME finds; NULL: it cannot be read */
	struct stop_set_id set_id;
	bool user_known;
	uid_t user;		   /* effective, that its next exec finds */
	bool unshared;		   /* its children live in another pid namespace than it */
	bool no_proc;		   /* its /proc cannot be read */
	struct stop_memory memory; /* nothing: cannot be read */
	unsigned unreaped;	   /* its children that are zombies */
	unsigned workers;	   /* of io_uring's in its process */
	bool filters_known;
	unsigned filters;	   /* seccomp's */
	bool traceable;		   /* it may trace others */
	bool unreadable;	   /* its memory may not be read */
	struct facts facts;	   /* of a refusal; none: cannot be had */
	struct stop_wanted wanted; /* what follow asked for then */
	bool answers_known;	   /* else nothing can be asked about it and others */
	struct check_answers answers;
	pid_t asked_beside; /* when follow asked last: the other task; 0: cltrace itself */
	bool entered_known; /* else nothing can be asked about what setns entered */
	struct check_answers entered;
	uint64_t pthread;      /* of a thread with FLAG_SETTLS, made by clone3 */
	bool left_known, left; /* what its C library knows of its end */
	bool fatal;	       /* another thread is about to take the signal that it has sent, and to die of it */
	bool siginfo_known;
	struct stop_siginfo siginfo; /* of its next signal */
	struct stop_action action;   /* what it does with that */
	bool stopped;		     /* waits for an order */
	bool traced;
	bool detached;
	bool gone;	/* killed: nothing can be had of it, its end is to be played */
	bool exit_stop; /* it has PTRACE_O_TRACEEXIT */
	bool ended;	/* its end was played */
	/* What is known of its end, against which what is reported of it is held; else nothing is. */
	enum script_end { SCRIPT_UNKNOWN, SCRIPT_LEFT, SCRIPT_TAKEN, SCRIPT_EXEC } end;
	int own_status;	     /* SCRIPT_LEFT: by exit(2) */
	bool reported_later; /* the task that had the tid before has ended, which is not reported yet: `end_before` */
	enum script_end end_before;
	int own_before;
	bool reported;	    /* follow has announced it, and not its end */
	bool announced;	    /* ... at any time */
	bool reborn;	    /* another had its tid before */
	bool reported_once; /* it, or one that had its tid before */
};

/* A program was launched: task 10, child of 1. What follow says of that is passed over. */
struct script *script_launched(enum event_mode mode);

struct script *script_launched_with(const struct follow_config *config);

/* Nothing yet: the test begins and attaches itself. */
struct script *script_new(const struct follow_config *config);
void script_free(struct script *s);

/* From here on S is not held to the replay law, which takes ten times as long as the rest. */
void script_without_law(struct script *s);

struct follow *script_follow(struct script *s);
uint64_t script_now(struct script *s);

struct script_task *script_task(struct script *s, pid_t tid); /* fails when there is none */
struct script_task *script_find(struct script *s, pid_t tid); /* NULL when there is none */
struct script_task *script_add(struct script *s, pid_t tid, pid_t tgid, pid_t ppid);

/* follow_attach() of a task, which is made. */
void script_attach(struct script *s, pid_t tid, pid_t tgid, pid_t ppid);

/* Of what ABI the calls are from here on; x86_64 to begin with. */
void script_abi(struct script *s, const char *name);

/* Actions of the kernel that no stop shows. */

/* TID is in CALL. FLAGS: clone's, with the exit signal (clone3: too); of other calls the argument that matters. */
void script_in_call(struct script *s, pid_t tid, enum call call, uint64_t flags);

/* The call of CREATOR has made CHILD, whose group and parent follow from the flags. */
void script_born(struct script *s, pid_t creator, pid_t child);

/* The process that orphans go to; 1 to begin with. */
void script_reaper(struct script *s, pid_t tgid);

/* From now on nothing can be had of TID (ESRCH), and orders have no effect. */
void script_gone(struct script *s, pid_t tid);

/* Stops. */

void script_stop(struct script *s, pid_t tid, int status);

/* Its call's entry: a seccomp stop or a syscall stop, by the mode; none under EVENTS. */
void script_entry(struct script *s, pid_t tid, enum call call, uint64_t flags);

/* The event stop of the creation that TID is in: CHILD, which is made unless it is there already. */
void script_created(struct script *s, pid_t tid, pid_t child);
void script_reports(struct script *s, pid_t tid,
		    pid_t child); /* the same, of a child that was made, whatever became of it */
void script_returns(struct script *s, pid_t tid, int64_t result); /* syscall-exit stop */
void script_first(struct script *s, pid_t tid);			  /* PTRACE_EVENT_STOP with SIGTRAP */
void script_signal(struct script *s, pid_t tid, int signo);
void script_group_stop(struct script *s, pid_t tid, int signo);
void script_event(struct script *s, pid_t tid, enum stop_event event, uint64_t message);
void script_exec(struct script *s, pid_t tid, pid_t former, const char *command);

/* PTRACE_EVENT_EXIT of a task that is in CALL (CALL_NONE: killed) with a wait status as message. */
void script_exit_stop(struct script *s, pid_t tid, enum call call, int status);

/* The same of one that is killed wherever it is: its registers stay. */
void script_killed_stop(struct script *s, pid_t tid, int status);

/* The end: W_EXITCODE()-like status. */
void script_death(struct script *s, pid_t tid, int status);

/* Entry, event, and the child's first stop, what is said passed over. */
void script_spawn(struct script *s, pid_t tid, enum call call, uint64_t flags, pid_t child);

void script_idle(struct script *s, unsigned times);
void script_wait(struct script *s, uint64_t ns); /* so much time passes */
/* follow_look(), NS later. */
void script_look(struct script *s, uint64_t ns);
void script_detach(struct script *s);
void script_end(struct script *s, int status);

/* What came out. */

/* Fails unless what follow said since the last time is exactly the lines given. */
#define script_says(s, ...) script_says_at((s), (const char *const[]){ __VA_ARGS__, NULL }, __FILE__, __LINE__)
#define script_says_nothing(s) script_says_at((s), (const char *const[]){ NULL }, __FILE__, __LINE__)
void script_says_at(struct script *s, const char *const *lines, const char *file, int line);
void script_passes(struct script *s); /* passes over it */

/* Keep " +exit-stop" and " -exit-stop" among the orders: who stops at its end is mostly beside the story. */
void script_report_exit_stops(struct script *s);

/* Keep "asks ids 11" and "asks pid ns 10" among the lines when STOP_IDS and STOP_PID_NS are asked for. */
void script_report_asking(struct script *s);

/* The N-th time from now that anything but ids is gathered (1: the next), the task is killed just before. */
void script_kill_at_gather(struct script *s, unsigned n);
bool script_was_killed(const struct script *s);

/* Print each line as it is said. */
void script_echo(struct script *s);

/* Lines said so far that begin with PREFIX. */
unsigned script_count(const struct script *s, const char *prefix);

#endif
