/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of kinds and fields. */
#include "event/schema.h"

#include <string.h>

#include "base/array.h"

#define ALL (~0u)
#define EVENT(kind) (1u << EVENT_##kind)
#define CREATIONS (1u << CALL_CLONE | 1u << CALL_CLONE3 | 1u << CALL_FORK | 1u << CALL_VFORK)
#define KEY(key) key, ",\"" key "\":", sizeof(",\"" key "\":") - 1
#define AT(member) offsetof(struct event, member)
#define ROWS(rows)                             \
	{                                      \
		rows, ARRAY_LENGTH(rows), NULL \
	}
/* A kind without fields of its own: an address all the same, because code adds to it. */
#define NO_ROWS                      \
	{                            \
		common_rows, 0, NULL \
	}

/* The order is that of the keys in a line: first those of every line, then those of its kind. */
static const struct field common_rows[] = {
	{ KEY("seq"), ALL, 0, FIELD_COUNT, AT(seq), "Number of the line, from 1, without gaps." },
	{ KEY("when"), ALL, 0, FIELD_COUNT, AT(when), "Nanoseconds on the clock that begin names." },
	{ KEY("kind"), ALL, 0, FIELD_KIND, AT(kind), "The kind of event." },
	{ KEY("tid"), ALL, 0, FIELD_PID, AT(tid), "The task that it is about; 0 for begin and end." },
};

static const struct field begin_rows[] = {
	{ KEY("format"), ALL, 0, FIELD_FORMAT, AT(begin.format), "The number of this format: 1." },
	{ KEY("cltrace"), ALL, EVENT_HAVE_HOST, FIELD_STRING, AT(begin.version),
	  "The version of the cltrace that traced. Comes together with release." },
	{ KEY("release"), ALL, EVENT_HAVE_HOST, FIELD_STRING, AT(begin.release),
	  "The release of the kernel, as uname(2) has it." },
	{ KEY("clock"), ALL, 0, FIELD_CLOCK, 0, "The clock of every \"when\": CLOCK_MONOTONIC." },
	{ KEY("realtime"), ALL, 0, FIELD_COUNT, AT(begin.realtime),
	  "The time of day at \"when\", in nanoseconds since the epoch." },
	{ KEY("mode"), ALL, 0, FIELD_MODE, AT(begin.mode),
	  "How tasks are followed: by a seccomp filter, which shows refused calls too; by event stops "
	  "alone; by stopping at every system call; or not at all, because this is a snapshot." },
	{ KEY("launched"), ALL, 0, FIELD_BOOL, AT(begin.launched),
	  "A program was launched; else cltrace attached to what was there." },
	{ KEY("audit_arch"), ALL, 0, FIELD_UINT, AT(begin.audit_arch),
	  "The tracer's own architecture, AUDIT_ARCH_* of <linux/audit.h>." },
	{ KEY("arch"), ALL, 0, FIELD_ARCH, 0, "Its name." },
	{ KEY("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "The namespaces that the tracer is in: see `NAMESPACES`." },
};

static const struct field attach_rows[] = {
	{ KEY("tgid"), ALL, 0, FIELD_PID, AT(attach.tgid), "Its process." },
	{ KEY("ppid"), ALL, EVENT_HAVE_PPID, FIELD_PID, AT(attach.ppid), "The parent process, where known." },
	{ KEY("nspid"), ALL, EVENT_HAVE_NSPID, FIELD_PID, AT(attach.nspid),
	  "Its own number in its pid namespace, where that is another one." },
	{ KEY("nspids"), ALL, EVENT_HAVE_NSPIDS, FIELD_NSPIDS, AT(attach.nspids),
	  "All its numbers, from the tracer's pid namespace to its own, where they are more than these two." },
	{ KEY("creator"), ALL, 0, FIELD_PID, AT(attach.creator),
	  "The task that made it, or has it as its child from one that did; 0: not known." },
	{ KEY("inferred"), ALL, EVENT_HAVE_INFERRED, FIELD_BITS, AT(attach.inferred),
	  "Flags that made it, inferred from what it shares; others may have, too." },
	{ KEY("inferred_names"), ALL, EVENT_HAVE_INFERRED, FIELD_INFERRED_NAMES, 0, "Their names." },
	{ KEY("nlwp"), ALL, 0, FIELD_UINT, AT(attach.nlwp), "Of a leader: how many tasks its process has; else 0." },
	{ KEY("launched"), ALL, 0, FIELD_BOOL, AT(attach.launched), "The launched program, before its exec." },
	{ KEY("zombie"), ALL, 0, FIELD_BOOL, AT(attach.zombie), "A leader that has exited while its threads live." },
	{ KEY("uid"), ALL, EVENT_HAVE_UID, FIELD_UINT, AT(attach.uid), "The effective user, where known." },
	{ KEY("command"), ALL, EVENT_HAVE_COMMAND, FIELD_BYTES, AT(attach.command),
	  "The command line, a blank between arguments, where known; of more than 4096 bytes the first "
	  "ones, and `...`." },
	{ KEY("command_cut"), ALL, EVENT_HAVE_COMMAND_CUT, FIELD_BOOL, AT(attach.command_cut),
	  "true: the command line was longer, so that the `...` at its end is no part of it." },
	{ KEY("argv"), ALL, EVENT_HAVE_ARGV, FIELD_ARGV, AT(attach.argv),
	  "Of a process that cltrace attached to: its arguments, each by itself, as far as the process has "
	  "not overwritten them." },
	{ KEY("argv_cut"), ALL, EVENT_HAVE_ARGV_CUT, FIELD_BOOL, AT(attach.argv.cut),
	  "true: the arguments have more bytes than the 131072 that argv keeps, so its last one may lack its end." },
	{ KEY("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "The namespaces that it is in; not of the launched program, which has the tracer's." },
};

static const struct field look_rows[] = {
	{ KEY("state"), ALL, EVENT_HAVE_LOOK, FIELD_STRING, AT(look.state),
	  "As /proc/TID/stat has it: R, S, D, T, Z and so on." },
	{ KEY("name"), ALL, EVENT_HAVE_LOOK, FIELD_STRING, AT(look.name),
	  "The task's own name, at most 15 bytes of a program's." },
	{ KEY("cpus"), ALL, EVENT_HAVE_LOOK, FIELD_STRING, AT(look.cpus),
	  "The CPUs on which it may run: \"0-3,7\"; empty: not known." },
	{ KEY("kernel"), ALL, EVENT_HAVE_LOOK, FIELD_BOOL, AT(look.kernel), "A kernel thread." },
	{ KEY("worker"), ALL, EVENT_HAVE_LOOK, FIELD_BOOL, AT(look.worker),
	  "io_uring's: made by the kernel, in the process." },
	{ KEY("refused"), ALL, EVENT_HAVE_LOOK, FIELD_BOOL, AT(look.refused), "What it shares may not be asked." },
	{ KEY("start"), ALL, EVENT_HAVE_LOOK, FIELD_COUNT, AT(look.start),
	  "Clock ticks from boot to its begin: with tid its identity." },
	{ KEY("nice"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.nice), "Its nice value: each task has its own." },
	{ KEY("policy"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.policy),
	  "Its scheduling policy, SCHED_* of <linux/sched.h>." },
	{ KEY("priority"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.priority), "Its real-time priority; 0: none." },
	{ KEY("capabilities"), ALL, EVENT_HAVE_LOOK, FIELD_BITS, AT(look.capabilities), "Its effective capabilities." },
#define LOOK_NS(NAME, KEY_OF_FILE, WORDS, ...) \
	{ KEY(KEY_OF_FILE "_ns"),              \
	  ALL,                                 \
	  EVENT_HAVE_LOOK,                     \
	  FIELD_COUNT,                         \
	  AT(look.ns[NAMESPACE_##NAME]),       \
	  "The inode of its " WORDS " namespace; 0: not known." },
	NAMESPACES(LOOK_NS)
#undef LOOK_NS
		{ KEY("memory"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.objects[0]),
		  "The first task of the snapshot that has the same memory, itself perhaps; 0: it has none; "
		  "-1: not known." },
	{ KEY("files"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.objects[1]),
	  "The first task of the snapshot that has the same descriptor table, itself perhaps; 0: it has "
	  "none; -1: not known." },
	{ KEY("fs"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.objects[2]),
	  "The first task of the snapshot that has the same root, cwd and umask, itself perhaps; 0: it has "
	  "none; -1: not known." },
	{ KEY("sighand"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.objects[3]),
	  "The first task of the snapshot that has the same signal handlers, itself perhaps; 0: it has "
	  "none; -1: not known." },
	{ KEY("sysvsem"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.objects[4]),
	  "The first task of the snapshot that has the same list of semaphore undos, itself perhaps; 0: it "
	  "has none; -1: not known." },
	{ KEY("io"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.objects[5]),
	  "The first task of the snapshot that has the same I/O context, itself perhaps; 0: it has none; "
	  "-1: not known." },
	{ KEY("asked"), ALL, EVENT_HAVE_LOOK, FIELD_UINT, AT(look.asked),
	  "Of these six, from the lowest bit, those that the kernel was asked about. What it was not asked "
	  "about is known within the process alone: two processes are not known to differ." },
};

static const struct field spawn_rows[] = {
	/* The creator is the event's own tid: the key says that it is known. */
	{ KEY("creator"), ALL, EVENT_HAVE_CREATOR, FIELD_PID, AT(tid),
	  "The same as tid: there where the creator is known." },
	{ KEY("creator_tgid"), ALL, 0, FIELD_PID, AT(spawn.creator_tgid), "The creator's process; 0: not known." },
	{ KEY("child"), ALL, 0, FIELD_PID, AT(spawn.child), "The new task." },
	{ KEY("child_tgid"), ALL, 0, FIELD_PID, AT(spawn.child_tgid), "Its process; 0: not known." },
	{ KEY("ppid"), ALL, EVENT_HAVE_PPID, FIELD_PID, AT(spawn.ppid), "Its process's parent, where known." },
	{ KEY("nspid"), ALL, EVENT_HAVE_NSPID, FIELD_PID, AT(spawn.nspid),
	  "Its own number in its pid namespace, where that is another one." },
	{ KEY("nspids"), ALL, EVENT_HAVE_NSPIDS, FIELD_NSPIDS, AT(spawn.nspids),
	  "All its numbers, from the tracer's pid namespace to its own, where they are more than these two." },
	{ KEY("returned"), ALL, EVENT_HAVE_RETURNED, FIELD_PID, AT(spawn.returned),
	  "What the call returned: the new task's number in its creator's pid namespace, where that is not "
	  "the tracer's." },
	{ KEY("request"), ALL, EVENT_HAVE_REQUEST, FIELD_REQUEST, AT(attempt.request), "The call, where it was seen." },
	{ KEY("verdict"), ALL, 0, FIELD_VERDICT, 0,
	  "What it is: a thread of its creator's process; a process with copied memory; one that shares "
	  "memory until exec; one that shares it for good; one in at least one new namespace. By the flags, "
	  "or, where these are not known, by the process it is in." },
	{ KEY("reasons"), ALL, EVENT_HAVE_REQUEST, FIELD_REASONS, 0, "The flags that decided, where they are known." },
	{ KEY("looks_like"), ALL, EVENT_HAVE_REQUEST, FIELD_LOOKS_LIKE, 0,
	  "The library call that makes exactly this request. A guess." },
	{ KEY("duration"), ALL, EVENT_HAVE_DURATION, FIELD_COUNT, AT(attempt.duration),
	  "Nanoseconds in the call until the task was there: with -T." },
	{ KEY("page_tables"), ALL, EVENT_HAVE_MEMORY, FIELD_COUNT, AT(spawn.page_tables),
	  "Bytes of page tables that the creator had then: with -T and -v. Comes together with resident and "
	  "child_page_tables." },
	{ KEY("resident"), ALL, EVENT_HAVE_MEMORY, FIELD_COUNT, AT(spawn.resident),
	  "Bytes of memory that it had in use." },
	{ KEY("child_page_tables"), ALL, EVENT_HAVE_MEMORY, FIELD_COUNT, AT(spawn.child_page_tables),
	  "Bytes of page tables of the new task, before it ran: the creator's own where the memory is "
	  "shared; 0: not known." },
	{ KEY("stack"), ALL, EVENT_HAVE_STACK, FIELD_STACK, AT(attempt.stack),
	  "The creator's call stack, where it was looked at: of launched programs up to the origin, unless "
	  "--no-origin was given; with -k or --origin. Comes together with stack_end." },
	{ KEY("stack_end"), ALL, EVENT_HAVE_STACK, FIELD_STACK_END, AT(attempt.stack.end),
	  "Why it has no more frames: it is whole; as many as were asked for; up to the program's own; what "
	  "is above cannot be found; registers or memory could not be read; 32-bit code." },
	{ KEY("by"), ALL, EVENT_HAVE_STACK, FIELD_BY, AT(attempt.stack),
	  "The library call that was seen on the stack." },
	{ KEY("origin"), ALL, EVENT_HAVE_STACK, FIELD_ORIGIN, AT(attempt.stack),
	  "The index of the nearest frame of the program's own, neither the C library's nor a runtime's." },
	{ KEY("pthread"), ALL, EVENT_HAVE_PTHREAD, FIELD_BITS, AT(spawn.pthread),
	  "pthread_self() of the new thread, where pthread_create was seen on the stack." },
	{ KEY("start"), ALL, EVENT_HAVE_START, FIELD_FRAME, AT(spawn.start),
	  "The function that it runs, with its own address, as a frame: of a thread that glibc or musl "
	  "makes, and of glibc's clone()." },
	{ KEY("argument"), ALL, EVENT_HAVE_ARGUMENT, FIELD_BITS, AT(spawn.argument),
	  "What that is called with: threads of glibc and musl, glibc's clone()." },
	{ KEY("new_stack"), ALL, EVENT_HAVE_NEW_STACK, FIELD_BITS, AT(spawn.new_stack),
	  "Under `-k`, of a clone3 that names a stack: the lowest byte of it that may be used." },
	{ KEY("new_stack_size"), ALL, EVENT_HAVE_NEW_STACK, FIELD_COUNT, AT(spawn.new_stack_size),
	  "How many bytes of it may be used: what was asked for, less the guard." },
	{ KEY("new_stack_guard"), ALL, EVENT_HAVE_NEW_STACK, FIELD_COUNT, AT(spawn.new_stack_guard),
	  "How many bytes below it may be neither read nor written, as `/proc/PID/maps` says, or "
	  "`/proc/PID/pagemap` of a guard made by madvise(MADV_GUARD_INSTALL). All three are missing if the "
	  "kernel does not show them (Linux 6.13 and 6.14 make such guards and do not show them)." },
	{ KEY("stack_mapping"), ALL, EVENT_HAVE_STACK_MAPPING, FIELD_BITS, AT(spawn.stack_mapping),
	  "Under `-k`, of a clone that names a stack, which has no size: the lowest byte of the memory "
	  "that the stack lies in, as `/proc/PID/maps` has it. Other things may be there, too." },
	{ KEY("stack_mapping_size"), ALL, EVENT_HAVE_STACK_MAPPING, FIELD_COUNT, AT(spawn.stack_mapping_size),
	  "The bytes of that." },
	{ KEY("stack_mapping_guard"), ALL, EVENT_HAVE_STACK_MAPPING, FIELD_COUNT, AT(spawn.stack_mapping_guard),
	  "How many bytes right below it may be neither read nor written, known in the same way." },
	{ KEY("pidfd"), ALL, EVENT_HAVE_PIDFD, FIELD_INT, AT(spawn.pidfd),
	  "With -y: the descriptor that the creator got for CLONE_PIDFD." },
	{ KEY("pidfd_is"), ALL, EVENT_HAVE_PIDFD, FIELD_BYTES, AT(spawn.pidfd_is),
	  "With -y: what that refers to, as \"pid:4711\"." },
	{ KEY("refers"), ALL, EVENT_HAVE_REFERS, FIELD_BYTES, AT(attempt.refers),
	  "With -y: what the descriptor in cgroup refers to, a path." },
	{ KEY("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "The namespaces that the new task is in, where the call made some, or they are not its creator's "
	  "or not known otherwise." },
};

static const struct field refused_rows[] = {
	{ KEY("request"), ALL, 0, FIELD_REQUEST, AT(attempt.request), "The call." },
	{ KEY("error"), ALL, 0, FIELD_INT, AT(refused.error), "The errno." },
	{ KEY("error_name"), ALL, 0, FIELD_ERROR_NAME, 0, "Its name." },
	{ KEY("duration"), ALL, EVENT_HAVE_DURATION, FIELD_COUNT, AT(attempt.duration),
	  "Nanoseconds in the call: with -T." },
	{ KEY("rule"), ALL, 0, FIELD_RULE, 0,
	  "The name of the rule that the call violated, or of the limit that was reached, "
	  "if that is known: see `RULES`." },
	{ KEY("why"), ALL, 0, FIELD_WHY, 0,
	  "The rule that was broken or the limit that was reached, if that is known." },
	{ KEY("facts"), ALL, EVENT_HAVE_FACTS, FIELD_FACTS, AT(attempt.facts),
	  "What was looked at to say why, at the moment of the refusal: see `FACTS`." },
	{ KEY("stack"), ALL, EVENT_HAVE_STACK, FIELD_STACK, AT(attempt.stack),
	  "The creator's call stack, where it was looked at: of launched programs up to the origin, unless "
	  "--no-origin was given; with -k or --origin. Comes together with stack_end." },
	{ KEY("stack_end"), ALL, EVENT_HAVE_STACK, FIELD_STACK_END, AT(attempt.stack.end),
	  "Why it has no more frames: it is whole; as many as were asked for; up to the program's own; what "
	  "is above cannot be found; registers or memory could not be read; 32-bit code." },
	{ KEY("by"), ALL, EVENT_HAVE_STACK, FIELD_BY, AT(attempt.stack),
	  "The library call that was seen on the stack." },
	{ KEY("origin"), ALL, EVENT_HAVE_STACK, FIELD_ORIGIN, AT(attempt.stack),
	  "The index of the nearest frame of the program's own, neither the C library's nor a runtime's." },
	{ KEY("refers"), ALL, EVENT_HAVE_REFERS, FIELD_BYTES, AT(attempt.refers),
	  "With -y: what the descriptor in cgroup refers to." },
};

static const struct field vfork_done_rows[] = {
	{ KEY("child"), ALL, 0, FIELD_PID, AT(vfork_done.child), "The task that it waited for." },
	{ KEY("waited"), ALL, 0, FIELD_COUNT, AT(vfork_done.waited),
	  "Nanoseconds from the creation, at which the duration of spawn ends, until now." },
};

static const struct field call_rows[] = {
	{ KEY("request"), ALL, 0, FIELD_REQUEST, AT(attempt.request), "The call." },
	{ KEY("result"), ALL, 0, FIELD_SIGNED, AT(call.result), "What it returned, or the negative errno." },
	{ KEY("error_name"), ALL, 0, FIELD_ERROR_NAME, 0, "The name of that errno." },
	{ KEY("duration"), ALL, EVENT_HAVE_DURATION, FIELD_COUNT, AT(attempt.duration),
	  "Nanoseconds in the call: with -T." },
	{ KEY("rule"), ALL, 0, FIELD_RULE, 0, "Of one that failed: as with refused." },
	{ KEY("why"), ALL, 0, FIELD_WHY, 0, "Of one that failed: as with refused." },
	{ KEY("facts"), ALL, EVENT_HAVE_FACTS, FIELD_FACTS, AT(attempt.facts), "As with refused." },
	{ KEY("refers"), ALL, EVENT_HAVE_REFERS, FIELD_BYTES, AT(attempt.refers),
	  "What the descriptor refers to: with -y that of setns(2), as \"net:[4026531840]\" or "
	  "\"pid:4711\"; and always that of an execveat(2) that failed, unless the file was named by an "
	  "absolute path." },
	{ KEY("file"), ALL, EVENT_HAVE_FILE, FIELD_BYTES, AT(call.file),
	  "Of an execve or execveat that failed: the file as the program named it, where it could be read." },
	{ KEY("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "After unshare and setns: the namespaces that the caller is in." },
};

static const struct field exec_rows[] = {
	{ KEY("former"), ALL, 0, FIELD_PID, AT(exec.former),
	  "The tid that called execve(2): not tid if that thread was not the leader, whose tid it has now." },
	{ KEY("uid"), ALL, EVENT_HAVE_UID, FIELD_UINT, AT(exec.uid), "The effective user from now on, where known." },
	{ KEY("command"), ALL, EVENT_HAVE_COMMAND, FIELD_BYTES, AT(exec.command),
	  "The new command line, a blank between arguments, where known; of more than 4096 bytes the first "
	  "ones, and `...`." },
	{ KEY("command_cut"), ALL, EVENT_HAVE_COMMAND_CUT, FIELD_BOOL, AT(exec.command_cut),
	  "true: the command line was longer, so that the `...` at its end is no part of it." },
	{ KEY("argv"), ALL, EVENT_HAVE_ARGV, FIELD_ARGV, AT(exec.argv),
	  "The arguments, each by itself: empty ones are empty strings, and blanks within an argument do "
	  "not end it." },
	{ KEY("argv_cut"), ALL, EVENT_HAVE_ARGV_CUT, FIELD_BOOL, AT(exec.argv.cut),
	  "true: the arguments have more bytes than the 131072 that argv keeps, so its last one may lack its end." },
	{ KEY("script"), ALL, EVENT_HAVE_SCRIPT, FIELD_BYTES, AT(exec.script),
	  "The file that was asked for, as it was named, where what runs now is its interpreter: of #!, or "
	  "by binfmt_misc; where known." },
	{ KEY("exe"), ALL, EVENT_HAVE_EXE, FIELD_BYTES, AT(exec.exe),
	  "The file of the program that runs now, without links, where known." },
	{ KEY("loader"), ALL, EVENT_HAVE_LOADER, FIELD_BYTES, AT(exec.loader),
	  "The dynamic linker that the file names; not there for a static one." },
	{ KEY("cwd"), ALL, EVENT_HAVE_CWD, FIELD_BYTES, AT(exec.cwd), "The working directory, where known." },
	{ KEY("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "The namespaces that it is in, where they may be others than before: after "
	  "unshare(CLONE_NEWTIME), and where calls are not seen." },
};

static const struct field name_rows[] = {
	{ KEY("name"), ALL, EVENT_HAVE_NAME, FIELD_BYTES, AT(name.name),
	  "The name, as the kernel keeps it: at most 15 bytes." },
};

static const struct field signal_rows[] = {
	{ KEY("signo"), EVENT(SIGNAL) | EVENT(GROUP_STOP), 0, FIELD_INT, AT(signal.signo), "The signal." },
	{ KEY("signo"), EVENT(GROUP_CONT), 0, FIELD_INT, AT(signal.signo), "The signal; 0: not known." },
	{ KEY("signal_name"), ALL, 0, FIELD_SIGNAL_NAME, 0, "The name of that signal, where it has one." },
	{ KEY("code"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, AT(signal.code),
	  "si_code of sigaction(2). Comes together with the fields up to error." },
	{ KEY("code_name"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_CODE_NAME, 0, "Its name." },
	{ KEY("sender"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, AT(signal.sender),
	  "si_pid: the sender's process; 0: none, or not to be seen. For a signal that a program sent, it "
	  "is the number in the sender's own pid namespace, which is the task's or one below; for a signal "
	  "that the kernel sent, in the task's." },
	{ KEY("inside"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_BOOL, AT(signal.inside),
	  "The task's pid namespace is not the tracer's, so sender is not a number in the tracer's." },
	{ KEY("value"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_BITS, AT(signal.value),
	  "By the code: the value sent, the fault's address, the child's status, the call's number." },
	{ KEY("error"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, AT(signal.error),
	  "SIGPIPE, SIGXFSZ: the errno of the call that it came with; else 0." },
	{ KEY("error_name"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_ERROR_NAME, 0, "Its name." },
	{ KEY("caught"), EVENT(SIGNAL), EVENT_HAVE_ACTION, FIELD_BOOL, AT(signal.caught),
	  "A handler takes it. Comes together with ignored." },
	{ KEY("ignored"), EVENT(SIGNAL), EVENT_HAVE_ACTION, FIELD_BOOL, AT(signal.ignored),
	  "It is ignored. Neither: it does what signal(7) says." },
};

static const struct field exit_rows[] = {
	{ KEY("status"), ALL, 0, FIELD_INT, AT(exit.status), "As wait(2) gives it." },
	{ KEY("tasks"), EVENT(GROUP_EXIT), 0, FIELD_UINT, AT(exit.tasks), "How many it ends, the caller included." },
	{ KEY("exit_code"), ALL, 0, FIELD_EXIT_CODE, 0, "Exited: the code." },
	{ KEY("signal"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_DEATH_SIGNAL, 0, "Killed: the signal." },
	{ KEY("signal_name"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_DEATH_SIGNAL_NAME, 0, "Killed: its name." },
	{ KEY("core"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_CORE, 0, "true: killed, and a core was dumped." },
	{ KEY("with_group"), EVENT(LEADER_EXIT), EVENT_HAVE_LEADER, FIELD_BOOL, AT(exit.with_group),
	  "Its whole process ends; else it alone did. Where known." },
	{ KEY("with_group"), EVENT(EXIT), EVENT_HAVE_LEADER, FIELD_BOOL, AT(exit.with_group),
	  "true: its process ended with it, and the status is the process's. false: it ended alone, and the "
	  "status is its own. If a thread ends while its process is about to end, the kernel gives the "
	  "process's status; without this key it is not known which of the two it is." },
	{ KEY("replaced"), EVENT(EXIT), EVENT_HAVE_REPLACED, FIELD_BOOL, AT(exit.replaced),
	  "true: an exec by another thread of its process ended it, so it has no status of its own." },
	{ KEY("sigchld_ignored"), EVENT(EXIT), EVENT_HAVE_IGNORED, FIELD_BOOL, AT(exit.sigchld_ignored),
	  "true: the process ended, and its parent, which is traced, ignores SIGCHLD. If the exit signal is "
	  "SIGCHLD, the kernel then sends no signal and keeps no zombie." },
	{ KEY("forbidden_by"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_INT, AT(exit.forbidden_by),
	  "Killed by SIGSYS: what forbade the call. 1: a seccomp filter, 2: syscall user dispatch." },
	{ KEY("call"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_STRING, AT(exit.call),
	  "The name of that call; empty: not known." },
	{ KEY("call_nr"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_COUNT, AT(exit.nr), "Its number." },
	{ KEY("call_audit_arch"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_UINT, AT(exit.audit_arch),
	  "The ABI of the number, AUDIT_ARCH_... of <linux/audit.h>." },
};

static const struct field reparent_rows[] = {
	{ KEY("from"), ALL, 0, FIELD_PID, AT(reparent.from), "The parent before; 0: not known." },
	{ KEY("to"), ALL, 0, FIELD_PID, AT(reparent.to), "The parent now." },
};

static const struct field verify_rows[] = {
	{ KEY("other"), ALL, 0, FIELD_PID, AT(verify.other),
	  "Whom it is compared with: the new task, where tid is its creator. 0: cltrace itself, or what the "
	  "descriptor names." },
	{ KEY("descriptor"), ALL, EVENT_HAVE_ENTERED, FIELD_INT, AT(verify.descriptor),
	  "After setns: what it names is compared with what the task is in now." },
	{ KEY("said_shared"), ALL, 0, FIELD_BITS, AT(verify.said.shared),
	  "What the flags promise to be shared, a bit for each thing." },
	{ KEY("said_shared_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.said.shared), "The same by name." },
	{ KEY("said_apart"), ALL, 0, FIELD_BITS, AT(verify.said.apart), "What they promise not to be shared." },
	{ KEY("said_apart_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.said.apart), "The same by name." },
	{ KEY("shared"), ALL, 0, FIELD_BITS, AT(verify.answers.shared), "What the kernel says is shared." },
	{ KEY("shared_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.answers.shared), "The same by name." },
	{ KEY("apart"), ALL, 0, FIELD_BITS, AT(verify.answers.apart), "What the kernel says is not." },
	{ KEY("apart_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.answers.apart), "The same by name." },
	{ KEY("neither"), ALL, 0, FIELD_BITS, AT(verify.answers.neither),
	  "What neither task has, which is not sharing." },
	{ KEY("neither_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.answers.neither), "The same by name." },
	{ KEY("not_asked"), ALL, 0, FIELD_BITS, AT(verify.answers.refused), "What could not be asked." },
	{ KEY("not_asked_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.answers.refused), "The same by name." },
	{ KEY("error"), ALL, 0, FIELD_INT, AT(verify.answers.error), "The errno of the first of these; 0: none." },
	{ KEY("error_name"), ALL, 0, FIELD_ERROR_NAME, 0, "Its name." },
	{ KEY("cause"), EVENT(DIFFERENCE), 0, FIELD_UINT, AT(verify.cause),
	  "Why they differ, as far as can be told: a number." },
	{ KEY("cause_name"), EVENT(DIFFERENCE), 0, FIELD_CAUSE_NAME, 0,
	  "Its name: unknown, no-io-context (the creator had none to share) or for-children (it had put its "
	  "children to come into another namespace)." },
};

static const struct field note_rows[] = {
	{ KEY("note"), ALL, 0, FIELD_NOTE, AT(note.code),
	  "Which. no-filter: seccomp is not to be had, number is the errno. untraced: CLONE_UNTRACED was "
	  "taken out of the call. creator-lost: the creator of tid was killed before it could report. set-id: "
	  "a set-user-ID or set-group-ID program runs without, number is the owner, value whom it runs as. "
	  "signal-repeats: signal number came value times without effect. outlived: the launched program "
	  "ended, number tasks live on. no-duration: -T is not to be had. stop-cost: with -T, a call that "
	  "does nothing takes number to value nanoseconds, measured in the same way. unreaped: number "
	  "children of the process tid have ended and it has not waited for them, now that it ends or is "
	  "detached. clone-hidden: a seccomp filter that was there before answers each clone3 with errno "
	  "number, and that is not seen. ptrace-denied: the ptrace(2) call of tid failed because cltrace "
	  "traces the task number; 0: tid itself, by PTRACE_TRACEME. strict-denied: strict seccomp mode was "
	  "refused to tid because of cltrace's filter. unreadable: the process number is not dumpable, so "
	  "that its memory could not be read. workers: the kernel runs number io_uring workers in the "
	  "process tid, which are not followed." },
	{ KEY("number"), ALL, 0, FIELD_SIGNED, AT(note.number), "See note." },
	{ KEY("value"), ALL, 0, FIELD_SIGNED, AT(note.value), "See note." },
	{ KEY("error_name"), ALL, 0, FIELD_ERROR_NAME, 0, "no-filter, clone-hidden: the name of the errno." },
	{ KEY("signal_name"), ALL, 0, FIELD_SIGNAL_NAME, 0, "signal-repeats: the name of the signal." },
};

static const struct field end_rows[] = {
	{ KEY("status"), ALL, 0, FIELD_INT, AT(end.status),
	  "The launched program's status, as wait(2) gives it; 0: no launched program; -1: cltrace detached from it." },
	{ KEY("exit_code"), ALL, 0, FIELD_EXIT_CODE, 0, "Exited: the code." },
	{ KEY("signal"), ALL, 0, FIELD_DEATH_SIGNAL, 0, "Killed: the signal." },
	{ KEY("signal_name"), ALL, 0, FIELD_DEATH_SIGNAL_NAME, 0, "Killed: its name." },
	{ KEY("core"), ALL, 0, FIELD_CORE, 0, "true: killed, and a core was dumped." },
};

static const struct field request_rows[] = {
	{ KEY("call"), ALL, 0, FIELD_CALL, offsetof(struct request, call), "Its name." },
	{ KEY("abi"), ALL, 0, FIELD_ABI, offsetof(struct request, abi), "The ABI that the call was made by." },
	{ KEY("flags"), ALL, REQUEST_FLAGS, FIELD_BITS, offsetof(struct request, flags),
	  "As passed, without the exit signal's bits of clone." },
	{ KEY("flag_names"), ALL, REQUEST_FLAGS, FIELD_FLAG_NAMES, 0,
	  "Their names in the sense of the call, lowest bit first; bits without one last, as one number in hex." },
	{ KEY("exit_signal"), CREATIONS, REQUEST_FLAGS, FIELD_BITS, offsetof(struct request, exit_signal),
	  "Creations: what the end of the task sends; 0: nothing." },
	{ KEY("exit_signal_name"), CREATIONS, REQUEST_FLAGS, FIELD_EXIT_SIGNAL_NAME, 0, "Its name." },
	{ KEY("stack"), ALL, REQUEST_STACK, FIELD_BITS, offsetof(struct request, stack),
	  "clone: the child's stack pointer; clone3: the stack's lowest byte." },
	{ KEY("stack_size"), ALL, REQUEST_STACK_SIZE, FIELD_BITS, offsetof(struct request, stack_size),
	  "clone3: its size." },
	{ KEY("parent_tid"), ALL, REQUEST_PARENT_TID, FIELD_BITS, offsetof(struct request, parent_tid),
	  "Address, with CLONE_PARENT_SETTID." },
	{ KEY("child_tid"), ALL, REQUEST_CHILD_TID, FIELD_BITS, offsetof(struct request, child_tid),
	  "Address, with CLONE_CHILD_SETTID or CLONE_CHILD_CLEARTID." },
	{ KEY("tls"), ALL, REQUEST_TLS, FIELD_BITS, offsetof(struct request, tls), "With CLONE_SETTLS." },
	{ KEY("pidfd"), ALL, REQUEST_PIDFD, FIELD_BITS, offsetof(struct request, pidfd), "Address, with CLONE_PIDFD." },
	{ KEY("set_tid"), ALL, REQUEST_SET_TID, FIELD_BITS, offsetof(struct request, set_tid),
	  "clone3: address of the list of wanted tids. Comes together with set_tid_size." },
	{ KEY("set_tid_size"), ALL, REQUEST_SET_TID, FIELD_BITS, offsetof(struct request, set_tid_size),
	  "Its entries, as the program says." },
	{ KEY("set_tid_list"), ALL, REQUEST_SET_TID_LIST, FIELD_TIDS, offsetof(struct request, set_tid_list),
	  "The entries, 32 at most, where they could be read." },
	{ KEY("cgroup"), ALL, REQUEST_CGROUP, FIELD_BITS, offsetof(struct request, cgroup),
	  "A descriptor, with CLONE_INTO_CGROUP." },
	{ KEY("size"), ALL, REQUEST_SIZE, FIELD_BITS, offsetof(struct request, size),
	  "clone3: the size of struct clone_args where it is not 88, or could not be read." },
	{ KEY("newer"), ALL, REQUEST_NEWER, FIELD_NEWER, offsetof(struct request, newer),
	  "clone3: the bytes behind the fields known, two digits each, without zeros at the end." },
	{ KEY("args"), ALL, REQUEST_ARGS, FIELD_ARGS, offsetof(struct request, args),
	  "setns, setpgid, prctl, close_range, exit, exit_group: the six arguments." },
	{ KEY("address"), ALL, REQUEST_ARGS_ADDRESS, FIELD_BITS, offsetof(struct request, address),
	  "clone3: the address of struct clone_args where it could not be read." },
};

/* Which of the optional ones a frame has shows in their values: frame_have(). */
static const struct field frame_rows[] = {
	{ KEY("ip"), ALL, 0, FIELD_BITS, offsetof(struct frame, ip), "Where it goes on." },
	{ KEY("object"), ALL, FRAME_HAVE_OBJECT, FIELD_STRING, offsetof(struct frame, object),
	  "The file of the code. Comes together with address; without both the code has no file." },
	{ KEY("address"), ALL, FRAME_HAVE_OBJECT, FIELD_BITS, offsetof(struct frame, address),
	  "ip as the file has it, for `addr2line(1)` and the like." },
	{ KEY("function"), ALL, FRAME_HAVE_FUNCTION, FIELD_STRING, offsetof(struct frame, function),
	  "Its name, demangled, if a symbol has it. Comes together with offset." },
	{ KEY("offset"), ALL, FRAME_HAVE_FUNCTION, FIELD_BITS, offsetof(struct frame, offset),
	  "Of ip in it; 0 where it is inlined." },
	{ KEY("inlined"), ALL, FRAME_HAVE_INLINED, FIELD_BOOL, offsetof(struct frame, inlined),
	  "True, and only there, where the compiler has put it into the function of the next frame." },
	{ KEY("file"), ALL, FRAME_HAVE_FILE, FIELD_STRING, offsetof(struct frame, file),
	  "The source, from the debug information. Comes together with line." },
	{ KEY("line"), ALL, FRAME_HAVE_FILE, FIELD_UINT, offsetof(struct frame, line), "The line there." },
};

static const struct kind_row kind_rows[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = { "begin", "", EVENT_ABOUT_TRACE, EVENT_LIFE_GOES_ON, ROWS(begin_rows),
			  "The trace begins. The first line of every recording, and its header." },
	[EVENT_ATTACH] = { "attach", "attach", EVENT_ABOUT_TASK, EVENT_LIFE_BEGINS, ROWS(attach_rows),
			   "A task that is there before anything else is told of it: the launched program, or a "
			   "task that cltrace attached to." },
	[EVENT_LOOK] = { "look", "attach", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(look_rows),
			 "What a task is and has at this moment: of a snapshot, after its attach. All that "
			 "follows is there." },
	[EVENT_SPAWN] = { "spawn", "creations process", EVENT_ABOUT_CHILD, EVENT_LIFE_BEGINS, ROWS(spawn_rows),
			  "A new task. Comes before everything that the task itself does." },
	[EVENT_REFUSED] = { "refused", "process", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(refused_rows),
			    "A creation that failed." },
	[EVENT_VFORK_DONE] = { "vfork-done", "creations process", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON,
			       ROWS(vfork_done_rows),
			       "The creator of a task with CLONE_VFORK continues, because that task has executed a "
			       "program or ended: with -T. It is missing if the creator was killed before." },
	[EVENT_CALL] = { "call", "", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(call_rows),
			 "Another call that is followed, which makes no task: unshare, setns, setsid, setpgid, "
			 "prctl, close_range. An execve or execveat that failed is such a call, too; one that "
			 "succeeded is an exec event. A failed exec is missing if calls are not seen (mode is "
			 "events), or if a seccomp filter of the program itself answered the call. The search "
			 "for the launched program along PATH is not part of the trace." },
	[EVENT_EXEC] = { "exec", "exec process execve execveat", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(exec_rows),
			 "A new program in the task." },
	[EVENT_NAME] = { "name", "names", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(name_rows),
			 "A task gives itself a name, by prctl(PR_SET_NAME): not with --no-origin." },
	[EVENT_SIGNAL] = { "signal", "signals signal", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(signal_rows),
			   "A signal is delivered to the task: with --signals." },
	[EVENT_GROUP_STOP] = { "group-stop", "stops", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(signal_rows),
			       "The whole process was stopped by a signal." },
	[EVENT_GROUP_CONT] = { "group-cont", "stops", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(signal_rows),
			       "The whole process goes on." },
	[EVENT_LEADER_EXIT] = { "leader-exit", "exit process exit_group", EVENT_ABOUT_TASK, EVENT_LIFE_ENDS,
				ROWS(exit_rows),
				"A thread group leader ended and stays as a zombie while its threads live." },
	[EVENT_GROUP_EXIT] = { "group-exit", "exit process exit_group", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON,
			       ROWS(exit_rows), "exit_group(2) of a process with several tasks, by tid." },
	[EVENT_EXIT] = { "exit", "exit process exit_group", EVENT_ABOUT_TASK, EVENT_LIFE_ENDS, ROWS(exit_rows),
			 "A task ended." },
	[EVENT_VERIFY] = { "verify", "verify", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(verify_rows),
			   "What the kernel said of two tasks: with --verify. After spawn: of the creator and "
			   "the new task, neither of which had run on. After call and exec: of the caller and "
			   "another task; after setns of the caller and what its descriptor names. The bits, "
			   "from the lowest: memory, files, fs, sighand, sysvsem, io, cgroup_ns, ipc_ns, mnt_ns, "
			   "net_ns, pid_ns, time_ns, user_ns, uts_ns; tgid and ppid (the creator's, or its own "
			   "and the creator as parent); nspid (as many pid namespaces know both tasks); nstgid "
			   "(their process has the same number within its own); pid_for_children and "
			   "time_for_children: whether the new task is in the namespace that its creator has for "
			   "its children." },
	[EVENT_DIFFERENCE] = { "difference", "verify", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(verify_rows),
			       "One thing in which it is not what the flags say; a mask has that bit or none. Comes "
			       "after its verify." },
	[EVENT_REPARENT] = { "reparent", "parents", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(reparent_rows),
			     "The process tid has another parent, for its own ended." },
	[EVENT_DETACH] = { "detach", "attach", EVENT_ABOUT_TASK, EVENT_LIFE_ENDS, NO_ROWS,
			   "cltrace let go of the task, which goes on." },
	[EVENT_NOTE] = { "note", "notes", EVENT_ABOUT_TASK, EVENT_LIFE_GOES_ON, ROWS(note_rows),
			 "Something about the trace itself. tid may be 0." },
	[EVENT_END] = { "end", "", EVENT_ABOUT_TRACE, EVENT_LIFE_GOES_ON, ROWS(end_rows),
			"The trace ends. The last line." },
};

const struct fields event_common = ROWS(common_rows);
const struct fields request_fields = {
	request_rows,
	ARRAY_LENGTH(request_rows),
	"The call of a spawn, refused or call. Fields that its flags do not make the kernel look at are left out.",
};
const struct fields frame_fields = {
	frame_rows,
	ARRAY_LENGTH(frame_rows),
	"A stack is a list of frames: functions of which each has called the one before it. "
	"The first one made the system call.",
};

/* Fields are reached through pointers to these types. */
_Static_assert(sizeof(pid_t) == sizeof(int) && sizeof(enum event_kind) == sizeof(unsigned), "size of a field");

const struct kind_row *event_kind_row(enum event_kind kind)
{
	return &kind_rows[kind];
}

const char *event_kind_name(enum event_kind kind)
{
	return (unsigned)kind < EVENT_KIND_COUNT ? kind_rows[kind].name : "?";
}

unsigned event_kinds_of(const char *word, size_t length)
{
	unsigned kinds = 0;

	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		for (const char *at = kind_rows[kind].words; *at; at += strcspn(at, " "), at += *at == ' ')
			if (strcspn(at, " ") == length && memcmp(at, word, length) == 0)
				kinds |= 1u << kind;
	}
	return kinds;
}

bool field_is_always(const struct field *field)
{
	if (field->type == FIELD_CLOCK || field->type == FIELD_VERDICT)
		return true;
	return !field->have && field->type < FIELD_DERIVED;
}
