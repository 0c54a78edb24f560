/* SPDX-License-Identifier: GPL-2.0-or-later */
/* riscv64. A call's first argument is not among its registers: the kernel puts the result into a0 before the call, and
 * keeps the argument where ptrace(2) does not show it (arch/riscv/kernel/traps.c: do_trap_ecall_u()). Therefore the
 * call is read from /proc/TID/syscall, and its first argument cannot be changed. */
#include <elf.h>
#include <linux/audit.h>
#include <string.h>

#include "source/arch/arch.h"

#ifndef EM_RISCV
#define EM_RISCV 243
#endif
#ifndef AUDIT_ARCH_RISCV64 /* since Linux 5.0 */
#define AUDIT_ARCH_RISCV64 (EM_RISCV | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)
#endif

/* struct user_regs_struct (arch/riscv/include/uapi/asm/ptrace.h): pc, then x1 to x31. */
enum { RA = 1, SP = 2, S0 = 8, A7 = 17, WORDS = 32 };
enum { FRAME_PC = 32 };

/* The number is read again after the tracer was asked (kernel/entry/common.c). */
static void skip_call(struct arch_image *image)
{
	image->words[A7] = UINT64_MAX;
}

/* The DWARF numbers are those of the registers (RISC-V DWARF specification); x0 is zero, and pc has none. */
static int frame_64bit(const struct arch_image *image, struct arch_frame *ret)
{
	memcpy(ret->values, image->words, WORDS * sizeof(ret->values[0]));
	ret->values[FRAME_PC] = image->words[0];
	ret->values[0] = 0;
	return 0;
}

/* JAL or JALR with ra, or C.JALR, which has 2 bytes (RISC-V ISA manual, volume I). */
static bool follows_call(const struct arch_memory *memory, uint64_t ip)
{
	uint16_t last;
	uint32_t code;

	if (memory->read(memory->data, ip - sizeof(last), &last, sizeof(last)) && (last & 0xf07f) == 0x9002 &&
	    (last & 0x0f80))
		return true;
	if (!memory->read(memory->data, ip - sizeof(code), &code, sizeof(code)))
		return false;
	return (code & 0xfff) == 0x0ef || (code & 0x7fff) == 0x00e7;
}

/* li a7, 139 (rt_sigreturn); ecall: the vdso's (arch/riscv/kernel/vdso/rt_sigreturn.S). */
static bool is_trampoline(const struct arch_memory *memory, uint64_t ip)
{
	uint32_t code[2];

	return memory->read(memory->data, ip, code, sizeof(code)) && code[0] == 0x08b00893 && code[1] == 0x00000073;
}

/* The return address is in ra, until a function saves it. */
static bool leave_leaf(const struct arch_memory *memory, struct arch_frame *frame, uint64_t *read)
{
	(void)memory;
	*read |= UINT64_C(1) << RA;
	frame->values[FRAME_PC] = frame->values[RA];
	return true;
}

/* addi s0, sp, N, of 4 bytes or 2 (C.ADDI4SPN). Instructions whose lowest bits are both set have 4 bytes. */
static bool keeps_pointer(const uint8_t *code, size_t length)
{
	uint16_t half, next = 0;

	for (size_t at = 0; at + sizeof(half) <= length; at += (half & 3) == 3 ? 4 : 2) {
		memcpy(&half, code + at, sizeof(half));
		if ((half & 0xe01f) == 0 && half)
			return true;
		if (at + 2 * sizeof(half) <= length)
			memcpy(&next, code + at + sizeof(half), sizeof(next));
		if (half == 0x0413 && (next & 0xf) == 0x1)
			return true;
	}
	return false;
}

const struct arch arch_riscv64 = {
	.audit_arch = AUDIT_ARCH_RISCV64,
	.skip_call = skip_call,
	.frame = frame_64bit,
	.frame_registers = 32,
	.ip = FRAME_PC,
	.sp = SP,
	.fp = S0,
	.preserved = UINT64_C(1) << SP | UINT64_C(3) << S0 | UINT64_C(0x3ff) << 18, /* s0 and s1, s2 to s11 */
	.follows_call = follows_call,
	.is_trampoline = is_trampoline,
	.leave_leaf = leave_leaf,
	.keeps_pointer = keeps_pointer,
};
