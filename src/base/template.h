/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences with blanks to be filled in, so that tables can hold them. */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

struct text;

/* Adds TEMPLATE, and instead of each $ and the LETTER behind it what FILL adds, which gets DATA. */
void template_add(struct text *text, const char *template,
		  void (*fill)(struct text *text, char letter, const void *data), const void *data);

#endif
