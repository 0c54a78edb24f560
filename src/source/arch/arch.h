/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between machines: the registers of a stopped task, and a few of its instructions.
 *
 * Each machine is a constant. Every build has all of them, because they work on copies of registers and of memory:
 * tests/unit/test_arch.c tries each on any machine. arch_native() is the one that this build traces. If a function
 * is NULL, cltrace cannot do that on the machine. */
#ifndef SOURCE_ARCH_ARCH_H
#define SOURCE_ARCH_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "follow/stop.h"

/* Room for the general registers as PTRACE_GETREGSET gives them (NT_PRSTATUS): the most of any machine, aarch64's. */
#define ARCH_IMAGE_WORDS 34

struct arch_image {
	union {
		uint64_t words[ARCH_IMAGE_WORDS];
		uint32_t halves[2 * ARCH_IMAGE_WORDS]; /* the words of a 32-bit task */
	};
	size_t length; /* in bytes: a 32-bit task has fewer */
};

/* The registers with which stacks are walked, at their DWARF numbers, and the instruction pointer. */
#define ARCH_FRAME_REGISTERS 33

struct arch_frame {
	uint64_t values[ARCH_FRAME_REGISTERS];
};

/* Reads LENGTH bytes at ADDRESS of a task's memory. False: they cannot be read. */
typedef bool arch_read_fn(void *data, uint64_t address, void *to, size_t length);

struct arch_memory {
	arch_read_fn *read;
	void *data;
};

struct arch {
	uint32_t audit_arch; /* AUDIT_ARCH_... of its 64-bit calls */
	/* The other ABIs that its kernel may run, by libseccomp's names. */
	const char *siblings[3];

	/* Registers at a stop. */

	/* The AUDIT_ARCH_... of the creation that a task with IMAGE is stopped in; 0: the registers do not show it. */
	uint32_t (*creation_arch)(const struct arch_image *image);
	/* Reads from IMAGE the call that its task is in: number, arguments, stack and result register. The call's ABI
	 * is CALL->audit_arch, which changes if IMAGE is a 32-bit task's. */
	void (*call)(const struct arch_image *image, struct stop_call *call);
	/* Puts VALUE into the register of the first argument of a call of AUDIT_ARCH. */
	void (*set_first_argument)(struct arch_image *image, uint32_t audit_arch, uint64_t value);
	/* Makes the kernel skip the call that IMAGE's task is at the entry of. The result is -ENOSYS already. */
	void (*skip_call)(struct arch_image *image);
	uint32_t call_regset; /* the set of registers that has the call's number instead (a -1 skips it); 0: none */
	/* Puts the instruction pointer back to the instruction that caused SIGNAL, if it is behind that. True: IMAGE
	 * has changed. */
	bool (*fault_again)(struct arch_image *image, int signal, const struct arch_memory *memory);

	/* Stacks. */

	/* 0, or -ENOTSUP: the task runs code of another kind. */
	int (*frame)(const struct arch_image *image, struct arch_frame *ret);
	unsigned frame_registers; /* how many DWARF numbers have a value */
	unsigned ip, sp, fp;	  /* where in `values`; ip may be behind those with numbers */
	uint64_t preserved;	  /* the bits of those that functions preserve */
	/* Whether the instruction before IP is a call. */
	bool (*follows_call)(const struct arch_memory *memory, uint64_t ip);
	/* Whether IP is where signal handlers return to. */
	bool (*is_trampoline)(const struct arch_memory *memory, uint64_t ip);
	/* FRAME is at the system call of a function that has not touched the stack yet. Goes to its caller; sets in
	 * *READ the bits of the registers that it has looked at. */
	bool (*leave_leaf)(const struct arch_memory *memory, struct arch_frame *frame, uint64_t *read);
	/* Whether CODE, the beginning of a function, sets up a frame pointer. */
	bool (*keeps_pointer)(const uint8_t *code, size_t length);
	/* the address of CLONE_SETTLS is the pthread_t, whose first word is its own address */
	bool pthread_is_tls;
	bool has_go; /* Go's table says how to walk its stacks (gostack.c) */
};

extern const struct arch arch_x86_64, arch_i386, arch_aarch64, arch_riscv64;

/* Never NULL. On a machine without a file here, a constant without functions. */
const struct arch *arch_native(void);

#endif
