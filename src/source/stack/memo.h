/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers what walks of stacks have found, because most tasks are created in the same few places.
 *
 * A remembered stack is what a walk would find now, because the result of a walk depends only on what the walk asks
 * for: registers, where code is, and memory. As long as a walk gets the same answers, it asks the same next question. A
 * memo has each register that its walk has read, and the log of the other answers (struct code_log: under the same
 * layout, nothing else that a walk asks for can change). A memo is valid only if each answer is the same, to the last
 * bit, in the look at hand. Addresses are compared exactly: stacks that differ only in their addresses have different
 * memos. A walk is not remembered if it could not read something, read the maps, or asked for too much. */
#ifndef SOURCE_STACK_MEMO_H
#define SOURCE_STACK_MEMO_H

#include <stdint.h>

#include "event/stack.h"
#include "source/arch/arch.h"
#include "source/stack/aspace.h"

#define MEMO_STACKS 64 /* the most that are remembered for each layout */

struct memos;

/* The registers when a walk began, and the bit of each register that the walk has read. */
struct memo_registers {
	uint64_t values[ARCH_FRAME_REGISTERS];
	uint64_t read;
};

void memos_free(struct memos *memos);

/* The memory that memos for VALUES ask for, to be read at once: at most COUNT ranges. Returns how many. */
size_t memos_ranges(const struct memos *memos, const uint64_t *values, struct code_range *ret, size_t count);

/* The stack that a walk from VALUES would find now, in the layout that MEMOS belong to, which is the one that CODE has
 * at hand. NULL: the stack is not known, or another layout is at hand now. Valid until memos_put() and the next
 * look. */
const struct stack *memos_find(struct memos *memos, struct code *code, const uint64_t *values);

/* Remembers STACK. The walk that found STACK has read REGISTERS and asked LOG. The frames are copied, their strings are
 * not. *MEMOS, NULL at first, are the memos of the layout at hand. */
void memos_put(struct memos **memos, const struct code *code, const struct memo_registers *registers,
	       const struct code_log *log, const struct stack *stack);

#endif
