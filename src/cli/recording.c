/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports which parts of a recording could not be read. */
#include "cli/recording.h"

#include <inttypes.h>

#include "base/diag.h"
#include "base/text.h"
#include "source/replay/reader.h"

/* "; 3 lines are not events (the first in line 17)" */
static void add_count(struct text *text, uint64_t number, uint64_t line, const char *one, const char *many)
{
	if (!number)
		return;
	text_add(text, text->length ? "; " : "");
	text_addf(text, "%" PRIu64 " %s", number, number == 1 ? one : many);
	if (line)
		text_addf(text, " (%s line %" PRIu64 ")", number == 1 ? "in" : "the first in", line);
}

static void add_part(struct text *text, bool wanted, const char *part)
{
	if (!wanted)
		return;
	text_add(text, text->length ? "; " : "");
	text_add(text, part);
}

/* Adds what is missing, if anything is. A missing event whose line was malformed or unknown is counted as a line. A
 * file that is followed has no end yet. */
static void add_missing(struct text *text, const struct replay_result *result, bool follow)
{
	uint64_t reported = result->malformed + result->unknown;

	if (result->format)
		text_addf(text, "it is of format %u, newer than this cltrace knows", result->format);
	add_part(text, result->events && !result->begun, "its beginning is missing");
	add_count(text, result->malformed, result->malformed_line, "line is not an event", "lines are not events");
	add_count(text, result->unknown, result->unknown_line, "event only a newer cltrace knows",
		  "events only a newer cltrace knows");
	if (result->missing > reported)
		add_count(text, result->missing - reported, 0, "event is missing", "events are missing");
	if (follow && result->signo)
		return;
	add_part(text, result->cut, "it is cut off within a line");
	add_part(text, !result->ended && !result->cut, result->signo ? "interrupted" : "its end is missing");
}

bool recording_complain(const char *name, const struct replay_result *result, int error, bool follow)
{
	struct text text = TEXT_INIT;
	bool wrong = true;

	add_missing(&text, result, follow);
	if (error < 0)
		diag_errno(-error, "cannot read the recording '%s'", name);
	else if (result->stopped)
		wrong = false; /* nobody reads, so nobody misses anything */
	else if (!result->lines && !result->signo)
		diag("'%s' is empty: a recording is what -o json:FILE writes", name);
	else if (!result->events && !result->signo && !result->format)
		diag("'%s' is not a recording: give a file that -o json:FILE has written", name);
	else if (text.length)
		diag("the recording '%s' is incomplete: %s", name, text_get(&text));
	else
		wrong = false;
	text_done(&text);
	return wrong;
}
