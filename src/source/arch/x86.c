/* SPDX-License-Identifier: GPL-2.0-or-later */
/* x86_64, whose tasks may also make i386's calls, and i386. */
#include <errno.h>
#include <linux/audit.h>
#include <signal.h>
#include <string.h>

#include "abi/abi.h"
#include "base/array.h"
#include "source/arch/arch.h"

/* struct user_regs_struct of x86_64 and of i386 (arch/x86/include/asm/user_64.h, user_32.h). */
enum {
	R15,
	R14,
	R13,
	R12,
	RBP,
	RBX,
	R11,
	R10,
	R9,
	R8,
	RAX,
	RCX,
	RDX,
	RSI,
	RDI,
	ORIG_RAX,
	RIP,
	CS,
	EFLAGS,
	RSP,
	SS,
	FS_BASE,
	GS_BASE,
	DS,
	ES,
	FS,
	GS,
	WORDS64
};
enum { EBX, ECX, EDX, ESI, EDI, EBP, EAX, DS32, ES32, FS32, GS32, ORIG_EAX, EIP, CS32, EFLAGS32, ESP, SS32 };

enum { CODE32 = 0x23 }; /* __USER32_CS, arch/x86/include/asm/segment.h */

/* DWARF numbers (System V ABI, AMD64 supplement, 3.6.2). */
enum { DW_RBX = 3, DW_RBP = 6, DW_RSP = 7, DW_R12 = 12, DW_RIP = 16 };

static bool is_32bit(const struct arch_image *image)
{
	return image->length < WORDS64 * sizeof(image->words[0]);
}

/* The numbers by which one ABI creates tasks are other calls in the other ABI. But clone3 has the same number in all
 * ABIs: the instruction `syscall` leaves its return address in rcx, which for i386 holds a size, of a page at most. */
static uint32_t creation_arch(const struct arch_image *image)
{
	const uint64_t *r = image->words;
	const struct abi *abi;
	enum call call;

	if (is_32bit(image))
		return AUDIT_ARCH_I386;
	abi = abi_find(AUDIT_ARCH_X86_64, r[ORIG_RAX]);
	call = abi ? abi_call(abi, r[ORIG_RAX]) : CALL_NONE;
	return call_is_creation(call) && (call != CALL_CLONE3 || r[RCX] == r[RIP]) ? AUDIT_ARCH_X86_64 : 0;
}

static void call_32bit(const uint32_t *r, struct stop_call *call)
{
	*call = (struct stop_call){ .audit_arch = AUDIT_ARCH_I386,
				    .nr = r[ORIG_EAX],
				    .args = { r[EBX], r[ECX], r[EDX], r[ESI], r[EDI], r[EBP] },
				    .sp = r[ESP],
				    .value = (int32_t)r[EAX] };
}

static void call_64bit(const struct arch_image *image, struct stop_call *call)
{
	static const uint8_t args64[6] = { RDI, RSI, RDX, R10, R8, R9 }, args32[6] = { RBX, RCX, RDX, RSI, RDI, RBP };
	const bool is_i386 = call->audit_arch == AUDIT_ARCH_I386; /* int 0x80 */
	const uint64_t *r = image->words;

	if (is_32bit(image)) {
		call_32bit(image->halves, call);
		return;
	}
	call->sp = r[RSP];
	call->nr = is_i386 ? (uint32_t)r[ORIG_RAX] : r[ORIG_RAX];
	call->value = is_i386 ? (int32_t)r[RAX] : (int64_t)r[RAX];
	for (int a = 0; a < 6; a++)
		call->args[a] = is_i386 ? (uint32_t)r[args32[a]] : r[args64[a]];
}

static void set_first_argument(struct arch_image *image, uint32_t audit_arch, uint64_t value)
{
	if (is_32bit(image))
		image->halves[EBX] = (uint32_t)value;
	else
		image->words[audit_arch == AUDIT_ARCH_I386 ? RBX : RDI] = value;
}

/* A call number of -1 skips the call (seccomp(2)). */
static void skip_call(struct arch_image *image)
{
	if (is_32bit(image))
		image->halves[ORIG_EAX] = UINT32_MAX;
	else
		image->words[ORIG_RAX] = UINT64_MAX;
}

/* A breakpoint, and a call that a filter forbids, lie behind the instruction. */
static bool fault_again(struct arch_image *image, int signal, const struct arch_memory *memory)
{
	uint8_t before[2] = { 0 };
	uint64_t *r = image->words;

	if ((signal != SIGTRAP && signal != SIGSYS) || is_32bit(image) ||
	    !memory->read(memory->data, r[RIP] - sizeof(before), before, sizeof(before)))
		return false;
	if (signal == SIGTRAP && before[1] == 0xcc) { /* int3 */
		r[RIP]--;
	} else if (signal == SIGSYS && before[0] == 0x0f && before[1] == 0x05) { /* syscall */
		r[RIP] -= sizeof(before);
		r[RAX] = r[ORIG_RAX];
	} else {
		return false;
	}
	return true;
}

/* Stacks ----------------------------------------------------------------------------------------------------------- */

static int frame_64bit(const struct arch_image *image, struct arch_frame *ret)
{
	static const uint8_t numbers[] = { RAX, RDX, RCX, RBX, RSI, RDI, RBP, RSP, R8,
					   R9,	R10, R11, R12, R13, R14, R15, RIP };

	if (is_32bit(image) || image->words[CS] == CODE32)
		return -ENOTSUP;
	for (size_t i = 0; i < sizeof(numbers); i++)
		ret->values[i] = image->words[numbers[i]];
	return 0;
}

/* e8 and 4 bytes, or ff /2 with an operand of 0 to 5 bytes (Intel SDM, CALL). */
static bool follows_call(const struct arch_memory *memory, uint64_t ip)
{
	uint8_t bytes[2];

	for (unsigned length = 2; length <= 7; length++) {
		if (ip < length || !memory->read(memory->data, ip - length, bytes, sizeof(bytes)))
			return false;
		if ((length == 5 && bytes[0] == 0xe8) || (bytes[0] == 0xff && (bytes[1] & 0x38) == 0x10))
			return true;
	}
	return false;
}

/* mov $15, %rax (rt_sigreturn); syscall, which the kernel asks for, and by which debuggers know it. */
static bool is_trampoline(const struct arch_memory *memory, uint64_t ip)
{
	static const uint8_t code[] = { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 };
	uint8_t bytes[sizeof(code)];

	return memory->read(memory->data, ip, bytes, sizeof(bytes)) && memcmp(bytes, code, sizeof(code)) == 0;
}

/* The return address is on top of the stack, or in a register that the next instruction pushes (vfork, whose child
 * would overwrite it; Go's, too). */
static bool leave_leaf(const struct arch_memory *memory, struct arch_frame *frame, uint64_t *read)
{
	/* rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi; those behind have a prefix (REX.B) and go by their numbers */
	static const uint8_t dwarf_of[] = { 0, 2, 1, 3, 7, 6, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15 };
	uint64_t *values = frame->values, ip, sp = values[DW_RSP];
	uint8_t next[2] = { 0 };
	bool prefix = memory->read(memory->data, values[DW_RIP], next, sizeof(next)) && next[0] == 0x41;

	if (next[prefix] >= 0x50 && next[prefix] <= 0x57) {
		const unsigned number = dwarf_of[next[prefix] - 0x50 + 8 * prefix];

		*read |= UINT64_C(1) << number;
		ip = values[number];
	} else {
		if (!memory->read(memory->data, sp, &ip, sizeof(ip)))
			return false;
		sp += sizeof(ip);
	}
	values[DW_RIP] = ip;
	values[DW_RSP] = sp;
	return true;
}

/* Whether LENGTH bytes of code have, as Go had it before 1.21: mov %rbp, N(%rsp); lea N(%rsp), %rbp. */
static bool sets_pointer_apart(const uint8_t *bytes, size_t length)
{
	static const struct {
		uint8_t save[4], set[4];
		size_t size; /* of N */
	} forms[] = {
		{ { 0x48, 0x89, 0x6c, 0x24 }, { 0x48, 0x8d, 0x6c, 0x24 }, 1 },
		{ { 0x48, 0x89, 0xac, 0x24 }, { 0x48, 0x8d, 0xac, 0x24 }, 4 },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
		const size_t size = 4 + forms[i].size;

		for (const uint8_t *at = bytes; at + 2 * size <= bytes + length; at++) {
			if (memcmp(at, forms[i].save, 4) == 0 && memcmp(at + size, forms[i].set, 4) == 0 &&
			    memcmp(at + 4, at + size + 4, forms[i].size) == 0)
				return true;
		}
	}
	return false;
}

/* push %rbp; mov %rsp, %rbp in either encoding (V8's functions do other things before), or without a push. */
static bool keeps_pointer(const uint8_t *code, size_t length)
{
	static const uint8_t setups[][4] = { { 0x55, 0x48, 0x89, 0xe5 }, { 0x55, 0x48, 0x8b, 0xec } };

	return memmem(code, length, setups[0], sizeof(setups[0])) ||
	       memmem(code, length, setups[1], sizeof(setups[1])) || sets_pointer_apart(code, length);
}

#define BIT(number) (UINT64_C(1) << (number))

const struct arch arch_x86_64 = {
	.audit_arch = AUDIT_ARCH_X86_64,
	.siblings = { "x86", "x32" },
	.creation_arch = creation_arch,
	.call = call_64bit,
	.set_first_argument = set_first_argument,
	.skip_call = skip_call,
	.fault_again = fault_again,
	.frame = frame_64bit,
	.frame_registers = 17,
	.ip = DW_RIP,
	.sp = DW_RSP,
	.fp = DW_RBP,
	.preserved = BIT(DW_RBX) | BIT(DW_RBP) | BIT(DW_RSP) | UINT64_C(0xf) << DW_R12, /* ibid., 3.2.1 */
	.follows_call = follows_call,
	.is_trampoline = is_trampoline,
	.leave_leaf = leave_leaf,
	.keeps_pointer = keeps_pointer,
	.pthread_is_tls = true, /* fs:0 and pthread_self() are one */
	.has_go = true,
};

/* A tracer of i386 sees tasks of i386 only. */
const struct arch arch_i386 = {
	.audit_arch = AUDIT_ARCH_I386,
	.creation_arch = creation_arch,
	.call = call_64bit,
	.set_first_argument = set_first_argument,
	.skip_call = skip_call,
};
