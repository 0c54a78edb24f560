/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From one frame to the next by unwind information, which a library reads: libunwind (unwind_libunwind.c) or libdw
 * (unwind_libdw.c), as configure chose; or none (unwind_none.c). */
#ifndef SOURCE_STACK_UNWIND_H
#define SOURCE_STACK_UNWIND_H

#include <stdbool.h>
#include <stdint.h>

#include "source/arch/arch.h"
#include "source/stack/aspace.h"

/* The task at hand, as the unwinder sees it. */
struct unwind_task {
	const struct arch *arch;
	struct code *code;
	struct arch_memory memory; /* by CODE */
	/* registers: the task's, or a caller's if a walk continued without the unwinder */
	struct arch_frame frame;
	uint64_t read; /* the task's own registers that a walk has read: the bit of each */
};

struct unwinder;

enum unwound { UNWOUND_ON, UNWOUND_END, UNWOUND_NOWHERE };

/* NULL, or why there are no stacks: in this build or on this machine. */
const char *unwind_lack(void);

struct unwinder *unwinder_new(struct unwind_task *task);
void unwinder_free(struct unwinder *unwinder);

/* Frees what the unwinder keeps of LAYOUT. */
void unwind_forget(struct layout *layout);

/* Whether there is unwind information for the instruction at IP. */
bool unwind_covers(struct unwinder *unwinder, uint64_t ip);

/* The next step begins at the registers of the task's `frame`. */
void unwind_begin(struct unwinder *unwinder);

/* Goes from the frame whose instruction is at AT to its caller, which continues at *RET_IP. UNWOUND_END: unwind
 * information says that there is none. GUESSED: there is no unwind information for AT, and the frame pointer was used.
 */
enum unwound unwind_step(struct unwinder *unwinder, uint64_t at, uint64_t *ret_ip, bool *ret_guessed);

/* Copies the registers after the last step to the task's `frame`, and starts there: behind a call, only registers that
 * functions preserve mean anything. */
void unwind_stop(struct unwinder *unwinder);

#endif
