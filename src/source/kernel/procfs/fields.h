/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines "KEY:\tVALUE" of files in /proc: status, fdinfo. */
#ifndef SOURCE_KERNEL_PROCFS_FIELDS_H
#define SOURCE_KERNEL_PROCFS_FIELDS_H

#include <stdint.h>

/* The value of KEY in TEXT: what is behind the colon, blanks first. NULL: there is no such line. The search starts at
 * the line *FROM and continues at the first one; *FROM is the next line then. So keys that are asked in the order of
 * the file need one pass. */
const char *fields_find(const char *text, const char **from, const char *key);

/* VALUE without the blanks before it. */
const char *fields_word(const char *value);

/* Reads up to COUNT numbers of VALUE, to BASE, with blanks between them. Returns how many there are. */
unsigned fields_numbers(const char *value, int base, unsigned count, uint64_t *ret);

#endif
