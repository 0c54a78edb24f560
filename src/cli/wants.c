/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins what the outputs need, and decides which of the cheap wants are had. */
#include "cli/wants.h"

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

static const char *stacks_by(unsigned mask, bool frames)
{
	if (frames)
		return "-k";
	if (mask & WANT_STACKS)
		return "the format folded";
	return mask & WANT_ORIGINS ? "--origin" : NULL;
}

void wants_init(struct wants *ret, const struct options *options, bool unwinds)
{
	unsigned mask = options->verify ? WANT_VERIFY : 0, most = 0;
	bool frames = false;

	for (size_t i = 0; i < options->output_count; i++) {
		const struct options_output *output = &options->outputs[i];
		const unsigned shown = sink_frames(output->sink, &output->detail.sink);

		mask |= sink_needs(output->sink, &output->detail.sink);
		most = shown > most ? shown : most;
		frames |= output->detail.sink.frames;
	}
	*ret = (struct wants){ .mode = mode_of(options, mask), .stacks_by = stacks_by(mask, frames) };
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
