/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints lines for people: fills one after the other, folds, indents and colors it. */
#ifndef RENDER_PRINTER_H
#define RENDER_PRINTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "render/fold.h"

struct sink_options;

struct printer {
	struct text line;		    /* the line that is being filled: add to it, then finish it */
	struct text *text;		    /* the text to which finished lines are added */
	const struct sink_options *options; /* color; and width, which may change between lines */
	unsigned column;		    /* where lines begin */
	bool begun;			    /* the next line begins on a row of its own */
	const char *color;		    /* of the part of `line` from color_from on, or NULL */
	size_t color_from;
};

/* Lines are added to TEXT, as OPTIONS say; both must outlive the printer. */
void printer_init(struct printer *ret, struct text *text, const struct sink_options *options);
void printer_done(struct printer *printer);

/* Lines begin at COLUMN from now on. The first one continues the last row of the text, which is already so wide. */
void printer_begin(struct printer *printer, unsigned column);

/* Each line begins at COLUMN from now on, on a row of its own. */
void printer_indent(struct printer *printer, unsigned column);

/* What is added to the line from here on is shown in COLOR, from render/palette.h. */
void printer_color(struct printer *printer, const char *color);

/* Ends the line, if anything was added to it, and folds it AT such places. Calls stay on one line if the output has no
 * width, for grep; sentences are folded in any case. */
void printer_finish(struct printer *printer, enum fold_at at);

/* The same for a sentence that begins with a verdict in capitals, which gets its color. */
void printer_finish_verdict(struct printer *printer);

/* Adds a sentence and ends its line. */
void printer_add_line(struct printer *printer, const char *line);

/* The columns from where lines begin to the width: 0 if there is no width. */
unsigned printer_room(const struct printer *printer);

/* The width at which sentences are folded if the output's is WIDTH, 0: none. */
unsigned printer_width(unsigned width);

#endif
