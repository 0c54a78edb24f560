/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What walks of stacks have found, for those that come again: most tasks are made in the same few places.
 *
 * A remembered stack is what a walk would find now, because a walk is a function of what it asks: registers, where code
 * lies, and memory. It takes the same way, and so asks the same next question, as long as it gets the same answers. A
 * memo has each register that its walk has read, and the log of the rest (struct code_log: under the same layout, all
 * else that it asks stays the same), and holds only if each answer is the same, to the last bit, in the look at hand.
 * Addresses are compared as they are: of stacks that differ only in where they lie each has a memo of its own. A walk
 * that could not read something, that read the maps, or that asked too much is not remembered. */
#ifndef SOURCE_PTRACE_MEMO_H
#define SOURCE_PTRACE_MEMO_H

#include <stdint.h>

#include "event/stack.h"
#include "source/ptrace/code.h"

#define MEMO_REGISTERS 17
#define MEMO_STACKS 64 /* that are remembered of each layout */

struct memos;

/* The registers when a walk began, and which of them it has read: the bit of each. */
struct memo_registers {
	uint64_t values[MEMO_REGISTERS];
	uint32_t read;
};

void memos_free(struct memos *memos);

/* What memos for VALUES ask of memory, to be read at once: at most COUNT ranges. How many. */
size_t memos_ranges(const struct memos *memos, const uint64_t *values, struct code_range *ret, size_t count);

/* The stack that a walk from VALUES would find now, in the layout that MEMOS are of and that CODE has at hand. NULL: it
 * is not known, or another layout is at hand now. Valid until memos_put() and the next look. */
const struct stack *memos_find(struct memos *memos, struct code *code, const uint64_t *values);

/* Remembers STACK, which a walk has found that read REGISTERS and asked LOG; its frames are copied, their strings are
 * not. *MEMOS, NULL at first, are those of the layout at hand. */
void memos_put(struct memos **memos, const struct code *code, const struct memo_registers *registers,
	       const struct code_log *log, const struct stack *stack);

#endif
