/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that more than one sink uses. */
#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clone/kind.h"
#include "event/event.h"

struct request;
struct sink_options;
struct task;
struct text;

/* "exited 3" or "killed by SIGSEGV (core dumped)" for a wait status, "ended" for TASK_STATUS_UNKNOWN. */
void words_add_status(struct text *text, int status);

/* How TASK (NULL: not known) ended, as EVENT, an EXIT, reports: its status, or why it has none. */
void words_add_end(struct text *text, const struct event *event, const struct task *task);

/* Why SIGSYS killed the task, for an EXIT with EVENT_HAVE_FORBIDDEN: "its seccomp filter forbids clone3()". */
void words_add_forbidden(struct text *text, const struct event *event);

/* "1 thread", "2 threads": The plural of WORD ends with "s" or, for "process", "es". */
void words_add_count(struct text *text, uint64_t count, const char *word);

/* "EINVAL (Invalid argument)"; "errno 999" for a number without a name. */
void words_add_errno(struct text *text, int error);

/* "clone(...)"; "[i386] clone(...)" if the call's ABI is not that of OWN_ARCH, the tracer's audit arch. */
void words_add_call(struct text *text, const struct request *request, uint32_t own_arch);

/* EVENT, an exec that failed: "execve(/bin/x)", "execveat(3, x)"; the addresses if the file is not known. */
void words_add_exec(struct text *text, const struct event *event, uint32_t own_arch);

/* EVENT, a VFORK_DONE: "waited 1.23 ms until 4711 executed a program or ended". */
void words_add_wait(struct text *text, const struct event *event);

/* Whether EVENT is an exec that failed. */
bool words_is_failed_exec(const struct event *event);

/* The numbers of TASK: "4711 (2 inside) (was 4713)". */
void words_add_ids(struct text *text, const struct task *task);

/* What TASK is: "process", "process (vfork)", "thread, already there". */
void words_add_kind(struct text *text, const struct task *task);

/* The library call that created TASK, if it was seen on the stack and OPTIONS show origins; else NULL. */
const char *words_seen_call(const struct task *task, const struct sink_options *options);

/* The library call that created a task: "fork()" if it was SEEN, else "like fork()" if its request LOOKS_LIKE that.
 * False: neither is known (both NULL), and nothing is added. */
bool words_add_library_call(struct text *text, const char *seen, const char *looks_like);

/* The same of TASK, with BEFORE in front of it if it is known. */
void words_add_made_by(struct text *text, const char *before, const struct task *task,
		       const struct sink_options *options);

/* What became of it: "running", "exited 3", "replaced by exec". */
void words_add_outcome(struct text *text, const struct task *task);

/* What a NAME says: "is now named "worker 3"". */
void words_add_name(struct text *text, const struct event *event);

/* COMMAND, escaped for a terminal, cut to at most LENGTH bytes, which then end in "...". */
void words_add_command(struct text *text, const char *command, size_t length);

/* "613 ns", "61.3 us", "1.06 s": NS nanoseconds with three digits, or with all digits before the point. */
void words_add_time(struct text *text, uint64_t ns);

/* "process (vfork)"; "" for KIND_UNKNOWN. */
const char *words_kind(enum kind kind);

/* "main"; if the name is not known, the address and the file of the code: "0x1234 (prog)". */
void words_add_function(struct text *text, const struct frame *frame);

/* "main+0x42 at fork.c:12 (prog)", as much of it as is known. */
void words_add_frame(struct text *text, const struct frame *frame);

/* The function that begins at FRAME, with its ARGUMENT if that is not NULL: "serve(0x7) at worker.c:12"; without a line
 * "main+0x4f (prog)". */
void words_add_start(struct text *text, const struct frame *frame, const uint64_t *argument);

/* "by system() from main at fork.c:12": the library call that was seen on STACK, and the program's own frame; nothing
 * if neither is known. */
void words_add_origin(struct text *text, const struct stack *stack);

/* Says why STACK has no more frames, such as "it goes on: ..."; "" if it has all frames. */
const char *words_stack_end(const struct stack *stack);

/* "2 creations refused", or what a trace of this mode shows if none was seen. */
void words_add_refusals(struct text *text, uint64_t count, enum event_mode mode);

#endif
