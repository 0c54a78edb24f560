/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences with blanks to be filled in, so that tables can hold them. */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

struct text;

/* Adds TEMPLATE, in which FILL, which gets DATA, replaces each $ and the LETTER behind it. */
void template_add(struct text *text, const char *template,
		  void (*fill)(struct text *text, char letter, const void *data), const void *data);

#endif
