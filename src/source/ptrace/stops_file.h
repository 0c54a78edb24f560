/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of --debug-stops: all inputs, questions and orders of follow (follow/stopline.h). */
#ifndef SOURCE_PTRACE_STOPS_FILE_H
#define SOURCE_PTRACE_STOPS_FILE_H

#include <stdio.h>

#include "base/text.h"
#include "source/ptrace/polling.h"

struct event;
struct stopline;

struct stops_file {
	FILE *file; /* the caller's; NULL: nothing is written */
	struct text line;
	enum polling_state waiting; /* the state that was written last */
};

/* FILE may be NULL. Each line is written at once, so if cltrace crashes, the file shows what led to it. */
void stops_file_init(struct stops_file *stops, FILE *file);

void stops_file_add(struct stops_file *stops, const struct stopline *line);

/* Adds EVENT, to which something has been added that follow does not know. */
void stops_file_event(struct stops_file *stops, const struct event *event);

/* Adds how the engine waits, as a comment between the lines, if that has changed. */
void stops_file_waiting(struct stops_file *stops, const struct polling *polling);

void stops_file_done(struct stops_file *stops);

#endif
