/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences with blanks to be filled in, so that tables can hold them. */
#include "base/template.h"

#include <string.h>

#include "base/text.h"

void template_add(struct text *text, const char *template,
		  void (*fill)(struct text *text, char letter, const void *data), const void *data)
{
	for (const char *dollar; (dollar = strchr(template, '$')) && dollar[1]; template = dollar + 2) {
		text_add_bytes(text, template, (size_t)(dollar - template));
		fill(text, dollar[1], data);
	}
	text_add(text, template);
}
