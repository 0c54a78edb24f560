/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints lines for people: fills one after the other, folds, indents and colors it. */
#include "render/printer.h"

#include <string.h>

#include "base/array.h"
#include "render/sink_options.h"
#include "render/palette.h"

#define SENTENCE_WIDTH 100 /* where sentences are folded if the output has no width */

unsigned printer_width(unsigned width)
{
	return width ? width : SENTENCE_WIDTH;
}

unsigned printer_room(const struct printer *printer)
{
	const unsigned width = printer_width(printer->options->width);

	return width > printer->column ? width - printer->column : 0;
}

void printer_init(struct printer *ret, struct text *text, const struct sink_options *options)
{
	*ret = (struct printer){ .text = text, .options = options };
}

void printer_done(struct printer *printer)
{
	text_done(&printer->line);
}

void printer_begin(struct printer *printer, unsigned column)
{
	printer->column = column;
	printer->begun = false;
}

void printer_indent(struct printer *printer, unsigned column)
{
	printer->column = column;
	printer->begun = true;
}

void printer_color(struct printer *printer, const char *color)
{
	printer->color = color;
	printer->color_from = printer->line.length;
}

/* Ends the line, its bytes FROM to TO in COLOR (NULL: none). */
static void finish_colored(struct printer *printer, enum fold_at at, const char *color, size_t from, size_t to)
{
	const unsigned width = printer->options->width;
	const struct fold fold = {
		.at = at,
		.width = at == FOLD_WORDS ? printer_width(width) : width,
		.column = printer->column,
		.color = printer->options->color ? color : NULL,
		.color_from = from,
		.color_to = to,
	};

	if (!printer->line.length)
		return;
	if (printer->begun)
		text_addf(printer->text, "%*s", (int)printer->column, "");
	fold_add(printer->text, text_get(&printer->line), &fold);
	text_clear(&printer->line);
	printer->begun = true;
	printer->color = NULL;
}

void printer_finish(struct printer *printer, enum fold_at at)
{
	finish_colored(printer, at, printer->color, printer->color_from, printer->line.length);
}

void printer_finish_verdict(struct printer *printer)
{
	static const struct {
		const char *verdict, *color;
	} colors[] = {
		{ "PROCESS", PALETTE_PROCESS },
		{ "TASK", PALETTE_PROCESS },
		{ "THREAD", PALETTE_THREAD },
		{ "REFUSED", PALETTE_REFUSED },
	};
	const char *line = text_get(&printer->line);
	const size_t length = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	for (size_t i = 0; i < ARRAY_LENGTH(colors); i++)
		if (strlen(colors[i].verdict) == length && !strncmp(line, colors[i].verdict, length))
			printer->color = colors[i].color;
	finish_colored(printer, FOLD_WORDS, printer->color, 0, length);
}

void printer_add_line(struct printer *printer, const char *line)
{
	text_add(&printer->line, line);
	printer_finish(printer, FOLD_WORDS);
}
