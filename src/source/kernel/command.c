/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes one line of a process's arguments. */
#include "source/kernel/command.h"

#include "base/text.h"
#include "base/utf8.h"

bool command_add(struct text *text, const char *line, size_t length)
{
	const bool full = length >= COMMAND_READ;
	const size_t begin = text->length;
	bool cut;

	while (length && !line[length - 1])
		length--;
	cut = length > COMMAND_MAX || (full && length == COMMAND_MAX);
	text_add_bytes(text, line, cut ? utf8_whole(line, COMMAND_MAX) : length);
	for (size_t i = begin; i < text->length; i++)
		if (!text->data[i])
			text->data[i] = ' ';
	if (cut)
		text_add(text, "...");
	return cut;
}
