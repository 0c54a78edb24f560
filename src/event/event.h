/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one value that crosses from watching tasks to everything else: a fact about one task at one moment.
 *
 * Events are facts, not words: flags and errno are numbers, explanations are worked out by the sinks. Strings belong to
 * whoever made the event and live as long as the call that hands it over; who keeps an event copies it. */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/check.h"
#include "event/attempt.h"

enum event_kind {
	EVENT_BEGIN,	  /* the trace begins; first event of every stream */
	EVENT_ATTACH,	  /* a task that was there before us: the launched program, or one of a process given by -p */
	EVENT_LOOK,	  /* what a task is and has at this moment (--snapshot); its ATTACH came before */
	EVENT_SPAWN,	  /* a new task */
	EVENT_REFUSED,	  /* a creation that failed */
	EVENT_VFORK_DONE, /* the creator of a CLONE_VFORK task continues, as the task has exec'ed or ended (-T) */
	EVENT_CALL,	  /* another call that we follow: unshare, setns, setsid, setpgid, prctl, close_range; succeeded
				or failed. An execve or execveat that failed */
	EVENT_EXEC,	  /* a new program in the task */
	EVENT_NAME,	  /* a task gives itself a name */
	EVENT_SIGNAL,	  /* a signal is delivered to the task (--signals) */
	EVENT_GROUP_STOP, /* the whole process stopped by a signal (state T) */
	EVENT_GROUP_CONT, /* ... and goes on */
	EVENT_LEADER_EXIT, /* a thread group leader ended alone and stays as a zombie while its threads live */
	EVENT_GROUP_EXIT,  /* exit_group(2) of a process with several tasks; tid is the caller */
	EVENT_EXIT,	   /* a task ended */
	EVENT_VERIFY,	   /* what the kernel said of a task and its creator (--verify) */
	EVENT_DIFFERENCE,  /* ... where that is not what the flags say: one for each */
	EVENT_REPARENT,	   /* a process has another parent now */
	EVENT_DETACH,	   /* cltrace detaches from a task that continues */
	EVENT_NOTE,	   /* something worth saying about the trace itself */
	EVENT_END,	   /* the trace ends; last event */
	EVENT_KIND_COUNT
};

_Static_assert(EVENT_KIND_COUNT <= 32, "masks have a bit 1 << enum event_kind");

/* Which optional fields of an event are known. What is not known is not invented. These are the bits that several kinds
 * have. */
enum event_have {
	EVENT_HAVE_NS = 1 << 0,		 /* begin, attach, spawn, call, exec: ns */
	EVENT_HAVE_REQUEST = 1 << 1,	 /* spawn: the request, so flags and arguments */
	EVENT_HAVE_DURATION = 1 << 2,	 /* spawn, refused, call: ns from entry to return of the call */
	EVENT_HAVE_FACTS = 1 << 3,	 /* refused, call: facts */
	EVENT_HAVE_STACK = 1 << 4,	 /* spawn, refused: the creator's stack */
	EVENT_HAVE_REFERS = 1 << 5,	 /* spawn, refused, call: refers (-y) */
	EVENT_HAVE_COMMAND = 1 << 6,	 /* attach, exec */
	EVENT_HAVE_COMMAND_CUT = 1 << 7, /* attach, exec: command_cut, which is true */
	EVENT_HAVE_ARGV = 1 << 8,	 /* attach, exec: argv */
	EVENT_HAVE_ARGV_CUT = 1 << 9,	 /* attach, exec: argv.cut, which is true */
	EVENT_HAVE_UID = 1 << 10,	 /* attach, exec: uid */
	EVENT_HAVE_PPID = 1 << 11,	 /* attach, spawn: ppid, from the kernel or the flags */
	EVENT_HAVE_NSPID = 1 << 12,	 /* attach, spawn: nspid is known and differs from the tracer's view */
	EVENT_HAVE_NSPIDS = 1 << 13,	 /* attach, spawn: nspids, where there are more than tid and nspid */
	EVENT_HAVE_SHARED = 14,		 /* how many there are */
};

/* From here on a bit belongs to one kind: the same bit means something else in another. */
#define EVENT_HAVE_OWN(n) (1 / (EVENT_HAVE_SHARED + (n) < 31) << (EVENT_HAVE_SHARED + (n))) /* or does not compile */
_Static_assert(EVENT_HAVE_NSPIDS == 1 << (EVENT_HAVE_SHARED - 1), "the last bit that kinds share");

enum begin_have {
	EVENT_HAVE_HOST = EVENT_HAVE_OWN(0), /* version and release */
};
enum attach_have {
	EVENT_HAVE_INFERRED = EVENT_HAVE_OWN(0), /* inferred */
};
enum look_have {
	EVENT_HAVE_LOOK = EVENT_HAVE_OWN(0), /* its strings; always */
};
enum spawn_have {
	EVENT_HAVE_CREATOR = EVENT_HAVE_OWN(0),	      /* tid is the creator; without it only creator_tgid is */
	EVENT_HAVE_RETURNED = EVENT_HAVE_OWN(1),      /* returned */
	EVENT_HAVE_MEMORY = EVENT_HAVE_OWN(2),	      /* page_tables, resident, child_page_tables */
	EVENT_HAVE_PTHREAD = EVENT_HAVE_OWN(3),	      /* pthread */
	EVENT_HAVE_START = EVENT_HAVE_OWN(4),	      /* start */
	EVENT_HAVE_ARGUMENT = EVENT_HAVE_OWN(5),      /* argument */
	EVENT_HAVE_NEW_STACK = EVENT_HAVE_OWN(6),     /* new_stack, its size and its guard */
	EVENT_HAVE_STACK_MAPPING = EVENT_HAVE_OWN(7), /* stack_mapping, its size and guard */
	EVENT_HAVE_PIDFD = EVENT_HAVE_OWN(8),	      /* pidfd, pidfd_is (-y) */
};
enum call_have {
	EVENT_HAVE_FILE = EVENT_HAVE_OWN(0), /* file */
};
enum exec_have {
	EVENT_HAVE_SCRIPT = EVENT_HAVE_OWN(0), /* script */
	EVENT_HAVE_EXE = EVENT_HAVE_OWN(1),    /* exe */
	EVENT_HAVE_LOADER = EVENT_HAVE_OWN(2), /* loader */
	EVENT_HAVE_CWD = EVENT_HAVE_OWN(3),    /* cwd */
};
enum name_have {
	EVENT_HAVE_NAME = EVENT_HAVE_OWN(0), /* name; always */
};
enum signal_have {
	EVENT_HAVE_SIGINFO = EVENT_HAVE_OWN(0), /* code to error */
	EVENT_HAVE_ACTION = EVENT_HAVE_OWN(1),	/* caught, ignored */
};
/* Of leader-exit, too. */
enum exit_have {
	EVENT_HAVE_LEADER = EVENT_HAVE_OWN(0),	  /* `with_group` is known */
	EVENT_HAVE_REPLACED = EVENT_HAVE_OWN(1),  /* replaced */
	EVENT_HAVE_IGNORED = EVENT_HAVE_OWN(2),	  /* sigchld_ignored, which is true */
	EVENT_HAVE_FORBIDDEN = EVENT_HAVE_OWN(3), /* forbidden_by, nr, audit_arch, call */
};
enum verify_have {
	EVENT_HAVE_ENTERED = EVENT_HAVE_OWN(0), /* descriptor; of difference, too */
};

/* Of spawn; and refused, which has only the stack: where in the program it comes from, and what runs then. */
#define EVENT_HAVE_ORIGIN                                                                                        \
	(EVENT_HAVE_STACK | EVENT_HAVE_PTHREAD | EVENT_HAVE_START | EVENT_HAVE_ARGUMENT | EVENT_HAVE_NEW_STACK | \
	 EVENT_HAVE_STACK_MAPPING)

/* How a trace is made: BEGIN's. */
enum event_mode {
	EVENT_MODE_FILTER,   /* a seccomp filter shows the calls, refused ones too */
	EVENT_MODE_EVENTS,   /* ptrace event stops alone: successful creations, exec, ends */
	EVENT_MODE_CALLS,    /* every system call stops (-T without the filter) */
	EVENT_MODE_SNAPSHOT, /* not followed: what is there is looked at once */
	EVENT_MODE_COUNT
};

/* The numbers of a task, in the tracer's pid namespace first and in its own last: they nest 32 deep at most
 * (MAX_PID_NS_LEVEL, include/linux/pid_namespace.h). */
#define EVENT_NSPIDS_MAX 33
struct nspids {
	unsigned count;
	pid_t list[EVENT_NSPIDS_MAX];
};

/* The arguments of a program: each with its NUL, one behind the other. */
struct arguments {
	const char *bytes;
	size_t length;
	bool cut; /* there were more, and the last one may lack its end */
};

/* Instead of the tid of who has the same object. */
enum { EVENT_OBJECT_UNKNOWN = -1, EVENT_OBJECT_NONE = 0 };

/* NOTE's codes. */
enum event_note {
	NOTE_NO_FILTER,	     /* seccomp is not available: events alone; number = errno */
	NOTE_UNTRACED,	     /* the request had CLONE_UNTRACED, cleared so that the child is followed; tid = creator */
	NOTE_CREATOR_LOST,   /* spawn's creator was killed before its own event; tid = child */
	NOTE_SET_ID,	     /* exec of a set-user-ID or set-group-ID program that ran without; number = the file's
				owner (or group), see `value` */
	NOTE_SIGNAL_REPEATS, /* one signal delivered again and again to tid without effect; number = signal */
	NOTE_OUTLIVED,	     /* the launched program has ended, others live on; number = how many tasks,
				value = how many of their processes are stopped */
	NOTE_NO_DURATION,    /* -T asked for and not to be had */
	NOTE_STOP_COST,	     /* -T: how long a call that does nothing takes, measured in the same way; number = ns at
				the least, value = at the most, but for one in ten */
	NOTE_UNREAPED,	     /* tid, a process, is about to end or was detached, and did not wait for children that have
				ended; number = how many */
	NOTE_CLONE3_HIDDEN,  /* a filter that was there before ours answers clone3; number = with which errno */
	NOTE_PTRACE_DENIED,  /* tid's ptrace(2) failed because we trace who was to be traced; number = that one, 0: tid
			      */
	NOTE_STRICT_DENIED,  /* tid's strict seccomp mode was refused because of our filter */
	NOTE_UNREADABLE,     /* memory of tid's process could not be read, which is not dumpable; number = its tgid */
	NOTE_WORKERS, /* the kernel runs io_uring workers in the process tid; number = how many were there then */
	NOTE_COUNT
};

_Static_assert(NOTE_COUNT <= 32, "masks have a bit 1 << enum event_note");

struct event {
	uint64_t seq;  /* from 1, gapless */
	uint64_t when; /* ns, CLOCK_MONOTONIC; BEGIN relates it to the time of day */
	enum event_kind kind;
	unsigned have; /* enum event_have, and the kind's own: enum spawn_have ... */
	pid_t tid;     /* the task it is about: the creator, the caller, the one that ended; 0 for BEGIN and END */
	/* HAVE_NS: inode numbers, 0: not known. BEGIN: the tracer's, SPAWN: the child's; else of the task after that.
	 */
	uint64_t ns[NAMESPACE_COUNT];
	struct attempt attempt; /* SPAWN, REFUSED, CALL */
	union {
		struct {
			uint64_t realtime; /* ns since the epoch at `when` */
			enum event_mode mode;
			bool launched;	     /* launched a program (else attached) */
			uint32_t audit_arch; /* the tracer's own */
			unsigned format;     /* of the recording that it was read from; 0: none */
			const char *version; /* HAVE_HOST: of the cltrace that traced */
			const char *release; /* HAVE_HOST: of the kernel, as uname(2) has it */
		} begin;
		struct {
			pid_t tgid, ppid, nspid; /* nspid: as the task itself sees its tid */
			struct nspids nspids;	 /* HAVE_NSPIDS */
			/* 0: not known. Where this is not a trace's own knowledge: the thread whose child it is now,
			 * which may have it from one that has ended. */
			pid_t creator;
			uint64_t inferred; /* HAVE_INFERRED: flags that made it, by what it shares; others may have, too
					    */
			unsigned nlwp;	   /* on the leader: tasks in the process; else 0 */
			bool launched;	   /* the program that we started (before its exec) */
			bool zombie;	   /* a leader that has exited while its threads live: not attached */
			uid_t uid;	   /* HAVE_UID: the effective user id */
			const char *command;   /* HAVE_COMMAND: the command line, blanks between arguments */
			bool command_cut;      /* HAVE_COMMAND_CUT: it had more, in place of which there is "..." */
			struct arguments argv; /* HAVE_ARGV */
		} attach;
		struct {
			const char *state; /* as /proc/TID/stat has it: "R", "S", "D", "Z" ... */
			const char *name;
			const char *cpus;	      /* on which it may run: "0-3,7"; "": not known */
			bool kernel;		      /* a kernel thread */
			bool worker;		      /* io_uring's: made by the kernel, in the process */
			bool refused;		      /* may not be asked */
			uint64_t start;		      /* clock ticks from boot to its begin: with tid its identity */
			int nice, policy, priority;   /* sched(7); priority: real-time */
			uint64_t capabilities;	      /* effective */
			uint64_t ns[NAMESPACE_KINDS]; /* inode numbers, 0: not known */
			/* The first task of the snapshot, by tid, that has the same one. What the kernel was not asked
			 * about is known within the process alone. */
			int objects[OBJECT_COUNT];
			unsigned asked; /* bits 1 << enum check */
		} look;
		struct {
			pid_t child, child_tgid, ppid, nspid; /* ppid: the child's parent process, HAVE_PPID */
			pid_t creator_tgid;
			/* HAVE_RETURNED: what the call returned to the creator, whose pid namespace is not the tracer's
			 */
			pid_t returned;
			struct nspids nspids;		/* HAVE_NSPIDS */
			uint64_t page_tables, resident; /* bytes: the creator's, when the task was made */
			uint64_t child_page_tables;	/* the task's, before it first ran; 0: could not be read */
			uint64_t pthread;		/* HAVE_PTHREAD: pthread_self() of the new thread */
			struct frame start;		/* HAVE_START: the function that it runs, `ip` is its address */
			uint64_t argument;		/* HAVE_ARGUMENT: what that is called with */
			/* HAVE_NEW_STACK: the lowest byte of the task's own that may be used, how many, and how many
			 * below are a guard */
			uint64_t new_stack, new_stack_size, new_stack_guard;
			/* HAVE_STACK_MAPPING: the memory that the task's stack lies in, perhaps among other
			 * things, its bytes, and how many below it are a guard. */
			uint64_t stack_mapping, stack_mapping_size, stack_mapping_guard;
			int pidfd;	      /* HAVE_PIDFD: the descriptor that the creator got */
			const char *pidfd_is; /* HAVE_PIDFD: what that refers to */
		} spawn;
		struct {
			pid_t child;
			uint64_t waited; /* ns from the creation until then */
		} vfork_done;
		struct {
			int error; /* the errno, positive */
		} refused;
		struct {
			int64_t result;	  /* >= 0, or -errno */
			const char *file; /* HAVE_FILE: of an exec that failed: the file, as it was named */
		} call;
		struct {
			pid_t former;	       /* the tid that called exec; differs from tid for a non-leader thread */
			const char *command;   /* HAVE_COMMAND: the new command line */
			bool command_cut;      /* HAVE_COMMAND_CUT */
			struct arguments argv; /* HAVE_ARGV */
			uid_t uid;	       /* HAVE_UID */
			/* HAVE_SCRIPT: the file that was asked for, as it was named, where the program that runs now
			 * is its interpreter. */
			const char *script;
			const char *exe;    /* HAVE_EXE: the program's file, without links */
			const char *loader; /* HAVE_LOADER: the dynamic linker that the file names */
			const char *cwd;    /* HAVE_CWD: the working directory */
		} exec;
		struct {
			const char *name; /* HAVE_NAME: at most 15 bytes, as the kernel keeps it */
		} name;
		struct {
			int signo;
			/* SIGNAL alone; event/signal.h has what they mean. */
			int code;	/* si_code */
			pid_t sender;	/* si_pid: the sender's process, 0: none or not in its pid namespace;
					   whose number that is: model/senders.h */
			bool inside;	/* the task's pid namespace is not ours, so that `sender` is none of ours */
			uint64_t value; /* si_value, fault address, child's status, or call's number */
			int error;	/* SIGPIPE, SIGXFSZ: the errno of the call that it came with, or 0 */
			bool caught, ignored; /* neither: the default action */
		} signal;		      /* SIGNAL, GROUP_STOP, GROUP_CONT */
		struct {
			int status; /* as wait(2) gives it */
			/* HAVE_LEADER: its whole process ended, and `status` is the process's; false: it alone did, and
			 * `status` is its own. */
			bool with_group;
			bool replaced;	      /* HAVE_REPLACED: an exec by another thread of its process ended it */
			bool sigchld_ignored; /* HAVE_IGNORED: by the parent of its process, which ends */
			unsigned tasks;	      /* GROUP_EXIT: how many it ends, the caller included */
			/* HAVE_FORBIDDEN: the system call for which SIGSYS killed it */
			int forbidden_by;    /* enum signal_sys: what forbade the call */
			uint64_t nr;	     /* the call's number */
			uint32_t audit_arch; /* ... in this ABI, AUDIT_ARCH_... */
			const char *call;    /* its name; "": not known */
		} exit;			     /* EXIT, LEADER_EXIT, GROUP_EXIT */
		struct {
			pid_t from, to; /* tgids; tid is the process's tgid */
		} reparent;
		struct {
			/* tid is the creator and this the new task; else tid made a call or exec'ed. 0: the tracer, or
			 * with HAVE_ENTERED nobody: what setns's descriptor names is compared. */
			pid_t other;
			int descriptor;
			struct check_masks said; /* by the flags */
			struct check_answers answers;
			unsigned cause; /* DIFFERENCE, which has one bit in all: enum check_cause */
		} verify;
		struct {
			enum event_note code;
			int64_t number;
			int64_t value;
		} note;
		struct {
			int status; /* launched program's wait status; 0 when attached; -1 when it was detached */
		} end;
	};
};

/* The argument behind ARGUMENT, NULL behind the last one; with NULL the first one. */
const char *arguments_next(const struct arguments *arguments, const char *argument);

/* "begin", "attach", "spawn", ...: for recordings and diagnostics. */
const char *event_kind_name(enum event_kind kind);
/* "filter", "events", ...; NULL behind the last. */
const char *event_mode_name(unsigned mode);
const char *event_note_name(enum event_note note);

/* Whether EVENT points to anything: strings, arguments, facts or a stack. */
bool event_points(const struct event *event);

/* A copy on the heap with its strings; free with event_free(). */
struct event *event_copy(const struct event *event);
void event_free(struct event *event);

#endif
