/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes about the trace itself. */
#include "sink/text/text.h"

#include <inttypes.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/names.h"
#include "base/template.h"
#include "render/words.h"

void text_on_begin(struct sink *sink, const struct step *step)
{
	static const char *const modes[] = {
		[EVENT_MODE_FILTER] = "by a seccomp filter: refused calls are shown",
		[EVENT_MODE_EVENTS] = "by event stops: refused calls are not seen",
		[EVENT_MODE_CALLS] = "by stopping at every system call: refused calls are shown",
		[EVENT_MODE_SNAPSHOT] = "by nothing: this is a snapshot, which was looked at once",
	};
	const struct event *event = step->event;

	sink->realtime = event->begin.realtime;
	sink->when = event->when;
	sink->mode = event->begin.mode;
	sink->own_arch = event->begin.audit_arch;
	if (!sink->base.options.verbose || event->begin.mode >= ARRAY_LENGTH(modes))
		return;
	line_begin(sink, event, 0);
	text_addf(&sink->printer.line, "note: followed %s", modes[event->begin.mode]);
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* "the launched program has ended; 2 processes (5 threads) live on and are followed; 1 of them is stopped". Only the
 * event counts a task whose creator is not known yet. */
static void add_outlived(struct text *line, const struct step *step)
{
	const int64_t tasks = step->event->note.number, stopped = step->event->note.value;
	const unsigned processes = model_tally(step->model)->living;
	const bool one = processes == 1 || (!processes && tasks == 1);

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

/* The words for each code. $n number, $v value; $e, $s: number as an errno, as a signal; $N, $V: ns as seconds; $t
 * the task. */
static const struct note {
	const char *words;
	const char *zero, *one;					 /* the words if number is 0 or 1; NULL: the same */
	void (*add)(struct text *line, const struct step *step); /* in place of words */
	bool of_durations;					 /* shown only with -T */
} notes[NOTE_COUNT] = {
	[NOTE_NO_FILTER] = {
		.words = "no seccomp filter here: $e; creations are seen all the same, refused and "
			 "other calls are not",
	},
	[NOTE_UNTRACED] = {
		.words = "CLONE_UNTRACED was taken out of this call, so that the new task is followed",
	},
	[NOTE_CREATOR_LOST] = {
		.words = "its creator was killed before it could say that it made this task",
	},
	[NOTE_SET_ID] = {
		.words = "the program is set-user-ID or set-group-ID (to $n) but runs as $v, because it is traced",
	},
	[NOTE_SIGNAL_REPEATS] = {
		.words = "$s came $v times without effect, because the kernel protects the init of a "
			 "pid namespace while it "
			 "is traced",
	},
	[NOTE_OUTLIVED] = {
		.add = add_outlived,
	},
	[NOTE_NO_DURATION] = {
		.words = "this kind of trace cannot show the time spent in calls (-T); only the waits "
			 "of vfork are shown",
		.of_durations = true,
	},
	[NOTE_STOP_COST] = {
		.words = "times (-T) include the stops of tracing: a call that does nothing takes $N to "
			 "$V, measured in the "
			 "same way",
		.of_durations = true,
	},
	[NOTE_UNREAPED] = {
		.words = "$n children have ended and have not been waited for",
		.one = "$n child has ended and has not been waited for",
	},
	[NOTE_CLONE3_HIDDEN] = {
		.words = "a seccomp filter around this, such as a container's, answers each clone3 with "
			 "$e, which is not "
			 "seen: C libraries then fall back to clone, and that is shown",
	},
	[NOTE_PTRACE_DENIED] = {
		.words = "its ptrace call failed with EPERM because cltrace already traces $n, and a "
			 "task has at most one "
			 "tracer",
		.zero = "its ptrace(PTRACE_TRACEME) failed with EPERM because cltrace already traces it, and a task "
			"has at most one tracer",
	},
	[NOTE_STRICT_DENIED] = {
		.words = "its strict seccomp mode was refused with EINVAL because cltrace's seccomp "
			 "filter is in force; with "
			 "--seccomp=no there is no filter",
	},
	[NOTE_UNREADABLE] = {
		.words = "process $n is not dumpable (prctl(PR_SET_DUMPABLE), or a program file that "
			 "its user may not read), "
			 "so cltrace may not read its memory: flags of clone3, names and stacks are not known; "
			 "run cltrace as root to see them",
	},
	[NOTE_WORKERS] = {
		.words = "the kernel runs $n io_uring workers in process $t: they are threads of that "
			 "process, but cltrace "
			 "does not follow them, because ptrace does not report them",
		.one = "the kernel runs $n io_uring worker in process $t: it is a thread of that process, but "
		       "cltrace does not follow it, because ptrace does not report it",
	},
};

static const char *note_words(const struct note *note, int64_t number)
{
	if (!number && note->zero)
		return note->zero;
	return number == 1 && note->one ? note->one : note->words;
}

static void fill(struct text *line, char letter, const void *data)
{
	const struct event *event = data;

	switch (letter) {
	case 'n':
		text_addf(line, "%" PRId64, event->note.number);
		break;
	case 'v':
		text_addf(line, "%" PRId64, event->note.value);
		break;
	case 'N':
		text_addf(line, "%.6f", (double)event->note.number / CLOCK_SECOND);
		break;
	case 'V':
		text_addf(line, "%.6f", (double)event->note.value / CLOCK_SECOND);
		break;
	case 'e':
		words_add_errno(line, (int)event->note.number);
		break;
	case 's':
		signal_add_name(line, (int)event->note.number);
		break;
	case 't':
		text_addf(line, "%d", (int)event->tid);
		break;
	}
}

void text_on_note(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct note *note = &notes[event->note.code];

	if (event->note.code == NOTE_NO_FILTER)
		sink->mode = EVENT_MODE_EVENTS;
	if (note->of_durations && !sink->base.options.duration)
		return;
	line_begin(sink, event, event->tid);
	text_add(&sink->printer.line, "note: ");
	if (note->add)
		note->add(&sink->printer.line, step);
	else
		template_add(&sink->printer.line, note_words(note, event->note.number), fill, event);
	printer_finish(&sink->printer, FOLD_WORDS);
}
