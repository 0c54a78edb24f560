/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The default output: one strace-like line for each call, then in plain words what it made; a tally and a tree last.
 *
 * An event is handed to the output in one write of whole lines. Every event begins with the tid it is about, behind the
 * time when that is asked for; its further lines are indented to the column after the tid. */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/check.h"
#include "clone/flags.h"
#include "clone/rules/rules.h"
#include "model/filter.h"
#include "render/delivery.h"
#include "render/detail.h"
#include "render/fold.h"
#include "render/words.h"
#include "sink/formats.h"
#include "sink/tree.h"
#include "snapshot/snapshot.h"
#include "teach/effect.h"
#include "teach/explain.h"

#define SIGNAL_MAX 64
#define SENTENCE_WIDTH 100 /* where sentences are folded when the output has no width of its own */

#define COLOR_THREAD "\033[1;36m"
#define COLOR_PROCESS "\033[1;32m"
#define COLOR_REFUSED "\033[1;31m"

struct sink {
	struct sink_base base;
	struct text line;  /* the line that is being made */
	unsigned column;   /* behind the tid */
	bool begun;	   /* the first line of the event stands */
	const char *color; /* of the part of `line` from color_from on */
	size_t color_from;
	uint64_t realtime, when; /* the two clocks at BEGIN */
	uint64_t last;		 /* `when` of the latest event */
	uint64_t before;	 /* `when` of the event printed last; 0: none was */
	enum event_mode mode;
	uint32_t own_arch; /* BEGIN's */
	unsigned reported; /* misconceptions that were corrected */
	uint64_t verified, differences;
};

/* ---- lines ---- */

static void add_clock(struct sink *sink, uint64_t when)
{
	uint64_t real = sink->realtime + (when - sink->when);
	time_t seconds = (time_t)(real / CLOCK_SECOND);
	unsigned micro = (unsigned)(real % CLOCK_SECOND / 1000);
	uint64_t since = sink->before ? when - sink->before : 0;
	struct tm tm;
	char clock[sizeof("23:59:60")] = "";

	switch (sink->base.options.clock) {
	case SINK_CLOCK_NONE:
		return;
	case SINK_CLOCK_SECONDS:
	case SINK_CLOCK_MICRO:
		if (localtime_r(&seconds, &tm))
			strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
		text_add(&sink->base.text, clock);
		if (sink->base.options.clock == SINK_CLOCK_MICRO)
			text_addf(&sink->base.text, ".%06u", micro);
		break;
	case SINK_CLOCK_EPOCH:
		text_addf(&sink->base.text, "%lld.%06u", (long long)seconds, micro);
		break;
	case SINK_CLOCK_RELATIVE: /* strace's "%6ld.%06ld" */
		text_addf(&sink->base.text, "%6" PRIu64 ".%06" PRIu64, since / CLOCK_SECOND,
			  since % CLOCK_SECOND / 1000);
		break;
	}
	text_add(&sink->base.text, " ");
}

/* Begins what is printed for EVENT, about TID (0: none). */
static void begin_event(struct sink *sink, const struct event *event, pid_t tid)
{
	add_clock(sink, event->when);
	if (tid)
		text_addf(&sink->base.text, "%d ", (int)tid);
	sink->column = (unsigned)sink->base.text.length;
	sink->begun = false;
	sink->before = event->when;
}

/* What is added to the line from here on is shown in COLOR. */
static void color_rest(struct sink *sink, const char *color)
{
	sink->color = color;
	sink->color_from = sink->line.length;
}

/* Ends the line and lays it out, its bytes FROM to TO in COLOR (NULL: none). */
static void finish_line_colored(struct sink *sink, enum fold_at at, const char *color, size_t from, size_t to)
{
	struct fold fold = {
		.at = at,
		.width = sink->base.options.width,
		.column = sink->column,
		.color = sink->base.options.color ? color : NULL,
		.color_from = from,
		.color_to = to,
	};

	/* Calls stay on one line for grep; what explains them is for people. */
	if (at == FOLD_WORDS && !fold.width)
		fold.width = SENTENCE_WIDTH;
	if (sink->begun)
		text_addf(&sink->base.text, "%*s", (int)sink->column, "");
	fold_add(&sink->base.text, text_get(&sink->line), &fold);
	text_clear(&sink->line);
	sink->begun = true;
	sink->color = NULL;
}

static void finish_line(struct sink *sink, enum fold_at at)
{
	finish_line_colored(sink, at, sink->color, sink->color_from, sink->line.length);
}

/* Finishes a line that begins with a verdict in capitals. */
static void finish_verdict(struct sink *sink)
{
	const char *line = text_get(&sink->line);
	size_t length = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const char *color = COLOR_PROCESS;

	if (!strncmp(line, "THREAD", length))
		color = COLOR_THREAD;
	else if (!strncmp(line, "REFUSED", length))
		color = COLOR_REFUSED;
	finish_line_colored(sink, FOLD_WORDS, color, 0, length);
}

static void add_time_spent(struct sink *sink, uint64_t ns)
{
	text_addf(&sink->line, " <%" PRIu64 ".%06" PRIu64 ">", ns / CLOCK_SECOND, ns % CLOCK_SECOND / 1000);
}

static void add_duration(struct sink *sink, const struct event *event, uint64_t duration)
{
	if (sink->base.options.duration && (event->have & EVENT_HAVE_DURATION))
		add_time_spent(sink, duration);
}

/* " = -1 EINVAL (Invalid argument)" */
static void add_error(struct sink *sink, int error)
{
	text_add(&sink->line, " = ");
	color_rest(sink, COLOR_REFUSED);
	text_add(&sink->line, "-1 ");
	words_add_errno(&sink->line, error);
}

/* ": COMMAND" and the end of the line. */
static void finish_command(struct sink *sink, const struct event *event, const char *command)
{
	if (event->have & EVENT_HAVE_COMMAND) {
		text_add(&sink->line, ": ");
		text_add_escaped(&sink->line, command);
	}
	finish_line(sink, FOLD_CUT);
}

/* -y: what the descriptors of a call refer to: NUMBER[<WHAT>], by NAME. */
static void add_descriptor(struct sink *sink, const char *name, int64_t number, const char *what)
{
	text_addf(&sink->line, "%s%s=%" PRId64 "<", sink->line.length ? ", " : "descriptor: ", name, number);
	text_add_escaped(&sink->line, what);
	text_add(&sink->line, ">");
}

static void finish_descriptors(struct sink *sink, const struct event *event)
{
	if (!sink->base.options.descriptors)
		return;
	if (event->kind == EVENT_SPAWN && event->have & EVENT_HAVE_PIDFD)
		add_descriptor(sink, "pidfd", event->spawn.pidfd, event->spawn.pidfd_is);
	if (event->have & EVENT_HAVE_REFERS && event->kind == EVENT_CALL)
		add_descriptor(sink, "fd", (int)event->attempt.request.args[0], event->attempt.refers);
	else if (event->have & EVENT_HAVE_REFERS && event_attempt(event))
		add_descriptor(sink, "cgroup", (int)event->attempt.request.cgroup, event->attempt.refers);
	if (sink->line.length)
		finish_line(sink, FOLD_WORDS);
}

/* ---- creations ---- */

/* In brackets, before the call, what of its maker and of itself is not known. */
static void add_unseen(struct text *line, const struct event *event)
{
	bool creator = event->have & EVENT_HAVE_CREATOR, request = event->have & EVENT_HAVE_REQUEST;

	if (creator) {
		text_add(line, request ? "" : "(call not seen)");
		return;
	}
	if (event->spawn.creator_tgid)
		text_addf(line, "(by process %d, task not known", (int)event->spawn.creator_tgid);
	else
		text_add(line, "(by a task not known");
	text_add(line, request ? ") " : ", call not seen)");
}

/* The task's own id beside the tracer's; 0: it is the same. */
static void add_inside(struct text *line, pid_t nspid)
{
	if (nspid)
		text_addf(line, " (%d inside)", (int)nspid);
}

static void finish_spawn_call(struct sink *sink, const struct event *event)
{
	struct text *line = &sink->line;

	add_unseen(line, event);
	if (event->have & EVENT_HAVE_REQUEST)
		words_add_call(line, &event->attempt.request, sink->own_arch);
	text_addf(line, " = %d", (int)event->spawn.child);
	if (event->have & EVENT_HAVE_RETURNED)
		text_addf(line, " (the caller got %d)", (int)event->spawn.returned);
	if (sink->base.options.quiet)
		add_inside(line, event->have & EVENT_HAVE_NSPID ? event->spawn.nspid : 0);
	add_duration(sink, event, event->attempt.duration);
	finish_line(sink, FOLD_ARGUMENTS);
}

/* The verdict as far as the pids alone carry it. */
static void finish_verdict_unknown(struct sink *sink, const struct parties *parties)
{
	struct text *line = &sink->line;

	if (!parties->child_tgid) {
		text_addf(line, "TASK %d", (int)parties->child);
		add_inside(line, parties->inside);
		text_add(line, ": thread or process is not known");
	} else if (parties->child_tgid == parties->child) {
		text_addf(line, "PROCESS %d", (int)parties->child);
		add_inside(line, parties->inside);
		text_add(line, ": leads its own thread group");
		if (parties->parent)
			text_addf(line, ", child of %d", (int)parties->parent);
	} else {
		text_addf(line, "THREAD %d", (int)parties->child);
		add_inside(line, parties->inside);
		text_addf(line, " of process %d", (int)parties->child_tgid);
		if (parties->threads) {
			text_add(line, ", now ");
			words_add_count(line, parties->threads, "thread");
		}
	}
	text_add(line, "; its flags are not known");
	finish_verdict(sink);
}

static void detail_line(void *data, const char *line)
{
	struct sink *sink = data;

	text_add(&sink->line, line);
	finish_line(sink, FOLD_WORDS);
}

/* What -v adds to a call. */
static struct detail detail_of(struct sink *sink)
{
	const unsigned width = sink->base.options.width ? sink->base.options.width : SENTENCE_WIDTH;

	return (struct detail){
		.line = detail_line,
		.data = sink,
		.room = width > sink->column ? width - sink->column : 0,
		.reported = &sink->reported,
	};
}

static struct parties spawn_parties(const struct step *step)
{
	const struct event *event = step->event;
	const struct process *process = step->other ? step->other->process : NULL;

	return (struct parties){
		.creator = event->have & EVENT_HAVE_CREATOR ? event->tid : 0,
		.creator_tgid = event->spawn.creator_tgid,
		.child = event->spawn.child,
		.inside = event->have & EVENT_HAVE_NSPID ? event->spawn.nspid : 0,
		.child_tgid = event->spawn.child_tgid,
		.parent = event->have & EVENT_HAVE_PPID ? event->spawn.ppid
			  : process			? process->ppid
							: 0,
		.threads = process ? process->nlwp : 0,
	};
}

static bool shows_origin(const struct sink *sink)
{
	return sink->base.options.origin != SINK_ORIGIN_NEVER;
}

/* Whether the library call that made TASK was seen, and is shown. */
static bool is_call_seen(const struct sink *sink, const struct task *task)
{
	return task && words_seen_call(task, &sink->base.options);
}

/* Adds INTRO and the namespaces in MASK, as TASK has them: "mnt 4026531841, net (the tracer's)". */
static void add_namespaces(struct text *line, const char *intro, const struct task *task, unsigned mask)
{
	const char *before = intro;

	for (unsigned i = 0; i < EVENT_NS_COUNT; i++) {
		const uint64_t id = task->ns ? task->ns->ids[i] : 0;
		const enum event_ns kind = i == EVENT_NS_PID_CHILDREN	 ? EVENT_NS_PID
					   : i == EVENT_NS_TIME_CHILDREN ? EVENT_NS_TIME
									 : (enum event_ns)i;

		if (!(mask >> i & 1))
			continue;
		text_addf(line, "%s%s ", before, snap_ns_key((enum snap_ns)kind));
		if (!id)
			text_add(line, "(the tracer's)");
		else if (id & TASK_NS_UNNAMED)
			text_add(line, "(number not known)");
		else
			text_addf(line, "%" PRIu64, id);
		before = ", ";
	}
}

/* Whether TASK's children will be in another namespace OWN than it is. */
static bool parts_from_children(const struct task *task, enum event_ns own, enum event_ns children)
{
	return task->ns && task->ns->ids[own] != task->ns->ids[children];
}

/* -v: in which other namespaces TASK is since this event, after INTRO, and in which its children are going to be. */
static void finish_namespaces(struct sink *sink, const struct step *step, const struct task *task, const char *intro)
{
	const unsigned own = step->ns_changed & ((1U << EVENT_NAMESPACES) - 1);
	unsigned children = 0;

	if (!sink->base.options.verbose || !task || !step->ns_changed)
		return;
	if (parts_from_children(task, EVENT_NS_PID, EVENT_NS_PID_CHILDREN))
		children |= 1U << EVENT_NS_PID_CHILDREN;
	if (parts_from_children(task, EVENT_NS_TIME, EVENT_NS_TIME_CHILDREN))
		children |= 1U << EVENT_NS_TIME_CHILDREN;
	children &= step->ns_changed;
	add_namespaces(&sink->line, intro, task, own);
	add_namespaces(&sink->line, own ? "; for its children: " : "other namespaces for its children: ", task,
		       children);
	if (sink->line.length)
		finish_line(sink, FOLD_WORDS);
}

/* -v: all numbers of a new task, where there are more than two. */
static void finish_nspids(struct sink *sink, const struct event *event, const struct nspids *nspids)
{
	if (!sink->base.options.verbose || !(event->have & EVENT_HAVE_NSPIDS))
		return;
	text_add(&sink->line, "its ids, from the tracer's pid namespace to its own: ");
	for (unsigned i = 0; i < nspids->count; i++)
		text_addf(&sink->line, "%s%d", i ? ", " : "", (int)nspids->list[i]);
	finish_line(sink, FOLD_WORDS);
}

/* Why the stack that is shown ends where it ends. */
static void finish_stack_end(struct sink *sink, const struct stack *stack)
{
	const struct stack cut = { .end = STACK_LIMIT, .count = sink->base.options.frames };
	const char *end = words_stack_end(stack->count > cut.count ? &cut : stack);

	if (!*end)
		return;
	text_addf(&sink->line, "  (%s)", end);
	finish_line(sink, FOLD_WORDS);
}

/* Why there is no origin in STACK. */
static const char *lack_of_origin(const struct stack *stack)
{
	if (stack->end == STACK_LIMIT)
		return "the stack is too deep";
	if (stack->end == STACK_ORIGIN)
		return "what asked the kernel has no name, and may be the C library's";
	return stack->end == STACK_WHOLE ? "no function of the program's is on the stack" : words_stack_end(stack);
}

/* Who asked for it in the program. */
static void finish_origin(struct sink *sink, const struct event *event, const struct stack *stack)
{
	if (!(event->have & EVENT_HAVE_STACK) || !shows_origin(sink))
		return;
	words_add_origin(&sink->line, stack);
	if (!sink->line.length && !sink->base.options.frames && sink->base.options.origin == SINK_ORIGIN_ALWAYS)
		text_addf(&sink->line, "origin not known: %s", lack_of_origin(stack));
	if (sink->line.length)
		finish_line(sink, FOLD_WORDS);
}

/* -k */
static void finish_stack(struct sink *sink, const struct event *event, const struct stack *stack)
{
	if (!(event->have & EVENT_HAVE_STACK) || !sink->base.options.frames)
		return;
	text_add(&sink->line, "stack:");
	finish_line(sink, FOLD_WORDS);
	for (unsigned i = 0; i < stack->count && i < sink->base.options.frames; i++) {
		text_addf(&sink->line, "  #%u ", i);
		words_add_frame(&sink->line, &stack->frames[i]);
		finish_line(sink, FOLD_CUT);
	}
	finish_stack_end(sink, stack);
}

static void finish_memory_of_stack(struct sink *sink, const char *intro, uint64_t base, uint64_t size, uint64_t guard)
{
	text_addf(&sink->line, "%s 0x%" PRIx64 "+0x%" PRIx64, intro, base, size);
	if (guard)
		text_addf(&sink->line, " above a guard of %" PRIu64 " bytes", guard);
	finish_line(sink, FOLD_WORDS);
}

/* What the new task runs, and how its library knows it. */
static void finish_start(struct sink *sink, const struct event *event)
{
	struct text *line = &sink->line;

	if (!shows_origin(sink))
		return;
	if (event->have & EVENT_HAVE_START) {
		text_add(line, "runs ");
		words_add_start(line, &event->spawn.start,
				event->have & EVENT_HAVE_ARGUMENT ? &event->spawn.argument : NULL);
	}
	if (event->have & EVENT_HAVE_PTHREAD)
		text_addf(line, "%spthread_t 0x%" PRIx64 " is LWP %d", line->length ? "; " : "", event->spawn.pthread,
			  (int)event->spawn.child);
	if (line->length)
		finish_line(sink, FOLD_WORDS);
	if (event->have & EVENT_HAVE_NEW_STACK)
		finish_memory_of_stack(sink, "its stack is", event->spawn.new_stack, event->spawn.new_stack_size,
				       event->spawn.new_stack_guard);
	if (event->have & EVENT_HAVE_STACK_MAPPING)
		finish_memory_of_stack(sink, "its stack is in the memory", event->spawn.stack_mapping,
				       event->spawn.stack_mapping_size, event->spawn.stack_mapping_guard);
}

/* Where a creation comes from and where it goes on: the program's side of the call. */
static void finish_program_side(struct sink *sink, const struct event *event)
{
	finish_origin(sink, event, &event->attempt.stack);
	finish_start(sink, event);
}

/* -T and -v: what the creation had to copy, beside the time that it took. */
static void finish_memory(struct sink *sink, const struct event *event, const struct parties *parties)
{
	const struct request *request = &event->attempt.request;
	uint64_t made = event->spawn.child_page_tables;
	struct text *line = &sink->line;

	if (!sink->base.options.duration || !(event->have & EVENT_HAVE_MEMORY))
		return;
	text_addf(line, "page tables: %d has %" PRIu64 " KiB of them, for %" PRIu64 " KiB in memory; ",
		  (int)parties->creator, event->spawn.page_tables / 1024, event->spawn.resident / 1024);
	if (request->flags & FLAG_VM)
		text_addf(line, "%d uses the same, and nothing was copied", (int)parties->child);
	else if (made)
		text_addf(line,
			  "%" PRIu64 " KiB were made for %d by copying those, the pages themselves were not copied",
			  made / 1024, (int)parties->child);
	else
		text_addf(line, "%d got a copy of those, the pages themselves were not copied", (int)parties->child);
	finish_line(sink, FOLD_WORDS);
}

/* That the call is a library's second attempt. */
static void finish_retry(struct sink *sink, const struct step *step)
{
	if (!step->retry_of)
		return;
	text_addf(&sink->line,
		  "second attempt of %d: its clone3 for the same failed with ENOSYS, and C libraries then fall back "
		  "to clone",
		  (int)step->event->tid);
	finish_line(sink, FOLD_WORDS);
}

static void finish_spawn_namespaces(struct sink *sink, const struct step *step)
{
	struct text intro = TEXT_INIT;

	if (step->task && step->ns_changed)
		text_addf(&intro, "in other namespaces than %d: ", (int)step->task->tid);
	else
		text_add(&intro, "in other namespaces than the tracer: ");
	finish_namespaces(sink, step, step->other, text_get(&intro));
	text_done(&intro);
}

/* The lines between the call's and what the tasks share. */
static void finish_made(struct sink *sink, const struct step *step, const struct parties *parties)
{
	const struct event *event = step->event;

	if (!(event->have & EVENT_HAVE_REQUEST)) {
		finish_verdict_unknown(sink, parties);
	} else {
		explain_verdict(&sink->line, &event->attempt.request, parties);
		finish_verdict(sink);
		finish_retry(sink, step);
	}
	finish_nspids(sink, event, &event->spawn.nspids);
	finish_spawn_namespaces(sink, step);
	finish_program_side(sink, event);
}

static void finish_sharing(struct sink *sink, const struct event *event, const struct parties *parties)
{
	const struct request *request = &event->attempt.request;

	if (!(event->have & EVENT_HAVE_REQUEST))
		return;
	if (sink->base.options.verbose) {
		const struct detail detail = detail_of(sink);

		finish_memory(sink, event, parties);
		detail_matrix(&detail, request, parties);
		detail_flags(&detail, request, parties);
		detail_missing(&detail, request, parties);
		detail_remarks(&detail, request, parties);
		return;
	}
	explain_sharing(&sink->line, request, parties);
	if (sink->line.length)
		finish_line(sink, FOLD_WORDS);
}

static void print_spawn(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	struct parties parties = spawn_parties(step);

	begin_event(sink, event, event->have & EVENT_HAVE_CREATOR ? event->tid : event->spawn.child);
	finish_spawn_call(sink, event);
	if (sink->base.options.quiet) {
		finish_program_side(sink, event);
	} else {
		parties.seen = is_call_seen(sink, step->other);
		finish_made(sink, step, &parties);
		finish_sharing(sink, event, &parties);
		finish_descriptors(sink, event);
	}
	finish_stack(sink, event, &event->attempt.stack);
}

/* The parties to a call that made no task. */
static struct parties caller_parties(const struct step *step)
{
	return (struct parties){
		.creator = step->event->tid,
		.creator_tgid = step->task ? step->task->process->tgid : 0,
	};
}

/* "REFUSED: WHAT"; with -v, what the flags would have done. */
static void finish_refused(struct sink *sink, const struct step *step, const struct request *request, int error,
			   const char *what)
{
	const struct event *event = step->event;
	const struct parties parties = caller_parties(step);

	text_addf(&sink->line, "REFUSED: %s", what);
	rules_explain_refusal(&sink->line, request, error, event_facts(event));
	finish_verdict(sink);
	finish_retry(sink, step);
	if (event->kind == EVENT_REFUSED)
		finish_origin(sink, event, &event->attempt.stack);
	if (sink->base.options.verbose) {
		const struct detail detail = detail_of(sink);

		detail_refused(&detail, request, &parties);
	}
}

static void print_refused(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	begin_event(sink, event, event->tid);
	words_add_call(&sink->line, &event->attempt.request, sink->own_arch);
	add_error(sink, event->refused.error);
	add_duration(sink, event, event->attempt.duration);
	finish_line(sink, FOLD_ARGUMENTS);
	if (sink->base.options.quiet) {
		finish_origin(sink, event, &event->attempt.stack);
	} else {
		finish_refused(sink, step, &event->attempt.request, event->refused.error, "no task was made");
		finish_descriptors(sink, event);
	}
	finish_stack(sink, event, &event->attempt.stack);
}

/* What is the same said in numbers is for -v; so is what is behind the others, where no call was about that. */
static const uint64_t asides = UINT64_C(1) << CHECK_NSPID | UINT64_C(1) << CHECK_NSTGID;
static const uint64_t behind = UINT64_C(1) << CHECK_NS_PID_CHILDREN | UINT64_C(1) << CHECK_NS_TIME_CHILDREN;

static const uint64_t namespaces = UINT64_C(1) << CHECK_NS_CGROUP | UINT64_C(1) << CHECK_NS_IPC |
				   UINT64_C(1) << CHECK_NS_MNT | UINT64_C(1) << CHECK_NS_NET |
				   UINT64_C(1) << CHECK_NS_PID | UINT64_C(1) << CHECK_NS_TIME |
				   UINT64_C(1) << CHECK_NS_USER | UINT64_C(1) << CHECK_NS_UTS;

/* Adds INTRO and the names of what MASK has; of all namespaces together one name. */
static void add_checks(struct text *line, const char *intro, uint64_t mask)
{
	const bool all = (mask & namespaces) == namespaces;
	const char *before = intro;

	mask &= all ? ~(asides | namespaces) : ~asides;
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		if (!(mask >> i & 1))
			continue;
		text_addf(line, "%s%s", before, check_name((enum check)i));
		before = ", ";
	}
	if (all)
		text_addf(line, "%sall namespaces", before);
}

/* ---- other calls ---- */

static void finish_call_details(struct sink *sink, const struct request *request, const struct parties *parties)
{
	const struct detail detail = detail_of(sink);

	if (request->call != CALL_UNSHARE && request->call != CALL_SETNS)
		return;
	detail_matrix(&detail, request, parties);
	detail_flags(&detail, request, parties);
	detail_remarks(&detail, request, parties);
}

/* What the request of STEP's task looks like now, if that is more than before, because of WHY. */
static void finish_guess(struct sink *sink, const struct step *step, const char *why)
{
	if (!step->guess || is_call_seen(sink, step->task))
		return;
	text_addf(&sink->line, "looks like %s: %s", step->guess, why);
	finish_line(sink, FOLD_WORDS);
}

/* -v: with whom it shared until now what is its own from now on. */
static void finish_parted(struct sink *sink, const struct step *step)
{
	if (!sink->base.options.verbose || !step->parted)
		return;
	text_addf(&sink->line, "no longer shared with %d", (int)step->parted_from);
	add_checks(&sink->line, ": ", step->parted);
	finish_line(sink, FOLD_WORDS);
}

/* Of a search along PATH, where the same fails again and again, the first one is shown; with -v all of them. */
static void print_failed_exec(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	if (step->again && !sink->base.options.verbose)
		return;
	begin_event(sink, event, event->tid);
	words_add_exec(&sink->line, event, sink->own_arch);
	add_error(sink, (int)-(uint64_t)event->call.result);
	add_duration(sink, event, event->attempt.duration);
	finish_line(sink, FOLD_ARGUMENTS);
	if (event->have & EVENT_HAVE_REFERS) {
		add_descriptor(sink, "fd", (int)event->attempt.request.args[0], event->attempt.refers);
		finish_line(sink, FOLD_WORDS);
	}
}

/* The execs that failed before EVENT's task ended without success: most often the reason. */
static void finish_failed_exec(struct sink *sink, const struct event *event, const struct task *task)
{
	const struct failed_exec *failed = task ? task->process->failed : NULL;
	struct text *line = &sink->line;

	if (!failed || failed->tid != event->tid || !event->exit.status || event->exit.replaced)
		return;
	if (failed->count > 1)
		text_addf(line, "its last %u execs failed, the last one", failed->count);
	else
		text_add(line, "its last exec");
	if (failed->file && *failed->file) {
		text_add(line, ", of ");
		text_add_escaped(line, failed->file);
		text_add(line, ",");
	}
	text_add(line, failed->count > 1 ? " with " : " failed with ");
	words_add_errno(line, failed->error);
	finish_line(sink, FOLD_WORDS);
}

static void print_call(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct parties parties = caller_parties(step);

	if (words_is_failed_exec(event)) {
		print_failed_exec(sink, step);
		return;
	}
	begin_event(sink, event, event->tid);
	words_add_call(&sink->line, &event->attempt.request, sink->own_arch);
	if (event->call.result < 0)
		add_error(sink, (int)-(uint64_t)event->call.result); /* a recording may hold any number */
	else
		text_addf(&sink->line, " = %" PRId64, event->call.result);
	add_duration(sink, event, event->attempt.duration);
	finish_line(sink, FOLD_ARGUMENTS);
	if (sink->base.options.quiet)
		return;
	finish_descriptors(sink, event);
	if (event->call.result < 0) {
		finish_refused(sink, step, &event->attempt.request, (int)-(uint64_t)event->call.result,
			       "nothing was changed");
		return;
	}
	effect_explain(&sink->line, &event->attempt.request, parties.creator_tgid,
		       step->task ? step->task->process->leader->nspid : 0);
	if (sink->line.length)
		finish_line(sink, FOLD_WORDS);
	if (sink->base.options.verbose)
		finish_call_details(sink, &event->attempt.request, &parties);
	finish_parted(sink, step);
	finish_namespaces(sink, step, step->task, "in other namespaces now: ");
	finish_guess(sink, step, "fork(), then setsid()");
}

/* -v: the file, who loads it, and where it works. */
static void finish_program(struct sink *sink, const struct event *event)
{
	static const struct {
		const char *before;
		size_t offset;
		unsigned have;
	} rows[] = {
		{ "runs ", offsetof(struct event, exec.exe), EVENT_HAVE_EXE },
		{ "loaded by ", offsetof(struct event, exec.loader), EVENT_HAVE_LOADER },
		{ "working directory: ", offsetof(struct event, exec.cwd), EVENT_HAVE_CWD },
	};
	struct text *line = &sink->line;

	if (!sink->base.options.verbose || sink->base.options.quiet)
		return;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!(event->have & rows[i].have))
			continue;
		text_add(line, line->length ? ", " : "");
		text_add(line, rows[i].before);
		text_add_escaped(line, *(const char *const *)((const char *)event + rows[i].offset));
	}
	if (line->length)
		finish_line(sink, FOLD_WORDS);
}

static void print_exec(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	bool by_thread = event->exec.former && event->exec.former != event->tid;

	begin_event(sink, event, event->tid);
	text_add(&sink->line, "exec");
	if (by_thread)
		text_addf(&sink->line, " by thread %d", (int)event->exec.former);
	if (event->have & EVENT_HAVE_SCRIPT) {
		text_add(&sink->line, " of ");
		text_add_escaped(&sink->line, event->exec.script);
	}
	finish_command(sink, event, event->exec.command);
	finish_program(sink, event);
	finish_guess(sink, step, "posix_spawn() of \"sh -c\"");
	finish_parted(sink, step);
	if (!sink->base.options.quiet)
		finish_namespaces(sink, step, step->task, "in other namespaces now: ");
	if (!by_thread)
		return;
	text_addf(&sink->line, "%d takes the leader's tid %d; the other threads are gone", (int)event->exec.former,
		  (int)event->tid);
	finish_line(sink, FOLD_WORDS);
}

/* -T: how long the creator of a task with CLONE_VFORK stood still; the time of its call is what the creation took. */
static void print_vfork_done(struct sink *sink, const struct event *event)
{
	begin_event(sink, event, event->tid);
	text_addf(&sink->line, "waited until %d executed a program or ended", (int)event->vfork_done.child);
	add_time_spent(sink, event->vfork_done.waited);
	finish_line(sink, FOLD_WORDS);
}

/* ---- tasks come and go ---- */

/* -v: what must have made a task that was there already. */
static void finish_inferred(struct sink *sink, const struct event *event)
{
	struct text *line = &sink->line;

	if (!sink->base.options.verbose || !(event->have & EVENT_HAVE_INFERRED || event->attach.creator))
		return;
	text_add(line, "inferred: ");
	if (event->have & EVENT_HAVE_INFERRED) {
		text_add(line, "made with ");
		flags_format(line, event->attach.inferred, CALL_CLONE3);
		text_add(line, ", by what it shares");
	}
	if (event->attach.creator)
		text_addf(line, "%schild of task %d, which made it or has it from a thread that ended",
			  event->have & EVENT_HAVE_INFERRED ? "; " : "", (int)event->attach.creator);
	finish_line(sink, FOLD_WORDS);
}

static void print_attach_leader(struct sink *sink, const struct event *event)
{
	struct text *line = &sink->line;

	begin_event(sink, event, event->tid);
	text_add(line, event->attach.launched ? "launched: " : "already there: ");
	text_add(line, event->attach.zombie ? "zombie leader of a process" : "process");
	if (event->attach.nlwp && !event->attach.launched) {
		text_add(line, " with ");
		words_add_count(line, event->attach.nlwp, "thread");
	}
	if (event->have & EVENT_HAVE_PPID)
		text_addf(line, ", child of %d", (int)event->attach.ppid);
	if (event->have & EVENT_HAVE_NSPID)
		text_addf(line, ", %d inside its pid namespace", (int)event->attach.nspid);
	finish_command(sink, event, event->attach.command);
}

static void print_name(struct sink *sink, const struct event *event)
{
	begin_event(sink, event, event->tid);
	words_add_name(&sink->line, event);
	finish_line(sink, FOLD_CUT);
}

static void finish_attached(struct sink *sink, const struct step *step)
{
	finish_inferred(sink, step->event);
	finish_nspids(sink, step->event, &step->event->attach.nspids);
	finish_namespaces(sink, step, step->task, "in other namespaces than the tracer: ");
}

static void print_attach(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	bool leader = event->tid == event->attach.tgid;

	if (!sink->base.options.verbose && (!leader || event->attach.launched))
		return;
	if (leader) {
		print_attach_leader(sink, event);
		finish_attached(sink, step);
		return;
	}
	begin_event(sink, event, event->tid);
	text_addf(&sink->line, "already there: thread of %d", (int)event->attach.tgid);
	if (event->have & EVENT_HAVE_NSPID)
		text_addf(&sink->line, ", %d inside its pid namespace", (int)event->attach.nspid);
	finish_line(sink, FOLD_WORDS);
	finish_attached(sink, step);
}

/* What a thread's end leaves. That the others go on is not said: they may be ending too. Not every exit_group() is
 * seen, so that the process ends with it is said where that is known, of all its threads or of none. */
static void add_thread_end(struct text *line, const struct event *event, const struct process *process)
{
	const bool killed =
		event->have & EVENT_HAVE_LEADER && event->exit.with_group && WIFSIGNALED(event->exit.status);

	text_addf(line, "thread of %d%s", (int)process->tgid, killed ? ", with its whole process" : "");
	if (event->exit.replaced)
		return;
	text_add(line, ": ");
	words_add_count(line, process->nlwp, "thread");
	text_add(line, " left");
}

/* Which process the kernel signals at the end of TASK's process, and with what. The kernel ignores a number that is no
 * signal. A signal that is sent need not arrive: the parent may ignore it. IGNORED: the parent ignores SIGCHLD. */
static void add_process_end(struct text *line, const struct task *task, bool ignored)
{
	const struct process *process = task->process;

	text_add(line, "process ends");
	if (process->ended > 1) {
		text_add(line, " with its ");
		words_add_count(line, process->ended, "task");
	}
	if (task->launched) {
		text_add(line, ": the program that was launched");
	} else if (process->ppid && process->exit_signal < 0) {
		text_addf(line, "; its parent is %d", (int)process->ppid);
	} else if (process->ppid && (!process->exit_signal || process->exit_signal > SIGNAL_MAX)) {
		text_addf(line, "; %d gets no signal", (int)process->ppid);
	} else if (process->ppid && process->exit_signal == SIGCHLD && ignored) {
		text_addf(line, "; %d ignores SIGCHLD, so no signal is sent and no zombie stays", (int)process->ppid);
	} else if (process->ppid) {
		text_addf(line, "; sends %d ", (int)process->ppid);
		signal_add_name(line, process->exit_signal);
	}
}

/* Adds what else is to be said of an end: " (", or "; " within the words that close in brackets already. */
static void open_brackets(struct text *line)
{
	if (line->length && line->data[line->length - 1] == ')') {
		line->length--;
		text_add(line, "; ");
	} else {
		text_add(line, " (");
	}
}

static void print_exit(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct task *task = step->task;
	struct text *line = &sink->line;

	begin_event(sink, event, event->tid);
	words_add_end(line, event, task);
	if (event->have & EVENT_HAVE_FORBIDDEN) {
		open_brackets(line);
		words_add_forbidden(line, event);
		text_add(line, ")");
	}
	if (task) {
		open_brackets(line);
		if (task->process->tgid == task->tid)
			add_process_end(line, task, sink->base.options.verbose && event->have & EVENT_HAVE_IGNORED);
		else
			add_thread_end(line, event, task->process);
		text_add(line, ")");
	}
	finish_line(sink, FOLD_WORDS);
	finish_failed_exec(sink, event, task);
}

static void print_leader_exit(struct sink *sink, const struct step *step)
{
	struct text *line = &sink->line;

	begin_event(sink, step->event, step->event->tid);
	words_add_status(line, step->event->exit.status);
	open_brackets(line);
	text_add(line, "leader; stays as a zombie until ");
	if (step->task) {
		text_add(line, "its ");
		words_add_count(line, step->task->process->nlwp, "thread");
		text_add(line, step->task->process->nlwp == 1 ? " has ended)" : " have ended)");
	} else {
		text_add(line, "its threads have ended)");
	}
	finish_line(sink, FOLD_WORDS);
}

static void print_signal(struct sink *sink, const struct step *step)
{
	struct text *line = &sink->line;

	begin_event(sink, step->event, step->event->tid);
	text_add(line, "gets ");
	signal_add_name(line, step->event->signal.signo);
	text_add(line, ": ");
	if (step->event->have & EVENT_HAVE_SIGINFO)
		delivery_add_origin(line, step);
	else
		text_add(line, "who sent it could not be read");
	finish_line(sink, FOLD_WORDS);
	delivery_add_aim(line, step);
	if (line->length && step->event->have & EVENT_HAVE_ACTION)
		text_add(line, "; ");
	delivery_add_action(line, step);
	if (line->length)
		finish_line(sink, FOLD_WORDS);
}

/* " (the whole process, 3 tasks)" */
static void add_whole(struct text *line, const struct step *step)
{
	const struct process *process = step->task ? step->task->process : NULL;

	text_add(line, " (the whole process");
	if (process && process->nlwp > 1) {
		text_add(line, ", ");
		words_add_count(line, process->nlwp, "task");
	}
	text_add(line, ")");
}

static void print_group_stop(struct sink *sink, const struct step *step)
{
	begin_event(sink, step->event, step->event->tid);
	text_add(&sink->line, "stopped by ");
	signal_add_name(&sink->line, step->event->signal.signo);
	add_whole(&sink->line, step);
	finish_line(sink, FOLD_WORDS);
}

static void print_group_cont(struct sink *sink, const struct step *step)
{
	int signo = step->event->signal.signo;

	begin_event(sink, step->event, step->event->tid);
	text_add(&sink->line, signo ? "goes on by " : "goes on");
	if (signo)
		signal_add_name(&sink->line, signo);
	add_whole(&sink->line, step);
	finish_line(sink, FOLD_WORDS);
}

static void print_group_exit(struct sink *sink, const struct step *step)
{
	const struct process *process = step->task ? step->task->process : NULL;

	begin_event(sink, step->event, step->event->tid);
	text_addf(&sink->line, "exit_group(%d) ends ", WEXITSTATUS(step->event->exit.status));
	if (process) {
		text_addf(&sink->line, "the whole process %d, ", (int)process->tgid);
		words_add_count(&sink->line, process->ended, "task");
	} else {
		text_add(&sink->line, "its whole process");
	}
	finish_line(sink, FOLD_WORDS);
}

static void print_reparent(struct sink *sink, const struct event *event)
{
	begin_event(sink, event, event->tid);
	text_addf(&sink->line, "now child of %d%s", (int)event->reparent.to, event->reparent.to == 1 ? ", init" : "");
	if (event->reparent.from)
		text_addf(&sink->line, " (its parent %d ended)", (int)event->reparent.from);
	finish_line(sink, FOLD_WORDS);
}

/* One line for a process, with its last thread. */
static void print_detach(struct sink *sink, const struct step *step)
{
	const struct process *process = step->task ? step->task->process : NULL;

	if (process && process->nlwp)
		return;
	begin_event(sink, step->event, process ? process->tgid : step->event->tid);
	text_add(&sink->line, "detached: no longer followed");
	finish_line(sink, FOLD_WORDS);
}

/* ---- what the kernel says ---- */

/* ": shared, kernel agrees" */
static void finish_answer(struct sink *sink, const struct event *event, uint64_t bit)
{
	const struct check_answers *answers = &event->verify.answers;

	text_addf(&sink->line, ": %s",
		  answers->shared & bit	 ? "shared"
		  : answers->apart & bit ? "not shared"
					 : "neither has one");
	if ((event->verify.said.shared | event->verify.said.apart) & bit)
		text_add(&sink->line, ", kernel agrees");
	finish_line(sink, FOLD_WORDS);
}

/* -v: one line for each answer, of namespaces one where all are shared. */
static void finish_answers(struct sink *sink, const struct event *event)
{
	const struct check_answers *answers = &event->verify.answers;
	const struct check_masks *said = &event->verify.said;
	const bool all = (answers->shared & said->shared & namespaces) == namespaces;
	uint64_t left = (answers->shared | answers->apart | answers->neither) & ~check_differences(said, answers);

	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		const uint64_t bit = UINT64_C(1) << i;

		if (!(left & bit))
			continue;
		text_add(&sink->line, all && namespaces & bit ? "all namespaces" : check_name((enum check)i));
		finish_answer(sink, event, bit);
		if (all && namespaces & bit)
			left &= ~namespaces;
	}
}

/* With whom a task is compared. */
static void add_other(struct text *line, const struct event *event)
{
	if (event->have & EVENT_HAVE_ENTERED)
		text_addf(line, "what descriptor %d names", event->verify.descriptor);
	else if (event->verify.other)
		text_addf(line, "%d", (int)event->verify.other);
	else
		text_add(line, "cltrace itself");
}

static void print_verify(struct sink *sink, const struct event *event)
{
	const struct check_answers *answers = &event->verify.answers;
	const uint64_t differences = check_differences(&event->verify.said, answers);
	const uint64_t known = answers->shared | answers->apart | answers->neither;
	const uint64_t said = event->verify.said.shared | event->verify.said.apart, shown = ~(behind & ~said);
	struct text *line = &sink->line;

	sink->verified++;
	begin_event(sink, event, event->tid ? event->tid : event->verify.other);
	text_add(line, !(known & said) ? "verify: " : differences ? "kernel disagrees: " : "kernel agrees: ");
	if (event->tid) {
		text_addf(line, "%d and ", (int)event->tid);
		add_other(line, event);
	} else {
		text_addf(line, "%d and its creator", (int)event->verify.other);
	}
	if (!sink->base.options.verbose) {
		add_checks(line, " share: ", answers->shared & shown);
		add_checks(line, "; not shared: ", answers->apart & shown);
		add_checks(line, "; neither has: ", answers->neither);
	}
	if (answers->refused) {
		add_checks(line, "; not known: ", answers->refused & shown);
		if (errno_name(answers->error))
			text_addf(line, " (%s)", errno_name(answers->error));
	}
	finish_line(sink, FOLD_WORDS);
	if (sink->base.options.verbose)
		finish_answers(sink, event);
}

static void print_difference(struct sink *sink, const struct event *event)
{
	const struct check_answers *answers = &event->verify.answers;
	const uint64_t mask = event->verify.said.shared | event->verify.said.apart;
	struct text *line = &sink->line;
	unsigned check = 0;

	sink->differences++;
	while (check < CHECK_COUNT && !(mask >> check & 1))
		check++;
	begin_event(sink, event, event->tid ? event->tid : event->verify.other);
	color_rest(sink, COLOR_REFUSED);
	text_add(line, "DIFFERENCE to ");
	add_other(line, event);
	text_addf(line, ": %s: ", check < CHECK_COUNT ? check_name((enum check)check) : "something newer");
	text_addf(line, "%s by the flags, %s by the kernel; ", event->verify.said.shared ? "shared" : "not shared",
		  answers->shared  ? "shared"
		  : answers->apart ? "not shared"
				   : "neither has one");
	text_add(line, check_cause_explain((enum check_cause)event->verify.cause));
	finish_line(sink, FOLD_WORDS);
}

/* ---- the trace itself ---- */

static void print_begin(struct sink *sink, const struct event *event)
{
	static const char *const modes[] = {
		[EVENT_MODE_FILTER] = "by a seccomp filter: refused calls are shown",
		[EVENT_MODE_EVENTS] = "by event stops: refused calls are not seen",
		[EVENT_MODE_CALLS] = "by stopping at every system call: refused calls are shown",
		[EVENT_MODE_SNAPSHOT] = "by nothing: this is a snapshot, which was looked at once",
	};

	sink->realtime = event->begin.realtime;
	sink->when = event->when;
	sink->mode = event->begin.mode;
	sink->own_arch = event->begin.audit_arch;
	if (!sink->base.options.verbose || event->begin.mode >= sizeof(modes) / sizeof(modes[0]))
		return;
	begin_event(sink, event, 0);
	text_addf(&sink->line, "note: followed %s", modes[event->begin.mode]);
	finish_line(sink, FOLD_WORDS);
}

/* "the launched program has ended; 2 processes (5 threads) live on and are followed; 1 of them is stopped". A task
 * whose creator is not known yet is counted by EVENT alone. */
static void add_outlived(struct text *line, const struct event *event, unsigned processes)
{
	int64_t tasks = event->note.number, stopped = event->note.value;
	bool one = processes == 1 || (!processes && tasks == 1);

	text_add(line, "the launched program has ended; ");
	words_add_count(line, processes ? processes : (uint64_t)tasks, processes ? "process" : "task");
	if (processes && tasks > processes)
		text_addf(line, " (%" PRId64 " threads)", tasks);
	if (one)
		text_addf(line, " lives on%s and is followed", stopped ? ", stopped," : "");
	else
		text_add(line, " live on and are followed");
	if (stopped && !one)
		text_addf(line, "; %" PRId64 " of them %s stopped", stopped, stopped == 1 ? "is" : "are");
}

static void add_note(struct text *line, const struct step *step)
{
	const struct event *event = step->event;
	int64_t number = event->note.number;

	switch (event->note.code) {
	case NOTE_NO_FILTER:
		text_add(line, "no seccomp filter here: ");
		words_add_errno(line, (int)number);
		text_add(line, "; creations are seen all the same, refused and other calls are not");
		break;
	case NOTE_UNTRACED:
		text_add(line, "CLONE_UNTRACED was taken out of this call, so that the new task is followed");
		break;
	case NOTE_CREATOR_LOST:
		text_add(line, "its creator was killed before it could say that it made this task");
		break;
	case NOTE_SET_ID:
		text_addf(line, "the program is set-user-ID or set-group-ID (to %" PRId64 ") but runs as %" PRId64,
			  number, event->note.value);
		text_add(line, ", because it is traced");
		break;
	case NOTE_SIGNAL_REPEATS:
		signal_add_name(line, (int)number);
		text_addf(line,
			  " came %" PRId64
			  " times without effect, because the kernel protects the init of a pid namespace",
			  event->note.value);
		text_add(line, " while it is traced");
		break;
	case NOTE_OUTLIVED:
		add_outlived(line, event, model_tally(step->model)->living);
		break;
	case NOTE_NO_DURATION:
		text_add(line, "this kind of trace cannot show the time spent in calls (-T); only the "
			       "waits of vfork are shown");
		break;
	case NOTE_STOP_COST:
		text_addf(line,
			  "times (-T) include the stops of tracing: a call that does nothing takes %.6f to %.6f, ",
			  (double)number / CLOCK_SECOND, (double)event->note.value / CLOCK_SECOND);
		text_add(line, "measured in the same way");
		break;
	case NOTE_UNREAPED:
		text_addf(line, "%" PRId64 " %s ended and %s not been waited for", number,
			  number == 1 ? "child has" : "children have", number == 1 ? "has" : "have");
		break;
	case NOTE_CLONE3_HIDDEN:
		text_add(line, "a seccomp filter around this, such as a container's, answers each clone3 with ");
		words_add_errno(line, (int)number);
		text_add(line, ", which is not seen: C libraries then fall back to clone, and that is shown");
		break;
	case NOTE_PTRACE_DENIED:
		text_add(line, number ? "its ptrace call" : "its ptrace(PTRACE_TRACEME)");
		text_add(line, " failed with EPERM because cltrace already traces ");
		if (number)
			text_addf(line, "%" PRId64, number);
		else
			text_add(line, "it");
		text_add(line, ", and a task has at most one tracer");
		break;
	case NOTE_STRICT_DENIED:
		text_add(line, "its strict seccomp mode was refused with EINVAL because cltrace's seccomp filter is in "
			       "force; with --seccomp=no there is no filter");
		break;
	case NOTE_UNREADABLE:
		text_addf(line,
			  "process %" PRId64
			  " is not dumpable (prctl(PR_SET_DUMPABLE), or a program file that its user may not read), "
			  "so cltrace may not read its memory: flags of clone3, names and stacks are not known; run "
			  "cltrace as root to see them",
			  number);
		break;
	case NOTE_WORKERS:
		text_add(line, "the kernel runs ");
		words_add_count(line, (uint64_t)number, "io_uring worker");
		text_addf(line,
			  " in process %d: %s of that process, but cltrace does not follow %s, because ptrace "
			  "does not report %s",
			  (int)event->tid, number == 1 ? "it is a thread" : "they are threads",
			  number == 1 ? "it" : "them", number == 1 ? "it" : "them");
		break;
	case NOTE_COUNT:
		break;
	}
}

static void print_note(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	begin_event(sink, event, event->tid);
	text_add(&sink->line, "note: ");
	add_note(&sink->line, step);
	finish_line(sink, FOLD_WORDS);
}

/* "5 processes made (3 with copied memory, 2 sharing it until exec), 7 threads" */
static void add_made(struct text *line, const struct tally *tally)
{
	static const char *const kinds[KIND_COUNT] = {
		[KIND_PROCESS] = "with copied memory",
		[KIND_PROCESS_VFORK] = "sharing memory until exec",
		[KIND_PROCESS_SHARING] = "sharing memory for good",
		[KIND_PROCESS_NAMESPACES] = "in new namespaces",
	};
	const char *before = " (";

	words_add_count(line, tally->processes, "process");
	text_add(line, " made");
	for (int i = 0; i < KIND_COUNT; i++) {
		if (!kinds[i] || !tally->kinds[i])
			continue;
		text_addf(line, "%s%" PRIu64 " %s", before, tally->kinds[i], kinds[i]);
		before = ", ";
	}
	text_add(line, *before == ',' ? "), " : ", ");
	words_add_count(line, tally->threads, "thread");
	if (!tally->workers)
		return;
	text_add(line, ", ");
	words_add_count(line, tally->workers, "io_uring worker");
	text_add(line, " not followed");
}

static void print_tally(struct sink *sink, const struct tally *tally)
{
	struct text *line = &sink->line;

	add_made(line, tally);
	finish_line(sink, FOLD_WORDS);
	text_add(line, "at most ");
	words_add_count(line, tally->most, "task");
	text_add(line, " at once");
	if (tally->attached)
		text_addf(line, "; %" PRIu64 " already there", tally->attached);
	text_add(line, "; ");
	words_add_refusals(line, tally->refused, sink->mode); /* calls that make no task are not counted */
	finish_line(sink, FOLD_WORDS);
	if (sink->verified) {
		text_add(line, "verified: ");
		words_add_count(line, sink->verified, "answer");
		text_add(line, " of the kernel's, ");
		words_add_count(line, sink->differences, "difference");
		finish_line(sink, FOLD_WORDS);
	}
	if (!sink->base.options.filter)
		return;
	text_add(line, "counted over the whole trace; lines and tree show ");
	filter_format(line, sink->base.options.filter);
	finish_line(sink, FOLD_WORDS);
}

static void print_end(struct sink *sink, const struct model *model, uint64_t when)
{
	const struct tree_times times = { .begun = sink->when,
					  .now = when,
					  .snapshot = sink->mode == EVENT_MODE_SNAPSHOT };
	struct sink_options options = sink->base.options;

	sink->column = 0;
	sink->begun = false;
	text_add(&sink->base.text, "\n");
	print_tally(sink, model_tally(model));
	if (!sink->base.options.tree_limit)
		return;
	text_add(&sink->base.text, "\n");
	options.json = false; /* this is text */
	tree_draw(&sink->base.text, model, &options, &times);
}

static void print_step(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	switch (event->kind) {
	case EVENT_BEGIN:
		print_begin(sink, event);
		break;
	case EVENT_ATTACH:
		print_attach(sink, step);
		break;
	case EVENT_SPAWN:
		print_spawn(sink, step);
		break;
	case EVENT_REFUSED:
		print_refused(sink, step);
		break;
	case EVENT_CALL:
		print_call(sink, step);
		break;
	case EVENT_VFORK_DONE:
		print_vfork_done(sink, event);
		break;
	case EVENT_EXEC:
		print_exec(sink, step);
		break;
	case EVENT_NAME:
		print_name(sink, event);
		break;
	case EVENT_SIGNAL:
		print_signal(sink, step);
		break;
	case EVENT_GROUP_STOP:
		print_group_stop(sink, step);
		break;
	case EVENT_GROUP_CONT:
		print_group_cont(sink, step);
		break;
	case EVENT_LEADER_EXIT:
		print_leader_exit(sink, step);
		break;
	case EVENT_GROUP_EXIT:
		print_group_exit(sink, step);
		break;
	case EVENT_EXIT:
		print_exit(sink, step);
		break;
	case EVENT_REPARENT:
		print_reparent(sink, event);
		break;
	case EVENT_DETACH:
		print_detach(sink, step);
		break;
	case EVENT_VERIFY:
		print_verify(sink, event);
		break;
	case EVENT_DIFFERENCE:
		print_difference(sink, event);
		break;
	case EVENT_NOTE:
		print_note(sink, step);
		break;
	case EVENT_LOOK: /* the format snapshot shows it */
	case EVENT_END:	 /* the stream may end without it: text_finish() */
	case EVENT_KIND_COUNT:
		break;
	}
}

/* ---- the ops ---- */

static void text_open(struct sink *sink)
{
	struct sink_options *options = &sink->base.options;

	if (!options->quiet)
		return;
	options->verbose = 0;
	if (options->origin == SINK_ORIGIN_AUTO)
		options->origin = SINK_ORIGIN_NEVER;
}

/* -q leaves the lines of calls; BEGIN is read all the same for its clock. */
static bool is_shown(const struct sink *sink, const struct event *event)
{
	enum event_kind kind = event->kind;

	if (kind == EVENT_SIGNAL && !sink->base.options.signals)
		return false;
	if (kind == EVENT_NOTE && !sink->base.options.duration &&
	    (event->note.code == NOTE_STOP_COST || event->note.code == NOTE_NO_DURATION))
		return false;
	if (sink->base.options.quiet && words_is_failed_exec(event))
		return false;
	if (kind == EVENT_VFORK_DONE)
		return sink->base.options.duration;
	return !sink->base.options.quiet || kind == EVENT_BEGIN || kind == EVENT_SPAWN || kind == EVENT_REFUSED ||
	       kind == EVENT_CALL || kind == EVENT_DIFFERENCE;
}

static void text_every(struct sink *sink, const struct step *step)
{
	sink->last = step->event->when;
	if (step->event->kind == EVENT_NOTE && step->event->note.code == NOTE_NO_FILTER)
		sink->mode = EVENT_MODE_EVENTS;
	if (is_shown(sink, step->event))
		print_step(sink, step);
}

/* With -q only the lines of calls are left, without a tree. */
static unsigned text_needs(const struct sink_options *options)
{
	if (options->quiet)
		return 0;
	return SINK_NEEDS_NAMES | SINK_NEEDS_ORIGINS | (options->verbose ? SINK_NEEDS_IGNORED : 0);
}

/* The tree alone needs those that have ended, and with -q there is none. */
static size_t text_keeps(const struct sink_options *options)
{
	return options->quiet ? 0 : options->tree_limit;
}

static void text_finish(struct sink *sink, const struct model *model)
{
	if (!sink->base.options.quiet)
		print_end(sink, model, sink->last);
}

static void text_close(struct sink *sink)
{
	text_done(&sink->line);
}

const struct sink_ops text_sink = {
	.name = "text",
	.help = "each call as strace shows it, then what it made",
	.needs_under = text_needs,
	.keeps = text_keeps,
	.size = sizeof(struct sink),
	.open = text_open,
	.every = text_every,
	.finish = text_finish,
	.close = text_close,
};
