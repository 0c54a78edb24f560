/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers and instructions of each machine, on any machine. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/audit.h>

#include "abi/abi.h"
#include "source/arch/arch.h"

#define CODE_AT 0x1000
#define RISCV64 (243U | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)

static const struct arch *const arches[] = { &arch_x86_64, &arch_i386, &arch_aarch64, &arch_riscv64 };

static uint8_t code[64];

static bool read_code(void *data, uint64_t address, void *to, size_t length)
{
	(void)data;
	if (address < CODE_AT || address - CODE_AT > sizeof(code) || length > sizeof(code) - (address - CODE_AT))
		return false;
	memcpy(to, code + (address - CODE_AT), length);
	return true;
}

static const struct arch_memory memory = { read_code, NULL };

/* The value of every word is its index. */
static struct arch_image image_of(size_t words)
{
	struct arch_image image = { .length = words * sizeof(uint64_t) };

	for (size_t i = 0; i < words; i++)
		image.words[i] = 100 + i;
	return image;
}

static struct arch_image image_32bit(size_t words)
{
	struct arch_image image = { .length = words * sizeof(uint32_t) };

	for (size_t i = 0; i < words; i++)
		image.halves[i] = (uint32_t)(100 + i);
	return image;
}

static void has_args(const struct stop_call *call, const uint64_t args[6])
{
	for (int i = 0; i < 6; i++)
		assert_int_equal(call->args[i], args[i]);
}

/* What the rest of cltrace relies on. */
static void is_complete(void **state)
{
	(void)state;
	assert_non_null(arch_native());
	for (size_t i = 0; i < sizeof(arches) / sizeof(arches[0]); i++) {
		const struct arch *arch = arches[i];

		assert_non_null(abi_find(arch->audit_arch, 0));
		if (!arch->frame)
			continue;
		assert_true(arch->ip < ARCH_FRAME_REGISTERS && arch->sp < ARCH_FRAME_REGISTERS);
		assert_true(arch->fp < arch->frame_registers && arch->frame_registers <= ARCH_FRAME_REGISTERS);
		assert_true(arch->preserved >> arch->sp & 1 && arch->preserved >> arch->fp & 1);
		assert_true(arch->follows_call && arch->is_trampoline && arch->leave_leaf && arch->keeps_pointer);
	}
}

static void x86_64_calls(void **state)
{
	struct arch_image image = image_of(27);
	struct stop_call call = { .audit_arch = AUDIT_ARCH_X86_64 };

	(void)state;
	/* rdi, rsi, rdx, r10, r8, r9 in struct user_regs_struct */
	image.words[15] = 56;
	image.words[10] = (uint64_t)-11;
	arch_x86_64.call(&image, &call);
	has_args(&call, (const uint64_t[6]){ 114, 113, 112, 107, 109, 108 });
	assert_int_equal(call.nr, 56);
	assert_int_equal(call.value, -11);
	assert_int_equal(call.sp, 119);
	assert_int_equal(arch_x86_64.creation_arch(&image), AUDIT_ARCH_X86_64);
	image.words[15] = 2; /* fork of i386, open of x86_64 */
	assert_int_equal(arch_x86_64.creation_arch(&image), 0);
	image.words[15] = 435; /* clone3 in either */
	assert_int_equal(arch_x86_64.creation_arch(&image), 0);
	image.words[11] = image.words[16]; /* rcx, rip */
	assert_int_equal(arch_x86_64.creation_arch(&image), AUDIT_ARCH_X86_64);
	/* int 0x80: ebx, ecx, edx, esi, edi, ebp */
	call = (struct stop_call){ .audit_arch = AUDIT_ARCH_I386 };
	image.words[5] = UINT64_C(0xabc00000105);
	arch_x86_64.call(&image, &call);
	has_args(&call, (const uint64_t[6]){ 0x105, 116, 112, 113, 114, 104 });
	arch_x86_64.set_first_argument(&image, AUDIT_ARCH_I386, 7);
	arch_x86_64.set_first_argument(&image, AUDIT_ARCH_X86_64, 8);
	assert_int_equal(image.words[5], 7);
	assert_int_equal(image.words[14], 8);
	arch_x86_64.skip_call(&image);
	assert_int_equal(image.words[15], UINT64_MAX);
}

static void i386_calls(void **state)
{
	struct arch_image image = image_32bit(17);
	struct stop_call call = { .audit_arch = AUDIT_ARCH_X86_64 };
	struct arch_frame frame;

	(void)state;
	assert_int_equal(arch_x86_64.creation_arch(&image), AUDIT_ARCH_I386);
	arch_x86_64.call(&image, &call);
	has_args(&call, (const uint64_t[6]){ 100, 101, 102, 103, 104, 105 });
	assert_int_equal(call.audit_arch, AUDIT_ARCH_I386);
	assert_int_equal(call.nr, 111);
	assert_int_equal(call.value, 106);
	assert_int_equal(call.sp, 115);
	arch_x86_64.set_first_argument(&image, AUDIT_ARCH_I386, 7);
	arch_x86_64.skip_call(&image);
	assert_int_equal(image.halves[0], 7);
	assert_int_equal(image.halves[11], UINT32_MAX);
	assert_int_equal(arch_x86_64.frame(&image, &frame), -ENOTSUP);
}

static void aarch64_calls(void **state)
{
	struct arch_image image = image_of(34), narrow = image_32bit(18);
	struct stop_call call = { .audit_arch = AUDIT_ARCH_AARCH64 };

	(void)state;
	arch_aarch64.call(&image, &call);
	has_args(&call, (const uint64_t[6]){ 100, 101, 102, 103, 104, 105 });
	assert_int_equal(call.nr, 108);
	assert_int_equal(call.value, 100);
	assert_int_equal(call.sp, 131);
	assert_int_equal(arch_aarch64.creation_arch(&image), AUDIT_ARCH_AARCH64);
	arch_aarch64.set_first_argument(&image, AUDIT_ARCH_AARCH64, 7);
	assert_int_equal(image.words[0], 7);
	/* a task of arm: r7 is the number */
	arch_aarch64.call(&narrow, &call);
	has_args(&call, (const uint64_t[6]){ 117, 101, 102, 103, 104, 105 });
	assert_int_equal(call.audit_arch, AUDIT_ARCH_ARM);
	assert_int_equal(call.nr, 107);
	assert_int_equal(call.sp, 113);
	assert_int_equal(arch_aarch64.creation_arch(&narrow), AUDIT_ARCH_ARM);
}

static void riscv64_skips(void **state)
{
	struct arch_image image = image_of(32);

	(void)state;
	arch_riscv64.skip_call(&image);
	assert_int_equal(image.words[17], UINT64_MAX); /* a7 */
	assert_int_equal(arch_riscv64.audit_arch, RISCV64);
}

/* Registers where DWARF has them. */
static void frames(void **state)
{
	struct arch_image image = image_of(27);
	struct arch_frame frame;

	(void)state;
	image.words[17] = 0x33; /* __USER_CS */
	assert_int_equal(arch_x86_64.frame(&image, &frame), 0);
	assert_int_equal(frame.values[0], 110); /* rax */
	assert_int_equal(frame.values[6], 104); /* rbp */
	assert_int_equal(frame.values[7], 119); /* rsp */
	assert_int_equal(frame.values[16], 116);
	image.words[17] = 0x23; /* __USER32_CS */
	assert_int_equal(arch_x86_64.frame(&image, &frame), -ENOTSUP);
	image = image_of(34);
	assert_int_equal(arch_aarch64.frame(&image, &frame), 0);
	assert_int_equal(frame.values[arch_aarch64.fp], 129);
	assert_int_equal(frame.values[arch_aarch64.sp], 131);
	assert_int_equal(frame.values[arch_aarch64.ip], 132);
	image = image_of(32);
	assert_int_equal(arch_riscv64.frame(&image, &frame), 0);
	assert_int_equal(frame.values[0], 0);
	assert_int_equal(frame.values[arch_riscv64.fp], 108);
	assert_int_equal(frame.values[arch_riscv64.ip], 100);
}

/* Instructions, as assemblers encode them. */
static void reads_instructions(void **state)
{
	static const struct {
		const struct arch *arch;
		uint8_t bytes[12];
		size_t length;
		bool call, trampoline, pointer;
	} cases[] = {
		{ &arch_x86_64, { 0xe8, 1, 2, 3, 4 }, 5, true, false, false },
		{ &arch_x86_64, { 0x90, 0x90, 0x90, 0x90, 0x90, 0xff, 0xd0 }, 7, true, false, false }, /* call *%rax */
		{ &arch_x86_64, { 0x90, 0x90, 0x90, 0x90, 0x90, 0x0f, 0x05 }, 7, false, false, false },
		{ &arch_x86_64, { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 }, 9, false, true, false },
		{ &arch_x86_64, { 0x55, 0x48, 0x89, 0xe5 }, 4, false, false, true },
		{ &arch_aarch64, { 0x00, 0x01, 0x00, 0x94 }, 4, true, false, false },		     /* bl */
		{ &arch_aarch64, { 0x20, 0x00, 0x3f, 0xd6 }, 4, true, false, false },		     /* blr x1 */
		{ &arch_aarch64, { 0x3f, 0x08, 0x3f, 0xd6 }, 4, true, false, false },		     /* blraaz x1 */
		{ &arch_aarch64, { 0xc0, 0x03, 0x5f, 0xd6 }, 4, false, false, false },		     /* ret */
		{ &arch_aarch64, { 0x68, 0x11, 0x80, 0xd2, 1, 0, 0, 0xd4 }, 8, false, true, false }, /* mov; svc */
		{ &arch_aarch64, { 0xfd, 0x7b, 0xbf, 0xa9, 0xfd, 0x03, 0, 0x91 }, 8, false, false, true }, /* stp; mov
													    */
		{ &arch_riscv64, { 0xef, 0x00, 0x40, 0x00 }, 4, true, false, false },			   /* jal ra */
		{ &arch_riscv64, { 0xe7, 0x80, 0x07, 0x00 }, 4, true, false, false },			   /* jalr a5 */
		{ &arch_riscv64, { 0x13, 0, 0, 0, 0x82, 0x97 }, 6, true, false, false },  /* c.jalr a5 */
		{ &arch_riscv64, { 0x13, 0, 0, 0, 0x82, 0x80 }, 6, false, false, false }, /* ret */
		{ &arch_riscv64, { 0x93, 0x08, 0xb0, 0x08, 0x73, 0, 0, 0 }, 8, false, true, false },
		{ &arch_riscv64, { 0x01, 0x11, 0x00, 0x10 }, 4, false, false, true }, /* addi sp, -32; addi s0, sp, 32
										       */
		{ &arch_riscv64, { 0x13, 0x01, 0x01, 0xfe, 0x13, 0x04, 0x01, 0x02 }, 8, false, false, true },
		{ &arch_riscv64, { 0x01, 0x11, 0x06, 0xec }, 4, false, false, false }, /* addi sp, -32; sd ra, 24(sp) */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct arch *arch = cases[i].arch;

		memset(code, 0, sizeof(code));
		memcpy(code, cases[i].bytes, cases[i].length);
		if (arch->follows_call(&memory, CODE_AT + cases[i].length) != cases[i].call ||
		    arch->is_trampoline(&memory, CODE_AT) != cases[i].trampoline ||
		    arch->keeps_pointer(code, cases[i].length) != cases[i].pointer)
			fail_msg("case %zu", i);
	}
}

static void leaves_leaves(void **state)
{
	struct arch_frame frame = { 0 };
	uint64_t read = 0;

	(void)state;
	memset(code, 0, sizeof(code));
	code[0] = 0xc3;
	code[8] = 0x45;
	frame.values[arch_x86_64.ip] = CODE_AT;
	frame.values[arch_x86_64.sp] = CODE_AT + 8;
	assert_true(arch_x86_64.leave_leaf(&memory, &frame, &read));
	assert_int_equal(frame.values[arch_x86_64.ip], 0x45);
	assert_int_equal(frame.values[arch_x86_64.sp], CODE_AT + 16);
	assert_int_equal(read, 0);
	code[0] = 0x57; /* push %rdi */
	frame.values[arch_x86_64.ip] = CODE_AT;
	frame.values[5] = 0x77;
	assert_true(arch_x86_64.leave_leaf(&memory, &frame, &read));
	assert_int_equal(frame.values[arch_x86_64.ip], 0x77);
	assert_int_equal(read, 1 << 5);
	read = 0;
	frame.values[30] = 0x88;
	assert_true(arch_aarch64.leave_leaf(&memory, &frame, &read));
	assert_int_equal(frame.values[arch_aarch64.ip], 0x88);
	assert_int_equal(read, 1 << 30);
	read = 0;
	frame.values[1] = 0x99;
	assert_true(arch_riscv64.leave_leaf(&memory, &frame, &read));
	assert_int_equal(frame.values[arch_riscv64.ip], 0x99);
	assert_int_equal(read, 1 << 1);
}

static void faults_again(void **state)
{
	struct arch_image image = image_of(27);

	(void)state;
	memset(code, 0, sizeof(code));
	code[1] = 0xcc;
	image.words[16] = CODE_AT + 2;
	assert_false(arch_x86_64.fault_again(&image, SIGSEGV, &memory));
	assert_false(arch_x86_64.fault_again(&image, SIGSYS, &memory));
	assert_true(arch_x86_64.fault_again(&image, SIGTRAP, &memory));
	assert_int_equal(image.words[16], CODE_AT + 1);
	memcpy(code, "\x0f\x05", 2);
	image.words[16] = CODE_AT + 2;
	assert_true(arch_x86_64.fault_again(&image, SIGSYS, &memory));
	assert_int_equal(image.words[16], CODE_AT);
	assert_int_equal(image.words[10], 115); /* rax is orig_rax again */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_complete),	      cmocka_unit_test(x86_64_calls),  cmocka_unit_test(i386_calls),
		cmocka_unit_test(aarch64_calls),      cmocka_unit_test(riscv64_skips), cmocka_unit_test(frames),
		cmocka_unit_test(reads_instructions), cmocka_unit_test(leaves_leaves), cmocka_unit_test(faults_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
