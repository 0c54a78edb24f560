/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that more than one sink uses. */
#include "render/words.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/names.h"
#include "base/text.h"
#include "base/utf8.h"
#include "clone/request.h"
#include "event/signal.h"
#include "model/model.h"
#include "render/sink_options.h"
#include "snapshot/snapshot.h"

void words_add_status(struct text *text, int status)
{
	if (status == TASK_STATUS_UNKNOWN) {
		text_add(text, "ended");
	} else if (WIFEXITED(status)) {
		text_addf(text, "exited %d", WEXITSTATUS(status));
	} else if (WIFSIGNALED(status)) {
		text_add(text, "killed by ");
		signal_add_name(text, WTERMSIG(status));
		if (WCOREDUMP(status))
			text_add(text, " (core dumped)");
	} else {
		text_addf(text, "ended with wait status 0x%x", (unsigned)status);
	}
}

void words_add_end(struct text *text, const struct event *event, const struct task *task)
{
	if (event->exit.replaced)
		text_add(text, "replaced by exec");
	else if (task && task->with_process)
		text_add(text, "ended with its process");
	else
		words_add_status(text, task ? task->status : event->exit.status);
}

void words_add_forbidden(struct text *text, const struct event *event)
{
	text_add(text, event->exit.forbidden_by == SIGNAL_SYS_USER_DISPATCH ? "its syscall user dispatch forbids "
									    : "its seccomp filter forbids ");
	if (*event->exit.call) {
		text_add_escaped(text, event->exit.call);
		text_add(text, "()");
	} else {
		text_addf(text, "system call %" PRIu64, event->exit.nr);
	}
}

void words_add_count(struct text *text, uint64_t count, const char *word)
{
	size_t length = strlen(word);
	const char *plural = length && word[length - 1] == 's' ? "es" : "s";

	text_addf(text, "%" PRIu64 " %s%s", count, word, count == 1 ? "" : plural);
}

void words_add_errno(struct text *text, int error)
{
	const char *name = errno_name(error);

	if (name)
		text_addf(text, "%s (%s)", name, strerror(error));
	else
		text_addf(text, "errno %d", error);
}

static void add_abi(struct text *text, const struct abi *abi, uint32_t own_arch)
{
	if (abi->audit_arch != own_arch || abi->nr_mark) /* x32 has the audit arch of x86_64 */
		text_addf(text, "[%s] ", abi->name);
}

void words_add_call(struct text *text, const struct request *request, uint32_t own_arch)
{
	add_abi(text, request->abi, own_arch);
	request_format(text, request);
}

void words_add_wait(struct text *text, const struct event *event)
{
	text_add(text, "waited ");
	words_add_time(text, event->vfork_done.waited);
	text_addf(text, " until %d executed a program or ended", (int)event->vfork_done.child);
}

bool words_is_failed_exec(const struct event *event)
{
	return event->kind == EVENT_CALL && call_is_exec(event->attempt.request.call) && event->call.result < 0;
}

void words_add_exec(struct text *text, const struct event *event, uint32_t own_arch)
{
	const struct request *request = &event->attempt.request;
	const int descriptor = (int)request->args[0];

	if (!(event->have & EVENT_HAVE_FILE)) {
		words_add_call(text, request, own_arch);
		return;
	}
	add_abi(text, request->abi, own_arch);
	text_addf(text, "%s(", call_name(request->call));
	if (request->call == CALL_EXECVEAT && descriptor == AT_FDCWD)
		text_add(text, "AT_FDCWD, ");
	else if (request->call == CALL_EXECVEAT)
		text_addf(text, "%d, ", descriptor);
	text_add(text, "\"");
	text_add_escaped(text, event->call.file);
	text_add(text, "\")");
}

static const char *const kind_words[KIND_COUNT] = {
	[KIND_UNKNOWN] = "",
	[KIND_THREAD] = "thread",
	[KIND_PROCESS] = "process",
	[KIND_PROCESS_VFORK] = "process (vfork)",
	[KIND_PROCESS_SHARING] = "process (shared memory)",
	[KIND_PROCESS_NAMESPACES] = "process (namespaces)",
};

const char *words_kind(enum kind kind)
{
	return kind_words[kind];
}

void words_add_ids(struct text *text, const struct task *task)
{
	text_addf(text, "%d", (int)task->tid);
	if (task->nspid)
		text_addf(text, " (%d inside)", (int)task->nspid);
	if (task->former)
		text_addf(text, " (was %d)", (int)task->former);
}

void words_add_kind(struct text *text, const struct task *task)
{
	bool leader = task->process->tgid == task->tid;

	if (task->former)
		text_add(text, "thread, now leader");
	else if (task->kind != KIND_UNKNOWN)
		text_add(text, kind_words[task->kind]);
	else
		text_add(text, snap_kind_name(task->process->kernel, task->worker, leader));
	if (!leader && !task->creator)
		text_addf(text, " of %d", (int)task->process->tgid);
	if (task->attached)
		text_add(text, ", already there");
}

const char *words_seen_call(const struct task *task, const struct sink_options *options)
{
	return options->origin == SINK_ORIGIN_NEVER ? NULL : task->seen;
}

bool words_add_library_call(struct text *text, const char *seen, const char *looks_like)
{
	if (seen)
		text_add(text, seen);
	else if (looks_like)
		text_addf(text, "like %s", looks_like);
	return seen || looks_like;
}

void words_add_made_by(struct text *text, const char *before, const struct task *task,
		       const struct sink_options *options)
{
	const size_t length = text->length;

	text_add(text, before);
	if (!words_add_library_call(text, words_seen_call(task, options), task->looks_like))
		text_cut(text, length);
}

void words_add_outcome(struct text *text, const struct task *task)
{
	switch (task->state) {
	case TASK_ALIVE:
		text_add(text, task->process->stopped ? "stopped" : "running");
		break;
	case TASK_ZOMBIE:
		text_add(text, task->process->nlwp ? "zombie leader" : "zombie");
		if (task->status == TASK_STATUS_UNKNOWN)
			break;
		text_add(text, ", ");
		words_add_status(text, task->status);
		break;
	case TASK_ENDED:
		if (task->with_process)
			text_add(text, "ended with its process");
		else
			words_add_status(text, task->status);
		break;
	case TASK_REPLACED:
		text_add(text, "replaced by exec");
		break;
	case TASK_DETACHED:
		text_add(text, "detached");
		break;
	}
}

void words_add_name(struct text *text, const struct event *event)
{
	text_add(text, "is now named \"");
	if (event->have & EVENT_HAVE_NAME)
		text_add_escaped(text, event->name.name);
	text_add(text, "\"");
}

void words_add_command(struct text *text, const char *command, size_t length)
{
	const size_t begin = text->length, end = begin + length - strlen("...");
	size_t kept = begin;

	text_add_escaped(text, command);
	if (text->length <= begin + length)
		return;
	text_cut(text, begin);
	while (text->length <= end) {
		const size_t bytes = utf8_length((const unsigned char *)command, UTF8_MAX);
		char letter[UTF8_MAX + 1] = "";

		kept = text->length;
		memcpy(letter, command, bytes ? bytes : 1);
		text_add_escaped(text, letter);
		command += strlen(letter);
	}
	text_cut(text, kept);
	text_add(text, "...");
}

void words_add_time(struct text *text, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { CLOCK_SECOND, "s" }, { 1000000, "ms" }, { 1000, "us" } };

	for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
		const double time = (double)ns / (double)units[i].ns;

		if (ns < units[i].ns)
			continue;
		text_addf(text, "%.*f %s", time < 9.995 ? 2 : time < 99.95, time, units[i].name);
		return;
	}
	text_addf(text, "%" PRIu64 " ns", ns);
}

/* Not "0 refused": cltrace never sees what another seccomp filter refuses, such as the program's own or a container's.
 */
void words_add_refusals(struct text *text, uint64_t count, enum event_mode mode)
{
	if (count) {
		words_add_count(text, count, "creation");
		text_add(text, " refused");
	} else if (mode == EVENT_MODE_EVENTS || mode == EVENT_MODE_SNAPSHOT) {
		text_add(text, "refused creations were not looked for");
	} else {
		text_add(text, "no refused creation seen");
	}
}

/* "main", with "+0x42" if there is no source line. */
static void add_function(struct text *text, const struct frame *frame, bool offset)
{
	if (frame->function) {
		text_add_escaped(text, frame->function);
		if (offset && !frame->inlined)
			text_addf(text, "+0x%" PRIx64, frame->offset);
	} else {
		text_addf(text, "0x%" PRIx64, frame->object ? frame->address : frame->ip);
	}
}

static void add_line(struct text *text, const struct frame *frame)
{
	if (!frame->file)
		return;
	text_add(text, " at ");
	text_add_escaped(text, stack_base_name(frame->file));
	text_addf(text, ":%u", frame->line);
}

static void add_object(struct text *text, const struct frame *frame)
{
	text_add(text, " (");
	text_add_escaped(text, frame->object ? stack_base_name(frame->object) : "code without a file");
	text_add(text, ")");
}

void words_add_function(struct text *text, const struct frame *frame)
{
	add_function(text, frame, false);
	if (!frame->function)
		add_object(text, frame);
}

void words_add_frame(struct text *text, const struct frame *frame)
{
	add_function(text, frame, true);
	add_line(text, frame);
	if (frame->inlined)
		text_add(text, " (inlined)");
	else
		add_object(text, frame);
}

void words_add_start(struct text *text, const struct frame *frame, const uint64_t *argument)
{
	add_function(text, frame, !frame->file && frame->offset);
	if (argument)
		text_addf(text, "(0x%" PRIx64 ")", *argument);
	if (frame->file)
		add_line(text, frame);
	else
		add_object(text, frame);
}

void words_add_origin(struct text *text, const struct stack *stack)
{
	const char *call = stack_library_call(stack);
	const struct frame *origin = stack_origin(stack);

	if (call)
		text_addf(text, "by %s", call);
	if (!origin)
		return;
	text_add(text, call ? " from " : "from ");
	words_add_start(text, origin, NULL);
}

const char *words_stack_end(const struct stack *stack)
{
	switch (stack->end) {
	case STACK_WHOLE:
	case STACK_ORIGIN:
	case STACK_END_COUNT:
		break;
	case STACK_LIMIT:
		return "and more: -k=N shows up to N frames";
	case STACK_BROKEN:
		return stack->count ? "what called that cannot be found" : "no code is there";
	case STACK_UNREADABLE:
		return "the task's registers or memory cannot be read";
	case STACK_ABI:
		return "32-bit code cannot be unwound by this cltrace";
	}
	return "";
}
