/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins what the outputs need, and decides which of the cheap wants are had. */
#include "cli/wants.h"

#include <stdio.h>

#include "cli/options.h"
#include "cli/until.h"
#include "event/stack.h"

/* The filter cannot be loaded into a running process, and cltrace cannot detach from a process that has the filter.
 * Therefore a trace that attaches, or has a limit, uses event stops only. */
static enum event_mode mode_of(const struct options *options, unsigned mask)
{
	if (options->seccomp && !options->pid_count && !until_detaches(options))
		return EVENT_MODE_FILTER;
	return mask & WANT_DURATIONS ? EVENT_MODE_CALLS : EVENT_MODE_EVENTS;
}

/* FORMAT: the first that shows stacks whatever the options are, or NULL. */
static void name_stacks_by(struct wants *wants, unsigned mask, bool frames, const char *format)
{
	const size_t size = sizeof(wants->stacks_by);

	if (frames)
		snprintf(wants->stacks_by, size, "-k");
	else if (format)
		snprintf(wants->stacks_by, size, "the format %s", format);
	else if (mask & WANT_ORIGINS)
		snprintf(wants->stacks_by, size, "--origin");
}

void wants_init(struct wants *ret, const struct options *options, bool unwinds)
{
	unsigned mask = options->verify ? WANT_VERIFY : 0, most = 0;
	const char *format = NULL;
	bool frames = false;

	for (size_t i = 0; i < options->output_count; i++) {
		const struct options_output *output = &options->outputs[i];
		const unsigned shown = sink_frames(output->sink, &output->detail.sink);
		const unsigned needs = sink_needs(output->sink, &output->detail.sink);

		if (needs & WANT_STACKS && !format)
			format = output->sink->name;
		mask |= needs;
		most = shown > most ? shown : most;
		frames |= output->detail.sink.frames;
	}
	*ret = (struct wants){ .mode = mode_of(options, mask) };
	name_stacks_by(ret, mask, frames, format);
	/* With the filter, calls stop at both ends anyway. */
	if (mask & WANT_CHEAP_DURATIONS && ret->mode == EVENT_MODE_FILTER)
		mask |= WANT_DURATIONS;
	/* Processes that are attached to were running before us, perhaps for many: they are not stopped for longer than
	 * needs be. */
	if (mask & WANT_CHEAP_ORIGINS && !options->pid_count && unwinds)
		mask |= WANT_ORIGINS;
	ret->mask = mask & ~(unsigned)WANT_CHEAP;
	ret->frames = mask & WANT_ORIGINS && !most ? STACK_MAX : most;
}
