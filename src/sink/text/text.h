/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the format text share. An event is handed to the output in one write of whole lines. The first line
 * of an event begins with the tid of its task, after the time if that is asked for; its other lines are indented to the
 * column after the tid. */
#ifndef SINK_TEXT_TEXT_H
#define SINK_TEXT_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"
#include "model/model.h"
#include "render/detail.h"
#include "render/printer.h"
#include "sink/sink.h"
#include "teach/explain.h"

struct sink {
	struct sink_base base;
	struct printer printer;
	uint64_t realtime, when; /* the two clocks at BEGIN */
	uint64_t last;		 /* `when` of the latest event */
	uint64_t before;	 /* `when` of the event that was printed last; 0: there is none */
	enum event_mode mode;
	uint32_t own_arch; /* BEGIN's */
	unsigned reported; /* misconceptions that were corrected */
	uint64_t verified, differences;
};

/* creation.c */
sink_handler text_on_spawn, text_on_refused;
/* call.c */
sink_handler text_on_call, text_on_exec, text_on_vfork_done;
/* life.c */
sink_handler text_on_attach, text_on_name, text_on_signal, text_on_group_stop, text_on_group_cont, text_on_group_exit;
sink_handler text_on_leader_exit, text_on_exit, text_on_reparent, text_on_detach;
/* verify.c */
sink_handler text_on_verify, text_on_difference;
/* note.c */
sink_handler text_on_begin, text_on_note;

/* Begins the lines of EVENT, which is about TID (0: none). */
void line_begin(struct sink *sink, const struct event *event, pid_t tid);

/* Add to the line: " <0.000123>"; the same for a call, with -T; " = -1 EINVAL (Invalid argument)". */
void line_add_time_spent(struct sink *sink, uint64_t ns);
void line_add_duration(struct sink *sink, const struct event *event, uint64_t duration);
void line_add_error(struct sink *sink, int error);

/* Adds ": COMMAND", if the event has one, and ends the line. */
void line_finish_command(struct sink *sink, const struct event *event, const char *command);

/* -y: a line with what the descriptors of a call refer to. */
void line_add_descriptor(struct sink *sink, const char *name, int64_t number, const char *what);
void line_finish_descriptors(struct sink *sink, const struct event *event);

/* Where the lines go that -v adds to a call. */
struct detail line_detail(struct sink *sink);

/* -v: the other namespaces that TASK is in since this event, after INTRO, and those that its children will be in. */
void namespace_finish(struct sink *sink, const struct step *step, const struct task *task, const char *intro);

/* -v: all numbers of a new task, if there are more than two. */
void namespace_finish_ids(struct sink *sink, const struct event *event, const struct nspids *nspids);

/* Whether the library call that created TASK was seen, and is shown. */
bool origin_is_call_seen(const struct sink *sink, const struct task *task);

/* The function that asked for a creation; what the new task runs, and its pthread_t; -k: the stack. */
void origin_finish(struct sink *sink, const struct event *event, const struct stack *stack);
void origin_finish_start(struct sink *sink, const struct event *event);
void origin_finish_stack(struct sink *sink, const struct event *event, const struct stack *stack);

/* The tasks that a refused or other call is about. */
struct parties creation_caller(const struct step *step);

/* "REFUSED: WHAT"; with -v, what the flags would have done. */
void creation_finish_refused(struct sink *sink, const struct step *step, const struct request *request, int error,
			     const char *what);

/* Adds INTRO and the names of the checks in MASK (1 << enum check), with one name for all namespaces together. */
void verify_add_checks(struct text *line, const char *intro, uint64_t mask);

#endif
