/* SPDX-License-Identifier: GPL-2.0-or-later */
/* aarch64, whose kernel may also run programs of arm. */
#include <errno.h>
#include <linux/audit.h>
#include <string.h>

#include "source/arch/arch.h"

#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif

/* struct user_pt_regs (arch/arm64/include/uapi/asm/ptrace.h), and of arm: r0 to r15, cpsr, orig_r0. */
enum { X0 = 0, X8 = 8, X29 = 29, X30 = 30, SP = 31, PC = 32, PSTATE = 33, WORDS64 };
enum { ARM_R7 = 7, ARM_SP = 13, ARM_ORIG_R0 = 17 };

static bool is_32bit(const struct arch_image *image)
{
	return image->length < WORDS64 * sizeof(image->words[0]);
}

static uint32_t creation_arch(const struct arch_image *image)
{
	return is_32bit(image) ? AUDIT_ARCH_ARM : AUDIT_ARCH_AARCH64;
}

/* In an arm task, r0 is the first argument until the call returns, and orig_r0 still has it afterwards. */
static void call_32bit(const uint32_t *r, struct stop_call *call)
{
	*call = (struct stop_call){ .audit_arch = AUDIT_ARCH_ARM,
				    .nr = r[ARM_R7],
				    .args = { r[ARM_ORIG_R0], r[1], r[2], r[3], r[4], r[5] },
				    .sp = r[ARM_SP],
				    .value = (int32_t)r[0] };
}

static void call_any(const struct arch_image *image, struct stop_call *call)
{
	const uint64_t *r = image->words;

	if (is_32bit(image)) {
		call_32bit(image->halves, call);
		return;
	}
	call->nr = r[X8];
	call->sp = r[SP];
	call->value = (int64_t)r[X0];
	memcpy(call->args, r, sizeof(call->args));
}

static void set_first_argument(struct arch_image *image, uint32_t audit_arch, uint64_t value)
{
	(void)audit_arch;
	if (is_32bit(image))
		image->halves[0] = (uint32_t)value;
	else
		image->words[X0] = value;
}

/* Stacks ----------------------------------------------------------------------------------------------------------- */

/* The DWARF numbers are those of the registers, sp has 31 (AADWARF64, 4.1); pc has none that libdw uses. */
static int frame_64bit(const struct arch_image *image, struct arch_frame *ret)
{
	if (is_32bit(image))
		return -ENOTSUP;
	memcpy(ret->values, image->words, (PC + 1) * sizeof(ret->values[0]));
	return 0;
}

static bool instruction_at(const struct arch_memory *memory, uint64_t address, uint32_t *ret)
{
	return memory->read(memory->data, address, ret, sizeof(*ret));
}

/* BL, or BLR and its forms with pointer authentication (Arm ARM, C6.2). */
static bool follows_call(const struct arch_memory *memory, uint64_t ip)
{
	uint32_t code;

	if (!instruction_at(memory, ip - sizeof(code), &code))
		return false;
	return (code & 0xfc000000) == 0x94000000 || (code & 0xfffffc1f) == 0xd63f0000 ||
	       (code & 0xfefff000) == 0xd63f0000;
}

/* mov x8, #139 (rt_sigreturn); svc #0: the vdso's (arch/arm64/kernel/vdso/sigreturn.S). */
static bool is_trampoline(const struct arch_memory *memory, uint64_t ip)
{
	uint32_t code[2];

	return memory->read(memory->data, ip, code, sizeof(code)) && code[0] == 0xd2801168 && code[1] == 0xd4000001;
}

/* The return address is in x30, until a function saves it. */
static bool leave_leaf(const struct arch_memory *memory, struct arch_frame *frame, uint64_t *read)
{
	(void)memory;
	*read |= UINT64_C(1) << X30;
	frame->values[PC] = frame->values[X30];
	return true;
}

/* mov x29, sp, or add x29, sp, #N. */
static bool keeps_pointer(const uint8_t *code, size_t length)
{
	uint32_t word;

	for (; length >= sizeof(word); code += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, code, sizeof(word));
		if ((word & 0xffc003ff) == 0x910003fd)
			return true;
	}
	return false;
}

const struct arch arch_aarch64 = {
	.audit_arch = AUDIT_ARCH_AARCH64,
	.siblings = { "arm" },
	.creation_arch = creation_arch,
	.call = call_any,
	.set_first_argument = set_first_argument,
	/* the kernel has read the number from x8 before the tracer is asked */
	.call_regset = NT_ARM_SYSTEM_CALL,
	.frame = frame_64bit,
	.frame_registers = 32,
	.ip = PC,
	.sp = SP,
	.fp = X29,
	.preserved = UINT64_C(0x3ff) << 19 | UINT64_C(1) << X29 | UINT64_C(1) << SP, /* AAPCS64, 6.1.1 */
	.follows_call = follows_call,
	.is_trampoline = is_trampoline,
	.leave_leaf = leave_leaf,
	.keeps_pointer = keeps_pointer,
};
