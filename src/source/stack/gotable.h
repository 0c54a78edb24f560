/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Go's table of functions (.gopclntab), which every Go program has in its memory, stripped or not: names, source lines,
 * and how far each instruction has moved the stack pointer. It has four forms: since Go 1.2, 1.16, 1.18 and 1.20. */
#ifndef SOURCE_STACK_GOTABLE_H
#define SOURCE_STACK_GOTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads LENGTH bytes of a task's memory at ADDRESS. False: they cannot be read. */
typedef bool gotable_read_fn(void *data, uint64_t address, void *to, size_t length);

/* What the table says of one instruction. Strings that are not known are NULL. */
struct go_code {
	const char *function; /* with the path of its package */
	uint64_t start;	      /* of the function */
	const char *file;     /* NULL also if the instruction belongs to an inlined function */
	unsigned line;
	bool has_frame;
	int64_t frame; /* bytes on the stack below the function's return address when the instruction begins */
};

struct gotable;

#define GOTABLE_HEAD 8

/* Whether a table begins with the GOTABLE_HEAD bytes at HEAD. */
bool gotable_is_head(const uint8_t *head);

/* The table at ADDRESS. MODULE is the address of the runtime's record of it (.go.module), 0: none; the table itself
 * does not say since Go 1.26 where its functions are. NULL: no table, or one of a form that is not known. */
struct gotable *gotable_open(gotable_read_fn *read, void *data, uint64_t address, uint64_t module);
void gotable_close(struct gotable *table);

/* What is known of the instruction at PC; NULL: it is not Go's, or cannot be read. Valid until gotable_trim(). */
const struct go_code *gotable_find(struct gotable *table, uint64_t pc);

/* Reads the memory that TABLE is in. */
bool gotable_read(const struct gotable *table, uint64_t address, void *to, size_t length);

/* Removes what has been found, if that is much. Returns whether it has done so. */
bool gotable_trim(struct gotable *table);

#endif
