/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the lines of --debug-stops. */
#include "source/ptrace/stops_file.h"

#include <inttypes.h>

#include "event/codec.h"
#include "follow/stopline.h"

void stops_file_init(struct stops_file *stops, FILE *file)
{
	*stops = (struct stops_file){ .file = file };
	if (file)
		setvbuf(file, NULL, _IOLBF, 0);
}

void stops_file_add(struct stops_file *stops, const struct stopline *line)
{
	if (!stops->file)
		return;
	text_clear(&stops->line);
	stopline_format(&stops->line, line);
	fputs(text_get(&stops->line), stops->file);
}

void stops_file_event(struct stops_file *stops, const struct event *event)
{
	struct text json = TEXT_INIT;

	if (!stops->file)
		return;
	codec_encode(&json, event);
	json.data[json.length - 1] = '\0'; /* its newline */
	stops_file_add(stops, &(struct stopline){ .kind = STOPLINE_EVENT, .json = json.data });
	text_done(&json);
}

void stops_file_waiting(struct stops_file *stops, const struct polling *polling)
{
	if (!stops->file || polling->state == stops->waiting)
		return;
	stops->waiting = polling->state;
	text_clear(&stops->line);
	text_addf(&stops->line, "# %s (%u%% of gaps are short, %u.%02u tasks can run; ", polling_name(polling->state),
		  polling->short_gaps * 100 / POLLING_ALL, polling->running / POLLING_UNIT,
		  polling->running % POLLING_UNIT * 100 / POLLING_UNIT);
	text_addf(&stops->line, "polling found %" PRIu64 " stops, none %" PRIu64 " times; slept %" PRIu64 " times)\n",
		  polling->found, polling->in_vain, polling->slept);
	fputs(text_get(&stops->line), stops->file);
}

void stops_file_done(struct stops_file *stops)
{
	text_done(&stops->line);
}
