/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of kinds and fields. */
#include "event/schema.h"

#include <string.h>

#include "base/array.h"
#include "base/names.h"

#define ALL (~0u)
#define EVENT(kind) (1u << EVENT_##kind)
#define CREATIONS (1u << CALL_CLONE | 1u << CALL_CLONE3 | 1u << CALL_FORK | 1u << CALL_VFORK)
#define NAME(key) key, ",\"" key "\":", sizeof(",\"" key "\":") - 1
#define KEY(key) NAME(key), false
#define ADDED(key) NAME(key), true
#define IN(type, member) offsetof(struct type, member), sizeof(((struct type *)NULL)->member)
#define AT(member) IN(event, member)
#define AT_REQUEST(member) IN(request, member)
#define AT_FRAME(member) IN(frame, member)
#define NOWHERE 0, 0
#define ROWS(rows)                             \
	{                                      \
		rows, ARRAY_LENGTH(rows), NULL \
	}
/* A kind without fields of its own needs an address, too, because code adds to it. */
#define NO_ROWS                      \
	{                            \
		common_rows, 0, NULL \
	}

/* The order is that of the keys in a line: first those of every line, then those of its kind. */
static const struct field common_rows[] = {
	{ KEY("seq"), ALL, 0, FIELD_COUNT, AT(seq), "Number of the line, from 1, without gaps." },
	{ KEY("when"), ALL, 0, FIELD_COUNT, AT(when), "Nanoseconds on the clock that the begin event names." },
	{ KEY("kind"), ALL, 0, FIELD_KIND, AT(kind), "The kind of event." },
	{ KEY("tid"), ALL, 0, FIELD_PID, AT(tid), "The task that the event is about; 0 for begin and end." },
};

static const struct field begin_rows[] = {
	{ KEY("format"), ALL, 0, FIELD_FORMAT, AT(begin.format), "The number of this format: 1." },
	{ ADDED("cltrace"), ALL, EVENT_HAVE_HOST, FIELD_STRING, AT(begin.version),
	  "The version of the cltrace that recorded the trace. Comes together with release." },
	{ ADDED("release"), ALL, EVENT_HAVE_HOST, FIELD_STRING, AT(begin.release),
	  "The release of the kernel, as uname(2) reports it." },
	{ KEY("clock"), ALL, 0, FIELD_CLOCK, NOWHERE, "The clock of every \"when\": CLOCK_MONOTONIC." },
	{ KEY("realtime"), ALL, 0, FIELD_COUNT, AT(begin.realtime),
	  "The time of day at \"when\", in nanoseconds since the epoch." },
	{ KEY("mode"), ALL, 0, FIELD_MODE, AT(begin.mode),
	  "How cltrace follows tasks: with a seccomp filter, which shows refused calls too; with event "
	  "stops only; with a stop at every system call; or not at all, because this is a snapshot." },
	{ KEY("launched"), ALL, 0, FIELD_BOOL, AT(begin.launched),
	  "true: cltrace launched a program. false: cltrace attached to existing tasks." },
	{ KEY("audit_arch"), ALL, 0, FIELD_UINT, AT(begin.audit_arch),
	  "The tracer's own architecture, AUDIT_ARCH_* of <linux/audit.h>." },
	{ KEY("arch"), ALL, 0, FIELD_ARCH, NOWHERE, "The name of that architecture." },
	{ ADDED("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "The tracer's namespaces: see `NAMESPACES`." },
};

static const struct field attach_rows[] = {
	{ KEY("tgid"), ALL, 0, FIELD_PID, AT(attach.tgid), "The task's process." },
	{ KEY("ppid"), ALL, EVENT_HAVE_PPID, FIELD_PID, AT(attach.ppid), "The parent process, if known." },
	{ KEY("nspid"), ALL, EVENT_HAVE_NSPID, FIELD_PID, AT(attach.nspid),
	  "The task's pid in its own pid namespace, if that is not the tracer's." },
	{ KEY("nspids"), ALL, EVENT_HAVE_NSPIDS, FIELD_NSPIDS, AT(attach.nspids),
	  "All the task's pids, from the tracer's pid namespace down to the task's own, if there are more "
	  "than tid and nspid." },
	{ KEY("creator"), ALL, 0, FIELD_PID, AT(attach.creator),
	  "The task that created this task, or that inherited it as a child from an ended task; 0: not known." },
	{ KEY("inferred"), ALL, EVENT_HAVE_INFERRED, FIELD_BITS, AT(attach.inferred),
	  "Flags that the creator probably used, inferred from what the task shares. It may have used others "
	  "too." },
	{ KEY("inferred_names"), ALL, EVENT_HAVE_INFERRED, FIELD_INFERRED_NAMES, NOWHERE, "The names of these flags." },
	{ KEY("nlwp"), ALL, 0, FIELD_UINT, AT(attach.nlwp), "For a leader: how many tasks its process has; else 0." },
	{ KEY("launched"), ALL, 0, FIELD_BOOL, AT(attach.launched),
	  "true: this is the launched program, before its exec." },
	{ KEY("zombie"), ALL, 0, FIELD_BOOL, AT(attach.zombie),
	  "true: this is a leader that has exited while its threads live." },
	{ KEY("uid"), ALL, EVENT_HAVE_UID, FIELD_UINT, AT(attach.uid), "The effective user, if known." },
	{ KEY("command"), ALL, EVENT_HAVE_COMMAND, FIELD_BYTES, AT(attach.command),
	  "The command line, if known: the arguments with blanks between them; if it is longer than 4096 "
	  "bytes, the first ones and `...`." },
	{ KEY("command_cut"), ALL, EVENT_HAVE_COMMAND_CUT, FIELD_BOOL, AT(attach.command_cut),
	  "true: the command line was longer, so the `...` at the end of command is not part of it." },
	{ ADDED("argv"), ALL, EVENT_HAVE_ARGV, FIELD_ARGV, AT(attach.argv),
	  "For a process that cltrace attached to: its arguments, one by one, as far as the process has "
	  "not overwritten them." },
	{ ADDED("argv_cut"), ALL, EVENT_HAVE_ARGV_CUT, FIELD_BOOL, AT(attach.argv.cut),
	  "true: the arguments are longer than the 131072 bytes that argv keeps, so the last one in argv "
	  "may lack its end." },
	{ ADDED("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "The task's namespaces; missing for the launched program, which has the tracer's." },
};

static const struct field look_rows[] = {
	{ KEY("state"), ALL, EVENT_HAVE_LOOK, FIELD_STRING, AT(look.state),
	  "The state in /proc/TID/stat: R, S, D, T, Z and so on." },
	{ KEY("name"), ALL, EVENT_HAVE_LOOK, FIELD_STRING, AT(look.name),
	  "The task's own name; a program's name is cut to 15 bytes." },
	{ KEY("cpus"), ALL, EVENT_HAVE_LOOK, FIELD_STRING, AT(look.cpus),
	  "The CPUs that the task may run on: \"0-3,7\"; empty: not known." },
	{ KEY("kernel"), ALL, EVENT_HAVE_LOOK, FIELD_BOOL, AT(look.kernel), "true: this is a kernel thread." },
	{ KEY("worker"), ALL, EVENT_HAVE_LOOK, FIELD_BOOL, AT(look.worker),
	  "true: this is an io_uring worker, which the kernel created in the process." },
	{ KEY("refused"), ALL, EVENT_HAVE_LOOK, FIELD_BOOL, AT(look.refused),
	  "true: the kernel refused to say what the task shares." },
	{ KEY("start"), ALL, EVENT_HAVE_LOOK, FIELD_COUNT, AT(look.start),
	  "Clock ticks from boot to the task's creation; start and tid together identify the task." },
	{ KEY("nice"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.nice), "The nice value: each task has its own." },
	{ KEY("policy"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.policy),
	  "The scheduling policy, SCHED_* of <linux/sched.h>." },
	{ KEY("priority"), ALL, EVENT_HAVE_LOOK, FIELD_INT, AT(look.priority), "The real-time priority; 0: none." },
	{ KEY("capabilities"), ALL, EVENT_HAVE_LOOK, FIELD_BITS, AT(look.capabilities), "The effective capabilities." },
#define LOOK_NS(NAME, KEY_OF_FILE, WORDS, ...) \
	{ KEY(KEY_OF_FILE "_ns"),              \
	  ALL,                                 \
	  EVENT_HAVE_LOOK,                     \
	  FIELD_COUNT,                         \
	  AT(look.ns[NAMESPACE_##NAME]),       \
	  "The inode of the task's " WORDS " namespace; 0: not known." },
	NAMESPACES(LOOK_NS)
#undef LOOK_NS
#define LOOK_OBJECT(NAME, KEY_OF_OBJECT, WORDS, ...)            \
	{ KEY(KEY_OF_OBJECT),                                   \
	  ALL,                                                  \
	  EVENT_HAVE_LOOK,                                      \
	  FIELD_INT,                                            \
	  AT(look.objects[OBJECT_##NAME]),                      \
	  "The first task of the snapshot with the same " WORDS \
	  ", perhaps the task itself; 0: the task has none; -1: not known." },
		TASK_OBJECTS(LOOK_OBJECT)
#undef LOOK_OBJECT
			{ KEY("asked"), ALL, EVENT_HAVE_LOOK, FIELD_UINT, AT(look.asked),
			  "A bit for each of these six, memory the lowest: set if cltrace asked the kernel. A clear "
			  "bit: the answer is known only within the process; two processes may share it or not." },
};

static const struct field spawn_rows[] = {
	/* The creator is the event's tid: the key says that the creator is known. */
	{ KEY("creator"), ALL, EVENT_HAVE_CREATOR, FIELD_PID, AT(tid),
	  "The same as tid; missing if the creator is not known." },
	{ KEY("creator_tgid"), ALL, 0, FIELD_PID, AT(spawn.creator_tgid), "The creator's process; 0: not known." },
	{ KEY("child"), ALL, 0, FIELD_PID, AT(spawn.child), "The new task." },
	{ KEY("child_tgid"), ALL, 0, FIELD_PID, AT(spawn.child_tgid), "The new task's process; 0: not known." },
	{ KEY("ppid"), ALL, EVENT_HAVE_PPID, FIELD_PID, AT(spawn.ppid), "The parent of that process, if known." },
	{ KEY("nspid"), ALL, EVENT_HAVE_NSPID, FIELD_PID, AT(spawn.nspid),
	  "The new task's pid in its own pid namespace, if that is not the tracer's." },
	{ KEY("nspids"), ALL, EVENT_HAVE_NSPIDS, FIELD_NSPIDS, AT(spawn.nspids),
	  "All the new task's pids, from the tracer's pid namespace down to the task's own, if there are "
	  "more than child and nspid." },
	{ KEY("returned"), ALL, EVENT_HAVE_RETURNED, FIELD_PID, AT(spawn.returned),
	  "The result of the call: the new task's pid in its creator's pid namespace, if that is not the "
	  "tracer's." },
	{ KEY("request"), ALL, EVENT_HAVE_REQUEST, FIELD_REQUEST, AT(attempt.request), "The call, if cltrace saw it." },
	{ KEY("verdict"), ALL, 0, FIELD_VERDICT, NOWHERE,
	  "The kind of task: a thread of its creator's process; a process with copied memory; a process "
	  "that shares memory until exec; a process that shares memory for good; a process in at least one "
	  "new namespace. The flags decide or, if they are not known, the process of the task." },
	{ KEY("reasons"), ALL, EVENT_HAVE_REQUEST, FIELD_REASONS, NOWHERE,
	  "The flags that decided the verdict, if they are known." },
	{ KEY("looks_like"), ALL, EVENT_HAVE_REQUEST, FIELD_LOOKS_LIKE, NOWHERE,
	  "The library call that was probably used: it makes exactly this request." },
	{ KEY("duration"), ALL, EVENT_HAVE_DURATION, FIELD_COUNT, AT(attempt.duration),
	  "With -T: nanoseconds in the call until the task existed." },
	{ KEY("page_tables"), ALL, EVENT_HAVE_MEMORY, FIELD_COUNT, AT(spawn.page_tables),
	  "With -T and -v: bytes of page tables that the creator had at the creation. Comes together with "
	  "resident and child_page_tables." },
	{ KEY("resident"), ALL, EVENT_HAVE_MEMORY, FIELD_COUNT, AT(spawn.resident),
	  "Bytes of resident memory that the creator had." },
	{ KEY("child_page_tables"), ALL, EVENT_HAVE_MEMORY, FIELD_COUNT, AT(spawn.child_page_tables),
	  "Bytes of page tables of the new task before it ran; if it shares the creator's memory, these "
	  "are the creator's; 0: not known." },
	{ ADDED("stack"), ALL, EVENT_HAVE_STACK, FIELD_STACK, AT(attempt.stack),
	  "The creator's call stack: with -k or --origin, and for launched programs up to the origin "
	  "unless --no-origin is given. Comes together with stack_end." },
	{ ADDED("stack_end"), ALL, EVENT_HAVE_STACK, FIELD_STACK_END, AT(attempt.stack.end),
	  "Why the stack has no more frames: it is complete; it has as many frames as requested; it ends "
	  "at the program's own frame; cltrace cannot find the next caller; registers or memory could not "
	  "be read; 32-bit code." },
	{ KEY("by"), ALL, EVENT_HAVE_STACK, FIELD_BY, AT(attempt.stack),
	  "The library call that cltrace found on the stack." },
	{ KEY("origin"), ALL, EVENT_HAVE_STACK, FIELD_ORIGIN, AT(attempt.stack),
	  "The index of the innermost frame of the program's own code: not the C library's and not a "
	  "runtime's." },
	{ ADDED("pthread"), ALL, EVENT_HAVE_PTHREAD, FIELD_BITS, AT(spawn.pthread),
	  "pthread_self() of the new thread, if pthread_create is on the stack." },
	{ ADDED("start"), ALL, EVENT_HAVE_START, FIELD_FRAME, AT(spawn.start),
	  "The function that the new task runs, as a frame with the function's own address: for a thread "
	  "that glibc or musl creates, and for glibc's clone()." },
	{ ADDED("argument"), ALL, EVENT_HAVE_ARGUMENT, FIELD_BITS, AT(spawn.argument),
	  "The argument of that function, if known." },
	{ ADDED("new_stack"), ALL, EVENT_HAVE_NEW_STACK, FIELD_BITS, AT(spawn.new_stack),
	  "With `-k`, for a clone3 that names a stack: the lowest usable byte of that stack." },
	{ ADDED("new_stack_size"), ALL, EVENT_HAVE_NEW_STACK, FIELD_COUNT, AT(spawn.new_stack_size),
	  "How many bytes of that stack are usable: the requested size less the guard." },
	{ ADDED("new_stack_guard"), ALL, EVENT_HAVE_NEW_STACK, FIELD_COUNT, AT(spawn.new_stack_guard),
	  "How many bytes below new_stack cannot be read or written: `/proc/PID/maps` shows them or, for a "
	  "guard of madvise(MADV_GUARD_INSTALL), `/proc/PID/pagemap`. All three fields are missing if the "
	  "kernel does not show such guards (Linux 6.13 and 6.14)." },
	{ ADDED("stack_mapping"), ALL, EVENT_HAVE_STACK_MAPPING, FIELD_BITS, AT(spawn.stack_mapping),
	  "With `-k`, for a clone that names a stack, which has no size: the lowest byte of the mapping in "
	  "`/proc/PID/maps` that contains the stack. The mapping may contain other data too." },
	{ ADDED("stack_mapping_size"), ALL, EVENT_HAVE_STACK_MAPPING, FIELD_COUNT, AT(spawn.stack_mapping_size),
	  "The bytes of that mapping." },
	{ ADDED("stack_mapping_guard"), ALL, EVENT_HAVE_STACK_MAPPING, FIELD_COUNT, AT(spawn.stack_mapping_guard),
	  "How many bytes right below that mapping cannot be read or written, from the same files as "
	  "new_stack_guard." },
	{ ADDED("pidfd"), ALL, EVENT_HAVE_PIDFD, FIELD_INT, AT(spawn.pidfd),
	  "With -y: the descriptor that the creator got for CLONE_PIDFD." },
	{ ADDED("pidfd_is"), ALL, EVENT_HAVE_PIDFD, FIELD_BYTES, AT(spawn.pidfd_is),
	  "With -y: the process that this descriptor refers to, as \"pid:4711\"." },
	{ ADDED("refers"), ALL, EVENT_HAVE_REFERS, FIELD_BYTES, AT(attempt.refers),
	  "With -y: the path that the descriptor in cgroup refers to." },
	{ ADDED("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "The new task's namespaces, if the call created some, or if they differ from the creator's or "
	  "are not known otherwise." },
};

static const struct field refused_rows[] = {
	{ KEY("request"), ALL, 0, FIELD_REQUEST, AT(attempt.request), "The call." },
	{ KEY("error"), ALL, 0, FIELD_INT, AT(refused.error), "The errno." },
	{ KEY("error_name"), ALL, 0, FIELD_ERROR_NAME, AT(refused.error), "The name of that errno." },
	{ KEY("duration"), ALL, EVENT_HAVE_DURATION, FIELD_COUNT, AT(attempt.duration),
	  "With -T: nanoseconds in the call." },
	{ KEY("rule"), ALL, 0, FIELD_RULE, NOWHERE,
	  "The name of the rule that the call violated, or of the limit that it reached, if known: see "
	  "`RULES`." },
	{ KEY("why"), ALL, 0, FIELD_WHY, NOWHERE, "The same rule or limit in words." },
	{ KEY("facts"), ALL, EVENT_HAVE_FACTS, FIELD_FACTS, AT(attempt.facts),
	  "The facts behind the rule, as they were when the kernel refused the call: see `FACTS`." },
	{ ADDED("stack"), ALL, EVENT_HAVE_STACK, FIELD_STACK, AT(attempt.stack), "As in spawn." },
	{ ADDED("stack_end"), ALL, EVENT_HAVE_STACK, FIELD_STACK_END, AT(attempt.stack.end), "As in spawn." },
	{ KEY("by"), ALL, EVENT_HAVE_STACK, FIELD_BY, AT(attempt.stack), "As in spawn." },
	{ KEY("origin"), ALL, EVENT_HAVE_STACK, FIELD_ORIGIN, AT(attempt.stack), "As in spawn." },
	{ ADDED("refers"), ALL, EVENT_HAVE_REFERS, FIELD_BYTES, AT(attempt.refers),
	  "With -y: the path that the descriptor in cgroup refers to." },
};

static const struct field vfork_done_rows[] = {
	{ KEY("child"), ALL, 0, FIELD_PID, AT(vfork_done.child), "The task that the creator waited for." },
	{ KEY("waited"), ALL, 0, FIELD_COUNT, AT(vfork_done.waited),
	  "Nanoseconds from the creation, where the duration of the spawn event ends, until now." },
};

static const struct field call_rows[] = {
	{ KEY("request"), ALL, 0, FIELD_REQUEST, AT(attempt.request), "The call." },
	{ KEY("result"), ALL, 0, FIELD_SIGNED, AT(call.result), "The result of the call, or the negative errno." },
	{ KEY("error_name"), ALL, 0, FIELD_RESULT_NAME, AT(call.result), "The name of that errno." },
	{ KEY("duration"), ALL, EVENT_HAVE_DURATION, FIELD_COUNT, AT(attempt.duration),
	  "With -T: nanoseconds in the call." },
	{ KEY("rule"), ALL, 0, FIELD_RULE, NOWHERE, "For a call that failed: as in refused." },
	{ KEY("why"), ALL, 0, FIELD_WHY, NOWHERE, "For a call that failed: as in refused." },
	{ KEY("facts"), ALL, EVENT_HAVE_FACTS, FIELD_FACTS, AT(attempt.facts), "As in refused." },
	{ ADDED("refers"), ALL, EVENT_HAVE_REFERS, FIELD_BYTES, AT(attempt.refers),
	  "The object that the descriptor refers to: with -y for setns(2), as \"net:[4026531840]\" or "
	  "\"pid:4711\"; always for an execveat(2) that failed, unless the program named an absolute path." },
	{ ADDED("file"), ALL, EVENT_HAVE_FILE, FIELD_BYTES, AT(call.file),
	  "For an execve or execveat that failed: the file as the program named it, if cltrace could read "
	  "the name." },
	{ ADDED("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "After unshare and setns: the caller's namespaces." },
};

static const struct field exec_rows[] = {
	{ KEY("former"), ALL, 0, FIELD_PID, AT(exec.former),
	  "The tid that called execve(2). It differs from tid if the caller was not the leader, because "
	  "the caller now has the leader's tid." },
	{ KEY("uid"), ALL, EVENT_HAVE_UID, FIELD_UINT, AT(exec.uid), "The effective user from now on, if known." },
	{ KEY("command"), ALL, EVENT_HAVE_COMMAND, FIELD_BYTES, AT(exec.command),
	  "The new command line, if known: the arguments with blanks between them; if it is longer than "
	  "4096 bytes, the first ones and `...`." },
	{ KEY("command_cut"), ALL, EVENT_HAVE_COMMAND_CUT, FIELD_BOOL, AT(exec.command_cut),
	  "true: the command line was longer, so the `...` at the end of command is not part of it." },
	{ ADDED("argv"), ALL, EVENT_HAVE_ARGV, FIELD_ARGV, AT(exec.argv),
	  "The arguments, one by one: an empty argument is an empty string, and a blank does not end an "
	  "argument." },
	{ ADDED("argv_cut"), ALL, EVENT_HAVE_ARGV_CUT, FIELD_BOOL, AT(exec.argv.cut),
	  "true: the arguments are longer than the 131072 bytes that argv keeps, so the last one in argv "
	  "may lack its end." },
	{ ADDED("script"), ALL, EVENT_HAVE_SCRIPT, FIELD_BYTES, AT(exec.script),
	  "The file that the caller named, if the program that runs now is that file's interpreter "
	  "(through #! or binfmt_misc); if known." },
	{ ADDED("exe"), ALL, EVENT_HAVE_EXE, FIELD_BYTES, AT(exec.exe),
	  "The file of the program that runs now, without symbolic links, if known." },
	{ ADDED("loader"), ALL, EVENT_HAVE_LOADER, FIELD_BYTES, AT(exec.loader),
	  "The dynamic linker that this file names; missing for a static program." },
	{ ADDED("cwd"), ALL, EVENT_HAVE_CWD, FIELD_BYTES, AT(exec.cwd), "The working directory, if known." },
	{ ADDED("namespaces"), ALL, EVENT_HAVE_NS, FIELD_NAMESPACES, AT(ns),
	  "The task's namespaces, if they may have changed: after unshare(CLONE_NEWTIME), and if cltrace "
	  "does not see calls." },
};

static const struct field name_rows[] = {
	{ KEY("name"), ALL, EVENT_HAVE_NAME, FIELD_BYTES, AT(name.name),
	  "The name, as the kernel keeps it: at most 15 bytes." },
};

static const struct field signal_rows[] = {
	{ KEY("signo"), EVENT(SIGNAL) | EVENT(GROUP_STOP), 0, FIELD_INT, AT(signal.signo), "The signal." },
	{ KEY("signo"), EVENT(GROUP_CONT), 0, FIELD_INT, AT(signal.signo), "The signal; 0: not known." },
	{ KEY("signal_name"), ALL, 0, FIELD_SIGNAL_NAME, AT(signal.signo),
	  "The name of that signal, if the signal has one." },
	{ KEY("code"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, AT(signal.code),
	  "si_code of sigaction(2). Comes together with the fields up to error." },
	{ KEY("code_name"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_CODE_NAME, NOWHERE, "The name of that code." },
	{ KEY("sender"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, AT(signal.sender),
	  "si_pid: the sender's process; 0: no sender, or one that is not in the task's pid namespace. If "
	  "a program sent the signal, it is the pid in the sender's own pid namespace, which is the task's "
	  "or one below; if the kernel sent it, the pid in the task's." },
	{ KEY("inside"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_BOOL, AT(signal.inside),
	  "true: the task's pid namespace is not the tracer's, so sender is not a pid in the tracer's." },
	{ KEY("value"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_BITS, AT(signal.value),
	  "Depends on the code: the value sent, the fault's address, the child's status or the call's "
	  "number." },
	{ KEY("error"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, AT(signal.error),
	  "SIGPIPE, SIGXFSZ: the errno of the call that caused the signal; else 0." },
	{ KEY("error_name"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_ERROR_NAME, AT(signal.error),
	  "The name of that errno." },
	{ KEY("caught"), EVENT(SIGNAL), EVENT_HAVE_ACTION, FIELD_BOOL, AT(signal.caught),
	  "true: a handler catches the signal. Comes together with ignored." },
	{ KEY("ignored"), EVENT(SIGNAL), EVENT_HAVE_ACTION, FIELD_BOOL, AT(signal.ignored),
	  "true: the task ignores the signal. If caught and ignored are both false, the signal has its "
	  "default action in signal(7)." },
};

static const struct field exit_rows[] = {
	{ KEY("status"), ALL, 0, FIELD_INT, AT(exit.status), "The status, as wait(2) reports it." },
	{ KEY("tasks"), EVENT(GROUP_EXIT), 0, FIELD_UINT, AT(exit.tasks),
	  "How many tasks the call ends, including the caller." },
	{ KEY("exit_code"), ALL, 0, FIELD_EXIT_CODE, NOWHERE, "If it exited: the exit code." },
	{ KEY("signal"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_DEATH_SIGNAL, NOWHERE,
	  "If a signal killed it: the signal." },
	{ KEY("signal_name"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_DEATH_SIGNAL_NAME, NOWHERE,
	  "If a signal killed it: the name of the signal." },
	{ KEY("core"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_CORE, NOWHERE,
	  "true: a signal killed it, and it dumped core." },
	{ KEY("with_group"), EVENT(LEADER_EXIT), EVENT_HAVE_LEADER, FIELD_BOOL, AT(exit.with_group),
	  "true: the whole process ends. false: only the leader ended. Missing if not known." },
	{ KEY("with_group"), EVENT(EXIT), EVENT_HAVE_LEADER, FIELD_BOOL, AT(exit.with_group),
	  "true: the process ended with the task, and the status is the process's. false: only the task "
	  "ended, and the status is its own. If a thread ends while its process is about to end, the "
	  "kernel reports the process's status; without this key, the status may be either." },
	{ KEY("replaced"), EVENT(EXIT), EVENT_HAVE_REPLACED, FIELD_BOOL, AT(exit.replaced),
	  "true: an exec by another thread of the process ended the task, so the task has no status of its "
	  "own." },
	{ KEY("sigchld_ignored"), EVENT(EXIT), EVENT_HAVE_IGNORED, FIELD_BOOL, AT(exit.sigchld_ignored),
	  "true: the process ended, and its parent, which is traced, ignores SIGCHLD. If the exit signal is "
	  "SIGCHLD, the kernel then sends no signal and keeps no zombie." },
	{ KEY("forbidden_by"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_INT, AT(exit.forbidden_by),
	  "If SIGSYS killed the task: who forbade the call. 1: a seccomp filter, 2: syscall user dispatch." },
	{ ADDED("call"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_STRING, AT(exit.call),
	  "The name of the forbidden call; empty: not known." },
	{ KEY("call_nr"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_COUNT, AT(exit.nr), "The number of that call." },
	{ KEY("call_audit_arch"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_UINT, AT(exit.audit_arch),
	  "The ABI of that number, AUDIT_ARCH_* of <linux/audit.h>." },
};

static const struct field reparent_rows[] = {
	{ KEY("from"), ALL, 0, FIELD_PID, AT(reparent.from), "The parent before; 0: not known." },
	{ KEY("to"), ALL, 0, FIELD_PID, AT(reparent.to), "The parent now." },
};

static const struct field verify_rows[] = {
	{ KEY("other"), ALL, 0, FIELD_PID, AT(verify.other),
	  "The task that tid is compared with: the new task, if tid is its creator. 0: cltrace itself, or "
	  "the namespaces that the descriptor names." },
	{ KEY("descriptor"), ALL, EVENT_HAVE_ENTERED, FIELD_INT, AT(verify.descriptor),
	  "After setns: the descriptor. Its namespaces are compared with the task's present ones." },
	{ KEY("said_shared"), ALL, 0, FIELD_BITS, AT(verify.said.shared),
	  "A bit for each resource that the two share according to the flags." },
	{ KEY("said_shared_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.said.shared), "The same resources by name." },
	{ KEY("said_apart"), ALL, 0, FIELD_BITS, AT(verify.said.apart),
	  "A bit for each resource that the two do not share according to the flags." },
	{ KEY("said_apart_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.said.apart), "The same resources by name." },
	{ KEY("shared"), ALL, 0, FIELD_BITS, AT(verify.answers.shared),
	  "The resources that the two share according to the kernel." },
	{ KEY("shared_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.answers.shared), "The same resources by name." },
	{ KEY("apart"), ALL, 0, FIELD_BITS, AT(verify.answers.apart),
	  "The resources that the two do not share according to the kernel." },
	{ KEY("apart_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.answers.apart), "The same resources by name." },
	{ KEY("neither"), ALL, 0, FIELD_BITS, AT(verify.answers.neither),
	  "The resources that neither task has, so the two do not share them." },
	{ KEY("neither_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.answers.neither), "The same resources by name." },
	{ KEY("not_asked"), ALL, 0, FIELD_BITS, AT(verify.answers.refused),
	  "The resources that cltrace could not ask the kernel about." },
	{ KEY("not_asked_names"), ALL, 0, FIELD_CHECK_NAMES, AT(verify.answers.refused),
	  "The same resources by name." },
	{ KEY("error"), ALL, 0, FIELD_INT, AT(verify.answers.error),
	  "The errno for the first of these resources; 0: none." },
	{ KEY("error_name"), ALL, 0, FIELD_ERROR_NAME, AT(verify.answers.error), "The name of that errno." },
	{ KEY("cause"), EVENT(DIFFERENCE), 0, FIELD_UINT, AT(verify.cause),
	  "Why the flags and the kernel differ, if known: a number." },
	{ KEY("cause_name"), EVENT(DIFFERENCE), 0, FIELD_CAUSE_NAME, NOWHERE,
	  "The name of that cause: unknown, no-io-context (the creator had no I/O context to share) or "
	  "for-children (the creator had chosen another namespace for its future children)." },
};

static const struct field note_rows[] = {
	{ KEY("note"), ALL, 0, FIELD_NOTE, AT(note.code),
	  "The kind of note; number and value below are the fields of the event. no-filter: seccomp is not "
	  "available, number is the errno. untraced: cltrace cleared CLONE_UNTRACED in the call. "
	  "creator-lost: a signal killed the creator of tid before its own event. set-id: a set-user-ID or "
	  "set-group-ID program runs without these rights, number is the owner, value is the user or group "
	  "that it runs as. signal-repeats: signal number came value times without effect. outlived: the "
	  "launched program ended, number tasks are still alive. no-duration: -T is not available. "
	  "stop-cost: with -T, a call that does nothing measures number to value nanoseconds, so tracing "
	  "itself costs that much per call. unreaped: number children of the process tid have ended and "
	  "tid has not waited for them when it ends or is detached. clone-hidden: an earlier seccomp "
	  "filter answers each clone3 with errno number, so cltrace does not see these calls. "
	  "ptrace-denied: the ptrace(2) call of tid failed because cltrace traces the task number; 0: tid "
	  "itself, with PTRACE_TRACEME. strict-denied: the kernel refused strict seccomp mode to tid "
	  "because of cltrace's filter. unreadable: the process number is not dumpable, so cltrace could "
	  "not read its memory. workers: the kernel runs number io_uring workers in the process tid, which "
	  "cltrace does not follow." },
	{ KEY("number"), ALL, 0, FIELD_SIGNED, AT(note.number), "See note." },
	{ KEY("value"), ALL, 0, FIELD_SIGNED, AT(note.value), "See note." },
	{ KEY("error_name"), ALL, 0, FIELD_NOTE_ERROR_NAME, NOWHERE,
	  "no-filter, clone-hidden: the name of the errno." },
	{ KEY("signal_name"), ALL, 0, FIELD_NOTE_SIGNAL_NAME, NOWHERE, "signal-repeats: the name of the signal." },
};

static const struct field end_rows[] = {
	{ KEY("status"), ALL, 0, FIELD_INT, AT(end.status),
	  "The launched program's status, as wait(2) reports it; 0: no launched program; -1: cltrace "
	  "detached from the program." },
	{ KEY("exit_code"), ALL, 0, FIELD_EXIT_CODE, NOWHERE, "If it exited: the exit code." },
	{ KEY("signal"), ALL, 0, FIELD_DEATH_SIGNAL, NOWHERE, "If a signal killed it: the signal." },
	{ KEY("signal_name"), ALL, 0, FIELD_DEATH_SIGNAL_NAME, NOWHERE,
	  "If a signal killed it: the name of the signal." },
	{ KEY("core"), ALL, 0, FIELD_CORE, NOWHERE, "true: a signal killed it, and it dumped core." },
};

static const struct field request_rows[] = {
	{ KEY("call"), ALL, 0, FIELD_CALL, AT_REQUEST(call), "The name of the call." },
	{ KEY("abi"), ALL, 0, FIELD_ABI, AT_REQUEST(abi), "The ABI that the caller used." },
	{ KEY("flags"), ALL, REQUEST_FLAGS, FIELD_BITS, AT_REQUEST(flags),
	  "The flags as passed, without the bits of clone's exit signal." },
	{ KEY("flag_names"), ALL, REQUEST_FLAGS, FIELD_FLAG_NAMES, NOWHERE,
	  "The names that these flags have in this call, lowest bit first; bits without a name come last, "
	  "as one number in hex." },
	{ KEY("exit_signal"), CREATIONS, REQUEST_FLAGS, FIELD_BITS, AT_REQUEST(exit_signal),
	  "Creations: the exit signal, which the end of the task sends; 0: none." },
	{ KEY("exit_signal_name"), CREATIONS, REQUEST_FLAGS, FIELD_EXIT_SIGNAL_NAME, NOWHERE,
	  "The name of that signal." },
	{ KEY("stack"), ALL, REQUEST_STACK, FIELD_BITS, AT_REQUEST(stack),
	  "clone: the child's stack pointer; clone3: the stack's lowest byte." },
	{ KEY("stack_size"), ALL, REQUEST_STACK_SIZE, FIELD_BITS, AT_REQUEST(stack_size),
	  "clone3: the size of the stack." },
	{ KEY("parent_tid"), ALL, REQUEST_PARENT_TID, FIELD_BITS, AT_REQUEST(parent_tid),
	  "With CLONE_PARENT_SETTID: the address." },
	{ KEY("child_tid"), ALL, REQUEST_CHILD_TID, FIELD_BITS, AT_REQUEST(child_tid),
	  "With CLONE_CHILD_SETTID or CLONE_CHILD_CLEARTID: the address." },
	{ KEY("tls"), ALL, REQUEST_TLS, FIELD_BITS, AT_REQUEST(tls), "With CLONE_SETTLS: the thread-local storage." },
	{ KEY("pidfd"), ALL, REQUEST_PIDFD, FIELD_BITS, AT_REQUEST(pidfd), "With CLONE_PIDFD: the address." },
	{ KEY("set_tid"), ALL, REQUEST_SET_TID, FIELD_BITS, AT_REQUEST(set_tid),
	  "clone3: the address of the list of requested tids. Comes together with set_tid_size." },
	{ KEY("set_tid_size"), ALL, REQUEST_SET_TID, FIELD_BITS, AT_REQUEST(set_tid_size),
	  "The number of entries that the program gave." },
	{ KEY("set_tid_list"), ALL, REQUEST_SET_TID_LIST, FIELD_TIDS, AT_REQUEST(set_tid_list),
	  "The entries, at most 32, if cltrace could read them." },
	{ KEY("cgroup"), ALL, REQUEST_CGROUP, FIELD_BITS, AT_REQUEST(cgroup),
	  "With CLONE_INTO_CGROUP: the descriptor of the cgroup." },
	{ KEY("size"), ALL, REQUEST_SIZE, FIELD_BITS, AT_REQUEST(size),
	  "clone3: the size of struct clone_args, if it is not 88 or cltrace could not read the struct." },
	{ KEY("newer"), ALL, REQUEST_NEWER, FIELD_NEWER, AT_REQUEST(newer),
	  "clone3: the bytes after the fields that cltrace knows, two digits each, without zeros at the "
	  "end." },
	{ KEY("args"), ALL, REQUEST_ARGS, FIELD_ARGS, AT_REQUEST(args),
	  "setns, setpgid, prctl, close_range, exit, exit_group: the six arguments." },
	{ KEY("address"), ALL, REQUEST_ARGS_ADDRESS, FIELD_BITS, AT_REQUEST(address),
	  "clone3: the address of struct clone_args, if cltrace could not read the struct." },
};

/* The values show which of the optional fields a frame has: frame_have(). */
static const struct field frame_rows[] = {
	{ KEY("ip"), ALL, 0, FIELD_BITS, AT_FRAME(ip), "The address at which the function continues." },
	{ KEY("object"), ALL, FRAME_HAVE_OBJECT, FIELD_STRING, AT_FRAME(object),
	  "The file of the code. Comes together with address; both are missing for code without a file." },
	{ KEY("address"), ALL, FRAME_HAVE_OBJECT, FIELD_BITS, AT_FRAME(address),
	  "The address in that file of ip, for `addr2line(1)` and the like." },
	{ KEY("function"), ALL, FRAME_HAVE_FUNCTION, FIELD_STRING, AT_FRAME(function),
	  "The function's name, demangled, if a symbol has it. Comes together with offset." },
	{ KEY("offset"), ALL, FRAME_HAVE_FUNCTION, FIELD_BITS, AT_FRAME(offset),
	  "The offset of ip in the function; 0 if the function is inlined." },
	{ KEY("inlined"), ALL, FRAME_HAVE_INLINED, FIELD_BOOL, AT_FRAME(inlined),
	  "true: the compiler inlined this function into the function of the next frame. Else missing." },
	{ KEY("file"), ALL, FRAME_HAVE_FILE, FIELD_STRING, AT_FRAME(file),
	  "The source file, from the debug information. Comes together with line." },
	{ KEY("line"), ALL, FRAME_HAVE_FILE, FIELD_UINT, AT_FRAME(line), "The line in the source file." },
};

static const struct kind_row kind_rows[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = { "begin", "", EVENT_ABOUT_TRACE, EVENT_LIFE_CONTINUES, ROWS(begin_rows),
			  "The trace starts. The first line of every recording, and its header." },
	[EVENT_ATTACH] = { "attach", "attach", EVENT_ABOUT_TASK, EVENT_LIFE_STARTS, ROWS(attach_rows),
			   "A task that existed before the trace: the launched program, or a task that cltrace "
			   "attached to." },
	[EVENT_LOOK] = { "look", "attach", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(look_rows),
			 "The state of a task at this moment: in a snapshot, after the task's attach event. "
			 "It always has all fields below." },
	[EVENT_SPAWN] = { "spawn", "creations process", EVENT_ABOUT_CHILD, EVENT_LIFE_STARTS, ROWS(spawn_rows),
			  "A new task. The event comes before all events of the task itself." },
	[EVENT_REFUSED] = { "refused", "process", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(refused_rows),
			    "A creation that failed." },
	[EVENT_VFORK_DONE] = { "vfork-done", "creations process", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES,
			       ROWS(vfork_done_rows),
			       "With -T: the creator of a task with CLONE_VFORK continues, because that task has "
			       "executed a program or ended. The event is missing if a signal killed the creator "
			       "before that." },
	[EVENT_CALL] = { "call", "", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(call_rows),
			 "Another call that cltrace follows, which creates no task: unshare, setns, setsid, "
			 "setpgid, prctl, close_range. A failed execve or execveat is such a call too; a "
			 "successful one is an exec event. A failed exec is missing if cltrace does not see "
			 "calls (mode is events), or if a seccomp filter of the program itself answered the "
			 "call. The search for the launched program along PATH is not part of the trace." },
	[EVENT_EXEC] = { "exec", "exec process execve execveat", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES,
			 ROWS(exec_rows), "The task executed a new program." },
	[EVENT_NAME] = { "name", "names", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(name_rows),
			 "The task gave itself a name with prctl(PR_SET_NAME). Missing with --no-origin." },
	[EVENT_SIGNAL] = { "signal", "signals signal", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(signal_rows),
			   "With --signals: the kernel delivers a signal to the task." },
	[EVENT_GROUP_STOP] = { "group-stop", "stops", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(signal_rows),
			       "A signal stopped the whole process." },
	[EVENT_GROUP_CONT] = { "group-cont", "stops", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(signal_rows),
			       "The whole process continues." },
	[EVENT_LEADER_EXIT] = { "leader-exit", "exit process exit_group", EVENT_ABOUT_TASK, EVENT_LIFE_ENDS,
				ROWS(exit_rows),
				"A thread group leader ended and remains a zombie while its threads live." },
	[EVENT_GROUP_EXIT] = { "group-exit", "exit process exit_group", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES,
			       ROWS(exit_rows), "The task called exit_group(2) in a process with several tasks." },
	[EVENT_EXIT] = { "exit", "exit process exit_group", EVENT_ABOUT_TASK, EVENT_LIFE_ENDS, ROWS(exit_rows),
			 "The task ended." },
	[EVENT_VERIFY] = { "verify", "verify", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(verify_rows),
			   "With --verify: what two tasks share according to the kernel. After spawn: the "
			   "creator and the new task, before either continues. After call and exec: the caller "
			   "and another task; after setns the caller and the namespaces of its descriptor. The "
			   "bits, from the lowest: memory, files, fs, sighand, sysvsem, io, cgroup_ns, ipc_ns, "
			   "mnt_ns, net_ns, pid_ns, time_ns, user_ns, uts_ns; tgid and ppid (the creator's, or "
			   "its own and the creator as parent); nspid (as many pid namespaces know both tasks); "
			   "nstgid (their process has the same pid within its own namespace); pid_for_children "
			   "and time_for_children (the new task is in the namespace that its creator has for "
			   "its children)." },
	[EVENT_DIFFERENCE] = { "difference", "verify", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(verify_rows),
			       "One resource for which the flags and the kernel differ; each mask has only that bit "
			       "or none. Comes after its verify event." },
	[EVENT_REPARENT] = { "reparent", "parents", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(reparent_rows),
			     "The process tid has a new parent because its former parent ended." },
	[EVENT_DETACH] = { "detach", "attach", EVENT_ABOUT_TASK, EVENT_LIFE_ENDS, NO_ROWS,
			   "cltrace detached from the task, which continues." },
	[EVENT_NOTE] = { "note", "notes", EVENT_ABOUT_TASK, EVENT_LIFE_CONTINUES, ROWS(note_rows),
			 "A note about the trace itself. tid may be 0." },
	[EVENT_END] = { "end", "", EVENT_ABOUT_TRACE, EVENT_LIFE_CONTINUES, ROWS(end_rows),
			"The trace ends. The last line." },
};

const struct fields event_common = ROWS(common_rows);
const struct fields request_fields = {
	request_rows,
	ARRAY_LENGTH(request_rows),
	"The call of a spawn, refused or call event. A field is missing if the call's flags do not make "
	"the kernel read it.",
};
const struct fields frame_fields = {
	frame_rows,
	ARRAY_LENGTH(frame_rows),
	"A stack is a list of frames, one for each function. Each frame's function called the function of "
	"the frame before it; the first frame's function made the system call.",
};

/* Code accesses fields through pointers to these types. */
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

	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
		if (name_is_listed(kind_rows[kind].words, word, length))
			kinds |= 1u << kind;
	return kinds;
}

bool field_is_always(const struct field *field)
{
	if (field->type == FIELD_CLOCK || field->type == FIELD_VERDICT)
		return true;
	return !field->have && field->type < FIELD_DERIVED;
}

unsigned event_added(enum event_kind kind)
{
	const struct fields *own = &event_kind_row(kind)->own;
	unsigned added = 0;

	for (const struct field *field = own->rows; field < own->rows + own->count; field++)
		if (field->added)
			added |= field->have;
	return added;
}
