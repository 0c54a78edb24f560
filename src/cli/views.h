/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The views of one run: its model, and each output with the sink that writes to it. */
#ifndef CLI_VIEWS_H
#define CLI_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cli/options.h"

struct event;
struct views;
struct output;
struct output_host;

/* Sets what DETAIL, the environment and OUTPUT decide together: whether text is colored (--color, NO_COLOR, TERM, a
 * terminal), whether it is UTF-8 (the locale), and its width (--width, a terminal). */
void views_set_look(struct sink_options *options, const struct options_detail *detail, const struct output *output);

/* Opens every output of OPTIONS, with HOST as of output_open(); both must live as long. Returns 0, or -errno after a
 * message; nothing is left then. */
int views_open(const struct options *options, const struct output_host *host, struct views **ret);

/* The commands that read outputs, *RET_COUNT of them. */
const pid_t *views_commands(const struct views *views, size_t *ret_count);

/* One of them has ended and was waited for. */
void views_command_ended(struct views *views, pid_t command, int status);

/* Whether one of them is a terminal: what is shown there is read beside what the program says itself. */
bool views_on_terminal(const struct views *views);

/* Takes EVENT into the model and shows it in every view. A second BEGIN (recordings in one file) ends what was before
 * it, and all begins anew. An output that cannot be written to is left alone from then on. Returns 0, or -errno once no
 * output takes anything any more. */
int views_event(struct views *views, const struct event *event);

/* Writes out what is buffered. Returns as views_event(). */
int views_flush(struct views *views);

/* To be called when there is nothing else to do. Writes what is due, and sets *RET_AGAIN to the ns after which it is to
 * be called once more (negative: not at all). Returns as views_flush(). */
int views_idle(struct views *views, int64_t *ret_again);

/* The stream is over: what belongs at the end is written. */
void views_finish(struct views *views);

/* Closes all, and says of each output that failed that it is incomplete, but for a reader that went away. Without
 * views_finish() before it, a file that is only written then stays as it was. Returns 0, or the first error that was
 * said, -errno. VIEWS may be NULL. */
int views_close(struct views *views);

#endif
