/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one value that crosses from watching tasks to everything else: a fact about one task at one moment.
 *
 * Events are facts, not words: flags and errno are numbers, and the sinks find the explanations. Strings belong to the
 * creator of the event and are valid during the call that passes it, so code that keeps an event copies it. */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/check.h"
#include "event/attempt.h"

enum event_kind {
	EVENT_BEGIN, /* the trace begins; first event of every stream */
	/* a task that existed before the trace: the launched program, or a task of a process given by -p */
	EVENT_ATTACH,
	EVENT_LOOK,    /* what a task is and has at this moment (--snapshot), after its ATTACH */
	EVENT_SPAWN,   /* a new task */
	EVENT_REFUSED, /* a creation that failed */
	/* the creator of a CLONE_VFORK task continues, because the task has exec'ed or ended (-T) */
	EVENT_VFORK_DONE,
	/* another call that cltrace follows: unshare, setns, setsid, setpgid, prctl, close_range; succeeded or
	 * failed. Also an execve or execveat that failed */
	EVENT_CALL,
	EVENT_EXEC,	  /* a new program in the task */
	EVENT_NAME,	  /* a task gives itself a name */
	EVENT_SIGNAL,	  /* a signal is delivered to the task (--signals) */
	EVENT_GROUP_STOP, /* the whole process stopped by a signal (state T) */
	EVENT_GROUP_CONT, /* ... and continues */
	/* only the thread group leader ended, and stays as a zombie while its threads live */
	EVENT_LEADER_EXIT,
	EVENT_GROUP_EXIT, /* exit_group(2) of a process with several tasks; tid is the caller */
	EVENT_EXIT,	  /* a task ended */
	EVENT_VERIFY,	  /* what the kernel said of a task and its creator (--verify) */
	EVENT_DIFFERENCE, /* ... if that contradicts the flags: one event for each contradiction */
	EVENT_REPARENT,	  /* a process has another parent now */
	EVENT_DETACH,	  /* cltrace detaches from a task that continues */
	EVENT_NOTE,	  /* something worth saying about the trace itself */
	EVENT_END,	  /* the trace ends; last event */
	EVENT_KIND_COUNT
};

_Static_assert(EVENT_KIND_COUNT <= 32, "masks have a bit 1 << enum event_kind");

/* Which optional fields of an event are known. Nothing is invented. These are the bits that several kinds have. */
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
	EVENT_HAVE_NSPIDS = 1 << 13,	 /* attach, spawn: nspids, if there are more than tid and nspid */
	EVENT_HAVE_SHARED = 14,		 /* how many there are */
};

/* From here on a bit belongs to one kind: it means something else in another kind. */
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
/* Of exit and leader-exit. */
enum exit_have {
	EVENT_HAVE_LEADER = EVENT_HAVE_OWN(0),	  /* `with_group` is known */
	EVENT_HAVE_REPLACED = EVENT_HAVE_OWN(1),  /* replaced */
	EVENT_HAVE_IGNORED = EVENT_HAVE_OWN(2),	  /* sigchld_ignored, which is true */
	EVENT_HAVE_FORBIDDEN = EVENT_HAVE_OWN(3), /* forbidden_by, nr, audit_arch, call */
};
enum verify_have {
	EVENT_HAVE_ENTERED = EVENT_HAVE_OWN(0), /* descriptor; of difference, too */
};

/* Of spawn and refused, which has only the stack: where in the program the creation comes from, and what the new task
 * runs. */
#define EVENT_HAVE_ORIGIN                                                                                        \
	(EVENT_HAVE_STACK | EVENT_HAVE_PTHREAD | EVENT_HAVE_START | EVENT_HAVE_ARGUMENT | EVENT_HAVE_NEW_STACK | \
	 EVENT_HAVE_STACK_MAPPING)

/* How a trace is made: BEGIN's. */
enum event_mode {
	EVENT_MODE_FILTER,   /* a seccomp filter shows the calls, refused ones too */
	EVENT_MODE_EVENTS,   /* only ptrace event stops: successful creations, exec, ends */
	EVENT_MODE_CALLS,    /* every system call stops (-T without the filter) */
	EVENT_MODE_SNAPSHOT, /* nothing is followed: cltrace looks once at the existing tasks */
	EVENT_MODE_COUNT
};

/* The numbers of a task, in the tracer's pid namespace first and in its own last: pid namespaces nest at most 32 deep
 * (MAX_PID_NS_LEVEL, include/linux/pid_namespace.h). */
#define EVENT_NSPIDS_MAX 33
struct nspids {
	unsigned count;
	pid_t list[EVENT_NSPIDS_MAX];
};

/* The arguments of a program, one behind the other, each with its NUL. */
struct arguments {
	const char *bytes;
	size_t length;
	bool cut; /* there were more, and the last one may lack its end */
};

/* In place of the tid of a task that has the same object. */
enum { EVENT_OBJECT_UNKNOWN = -1, EVENT_OBJECT_NONE = 0 };

/* NOTE's codes. */
enum event_note {
	NOTE_NO_FILTER,	   /* seccomp is not available: only events; number = errno */
	NOTE_UNTRACED,	   /* the request had CLONE_UNTRACED, cleared so that the child is followed; tid = creator */
	NOTE_CREATOR_LOST, /* spawn's creator was killed before its own event; tid = child */
	/* exec of a set-user-ID or set-group-ID program whose bit was ignored; number = the file's owner (or group),
	 * see `value` */
	NOTE_SET_ID,
	NOTE_SIGNAL_REPEATS, /* one signal delivered again and again to tid without effect; number = signal */
	/* the launched program has ended, and other tasks continue; number = how many tasks, value = how many of
	 * their processes are stopped */
	NOTE_OUTLIVED,
	NOTE_NO_DURATION, /* -T was asked for and is not possible */
	/* -T: how long a call that does nothing takes, measured in the same way; number = the shortest in ns, value
	 * = the longest, except for one in ten */
	NOTE_STOP_COST,
	NOTE_UNREAPED,	    /* tid, a process, is about to end or was detached, and did not wait for children that have
			       ended; number = how many */
	NOTE_CLONE3_HIDDEN, /* a filter that existed before ours answers clone3; number = its errno */
	/* tid's ptrace(2) failed because cltrace traces the target; number = the target, 0: tid */
	NOTE_PTRACE_DENIED,
	NOTE_STRICT_DENIED, /* tid's strict seccomp mode was refused because of our filter */
	/* memory of tid's process could not be read, because the process is not dumpable; number = its tgid */
	NOTE_UNREADABLE,
	NOTE_WORKERS, /* the kernel runs io_uring workers in the process tid; number = how many were there then */
	NOTE_COUNT
};

_Static_assert(NOTE_COUNT <= 32, "masks have a bit 1 << enum event_note");

struct event {
	uint64_t seq;  /* from 1, gapless */
	uint64_t when; /* ns, CLOCK_MONOTONIC; BEGIN relates it to the time of day */
	enum event_kind kind;
	unsigned have; /* enum event_have, and the kind's own: enum spawn_have ... */
	/* the task that the event is about: the creator, the caller, the task that ended; 0 for BEGIN and END */
	pid_t tid;
	/* HAVE_NS: inode numbers, 0: not known. BEGIN: the tracer's, SPAWN: the child's; else the task's after the
	 * event. */
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
			const char *release; /* HAVE_HOST: of the kernel, from uname(2) */
		} begin;
		struct {
			pid_t tgid, ppid, nspid; /* nspid: as the task itself sees its tid */
			struct nspids nspids;	 /* HAVE_NSPIDS */
			/* 0: not known. If the trace has not seen the creation: the thread whose child the task is now,
			 * which may have inherited it from a thread that has ended. */
			pid_t creator;
			/* HAVE_INFERRED: flags of its creation, inferred from what it shares; there may have been
			 * others */
			uint64_t inferred;
			unsigned nlwp;	       /* on the leader: tasks in the process; else 0 */
			bool launched;	       /* the program that cltrace started (before its exec) */
			bool zombie;	       /* a leader that has exited while its threads live: not attached */
			uid_t uid;	       /* HAVE_UID: the effective user id */
			const char *command;   /* HAVE_COMMAND: the command line, blanks between arguments */
			bool command_cut;      /* HAVE_COMMAND_CUT: it is longer, and ends in "..." */
			struct arguments argv; /* HAVE_ARGV */
		} attach;
		struct {
			const char *state; /* from /proc/TID/stat: "R", "S", "D", "Z" ... */
			const char *name;
			/* the processors on which it may run: "0-3,7"; "": not known */
			const char *cpus;
			bool kernel;  /* a kernel thread */
			bool worker;  /* io_uring's: the kernel created it in the process */
			bool refused; /* the kernel refused to answer about it */
			/* clock ticks from boot to its start: with tid its identity */
			uint64_t start;
			int nice, policy, priority;   /* sched(7); priority: real-time */
			uint64_t capabilities;	      /* effective */
			uint64_t ns[NAMESPACE_KINDS]; /* inode numbers, 0: not known */
			/* The first task of the snapshot that has the same object, by tid. An object about which the
			 * kernel was not asked is known only within the process. */
			int objects[OBJECT_COUNT];
			unsigned asked; /* bits 1 << enum check */
		} look;
		struct {
			pid_t child, child_tgid, ppid, nspid; /* ppid: the child's parent process, HAVE_PPID */
			pid_t creator_tgid;
			/* HAVE_RETURNED: what the call returned to the creator, if the creator's pid namespace is not
			 * the tracer's */
			pid_t returned;
			struct nspids nspids;		/* HAVE_NSPIDS */
			uint64_t page_tables, resident; /* bytes: the creator's, when the task was created */
			uint64_t child_page_tables;	/* the task's, before it first ran; 0: could not be read */
			uint64_t pthread;		/* HAVE_PTHREAD: pthread_self() of the new thread */
			/* HAVE_START: the function that it runs; `ip` is the function's address */
			struct frame start;
			uint64_t argument; /* HAVE_ARGUMENT: the argument of that function */
			/* HAVE_NEW_STACK: the lowest byte that may be used of the task's own stack, the number of
			 * bytes, and the bytes of the guard below */
			uint64_t new_stack, new_stack_size, new_stack_guard;
			/* HAVE_STACK_MAPPING: the memory in which the task's stack lies, perhaps with other things, the
			 * number of its bytes, and the bytes of the guard below. */
			uint64_t stack_mapping, stack_mapping_size, stack_mapping_guard;
			int pidfd;	      /* HAVE_PIDFD: the descriptor that the creator got */
			const char *pidfd_is; /* HAVE_PIDFD: what the descriptor refers to */
		} spawn;
		struct {
			pid_t child;
			uint64_t waited; /* ns from the creation until then */
		} vfork_done;
		struct {
			int error; /* the errno, positive */
		} refused;
		struct {
			int64_t result; /* >= 0, or -errno */
			/* HAVE_FILE: the file of an exec that failed, by the name that the caller gave */
			const char *file;
		} call;
		struct {
			pid_t former;	       /* the tid that called exec; differs from tid for a non-leader thread */
			const char *command;   /* HAVE_COMMAND: the new command line */
			bool command_cut;      /* HAVE_COMMAND_CUT */
			struct arguments argv; /* HAVE_ARGV */
			uid_t uid;	       /* HAVE_UID */
			/* HAVE_SCRIPT: the file of the exec, by the name that the caller gave, if the program that runs
			 * now is its interpreter. */
			const char *script;
			const char *exe;    /* HAVE_EXE: the program's file, with symbolic links followed */
			const char *loader; /* HAVE_LOADER: the dynamic linker that the file names */
			const char *cwd;    /* HAVE_CWD: the working directory */
		} exec;
		struct {
			const char *name; /* HAVE_NAME: at most 15 bytes, as the kernel keeps it */
		} name;
		struct {
			int signo;
			/* Only SIGNAL; event/signal.h says what they mean. */
			int code; /* si_code */
			/* si_pid: the sender's process, 0: none, or not in the task's pid namespace; model/senders.h
			 * finds the process */
			pid_t sender;
			/* the task's pid namespace is not the tracer's, so `sender` is not a pid of the tracer's
			 * namespace */
			bool inside;
			uint64_t value;	      /* si_value, fault address, child's status, or call's number */
			int error;	      /* SIGPIPE, SIGXFSZ: the errno of the call that caused it, or 0 */
			bool caught, ignored; /* neither: the default action */
		} signal;		      /* SIGNAL, GROUP_STOP, GROUP_CONT */
		struct {
			int status; /* as wait(2) gives it */
			/* HAVE_LEADER: its whole process ended, and `status` is the process's; false: only this task
			 * ended, and `status` is its own. */
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
			/* If tid is the creator, the new task; else tid made a call or exec'ed. 0: the tracer, or with
			 * HAVE_ENTERED no task, because tid is compared with what setns's descriptor names. */
			pid_t other;
			int descriptor;
			struct check_masks said; /* by the flags */
			struct check_answers answers;
			unsigned cause; /* DIFFERENCE, which has only one bit: enum check_cause */
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

/* The argument behind ARGUMENT, or NULL behind the last one. If ARGUMENT is NULL, the first one. */
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
