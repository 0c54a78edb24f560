/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the lines of the format text share: the clock and the task at the beginning, durations, errors, descriptors. */
#include "sink/text/text.h"

#include <inttypes.h>
#include <time.h>

#include "base/clock.h"
#include "render/palette.h"
#include "render/words.h"

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

void line_begin(struct sink *sink, const struct event *event, pid_t tid)
{
	add_clock(sink, event->when);
	if (tid)
		text_addf(&sink->base.text, "%d ", (int)tid);
	printer_begin(&sink->printer, (unsigned)sink->base.text.length);
	sink->before = event->when;
}

void line_add_time_spent(struct sink *sink, uint64_t ns)
{
	text_addf(&sink->printer.line, " <%" PRIu64 ".%06" PRIu64 ">", ns / CLOCK_SECOND, ns % CLOCK_SECOND / 1000);
}

void line_add_duration(struct sink *sink, const struct event *event, uint64_t duration)
{
	if (sink->base.options.duration && (event->have & EVENT_HAVE_DURATION))
		line_add_time_spent(sink, duration);
}

/* " = -1 EINVAL (Invalid argument)" */
void line_add_error(struct sink *sink, int error)
{
	text_add(&sink->printer.line, " = ");
	printer_color(&sink->printer, PALETTE_REFUSED);
	text_add(&sink->printer.line, "-1 ");
	words_add_errno(&sink->printer.line, error);
}

/* ": COMMAND" and the end of the line. */
void line_finish_command(struct sink *sink, const struct event *event, const char *command)
{
	if (event->have & EVENT_HAVE_COMMAND) {
		text_add(&sink->printer.line, ": ");
		text_add_escaped(&sink->printer.line, command);
	}
	printer_finish(&sink->printer, FOLD_CUT);
}

void line_add_descriptor(struct sink *sink, const char *name, int64_t number, const char *what)
{
	text_addf(&sink->printer.line, "%s%s=%" PRId64 "<", sink->printer.line.length ? ", " : "descriptor: ", name,
		  number);
	text_add_escaped(&sink->printer.line, what);
	text_add(&sink->printer.line, ">");
}

void line_finish_descriptors(struct sink *sink, const struct event *event)
{
	if (!sink->base.options.descriptors)
		return;
	if (event->kind == EVENT_SPAWN && event->have & EVENT_HAVE_PIDFD)
		line_add_descriptor(sink, "pidfd", event->spawn.pidfd, event->spawn.pidfd_is);
	if (event->have & EVENT_HAVE_REFERS && event->kind == EVENT_CALL)
		line_add_descriptor(sink, "fd", (int)event->attempt.request.args[0], event->attempt.refers);
	else if (event->have & EVENT_HAVE_REFERS && event_attempt(event))
		line_add_descriptor(sink, "cgroup", (int)event->attempt.request.cgroup, event->attempt.refers);
	printer_finish(&sink->printer, FOLD_WORDS);
}

struct detail line_detail(struct sink *sink)
{
	return (struct detail){ .printer = &sink->printer, .reported = &sink->reported };
}
