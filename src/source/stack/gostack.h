/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a Go function's frame to its caller's, by Go's own table of functions. */
#ifndef SOURCE_STACK_GOSTACK_H
#define SOURCE_STACK_GOSTACK_H

#include <stdbool.h>
#include <stdint.h>

struct go_code;
struct gotable;

struct go_registers {
	uint64_t ip, sp, bp;
};

/* Goes to the caller of the function that AT, an instruction in TABLE, is in, also if that function has changed to
 * another stack. False: the caller cannot be found. */
bool gostack_step(struct gotable *table, const struct go_code *at, struct go_registers *registers);

#endif
